"""Which column of a table is which analyte, in which unit; and which columns say who the patient is.

A column is recognized by key, name, synonym or LOINC code, with the unit in brackets if it is there: `B12 [pg/mL]`,
`hemoglobin (g/dL)`, `2132-9`. Beside an analyte's column may stand its unit (`b12_unit`), the laboratory's flag
(`b12_flag`) and interval (`b12_reference_low`, `b12_reference_high`). A column that is not recognized passes through
and is named in the summary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from b12labs.errors import ColumnError, MeasurementError, PanelError, did_you_mean
from b12labs.inputs.fields import NO, YES, read_age, read_elevation
from b12labs.inputs.folding import words as spelled
from b12labs.inputs.names import test_names
from b12labs.inputs.numbers import same_unit
from b12labs.inputs.tests import recognize_test
from b12labs.inputs.vocabulary import plain
from b12labs.reference import CONTEXT_FIELDS, analytes, context
from b12labs.text import as_words, cell_text, is_blank

__all__ = [
    "AnalyteColumns",
    "Headers",
    "agreed_unit",
    "find_field",
    "is_other_number",
    "not_there",
    "recognize",
    "row_values",
]

PATIENT_COLUMNS = {
    "age": ("age", "age years", "age in years", "age yr", "age y"),
    "sex": ("sex", "gender"),
    "pregnant": ("pregnant", "pregnancy", "is pregnant"),
    "trimester": ("trimester",),
    "gestational_weeks": ("gestational weeks", "weeks of gestation", "gestation weeks"),
    "elevation": ("elevation", "altitude", "elevation m", "altitude m"),
}

#: A header that says the unit of age without brackets.
_AGE_IN = {f"age {between}{unit}": unit for unit in ("months", "weeks", "days") for between in ("", "in ")}

_OTHER_NUMBER = re.compile(r"-?\d+(?:\.\d*)?", re.ASCII)

_HEADER = re.compile(
    r"^(?P<name>.*?)\s*[\[(](?P<unit>[^\[\]()]*(?:\([^()]*\)[^\[\]()]*)?(?:\{[^}]*\})?[^\[\]()]*)[\])]\s*$"
)

_BESIDE = {
    "unit": ("unit", "units"),
    "flag": ("flag", "abnormal flag"),
    "reference_low": ("reference low", "ref low", "lower limit", "range low"),
    "reference_high": ("reference high", "ref high", "upper limit", "range high"),
}


@dataclass
class AnalyteColumns:
    """The columns of one analyte: its values, the unit of the header, and the columns beside it."""

    value: str
    unit: str | None = None
    beside: dict[str, str] = field(default_factory=dict)


@dataclass
class Headers:
    """What every column of a table is taken for."""

    analytes: dict[str, AnalyteColumns] = field(default_factory=dict)
    patient: dict[str, str] = field(default_factory=dict)
    patient_units: dict[str, str] = field(default_factory=dict)
    context: dict[str, str] = field(default_factory=dict)
    #: Columns named like a context term, to be read as yes or no where that is what they hold.
    terms: dict[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Return the headers of the columns that are read."""
        beside = [header for analyte in self.analytes.values() for header in (analyte.value, *analyte.beside.values())]
        return [*beside, *self.patient.values(), *self.context.values(), *self.terms.values()]

    def by_field(self) -> dict[str, str]:
        """Return the header of every analyte, field and term."""
        return {
            **{key: analyte.value for key, analyte in self.analytes.items()},
            **self.patient,
            **self.context,
            **self.terms,
        }


@cache
def _term_names() -> dict[str, str]:
    return {
        plain(name): term.key for term in context().terms.values() for name in (*term.synonyms, term.label, term.key)
    }


def find_field(header: str) -> str | None:
    """Return the key of the patient or context field, or of the context term, that a header names.

    None where it names none.
    """
    target = _target(split_header(header)[0], mapped=False)
    return target[1] if target and target[0] != "analyte" else None


def split_header(header: str) -> tuple[str, str | None]:
    """Split `B12 [pg/mL]` into name and unit."""
    match = _HEADER.match(header.strip())
    if match and match["name"]:
        return match["name"], match["unit"].strip() or None
    return header.strip(), None


def recognize(
    headers: Iterable[str],
    *,
    mapping: dict[str, str] | None = None,
    units: dict[str, str] | None = None,
    results: bool = True,
) -> Headers:
    """Recognize a table's columns; `results` says that some are needed.

    `mapping` names the analyte or field of a column outright, and goes before another column that is recognized as the
    same. `units` gives the unit of an analyte (or of a column) that no header says. Raises `ColumnError` where nothing
    is recognized, where two columns are one analyte or one field, or where either names what is not there.
    """
    headers = [str(header) for header in headers]
    mapping, units = mapping or {}, dict(units or {})
    twice = sorted({header for header in headers if headers.count(header) > 1})
    if twice:
        raise ColumnError(f"column {twice[0]!r} is there more than once", code="two_columns", field=twice[0])
    for given in mapping:
        if given not in headers:
            raise ColumnError(not_there(given, headers), code="unknown_column", field=given)
    found = Headers()
    unused: list[str] = []
    named = {_target(given, mapped=True) for given in mapping.values()}
    taken: dict[tuple[str, str], str] = {}
    for header in headers:
        name, unit = split_header(header)
        target = _target(mapping.get(header, name), mapped=header in mapping)
        if target is None or (target in named and header not in mapping):
            unused.append(header)
            continue
        kind, key = target
        if target in taken:
            raise _two_columns(
                taken[target], header, analytes()[key].label if kind == "analyte" else key, f"{header}={key}"
            )
        taken[target] = header
        if kind == "analyte":
            found.analytes[key] = AnalyteColumns(
                header, agreed_unit(key, header, unit, units.pop(header, None), units.get(key))
            )
        else:
            getattr(found, kind)[key] = header
            unit = unit or _AGE_IN.get(plain(name))
            if kind == "patient" and unit is not None:
                found.patient_units[key] = unit
    found.unused = tuple(_beside(found, unused))
    for name in units:
        if name not in found.analytes:
            raise ColumnError(not_there(name, [*found.analytes, *headers]), code="unknown_column", field=name)
    if results and not found.analytes:
        sign = next((sign for sign in (";", "\t", "|", ",") if len(headers) == 1 and sign in headers[0]), None)
        hint = (
            f"; do its cells stand between {sign!r}? In .csv they stand between commas or semicolons, in .tsv "
            f"between tabs"
            if sign
            else ""
        )
        raise ColumnError(
            f"no column was recognized as a result among {', '.join(map(repr, headers[:20])) or 'no columns at all'}; "
            f"name them by key ({', '.join(list(analytes())[:6])}, ...) or say what one is: --column 'your name=b12' "
            f"(columns= in Python){hint}",
            code="no_columns",
        )
    return found


def agreed_unit(key: str, header: str, own: str | None, *said: str | None) -> str | None:
    """Return the unit of a column, in which its header and every option that says one must agree.

    Raises `ColumnError` where they do not, or where one of several is no unit.
    """
    units = [unit for unit in (own, *said) if unit]
    for other in units[1:]:
        try:
            agree = same_unit(analytes()[key], units[0], other)
        except MeasurementError as error:
            raise ColumnError(f"column {header!r}: {error.message}", code=error.code, field=header) from None
        if not agree:
            where = "the header says" if own else "one option says"
            raise ColumnError(
                f"column {header!r}: {where} {units[0]!r}, and units= (--unit, [units]) says {other!r}; leave one out",
                code="conflicting_units",
                field=header,
            )
    return units[0] if units else None


def _two_columns(one: str, other: str, what: str, option: str) -> ColumnError:
    said = (
        f"columns {one!r} and {other!r} are both {what}; say which is to be used, such as --column {option!r}, or "
        f"columns= in Python"
    )
    return ColumnError(said, code="two_columns", field=other)


def not_there(given: str, names: Iterable[str]) -> str:
    """Say that there is no column of a name, and which is nearest."""
    return f"there is no column {given!r}{did_you_mean(given, names)}"


def _target(name: str, *, mapped: bool) -> tuple[str, str] | None:
    words = plain(str(name))
    if (analyte := recognize_test(str(name)).analyte) is not None:
        return "analyte", analyte
    if words in _AGE_IN:
        return "patient", "age"
    for key, names in PATIENT_COLUMNS.items():
        if words in names:
            return "patient", key
    for key in CONTEXT_FIELDS:
        if words in (plain(key), plain(key)[:-1]):
            return "context", key
    if words in _term_names():
        return "terms", _term_names()[words]
    if mapped:
        raise ColumnError(
            f"{name!r} is neither an analyte nor a field{did_you_mean(''.join(spelled(name) or ()), test_names())}",
            code="unknown_field",
            field=name,
        )
    return None


def _beside(found: Headers, unused: list[str]) -> list[str]:
    """Attach unit, flag and interval columns to their analyte; return what is left."""
    left: list[str] = []
    for header in unused:
        words = plain(header)
        for role, endings in _BESIDE.items():
            ending = next((ending for ending in endings if words.endswith(f" {ending}")), None)
            key = recognize_test(words.removesuffix(f" {ending}")).analyte if ending else None
            if key in found.analytes:
                beside = found.analytes[key].beside
                if role in beside:
                    label = f"{as_words(role)} of {analytes()[key].label}"
                    raise ColumnError(
                        f"columns {beside[role]!r} and {header!r} are both the {label}; leave one out",
                        code="two_columns",
                        field=header,
                    )
                beside[role] = header
                break
        else:
            left.append(header)
    return left


def row_values(found: Headers, row: dict[str, Any]) -> dict[str, Any]:
    """Return one row of a table as the named values that `interpret` takes."""
    values: dict[str, Any] = {}
    for key, analyte in found.analytes.items():
        cells = {"value": row[analyte.value], **{role: row[header] for role, header in analyte.beside.items()}}
        if is_blank(cells.get("unit")):
            cells["unit"] = analyte.unit
        elif analyte.unit and not is_blank(cells["value"]):
            cells["value"] = {"value": cells["value"], "unit": analyte.unit}
        values[key] = cells
    for key, header in found.patient.items():
        cell, unit = row[header], found.patient_units.get(key)
        values[key] = None if is_blank(cell) else cell if unit is None else _in_canonical(_WITH_UNITS[key], cell, unit)
    for key, header in found.context.items():
        values[key] = row[header]
    for term, header in found.terms.items():
        cell = row[header]
        if not is_blank(cell) and not is_other_number(cell):
            values[term] = cell
    return values


_WITH_UNITS: dict[str, Callable[[Any, str], float | None]] = {"age": read_age, "elevation": read_elevation}


def _in_canonical(read: Callable[[Any, str], float | None], cell: Any, unit: str) -> Any:
    """Return an age in years or an elevation in meters, or the cell itself where it cannot be read.

    Its reader says why.
    """
    try:
        return read(cell, unit)
    except PanelError:
        return f"{cell_text(cell)} {unit}"


def is_other_number(cell: Any) -> bool:
    """Tell whether a cell of a column named like a context term is a number, and so no yes or no."""
    text = cell_text(cell).strip()
    return text not in YES | NO and _OTHER_NUMBER.fullmatch(text) is not None

"""Recognize the columns of a table: analytes with their units, the patient, and the context.

A column is recognized by key, name, synonym or LOINC code, with an optional unit in brackets: `B12 [pg/mL]`,
`hemoglobin (g/dL)`, `2132-9`. An analyte may have columns for its unit (`b12_unit`), its comparator (`b12_operator`),
and the laboratory's flag (`b12_flag`) and interval (`b12_reference_low`, `b12_reference_high`). A column that is not
recognized passes through and is named in the summary, with a warning if its name suggests an analyte.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from b12labs.errors import ColumnError, ColumnWarning, MeasurementError, PanelError, warn_user
from b12labs.inputs.ages import read_age
from b12labs.inputs.fields import NO, YES, read_elevation
from b12labs.inputs.numbers import same_unit
from b12labs.inputs.operators import BARE_NAMES, bounded
from b12labs.inputs.several import by_unit, checked_unit, family
from b12labs.inputs.tests import recognize_test
from b12labs.inputs.vocabulary import plain
from b12labs.inputs.words.hints import meant_name
from b12labs.reference import CONTEXT_FIELDS, analytes, context
from b12labs.site_mapping.header_names import AGE_IN, Target, doubt, split_header, target_of, told_target
from b12labs.site_mapping.mapping import IGNORE, SiteMapping
from b12labs.text import as_words, cell_text, is_blank

__all__ = [
    "AnalyteColumns",
    "Headers",
    "agreed_unit",
    "bare_operators",
    "doubtful_words",
    "is_number",
    "is_other_number",
    "not_there",
    "numeric_terms",
    "recognize",
    "result_of",
    "row_values",
    "warn_of_doubtful",
    "yes_no_cell",
]

_BESIDE = {
    "unit": ("unit", "units"),
    "operator": ("operator", "op", "comparator", "bound"),
    "qualifier": ("qualifier", "modifier", "sign", "relation", "prefix"),
    "flag": ("flag", "abnormal flag"),
    "reference_low": ("reference low", "ref low", "lower limit", "range low"),
    "reference_high": ("reference high", "ref high", "upper limit", "range high"),
}


#: Words in the headers of tables with one row per result.
_LONG = frozenset({"test", "analyte", "loinc", "labname", "result", "value", "valuenum", "labresult", "code"})

#: A cell that begins with a number: `3`, `<5`, `2 units a day`.
_NUMBER = re.compile(r"[<>≤≥=~±+-]*\s*[.,]?\d")

#: The most unused headers that are checked for misspelled names.
MISSPELLED = 500


@dataclass
class AnalyteColumns:
    """The columns of one analyte: its values, the unit of the header, and its unit, flag and interval columns."""

    value: str
    unit: str | None = None
    beside: dict[str, str] = field(default_factory=dict)
    #: Further columns of the same analyte; a row usually fills one of them.
    others: list[AnalyteColumns] = field(default_factory=list)


@dataclass
class Headers:
    """The recognized columns of a table."""

    analytes: dict[str, AnalyteColumns] = field(default_factory=dict)
    patient: dict[str, str] = field(default_factory=dict)
    patient_units: dict[str, str] = field(default_factory=dict)
    context: dict[str, str] = field(default_factory=dict)
    #: Columns named like a context term, read as yes or no.
    terms: dict[str, str] = field(default_factory=dict)
    #: Those of them that hold numbers other than 1 and 0, if the whole table was checked.
    numeric: Container[str] | None = None
    unused: tuple[str, ...] = ()
    #: Unused columns whose names suggest an analyte, a field or a term, and its key.
    doubtful: dict[str, str] = field(default_factory=dict)
    #: The meanings of the site's words in the cells.
    site: SiteMapping = field(default_factory=SiteMapping)

    def names(self) -> list[str]:
        """Return the headers of the columns that are read."""
        columns = [column for first in self.analytes.values() for column in (first, *first.others)]
        results = [header for column in columns for header in (column.value, *column.beside.values())]
        return [*results, *self.patient.values(), *self.context.values(), *self.terms.values()]

    def site_codes(self) -> dict[str, str]:
        """Return the columns that may hold codes of the site, with the role or field of each."""
        columns = [column for first in self.analytes.values() for column in (first, *first.others)]
        beside = [pair for column in columns for pair in column.beside.items()]
        named = [*beside, *self.patient.items(), *self.context.items(), *self.terms.items()]
        coded = self.site.codes.keys() | ({"operator"} if self.site.operators else set())
        return {header: key for key, header in named if key in coded}

    def by_field(self) -> dict[str, str]:
        """Return the header of every analyte, field and term."""
        return {
            **{key: analyte.value for key, analyte in self.analytes.items()},
            **self.patient,
            **self.context,
            **self.terms,
        }


def recognize(
    headers: Iterable[str],
    *,
    mapping: dict[str, str] | None = None,
    units: dict[str, str] | None = None,
    results: bool = True,
    site: SiteMapping | None = None,
) -> Headers:
    """Recognize a table's columns; `results` requires a column of results.

    `mapping` sets the analyte or field of a column (or `ignore`), and overrides a column that is recognized as the
    same. `units` sets the unit of an analyte (or of a column) whose header has none. A `site`'s mapping comes after
    both. Raises `ColumnError` if no result is recognized, if two columns are one field, or if a header and `units` have
    different units. It is also raised if `mapping` or `units` names a column that does not exist.
    """
    headers = [str(header) for header in headers]
    site = site or SiteMapping()
    mapping, units = {**site.wide_columns(headers), **(mapping or {})}, dict(units or {})
    twice = sorted(header for header, count in Counter(headers).items() if count > 1)
    if twice:
        raise ColumnError(f"column {twice[0]!r} appears more than once", code="two_columns", field=twice[0])
    for given in mapping:
        if given not in headers:
            raise ColumnError(not_there(given, headers), code="unknown_column", field=given)
    found = Headers(site=site)
    unused: list[str] = []
    told = {header: told_target(given) for header, given in mapping.items()}
    with_unit = {plain(header).removesuffix(" unit") for header in headers if plain(header).endswith(" unit")}
    for header in headers:
        name, unit = split_header(header)
        target = told[header] if header in told else target_of(name, unit)
        result = target and target[0] == "terms" and plain(name) in with_unit  # `iron` beside `iron_unit`
        if target is None or (header not in told and (target in told.values() or result)):
            unused.append(header)
        else:
            _take(found, target, header, site.word("unit", unit), units)
    left = _beside(found, [header for header in unused if mapping.get(header) != IGNORE])
    left = _of_the_only_result(found, left)
    found.unused = tuple(header for header in unused if header in left or header in told)
    found.doubtful = _doubtful(found, left)
    for name in units:
        if name not in found.analytes and not (name in analytes() and set(family(name)) & set(found.analytes)):
            raise ColumnError(not_there(name, [*found.analytes, *headers]), code="unknown_column", field=name)
    if results and not found.analytes:
        raise _no_columns(headers)
    found.analytes = {key: found.analytes[key] for key in analytes() if key in found.analytes}
    found.context = {key: found.context[key] for key in CONTEXT_FIELDS if key in found.context}
    found.terms = {key: found.terms[key] for key in context().terms if key in found.terms}
    return found


def _take(found: Headers, target: Target, header: str, unit: str | None, units: dict[str, str]) -> None:
    """Add a column to those that are read. Several columns of one analyte are read row by row."""
    kind, key = target
    if kind == "analyte":
        told = (units.pop(header, None), units.get(key))
        for said in told:
            if said is not None:
                checked_unit(key, said)
        default = None if any(told) else found.site.units.get(key)
        key = by_unit(key, next(filter(None, (unit, *told, default)), None))
        column = AnalyteColumns(header, agreed_unit(key, header, unit, *told, default))
        first = found.analytes.setdefault(key, column)
        if first is not column:
            first.others.append(column)
        return
    taken = getattr(found, kind)
    if key in taken:
        raise ColumnError(
            f"{key}: expected one column, got {taken[key]!r} and {header!r}. Name one, such as --column "
            f"{f'{header}={key}'!r}, or columns= in Python",
            code="two_columns",
            field=header,
        )
    taken[key] = header
    unit = unit or AGE_IN.get(plain(split_header(header)[0]))
    if kind == "patient" and unit is not None:
        found.patient_units[key] = unit


def _doubtful(found: Headers, left: list[str]) -> dict[str, str]:
    """Return the unused columns that may hold an analyte, field or term, with its key."""
    near = {header: doubt(header, misspelled=place < MISSPELLED) for place, header in enumerate(left)}
    return {header: key for header, key in near.items() if key is not None and key not in found.patient}


def warn_of_doubtful(found: Headers) -> None:
    """Warn of unused columns that may hold an analyte, field or term (`ColumnWarning`)."""
    said = doubtful_words(found)
    if said:
        warn_user(said, ColumnWarning)


def doubtful_words(found: Headers) -> str:
    """Return a sentence that names the unused columns that may be needed; blank if there are none."""
    if not found.doubtful:
        return ""
    several = [f"{header!r} ({key}?)" for header, key in list(found.doubtful.items())[:10]]
    header, key = next(iter(found.doubtful.items()))
    more = f" and {len(found.doubtful) - 10} more" if len(found.doubtful) > 10 else ""
    return (
        f"Not used, but possibly needed: column {', '.join(several)}{more}. Name it: "
        f"columns={{{header!r}: {key!r}}} (--column {f'{header}={key}'!r}), or {IGNORE!r} to leave it out"
    )


def _no_columns(headers: list[str]) -> ColumnError:
    sign = next((sign for sign in (";", "\t", "|", ",") if len(headers) == 1 and sign in headers[0]), None)
    hint = f". Is its separator {sign!r}?" if sign else ""
    if _LONG & {word for header in headers for word in plain(header).split()}:
        hint = (
            f"{hint}. If it has one row per result, interpret_long reads it (files are recognized by their headers). "
            "Name its columns: --column 'your name=test', --column 'your name=value' (columns= in Python)"
        )
    return ColumnError(
        f"columns: expected a column of results, got {', '.join(map(repr, headers[:20])) or 'no columns'}. "
        f"Name it by its key ({', '.join(list(analytes())[:6])}, ...), or use --column 'your name=b12' "
        f"(columns= in Python){hint}",
        code="no_columns",
    )


def agreed_unit(key: str, header: str, own: str | None, *said: str | None) -> str | None:
    """Return the unit of a column, on which its header and all options must agree.

    Raises `ColumnError` if they do not, or if one of several is not a unit.
    """
    units = [unit for unit in (own, *said) if unit]
    for other in units[1:]:
        try:
            agree = same_unit(analytes()[key], units[0], other)
        except MeasurementError as error:
            raise ColumnError(f"column {header!r}: {error.message}", code=error.code, field=header) from None
        if not agree:
            where = "the header has" if own else "one option has"
            raise ColumnError(
                f"column {header!r}: {where} {units[0]!r}, but units= (--unit, [units]) has {other!r}. Leave one out",
                code="conflicting_units",
                field=header,
            )
    return units[0] if units else None


def not_there(given: str, names: Iterable[str]) -> str:
    """Return the message that a column does not exist, with the nearest name."""
    return f"there is no column {given!r}{meant_name(given, names)}"


def _beside(found: Headers, unused: list[str]) -> list[str]:
    """Attach unit, flag and interval columns to their analytes, and return the other columns."""
    left: list[str] = []
    for header in unused:
        words = plain(header)
        for role, endings in _BESIDE.items():
            ending = next((ending for ending in endings if words.endswith(f" {ending}")), None)
            name = words.removesuffix(f" {ending}")
            meant = recognize_test(name).analyte if ending else None
            key = next((each for each in family(meant) if each in found.analytes), None) if meant else None
            if key is not None:
                columns = [found.analytes[key], *found.analytes[key].others]
                named = [column for column in columns if plain(split_header(column.value)[0]) == name] or columns
                label = f"{as_words(role)} of {analytes()[key].label}"
                taken = named[0].beside.get(role)
                if taken or len(named) > 1:
                    what = (
                        f"columns {taken!r} and {header!r} are both the {label}"
                        if taken
                        else (f"column {header!r} could be the {label} of two columns")
                    )
                    raise ColumnError(
                        f"{what}. Leave one out: columns={{{header!r}: {IGNORE!r}}}", code="two_columns", field=header
                    )
                named[0].beside[role] = header
                break
        else:
            left.append(header)
    return left


def bare_operators(headers: Iterable[str]) -> tuple[str, ...]:
    """Return the headers of comparators that name no analyte, such as `operator`."""
    return tuple(header for header in headers if plain(header) in BARE_NAMES)


def _of_the_only_result(found: Headers, unused: list[str]) -> list[str]:
    """Give a column of comparators that names no analyte to the only result of the table; return what is left."""
    columns = [column for first in found.analytes.values() for column in (first, *first.others)]
    bare = bare_operators(unused)
    if len(columns) != 1 or len(bare) != 1 or {"operator", "qualifier"} & columns[0].beside.keys():
        return unused
    columns[0].beside["qualifier"] = bare[0]
    return [header for header in unused if header != bare[0]]


def row_values(found: Headers, row: dict[str, Any]) -> dict[str, Any]:
    """Return one row of a table as named values for `interpret`."""
    values: dict[str, Any] = {}
    row = {**row, **{header: found.site.word(key, row[header]) for header, key in found.site_codes().items()}}
    for key, analyte in found.analytes.items():
        each = [result_of(column, row) for column in (analyte, *analyte.others)]
        values[key] = each if len(each) > 1 else each[0]
    for key, header in found.patient.items():
        cell, unit = row[header], found.patient_units.get(key)
        values[key] = None if is_blank(cell) else cell if unit is None else _in_canonical(_WITH_UNITS[key], cell, unit)
    for key, header in found.context.items():
        values[key] = row[header]
    for term, header in found.terms.items():
        cell = row[header]
        if not is_blank(cell):
            values[term] = yes_no_cell(cell, numeric=is_number(cell) and header in (found.numeric or ()))
    return values


def result_of(column: AnalyteColumns, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row's result in one column of an analyte, for `measure`."""
    cells = {"value": row[column.value], **{role: row[header] for role, header in column.beside.items()}}
    cells["value"] = bounded(cells)
    if is_blank(cells.get("unit")):
        cells["unit"] = column.unit
    elif column.unit and not is_blank(cells["value"]):
        cells["value"] = {"value": cells["value"], "unit": column.unit}
    return cells


_WITH_UNITS: dict[str, Callable[[Any, str], float | None]] = {"age": read_age, "elevation": read_elevation}


def _in_canonical(read: Callable[[Any, str], float | None], cell: Any, unit: str) -> Any:
    """Return an age in years or an elevation in meters, or the cell with its unit if it cannot be read.

    The reader of the cell then raises the error.
    """
    try:
        return read(cell, unit)
    except PanelError:
        return f"{cell_text(cell)} {unit}"


def is_number(cell: Any) -> bool:
    """Return whether a cell of a column named like a context term begins with a number."""
    return not is_blank(cell) and _NUMBER.match(cell_text(cell).strip()) is not None


def is_other_number(cell: Any) -> bool:
    """Return whether a cell of a column named like a context term holds a number other than 1 and 0."""
    return is_number(cell) and cell_text(cell).strip() not in YES | NO


def numeric_terms(found: Headers, cells: Callable[[str], Iterable[Any]]) -> frozenset[str]:
    """Return the columns named like a context term that hold other numbers; `cells` returns a column's cells."""
    codes = found.site_codes()

    def numbers(header: str) -> bool:
        return any(is_other_number(found.site.word(codes.get(header, ""), cell)) for cell in cells(header))

    return frozenset(filter(numbers, found.terms.values()))


def yes_no_cell(cell: Any, *, numeric: bool) -> Any:
    """Return a cell of a column named like a context term, ready to be read as yes or no.

    In a column with other numbers (a stage, a dose, a result), 1 and 0 do not mean yes and no.
    """
    text = "" if is_blank(cell) else cell_text(cell).strip()
    return f"{text} (its column holds other numbers)" if numeric and _NUMBER.match(text) else cell

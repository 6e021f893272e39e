"""What a site says once about the tables it sends again and again.

A TOML file of its own names, columns, units and codes.

Every table of it is optional. `[tests]` names the tests of a long table and the headers of a wide one. `[columns]`
gives the header of a patient or context field, and of a role of a long table; there also a list of headers (the first
that is not blank counts), or `[]` to leave a role out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from b12labs.errors import (
    B12LabsError,
    ColumnError,
    MeasurementError,
    PanelError,
    ReferenceDataError,
    checked_word,
    did_you_mean,
)
from b12labs.inputs.fields import read_sex, read_trimester, read_yes_no
from b12labs.inputs.flags import read_flag
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.operators import COMPARATORS
from b12labs.inputs.specimens import find_specimen
from b12labs.inputs.statuses import find_status
from b12labs.inputs.units import find_unit, meanings
from b12labs.inputs.vocabulary import find_term, split_terms, words_of
from b12labs.reference import CONTEXT_FIELDS, analytes, context, read_toml
from b12labs.tables.encoding import Coded, codes_of
from b12labs.tables.header_names import IGNORE, PATIENT_COLUMNS, find_field
from b12labs.tables.headers import Headers, agreed_unit, recognize
from b12labs.text import is_missing

__all__ = ["ROLES", "Role", "SiteMapping", "read_mapping", "recognize_wide"]

Role = Literal[
    "patient",
    "time",
    "test",
    "value",
    "unit",
    "reference_low",
    "reference_high",
    "flag",
    "status",
    "specimen",
    "operator",
    "age",
    "age_unit",
    "sex",
]

ROLES: tuple[Role, ...] = get_args(Role)

_KEYS = ("tests", "columns", "units", "codes", "operators", "decimal", "window_hours", "time_format")


@dataclass(frozen=True, slots=True)
class SiteMapping:
    """What a site calls things.

    `tests` is from local name or code (or header, of a wide table) to analyte, `columns` from role or field to headers,
    `units` from analyte to the unit of results that say none, `codes` from field to what the site's codes mean
    (`{"sex": {"1": "male"}}`), `operators` from the site's code to `<`, `<=`, `>`, `>=` or nothing. None leaves
    `decimal`, `window_hours` and `time_format` (as in `strptime`; ISO 8601 otherwise) at their defaults.
    """

    tests: dict[str, str] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    operators: dict[str, str] = field(default_factory=dict)
    decimal: Decimal | None = None
    window_hours: float | None = None
    time_format: str | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checked_word("decimal", self.decimal, Decimal | None)

    def wide_columns(self, headers: list[str]) -> dict[str, str]:
        """Return what the headers of a wide table are: those of `tests` that are there, and the headers of fields."""
        local = {name.strip().casefold(): key for name, key in self.tests.items()}
        found = {header: local[header.strip().casefold()] for header in headers if header.strip().casefold() in local}
        for key, names in self.columns.items():
            if key in _FIELDS_OF_LONG_TABLES_ONLY:
                continue
            if key == IGNORE:
                found |= dict.fromkeys(set(names) & set(headers), IGNORE)
                continue
            if len(names) != 1:
                said = ", ".join(map(repr, names)) or "none"
                raise ColumnError(
                    f"columns.{key}: a wide table needs one header, and {said} was given",
                    code="unknown_column",
                    field=key,
                )
            found[names[0]] = key
        return found

    def with_columns(self, columns: Mapping[str, str]) -> SiteMapping:
        """Return the mapping with what headers of a long table are besides: a role or a field."""
        keys = {header: key if key in ROLES else find_field(key) or key for header, key in columns.items()}
        ignored = tuple(header for header, key in keys.items() if key == IGNORE)
        told: dict[str, tuple[str, ...]] = {key: (header,) for header, key in keys.items()}
        if ignored:
            told[IGNORE] = (*self.columns.get(IGNORE, ()), *ignored)
        return replace(self, columns={**self.columns, **told})

    def with_units(self, units: Mapping[str, str]) -> SiteMapping:
        """Return the mapping with units of analytes besides; raises `ColumnError` where one is of none."""
        for key in units:
            if key not in analytes():
                hint = did_you_mean(key, analytes())
                raise ColumnError(f"units: {key!r} is not an analyte{hint}", code="unknown_column", field=key)
        return replace(self, units={**self.units, **units})

    def word(self, key: str, cell: Any) -> Any:
        """Return the meaning of a cell that holds a code of the site, and any other cell as it is."""
        if is_missing(cell) or key not in self.codes:
            return cell
        text = str(cell).strip()
        codes = self.codes[key]
        if key in CONTEXT_FIELDS:
            meant = (codes.get(word, word) for word in ([text] if text in codes else words_of(cell)))
            return "; ".join(word for word in meant if word)
        return codes.get(
            text, codes.get(text.removesuffix(".0"), cell)
        )  # a table that held numbers may have written 2 as 2.0

    def headers_of_codes(self, found: Headers) -> dict[str, str]:
        """Return the columns of a table that hold codes of the site: the field of each header."""
        beside = [(role, header) for analyte in found.analytes.values() for role, header in analyte.beside.items()]
        named = [*beside, *found.patient.items(), *found.context.items(), *found.terms.items()]
        return {header: key for key, header in named if key in self.codes}

    def worded(self, column: Callable[[str], Any], found: Headers) -> Callable[[str], Any]:
        """Return what gives a table's columns by name, with the meaning of the site's codes in their place."""
        keys = self.headers_of_codes(found)

        def read(header: str) -> Any:
            if header not in keys:
                return column(header)
            codes, distinct = codes_of(column(header))
            return Coded(codes, [self.word(keys[header], cell) for cell in distinct])

        return read


def recognize_wide(
    headers: Iterable[str],
    mapping: SiteMapping,
    *,
    columns: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    results: bool = True,
) -> Headers:
    """Recognize a wide table by `columns`, `units` and `results` (as of `recognize`), then by the mapping."""
    headers = [str(header) for header in headers]
    named = {**mapping.wide_columns(headers), **(columns or {})}
    found = recognize(headers, mapping=named, units=dict(units or {}), results=results)
    for key, analyte in found.analytes.items():
        for column in (analyte, *analyte.others):
            if key not in (units or {}) and column.value not in (units or {}):
                column.unit = agreed_unit(key, column.value, column.unit, mapping.units.get(key))
    return found


def read_mapping(path: str | Path) -> SiteMapping:
    """Read a site's mapping file.

    Raises `ReferenceDataError` that names the file, the key, and what was expected there.
    """
    path = Path(path)
    raw, file = read_toml(path), path.name
    for key in raw:
        _one_of(file, key, key, _KEYS, "a key of a mapping")
    tests = _texts(raw, "tests", file)
    folded: dict[str, str] = {}
    for name, key in tests.items():
        _one_of(file, f"tests.{name}", key, tuple(analytes()), "an analyte")
        if folded.setdefault(name.strip().casefold(), key) != key:
            raise ReferenceDataError(
                file,
                f"tests.{name}",
                "one analyte a name was expected, and the name is there twice, in capitals and not",
            )
    units = _texts(raw, "units", file)
    for key, unit in units.items():
        _one_of(file, f"units.{key}", key, tuple(analytes()), "an analyte")
        try:
            find_unit(analytes()[key], unit)
        except MeasurementError as error:
            raise ReferenceDataError(file, f"units.{key}", f"{unit!r} was given; {error.message}") from None
    codes = {key: _codes(raw["codes"], key, file) for key in _table(raw, "codes", file)}
    operators = _texts(raw, "operators", file)
    for code, sign in operators.items():
        _one_of(file, f"operators.{code}", sign, COMPARATORS, "a comparator")
    decimal, window, form = raw.get("decimal"), raw.get("window_hours"), raw.get("time_format")
    if decimal is not None:
        _one_of(file, "decimal", decimal, (".", ","), "the decimal sign")
    if window is not None and not is_window(window):
        raise ReferenceDataError(file, "window_hours", f"hours, 0 or more, were expected, and {window!r} was given")
    if form is not None and not (isinstance(form, str) and "%" in form):
        raise ReferenceDataError(
            file, "time_format", f"a format such as '%d/%m/%Y %H:%M' was expected, and {form!r} was given"
        )
    return SiteMapping(tests, _columns(raw, file), units, operators, decimal, window, form, codes)


def is_window(hours: object) -> bool:
    """Tell whether something is a number of hours: finite, 0 or more."""
    return isinstance(hours, int | float) and not isinstance(hours, bool) and math.isfinite(hours) and hours >= 0


#: Roles that no column of a wide table has.
_FIELDS_OF_LONG_TABLES_ONLY = frozenset(ROLES) - PATIENT_COLUMNS.keys()


def _columns_known() -> tuple[str, ...]:
    return (*dict.fromkeys((*ROLES, *PATIENT_COLUMNS, *CONTEXT_FIELDS, IGNORE)), *context().terms)


def _codes(raw: Mapping[str, Any], key: str, file: str) -> dict[str, str]:
    """Read what the codes of one role or field mean: a word that is read there, or nothing where the code says nothing.

    A status always says something, because a result without one is final.
    """
    known = (*_READERS, *context().terms)
    _one_of(file, f"codes.{key}", key, known, f"one of {', '.join(_READERS)}, or a context term")
    read = _READERS.get(key, partial(read_yes_no, name=key))
    codes = _texts(raw, key, file, within="codes.")
    for code, word in codes.items():
        try:
            if word or key == "status":
                read(word)
        except B12LabsError as error:
            raise ReferenceDataError(file, f"codes.{key}.{code}", error.message) from None
    return codes


def _known_word(key: str, accepted: str, is_known: Callable[[str], object]) -> Callable[[str], object]:
    """Return what refuses a word that is not known."""

    def read(word: str) -> object:
        if not is_known(word):
            raise PanelError(f"{key}: expected {accepted}, got {word!r}", code=f"unknown_{key}", field=key)
        return word

    return read


def _terms(key: str) -> Callable[[str], object]:
    return lambda words: [find_term(word, key) for word in split_terms(words)]


#: What the words of a role or field may be, each with the reader that reads them in the data.
_READERS: dict[str, Callable[[str], object]] = {
    "sex": read_sex,
    "pregnant": partial(read_yes_no, name="pregnant"),
    "trimester": read_trimester,
    "unit": _known_word("unit", "a unit (see 'b12labs units')", meanings),
    "specimen": _known_word(
        "specimen",
        "blood, serum, plasma, urine, csf or other",
        lambda word: find_specimen(word) not in ("", "unknown"),
    ),
    "status": _known_word(
        "status",
        "final, corrected, preliminary, entered in error or cancelled",
        lambda word: word.strip() and find_status(word) != "unknown",
    ),
    "flag": _known_word("flag", "low, normal, high, negative or positive", read_flag),
    **{key: _terms(key) for key in CONTEXT_FIELDS},
}


def _columns(raw: Mapping[str, Any], file: str) -> dict[str, tuple[str, ...]]:
    columns = _table(raw, "columns", file)
    read: dict[str, tuple[str, ...]] = {}
    for role, headers in columns.items():
        _one_of(file, f"columns.{role}", role, _columns_known(), "a role or a field")
        given = [headers] if isinstance(headers, str) else headers
        if not isinstance(given, list) or not all(isinstance(header, str) and header for header in given):
            raise ReferenceDataError(
                file, f"columns.{role}", f"a header or a list of headers was expected, and {headers!r} was given"
            )
        read[role] = tuple(given)
    return read


def _table(raw: Mapping[str, Any], name: str, file: str, within: str = "") -> dict[str, Any]:
    table = raw.get(name, {})
    if not isinstance(table, dict):
        raise ReferenceDataError(
            file, within + name, f"a table was expected, written [{within}{name}], and {table!r} was given"
        )
    return table


def _texts(raw: Mapping[str, Any], name: str, file: str, within: str = "") -> dict[str, str]:
    table = _table(raw, name, file, within)
    for key, value in table.items():
        if not isinstance(value, str):
            raise ReferenceDataError(
                file, f"{within}{name}.{key}", f"a text in quotes was expected, and {value!r} was given"
            )
    return table


def _one_of(file: str, key: str, given: object, accepted: Sequence[str], what: str) -> None:
    if given not in accepted:
        hint = did_you_mean(given, accepted) or "."
        few, list_of_analytes = len(accepted) < 20, tuple(accepted) == tuple(analytes())
        listing = (
            f"Accepted: {', '.join(filter(None, accepted))}"
            if few
            else "See 'b12labs units'"
            if list_of_analytes
            else "See docs/tables.md"
        )
        raise ReferenceDataError(file, key, f"{what} was expected, and {given!r} was given{hint} {listing}")

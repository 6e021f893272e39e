"""What a site says once about the tables it sends again and again: a TOML file of its own names, columns and units.

Every table of it is optional; `[columns]` gives a header, a list of headers (the first that is not blank counts), or `[]` to leave a
role out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from b12labs.errors import MeasurementError, ReferenceDataError, nearest
from b12labs.measurement import Decimal
from b12labs.reference import analytes, read_toml
from b12labs.units import find_unit

__all__ = ["COMPARATORS", "ROLES", "Role", "SiteMapping", "read_mapping"]

Role = Literal[
    "patient", "time", "test", "value", "unit", "reference_low", "reference_high", "flag", "status", "specimen", "operator", "age", "age_unit", "sex",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)
COMPARATORS = ("", "<", "<=", ">", ">=")
_KEYS = ("tests", "columns", "units", "operators", "decimal", "window_hours", "time_format")


@dataclass(frozen=True, slots=True)
class SiteMapping:
    """What a site calls things.

    `tests` is from local name or code to analyte, `columns` from role to headers, `units` from analyte to the unit of results that say none,
    `operators` from the site's code to `<`, `<=`, `>`, `>=` or nothing. None leaves `decimal`, `window_hours` and `time_format` (as
    in `strptime`; ISO 8601 otherwise) at their defaults.
    """

    tests: dict[str, str] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    operators: dict[str, str] = field(default_factory=dict)
    decimal: Decimal | None = None
    window_hours: float | None = None
    time_format: str | None = None


def read_mapping(path: str | Path) -> SiteMapping:
    """Read a site's mapping file; raises `ReferenceDataError` that names the file, the key, and what was expected there."""
    path = Path(path)
    raw, file = read_toml(path), path.name
    for key in raw:
        _one_of(file, key, key, _KEYS, "a key of a mapping")
    tests = _texts(raw, "tests", file)
    folded: dict[str, str] = {}
    for name, key in tests.items():
        _one_of(file, f"tests.{name}", key, tuple(analytes()), "an analyte")
        if folded.setdefault(name.strip().casefold(), key) != key:
            raise ReferenceDataError(file, f"tests.{name}", "one analyte a name was expected, and the name is there twice, in capitals and not")
    units = _texts(raw, "units", file)
    for key, unit in units.items():
        _one_of(file, f"units.{key}", key, tuple(analytes()), "an analyte")
        try:
            find_unit(analytes()[key], unit)
        except MeasurementError as error:
            raise ReferenceDataError(file, f"units.{key}", f"{unit!r} was given; {error.message}") from None
    operators = _texts(raw, "operators", file)
    for code, sign in operators.items():
        _one_of(file, f"operators.{code}", sign, COMPARATORS, "a comparator")
    decimal, window, form = raw.get("decimal"), raw.get("window_hours"), raw.get("time_format")
    if decimal is not None:
        _one_of(file, "decimal", decimal, (".", ","), "the decimal sign")
    if window is not None and not is_window(window):
        raise ReferenceDataError(file, "window_hours", f"hours, 0 or more, were expected, and {window!r} was given")
    if form is not None and not (isinstance(form, str) and "%" in form):
        raise ReferenceDataError(file, "time_format", f"a format such as '%d/%m/%Y %H:%M' was expected, and {form!r} was given")
    return SiteMapping(tests, _columns(raw, file), units, operators, decimal, window, form)


def is_window(hours: object) -> bool:
    """Tell whether something is a number of hours: finite, 0 or more."""
    return isinstance(hours, int | float) and not isinstance(hours, bool) and math.isfinite(hours) and hours >= 0


def _columns(raw: Mapping[str, Any], file: str) -> dict[str, tuple[str, ...]]:
    columns = _table(raw, "columns", file)
    read: dict[str, tuple[str, ...]] = {}
    for role, headers in columns.items():
        _one_of(file, f"columns.{role}", role, ROLES, "a role")
        given = [headers] if isinstance(headers, str) else headers
        if not isinstance(given, list) or not all(isinstance(header, str) and header for header in given):
            raise ReferenceDataError(file, f"columns.{role}", f"a header or a list of headers was expected, and {headers!r} was given")
        read[role] = tuple(given)
    return read


def _table(raw: Mapping[str, Any], name: str, file: str) -> dict[str, Any]:
    table = raw.get(name, {})
    if not isinstance(table, dict):
        raise ReferenceDataError(file, name, f"a table was expected, written [{name}], and {table!r} was given")
    return table


def _texts(raw: Mapping[str, Any], name: str, file: str) -> dict[str, str]:
    table = _table(raw, name, file)
    for key, value in table.items():
        if not isinstance(value, str):
            raise ReferenceDataError(file, f"{name}.{key}", f"a text in quotes was expected, and {value!r} was given")
    return table


def _one_of(file: str, key: str, given: object, accepted: Sequence[str], what: str) -> None:
    if given not in accepted:
        near = nearest(str(given), accepted)
        hint = f"; did you mean {near!r}?" if near else "."
        listing = f"Accepted: {', '.join(filter(None, accepted))}" if len(accepted) < 20 else "See 'b12labs units'"
        raise ReferenceDataError(file, key, f"{what} was expected, and {given!r} was given{hint} {listing}")

"""What a site says once about the results that it sends again and again.

Its own names, columns, units, words and codes, for tables, files and messages alike.

Every part is optional. `tests` names the tests of long tables and messages, and the headers of a wide table. `columns`
gives the header of a patient or context field, and of a role of a long table; there also several headers (the first
that is not blank counts), or none to leave a role out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from b12labs.errors import ColumnError, PanelError, checked_option, checked_texts, checked_word
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.options import UNITS_EXPECTED
from b12labs.inputs.several import checked_units
from b12labs.inputs.vocabulary import words_of
from b12labs.reference import CONTEXT_FIELDS
from b12labs.text import StrPath, is_missing

if TYPE_CHECKING:
    pass

__all__ = ["IGNORE", "RELATIVE", "ROLES", "Role", "SiteMapping", "as_mapping", "is_window"]

Role = Literal[
    "patient",
    "time",
    "time_of_day",
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

#: What is said of a column that is to be left alone.
IGNORE = "ignore"

#: Times that are counted from some moment of the patient's, in microseconds.
RELATIVE = {"minutes": 60_000_000, "hours": 3_600_000_000, "days": 86_400_000_000}

#: The roles that a wide table has, too.
_FIELDS = ("age", "sex")


@dataclass(frozen=True, slots=True)
class SiteMapping:
    """What a site calls things.

    `tests` is from local name or code (or header, of a wide table) to analyte, `columns` from role or field to headers,
    `units` from analyte to the unit of results that say none, `codes` from role or field to what the site's words and
    codes mean (`{"sex": {"1": "male"}, "status": {"Edited": "corrected"}}`), `operators` from the site's code to `<`,
    `<=`, `>`, `>=` or nothing. None leaves `decimal` and `window_hours` at their defaults. `time_format` is a form of
    times, or several, as in `strptime`, or `minutes`, `hours` or `days` that are counted; ISO 8601 is read besides.
    """

    tests: dict[str, str] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    operators: dict[str, str] = field(default_factory=dict)
    decimal: Decimal | None = None
    window_hours: float | None = None
    time_format: str | tuple[str, ...] = ()
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checked_word("decimal", self.decimal, Decimal | None)
        checked_units(self.units)

    def wide_columns(self, headers: list[str]) -> dict[str, str]:
        """Return what the headers of a wide table are: those of `tests` that are there, and the headers of fields."""
        local = self.analytes_by_name()
        found = {header: local[header.strip().casefold()] for header in headers if header.strip().casefold() in local}
        for key, names in self.columns.items():
            if key in ROLES and key not in _FIELDS:
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

    def analytes_by_name(self) -> dict[str, str]:
        """Return the analyte of each local name or code of a test, which are told apart by more than case."""
        return {name.strip().casefold(): key for name, key in self.tests.items()}

    @property
    def time_formats(self) -> tuple[str, ...]:
        """The forms of times that the site writes."""
        return (self.time_format,) if isinstance(self.time_format, str) else tuple(self.time_format)

    def with_units(self, units: Mapping[str, str]) -> SiteMapping:
        """Return the mapping with units of analytes besides; raises `B12LabsError` where one is of none."""
        return replace(self, units={**self.units, **units})

    def read_for_panel(
        self, values: Mapping[str, Any], units: Mapping[str, str] | None
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the values of one patient, and units, in words that are known: what is said beside goes before."""
        checked_texts("units", units, UNITS_EXPECTED)
        local = self.analytes_by_name()
        told: dict[str, Any] = {}
        for name, value in values.items():
            key = local.get(name.strip().casefold(), name)
            if key in told or (key != name and key in values):
                raise PanelError(f"{key}: {name!r} and another name are both {key}", code="two_values", field=key)
            is_result = isinstance(value, dict)
            told[key] = (
                {part: self.word(part, said) for part, said in value.items()} if is_result else self.word(key, value)
            )
        return told, {**self.units, **(units or {})}

    def said_of(self, key: str, texts: Iterable[str]) -> str | None:
        """Return what the first of several codes and names means that the site explains, or None."""
        codes = self.codes.get(key, {})
        return next((codes[text.strip()] for text in texts if text.strip() in codes), None)

    def word(self, key: str, cell: Any) -> Any:
        """Return the meaning of a cell that holds a code of the site, and any other cell as it is."""
        codes = {**self.codes.get(key, {}), **(self.operators if key == "operator" else {})}
        if is_missing(cell) or not codes:
            return cell
        text = str(cell).strip()
        if key in CONTEXT_FIELDS:
            meant = (codes.get(word, word) for word in ([text] if text in codes else words_of(cell)))
            return "; ".join(word for word in meant if word)
        return codes.get(
            text, codes.get(text.removesuffix(".0"), cell)
        )  # a table that held numbers may have written 2 as 2.0


def is_window(hours: object) -> bool:
    """Tell whether something is a number of hours: finite, 0 or more."""
    return isinstance(hours, int | float) and not isinstance(hours, bool) and math.isfinite(hours) and hours >= 0


def as_mapping(given: SiteMapping | StrPath | None) -> SiteMapping:
    """Return what `mapping=` takes: a site's mapping, the path of its file, or None for one that says nothing."""
    if given is None or isinstance(given, SiteMapping):
        return given or SiteMapping()
    from b12labs.site_mapping.file import read_mapping  # what holds each of its words to what is known

    path = isinstance(given, str) or hasattr(given, "__fspath__")
    return read_mapping(checked_option("mapping", given, "a SiteMapping, or the path of its file", holds=path))

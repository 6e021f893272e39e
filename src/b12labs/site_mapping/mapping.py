"""A site's own names, columns, units, words and codes, described once for tables, files and messages.

Every part is optional. `tests` names the tests of long tables and messages, and the headers of a wide table. `columns`
gives the header of a patient or context field, or of a role of a long table. A role may have several headers (the first
that is not blank is used), or none to leave it out.
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

#: The word for a column that is not to be used.
IGNORE = "ignore"

#: The units of times that are counted from some moment of the patient, in microseconds.
RELATIVE = {"minutes": 60_000_000, "hours": 3_600_000_000, "days": 86_400_000_000}

#: The roles that a wide table has, too.
_FIELDS = ("age", "sex")


@dataclass(frozen=True, slots=True)
class SiteMapping:
    """A site's own names, columns, units and codes.

    - `tests` maps a local name or code (or a header of a wide table) to an analyte.
    - `columns` maps a role or field to headers.
    - `units` maps an analyte to the unit of results that have none.
    - `codes` maps a role or field to the meanings of the site's words and codes:
      `{"sex": {"1": "male"}, "status": {"Edited": "corrected"}}`.
    - `operators` maps the site's code to `<`, `<=`, `>`, `>=` or a blank text.
    - `decimal` and `window_hours` have their defaults if they are None.
    - `time_format` is one form of times or several, as in `strptime`, or `minutes`, `hours` or `days` for times that
      are counted. ISO 8601 is always read.
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
        """Return the meanings of headers of a wide table: those in `tests`, and those of fields in `columns`."""
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
                    f"columns.{key}: expected one header for a wide table, got {said}",
                    code="unknown_column",
                    field=key,
                )
            found[names[0]] = key
        return found

    def analytes_by_name(self) -> dict[str, str]:
        """Return the analyte of each local name or code of a test, in lower case."""
        return {name.strip().casefold(): key for name, key in self.tests.items()}

    @property
    def time_formats(self) -> tuple[str, ...]:
        """The forms of the site's times."""
        return (self.time_format,) if isinstance(self.time_format, str) else tuple(self.time_format)

    def with_units(self, units: Mapping[str, str]) -> SiteMapping:
        """Return the mapping with further units. Raises `B12LabsError` for one that is not a unit of its analyte."""
        return replace(self, units={**self.units, **units})

    def read_for_panel(
        self, values: Mapping[str, Any], units: Mapping[str, str] | None
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Return one patient's values and units in known names and words. `units` override the mapping's."""
        checked_texts("units", units, UNITS_EXPECTED)
        local = self.analytes_by_name()
        told: dict[str, Any] = {}
        for name, value in values.items():
            key = local.get(name.strip().casefold(), name)
            if key in told or (key != name and key in values):
                raise PanelError(
                    f"{key}: expected one value, got {name!r} and another name for it", code="two_values", field=key
                )
            is_result = isinstance(value, dict)
            told[key] = (
                {part: self.word(part, said) for part, said in value.items()} if is_result else self.word(key, value)
            )
        return told, {**self.units, **(units or {})}

    def said_of(self, key: str, texts: Iterable[str]) -> str | None:
        """Return the meaning of the first of several codes and names that the site explains, or None."""
        codes = self.codes.get(key, {})
        return next((codes[text.strip()] for text in texts if text.strip() in codes), None)

    def word(self, key: str, cell: Any) -> Any:
        """Return the meaning of a cell that holds a code of the site, and any other cell unchanged."""
        codes = self.codes.get(key, {})
        if key == "operator":
            codes = {**codes, **self.operators}
        if is_missing(cell) or not codes:
            return cell
        text = str(cell).strip()
        if key in CONTEXT_FIELDS:
            meant = (codes.get(word, word) for word in ([text] if text in codes else words_of(cell)))
            return "; ".join(word for word in meant if word)
        return codes.get(text, codes.get(text.removesuffix(".0"), cell))  # a table of numbers may have 2.0 for 2


def is_window(hours: object) -> bool:
    """Return whether something is a number of hours: finite, 0 or more."""
    return isinstance(hours, int | float) and not isinstance(hours, bool) and math.isfinite(hours) and hours >= 0


def as_mapping(given: SiteMapping | StrPath | None) -> SiteMapping:
    """Return the mapping of a `mapping=` argument: a site's mapping, the path of its file, or None for an empty one."""
    if given is None or isinstance(given, SiteMapping):
        return given or SiteMapping()
    from b12labs.site_mapping.file import read_mapping  # it imports the readers of every field

    path = isinstance(given, str) or hasattr(given, "__fspath__")
    return read_mapping(checked_option("mapping", given, "a SiteMapping, or the path of its file", holds=path))

"""A series of draws of one patient, read and interpreted in the order of their dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol, TypeVar

from b12labs.errors import PanelError, checked_several
from b12labs.inputs.panel import Panel
from b12labs.limits.stratified import Limits
from b12labs.logic.language import FALSE, TRUE, UNKNOWN
from b12labs.logic.scalars import Pair
from b12labs.patient.interpretation import Interpretation, interpret_panel
from b12labs.reference import context
from b12labs.rules.causes import PRESUMED
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.site_mapping.panels import read_panel
from b12labs.text import is_missing, shown

__all__ = ["D", "Draw", "SeriesDraw", "moment", "read_date", "read_draws", "symptoms_among"]

_TRUTH = {True: TRUE, None: UNKNOWN, False: FALSE}


class Draw(Protocol):
    """The interface of a series' draws: of one patient, or of the rows of a table.

    `symptoms` is None if the draw does not mention symptoms; earlier ones may then continue.
    """

    @property
    def when(self) -> date:
        """The day."""

    @property
    def laboratory(self) -> str:
        """The laboratory, empty if it is not given."""

    @property
    def terms(self) -> frozenset[str]:
        """The reported context terms."""

    @property
    def symptoms(self) -> frozenset[str] | None:
        """The symptoms among them."""

    @property
    def has_known_cause(self) -> bool:
        """Whether the interpretation names a cause, other than the presumption that there is one."""

    def state(self, code: str) -> int:
        """Return the truth of a finding."""

    def result(self, key: str) -> Pair | None:
        """Return the interval of an analyte's result, or None if there is none."""


@dataclass(frozen=True, slots=True)
class SeriesDraw:
    """One draw: its day, its panel, the laboratory if given, its interpretation, and the reported symptoms.

    `symptoms` is None if the draw does not mention symptoms; earlier ones may then continue.
    """

    when: date
    panel: Panel
    laboratory: str
    interpretation: Interpretation
    symptoms: frozenset[str] | None

    @property
    def terms(self) -> frozenset[str]:
        """The reported context terms."""
        return self.panel.terms

    @property
    def has_known_cause(self) -> bool:
        """Whether the interpretation names a cause, other than the presumption that there is one."""
        return bool({words for cause in self.interpretation.causes for words in cause.speaks_for} - {PRESUMED})

    def state(self, code: str) -> int:
        """Return the truth of a finding."""
        return _TRUTH[self.interpretation.holds(code)]

    def result(self, key: str) -> Pair | None:
        """Return the interval of an analyte's result, or None if there is none."""
        found = self.panel.results.get(key)
        return None if found is None else (found.low, found.high)


#: The type of a series' draws.
D = TypeVar("D", bound=Draw)


def read_date(value: Any, field: str = "date") -> date:
    """Read a day: a date, a datetime, or ISO 8601 text; raises `PanelError`."""
    return moment(value, field).date()


def moment(value: Any, field: str = "date") -> datetime:
    """Return a day with its time, if it has one, in local time."""
    if isinstance(value, date) and not is_missing(value):
        return value.replace(tzinfo=None) if isinstance(value, datetime) else datetime.combine(value, time.min)
    try:
        return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
    except ValueError:
        why = "expected a date, such as 2026-03-01"
        raise PanelError(f"{field}: {why}, got {shown(value)}", code="unreadable_date", field=field) from None


def read_draws(
    draws: Any, limits: Limits, *, report: bool, mapping: SiteMapping | None = None, **options: Any
) -> list[SeriesDraw]:
    """Read and interpret draws, in the order of their dates, and of their times within a day.

    A draw is a mapping with `date`, perhaps `laboratory`, and the keywords of `interpret()`; a pair of a date and such
    a mapping or a `Panel`; or a `Draw` of `b12labs.integrations`. Raises `B12LabsError`, which names the field.
    """
    expected = "mappings with 'date', or pairs of a date and a panel (follow_up_frame reads a table)"
    read = []
    for given in checked_several("draws", draws, expected):
        when, panel, laboratory, none_said = _parts(given, mapping, report=report)
        symptoms = symptoms_among(panel.terms)
        result = interpret_panel(panel, limits, **options)
        draw = SeriesDraw(when.date(), panel, laboratory, result, symptoms if symptoms or none_said else None)
        read.append((when, draw))
    return [draw for _, draw in sorted(read, key=lambda dated: dated[0])]


def symptoms_among(terms: Iterable[str]) -> frozenset[str]:
    """Return the terms that are symptoms."""
    return frozenset(term for term in terms if context().terms[term].field == "symptoms")


def _parts(given: Any, mapping: SiteMapping | None, *, report: bool) -> tuple[datetime, Panel, str, bool]:
    """Return the time, the panel, the laboratory, and whether the draw states that there is no symptom."""
    if hasattr(given, "panel") and hasattr(given, "time"):
        return moment(given.time), given.panel, "", False
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], Panel | Mapping):
        when, values = given
        values = {"panel": values} if isinstance(values, Panel) else dict(values)
    elif isinstance(given, Mapping):
        values = dict(given)
        when = values.pop("date", None)
    else:
        raise PanelError(
            "draws: expected mappings with 'date', or pairs of a date and a panel or a mapping, got a "
            f"{type(given).__name__}",
            code="unreadable_draw",
            field="draws",
        )
    laboratory = values.pop("laboratory", None)
    name = "" if is_missing(laboratory) else str(laboratory).strip()
    if "panel" not in values:
        said = values.get("symptoms")
        none_said = isinstance(said, list | tuple | set | frozenset) and not said
        return moment(when), read_panel(values, mapping=mapping, report=report), name, none_said
    panel = values.pop("panel")
    if not isinstance(panel, Panel) or values:
        beside = f"a {type(panel).__name__}" + (f" beside {', '.join(map(repr, values))}" if values else "")
        raise PanelError(
            f"panel: expected a Panel with no values beside it, got {beside}",
            code="unreadable_draw",
            field="panel",
        )
    return moment(when), panel, name, False

"""A series of draws of one patient.

What changed between two of them by more than it varies, and what that tells the rules of follow-up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pydantic import BaseModel, ConfigDict

from b12labs.errors import PanelError
from b12labs.inputs.measurement import Measurement
from b12labs.inputs.panel import Panel, read_panel
from b12labs.inputs.units import coefficient_or_factor
from b12labs.inputs.variation import Variation, reference_change
from b12labs.inputs.vocabulary import term_groups
from b12labs.limits.stratified import Limits
from b12labs.logic.scalars import Pair, Plain
from b12labs.patient.interpretation import Interpretation, interpret_panel
from b12labs.reference import analytes
from b12labs.rules.follow_up import MARKERS
from b12labs.text import is_missing, shown

__all__ = ["Change", "SeriesDraw", "SeriesInputs", "changes_between", "read_date", "read_draws", "told_by"]

UNKNOWN = 1

#: The finding that says that a marker is abnormal, and whether abnormal is too low.
ABNORMAL = {"hemoglobin": "anemia", "mcv": "macrocytosis", "mma": "mma_counts", "homocysteine": "homocysteine_counts"}

#: The finding that says that a metabolite is raised, whatever explains it.
_RAISED = {"mma": "raised_mma", "homocysteine": "raised_homocysteine"}

_IMPROVES_UPWARD = frozenset({"hemoglobin"})

#: What of the last draw the rules ask for: a name and its finding.
_FINDINGS_NOW = {
    "megaloblastic_now": "megaloblastic_picture",
    "reticulocytes_raised_now": "raised_reticulocytes",
    "b12_high_now": "high_b12",
    "iron_short": "iron_deficiency",
    "folate_short": "folate_deficiency",
    "inflammation": "raised_crp",
    "kidney_reduced": "reduced_kidney_function",
    "nitrous_oxide": "nitrous_oxide",
    "nerves_affected": "neurological_involvement",
}

#: Groups of terms that are causes of deficiency: while they are reported, the need for B12 goes on.
_CAUSES = frozenset({"group:malabsorption", "group:diet", "group:lowers_b12", "group:lifelong_parenteral"})

_TRUTH = {True: 2, None: UNKNOWN, False: 0}


@dataclass(frozen=True, slots=True)
class SeriesDraw:
    """One draw: when, its panel, the laboratory where it is given, and its interpretation."""

    when: date
    panel: Panel
    laboratory: str
    result: Interpretation


class Change(BaseModel):
    """How one analyte changed between two draws.

    `change` is a share of the first result, None where one of the two is no single number. `fall` and `rise` are the
    reference change values, None where no variation is known. `real` says whether it changed by more than it varies;
    None where that cannot be told, and `why` says why.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    analyte: str
    label: str
    before: str
    before_date: date
    after: str
    after_date: date
    change: float | None
    fall: float | None
    rise: float | None
    real: bool | None
    direction: str
    why: str = ""
    sources: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = {True: f"a real {self.direction}", False: "no real change", None: f"cannot tell: {self.why}"}[self.real]
        share = "" if self.change is None else f" ({self.change:+.0%})"
        return f"{self.label}: {self.before} -> {self.after}{share}, {said}"


def read_date(value: Any, field: str = "date") -> date:
    """Read a day: a date, a datetime, or ISO 8601 text; raises `PanelError`."""
    return _moment(value, field).date()


def _moment(value: Any, field: str = "date") -> datetime:
    """Return a day with its time, where there is one: by the clock of the place, as the day is."""
    if isinstance(value, date) and not is_missing(value):
        return value.replace(tzinfo=None) if isinstance(value, datetime) else datetime.combine(value, time.min)
    try:
        return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
    except ValueError:
        why = "a date was expected, such as 2026-03-01"
        raise PanelError(f"{field}: {shown(value)} was given, and {why}", code="unreadable_date", field=field) from None


def read_draws(draws: Any, limits: Limits, *, report: bool, **options: Any) -> list[SeriesDraw]:
    """Read and interpret draws, in the order of their dates, and of their times within a day.

    A draw is a mapping with `date`, perhaps `laboratory`, and the keywords of `interpret()`; a pair of a date and such
    a mapping or a `Panel`; or a `Draw` of `b12labs.integrations`. Raises `B12LabsError` that names the field.
    """
    read = []
    for given in draws:
        when, panel, laboratory = _parts(given, report=report)
        read.append((when, SeriesDraw(when.date(), panel, laboratory, interpret_panel(panel, limits, **options))))
    return [draw for _, draw in sorted(read, key=lambda dated: dated[0])]


def _parts(given: Any, *, report: bool) -> tuple[datetime, Panel, str]:
    if hasattr(given, "panel") and hasattr(given, "time"):
        return _moment(given.time), given.panel, ""
    if isinstance(given, tuple) and len(given) == 2:
        when, values = given
        values = {"panel": values} if isinstance(values, Panel) else dict(values)
    elif isinstance(given, Mapping):
        values = dict(given)
        when = values.pop("date", None)
    else:
        raise PanelError(
            f"a draw was expected: a mapping with 'date', or a pair of a date and a panel; a {type(given).__name__} "
            f"was given",
            code="unreadable_draw",
            field="draws",
        )
    laboratory = values.pop("laboratory", None)
    name = "" if is_missing(laboratory) else str(laboratory).strip()
    if "panel" not in values:
        return _moment(when), read_panel(values, report=report), name
    panel = values.pop("panel")
    if not isinstance(panel, Panel) or values:
        beside = f"a {type(panel).__name__}" + (f" beside {', '.join(map(repr, values))}" if values else "")
        raise PanelError(
            f"panel: {beside} was given, and a Panel with no values beside it was expected",
            code="unreadable_draw",
            field="panel",
        )
    return _moment(when), panel, name


def changes_between(before: SeriesDraw, after: SeriesDraw, known: Mapping[str, Variation]) -> list[Change]:
    """Return how every analyte that both draws measured changed."""
    shared = [key for key in analytes() if key in before.panel.results and key in after.panel.results]
    return [_change(key, before, after, known) for key in shared]


def _change(key: str, before: SeriesDraw, after: SeriesDraw, known: Mapping[str, Variation]) -> Change:
    one, other = before.panel.results[key], after.panel.results[key]
    variation = known.get(key)
    fall, rise = reference_change(variation) if variation else (None, None)
    low, high = _ratio(one, other)
    real, direction, why = _judged(low, high, fall, rise, before.laboratory, after.laboratory)
    return Change(
        analyte=key,
        label=analytes()[key].label,
        before=one.given,
        before_date=before.when,
        after=other.given,
        after_date=after.when,
        change=low - 1 if low == high else None,
        fall=fall,
        rise=rise,
        real=real,
        direction=direction,
        why=why,
        sources=variation.sources if variation else (),
    )


def _ratio(one: Measurement, other: Measurement) -> Pair:
    """Return between what the second result lies as a share of the first."""
    low = other.low / one.high if one.high > 0 and other.low > 0 else 0.0
    high = other.high / one.low if one.low > 0 else math.inf
    return low, high


def _judged(
    low: float, high: float, fall: float | None, rise: float | None, laboratory: str, other: str
) -> tuple[bool | None, str, str]:
    direction = "rise" if low > 1 else "fall" if high < 1 else "none" if low == high == 1 else "unknown"
    if laboratory != other and laboratory and other:
        return None, direction, "the laboratory changed, and so may the method"
    if fall is None or rise is None:
        return None, direction, "no variation of this analyte is known"
    if low > 1 + rise or high < 1 + fall:
        return True, direction, ""
    if low >= 1 + fall and high <= 1 + rise:
        return False, direction, ""
    return None, direction, "a result is no single number, and its interval leaves it open"


class SeriesInputs:
    """Answers what the rules of follow-up ask: how many days have gone by, and what the series tells."""

    primitives = Plain()

    def __init__(self, days: Pair, told: Mapping[str, int]) -> None:
        self._days, self._told = days, told

    def measured(self, key: str, out: None = None) -> Pair:  # noqa: ARG002  # as every input of the rules
        assert key == "days_since_treatment"
        return self._days

    def reported(self, name: str, out: None = None) -> int:  # noqa: ARG002  # likewise
        return self._told[name.removeprefix("series:")]

    def coefficient(self, name: str) -> float:
        return coefficient_or_factor(name)

    def flag(self, key: str) -> int:  # noqa: ARG002  # likewise
        return 0


def told_by(
    draws: list[SeriesDraw],
    before: SeriesDraw,
    started: date,
    known: Mapping[str, Variation],
    *,
    route: str | None,
    unreported: int,
) -> dict[str, int]:
    """Return what the series tells of its last draw; `before` is the draw before treatment, or the first after it.

    `unreported` is the truth of a cause that no draw mentions.
    """
    last = draws[-1]
    earlier = before if before is not last else None
    baseline = before if before.when <= started else earlier
    between = [draw for draw in draws[:-1] if draw.when > started]
    told = {name: _TRUTH[last.result.findings[code].state] for name, code in _FINDINGS_NOW.items()}
    for marker in ABNORMAL:
        told[f"{marker}_abnormal_now"] = _abnormal(last, marker)
        told[f"{marker}_abnormal_before"] = _before(baseline, marker, started)
        told[f"{marker}_improved"] = UNKNOWN if earlier is None else _moved(marker, earlier, last, known, better=True)
        normal = [draw for draw in between if _abnormal(draw, marker) == 0]
        # What was normal before treatment was not made normal by it.
        may_relapse = normal and told[f"{marker}_abnormal_before"] != 0
        worse = _moved(marker, normal[-1], last, known, better=False) if may_relapse else 0
        told[f"{marker}_relapsed"] = min(told[f"{marker}_abnormal_now"], worse)
    told["no_draw_before"] = 2 * (before.when > started)
    terms = last.panel.terms
    told["oral"] = 2 * (route == "oral" if route else "b12_supplement" in terms)
    told["injections"] = 2 * (route == "intramuscular" if route else "recent_b12_dose" in terms)
    told["copper_risk"] = (
        2
        if last.result.findings["copper_deficiency_suspected"].state or {"bariatric_surgery", "zinc_excess"} & terms
        else 0
    )
    has_cause = any(draw.result.causes or term_groups(draw.panel.terms) & _CAUSES for draw in draws)
    told["cause_lasts"] = 2 if has_cause else unreported
    told["transfused"] = (
        2 if any("recent_transfusion" in draw.panel.terms for draw in draws if draw.when > started) else unreported
    )
    return told


def _abnormal(draw: SeriesDraw, marker: str) -> int:
    """Return whether a marker is abnormal.

    A metabolite that was not measured is not known, whatever other results say of it; nor is one that is raised and
    does not count, since the kidney or folate may explain it: it is not normal.
    """
    abnormal = _TRUTH[draw.result.findings[ABNORMAL[marker]].state]
    if marker not in _RAISED:
        return abnormal
    if marker not in draw.panel.results:
        return UNKNOWN
    return UNKNOWN if abnormal == 0 and draw.result.findings[_RAISED[marker]].state is not False else abnormal


def _before(draw: SeriesDraw | None, marker: str, started: date) -> int:
    """Return whether a marker was abnormal before: of a draw after the start, normal tells nothing."""
    abnormal = UNKNOWN if draw is None else _abnormal(draw, marker)
    return UNKNOWN if draw is not None and draw.when > started and abnormal == 0 else abnormal


def _moved(marker: str, one: SeriesDraw, other: SeriesDraw, known: Mapping[str, Variation], *, better: bool) -> int:
    if marker not in one.panel.results or marker not in other.panel.results:
        return UNKNOWN
    change = _change(marker, one, other, known)
    if change.real is None:
        return UNKNOWN
    wanted = "rise" if (marker in _IMPROVES_UPWARD) == better else "fall"
    return 2 if change.real and change.direction == wanted else 0


assert set(ABNORMAL) == set(MARKERS)

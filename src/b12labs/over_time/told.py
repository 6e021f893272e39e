"""The truths of a series of draws for the rules of follow-up: each marker by its own values, on their own days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic

from b12labs.inputs.units import coefficient_or_factor
from b12labs.inputs.variation import Variation
from b12labs.inputs.vocabulary import term_groups
from b12labs.logic.language import FALSE, TRUE, UNKNOWN
from b12labs.logic.scalars import ANYTHING, Pair, Plain
from b12labs.over_time.changes import judged_change
from b12labs.over_time.series import D, Draw
from b12labs.rules.follow_up import MARKERS

__all__ = ["ASKED_OF_DRAWS", "Series", "SeriesInputs", "told_by"]

_TRUTH = {True: TRUE, None: UNKNOWN, False: FALSE}

#: The finding of an abnormal marker.
_ABNORMAL = {"hemoglobin": "anemia", "mcv": "macrocytosis", "mma": "mma_counts", "homocysteine": "homocysteine_counts"}

#: The finding of a raised metabolite, whatever explains it.
_RAISED = {"mma": "raised_mma", "homocysteine": "raised_homocysteine"}

_IMPROVES_UPWARD = frozenset({"hemoglobin"})

#: Findings that are taken from the latest draw after the start in which they are decided.
_LATEST = {
    "b12_high_now": "high_b12",
    "iron_short": "iron_deficiency",
    "folate_short": "folate_deficiency",
    "inflammation": "raised_crp",
}

#: Findings for which one draw is enough: a report need not be repeated at every draw.
_EVER = {"nitrous_oxide": "nitrous_oxide", "nerves_affected": "neurological_involvement"}

_MEGALOBLASTIC, _KIDNEY, _RETICULOCYTES = "megaloblastic_picture", "reduced_kidney_function", "raised_reticulocytes"

#: Every finding that is read from a draw.
ASKED_OF_DRAWS = (
    *_ABNORMAL.values(),
    *_RAISED.values(),
    *_LATEST.values(),
    *_EVER.values(),
    _MEGALOBLASTIC,
    _KIDNEY,
    _RETICULOCYTES,
)

#: Groups of terms that are causes of deficiency: while they are reported, the need for B12 continues.
_CAUSES = frozenset({"group:malabsorption", "group:diet", "group:lowers_b12", "group:lifelong_parenteral"})


@dataclass(frozen=True, slots=True)
class Course(Generic[D]):
    """One marker over time.

    `before` is its last draw before treatment, else its first after the start; `last` is its last after the start.
    `judged` is `last`, unless that leaves open whether an abnormal marker has become normal. It is then the abnormal
    draw, since a marker stays abnormal until a later normal value.
    """

    marker: str
    before: D | None
    last: D | None
    judged: D | None
    abnormal_before: int
    abnormal_now: int
    after: tuple[D, ...]


class Series(Generic[D]):
    """The draws of one patient and the day on which treatment started."""

    def __init__(self, draws: list[D], started: date) -> None:
        self.draws = draws
        self.started = started
        self.after = [draw for draw in draws if draw.when > started]
        self.courses = {marker: self._course(marker) for marker in MARKERS}

    @property
    def last(self) -> D:
        """The last draw with a marker of treatment, else the last draw: a draw without one changes nothing."""
        return next(
            (draw for draw in reversed(self.after) if any(_holds(draw, key) for key in _WATCHED)), self.draws[-1]
        )

    @property
    def has_draw_before(self) -> bool:
        """Whether there is a draw from before treatment."""
        return self.draws[0].when <= self.started

    def days(self, draw: D | None) -> Pair:
        """Return the days from the start to a draw; unknown if there is none."""
        return ANYTHING if draw is None else (float(max((draw.when - self.started).days, 0)),) * 2

    def _course(self, marker: str) -> Course[D]:
        held = [draw for draw in self.draws if _holds(draw, marker)]
        after = [draw for draw in held if draw.when > self.started]
        before, abnormal_before = _judged([draw for draw in held if draw.when <= self.started], marker)
        if before is None and len(after) > 1:
            # A normal value after the start does not show that it was normal before.
            before, abnormal_before = after[0], max(_abnormal(after[0], marker), UNKNOWN)
        judged, abnormal_now = _judged(after, marker)
        last = after[-1] if after else None
        return Course(marker, before, last, judged, abnormal_before, abnormal_now, tuple(after))

    def latest(self, code: str) -> int:
        """Return a finding's truth in the latest draw after the start in which it is decided."""
        known = (draw.state(code) for draw in reversed(self.after))
        return next((state for state in known if state != UNKNOWN), UNKNOWN)

    def nearest(self, code: str, draw: D | None) -> int:
        """Return a finding's truth in a draw, else in the nearest draw in which it is decided."""
        if draw is None:
            return UNKNOWN
        by_distance = sorted(self.draws, key=lambda other: (other is not draw, abs((other.when - draw.when).days)))
        return next((state for other in by_distance if (state := other.state(code)) != UNKNOWN), UNKNOWN)

    def ever(self, code: str) -> int:
        """Return whether a finding holds in any draw."""
        return max(draw.state(code) for draw in self.draws)

    def reports(self, *terms: str) -> bool:
        """Return whether any draw reports one of the terms."""
        return any(draw.terms & set(terms) for draw in self.draws)


#: The analytes that show the effect of treatment in a draw after the start.
_WATCHED = (*MARKERS, "reticulocytes")


def _holds(draw: Draw, marker: str) -> bool:
    """Return whether a draw shows a marker; a blood count may show it by results other than the marker's own."""
    if draw.result(marker) is not None:
        return True
    return marker in _ABNORMAL and marker not in _RAISED and draw.state(_ABNORMAL[marker]) != UNKNOWN


def _abnormal(draw: Draw, marker: str) -> int:
    """Return whether a marker is abnormal.

    A metabolite that is raised but not taken as a sign of deficiency is unknown, not normal: the kidney or folate may
    explain it.
    """
    abnormal = draw.state(_ABNORMAL[marker])
    if marker in _RAISED and abnormal == FALSE and draw.state(_RAISED[marker]) != FALSE:
        return UNKNOWN
    return abnormal


def _judged(held: list[D], marker: str) -> tuple[D | None, int]:
    """Return the draw by which a marker is judged, and whether it is abnormal there."""
    judged: D | None = None
    abnormal: int = UNKNOWN
    for draw in held:
        state = _abnormal(draw, marker)
        if not (state == UNKNOWN and abnormal == TRUE):
            judged, abnormal = draw, state
    return judged, abnormal


class SeriesInputs:
    """The inputs of the rules of follow-up: values and days of the markers, and the truths of the series."""

    primitives = Plain()

    def __init__(self, series: Series[D], told: Mapping[str, int]) -> None:
        self._told = told
        mma = series.courses["mma"]
        self._measured = {
            "days_since_treatment": series.days(series.last),
            **{f"{marker}_days": series.days(course.judged) for marker, course in series.courses.items()},
            "reticulocytes_days": series.days(_last_with(series, "reticulocytes")),
            "mma_before": _interval(mma.before, "mma"),
            "mma_now": _interval(mma.last, "mma"),
            "mma_now_days": series.days(mma.last),
            "symptoms_days": series.days(_last_with_symptoms(series.after)),
        }

    def measured(self, key: str) -> Pair:
        return self._measured[key]

    def reported(self, name: str) -> int:
        return self._told[name.removeprefix("series:")]

    def coefficient(self, name: str) -> float:
        return coefficient_or_factor(name)

    def flag(self, key: str) -> int:  # noqa: ARG002  # the signature of inputs
        return 0


def _interval(draw: Draw | None, key: str) -> Pair:
    return (draw and draw.result(key)) or ANYTHING


def _last_with(series: Series[D], key: str) -> D | None:
    return next((draw for draw in reversed(series.after) if draw.result(key) is not None), None)


def _last_with_symptoms(draws: list[D]) -> D | None:
    return next((draw for draw in reversed(draws) if draw.symptoms is not None), None)


def told_by(series: Series[D], known: Mapping[str, Variation], *, route: str | None, unreported: int) -> dict[str, int]:
    """Return the truths of a series; `unreported` is the truth of a cause that no draw mentions."""
    told = {name: series.latest(code) for name, code in _LATEST.items()}
    told |= {name: series.ever(code) for name, code in _EVER.items()}
    for marker, course in series.courses.items():
        told |= {f"{marker}_{what}": truth for what, truth in _of_course(course, known).items()}
    # A measured marker that may be abnormal is not normal, whatever may explain it.
    told["not_normal_now"] = _TRUTH[
        any(course.judged is not None and course.abnormal_now != FALSE for course in series.courses.values())
    ]
    told["megaloblastic_now"] = series.nearest(_MEGALOBLASTIC, series.courses["hemoglobin"].judged)
    for marker in _RAISED:
        told[f"kidney_reduced_at_{marker}"] = series.nearest(_KIDNEY, series.courses[marker].last)
    reticulocytes = _last_with(series, "reticulocytes")
    told["reticulocytes_raised_now"] = UNKNOWN if reticulocytes is None else reticulocytes.state(_RETICULOCYTES)
    told["no_draw_before"] = _TRUTH[not series.has_draw_before]
    told["oral"] = _TRUTH[route == "oral" if route else series.reports("b12_supplement")]
    told["injections"] = _TRUTH[
        route == "intramuscular" if route else series.reports("recent_b12_dose", "b12_injections_now")
    ]
    has_cause = any(draw.has_known_cause or term_groups(draw.terms) & _CAUSES for draw in series.draws)
    told["cause_lasts"] = TRUE if has_cause else unreported
    transfused = any("recent_transfusion" in draw.terms for draw in series.after)
    told["transfused"] = TRUE if transfused else unreported
    return told | _of_nerves(series)


def _of_course(course: Course[D], known: Mapping[str, Variation]) -> dict[str, int]:
    """Return the truths of one marker's course."""
    normal = [draw for draw in course.after if draw is not course.judged and _abnormal(draw, course.marker) == FALSE]
    # A marker that was normal before treatment did not become normal by it.
    may_relapse = normal and course.abnormal_before != FALSE
    worse = _moved(course.marker, normal[-1], course.judged, known, better=False) if may_relapse else FALSE
    return {
        "abnormal_before": course.abnormal_before,
        "abnormal_now": course.abnormal_now,
        "improved": _moved(course.marker, course.before, course.last, known, better=True),
        "relapsed": min(course.abnormal_now, worse),
    }


def _moved(marker: str, one: Draw | None, other: Draw | None, known: Mapping[str, Variation], *, better: bool) -> int:
    """Return whether a marker improved, or worsened, by more than its variation."""
    if one is None or other is None or one is other:
        return UNKNOWN
    if one.result(marker) is None or other.result(marker) is None:
        return UNKNOWN
    change = judged_change(marker, one, other, known)
    if change.real is None:
        return UNKNOWN
    wanted = "rise" if (marker in _IMPROVES_UPWARD) == better else "fall"
    return _TRUTH[change.real and change.direction == wanted]


def _of_nerves(series: Series[D]) -> dict[str, int]:
    """Return whether a nerve symptom is new since the start, and whether an earlier one is still there.

    A draw that does not mention symptoms is ignored.
    """
    before = _last_with_symptoms([draw for draw in series.draws if draw.when <= series.started])
    now = _last_with_symptoms(series.after)
    if before is None or now is None or before.symptoms is None or now.symptoms is None:
        return {"nerves_new": UNKNOWN, "nerves_left": UNKNOWN}
    nerves = {term for term in now.symptoms if "group:neurological" in term_groups(frozenset({term}))}
    return {"nerves_new": _TRUTH[bool(nerves - before.symptoms)], "nerves_left": _TRUTH[bool(nerves & before.symptoms)]}


assert set(_ABNORMAL) == set(MARKERS)

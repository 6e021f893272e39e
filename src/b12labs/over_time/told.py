"""What a series of draws tells the rules of follow-up: each marker by its own values, on their own days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from b12labs.inputs.units import coefficient_or_factor
from b12labs.inputs.variation import Variation
from b12labs.inputs.vocabulary import term_groups
from b12labs.logic.scalars import ANYTHING, Pair, Plain
from b12labs.over_time.changes import change_of
from b12labs.over_time.series import SeriesDraw
from b12labs.rules.causes import PRESUMED
from b12labs.rules.follow_up import MARKERS

__all__ = ["Series", "SeriesInputs"]

FALSE, UNKNOWN, TRUE = 0, 1, 2
_TRUTH = {True: TRUE, None: UNKNOWN, False: FALSE}

#: The finding that says that a marker is abnormal.
_ABNORMAL = {"hemoglobin": "anemia", "mcv": "macrocytosis", "mma": "mma_counts", "homocysteine": "homocysteine_counts"}

#: The finding that says that a metabolite is raised, whatever explains it.
_RAISED = {"mma": "raised_mma", "homocysteine": "raised_homocysteine"}

_IMPROVES_UPWARD = frozenset({"hemoglobin"})

#: Findings of the latest draw after the start that knows them.
_LATEST = {
    "b12_high_now": "high_b12",
    "iron_short": "iron_deficiency",
    "folate_short": "folate_deficiency",
    "inflammation": "raised_crp",
}

#: Findings that one draw is enough for: what was reported once need not be said again at every draw.
_EVER = {"nitrous_oxide": "nitrous_oxide", "nerves_affected": "neurological_involvement"}

#: Groups of terms that are causes of deficiency: while they are reported, the need for B12 goes on.
_CAUSES = frozenset({"group:malabsorption", "group:diet", "group:lowers_b12", "group:lifelong_parenteral"})


@dataclass(frozen=True, slots=True)
class Course:
    """One marker over time.

    `before` is its last draw before treatment, else its first after the start; `last` its last after the start.
    `judged` is `last`, unless that leaves open whether an abnormal marker has become normal: then it is the abnormal
    one, since a marker stays abnormal until a later normal value.
    """

    marker: str
    before: SeriesDraw | None
    last: SeriesDraw | None
    judged: SeriesDraw | None
    abnormal_before: int
    abnormal_now: int
    after: tuple[SeriesDraw, ...]


class Series:
    """The draws of one patient, of whom treatment started on a day."""

    def __init__(self, draws: list[SeriesDraw], started: date) -> None:
        self.draws = draws
        self.started = started
        self.after = [draw for draw in draws if draw.when > started]
        self.courses = {marker: self._course(marker) for marker in MARKERS}

    @property
    def last(self) -> SeriesDraw:
        """The last draw that holds a marker of treatment, else the last draw: one without changes nothing."""
        return next(
            (draw for draw in reversed(self.after) if any(_holds(draw, key) for key in _WATCHED)), self.draws[-1]
        )

    @property
    def has_draw_before(self) -> bool:
        """Whether there is a draw from before treatment."""
        return self.draws[0].when <= self.started

    def days(self, draw: SeriesDraw | None) -> Pair:
        """Return how many days after the start a draw is; not known where there is none."""
        return ANYTHING if draw is None else (float(max((draw.when - self.started).days, 0)),) * 2

    def _course(self, marker: str) -> Course:
        held = [draw for draw in self.draws if _holds(draw, marker)]
        after = [draw for draw in held if draw.when > self.started]
        before, abnormal_before = _judged([draw for draw in held if draw.when <= self.started], marker)
        if before is None and len(after) > 1:
            # After the start normal tells nothing of before.
            before, abnormal_before = after[0], max(_abnormal(after[0], marker), UNKNOWN)
        judged, abnormal_now = _judged(after, marker)
        last = after[-1] if after else None
        return Course(marker, before, last, judged, abnormal_before, abnormal_now, tuple(after))

    def latest(self, code: str) -> int:
        """Return a finding's truth in the latest draw after the start that knows it."""
        known = (_state(draw, code) for draw in reversed(self.after))
        return next((state for state in known if state != UNKNOWN), UNKNOWN)

    def nearest(self, code: str, draw: SeriesDraw | None) -> int:
        """Return a finding's truth in a draw, else in the draw nearest to it that knows it."""
        if draw is None:
            return UNKNOWN
        by_distance = sorted(self.draws, key=lambda other: (other is not draw, abs((other.when - draw.when).days)))
        return next((state for other in by_distance if (state := _state(other, code)) != UNKNOWN), UNKNOWN)

    def ever(self, code: str) -> int:
        """Return whether a finding holds in any draw."""
        return max(_state(draw, code) for draw in self.draws)

    def reports(self, *terms: str) -> bool:
        """Return whether any draw reports one of the terms."""
        return any(draw.panel.terms & set(terms) for draw in self.draws)


#: What a draw after the start can tell of treatment by.
_WATCHED = (*MARKERS, "reticulocytes")


def _state(draw: SeriesDraw, code: str) -> int:
    return _TRUTH[draw.result.holds(code)]


def _holds(draw: SeriesDraw, marker: str) -> bool:
    """Return whether a draw tells of a marker; a blood count may tell it by other results than the marker's own."""
    if marker in draw.panel.results:
        return True
    return marker in _ABNORMAL and marker not in _RAISED and _state(draw, _ABNORMAL[marker]) != UNKNOWN


def _abnormal(draw: SeriesDraw, marker: str) -> int:
    """Return whether a marker is abnormal.

    A metabolite that is raised and does not count is not known, since the kidney or folate may explain it: it is not
    normal.
    """
    abnormal = _state(draw, _ABNORMAL[marker])
    if marker in _RAISED and abnormal == FALSE and _state(draw, _RAISED[marker]) != FALSE:
        return UNKNOWN
    return abnormal


def _judged(held: list[SeriesDraw], marker: str) -> tuple[SeriesDraw | None, int]:
    """Return the draw by which a marker is judged, and whether it is abnormal there."""
    judged, abnormal = None, UNKNOWN
    for draw in held:
        state = _abnormal(draw, marker)
        if not (state == UNKNOWN and abnormal == TRUE):
            judged, abnormal = draw, state
    return judged, abnormal


class SeriesInputs:
    """Answers what the rules of follow-up ask: values and days of the markers, and what the series tells."""

    primitives = Plain()

    def __init__(self, series: Series, told: Mapping[str, int]) -> None:
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

    def measured(self, key: str, out: None = None) -> Pair:  # noqa: ARG002  # as every input of the rules
        return self._measured[key]

    def reported(self, name: str, out: None = None) -> int:  # noqa: ARG002  # likewise
        return self._told[name.removeprefix("series:")]

    def coefficient(self, name: str) -> float:
        return coefficient_or_factor(name)

    def flag(self, key: str) -> int:  # noqa: ARG002  # likewise
        return 0


def _interval(draw: SeriesDraw | None, key: str) -> Pair:
    result = None if draw is None else draw.panel.results.get(key)
    return ANYTHING if result is None else (result.low, result.high)


def _last_with(series: Series, key: str) -> SeriesDraw | None:
    return next((draw for draw in reversed(series.after) if key in draw.panel.results), None)


def _last_with_symptoms(draws: list[SeriesDraw]) -> SeriesDraw | None:
    return next((draw for draw in reversed(draws) if draw.symptoms is not None), None)


def told_by(series: Series, known: Mapping[str, Variation], *, route: str | None, unreported: int) -> dict[str, int]:
    """Return what a series tells; `unreported` is the truth of a cause that no draw mentions."""
    told = {name: series.latest(code) for name, code in _LATEST.items()}
    told |= {name: series.ever(code) for name, code in _EVER.items()}
    for marker, course in series.courses.items():
        told |= {f"{marker}_{what}": truth for what, truth in _of_course(course, known).items()}
    # What was measured and may be abnormal is not normal, whatever may explain it.
    told["not_normal_now"] = _TRUTH[
        any(course.judged is not None and course.abnormal_now != FALSE for course in series.courses.values())
    ]
    told["megaloblastic_now"] = series.nearest("megaloblastic_picture", series.courses["hemoglobin"].judged)
    for marker in _RAISED:
        told[f"kidney_reduced_at_{marker}"] = series.nearest("reduced_kidney_function", series.courses[marker].last)
    reticulocytes = _last_with(series, "reticulocytes")
    told["reticulocytes_raised_now"] = (
        UNKNOWN if reticulocytes is None else _state(reticulocytes, "raised_reticulocytes")
    )
    told["no_draw_before"] = _TRUTH[not series.has_draw_before]
    told["oral"] = _TRUTH[route == "oral" if route else series.reports("b12_supplement")]
    told["injections"] = _TRUTH[
        route == "intramuscular" if route else series.reports("recent_b12_dose", "b12_injections_now")
    ]
    has_cause = any(
        {words for cause in draw.result.causes for words in cause.speaks_for} - {PRESUMED}
        or term_groups(draw.panel.terms) & _CAUSES
        for draw in series.draws
    )
    told["cause_lasts"] = TRUE if has_cause else unreported
    transfused = any("recent_transfusion" in draw.panel.terms for draw in series.after)
    told["transfused"] = TRUE if transfused else unreported
    return told | _of_nerves(series)


def _of_course(course: Course, known: Mapping[str, Variation]) -> dict[str, int]:
    """Return what one marker's course tells."""
    normal = [draw for draw in course.after if draw is not course.judged and _abnormal(draw, course.marker) == FALSE]
    # What was normal before treatment was not made normal by it.
    may_relapse = normal and course.abnormal_before != FALSE
    worse = _moved(course.marker, normal[-1], course.judged, known, better=False) if may_relapse else FALSE
    return {
        "abnormal_before": course.abnormal_before,
        "abnormal_now": course.abnormal_now,
        "improved": _moved(course.marker, course.before, course.last, known, better=True),
        "relapsed": min(course.abnormal_now, worse),
    }


def _moved(
    marker: str, one: SeriesDraw | None, other: SeriesDraw | None, known: Mapping[str, Variation], *, better: bool
) -> int:
    """Return whether a marker moved to the better, or the worse, by more than it varies."""
    if one is None or other is None or one is other:
        return UNKNOWN
    if marker not in one.panel.results or marker not in other.panel.results:
        return UNKNOWN
    change = change_of(marker, one, other, known)
    if change.real is None:
        return UNKNOWN
    wanted = "rise" if (marker in _IMPROVES_UPWARD) == better else "fall"
    return _TRUTH[change.real and change.direction == wanted]


def _of_nerves(series: Series) -> dict[str, int]:
    """Return whether a nerve symptom is new since the start, and whether one from before is still there.

    A draw that says nothing of symptoms tells nothing of them.
    """
    before = _last_with_symptoms([draw for draw in series.draws if draw.when <= series.started])
    now = _last_with_symptoms(series.after)
    if before is None or now is None or before.symptoms is None or now.symptoms is None:
        return {"nerves_new": UNKNOWN, "nerves_left": UNKNOWN}
    nerves = {term for term in now.symptoms if "group:neurological" in term_groups(frozenset({term}))}
    return {"nerves_new": _TRUTH[bool(nerves - before.symptoms)], "nerves_left": _TRUTH[bool(nerves & before.symptoms)]}


assert set(_ABNORMAL) == set(MARKERS)

"""follow_up(): draws over time, compared with the expected effects of treatment."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from b12labs.answer.citing import cite
from b12labs.answer.parts import Statement
from b12labs.answer.problems import KeptProblem
from b12labs.answer.words import NOTE
from b12labs.errors import PanelError, checked_word
from b12labs.inputs.options import Errors, UnreportedContext, reports_errors, unreported_truth
from b12labs.inputs.variation import OwnVariation, Variation, variations
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.stratified import limits_of
from b12labs.logic.language import FALSE, TRUE
from b12labs.logic.open import outcomes, single_outcome
from b12labs.logic.program import Program, Values
from b12labs.over_time.changes import Change, changes_before_and_after, changes_since_last
from b12labs.over_time.series import D, SeriesDraw, read_date, read_draws
from b12labs.over_time.symptoms import SymptomOverTime, symptoms_over_time
from b12labs.over_time.told import Series, SeriesInputs, told_by
from b12labs.patient.explanation import statements
from b12labs.reasoning.compiled import named
from b12labs.reference import coefficient, formulas
from b12labs.reference.frozen import Answered
from b12labs.rules import FOLLOW_UP
from b12labs.rules.follow_up import BECAUSE, CONSIDER, MARKERS, response
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.text import WIDTH, StrPath, as_words

__all__ = [
    "Expectation",
    "FollowUp",
    "JudgedResponse",
    "NextCheck",
    "RouteGiven",
    "follow_up",
    "judged_response",
    "next_checks",
]

RouteGiven = Literal["oral", "intramuscular"]


#: Findings that are repeated from any draw: they prevent a result from being read as an end of treatment.
_SAID_AGAIN = ("lifelong_treatment", "high_b12_explained", "b12_not_for_monitoring", "stop_nitrous_oxide")


class Expectation(Answered):
    """The expected effect on one marker by a day: `met` is None if it is not due or not known."""

    marker: str
    label: str
    by: date | None
    met: bool | None
    source: str


class NextCheck(Answered):
    """The next check and its day."""

    when: date
    what: str
    source: str


class FollowUp(Answered):
    """The response to treatment.

    `response` is `responding`, `partial`, `none`, `too_early`, `over_treated`, `relapse` or `undetermined`. Each marker
    is judged by its own latest value; `days` and `status` are of the last draw with a marker. `changes` are from each
    analyte's last value before treatment (or its first) to its last; `since_last` are from its second last to its last.
    `symptoms` are those that the draws report. `consider` lists explanations if treatment does not work as expected.
    `next_review` is the first of `next_checks`, or None if the sources give no later one.
    """

    response: str
    statement: str
    days: int
    because: tuple[Statement, ...]
    changes: tuple[Change, ...]
    since_last: tuple[Change, ...]
    symptoms: tuple[SymptomOverTime, ...] = ()
    expectations: tuple[Expectation, ...]
    consider: tuple[Statement, ...]
    remember: tuple[Statement, ...]
    next_review: date | None
    next_checks: tuple[NextCheck, ...]
    status: str
    possible: tuple[str, ...]
    assumptions: tuple[str, ...]
    problems: tuple[KeptProblem, ...]
    sources: tuple[str, ...]
    guideline: str

    def __str__(self) -> str:
        return _as_text(self)


@cache
def follow_up_program() -> Program:
    """Return the compiled rules of follow-up."""
    return Program(FOLLOW_UP)


def follow_up(
    draws: Iterable[Any],
    *,
    treatment_started: date | str | None = None,
    route: RouteGiven | None = None,
    guideline: str = DEFAULT_GUIDELINE,
    variation: OwnVariation | None = None,
    unreported_context: UnreportedContext = "absent",
    errors: Errors = "raise",
    mapping: SiteMapping | StrPath | None = None,
) -> FollowUp:
    """Read one patient's draws over time: real changes, and the response to treatment.

    Parameters
    ----------
    draws
        One or more draws in any order: mappings with `date`, perhaps `laboratory`, and the keywords of `interpret()`;
        pairs of a date and such a mapping or a `Panel`; or the draws of a `Reading` of `b12labs.integrations`.
    treatment_started
        The day of the first dose. By default it is the day of the first draw, and `assumptions` says so.
    route
        The route of B12, `oral` or `intramuscular`; by default from the terms that the draws report.
    variation
        Your own CVs in percent by analyte, which take precedence over the published ones.
    guideline, unreported_context, errors, mapping
        As for `interpret`.

    Raises `B12LabsError`, which names the field, and `PanelError` without a draw (`no_draws`) or for an unknown route
    (`unknown_route`).

    >>> from b12labs import follow_up
    >>> woman = {"age": 67, "sex": "female"}
    >>> before = {"date": "2026-01-05", "hemoglobin": "88 g/L", "mcv": "118 fL", "mma": "1.9 umol/L", **woman}
    >>> after = {"date": "2026-03-10", "hemoglobin": "126 g/L", "mcv": "94 fL", "mma": "0.21 umol/L", **woman}
    >>> found = follow_up([before, after], treatment_started="2026-01-06", route="intramuscular")
    >>> found.response, [str(change) for change in found.changes][0]
    ('responding', 'MMA: 1.9 µmol/L -> 0.21 µmol/L (-89%), a real fall')

    """
    checked_word("route", route, RouteGiven | None)
    report, unreported, known = reports_errors(errors), unreported_truth(unreported_context), variations(variation)
    read = read_draws(draws, limits_of(guideline), report=report, mapping=as_mapping(mapping), unreported=unreported)
    if not read:
        raise PanelError("draws: expected at least one draw, got none", code="no_draws", field="draws")
    started = read[0].when if treatment_started is None else read_date(treatment_started, "treatment_started")
    series = Series(read, started)
    last = series.last
    judged = judged_response(series, known, route=route, unreported=unreported)
    told, values, answer = judged.told, judged.values, judged.answer
    treatment = last.interpretation.treatment
    source = treatment.regimen.review_source if treatment.regimen else "nice-ng239"
    checks = next_checks(last.when, started, told, treatment.review_days, source)
    because, consider = statements(BECAUSE, values), statements(CONSIDER, values)
    return FollowUp(
        response=answer,
        statement=response.sentences[answer],
        days=(last.when - started).days,
        because=because,
        changes=tuple(changes_before_and_after(read, started, known)),
        since_last=tuple(changes_since_last(read, known)),
        symptoms=symptoms_over_time(read),
        expectations=tuple(_expectations(values, told, started)),
        consider=consider,
        remember=_said_again(read),
        next_review=checks[0].when if checks else None,
        next_checks=tuple(checks),
        status=last.interpretation.status,
        possible=named(response, judged.possible),
        assumptions=_assumptions(read, started, given=treatment_started is not None),
        problems=tuple(problem for draw in read for problem in draw.interpretation.problems),
        sources=tuple(
            dict.fromkeys((*response.sources, *(source for each in (*because, *consider) for source in each.sources)))
        ),
        guideline=guideline,
    )


@dataclass(frozen=True, slots=True)
class JudgedResponse:
    """The truths of a series, the rules' values for them, and the possible outcomes, one bit each."""

    told: dict[str, int]
    values: Values
    possible: int
    answer: str


def judged_response(
    series: Series[D], known: Mapping[str, Variation], *, route: str | None, unreported: int
) -> JudgedResponse:
    """Judge the response to treatment by the draws of one patient."""
    told = told_by(series, known, route=route, unreported=unreported)
    values = follow_up_program().run(SeriesInputs(series, told))  # type: ignore[arg-type]  # needs fewer inputs
    possible = outcomes(response, values)
    return JudgedResponse(told, values, possible, single_outcome(response, possible) or "undetermined")


def _said_again(read: list[SeriesDraw]) -> tuple[Statement, ...]:
    """Return the repeated findings, each from the latest draw in which it holds."""
    found = [
        next((draw.interpretation.findings[code] for draw in reversed(read) if draw.interpretation.holds(code)), None)
        for code in _SAID_AGAIN
    ]
    return tuple(Statement(code=each.code, text=each.statement, sources=each.sources) for each in found if each)


def _expectations(values: Values, told: dict[str, int], started: date) -> Iterable[Expectation]:
    truth = {rule.code: values.of(rule) for rule in BECAUSE}
    by = started + timedelta(days=int(coefficient("recovery.days")))
    for marker, label in MARKERS.items():
        if told[f"{marker}_abnormal_before"] == FALSE:
            continue
        missed = truth[f"{marker}_left"] == TRUE or (marker == "hemoglobin" and truth["hemoglobin_not_rising"] == TRUE)
        normal = truth[f"{marker}_answered"] == TRUE and told[f"{marker}_abnormal_now"] == FALSE
        met = False if missed else True if normal else None
        yield Expectation(marker=marker, label=f"{label} normal", by=by, met=met, source=formulas()["recovery"].source)


def next_checks(
    last: date, started: date, told: dict[str, int], review_days: int | None, review_source: str = ""
) -> list[NextCheck]:
    """Return the checks for which the sources give a time after the last draw, in order of time."""
    anemic = told["hemoglobin_abnormal_before"] == TRUE
    planned = [
        ("reticulocyte_peak", "first", "reticulocytes, at their peak") if anemic else None,
        ("hemoglobin_rise", "days", "hemoglobin, which should have started to rise") if anemic else None,
        ("recovery", "days", "blood count, MMA or homocysteine, which should be normal"),
    ]
    checks = [
        NextCheck(
            when=started + timedelta(days=int(coefficient(f"{name}.{key}"))), what=what, source=formulas()[name].source
        )
        for name, key, what in filter(None, planned)
    ]
    if review_days is not None:
        when = started + timedelta(days=review_days)
        checks.append(NextCheck(when=when, what="first review with the patient", source=review_source))
    return sorted((check for check in checks if check.when > last), key=lambda check: check.when)


def _assumptions(read: list[SeriesDraw], started: date, *, given: bool) -> tuple[str, ...]:
    said = [] if given else ["treatment started on the day of the first draw"]
    if read[0].when > started:
        said.append("no draw is from before treatment: the response is judged against normal values")
    if len({draw.laboratory for draw in read if draw.laboratory}) > 1:
        said.append("draws are from different laboratories: changes between them are not judged")
    return tuple(said)


def _as_text(found: FollowUp) -> str:
    """Return the report on a follow-up."""
    lines = [f"{as_words(found.response).upper()} after {found.days} days: {found.statement}"]
    lines += [f"{said.text} {cite(said.sources)}" for said in found.because]
    parts = [
        ("Changes since before treatment", [str(change) for change in found.changes]),
        ("Symptoms", [str(symptom) for symptom in found.symptoms]),
        ("Consider", [f"{said.text} {cite(said.sources)}" for said in found.consider]),
        ("Remember", [f"{said.text} {cite(said.sources)}" for said in found.remember]),
        ("Next", [f"{check.when}: {check.what} {cite([check.source])}" for check in found.next_checks]),
        ("Problems", [problem.message for problem in found.problems]),
        ("Assumed", list(found.assumptions)),
    ]
    shown = [line for text in lines for line in textwrap.wrap(text, WIDTH, subsequent_indent="  ")]
    for title, texts in parts:
        if texts:
            shown += [
                "",
                title,
                *(
                    line
                    for text in texts
                    for line in textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
                ),
            ]
    return "\n".join([*shown, "", NOTE])

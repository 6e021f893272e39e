"""The plan: treatment, causes to look for, and the combined index, in words with their sources."""

from __future__ import annotations

from functools import cache

from b12labs.answer import parts
from b12labs.answer.answers import VERDICTS
from b12labs.logic import language as logic
from b12labs.logic.language import FALSE, TRUE
from b12labs.logic.open import outcomes, single_outcome
from b12labs.logic.program import Truths, Values
from b12labs.logic.scalars import ANYTHING
from b12labs.patient.explanation import statements
from b12labs.patient.regimen import REGIMEN_RULES, chosen_regimen
from b12labs.reference import Formulary, coefficient, folic_acid
from b12labs.rules import CAUSES, advice, bedside, combined_index, do_now, treatment
from b12labs.rules.b12_status import b12_deficiency
from b12labs.rules.causes import PRESUMED, malabsorption_reported

__all__ = [
    "CAUSE_RULES",
    "REVIEW_RULES",
    "are_causes_named",
    "causes",
    "first_review",
    "index",
    "is_cause_known",
    "treatment_plan",
]

#: The rules that decide whether a cause is known and named.
CAUSE_RULES: tuple[logic.Truth, ...] = (
    b12_deficiency,
    treatment.lifelong_treatment,
    *(truth for cause in CAUSES for truth, _ in cause.speaks_for),
)

#: The rules that decide the day of the first review.
REVIEW_RULES: tuple[logic.Truth, ...] = (
    *(case.when for case in treatment.treatment_route.cases),
    *REGIMEN_RULES,
    advice.review_in_pregnancy,
)

_FOR_LIFE = "for life"

_WHILE_MALABSORBED = (
    "while the cause lasts, which with malabsorption is usually for life; stop only when it is gone and symptoms are "
    "better"
)

_WHILE_CAUSE = "while the cause lasts; stop only when it is gone and symptoms are better"

_CAUSE_UNKNOWN = "while the cause is not known"


def treatment_plan(route: str | None, values: Values, formulary: Formulary) -> parts.Treatment:
    """Return the suggested treatment; a route of None depends on open questions."""
    case = _case(route, values)
    chosen = chosen_regimen(case, values, formulary)
    review_days, review = _review(chosen.regimen, values)
    return parts.Treatment(
        route=VERDICTS["treatment_route"].word(route),  # type: ignore[arg-type]  # pydantic checks the word
        statement=_said(route, case),
        because=statements(_reasons(case), values) if case else (),
        options=_options(route),
        regimen=chosen.regimen,
        duration=_duration(values) if route not in (None, "none") else "",
        cautions=(*chosen.said, *statements(advice.CAUTIONS, values)),
        also=(*statements((*advice.ALSO, *bedside.FORMS), values), *_folic_acid(values, formulary)),
        diet=statements(advice.DIET, values),
        recovery=statements(advice.RECOVERY, values),
        review=review,
        review_days=review_days,
        sources=treatment.treatment_route.sources,
    )


def _case(route: str | None, values: Truths) -> logic.Case | None:
    """Return the case that gives a route: the first that holds, else the first that may."""
    cases = [case for case in treatment.treatment_route.cases if case.outcome == route]
    return max(cases, key=lambda case: int(values.of(case.when)), default=None)


def _said(route: str | None, case: logic.Case | None) -> str:
    if route is None:
        return "Whether B12 treatment is needed depends on questions that are still open."
    return (case or treatment.treatment_route.otherwise).says


@cache
def _reasons(case: logic.Case) -> tuple[logic.Finding, ...]:
    inside = set(case.when.walk())
    return tuple(rule for rule in treatment.REASONS if rule in inside)


def _options(route: str | None) -> tuple[str, ...]:
    return {
        "oral_or_intramuscular": ("oral", "intramuscular"),
        "oral": ("oral", "intramuscular"),
        "intramuscular": ("intramuscular",),
    }.get(route or "", ())


def _folic_acid(values: Values, formulary: Formulary) -> tuple[parts.Statement, ...]:
    """Return the formulary's dose of folic acid if it is to be given."""
    if values.of(advice.treat_folate_too) != TRUE:
        return ()
    dose = folic_acid(formulary)
    text = f"Folic acid ({formulary.upper()}): {dose.dose} [{dose.checked}]."
    return (parts.Statement(code="folic_acid", text=text, sources=(dose.source,)),)


def _duration(values: Values) -> str:
    if values.of(do_now.lasting_cause) == TRUE:
        return _FOR_LIFE
    if values.of(malabsorption_reported) == TRUE:
        return _WHILE_MALABSORBED
    return _WHILE_CAUSE if is_cause_known(values) else _CAUSE_UNKNOWN


def is_cause_known(values: Truths) -> bool:
    """Return whether anything supports a cause, other than the presumption that there is one."""
    return any(values.of(truth) == TRUE for cause in CAUSES for truth, words in cause.speaks_for if words != PRESUMED)


def first_review(route: str | None, values: Truths, formulary: Formulary) -> int | None:
    """Return the number of days until the first review, or None if there is no date."""
    return _review(chosen_regimen(_case(route, values), values, formulary).regimen, values)[0]


def _review(chosen: parts.Regimen | None, values: Truths) -> tuple[int | None, tuple[parts.Statement, ...]]:
    """Return the days until the first review and its sentence: one date, the earliest."""
    dates: list[tuple[int, tuple[parts.Statement, ...]]] = []
    if values.of(advice.review_in_pregnancy) == TRUE:
        days = int(coefficient("review_in_pregnancy.days"))
        dates.append((days, statements([advice.review_in_pregnancy], values)))
    if chosen is not None:
        said = parts.Statement(code="review", text=f"Review: {chosen.review}.", sources=(chosen.review_source,))
        dates.append((chosen.review_days, (said,)))
    return min(dates, key=lambda date: date[0], default=(None, ()))


def are_causes_named(values: Truths) -> bool:
    """Return whether causes are named: if B12 may be short, or if treatment is lifelong."""
    return bool(values.of(b12_deficiency) != FALSE or values.of(treatment.lifelong_treatment) == TRUE)


def causes(values: Values) -> tuple[parts.Cause, ...]:
    """Return the causes with any support, the established ones first, then in the order of the rules."""
    found: list[parts.Cause] = []
    for cause in CAUSES:
        speaks_for = tuple(words for truth, words in cause.speaks_for if values.of(truth) == TRUE)
        if speaks_for:
            established = cause.established is not None and values.of(cause.established) == TRUE
            found.append(
                parts.Cause(
                    code=cause.code,
                    label=cause.label,
                    established=established,
                    speaks_for=speaks_for,
                    speaks_against=tuple(words for truth, words in cause.speaks_against if values.of(truth) == TRUE),
                    settled_by=cause.settled_by,
                    sources=cause.sources,
                )
            )
    return tuple(sorted(found, key=lambda cause: not cause.established))


def index(values: Values) -> parts.CombinedIndex | None:
    """Return 4cB12 with its class, or its bounds if a marker is missing.

    Return None if it has neither a class nor a value.
    """
    if values.of(combined_index.combined_index_valid) != TRUE:
        return None
    low, high = values.of(combined_index.combined_index)
    decided = single_outcome(combined_index.combined_index_class, outcomes(combined_index.combined_index_class, values))
    measured = [key for key in ("b12", "holotc", "mma", "homocysteine") if values.inputs.measured(key) != ANYTHING]
    if decided is None and len(measured) < 4:
        return None
    return parts.CombinedIndex(
        low=parts.bounded(round(low, 4)),
        high=parts.bounded(round(high, 4)),
        index_class=decided,
        measured=tuple(measured),
        caveats=combined_index.CAVEATS,
        sources=combined_index.combined_index_class.sources,
    )

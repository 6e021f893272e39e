"""screen(): from symptoms and risk factors alone, is a test for B12 deficiency advised, and which one first."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from b12labs.inputs.panel import Problem, read_panel
from b12labs.inputs.vocabulary import unreported_truth
from b12labs.limits.stratified import limits_of
from b12labs.logic.language import Finding, Verdict
from b12labs.logic.program import Values, outcomes, single_outcome
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.compiled import named
from b12labs.reasoning.screening import DEPENDS, GUIDELINE, HANGS_ON_UNREAD, is_context, screening_program
from b12labs.reference import analytes, context
from b12labs.rules import SCREENING
from b12labs.rules.screening import first_test, testing

__all__ = ["Screening", "screen"]

#: The test or tests that each outcome of `first_test` stands for; any one of them.
FIRST_TESTS = {
    "homocysteine_or_mma": ("homocysteine", "mma"),
    "holotc": ("holotc",),
    "b12_or_holotc": ("b12", "holotc"),
    DEPENDS: (),
}


class Screening(BaseModel):
    """Whether to test, which test first (any one of `first_tests`), and why.

    `advice` is `test_and_treat`, `offer`, `judgment`, `not_advised`, `not_covered`, or `depends` where it hangs on what
    is not known: then `possible` says which. `symptoms` and `risk_factors` are those reported that the guideline's rule
    counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    advice: str
    statement: str
    first_tests: tuple[str, ...]
    first_test_statement: str
    symptoms: tuple[str, ...]
    risk_factors: tuple[str, ...]
    possible: tuple[str, ...]
    problems: tuple[Problem, ...]
    guideline: str
    sources: tuple[str, ...]
    note: str = "Take blood before giving B12. A normal blood count does not exclude deficiency."

    def __str__(self) -> str:
        why = "; ".join((*self.symptoms, *self.risk_factors))
        tests = " or ".join(analytes()[key].label for key in self.first_tests)
        first = f" First test: {tests}. {self.first_test_statement}" if tests else ""
        unread = "".join(f" Not read: {problem.message}." for problem in self.problems)
        return f"{self.statement}{f' Reported: {why}.' if why else ''}{unread}{first} {self.note} [{self.guideline}]"


def screen(
    *,
    unreported_context: Literal["absent", "unknown"] = "absent",
    errors: Literal["raise", "report"] = "raise",
    **patient: Any,
) -> Screening:
    """Say whether symptoms and risk factors call for a test, by NICE NG239.

    A common symptom or sign together with a common risk factor.

    Parameters
    ----------
    unreported_context
        Whether a symptom, medicine or diagnosis that is not mentioned is taken as absent, or as unknown.
    errors
        `raise` a `B12LabsError` on a value that cannot be read, or `report` it under `problems` and go on without it. A
        word that is not read may be any symptom or risk factor: where nothing, or judgment alone, would be advised,
        those not mentioned are unknown then.
    patient
        `age`, `sex`, `pregnant`, `trimester`, `symptoms`, `risk_factors`, `medicines`, `diagnoses`, or a term itself
        (`metformin="yes"`).

    Raises `B12LabsError` that names the field.

    >>> from b12labs import screen
    >>> found = screen(age=67, symptoms=["numbness"], medicines=["metformin"])
    >>> found.advice, found.first_tests
    ('offer', ('b12', 'holotc'))

    """
    panel = read_panel(patient, report=errors == "report")
    values = screening_program().run(
        PatientInputs(panel, limits_of(GUIDELINE), unreported_context=unreported_truth(unreported_context))
    )
    if single_outcome(testing, outcomes(testing, values)) in HANGS_ON_UNREAD and any(map(is_context, panel.problems)):
        values = screening_program().run(PatientInputs(panel, limits_of(GUIDELINE), unreported_context=1))
    possible = outcomes(testing, values)
    advice = single_outcome(testing, possible) or DEPENDS
    first = single_outcome(first_test, outcomes(first_test, values)) or DEPENDS
    terms = [context().terms[key] for key in sorted(panel.terms)]
    return Screening(
        advice=advice,
        statement=_says(testing, advice),
        first_tests=FIRST_TESTS[first] if advice not in ("not_advised", "not_covered") else (),
        first_test_statement=_says(first_test, first),
        symptoms=tuple(term.label for term in terms if {"test_symptom", "neurological"} & set(term.groups)),
        risk_factors=tuple(term.label for term in terms if "test_risk" in term.groups),
        possible=named(testing, possible),
        problems=panel.problems,
        guideline=GUIDELINE,
        sources=_sources(values),
    )


def _says(verdict: Verdict, outcome: str) -> str:
    return verdict.sentences.get(outcome, "It depends on what is not known.")


def _sources(values: Values) -> tuple[str, ...]:
    found = (
        source for rule in SCREENING if not isinstance(rule, Finding) or values.of(rule) == 2 for source in rule.sources
    )
    return tuple(dict.fromkeys(found))

"""screen(): whether symptoms and risk factors alone call for a test for B12 deficiency, and for which one first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from b12labs.answer.parts import Statement
from b12labs.answer.problems import KeptProblem
from b12labs.errors import PanelError
from b12labs.inputs.options import Errors, UnreportedContext, reports_errors, unreported_truth
from b12labs.inputs.panel import Panel
from b12labs.limits.stratified import limits_of
from b12labs.logic.language import UNKNOWN
from b12labs.logic.open import outcomes, single_outcome
from b12labs.patient.explanation import statements
from b12labs.patient.inputs import PatientInputs
from b12labs.patient.panel_values import ContextValues
from b12labs.reasoning.compiled import named
from b12labs.reasoning.screening import DEPENDS, GUIDELINE, HANGS_ON_UNREAD, is_context, screening_program, testing_by
from b12labs.reference import analytes, context
from b12labs.reference.frozen import Answered
from b12labs.rules.screening import ALSO_SAID, ASSUMED, first_test, unpaired_symptom_and_risk
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.site_mapping.panels import panel_of
from b12labs.text import StrPath

__all__ = ["Screening", "screen"]

#: The test or tests of each outcome of `first_test`; any one of them is enough.
FIRST_TESTS = {
    "homocysteine_or_mma": ("homocysteine", "mma"),
    "holotc": ("holotc",),
    "b12_or_holotc": ("b12", "holotc"),
    DEPENDS: (),
}
SYMPTOM_GROUPS = {"b12_symptom", "other_symptom"}
RISK_GROUPS = {"test_risk", "other_test_risk", "aafp_2017_risk"}


class Screening(Answered):
    """Whether to test, which test first (any one of `first_tests`), and why.

    `advice` is `test_and_treat`, `offer`, `judgment`, `not_advised`, `not_covered`, or `depends` if it depends on
    missing information; `possible` then lists the outcomes. `symptoms` and `risk_factors` are the reported ones that
    matter for it, on the guideline's list or not. `also` is further advice, and `assumptions` are assumed facts.
    """

    advice: str
    statement: str
    first_tests: tuple[str, ...]
    first_test_statement: str
    symptoms: tuple[str, ...]
    risk_factors: tuple[str, ...]
    possible: tuple[str, ...]
    also: tuple[Statement, ...] = ()
    assumptions: tuple[str, ...] = ()
    problems: tuple[KeptProblem, ...]
    guideline: str
    sources: tuple[str, ...]
    note: str = "Take blood before giving B12. A normal blood count does not exclude deficiency."

    def __str__(self) -> str:
        why = "; ".join((*self.symptoms, *self.risk_factors))
        tests = " or ".join(analytes()[key].label for key in self.first_tests)
        said = [self.statement, *(each.text for each in self.also)]
        said += [f"Reported: {why}."] if why else []
        said += [f"Assumed: {'; '.join(self.assumptions)}."] if self.assumptions else []
        said += [f"Not read: {problem.message}." for problem in self.problems]
        said += [f"First test: {tests}. {self.first_test_statement}"] if tests else []
        return " ".join([*said, self.note, f"[{self.guideline}]"])


def screen(
    panel: Panel | Mapping[str, Any] | None = None,
    *,
    guideline: str = GUIDELINE,
    unreported_context: UnreportedContext = "absent",
    errors: Errors = "raise",
    mapping: SiteMapping | StrPath | None = None,
    **patient: Unpack[ContextValues],
) -> Screening:
    """Return whether symptoms and risk factors call for a test.

    NG239 and AAFP 2025 offer a test for a common symptom or sign together with a common risk factor, and AAFP 2017 for
    a risk factor. By each of them, another symptom with any risk factor is a matter of judgment.

    Parameters
    ----------
    panel
        A `Panel`, or the patient as a mapping. Otherwise, give the patient by name, as under `patient`.
    guideline
        The guideline: `nice-ng239`, `aafp-2017` or `aafp-2025`.
    unreported_context
        Whether a symptom, medicine or diagnosis that is not mentioned is taken as absent, or as unknown.
    errors
        `raise` a `B12LabsError` for a value that cannot be read, or `report` it under `problems` and continue without
        it. An unread word may be any symptom or risk factor. So if no test, or only judgment, would be advised, terms
        that are not mentioned become unknown.
    mapping
        A site's own words, or the path of its file (docs/tables.md).
    patient
        `age`, `sex`, `pregnant`, `trimester`, `symptoms`, `risk_factors`, `medicines`, `diagnoses`, or a term itself
        (`metformin="yes"`).

    Raises `B12LabsError`, which names the field.

    >>> from b12labs import screen
    >>> found = screen(age=67, symptoms=["numbness"], medicines=["metformin"])
    >>> found.advice, found.first_tests
    ('offer', ('b12', 'holotc'))
    >>> screen(age=67, symptoms=["achy legs"], risk_factors=["vegan"]).advice
    'judgment'
    >>> screen(age=67, medicines=["metformin"], guideline="aafp-2017").advice
    'offer'

    """
    testing, limits = testing_by(guideline), limits_of(guideline)
    unreported = unreported_truth(unreported_context)
    report = reports_errors(errors)
    panel = panel_of(panel, patient, units=None, decimal=None, mapping=mapping, report=report)
    for key in (*panel.results, *panel.set_aside):
        raise PanelError(
            f"{key}: screen() reads no results, only symptoms and risk factors. Use interpret() for results.",
            code="result_given",
            field=key,
        )
    values = screening_program().run(PatientInputs(panel, limits, unreported=unreported))
    if single_outcome(testing, outcomes(testing, values)) in HANGS_ON_UNREAD and any(map(is_context, panel.problems)):
        unreported = UNKNOWN
        values = screening_program().run(PatientInputs(panel, limits, unreported=unreported))
    possible = outcomes(testing, values)
    advice = single_outcome(testing, possible) or DEPENDS
    first = single_outcome(first_test, outcomes(first_test, values)) or DEPENDS
    also = statements(
        (rule for rule in ALSO_SAID if advice == "judgment" or rule is not unpaired_symptom_and_risk), values
    )
    cited = (*testing.sources, *(source for said in also for source in said.sources), *first_test.sources)
    return Screening(
        advice=advice,
        statement=testing.sentences.get(advice) or _depends(panel, unreported),
        first_tests=FIRST_TESTS[first] if advice not in ("not_advised", "not_covered") else (),
        first_test_statement=first_test.sentences.get(first, "It depends on missing information."),
        symptoms=_labels(panel, SYMPTOM_GROUPS),
        risk_factors=_labels(panel, RISK_GROUPS),
        possible=named(testing, possible),
        also=also,
        assumptions=_assumptions(panel, guideline),
        problems=panel.problems,
        guideline=guideline,
        sources=tuple(dict.fromkeys(cited)),
    )


def _labels(panel: Panel, groups: set[str]) -> tuple[str, ...]:
    terms = [context().terms[key] for key in sorted(panel.terms)]
    return tuple(term.label for term in terms if groups & set(term.groups))


def _depends(panel: Panel, unreported: int) -> str:
    """Return the sentence on the missing information that decides."""
    unknown = ["the age (from 75 on it is a risk factor)"] if panel.age is None else []
    unknown += ["words that could not be read"] if any(map(is_context, panel.problems)) else []
    unknown += ["symptoms, medicines and diagnoses that are not mentioned"] if unreported else []
    return f"It depends on missing information: {'; '.join(unknown)}."


def _assumptions(panel: Panel, guideline: str) -> tuple[str, ...]:
    adult = ("an adult, because no readable age was given",) if panel.age is None else ()
    return (*adult, *((ASSUMED[guideline],) if guideline in ASSUMED else ()))

"""The clinical reasoning, one file a question. Rules import only `b12labs.logic`: no pandas, no pydantic, no file.

`FINDINGS`, `VERDICTS`, `QUESTIONS` and `CAUSES` list everything that is evaluated, in the order in which it is read out.
"""

from b12labs.logic import Finding, Question, Verdict
from b12labs.rules import advice, anemia, b12_status, causes, combined_index, confounders, inherited, megaloblastic, next_tests, safety, treatment
from b12labs.rules.causes import CAUSES

__all__ = ["CAUSES", "FINDINGS", "QUESTIONS", "VERDICTS"]

FINDINGS: tuple[Finding, ...] = (
    *b12_status.FINDINGS,
    *megaloblastic.FINDINGS,
    *anemia.FINDINGS,
    *confounders.FINDINGS,
    *inherited.FINDINGS,
    *causes.FINDINGS,
    *treatment.FINDINGS,
    *advice.FINDINGS,
    *safety.FINDINGS,
    *combined_index.FINDINGS,
)
VERDICTS: tuple[Verdict, ...] = (
    b12_status.status,
    anemia.anemia_grade,
    treatment.treatment_route,
    safety.urgency,
    combined_index.combined_index_class,
)
QUESTIONS: tuple[Question, ...] = next_tests.QUESTIONS

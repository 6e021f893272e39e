"""The clinical reasoning, one file a question. Rules import only `b12labs.logic`: no pandas, no pydantic, no file.

`FINDINGS`, `VERDICTS` and `QUESTIONS` list everything that is evaluated, in the order in which it is read out.
"""

from b12labs.logic import Finding, Question, Verdict
from b12labs.rules import anemia, b12_status, confounders, megaloblastic, next_tests, safety, treatment

__all__ = ["FINDINGS", "QUESTIONS", "VERDICTS"]

FINDINGS: tuple[Finding, ...] = (
    *b12_status.FINDINGS,
    *megaloblastic.FINDINGS,
    *anemia.FINDINGS,
    *confounders.FINDINGS,
    *treatment.FINDINGS,
    *safety.FINDINGS,
)
VERDICTS: tuple[Verdict, ...] = (b12_status.status, anemia.anemia_grade, treatment.treatment_route, safety.urgency)
QUESTIONS: tuple[Question, ...] = next_tests.QUESTIONS

"""The clinical reasoning, one file a question. Rules import only `b12labs.logic`: no pandas, no pydantic, no file.

`FINDINGS`, `VERDICTS`, `QUESTIONS` and `CAUSES` list everything that is evaluated of results, in the order in which it
is read out; `SCREENING` what is evaluated before there are any, `FOLLOW_UP` of several draws.
"""

from b12labs.logic.language import Finding, Question, Verdict, findings_of
from b12labs.rules import (
    advice,
    anemia,
    b12_status,
    causes,
    combined_index,
    confounders,
    follow_up,
    inherited,
    megaloblastic,
    next_tests,
    regimen,
    safety,
    screening,
    treatment,
)
from b12labs.rules.causes import CAUSES

__all__ = ["CAUSES", "FINDINGS", "FINDINGS_OF", "FOLLOW_UP", "QUESTIONS", "SCREENING", "VERDICTS"]

#: The findings of each file; a file comes after those that it imports from.
FINDINGS_OF = findings_of(
    (
        anemia,
        confounders,
        b12_status,
        inherited,
        megaloblastic,
        causes,
        treatment,
        regimen,
        safety,
        advice,
        combined_index,
    )
)
#: All of them, as they are read out.
FINDINGS: tuple[Finding, ...] = tuple(
    rule
    for module in (
        b12_status,
        megaloblastic,
        anemia,
        confounders,
        inherited,
        causes,
        treatment,
        regimen,
        advice,
        safety,
        combined_index,
    )
    for rule in FINDINGS_OF[module]
)
VERDICTS: tuple[Verdict, ...] = (
    b12_status.status,
    anemia.anemia_grade,
    treatment.treatment_route,
    safety.urgency,
    combined_index.combined_index_class,
)
QUESTIONS: tuple[Question, ...] = next_tests.QUESTIONS
SCREENING: tuple[Finding | Verdict, ...] = screening.SCREENING
FOLLOW_UP: tuple[Finding | Verdict, ...] = follow_up.FOLLOW_UP

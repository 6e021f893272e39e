"""The clinical reasoning, one file per question. Rules import only `b12labs.logic`: no pandas, no pydantic, no file.

`FINDINGS`, `VERDICTS`, `QUESTIONS` and `CAUSES` list every rule on results, in the order of the report. `SCREENING`
lists the rules that need no results, `FOLLOW_UP` those on several draws.

Each file uses only those before it: results, then levels and metabolites, cells, the blood picture, findings that void
a level, the status, megaloblastic anemia, treatment, urgency, and the next tests.
"""

from b12labs.logic.language import Finding, Question, Verdict, findings_of
from b12labs.rules import (
    adequacy,
    advice,
    anemia,
    antifolates,
    b12_status,
    bedside,
    causes,
    cells,
    combined_index,
    confounders,
    consistency,
    copper,
    discordance,
    do_now,
    effects,
    follow_up,
    hemolysis,
    high_b12,
    inherited,
    iron_and_folate,
    levels,
    marrow,
    megaloblastic,
    metabolites,
    microangiopathy,
    next_tests,
    picture,
    regimen,
    screening,
    treatment,
    unverified,
    urgency,
    voided,
)
from b12labs.rules.causes import CAUSES

__all__ = ["CAUSES", "FINDINGS", "FINDINGS_OF", "FOLLOW_UP", "QUESTIONS", "SCREENING", "VERDICTS"]

#: The findings of each file; a file comes after those that it imports from.
FINDINGS_OF = findings_of(
    (
        unverified,
        anemia,
        cells,
        iron_and_folate,
        consistency,
        confounders,
        levels,
        metabolites,
        discordance,
        adequacy,
        hemolysis,
        marrow,
        antifolates,
        copper,
        picture,
        high_b12,
        effects,
        voided,
        b12_status,
        inherited,
        microangiopathy,
        do_now,
        megaloblastic,
        causes,
        treatment,
        regimen,
        advice,
        urgency,
        bedside,
        combined_index,
    )
)
#: All findings, in the order of the report.
FINDINGS: tuple[Finding, ...] = tuple(
    rule
    for module in (
        microangiopathy,
        marrow,
        antifolates,
        unverified,
        discordance,
        b12_status,
        levels,
        metabolites,
        voided,
        adequacy,
        megaloblastic,
        anemia,
        cells,
        hemolysis,
        picture,
        copper,
        iron_and_folate,
        confounders,
        high_b12,
        effects,
        inherited,
        do_now,
        causes,
        treatment,
        regimen,
        advice,
        urgency,
        consistency,
        bedside,
        combined_index,
    )
    for rule in FINDINGS_OF[module]
)
VERDICTS: tuple[Verdict, ...] = (
    b12_status.status,
    anemia.anemia_grade,
    treatment.treatment_route,
    urgency.urgency,
    combined_index.combined_index_class,
)
QUESTIONS: tuple[Question, ...] = next_tests.QUESTIONS
SCREENING: tuple[Finding | Verdict, ...] = screening.SCREENING
FOLLOW_UP: tuple[Finding | Verdict, ...] = follow_up.FOLLOW_UP

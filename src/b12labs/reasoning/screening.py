"""The rules of screening, compiled."""

from __future__ import annotations

from functools import cache

from b12labs.inputs.panel import Problem
from b12labs.logic.program import Program
from b12labs.reference import CONTEXT_FIELDS, context
from b12labs.rules import SCREENING

__all__ = ["DEPENDS", "GUIDELINE", "HANGS_ON_UNREAD", "is_context", "screening_program"]

#: The guideline whose rule it is: of the others none was found that says whom to test.
GUIDELINE = "nice-ng239"

DEPENDS = "depends"

#: Advice that one more symptom or risk factor may raise; a word that is not read may be one.
HANGS_ON_UNREAD = ("judgment", "not_advised")


@cache
def screening_program() -> Program:
    """Return the rules of screening compiled."""
    return Program(SCREENING)


def is_context(problem: Problem) -> bool:
    """Tell whether a symptom, risk factor, medicine or diagnosis is what could not be read."""
    return problem.field in CONTEXT_FIELDS or problem.field in context().terms

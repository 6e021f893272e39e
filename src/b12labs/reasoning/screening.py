"""The rules of screening, compiled, and the guidelines that have one."""

from __future__ import annotations

from functools import cache

from b12labs.errors import GuidelineError, did_you_mean
from b12labs.inputs.panel import Problem
from b12labs.logic.language import Verdict
from b12labs.logic.program import Program
from b12labs.reference import CONTEXT_FIELDS, context
from b12labs.rules import SCREENING
from b12labs.rules.screening import TESTING

__all__ = ["DEPENDS", "GUIDELINE", "HANGS_ON_UNREAD", "is_context", "screening_program", "testing_by"]

#: The default guideline.
GUIDELINE = "nice-ng239"

DEPENDS = "depends"

#: Advice that one more symptom or risk factor may raise; an unread word may be one.
HANGS_ON_UNREAD = ("judgment", "not_advised")


@cache
def screening_program() -> Program:
    """Return the rules of screening compiled."""
    return Program(SCREENING)


def testing_by(guideline: str) -> Verdict:
    """Return a guideline's rule of whom to test; raises `GuidelineError` if it has none."""
    if guideline not in TESTING:
        raise GuidelineError(
            f"guideline: expected one that says whom to test, got {guideline!r}"
            f"{did_you_mean(guideline, TESTING) or '.'} Known: {', '.join(TESTING)}",
            code="unknown_guideline",
            field="guideline",
        )
    return TESTING[guideline]


def is_context(problem: Problem) -> bool:
    """Return whether the unread item is a symptom, risk factor, medicine or diagnosis."""
    return problem.field in CONTEXT_FIELDS or problem.field in context().terms

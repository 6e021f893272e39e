"""All rules compiled once, by code."""

from __future__ import annotations

from functools import cache

from b12labs.inputs.panel import Panel
from b12labs.logic import language as logic
from b12labs.logic.program import Program
from b12labs.reasoning.next_tests import asked_about
from b12labs.rules import CAUSES, FINDINGS, VERDICTS
from b12labs.rules.b12_status import status as status_verdict

#: A panel without any of these is not assessed.
B12_MARKERS = ("b12", "holotc", "mma", "homocysteine", "urine_mma_ratio")

#: Findings of contradictory data, which are a problem of the row as well.
PROBLEM_FINDINGS = ("inconsistent_blood_count",)

VERDICT_RULES = {verdict.code: verdict for verdict in VERDICTS}

FINDING_RULES = {rule.code: rule for rule in FINDINGS}

#: The findings that a report prints under its headline if they hold, in this order.
PRINTED = tuple(rule.code for place in ("first", "also") for rule in FINDINGS if rule.printed == place)

#: The findings that it prints beside the assessment of B12: nerve studies, bones and joints, people to watch.
BESIDE = tuple(rule.code for rule in FINDINGS if rule.printed == "beside")


@cache
def program() -> Program:
    """Return all rules compiled.

    One program serves every guideline. Columns compile only the rules of their output (`tables.rows.columns_program`).
    """
    truths = [truth for cause in CAUSES for truth, _ in (*cause.speaks_for, *cause.speaks_against)]
    truths += [cause.established for cause in CAUSES if cause.established is not None]
    return Program([*FINDINGS, *VERDICTS, *truths, *asked_about()])


def is_assessed(panel: Panel) -> bool:
    """Return whether a marker of B12 status was measured."""
    return any(key in panel.results for key in B12_MARKERS)


def named(verdict: logic.Verdict, bits: int) -> tuple[str, ...]:
    """Return the outcomes of a set of bits, in the verdict's order."""
    return tuple(outcome for place, outcome in enumerate(verdict.outcomes) if bits >> place & 1)


def status_statement(status: str) -> str:
    """Return the sentence of a status."""
    if status == "not_assessed":
        return "No marker of B12 status was measured."
    return status_verdict.sentences[status]

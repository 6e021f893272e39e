"""The findings of one patient by the rules, each with the comparisons that decided it."""

from __future__ import annotations

from functools import cache
from operator import attrgetter

from b12labs.answer.findings import Findings
from b12labs.answer.parts import Evidence, Finding
from b12labs.logic import language as logic
from b12labs.logic.language import FALSE, TRUE, UNKNOWN
from b12labs.logic.program import Values
from b12labs.patient import explanation
from b12labs.patient.applied_limits import STATES
from b12labs.reasoning.compiled import FINDING_RULES, program

__all__ = ["findings_of"]

_SOURCE = attrgetter("source")


def findings_of(values: Values) -> Findings:
    """Return the findings of one patient, each made when it is read."""
    truths = values.values
    states = {code: STATES[truths[slot]] for code, slot in _slots().items()}
    return Findings(states, lambda code: _finding(FINDING_RULES[code], values))


@cache
def _slots() -> dict[str, int]:
    return {code: program().slot(rule) for code, rule in FINDING_RULES.items()}


def _finding(rule: logic.Finding, values: Values) -> Finding:
    truth = values.of(rule)
    found = explanation.evidence(rule.when, values) if truth != UNKNOWN else ()
    return _worded(rule, truth, found) if found else _without_evidence(rule, truth)


@cache
def _without_evidence(rule: logic.Finding, truth: int) -> Finding:
    """Return a finding that no result decided: it is the same for every patient."""
    return _worded(rule, truth, ())


def _worded(rule: logic.Finding, truth: int, found: tuple[Evidence, ...]) -> Finding:
    statement = (
        rule.says if truth == TRUE else f"Not found: {rule.label}." if truth == FALSE else f"Cannot tell: {rule.label}."
    )
    cited = dict.fromkeys((*rule.sources, *map(_SOURCE, found)))
    for uncited in ("", "laboratory"):
        cited.pop(uncited, None)
    return Finding(
        code=rule.code, label=rule.label, state=STATES[truth], statement=statement, evidence=found, sources=tuple(cited)
    )

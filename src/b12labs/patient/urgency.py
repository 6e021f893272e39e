"""The reasons for the urgency: the findings by which the verdict holds, with the reported terms that they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from b12labs.answer.parts import Statement
from b12labs.logic.language import TRUE, AtLeast, Certain, Combine, Expression, Finding, Reported
from b12labs.logic.program import Values
from b12labs.patient import explanation
from b12labs.rules.urgency import urgency

__all__ = ["reasons", "urgency_because"]


def urgency_because(outcome: str | None, values: Values) -> tuple[Statement, ...]:
    """Return the reasons for a decided urgency; empty if no case holds."""
    for case in urgency.cases:
        if case.outcome == outcome:
            return tuple(_stated(reasons(case.when, values), urgency.sources))
    return ()


def _stated(found: Iterator[tuple[Finding | None, tuple[str, ...]]], sources: tuple[str, ...]) -> Iterator[Statement]:
    """Yield each finding once with its terms, then each term that no finding rests on."""
    every = list(dict.fromkeys(found))
    of_findings = {term for finding, terms in every if finding is not None for term in terms}
    for finding, terms in every:
        if finding is not None:
            beyond = [term for term in terms if term not in finding.label]
            said = f"{finding.label}: {', '.join(beyond)}" if beyond else finding.label
            yield Statement(code=finding.code, text=said, sources=finding.sources)
    for term in dict.fromkeys(term for finding, terms in every if finding is None for term in terms):
        if term not in of_findings:
            yield Statement(code="reported", text=f"{term} reported", sources=sources)


def reasons(node: Expression, values: Values) -> Iterator[tuple[Finding | None, tuple[str, ...]]]:
    """Yield the findings by which a truth holds, each with the reported terms that decided it."""
    if values.of(node) != TRUE:
        return
    if isinstance(node, Finding | Reported):
        told = node.when if isinstance(node, Finding) else node
        yield node if isinstance(node, Finding) else None, tuple(dict.fromkeys(_terms(told, values)))
    elif isinstance(node, Certain | Combine | AtLeast):
        for part in node.children:
            yield from reasons(part, values)


def _terms(node: Expression, values: Values) -> Iterator[str]:
    """Yield the reported terms that a finding itself mentions, without those of the findings that it rests on."""
    if isinstance(node, Finding) and not isinstance(node.when, Reported):
        return
    if isinstance(node, Reported):
        yield from (entry.label for entry in explanation.evidence(node, values))
    elif isinstance(node, Finding | Certain | Combine | AtLeast) and values.of(node) == TRUE:
        for part in node.children:
            yield from _terms(part, values)

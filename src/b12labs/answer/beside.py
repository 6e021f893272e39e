"""Statements beside the assessment of B12: other causes of the symptoms, red flags, and patients to watch."""

from __future__ import annotations

from b12labs.answer.citing import NAMED, Citing
from b12labs.answer.parts import Alternative, Answer, Statement
from b12labs.reasoning.compiled import BESIDE, FINDING_RULES
from b12labs.reference.bedside import bedside

__all__ = ["beside"]


def beside(result: Answer, citing: Citing = NAMED) -> list[Statement]:
    """Return the sentences on reported symptoms and risk factors; empty if there are none."""
    said = [_others(symptom, result.differential, citing) for symptom in _symptoms(result.differential)]
    if said:
        flags = bedside().red_flags
        text = f"{flags.text} {citing.mark(flags.checked)}"
        said.append(Statement(code="red_flags", text=text, sources=(flags.source,)))
    holds = [result.findings[code] for code in BESIDE if result.holds(code)]
    return said + [
        Statement(code=each.code, text=each.statement, sources=FINDING_RULES[each.code].sources) for each in holds
    ]


def _symptoms(entries: tuple[Alternative, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(symptom for entry in entries for symptom in entry.raised_by))


def _others(symptom: str, entries: tuple[Alternative, ...], citing: Citing) -> Statement:
    """Return one sentence on the other causes of a symptom, each with its test and the reports that support it."""
    table = [entry for entry in entries if symptom in entry.raised_by]
    shared = set.intersection(*(set(entry.speaks_for) for entry in table))
    others = [entry for entry in table if not entry.b12]
    named = "; ".join(_named(entry, shared) for entry in others)
    unconfirmed = any(entry.checked == "unconfirmed" for entry in others)
    doubt = f" {citing.mark('unconfirmed', 'in part ')}" if unconfirmed else ""
    return Statement(
        code="differential",
        text=f"{symptom.capitalize()} could also be: {named}.{doubt}",
        sources=tuple(dict.fromkeys(entry.source for entry in others)),
    )


def _named(entry: Alternative, shared: set[str]) -> str:
    own = ", ".join(text for text in entry.speaks_for if text not in shared)
    return f"{entry.label} ({entry.test}{f'; fits {own} too' if own else ''})"

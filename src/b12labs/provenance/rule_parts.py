"""The rules as text: their deciding structure, and their sentences.

Only the structure of an expression is used. A rule therefore stays the same if it is renamed in Python, moved to
another file or written in two steps. The order of parts is used too: it decides which of several open results is asked
for.
"""

from __future__ import annotations

from typing import Any

from b12labs.logic.expressions import OPEN_END, TOLERANCE, Certain, Expression
from b12labs.logic.language import Finding, Verdict
from b12labs.rules import CAUSES, FINDINGS, FOLLOW_UP, QUESTIONS, SCREENING, VERDICTS

__all__ = ["deciding_rules", "said_by_rules"]


class _Structure:
    """Every distinct expression once, as a line with the numbers of the expressions that it is made from.

    Rules that are added in the same order give the same lines, however they share their parts in Python.
    """

    def __init__(self) -> None:
        self.lines: dict[tuple[object, ...], int] = {}
        self._numbers: dict[int, int] = {}

    def number(self, node: Expression | None) -> int:
        """Return the number of an expression, or -1 for None."""
        if node is None:
            return -1
        found = self._numbers.get(id(node))
        if found is None:
            found = self.number(node.when) if isinstance(node, Finding) else self._new(node)
            self._numbers[id(node)] = found
        return found

    def _new(self, node: Expression) -> int:
        line = (type(node).__name__, *_own(node), *map(self.number, node.children))
        return self.lines.setdefault(line, len(self.lines))


def _own(node: Expression) -> tuple[object, ...]:
    """Return the content of an expression besides its parts: a name, an operator, a count, numbers."""
    if isinstance(node, Certain):  # the name of a defeater is a sentence
        return ()
    if isinstance(node, Verdict):
        return node.outcomes
    return node.own


def deciding_rules() -> list[Any]:
    """Return the structure of every rule by its kind and code, without sentences."""
    structure = _Structure()
    number = structure.number
    rules = [
        *(("finding", rule.code, number(rule)) for rule in sorted(FINDINGS, key=_code)),
        *(("verdict", rule.code, *_verdict(rule, structure)) for rule in sorted(VERDICTS, key=_code)),
        *(
            ("question", each.code, number(each.about), number(each.asked), *sorted(each.again))
            for each in sorted(QUESTIONS, key=_code)
        ),
        *(
            (
                *("cause", each.code, number(each.established)),
                *(tuple(number(truth) for truth, _ in side) for side in (each.speaks_for, each.speaks_against)),
            )
            for each in sorted(CAUSES, key=_code)
        ),
        *(
            (kind, rule.code, *(_verdict(rule, structure) if isinstance(rule, Verdict) else (number(rule),)))
            for kind, listed in (("screening", SCREENING), ("follow_up", FOLLOW_UP))
            for rule in sorted(listed, key=_code)
        ),
    ]
    return [rules, list(structure.lines), [TOLERANCE, OPEN_END]]


def _code(rule: Any) -> str:
    return str(rule.code)


def _verdict(rule: Verdict, structure: _Structure) -> tuple[Any, ...]:
    return (*((case.outcome, structure.number(case.when)) for case in rule.cases), rule.otherwise.outcome)


def said_by_rules() -> list[Any]:
    """Return every sentence of the rules, with its sources and its order in reports."""
    every = (*FINDINGS, *VERDICTS, *SCREENING, *FOLLOW_UP)
    findings = [rule for rule in every if isinstance(rule, Finding)]
    verdicts = [rule for rule in every if isinstance(rule, Verdict)]
    return [
        [(rule.code, rule.says, rule.label, rule.sources, rule.printed) for rule in findings],
        [(rule.code, sorted(rule.sentences.items()), rule.sources) for rule in verdicts],
        [(each.code, each.asks, each.sources) for each in QUESTIONS],
        [
            (
                *(each.code, each.label, each.settled_by, each.sources),
                *(tuple(said for _, said in side) for side in (each.speaks_for, each.speaks_against)),
            )
            for each in CAUSES
        ],
        sorted(_defeaters(every)),
    ]


def _defeaters(rules: tuple[Expression, ...]) -> set[str]:
    """Return the names of the defeaters in some rules."""
    seen: set[int] = set()
    waiting: list[Expression] = list(rules)
    names: set[str] = set()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            waiting.extend(node.children)
            if isinstance(node, Certain):
                names.add(node.named)
    return names

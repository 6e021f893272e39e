"""The parts of every rule, and how each could be wrong: left out, turned round, read on the limit, read as plain.

An alteration is made at one place of one rule, in the compiled program: the part is given another value there, and what
depends on it is computed again. A row notices an alteration when its rule then answers otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from b12labs.catalogue.wording import in_words
from b12labs.logic.columns.primitives import Columns
from b12labs.logic.columns.running import packed, unpacked
from b12labs.logic.columns.tape import Tape
from b12labs.logic.expressions import (
    Arithmetic,
    AtLeast,
    Certain,
    Choice,
    Combine,
    Compare,
    Constant,
    Expression,
    Inferred,
    Not,
    Truth,
)
from b12labs.logic.language import FALSE, OPEN_QUESTION, TRUE, Finding, Verdict
from b12labs.logic.open import possible_outcomes
from b12labs.logic.operations import operation_of
from b12labs.logic.program import Program, Values

Rule = Finding | Verdict

_SWAPPED = {"add": "sub", "sub": "add", "mul": "div", "div": "mul", "minimum": "maximum", "maximum": "minimum"}
_SWAPPED |= {"and": "or", "or": "and", "<": ">", ">": "<"}

#: Gives a part another value: from the values of all slots, the program and the inputs.
Altered = Callable[[Sequence[Any], Program, Any], Any]


@dataclass(frozen=True)
class Edge:
    """One part at one place of what uses it."""

    user: Expression
    place: int
    part: Expression

    @property
    def label(self) -> str:
        """The part in words, shortened."""
        if isinstance(self.user, Verdict):
            return f"case {self.place + 1}: {self.user.cases[self.place].outcome}"
        words = in_words(self.part)
        return words if len(words) <= 72 else f"{words[:69]}..."


@dataclass(frozen=True)
class Alteration:
    """One way in which a part could be wrong."""

    edge: Edge
    how: str
    value: Altered = field(compare=False)

    def __str__(self) -> str:
        return f"{self.edge.label} [{self.how}]"


def edges(rule: Rule) -> Iterator[Edge]:
    """Yield the parts of a rule that are its own: what stands behind another finding's name is that finding's."""
    seen: set[int] = set()
    waiting: list[Expression] = [rule]
    while waiting:
        user = waiting.pop()
        if id(user) in seen:
            continue
        seen.add(id(user))
        for place, part in enumerate(user.children):
            yield Edge(user, place, part)
            if not (isinstance(part, Finding) or part is OPEN_QUESTION):
                waiting.append(part)


def alterations(rule: Rule) -> Iterator[Alteration]:
    """Yield every alteration of a rule's own parts."""
    for edge in edges(rule):
        for how, value in _ways(edge):
            yield Alteration(edge, how, value)


def _ways(edge: Edge) -> Iterator[tuple[str, Altered]]:
    user, part = edge.user, edge.part
    if isinstance(user, Combine | AtLeast | Verdict):
        neutral = TRUE if isinstance(user, Combine) and user.operator == "and" else FALSE
        yield "left out", lambda *_: neutral
    if part is OPEN_QUESTION:
        return
    if isinstance(user, Combine | AtLeast):
        yield "negated", lambda values, program, inputs: inputs.primitives.opposite(values[program.slot(part)])
    match part:
        case Compare(operator=operator, left=left, right=right):
            other = _SWAPPED[operator]
            yield (
                "on the limit",
                lambda values, program, inputs: inputs.primitives.opposite(
                    _computed(Compare(other, left, right), values, program, inputs)
                ),
            )
            yield (
                "other way",
                lambda values, program, inputs: _computed(Compare(other, left, right), values, program, inputs),
            )
        case Certain(part=inner):
            yield "plain", lambda values, program, _: values[program.slot(inner)]
        case Not(part=Certain(part=inner)):
            yield "plain", lambda values, program, inputs: inputs.primitives.opposite(values[program.slot(inner)])
            yield "without not", lambda values, program, _: values[program.slot(part.part)]
        case Not(part=inner):
            yield "without not", lambda values, program, _: values[program.slot(inner)]
        case Combine(operator=operator, parts=parts):
            yield (
                _SWAPPED[operator],
                lambda values, program, inputs: _computed(Combine(_SWAPPED[operator], parts), values, program, inputs),
            )
        case AtLeast(count=count, parts=parts):
            for wrong in (count - 1, count + 1):
                if wrong:
                    yield (
                        f"at least {wrong}",
                        lambda values, program, inputs, wrong=wrong: _computed(
                            AtLeast(wrong, parts), values, program, inputs
                        ),
                    )
        case Arithmetic(operator=operator, parts=parts) if operator in _SWAPPED:
            yield (
                _SWAPPED[operator],
                lambda values, program, inputs: _computed(
                    Arithmetic(_SWAPPED[operator], parts), values, program, inputs
                ),
            )
        case Choice(condition=condition, when_true=yes, when_false=no):
            yield (
                "swapped",
                lambda values, program, inputs: _computed(Choice(condition, no, yes), values, program, inputs),
            )
        case Constant(low=low, high=high) if low == high:
            yield "one more", lambda *_: (low + 1, high + 1)
        case Inferred(primary=primary):
            yield "only measured", lambda values, program, _: values[program.slot(primary)]


def _computed(node: Expression, values: Sequence[Any], program: Program, inputs: Any) -> Any:
    return operation_of(node, tuple(program.slot(child) for child in node.children))(values, inputs)


def reading(rule: Rule, values: Values, alteration: Alteration | None = None) -> Any:
    """Return what a rule answers: a truth, or whether each outcome is possible; perhaps with an alteration."""
    if alteration is None:
        return possible_outcomes(rule, values) if isinstance(rule, Verdict) else values.of(rule)
    program, read, edge = values.program, list(values.values), alteration.edge
    changed = alteration.value(read, program, values.inputs)
    if edge.user is rule:
        if isinstance(rule, Finding):
            return changed
        read[program.slot(edge.part)] = changed
        return possible_outcomes(rule, values, read=read)
    first = program.slot(edge.user)
    before = read[program.slot(edge.part)]
    read[program.slot(edge.part)] = changed
    read[first] = program.steps[first].operation(read, values.inputs)
    read[program.slot(edge.part)] = before
    stale = {first}
    for slot in program.made_of(rule):
        if slot > first and not stale.isdisjoint(program.steps[slot].parts):
            read[slot] = program.steps[slot].operation(read, values.inputs)
            stale.add(slot)
    return possible_outcomes(rule, values, read=read) if isinstance(rule, Verdict) else read[program.slot(rule)]


def by_row(read: Any, values: Values, rows: int) -> Any:
    """Return a reading as a number in every row: of a truth, or with a bit for every outcome that is possible."""
    return each_by_row([read], values, rows)[0]


def each_by_row(reads: Sequence[Any], values: Values, rows: int) -> list[Any]:
    """Return many readings by row, computed together."""
    do = values.primitives
    planes = [read if isinstance(read, list) else [do.possible(read), do.certain(read)] for read in reads]
    tape = do.tape if isinstance(do, Columns) else Tape()
    lines = iter(unpacked(packed(tape, [plane for each in planes for plane in each], rows), rows).astype(np.int64))
    found = [[next(lines) for _ in each] for each in planes]
    return [
        sum(line << place for place, line in enumerate(each)) if isinstance(read, list) else each[0] + each[1]
        for read, each in zip(reads, found, strict=True)
    ]


def position(compared: Compare, values: Values, rows: int) -> Any:
    """Return where the left side lies in every row: below, on (or within), above; blank where that is not known."""
    do, left, right = values.primitives, values.of(compared.left), values.of(compared.right)
    below, above = (by_row(truth, values, rows) for truth in (do.below(left, right), do.above(left, right)))
    low, high = do.ends_by_row(left, rows)
    exact = low == high
    found = np.full(rows, "", dtype=object)
    found[exact & (below == TRUE)] = "below"
    found[exact & (above == TRUE)] = "above"
    found[exact & (below != TRUE) & (above != TRUE)] = "on"
    return found


def compared_edges(rule: Rule) -> Iterator[Edge]:
    """Yield the comparisons of a rule."""
    return (edge for edge in edges(rule) if isinstance(edge.part, Compare) and edge.part is not OPEN_QUESTION)


def is_truth(edge: Edge) -> bool:
    """Tell whether a part is a truth rather than a quantity."""
    return isinstance(edge.part, Truth)

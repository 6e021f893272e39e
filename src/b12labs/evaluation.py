"""Evaluates rules: once compiled into a list of steps, over columns or for one patient, by the same steps.

Compiling gives every distinct expression one slot, so that what two rules share is computed once. A second, *cautious* reading
takes every `certain(x)` as plain `x`; where it leaves a verdict open that is decided, a defeater is still open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Protocol

from b12labs.logic import (
    Arithmetic,
    AtLeast,
    Certain,
    Choice,
    Coefficient,
    Combine,
    Compare,
    Constant,
    Expression,
    Finding,
    Inferred,
    Limit,
    Measured,
    Not,
    Reported,
    Truth,
    Verdict,
)  # fmt: skip
from b12labs.primitives import Pair

__all__ = ["Inputs", "Program", "Values", "flag_key", "open_comparisons", "open_defeaters", "outcomes", "single_outcome"]

#: Truth of a comparison by the laboratory's flag (none, low, normal, high), by the end of its interval and the operator.
_MEANING: dict[tuple[str, str], tuple[int, int, int, int]] = {
    ("low", "<"): (1, 2, 0, 0), ("low", ">"): (1, 0, 2, 2),
    ("high", ">"): (1, 0, 0, 2), ("high", "<"): (1, 2, 2, 0),
    ("beyond_low", "<"): (1, 1, 0, 0), ("beyond_low", ">"): (1, 1, 2, 2),
    ("beyond_high", ">"): (1, 0, 0, 1), ("beyond_high", "<"): (1, 2, 2, 1),
}  # fmt: skip


class Inputs(Protocol):
    """What is known: one patient's, or a chunk of columns."""

    primitives: Any

    def measured(self, key: str) -> Pair: ...
    def flag(self, key: str) -> Any: ...
    def limit(self, name: str) -> Pair: ...
    def laboratory_end(self, name: str) -> str: ...
    def flag_decides(self, name: str) -> Any: ...
    def coefficient(self, name: str) -> float: ...
    def reported(self, name: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Step:
    node: Expression
    parts: tuple[int, ...]


class Program:
    """Rules compiled into steps; `slot` gives the place of an expression's value."""

    def __init__(self, roots: Iterable[Truth | Verdict]) -> None:
        self.roots = tuple(roots)
        self.steps: list[_Step] = []
        self._slots: dict[int, int] = {}
        self._by_key: dict[tuple[object, ...], int] = {}
        for root in self.roots:
            for node in root.children if isinstance(root, Verdict) else (root,):
                self._compile(node)
        self.defeasible = self._defeasible()

    def slot(self, node: Expression) -> int:
        """Return the slot of an expression that was compiled."""
        return self._slots[id(node)]

    def below(self, root: Expression) -> set[int]:
        """Return the slots of the truths that a rule is made of."""
        return {self._slots[id(node)] for node in root.walk() if isinstance(node, Truth)}

    def _compile(self, node: Expression) -> int:
        if id(node) in self._slots:
            return self._slots[id(node)]
        parts = tuple(self._compile(child) for child in node.children)
        if isinstance(node, Finding):
            slot = parts[0]
        else:
            key = (type(node), _payload(node), parts)
            slot = self._by_key.setdefault(key, len(self.steps))
            if slot == len(self.steps):
                self.steps.append(_Step(node, parts))
        self._slots[id(node)] = slot
        return slot

    def _defeasible(self) -> list[bool]:
        marks: list[bool] = []
        for step in self.steps:
            marks.append(isinstance(step.node, Certain) or any(marks[part] for part in step.parts))
        return marks

    def run(self, inputs: Inputs) -> Values:
        """Evaluate every step; what is kept by the result serves the cautious reading and the explanation."""
        values: list[Any] = []
        for step in self.steps:
            values.append(_evaluate(step, values, inputs))
        return Values(self, values, inputs)


def _payload(node: Expression) -> object:
    match node:
        case Measured(key=name) | Limit(name=name) | Coefficient(name=name) | Reported(name=name):
            return name
        case Constant(low=low, high=high):
            return low, high
        case Arithmetic(operator=operator) | Compare(operator=operator) | Combine(operator=operator):
            return operator
        case AtLeast(count=count):
            return count
        case Certain(named=named):
            return named
    return None


def _evaluate(step: _Step, values: Sequence[Any], inputs: Inputs, *, cautious: bool = False) -> Any:
    do = inputs.primitives
    parts = step.parts
    match step.node:
        case Compare(operator=operator, left=left, right=right):
            compare = do.below if operator == "<" else do.above
            truth = compare(values[parts[0]], values[parts[1]])
            key = flag_key(left)
            if key is None or not isinstance(right, Limit):
                return truth
            meaning = _MEANING.get((inputs.laboratory_end(right.name), operator))
            return truth if meaning is None else do.flagged(truth, inputs.flag(key), meaning, inputs.flag_decides(right.name))
        case Combine(operator="and"):
            return do.all_of([values[part] for part in parts])
        case Combine():
            return do.any_of([values[part] for part in parts])
        case Not():
            return do.opposite(values[parts[0]])
        case Certain():
            return values[parts[0]] if cautious else do.only_true(values[parts[0]])
        case AtLeast(count=count):
            return do.at_least(count, [values[part] for part in parts])
        case Reported(name=name):
            return inputs.reported(name)
        case Measured(key=key):
            return inputs.measured(key)
        case Limit(name=name):
            return inputs.limit(name)
        case Coefficient(name=name):
            number = inputs.coefficient(name)
            return number, number
        case Constant(low=low, high=high):
            return low, high
        case Arithmetic(operator=operator):
            return do.arithmetic(operator, values[parts[0]], values[parts[1]])
        case Choice():
            return do.choose(values[parts[0]], values[parts[1]], values[parts[2]])
        case Inferred():
            return do.inferred(values[parts[0]], values[parts[1]])
    raise TypeError(f"{type(step.node).__name__} is no expression of the rule language")


def flag_key(node: Expression) -> str | None:
    """Return the analyte whose laboratory flag speaks for a compared quantity, looking through an adjustment."""
    match node:
        case Measured(key=key):
            return key
        case Inferred(primary=primary):
            return primary.key
        case Arithmetic(operator="sub", parts=parts):
            return flag_key(parts[0])
    return None


class Values:
    """The value of every slot, for one patient or for a chunk of rows."""

    def __init__(self, program: Program, values: list[Any], inputs: Inputs) -> None:
        self.program = program
        self.values = values
        self.inputs = inputs
        #: What an explanation has put into words already, by comparison.
        self.words: dict[int, Any] = {}

    def of(self, node: Expression) -> Any:
        """Return the value of an expression."""
        return self.values[self.program.slot(node)]

    def cautious(self, held: AbstractSet[int] = frozenset(), *, within: Sequence[int]) -> list[Any]:
        """Return the slots' values when each `certain(x)` is read as plain `x`, except in the slots that are held.

        Only the slots `within`, in order, are read anew; the others keep their value.
        """
        values = list(self.values)
        for slot in within:
            if slot not in held:
                values[slot] = _evaluate(self.program.steps[slot], values, self.inputs, cautious=True)
        return values


def outcomes(verdict: Verdict, values: Values, *, read: Sequence[Any] | None = None) -> Any:
    """Return the outcomes still possible, a bit each, in the order of `verdict.outcomes`; `read` replaces the slots' values."""
    read = values.values if read is None else read
    do = values.inputs.primitives
    reach: Any = 2
    possible: Any = 0
    for place, case in enumerate(verdict.cases):
        holds = read[values.program.slot(case.when)]
        possible = possible | _bit(do.all_of([reach, holds]), place)
        reach = do.all_of([reach, do.opposite(holds)])
    return possible | _bit(reach, len(verdict.cases))


def _bit(truth: Any, place: int) -> Any:
    if isinstance(truth, int):
        return (1 << place) if truth > 0 else 0
    return (truth > 0).astype("uint16") << place


def single_outcome(verdict: Verdict, possible: int) -> str | None:
    """Return the outcome where only one is possible, None where several are."""
    if possible & (possible - 1):
        return None
    return verdict.outcomes[possible.bit_length() - 1]


def open_comparisons(root: Truth | Verdict, values: Values) -> Iterator[tuple[Compare | Reported, Any]]:
    """Yield the open comparisons whose answer is the next to ask for, each with whether (for columns: in which rows) it is.

    An open part matters where everything from it up to the rule is open too. Of several open parts that must all hold, only the
    first is asked for: the others matter only once it holds. A `certain(x)` is closed, and nothing below it is asked for.
    """
    program, read = values.program, values.values
    do = values.inputs.primitives
    matters: dict[int, Any] = {}

    def mark(slot: int, where: Any) -> None:
        matters[slot] = matters[slot] | where if slot in matters else where

    if isinstance(root, Verdict):
        reach: Any = 2
        for case in root.cases:
            holds = read[program.slot(case.when)]
            mark(program.slot(case.when), (reach > 0) & (holds == 1))
            reach = do.all_of([reach, do.opposite(holds)])
    else:
        mark(program.slot(root), read[program.slot(root)] == 1)
    for slot in sorted(program.below(root), reverse=True):
        where = matters.get(slot)
        if where is None:
            continue
        step = program.steps[slot]
        if isinstance(step.node, Compare | Reported):
            yield step.node, where
        elif not isinstance(step.node, Certain):
            first_only = isinstance(step.node, Combine) and step.node.operator == "and"
            rest = where
            for part in step.parts:
                is_open = read[part] == 1
                mark(part, rest & is_open)
                if first_only:
                    rest = rest & (read[part] != 1)


def open_defeaters(root: Truth | Verdict, values: Values) -> list[Certain]:
    """Return, for one patient, the open `certain(x)` through which alone a decided rule could still change.

    Whatever changes the rule must make one of them certain: with these held as they are now and every other defeater left open,
    the rule stays as it is. Of defeaters that would have to come together, one is listed.
    """

    def answer(read: Sequence[Any]) -> Any:
        return outcomes(root, values, read=read) if isinstance(root, Verdict) else read[values.program.slot(root)]

    program = values.program
    within = [slot for slot in sorted(program.below(root)) if program.defeasible[slot]]
    decided, cautious = answer(values.values), values.cautious(within=within)
    held = {slot for slot in within if _is_open_defeater(slot, values, cautious)}
    for slot in sorted(held):
        if answer(values.cautious(held - {slot}, within=within)) == decided:
            held.remove(slot)
    nodes = [values.program.steps[slot].node for slot in sorted(held)]
    return [node for node in nodes if isinstance(node, Certain)]


def _is_open_defeater(slot: int, values: Values, cautious: Sequence[Any]) -> bool:
    step = values.program.steps[slot]
    return isinstance(step.node, Certain) and values.values[slot] == 0 and cautious[step.parts[0]] == 1

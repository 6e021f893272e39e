"""Evaluates rules: once compiled into a list of steps, over columns or for one patient, by the same steps.

Compiling gives every distinct expression one slot, so that what two rules share is computed once. A second, *cautious*
reading takes every `certain(x)` as plain `x`; where it leaves a verdict open that is decided, a defeater is still open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from b12labs.logic.language import (
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
    Quantity,
    Reported,
    Truth,
    Verdict,
)
from b12labs.logic.scalars import Pair

__all__ = [
    "Inputs",
    "Program",
    "Values",
    "flag_key",
    "open_comparisons",
    "open_defeaters",
    "outcomes",
    "single_outcome",
]

#: Truth of a comparison by the laboratory's flag (none, low, normal, high), by the end of its interval and the
#: operator.
_MEANING: dict[tuple[str, str], tuple[int, int, int, int]] = {
    ("low", "<"): (1, 2, 0, 0),
    ("low", ">"): (1, 0, 2, 2),
    ("high", ">"): (1, 0, 0, 2),
    ("high", "<"): (1, 2, 2, 0),
    ("beyond_low", "<"): (1, 1, 0, 0),
    ("beyond_low", ">"): (1, 1, 2, 2),
    ("beyond_high", ">"): (1, 0, 0, 1),
    ("beyond_high", "<"): (1, 2, 2, 1),
}


class Inputs(Protocol):
    """What is known: one patient's, or a chunk of columns; `out` is where a chunk's answer may be written."""

    primitives: Any

    def measured(self, key: str, out: Any = None) -> Pair: ...
    def is_unsettled(self, key: str) -> Any: ...
    def flag(self, key: str) -> Any: ...
    def limit(self, name: str, out: Any = None) -> Pair: ...
    def laboratory_end(self, name: str) -> str: ...
    def flag_decides(self, name: str) -> Any: ...
    def coefficient(self, name: str) -> float: ...
    def reported(self, name: str, out: Any = None) -> Any: ...


#: Computes an expression from the values of its parts, for columns into a buffer of its own.
Operation = Callable[[Sequence[Any], "Inputs", Any], Any]


@dataclass(frozen=True, slots=True)
class _Step:
    node: Expression
    parts: tuple[int, ...]
    operation: Operation
    is_defeater: bool
    is_truth: bool
    is_comparison: bool


class Program:
    """Rules compiled into steps; `slot` gives the place of an expression's value."""

    def __init__(self, roots: Iterable[Truth | Verdict]) -> None:
        self.roots = tuple(roots)
        self.steps: list[_Step] = []
        self._slots: dict[int, int] = {}
        self._by_key: dict[tuple[object, ...], int] = {}
        self._made_of: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._below: dict[int, tuple[int, ...]] = {}
        #: By slot, the slots that it is a part of.
        self.users: list[list[int]] = []
        for root in self.roots:
            for node in root.children if isinstance(root, Verdict) else (root,):
                self._compile(node)
        self.defeasible = self._defeasible()
        #: By slot, whether its value is a quantity, a pair of ends, rather than a truth.
        self.quantities = [isinstance(step.node, Quantity) for step in self.steps]

    def slot(self, node: Expression) -> int:
        """Return the slot of an expression that was compiled."""
        return self._slots[id(node)]

    def made_of(self, *roots: Expression) -> tuple[int, ...]:
        """Return the slots of everything that rules are made of, in order of evaluation."""
        key = tuple(map(id, roots))
        found = self._made_of.get(key)
        if found is None:
            nodes = {id(node) for root in roots for node in root.walk()}
            found = self._made_of[key] = tuple(sorted({self._slots[node] for node in nodes if node in self._slots}))
        return found

    def below(self, root: Expression) -> tuple[int, ...]:
        """Return the slots of the truths that a rule is made of, in order of evaluation."""
        found = self._below.get(id(root))
        if found is None:
            found = self._below[id(root)] = tuple(slot for slot in self.made_of(root) if self.steps[slot].is_truth)
        return found

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
                self.steps.append(
                    _Step(
                        node,
                        parts,
                        _operation(node, parts),
                        isinstance(node, Certain),
                        isinstance(node, Truth),
                        isinstance(node, Compare),
                    )
                )
                self.users.append([])
                for part in set(parts):
                    self.users[part].append(slot)
        self._slots[id(node)] = slot
        return slot

    def _defeasible(self) -> list[bool]:
        marks: list[bool] = []
        for step in self.steps:
            marks.append(step.is_defeater or any(marks[part] for part in step.parts))
        return marks

    def run(self, inputs: Inputs) -> Values:
        """Evaluate every step; what is kept by the result serves the cautious reading and the explanation."""
        values: list[Any] = []
        for step, buffer in zip(self.steps, inputs.primitives.buffers(self.quantities), strict=False):
            values.append(step.operation(values, inputs, buffer))
        return Values(self, values, inputs)

    def run_widened(self, inputs: Inputs, exact: Values, *roots: Truth | Verdict) -> Values:
        """Evaluate the parts of rules over all values that results can have when widened around the `exact` ones.

        `inputs.primitives` are `Ranges`: a truth is the range of truths over those values. One that is the same for all
        of them stays, any other is open. What is missing stays missing, so that a defeater opens exactly where some of
        the values would make it certain. A flag that spoke of a number as it was says nothing of another; what it
        decided belongs to the range. Only what the `roots` are made of is there.
        """
        do = inputs.primitives
        wanted = self.made_of(*roots)
        buffers = list(islice(do.buffers(self.quantities), len(self.steps)))
        values: list[Any] = [None] * len(self.steps)
        for slot in wanted:
            step = self.steps[slot]
            found = step.operation(values, inputs, buffers[slot])
            values[slot] = do.including(found, exact.values[slot]) if step.is_comparison else found
        for slot in wanted:
            if self.steps[slot].is_truth:
                values[slot] = do.same(values[slot])
        return Values(self, values, inputs, exact.primitives)


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


def _operation(node: Expression, parts: tuple[int, ...]) -> Operation:
    """Return what computes an expression from the values of its parts."""
    match node:
        case Compare():
            return _comparison(node, *parts)
        case Combine(operator="and"):
            return lambda values, inputs, out: inputs.primitives.all_of([values[part] for part in parts], out)
        case Combine():
            return lambda values, inputs, out: inputs.primitives.any_of([values[part] for part in parts], out)
        case Not():
            return lambda values, inputs, out: inputs.primitives.opposite(values[parts[0]], out)
        case Certain():
            return lambda values, inputs, out: inputs.primitives.only_true(values[parts[0]], out)
        case AtLeast(count=count):
            return lambda values, inputs, out: inputs.primitives.at_least(count, [values[part] for part in parts], out)
        case Reported(name=name):
            return lambda _, inputs, out: inputs.reported(name, out)
        case Measured(key=key):
            return lambda _, inputs, out: inputs.measured(key, out)
        case Limit(name=name):
            return lambda _, inputs, out: inputs.limit(name, out)
        case Coefficient(name=name):
            return lambda _, inputs, __: (inputs.coefficient(name),) * 2
        case Constant(low=low, high=high):
            return lambda _, __, ___: (low, high)
        case Arithmetic(operator=operator):
            return lambda values, inputs, out: inputs.primitives.arithmetic(
                operator, values[parts[0]], values[parts[1]], out
            )
        case Choice():
            return lambda values, inputs, out: inputs.primitives.choose(
                values[parts[0]], values[parts[1]], values[parts[2]], out
            )
        case Inferred(primary=primary):
            return lambda values, inputs, out: inputs.primitives.inferred(
                values[parts[0]], values[parts[1]], inputs.flag(primary.key), out
            )
    raise TypeError(f"{type(node).__name__} is no expression of the rule language")


def _comparison(node: Compare, left: int, right: int) -> Operation:
    """Return the comparison; where the laboratory's flag speaks for it, the flag has a say."""
    operator, key = node.operator, flag_key(node.left)

    def by_number(values: Sequence[Any], inputs: Inputs, out: Any) -> Any:
        do = inputs.primitives
        return (do.below if operator == "<" else do.above)(values[left], values[right], out)

    if key is None or not isinstance(node.right, Limit):
        return by_number
    name = node.right.name

    def by_number_and_flag(values: Sequence[Any], inputs: Inputs, out: Any) -> Any:
        truth, flag = by_number(values, inputs, out), inputs.flag(key)
        if isinstance(flag, int) and flag == 0:
            return truth
        meaning = _MEANING.get((inputs.laboratory_end(name), operator))
        return truth if meaning is None else inputs.primitives.flagged(truth, flag, meaning, inputs.flag_decides(name))

    return by_number_and_flag


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

    def __init__(self, program: Program, values: list[Any], inputs: Inputs, primitives: Any = None) -> None:
        self.program = program
        self.values = values
        self.inputs = inputs
        #: What truths are combined with further: of ranges made one truth each, what the exact ones are combined with.
        self.primitives = inputs.primitives if primitives is None else primitives
        #: What decided a slot, in words, as far as an explanation has found it.
        self.explained: dict[int, Any] = {}
        self._open: dict[int, Any] = {}

    def of(self, node: Expression) -> Any:
        """Return the value of an expression."""
        return self.values[self.program.slot(node)]

    def is_open(self, slot: int) -> Any:
        """Return whether a truth is unknown; for columns, in which rows."""
        found = self._open.get(slot)
        if found is None:
            found = self._open[slot] = self.values[slot] == 1
        return found

    def cautious(
        self, read: Sequence[Any], within: Iterable[int], *, only: AbstractSet[int] | None = None
    ) -> list[Any]:
        """Return the slots' values as `read`, but evaluate those `within` anew, with each `certain(x)` as plain `x`.

        With `only`, those `certain(x)` alone; a slot of which no part changes is not read anew.
        """
        values, steps, users = list(read), self.program.steps, self.program.users
        stale = bytearray(len(steps))
        for slot in within:
            step = steps[slot]
            is_asked = step.is_defeater and (only is None or slot in only)
            if not (is_asked or stale[slot]):
                continue
            found = values[step.parts[0]] if step.is_defeater else step.operation(values, self.inputs, None)
            if found != values[slot]:
                values[slot] = found
                for user in users[slot]:
                    stale[user] = 1
        return values


def outcomes(verdict: Verdict, values: Values, *, read: Sequence[Any] | None = None) -> Any:
    """Return the outcomes still possible, a bit each, in the order of `verdict.outcomes`.

    `read` replaces the slots' values.
    """
    read = values.values if read is None else read
    do = values.primitives
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
    possible = (truth > 0).view("uint8")
    return (possible if place < 8 else possible.astype("uint16")) << place


def single_outcome(verdict: Verdict, possible: int) -> str | None:
    """Return the outcome where only one is possible, None where several are."""
    if possible & (possible - 1):
        return None
    return verdict.outcomes[possible.bit_length() - 1]


def open_comparisons(
    root: Truth | Verdict, values: Values, asked: Any = True
) -> Iterator[tuple[Compare | Reported, Any]]:
    """Yield the open comparisons whose answer is the next to ask for, each with whether (for columns.

    In which of the rows `asked`) it is.

    An open part matters where everything from it up to the rule is open too. Of several open parts that must all hold,
    only the first is asked for: the others matter only once it holds. A `certain(x)` is closed, unless it was widened:
    nothing below it is asked for.
    """
    program, read = values.program, values.values
    do = values.primitives
    matters: dict[int, Any] = {}

    def mark(slot: int, where: Any) -> None:
        if do.anywhere(where):
            matters[slot] = matters[slot] | where if slot in matters else where

    if isinstance(root, Verdict):
        reach: Any = 2
        for case in root.cases:
            slot = program.slot(case.when)
            mark(slot, asked & (reach > 0) & values.is_open(slot))
            reach = do.all_of([reach, do.opposite(read[slot])])
    else:
        mark(program.slot(root), asked & values.is_open(program.slot(root)))
    for slot in reversed(program.below(root)):
        where = matters.get(slot)
        if where is None:
            continue
        step = program.steps[slot]
        if isinstance(step.node, Compare | Reported):
            yield step.node, where
        else:
            first_only = isinstance(step.node, Combine) and step.node.operator == "and"
            for part in step.parts:
                here = where & values.is_open(part)
                mark(part, here)
                if first_only:
                    where = where ^ here


def open_defeaters(root: Truth | Verdict, values: Values) -> list[Certain]:
    """Return, for one patient, the open `certain(x)` through which alone a decided rule could still change.

    Whatever changes the rule must make one of them certain: with these held as they are now and every other defeater
    left open, the rule stays as it is. Of defeaters that would have to come together, one is listed.
    """

    def answer(read: Sequence[Any]) -> Any:
        return outcomes(root, values, read=read) if isinstance(root, Verdict) else read[values.program.slot(root)]

    program = values.program
    within = [slot for slot in program.below(root) if program.defeasible[slot]]
    decided, cautious = answer(values.values), values.cautious(values.values, within)
    held = {slot for slot in within if _is_open_defeater(slot, values, cautious)}

    def let_go(slots: list[int], read: list[Any]) -> list[Any]:
        """Let go of the slots that need not be held.

        All at once where that changes nothing, else by halves, the first half first.
        """
        tried = set(slots)
        free = values.cautious(read, [slot for slot in within if slot in tried or slot not in held], only=tried)
        if answer(free) == decided:
            held.difference_update(tried)
            return free
        half = len(slots) // 2
        return let_go(slots[half:], let_go(slots[:half], read)) if half else read

    if held:
        let_go(sorted(held), values.cautious(values.values, [slot for slot in within if slot not in held]))
    nodes = [values.program.steps[slot].node for slot in sorted(held)]
    return [node for node in nodes if isinstance(node, Certain)]


def _is_open_defeater(slot: int, values: Values, cautious: Sequence[Any]) -> bool:
    step = values.program.steps[slot]
    return step.is_defeater and values.values[slot] == 0 and cautious[step.parts[0]] == 1

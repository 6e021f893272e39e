"""Rules compiled once into a list of steps, which are run over columns and for one patient alike.

Compiling gives every distinct expression one slot, so that a part that two rules share is computed once. A second,
*cautious* reading takes every `certain(x)` as plain `x`. If it leaves a decided verdict open, a defeater is still open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from b12labs.logic.language import (
    Arithmetic,
    Certain,
    Compare,
    Expression,
    Finding,
    Measured,
    Truth,
    Verdict,
)
from b12labs.logic.operations import Inputs, Operation, operation_of
from b12labs.logic.scalars import Plain
from b12labs.logic.straight import Caution, Straight, caution_of, straight

__all__ = ["Program", "Truths", "Values"]

#: The number of patients from which a function is worth making: making it takes as long as some fifty patients.
WORTH_A_FUNCTION = 20


class Truths(Protocol):
    """A holder of the truths of rules: all values of one patient, or one row of a table."""

    def of(self, node: Expression) -> Any:
        """Return the truth of a rule."""


class _Step(NamedTuple):
    node: Expression
    parts: tuple[int, ...]
    operation: Operation
    is_defeater: bool
    is_truth: bool
    is_comparison: bool


class Program:
    """Rules compiled into steps; `slot` returns the position of an expression's value."""

    def __init__(self, roots: Iterable[Truth | Verdict]) -> None:
        self.roots = tuple(roots)
        self.steps: list[_Step] = []
        self._slots: dict[int, int] = {}
        self._by_key: dict[tuple[object, ...], int] = {}
        self._made_of: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._below: dict[int, tuple[int, ...]] = {}
        self._cautions: dict[int, Caution] = {}
        #: The number of patients evaluated, and the function that evaluates the later ones.
        self._patients = 0
        self._straight: Straight | None = None
        for root in self.roots:
            for node in root.children if isinstance(root, Verdict) else (root,):
                self._compile(node)
        #: The results that are raised to a power: in columns, this is done by distinct value.
        self.in_powers = frozenset(
            part.key
            for step in self.steps
            if isinstance(step.node, Arithmetic) and step.node.operator == "pow"
            for part in step.node.walk()
            if isinstance(part, Measured)
        )

    def slot(self, node: Expression) -> int:
        """Return the slot of a compiled expression."""
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
            key = (type(node), node.own, parts)
            slot = self._by_key.setdefault(key, len(self.steps))
            if slot == len(self.steps):
                self.steps.append(
                    _Step(
                        node,
                        parts,
                        operation_of(node, parts),
                        isinstance(node, Certain),
                        isinstance(node, Truth),
                        isinstance(node, Compare),
                    )
                )
        self._slots[id(node)] = slot
        return slot

    def caution(self, root: Expression) -> Caution:
        """Return the function that reads a rule cautiously."""
        found = self._cautions.get(id(root))
        if found is None:
            found = self._cautions[id(root)] = caution_of(self, root)
        return found

    def run(self, inputs: Inputs) -> Values:
        """Return the values of every step; the cautious reading and the explanation use them too."""
        if isinstance(inputs.primitives, Plain):
            self._patients += 1
            if self._patients > WORTH_A_FUNCTION:
                self._straight = self._straight or straight(self, inputs.coefficient)
                return Values(self, self._straight(inputs), inputs)
        return Values(self, self.step_by_step(inputs), inputs)

    def step_by_step(self, inputs: Inputs) -> list[Any]:
        """Return the value of every step, for columns or for one patient."""
        values: list[Any] = []
        for step in self.steps:
            values.append(step.operation(values, inputs))
        return values

    def run_widened(self, inputs: Inputs, exact: Values, *roots: Truth | Verdict) -> Values:
        """Evaluate the parts of rules over all values that results can have when widened around the `exact` ones.

        `inputs.primitives` are `Ranges`: a truth is the range of truths over those values. A truth that is the same for
        all of them stays, any other is open. Missing results stay missing, so that a defeater opens exactly if some of
        the values would make it certain. A flag applies only to the number as reported; the truth that it decided is
        added to the range. Only the parts of `roots` have values.
        """
        do = inputs.primitives
        wanted = self.made_of(*roots)
        values: list[Any] = [None] * len(self.steps)
        for slot in wanted:
            step = self.steps[slot]
            found = step.operation(values, inputs)
            values[slot] = do.including(found, exact.values[slot]) if step.is_comparison else found
        for slot in wanted:
            if self.steps[slot].is_truth:
                values[slot] = do.same(values[slot])
        return Values(self, values, inputs, exact.primitives)


class Values:
    """The value of every slot, for one patient or for the rows of columns."""

    def __init__(self, program: Program, values: list[Any], inputs: Inputs, primitives: Any = None) -> None:
        self.program = program
        self.values = values
        self.inputs = inputs
        #: The primitives that combine truths further; after widening those of exact values, as ranges are truths again.
        self.primitives = inputs.primitives if primitives is None else primitives
        #: The reasons that decided a slot, in words, as far as an explanation has found them.
        self.explained: dict[int, Any] = {}
        self._open: dict[int, Any] = {}

    def of(self, node: Expression) -> Any:
        """Return the value of an expression."""
        return self.values[self.program.slot(node)]

    def is_open(self, slot: int) -> Any:
        """Return whether a truth is unknown; for columns, in which rows."""
        found = self._open.get(slot)
        if found is None:
            found = self._open[slot] = self.primitives.is_open(self.values[slot])
        return found

"""The operation of each kind of expression, on the inputs of one patient or of columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
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
    Inferred,
    Limit,
    Measured,
    Not,
    Reported,
)
from b12labs.logic.scalars import Pair, exactly

__all__ = ["Inputs", "Operation", "by_flag", "flag_key", "operation_of"]

#: Truth of a comparison by the laboratory's flag (none, low, normal, high), by the end of its interval and the
#: operator.
_MEANING: dict[tuple[str, str], tuple[int, int, int, int]] = {
    ("low", "<"): (1, 2, 0, 0),
    ("low", ">"): (1, 0, 2, 2),
    ("high", ">"): (1, 0, 0, 2),
    ("high", "<"): (1, 2, 2, 0),
    ("above_low", "<"): (1, 2, 1, 0),
    ("above_low", ">"): (1, 0, 1, 2),
    ("beyond_low", "<"): (1, 1, 0, 0),
    ("beyond_low", ">"): (1, 1, 2, 2),
    ("beyond_high", ">"): (1, 0, 0, 1),
    ("beyond_high", "<"): (1, 2, 2, 1),
}


class Inputs(Protocol):
    """The known facts: of one patient, or of the rows of columns."""

    primitives: Any

    def measured(self, key: str) -> Pair: ...
    def is_unsettled(self, key: str) -> Any: ...
    def flag(self, key: str) -> Any: ...
    def limit(self, name: str) -> Pair: ...
    def laboratory_end(self, name: str) -> str: ...
    def flag_decides(self, name: str) -> Any: ...
    def coefficient(self, name: str) -> float: ...
    def reported(self, name: str) -> Any: ...


#: Computes an expression from the values of its parts.
Operation = Callable[[Sequence[Any], "Inputs"], Any]


def operation_of(node: Expression, parts: tuple[int, ...]) -> Operation:
    """Return the operation that computes an expression from the values of its parts."""
    match node:
        case Compare():
            return _comparison(node, *parts)
        case Combine(operator="and"):
            return lambda values, inputs: inputs.primitives.all_of([values[part] for part in parts])
        case Combine():
            return lambda values, inputs: inputs.primitives.any_of([values[part] for part in parts])
        case Not():
            return lambda values, inputs: inputs.primitives.opposite(values[parts[0]])
        case Certain():
            return lambda values, inputs: inputs.primitives.only_true(values[parts[0]])
        case AtLeast(count=count):
            return lambda values, inputs: inputs.primitives.at_least(count, [values[part] for part in parts])
        case Reported(name=name):
            return lambda _, inputs: inputs.reported(name)
        case Measured(key=key):
            return lambda _, inputs: inputs.measured(key)
        case Limit(name=name):
            return lambda _, inputs: inputs.limit(name)
        case Coefficient(name=name):
            return lambda _, inputs: exactly(inputs.coefficient(name))
        case Constant(low=low, high=high):
            return lambda _, __: (low, high)
        case Arithmetic(operator=operator):
            return lambda values, inputs: inputs.primitives.arithmetic(operator, values[parts[0]], values[parts[1]])
        case Choice():
            return lambda values, inputs: inputs.primitives.choose(values[parts[0]], values[parts[1]], values[parts[2]])
        case Inferred(primary=primary):
            return lambda values, inputs: inputs.primitives.inferred(
                values[parts[0]], values[parts[1]], inputs.flag(primary.key)
            )
    raise TypeError(f"{type(node).__name__} is not an expression of the rule language")


def _comparison(node: Compare, left: int, right: int) -> Operation:
    """Return the operation of a comparison, which also uses the laboratory's flag if the quantity has one."""
    operator, key = node.operator, flag_key(node.left)

    def by_number(values: Sequence[Any], inputs: Inputs) -> Any:
        do = inputs.primitives
        return (do.below if operator == "<" else do.above)(values[left], values[right])

    if key is None or not isinstance(node.right, Limit):
        return by_number
    name = node.right.name

    def by_number_and_flag(values: Sequence[Any], inputs: Inputs) -> Any:
        truth, flag = by_number(values, inputs), inputs.flag(key)
        return by_flag(truth, flag, inputs, operator, name) if flag else truth

    return by_number_and_flag


def by_flag(truth: Any, flag: Any, inputs: Inputs, operator: str, name: str) -> Any:
    """Return the truth of a comparison with a limit, given the laboratory's flag."""
    meaning = _MEANING.get((inputs.laboratory_end(name), operator))
    return truth if meaning is None else inputs.primitives.flagged(truth, flag, meaning, inputs.flag_decides(name))


@cache
def flag_key(node: Expression) -> str | None:
    """Return the analyte whose laboratory flag applies to a compared quantity, also if the quantity is adjusted."""
    match node:
        case Measured(key=key):
            return key
        case Inferred(primary=primary):
            return primary.key
        case Arithmetic(operator="sub", parts=parts):
            return flag_key(parts[0])
    return None

"""What computes each kind of expression, from what is known of one patient or of a chunk of columns."""

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


def operation_of(node: Expression, parts: tuple[int, ...]) -> Operation:
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
            return lambda _, inputs, __: exactly(inputs.coefficient(name))
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
        return truth if isinstance(flag, int) and flag == 0 else by_flag(truth, flag, inputs, operator, name)

    return by_number_and_flag


def by_flag(truth: Any, flag: Any, inputs: Inputs, operator: str, name: str) -> Any:
    """Return the truth of a comparison with a limit once the laboratory's flag had its say."""
    meaning = _MEANING.get((inputs.laboratory_end(name), operator))
    return truth if meaning is None else inputs.primitives.flagged(truth, flag, meaning, inputs.flag_decides(name))


@cache
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

"""Interval arithmetic over columns: of what all rows share and of tables by code at once, of numbers by row later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from b12labs.logic.columns.quantities import (
    Coded,
    Numbers,
    Quantity,
    by_row,
    is_shared,
    same_codes,
    tables,
    without_nan,
)
from b12labs.logic.columns.tape import Tape
from b12labs.logic.expressions import INF
from b12labs.logic.scalars import ANYTHING, Pair, Plain

__all__ = ["arithmetic"]

#: Computes one end from two: of arrays at once, or recorded.
Apply = Callable[[str, Any, Any], Any]

#: Operators where 0 times infinity, and the like, is 0 at the low end and infinite at the high end.
_PRODUCTS = ("mul", "div")


def arithmetic(tape: Tape, operator: str, left: Quantity, right: Quantity) -> Quantity:
    """Return the result of an operator on two quantities."""
    if is_shared(left) and is_shared(right):
        return Plain.arithmetic(operator, left, right)  # type: ignore[arg-type]  # both are pairs
    if operator in ("add", "sub") and right == (0.0, 0.0):
        return left
    codes = same_codes(left, right)
    if codes is not None:
        low, high = _of_tables(operator, tables(left), tables(right))
        size = next(len(part.low) for part in (left, right) if isinstance(part, Coded))
        low = np.broadcast_to(low, size)
        high = low if np.array_equal(low, np.broadcast_to(high, size)) else np.broadcast_to(high, size)
        return Coded(codes, low, high)
    known, missing = _where_missing(operator, left, right, tape)
    one, other = (by_row(tape, part) if known else without_nan(tape, part) for part in (left, right))

    def record(name: str, first: Any, second: Any) -> Any:
        return tape.column(name, first) if second is None else tape.column(name, first, second)

    return Numbers(*_ends(operator, (one.low, one.high), (other.low, other.high), record), missing)


def _of_tables(operator: str, left: Any, right: Any) -> tuple[Any, Any]:
    """Return the result by code."""

    def compute(name: str, first: Any, second: Any) -> Any:
        return getattr(np, name)(first) if second is None else getattr(np, name)(first, second)

    with np.errstate(all="ignore"):
        low, high = _ends(operator, left, right, compute)
    if operator in _PRODUCTS:
        return np.fmax(low, 0.0) if np.isnan(low).any() else low, np.fmin(high, INF) if np.isnan(high).any() else high
    return low, high


def _where_missing(operator: str, left: Quantity, right: Quantity, tape: Tape) -> tuple[bool, Pair | None]:
    """Return whether NaN can be computed with as it is, and what it stands for in the result."""
    one, other = by_row(tape, left).missing, by_row(tape, right).missing
    if operator == "log10":
        return True, None if one is None else Plain.arithmetic(operator, one, one)
    if operator in _PRODUCTS:
        # Whatever anything is multiplied with or divided by, it stays anything.
        if one in (None, ANYTHING) and other in (None, ANYTHING):
            certain = one is None and other is None and (_is_ordinary(left) or _is_ordinary(right))
            if not certain and not (is_shared(left) or is_shared(right)):
                return True, ANYTHING
            if certain:
                return True, None
        if not (_is_ordinary(left) or _is_ordinary(right)):
            return False, ANYTHING
    if is_shared(right):
        return True, None if one is None else Plain.arithmetic(operator, one, right)  # type: ignore[arg-type]  # a pair
    if is_shared(left):
        return True, None if other is None else Plain.arithmetic(operator, left, other)  # type: ignore[arg-type]  # a pair
    return one is None and other is None, None


def _is_ordinary(quantity: Quantity) -> bool:
    """Return whether all rows share it, and neither end is 0 or infinite."""
    return isinstance(quantity, tuple) and min(quantity) > 0 and max(quantity) < INF


def _ends(operator: str, left: Any, right: Any, do: Apply) -> tuple[Any, Any]:
    """Return both ends of the result."""
    match operator:
        case "add":
            return do("add", left[0], right[0]), do("add", left[1], right[1])
        case "sub":
            return do("subtract", left[0], right[1]), do("subtract", left[1], right[0])
        case "mul":
            return do("multiply", left[0], right[0]), do("multiply", left[1], right[1])
        case "div":
            return do("divide", left[0], right[1]), do("divide", left[1], right[0])
        case "minimum" | "maximum":
            return do(operator, left[0], right[0]), do(operator, left[1], right[1])
        case "hull":
            return do("minimum", left[0], right[0]), do("maximum", left[1], right[1])
        case "log10":
            return do("log10", left[0], None), do("log10", left[1], None)
    return _powers(left, right, do)


def _powers(base: Any, exponent: Any, do: Apply) -> tuple[Any, Any]:
    """Return the least and the largest power.

    With one exponent no lesser end is looked for: of a range of ends the first may be the larger.
    """
    if isinstance(exponent[0], float) and exponent[0] == exponent[1]:
        low, high = base if exponent[0] > 0 else (base[1], base[0])
        return do("power", low, exponent[0]), do("power", high, exponent[0])
    powers = [do("power", one, other) for one in _different(base) for other in _different(exponent)]
    least = largest = powers[0]
    for power in powers[1:]:
        least, largest = do("minimum", least, power), do("maximum", largest, power)
    return least, largest


def _different(ends: Any) -> Any:
    """Return both ends, or one where they are the same."""
    same = ends[0] is ends[1] or (isinstance(ends[0], float) and ends[0] == ends[1])
    return ends[:1] if same else ends

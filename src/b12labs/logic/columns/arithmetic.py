"""Interval arithmetic over columns: shared intervals and tables by code at once, numbers by row later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
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
from b12labs.logic.scalars import ANYTHING, Pair, Plain, is_ordinary

__all__ = ["arithmetic"]

#: Computes one end from two: at once for arrays, else recorded.
Apply = Callable[[str, Any, Any], Any]

#: Operators for which 0 times infinity, and the like, is 0 at the low end and infinite at the high end.
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
    one, other, missing = _carried(tape, operator, left, right)

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


def _carried(tape: Tape, operator: str, left: Quantity, right: Quantity) -> tuple[Numbers, Numbers, Pair | None]:
    """Return both as numbers by row, and the interval that NaN represents in the result.

    NaN is kept if it represents one interval in all rows; else the unknown intervals are written out.
    """
    one, other = by_row(tape, left), by_row(tape, right)
    if operator == "log10":
        return one, other, _of_missing(operator, one.missing, one.missing)
    if operator in _PRODUCTS:
        ordinary = any(isinstance(part, tuple) and is_ordinary(part) for part in (left, right))
        if one.missing in (None, ANYTHING) and other.missing in (None, ANYTHING):
            # Anything times a number, or divided by one, is still anything.
            is_known = ordinary and one.missing is other.missing is None
            return one, other, None if is_known else ANYTHING
        if not ordinary:
            return without_nan(tape, left), without_nan(tape, right), ANYTHING
    if isinstance(right, tuple):
        return one, other, _of_missing(operator, one.missing, right)
    if isinstance(left, tuple):
        return one, other, _of_missing(operator, left, other.missing)
    return without_nan(tape, left), without_nan(tape, right), None


def _of_missing(operator: str, left: Pair | None, right: Pair | None) -> Pair | None:
    """Return the result for the interval that NaN represents, or None if there is no NaN."""
    return None if left is None or right is None else Plain.arithmetic(operator, left, right)


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

    With one exponent, ends are not sorted: in a range of ends the first may be the larger.
    """
    least, most = exponent
    if isinstance(least, float) and least == most:
        low, high = base if least > 0 else reversed(base)
        return do("power", low, least), do("power", high, least)
    # An operation recorded twice is one column: one number and one exponent have one power.
    powers = {id(power): power for power in (do("power", one, other) for one in base for other in exponent)}.values()
    return reduce(partial(do, "minimum"), powers), reduce(partial(do, "maximum"), powers)

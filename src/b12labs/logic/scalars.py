"""Primitives over plain numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from b12labs.logic.expressions import INF
from b12labs.logic.language import FALSE, TOLERANCE, TRUE, UNKNOWN

Pair = tuple[Any, Any]

#: Every value that a quantity can have, if it was not measured.
ANYTHING: Pair = (0.0, INF)


def exactly(number: float) -> Pair:
    """Return both ends of the interval of one number."""
    return number, number


def is_ordinary(pair: Pair) -> bool:
    """Return whether products with it, and quotients by it, can be computed end by end: neither is 0 or infinite."""
    return all(pair) and INF not in pair


class Plain:
    """Primitives over Python floats and integers."""

    @staticmethod
    def certain(truth: int) -> bool:
        return truth == TRUE

    @staticmethod
    def possible(truth: int) -> bool:
        return truth != FALSE

    @staticmethod
    def is_open(truth: int) -> bool:
        return truth == UNKNOWN

    @staticmethod
    def same(least: int, most: int) -> int:
        """Return the truth if both are the same, else open."""
        return least if least == most else UNKNOWN

    @staticmethod
    def ends(low_of: Pair, high_of: Pair) -> Pair:
        """Return the interval from the low end of one quantity to the high end of the other."""
        return low_of[0], high_of[1]

    @staticmethod
    def all_of(parts: Sequence[int]) -> int:
        return min(parts)

    @staticmethod
    def any_of(parts: Sequence[int]) -> int:
        return max(parts)

    @staticmethod
    def opposite(part: int) -> int:
        return TRUE - part

    @staticmethod
    def only_true(part: int) -> int:
        return TRUE if part == TRUE else FALSE

    @staticmethod
    def at_least(count: int, parts: Sequence[int]) -> int:
        certain, possible = sum(part == TRUE for part in parts), sum(part != FALSE for part in parts)
        return TRUE if certain >= count else UNKNOWN if possible >= count else FALSE

    @staticmethod
    def below(left: Pair, right: Pair) -> int:
        return int(left[1] < _shifted(right[0], -TOLERANCE)) + int(left[0] < _shifted(right[1], -TOLERANCE))

    @staticmethod
    def above(left: Pair, right: Pair) -> int:
        return int(left[0] > _shifted(right[1], TOLERANCE)) + int(left[1] > _shifted(right[0], TOLERANCE))

    @staticmethod
    def flagged(truth: int, flag: int, meaning: Sequence[int], decides: bool) -> int:
        """Return the truth of a comparison, from the laboratory's flag if the number leaves it open.

        If the flag `decides`, it takes precedence over the number.
        """
        return meaning[flag] if truth == UNKNOWN or (decides and meaning[flag] != UNKNOWN) else truth

    @staticmethod
    def choose(condition: int, when_true: Pair, when_false: Pair) -> Pair:
        if condition == UNKNOWN:
            return min(when_true[0], when_false[0]), max(when_true[1], when_false[1])
        return when_true if condition == TRUE else when_false

    @staticmethod
    def inferred(primary: Pair, fallback: Pair, flag: int = 0) -> Pair:
        """Return the result, or the bounds that others set if nothing is known of it, not even a word."""
        return fallback if primary == (0.0, INF) and not flag else primary

    @staticmethod
    def arithmetic(operator: str, left: Pair, right: Pair) -> Pair:
        return _PLAIN[operator](left, right)


def _shifted(limit: float, share: float) -> float:
    """Return the limit moved by a share of itself, so that a value within float noise of it is taken as on it."""
    return limit * (1 + math.copysign(1, limit) * share)


def _multiply(left: float, right: float, otherwise: float) -> float:
    product = left * right
    return otherwise if product != product else product


def _divide(left: float, right: float, otherwise: float) -> float:
    if right == 0:
        return otherwise if left == 0 else INF
    quotient = left / right
    return otherwise if quotient != quotient else quotient


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        return INF
    try:
        return float(base**exponent)
    except OverflowError:
        return INF


def _log10(value: float) -> float:
    return -INF if value <= 0 else math.log10(value)


def _powers(left: Pair, right: Pair) -> Pair:
    exponent, greatest = right
    if exponent == greatest:  # ends are not sorted: in a range of ends (`ranges`) the first may be the larger
        low, high = left if exponent > 0 else (left[1], left[0])
        return _power(low, exponent), _power(high, exponent)
    corners = [_power(base, exponent) for base in left for exponent in right]
    return min(corners), max(corners)


_PLAIN: dict[str, Callable[[Pair, Pair], Pair]] = {
    "add": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "sub": lambda a, b: (a[0] - b[1], a[1] - b[0]),
    "mul": lambda a, b: (_multiply(a[0], b[0], 0.0), _multiply(a[1], b[1], INF)),
    "div": lambda a, b: (_divide(a[0], b[1], 0.0), _divide(a[1], b[0], INF)),
    "pow": _powers,
    "minimum": lambda a, b: (min(a[0], b[0]), min(a[1], b[1])),
    "maximum": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    "hull": lambda a, b: (min(a[0], b[0]), max(a[1], b[1])),
    "log10": lambda a, _: (_log10(a[0]), _log10(a[1])),
}

"""Yes (True), no (False) and cannot tell (None), and a result as the interval of its possible values."""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["EVERYTHING", "Range", "Truth", "above", "all_of", "any_of", "at_least", "below", "no", "sure"]

Truth = bool | None
#: A value this close to a limit is on it: the difference comes from converting units.
_SAME = 1e-9


class Range(NamedTuple):
    """All values from `low` to `high`, without the end itself if `low_open` or `high_open`."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def times(self, factor: float) -> Range:
        """Return the same values in another unit."""
        return Range(self.low * factor, self.high * factor, self.low_open, self.high_open)


#: A result that was not measured.
EVERYTHING = Range(0.0, math.inf)


def _same(one: float, other: float) -> bool:
    return one == other or (math.isfinite(one + other) and abs(one - other) <= _SAME * max(abs(one), abs(other)))


def below(value: Range, limit: Range | float) -> Truth:
    """Return whether the value is below the limit, which may itself be any number of a range."""
    limits = limit if isinstance(limit, Range) else Range(limit, limit)
    certain = value.high_open if _same(value.high, limits.low) else value.high < limits.low
    if certain:
        return True
    return False if value.low >= limits.high or _same(value.low, limits.high) else None


def above(value: Range, limit: Range | float) -> Truth:
    """Return whether the value is above the limit, which may itself be any number of a range."""
    limits = limit if isinstance(limit, Range) else Range(limit, limit)
    certain = value.low_open if _same(value.low, limits.high) else value.low > limits.high
    if certain:
        return True
    return False if value.high <= limits.low or _same(value.high, limits.low) else None


def no(truth: Truth) -> Truth:
    """Return the negation."""
    return None if truth is None else not truth


def sure(truth: Truth) -> bool:
    """Return whether a statement is certain by the present results: the form of every `unless`."""
    return truth is True


def all_of(*truths: Truth) -> Truth:
    """Return yes if all are, no if one is not."""
    if False in truths:
        return False
    return None if None in truths else True


def any_of(*truths: Truth) -> Truth:
    """Return yes if one is, no if none is."""
    if True in truths:
        return True
    return None if None in truths else False


def at_least(count: int, *truths: Truth) -> Truth:
    """Return whether at least `count` of them are yes."""
    yes = sum(truth is True for truth in truths)
    if yes >= count:
        return True
    return False if yes + sum(truth is None for truth in truths) < count else None

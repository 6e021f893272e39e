"""The primitives of the two evaluators: plain Python numbers for one patient, numpy arrays for columns.

A quantity is a pair (low, high), a truth an integer 0, 1, 2 (int8 in columns). In columns whatever is the same for every row
stays a plain number, and the plain primitives serve: a rule about an analyte that nobody measured costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from b12labs.logic import TOLERANCE

Pair = tuple[Any, Any]
INF = math.inf


class Plain:
    """Primitives over Python floats and integers."""

    @staticmethod
    def all_of(parts: Sequence[int]) -> int:
        return min(parts)

    @staticmethod
    def any_of(parts: Sequence[int]) -> int:
        return max(parts)

    @staticmethod
    def opposite(part: int) -> int:
        return 2 - part

    @staticmethod
    def only_true(part: int) -> int:
        return 2 if part == 2 else 0

    @staticmethod
    def at_least(count: int, parts: Sequence[int]) -> int:
        return 2 if sum(part == 2 for part in parts) >= count else 1 if sum(part > 0 for part in parts) >= count else 0

    @staticmethod
    def below(left: Pair, right: Pair) -> int:
        return int(left[1] < _shifted(right[0], -TOLERANCE)) + int(left[0] < _shifted(right[1], -TOLERANCE))

    @staticmethod
    def above(left: Pair, right: Pair) -> int:
        return int(left[0] > _shifted(right[1], TOLERANCE)) + int(left[1] > _shifted(right[0], TOLERANCE))

    @staticmethod
    def flagged(truth: int, flag: int, meaning: Sequence[int], decides: bool) -> int:
        """Let the laboratory's flag answer what the number leaves open; where it `decides`, it goes before the number."""
        return meaning[flag] if truth == 1 or (decides and meaning[flag] != 1) else truth

    @staticmethod
    def choose(condition: int, when_true: Pair, when_false: Pair) -> Pair:
        if condition == 1:
            return min(when_true[0], when_false[0]), max(when_true[1], when_false[1])
        return when_true if condition == 2 else when_false

    @staticmethod
    def inferred(primary: Pair, fallback: Pair) -> Pair:
        return fallback if primary == (0.0, INF) else primary

    @staticmethod
    def arithmetic(operator: str, left: Pair, right: Pair) -> Pair:
        return _PLAIN[operator](left, right)


def _shifted(limit: Any, share: float) -> Any:
    """Move the limit by a share of itself, so that float noise on the limit counts as on it. Limits in arrays are not negative."""
    return limit * (1 - share) if isinstance(limit, float | int) and limit < 0 else limit * (1 + share)


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


class Columns:
    """Primitives over numpy arrays; plain numbers are taken as the same in every row."""

    def __init__(self) -> None:
        import numpy

        self.np = numpy

    def _arrays(self, parts: Sequence[Any]) -> tuple[list[Any], list[int]]:
        arrays = [part for part in parts if not isinstance(part, int)]
        return arrays, [part for part in parts if isinstance(part, int)]

    def all_of(self, parts: Sequence[Any]) -> Any:
        arrays, plain = self._arrays(parts)
        limit = min(plain, default=2)
        if not arrays or limit == 0:
            return limit
        found = arrays[0]
        for part in arrays[1:]:
            found = self.np.minimum(found, part)
        return found if limit == 2 else self.np.minimum(found, self.np.int8(limit))

    def any_of(self, parts: Sequence[Any]) -> Any:
        arrays, plain = self._arrays(parts)
        limit = max(plain, default=0)
        if not arrays or limit == 2:
            return limit
        found = arrays[0]
        for part in arrays[1:]:
            found = self.np.maximum(found, part)
        return found if limit == 0 else self.np.maximum(found, self.np.int8(limit))

    def opposite(self, part: Any) -> Any:
        return 2 - part if isinstance(part, int) else self.np.int8(2) - part

    def only_true(self, part: Any) -> Any:
        return Plain.only_true(part) if isinstance(part, int) else part & self.np.int8(2)

    def at_least(self, count: int, parts: Sequence[Any]) -> Any:
        arrays, plain = self._arrays(parts)
        if not arrays:
            return Plain.at_least(count, plain)
        certain = sum((part >> 1 for part in arrays[1:]), arrays[0] >> 1) + self.np.int8(sum(part == 2 for part in plain))
        possible = sum((part > 0 for part in arrays[1:]), (arrays[0] > 0).view(self.np.int8)) + self.np.int8(sum(part > 0 for part in plain))
        return (certain >= count).view(self.np.int8) + (possible >= count).view(self.np.int8)

    def _is_plain(self, *pairs: Pair) -> bool:
        return all(isinstance(end, float | int) for pair in pairs for end in pair)

    def below(self, left: Pair, right: Pair) -> Any:
        if self._is_plain(left, right):
            return Plain.below(left, right)
        return self._sum(left[1] < _shifted(right[0], -TOLERANCE), left[0] < _shifted(right[1], -TOLERANCE))

    def above(self, left: Pair, right: Pair) -> Any:
        if self._is_plain(left, right):
            return Plain.above(left, right)
        return self._sum(left[0] > _shifted(right[1], TOLERANCE), left[1] > _shifted(right[0], TOLERANCE))

    def _sum(self, first: Any, second: Any) -> Any:
        first, second = self.np.asarray(first), self.np.asarray(second)
        return first.view(self.np.int8) + second.view(self.np.int8)

    def flagged(self, truth: Any, flag: Any, meaning: Sequence[int], decides: Any) -> Any:
        if isinstance(flag, int) and flag == 0:
            return truth
        table = self.np.array([[0] * 4, list(meaning), [2] * 4], dtype=self.np.int8)
        forced = self.np.array(meaning, dtype=self.np.int8)[flag]
        return self.np.where(decides & (forced != 1), forced, table[truth, flag])

    def choose(self, condition: Any, when_true: Pair, when_false: Pair) -> Pair:
        if isinstance(condition, int):
            return self.hull(when_true, when_false) if condition == 1 else when_true if condition == 2 else when_false
        hull = self.hull(when_true, when_false)
        where = self.np.where
        yes, no = condition == 2, condition == 0
        return (
            where(yes, when_true[0], where(no, when_false[0], hull[0])),
            where(yes, when_true[1], where(no, when_false[1], hull[1])),
        )

    def hull(self, left: Pair, right: Pair) -> Pair:
        return self.np.minimum(left[0], right[0]), self.np.maximum(left[1], right[1])

    def inferred(self, primary: Pair, fallback: Pair) -> Pair:
        if self._is_plain(primary):
            return Plain.inferred(primary, fallback)
        if self._is_plain(fallback) and fallback == (0.0, INF):
            return primary
        unknown = (primary[0] == 0) & (primary[1] == INF)
        return self.np.where(unknown, fallback[0], primary[0]), self.np.where(unknown, fallback[1], primary[1])

    def arithmetic(self, operator: str, left: Pair, right: Pair) -> Pair:
        if self._is_plain(left, right):
            return Plain.arithmetic(operator, left, right)
        np = self.np
        with np.errstate(all="ignore"):
            if operator in ("minimum", "maximum"):
                smaller = np.minimum if operator == "minimum" else np.maximum
                return smaller(left[0], right[0]), smaller(left[1], right[1])
            if operator == "hull":
                return self.hull(left, right)
            if operator == "log10":
                return np.log10(left[0]), np.log10(left[1])
            if operator == "add":
                return left[0] + right[0], left[1] + right[1]
            if operator == "sub":
                return (left[0], left[1]) if self._is_plain(right) and right == (0.0, 0.0) else (left[0] - right[1], left[1] - right[0])
            if operator == "mul":
                return self._known(left[0] * right[0], 0.0), self._known(left[1] * right[1], INF)
            if operator == "div":
                return self._known(np.divide(left[0], right[1]), 0.0), self._known(np.divide(left[1], right[0]), INF)
            corners = [np.power(base, exponent) for base in left for exponent in self._distinct(right)]
            return np.minimum.reduce(corners), np.maximum.reduce(corners)

    def _known(self, value: Any, otherwise: float) -> Any:
        return self.np.where(self.np.isnan(value), otherwise, value)

    def _distinct(self, pair: Pair) -> Pair:
        return pair[:1] if self._is_plain(pair) and pair[0] == pair[1] else pair  # type: ignore[return-value]  # one corner where both ends agree

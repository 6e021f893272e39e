"""Primitives over numpy arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from b12labs.logic.expressions import INF
from b12labs.logic.language import FALSE, TOLERANCE, TRUE, UNKNOWN
from b12labs.logic.scalars import Pair, Plain, _is_plain, _shifted


class Columns:
    """Primitives over numpy arrays of a chunk's rows; plain numbers are taken as the same in every row.

    Every slot of a program has a buffer of its own, which is written anew in every chunk: an array that is made and
    freed for every operation would go back to the system and be faulted in again, at many times the cost of the
    operation.
    """

    def __init__(self, rows: int) -> None:
        import numpy

        self.np = numpy
        self.rows = rows
        self._buffers: list[Any] = []
        self._spare = numpy.empty(rows, dtype=bool)
        self._spare_number = numpy.empty(rows)
        self._mask = numpy.empty(rows, dtype=numpy.int64)

    def buffers(self, quantities: Sequence[bool]) -> Iterable[Any]:
        """Return a buffer for every slot of a program: of truths, or of both ends of an interval."""
        if not self._buffers:
            truths = iter(self.np.empty((len(quantities) - sum(quantities), self.rows), dtype=self.np.int8))
            pairs = iter(self.np.empty((sum(quantities), 2, self.rows)))
            self._buffers = [tuple(next(pairs)) if is_quantity else next(truths) for is_quantity in quantities]
        return self._buffers

    @staticmethod
    def anywhere(where: Any) -> bool:
        return where if isinstance(where, bool) else bool(where.any())

    def all_of(self, parts: Sequence[Any], out: Any = None) -> Any:
        return self._fold(self.np.minimum, parts, TRUE, out)

    def any_of(self, parts: Sequence[Any], out: Any = None) -> Any:
        return self._fold(self.np.maximum, parts, FALSE, out)

    def _fold(self, extreme: Any, parts: Sequence[Any], neutral: int, out: Any) -> Any:
        """Return the smallest or largest of the parts: plain where a plain part settles it."""
        arrays = [part for part in parts if not isinstance(part, int)]
        plain = [part for part in parts if isinstance(part, int)]
        limit = neutral if not plain else min(plain) if neutral else max(plain)
        if not arrays or limit == TRUE - neutral:
            return limit
        if limit != neutral:
            arrays.append(self.np.int8(limit))
        found = arrays[0]
        for part in arrays[1:]:
            found = extreme(found, part, out=out)
        return found

    def opposite(self, part: Any, out: Any = None) -> Any:
        return TRUE - part if isinstance(part, int) else self.np.subtract(self.np.int8(TRUE), part, out=out)

    def only_true(self, part: Any, out: Any = None) -> Any:
        return (
            Plain.only_true(part) if isinstance(part, int) else self.np.bitwise_and(part, self.np.int8(TRUE), out=out)
        )

    def at_least(self, count: int, parts: Sequence[Any], out: Any = None) -> Any:
        arrays = [part for part in parts if not isinstance(part, int)]
        plain = [part for part in parts if isinstance(part, int)]
        if not arrays:
            return Plain.at_least(count, plain)
        int8 = self.np.int8
        certain = sum((part >> 1 for part in arrays[1:]), arrays[0] >> 1) + int8(sum(part == TRUE for part in plain))
        possible = sum((part != FALSE for part in arrays[1:]), (arrays[0] != FALSE).view(int8)) + int8(
            sum(part != FALSE for part in plain)
        )
        return self.np.add((certain >= count).view(int8), (possible >= count).view(int8), out=out)

    def below(self, left: Pair, right: Pair, out: Any = None) -> Any:
        if _is_plain(left) and _is_plain(right):
            return Plain.below(left, right)
        return self._compared(self.np.less, (left[1], left[0]), right, -TOLERANCE, out)

    def above(self, left: Pair, right: Pair, out: Any = None) -> Any:
        if _is_plain(left) and _is_plain(right):
            return Plain.above(left, right)
        return self._compared(self.np.greater, left, (right[1], right[0]), TOLERANCE, out)

    def _compared(self, compare: Any, left: Pair, right: Pair, share: float, out: Any) -> Any:
        """Return the sum of two comparisons.

        That of the ends where it is hardest to hold, and that where it is easiest.
        """
        found = self.np.empty(self.rows, dtype=self.np.int8) if out is None else out
        compare(left[0], self._shifted(right[0], share), out=found.view(bool))
        compare(left[1], self._shifted(right[1], share), out=self._spare)
        return self.np.add(found, self._spare.view(self.np.int8), out=found)

    def _shifted(self, limit: Any, share: float) -> Any:
        """Return the limit moved by a share of itself. Limits in arrays are not negative."""
        return (
            _shifted(limit, share)
            if isinstance(limit, (float, int))
            else self.np.multiply(limit, 1 + share, out=self._spare_number)
        )

    def flagged(self, truth: Any, flag: Any, meaning: Sequence[int], decides: Any) -> Any:
        """Let the laboratory's flag answer what the number leaves open.

        Where it `decides`, it goes before the number.
        """
        if isinstance(flag, int) and flag == 0:
            return truth
        table = self.np.array([[FALSE] * 4, list(meaning), [TRUE] * 4], dtype=self.np.int8)
        forced = self.np.array(meaning, dtype=self.np.int8)[flag]
        return self.np.where(decides & (forced != UNKNOWN), forced, table[truth, flag])

    def choose(self, condition: Any, when_true: Pair, when_false: Pair, out: Any = None) -> Pair:
        if isinstance(condition, int):
            return (
                self._hull(when_true, when_false, out)
                if condition == UNKNOWN
                else when_true
                if condition == TRUE
                else when_false
            )
        if condition.min() == condition.max():
            return self.choose(int(condition[0]), when_true, when_false, out)
        no, open_ = condition == FALSE, condition == UNKNOWN
        low, high = self._replaced(when_true, no, when_false, out)
        if open_.any():
            hull = self._hull(when_true, when_false, None)
            self.np.copyto(low, hull[0], where=open_)
            self.np.copyto(high, hull[1], where=open_)
        return low, high

    def _replaced(self, pair: Pair, where: Any, other: Pair, out: Any) -> Pair:
        """Return a pair, in some rows another.

        Bits are masked, because a copy under a mask takes a branch in every row.
        """
        np = self.np
        found = (np.empty(self.rows), np.empty(self.rows)) if out is None else out
        np.negative(where, dtype=np.int64, casting="unsafe", out=self._mask)
        for chosen, mine, others in zip(found, pair, other, strict=True):
            mine_bits, other_bits = (np.asarray(end, dtype=np.float64).view(np.int64) for end in (mine, others))
            bits = chosen.view(np.int64)
            np.bitwise_xor(mine_bits, other_bits, out=bits)
            np.bitwise_and(bits, self._mask, out=bits)
            np.bitwise_xor(bits, mine_bits, out=bits)
        return found[0], found[1]

    def _hull(self, left: Pair, right: Pair, out: Any) -> Pair:
        low, high = (None, None) if out is None else out
        return self.np.minimum(left[0], right[0], out=low), self.np.maximum(left[1], right[1], out=high)

    def inferred(self, primary: Pair, fallback: Pair, flag: Any = 0, out: Any = None) -> Pair:
        if _is_plain(primary):
            return Plain.inferred(primary, fallback)
        if _is_plain(fallback) and fallback == (0.0, INF):
            return primary
        unknown = (primary[0] == 0) & (primary[1] == INF) & (flag == 0)
        if not unknown.any():
            return primary
        return self._replaced(primary, unknown, fallback, out)

    def arithmetic(self, operator: str, left: Pair, right: Pair, out: Any = None) -> Pair:
        if _is_plain(left) and _is_plain(right):
            return Plain.arithmetic(operator, left, right)
        np = self.np
        low, high = (None, None) if out is None else out
        with np.errstate(all="ignore"):
            match operator:
                case "minimum" | "maximum":
                    smaller_or_larger = np.minimum if operator == "minimum" else np.maximum
                    return smaller_or_larger(left[0], right[0], out=low), smaller_or_larger(left[1], right[1], out=high)
                case "hull":
                    return self._hull(left, right, out)
                case "log10":
                    return np.log10(left[0], out=low), np.log10(left[1], out=high)
                case "add":
                    return np.add(left[0], right[0], out=low), np.add(left[1], right[1], out=high)
                case "sub":
                    if _is_plain(right) and right == (0.0, 0.0):
                        return left
                    return np.subtract(left[0], right[1], out=low), np.subtract(left[1], right[0], out=high)
                case "mul":
                    return self._known(np.multiply, left, right, out)
                case "div":
                    return self._known(np.divide, left, (right[1], right[0]), out)
            return self._powers(left, right, out)

    def _powers(self, left: Pair, right: Pair, out: Any) -> Pair:
        np = self.np
        low, high = (None, None) if out is None else out
        if _is_plain(right) and right[0] == right[1] != 0:
            ends = np.power(left[0], right[0], out=low), np.power(left[1], right[0], out=high)
            return ends if right[0] > 0 else (ends[1], ends[0])
        if _is_plain(left) and left[0] == left[1] and right[0] is right[1]:
            return (np.power(left[0], right[0], out=low),) * 2
        corners = [np.power(base, exponent) for base in left for exponent in right]
        return np.minimum.reduce(corners), np.maximum.reduce(corners)

    def _known(self, product: Any, left: Pair, right: Pair, out: Any) -> Pair:
        """Return the products of the ends.

        0 times infinity, and the like, is 0 at the low end and infinite at the high end.
        """
        low, high = (None, None) if out is None else out
        low, high = product(left[0], right[0], out=low), product(left[1], right[1], out=high)
        if _is_ordinary(left) or _is_ordinary(right):
            return low, high
        if self.np.isnan(low, out=self._spare).any():
            self.np.fmax(low, 0.0, out=low)
        if self.np.isnan(high, out=self._spare).any():
            self.np.fmin(high, INF, out=high)
        return low, high


def _is_ordinary(pair: Pair) -> bool:
    """Return whether both ends are plain, and neither 0 nor infinite."""
    return _is_plain(pair) and min(pair) > 0 and max(pair) < INF

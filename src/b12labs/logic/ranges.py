"""The primitives over ranges: what comes out for all values that results can have, evaluated by the same steps.

A truth is the range (least, most) of truths over those values. A quantity is two pairs: the outer, from the least that
its low end can be to the most that its high end can be, and the inner, from the most that its low end can be to the
least that its high end can be. Of one number that varies from 4 to 6 the outer pair is (4, 6) and the inner (6, 4); of
what is not measured both are (0, inf). The arithmetic of ends serves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from b12labs.logic.language import UNKNOWN

__all__ = ["Ranges"]

#: A range of truths, or the outer and the inner pair of a quantity.
Range = tuple[Any, Any]


class Ranges:
    """Primitives over ranges of what two others compute.

    They are two since in columns each answers into buffers of its own.
    """

    def __init__(self, least: Any, most: Any) -> None:
        self.least, self.most = least, most

    def buffers(self, program: Any) -> Iterable[Range]:
        return zip(self.least.buffers(program), self.most.buffers(program), strict=False)

    def same(self, truth: Range) -> Any:
        """Return a truth where it is the same over its range, and open otherwise."""
        least, most = truth
        if isinstance(least, int) and isinstance(most, int):
            return least if least == most else UNKNOWN
        import numpy

        return numpy.where(least == most, least, numpy.int8(UNKNOWN))

    def including(self, truth: Range, other: Any) -> Range:
        """Return a range of truths that another truth belongs to as well."""
        return self.least.all_of([truth[0], other]), self.most.any_of([truth[1], other])

    def all_of(self, parts: Sequence[Range], out: Any = None) -> Range:
        to_least, to_most = out or (None, None)
        return self.least.all_of([part[0] for part in parts], to_least), self.most.all_of(
            [part[1] for part in parts], to_most
        )

    def any_of(self, parts: Sequence[Range], out: Any = None) -> Range:
        to_least, to_most = out or (None, None)
        return self.least.any_of([part[0] for part in parts], to_least), self.most.any_of(
            [part[1] for part in parts], to_most
        )

    def opposite(self, part: Range, out: Any = None) -> Range:
        to_least, to_most = out or (None, None)
        return self.least.opposite(part[1], to_least), self.most.opposite(part[0], to_most)

    def only_true(self, part: Range, out: Any = None) -> Range:
        to_least, to_most = out or (None, None)
        return self.least.only_true(part[0], to_least), self.most.only_true(part[1], to_most)

    def at_least(self, count: int, parts: Sequence[Range], out: Any = None) -> Range:
        to_least, to_most = out or (None, None)
        return self.least.at_least(count, [part[0] for part in parts], to_least), self.most.at_least(
            count, [part[1] for part in parts], to_most
        )

    def below(self, left: Any, right: Any, out: Any = None) -> Range:
        """Return the range of truths from (largest left, smallest right) to (smallest left, largest right)."""
        to_least, to_most = out or (None, None)
        return self.least.below(_highest(left), _lowest(right), to_least), self.most.below(
            _lowest(left), _highest(right), to_most
        )

    def above(self, left: Any, right: Any, out: Any = None) -> Range:
        to_least, to_most = out or (None, None)
        return self.least.above(_lowest(left), _highest(right), to_least), self.most.above(
            _highest(left), _lowest(right), to_most
        )

    def flagged(self, truth: Range, flag: Any, meaning: Sequence[int], decides: Any) -> Range:
        return self.least.flagged(truth[0], flag, meaning, decides), self.most.flagged(truth[1], flag, meaning, decides)

    def choose(self, condition: Range, when_true: Any, when_false: Any, out: Any = None) -> Range:
        """Return one quantity or the other; a condition is of the patient, whom no repeated test changes."""
        (outer_yes, inner_yes), (outer_no, inner_no) = _both(when_true), _both(when_false)
        to_outer, to_inner = out or (None, None)
        same = self.same(condition)
        return self.least.choose(same, outer_yes, outer_no, to_outer), self.most.choose(
            same, inner_yes, inner_no, to_inner
        )

    def inferred(self, primary: Any, fallback: Any, flag: Any = 0, out: Any = None) -> Range:
        (outer, inner), (other_outer, other_inner) = _both(primary), _both(fallback)
        to_outer, to_inner = out or (None, None)
        return self.least.inferred(outer, other_outer, flag, to_outer), self.most.inferred(
            inner, other_inner, flag, to_inner
        )

    def arithmetic(self, operator: str, left: Any, right: Any, out: Any = None) -> Range:
        (outer, inner), (other_outer, other_inner) = _both(left), _both(right)
        to_outer, to_inner = out or (None, None)
        return self.least.arithmetic(operator, outer, other_outer, to_outer), self.most.arithmetic(
            operator, inner, other_inner, to_inner
        )


def _both(quantity: Any) -> Range:
    """Return the outer and the inner pair; a constant is one pair for both."""
    return quantity if isinstance(quantity[0], tuple) else (quantity, quantity)


def _lowest(quantity: Any) -> Range:
    """Return both ends as low as they can be."""
    outer, inner = _both(quantity)
    return outer[0], inner[1]


def _highest(quantity: Any) -> Range:
    outer, inner = _both(quantity)
    return inner[0], outer[1]

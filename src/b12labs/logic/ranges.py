"""The primitives over ranges: the outcomes for all values that results can have, evaluated by the same steps.

A truth is the range (least, most) of truths over those values. A quantity is two pairs. The outer pair runs from the
least value of its low end to the greatest value of its high end, the inner pair from the greatest value of its low end
to the least value of its high end. For a number that varies from 4 to 6 the outer pair is (4, 6) and the inner (6, 4);
for a result that was not measured both are (0, inf). The same arithmetic of ends computes both pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["Ranges"]

#: A range of truths, or the outer and the inner pair of a quantity.
Range = tuple[Any, Any]


class Ranges:
    """Primitives over ranges, computed with other primitives: those of one patient, or those of columns."""

    def __init__(self, do: Any) -> None:
        self.do = do

    def same(self, truth: Range) -> Any:
        """Return the truth if it is the same over its range, else open."""
        return self.do.same(*truth)

    def including(self, truth: Range, other: Any) -> Range:
        """Return a range of truths extended to include another truth."""
        return self.do.all_of([truth[0], other]), self.do.any_of([truth[1], other])

    def all_of(self, parts: Sequence[Range]) -> Range:
        return self.do.all_of([part[0] for part in parts]), self.do.all_of([part[1] for part in parts])

    def any_of(self, parts: Sequence[Range]) -> Range:
        return self.do.any_of([part[0] for part in parts]), self.do.any_of([part[1] for part in parts])

    def opposite(self, part: Range) -> Range:
        return self.do.opposite(part[1]), self.do.opposite(part[0])

    def only_true(self, part: Range) -> Range:
        return self.do.only_true(part[0]), self.do.only_true(part[1])

    def at_least(self, count: int, parts: Sequence[Range]) -> Range:
        least, most = ([part[place] for part in parts] for place in (0, 1))
        return self.do.at_least(count, least), self.do.at_least(count, most)

    def below(self, left: Any, right: Any) -> Range:
        """Return the range of truths from (largest left, smallest right) to (smallest left, largest right)."""
        least = self.do.below(self._highest(left), self._lowest(right))
        return least, self.do.below(self._lowest(left), self._highest(right))

    def above(self, left: Any, right: Any) -> Range:
        least = self.do.above(self._lowest(left), self._highest(right))
        return least, self.do.above(self._highest(left), self._lowest(right))

    def flagged(self, truth: Range, flag: Any, meaning: Sequence[int], decides: Any) -> Range:
        least, most = (self.do.flagged(end, flag, meaning, decides) for end in truth)
        return least, most

    def choose(self, condition: Range, when_true: Any, when_false: Any) -> Range:
        """Return one quantity or the other; a condition is about the patient, and no repeated test changes it."""
        same = self.same(condition)
        return self._of_both(lambda one, other: self.do.choose(same, one, other), when_true, when_false)

    def inferred(self, primary: Any, fallback: Any, flag: Any = 0) -> Range:
        return self._of_both(lambda one, other: self.do.inferred(one, other, flag), primary, fallback)

    def arithmetic(self, operator: str, left: Any, right: Any) -> Range:
        return self._of_both(lambda one, other: self.do.arithmetic(operator, one, other), left, right)

    @staticmethod
    def _of_both(compute: Callable[[Any, Any], Any], left: Any, right: Any) -> Range:
        """Return the results for the outer pairs and for the inner pairs."""
        (outer, inner), (other_outer, other_inner) = _both(left), _both(right)
        return compute(outer, other_outer), compute(inner, other_inner)

    def _lowest(self, quantity: Any) -> Any:
        """Return both ends as low as they can be."""
        return self.do.ends(*_both(quantity))

    def _highest(self, quantity: Any) -> Any:
        outer, inner = _both(quantity)
        return self.do.ends(inner, outer)


def _both(quantity: Any) -> Range:
    """Return the outer and the inner pair; a constant is one pair for both."""
    first, _ = quantity
    return (quantity, quantity) if isinstance(first, (float, int)) else quantity

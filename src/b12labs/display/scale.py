"""The scale of one analyte.

It gives the position of a value between the limits that applied, and the meaning of each stretch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from b12labs.answer.parts import AppliedLimit, Result, unbounded
from b12labs.logic.expressions import INF
from b12labs.reference import analytes

__all__ = ["Scale", "Stretch", "ends", "reassures", "scale_of", "stretches"]

#: An analyte whose plausible values span more than this is drawn on a logarithmic scale.
LINEAR_SPAN = 150


@dataclass(frozen=True)
class Scale:
    """A scale from `low` to `high` in the analyte's canonical unit, logarithmic or linear."""

    low: float
    high: float
    logarithmic: bool

    def position(self, value: float) -> float:
        """Return the position of a value, from 0 at the low end to 1 at the high end; it stops at the ends."""
        if value <= self.low:
            return 0.0
        if value >= self.high:
            return 1.0
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Stretch:
    """A part of a scale and the meaning of a value in it.

    The meaning is `low`, `high`, `adequate`, `within` (the limits), `grey`, or `open` (between a limit's bounds).
    """

    low: float
    high: float
    meaning: str
    words: str


def ends(result: Result) -> tuple[float, float]:
    """Return the interval that the limits are compared with, in the canonical unit."""
    low, high = result.compared or (result.low, result.high)
    return low, unbounded(high)


def reassures(analyte: str, limit: AppliedLimit) -> bool:
    """Return whether a result beyond the limit argues against a shortage, such as B12 above its lower limit."""
    end = analytes()[analyte].limits[limit.name].laboratory
    return (end, limit.side) in (("low", "above"), ("above_low", "above"), ("high", "below"))


def scale_of(result: Result) -> Scale:
    """Return a scale with space at both ends for limits, the laboratory's interval and the ends of the result."""
    plausible = analytes()[result.analyte].plausible
    logarithmic = plausible.low > 0 and plausible.high / plausible.low > LINEAR_SPAN
    limits = [end for limit in result.limits for end in (limit.low, limit.high)]
    fixed = [end for end in (*limits, result.reference_low, result.reference_high) if end is not None and 0 < end < INF]
    values = [end for end in (*ends(result), result.low, result.high) if end is not None and 0 < end < INF]
    shown = fixed or values or [plausible.low or 1, plausible.high]
    if logarithmic:
        return Scale(
            min([min(shown) / 3, *(value / 1.5 for value in values)]),
            max([max(shown) * 3, *(value * 1.5 for value in values)]),
            True,
        )
    room = max(0.6 * (max(shown) - min(shown)), 0.25 * max(shown))
    low = min([min(shown) - room, *(value - room / 3 for value in values)])
    return Scale(max(0.0, low), max([max(shown) + room, *(value + room / 3 for value in values)]), False)


def stretches(result: Result, scale: Scale) -> list[Stretch]:
    """Return the parts of the scale with their meanings, from low to high; empty if no limit applied."""
    edges = {scale.low, scale.high}
    for limit in result.limits:
        edges.update(end for end in (limit.low, limit.high) if end is not None and scale.low < end < scale.high)
    cut = sorted(edges)
    found: list[Stretch] = []
    for low, high in pairwise(cut) if result.limits else ():
        meaning, words = _meaning(result, low, high)
        same = bool(found) and (found[-1].meaning, found[-1].words) == (meaning, words)
        found.append(Stretch(found.pop().low if same else low, high, meaning, words))
    return found


def _meaning(result: Result, low: float, high: float) -> tuple[str, str]:
    """Return the meaning of a value between two neighboring limits, the same for all values between them."""
    against = [limit for limit in result.limits if not reassures(result.analyte, limit)]
    adequate = [limit for limit in result.limits if reassures(result.analyte, limit)]
    for side in ("below", "above"):
        if any(_beyond(limit, low, high) for limit in against if limit.side == side):
            return ("low", "low") if side == "below" else ("high", "high")
    if any(_between(limit, low, high) for limit in against):
        return "open", ""
    if adequate and not any(_beyond(limit, low, high) for limit in adequate):
        return (
            ("open", "")
            if any(_between(limit, low, high) for limit in adequate)
            else ("grey", "grey zone" if against else "not adequate")
        )
    return ("adequate", "adequate") if adequate else ("within", " or ".join(_not_beyond(against)))


def _beyond(limit: AppliedLimit, low: float, high: float) -> bool:
    return high <= limit.low if limit.side == "below" else limit.high is not None and low >= limit.high


def _between(limit: AppliedLimit, low: float, high: float) -> bool:
    return limit.low <= low and (limit.high is None or high <= limit.high)


def _not_beyond(limits: list[AppliedLimit]) -> Iterator[str]:
    sides = {limit.side for limit in limits}
    if len(sides) == 2:
        yield "within limits"
    else:
        yield "not low" if "below" in sides else "not high"

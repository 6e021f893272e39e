"""Regions of the plane of two analytes, cut at each change of the answer to these two results alone.

No limit is read here. The rules run over a grid, and again in smaller and smaller steps between neighbors that differ.
An edge is therefore a change of the answer, for any reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.limits.stratified import Limits
from b12labs.reference import analytes, limit_names

__all__ = ["Axis", "Region", "Say", "axis_of", "decision_regions"]

Floats = npt.NDArray[np.float64]
#: A function from two results to the answer at each point.
Say = Callable[[Floats, Floats], npt.NDArray[Any]]
_STEPS = 160
#: A step in which the answer changes is divided into this many parts, again and again.
_PARTS = 24
#: The greatest distance of an edge from the change of the answer, as a part of the axis.
_CLOSE = 1e-7


@dataclass(frozen=True)
class Axis:
    """One analyte's axis in its canonical unit."""

    key: str
    low: float
    high: float
    log: bool

    def place(self, values: Any) -> Any:
        """Return the places of values on the axis, 0 to 1."""
        if self.log:
            return np.log(values / self.low) / np.log(self.high / self.low)
        return (np.asarray(values) - self.low) / (self.high - self.low)

    def value(self, places: Any) -> Any:
        """Return the values at places from 0 to 1."""
        places = np.asarray(places)
        values = self.low * (self.high / self.low) ** places if self.log else self.low + places * (self.high - self.low)
        return np.clip(values, self.low, self.high)

    def ticks(self) -> list[float]:
        """Return the ticks of a logarithmic axis: 1, 2 and 5 of every power of ten, fewer on a long axis."""
        tens = range(int(np.floor(np.log10(self.low))), int(np.ceil(np.log10(self.high))) + 1)
        steps = (1, 2, 5) if self.high / self.low < 500 else (1,)
        return [
            tick for ten in tens for tick in (float(f"{step}e{ten}") for step in steps) if self.low <= tick <= self.high
        ]


@dataclass(frozen=True)
class Region:
    """A rectangle of the plane with one answer of the rules."""

    word: str
    x: float
    x2: float
    y: float
    y2: float


def axis_of(key: str, limits: Limits, stratum: int, values: Floats, *, log: bool) -> Axis:
    """Return an axis that shows every limit of an analyte, with space beside it, and all of the values."""
    names = [name for name, analyte in limit_names().items() if analyte == key]
    ends = [end for name in names for end in limits[name].at(stratum, substance=False) if 0 < end < np.inf]
    plausible = analytes()[key].plausible
    ends = ends or [plausible.low, plausible.high]
    low, high = min(ends), max(ends)
    room = (low / 2.5, high * 2.5) if log else (low - 0.25 * high, high * 1.2)
    shown = values[np.isfinite(values) & (values > 0)]
    if shown.size:
        beyond = (1 / 1.15, 1.15) if log else (0.95, 1.05)
        room = min(room[0], shown.min() * beyond[0]), max(room[1], shown.max() * beyond[1])
    # Implausible results are set aside when they are read, so the axis ends at the plausible ones.
    return Axis(key, float(max(room[0], plausible.low)), float(min(room[1], plausible.high)), log)


def decision_regions(x: Axis, y: Axis, say: Say) -> list[Region]:
    """Return rectangles that cover the whole plane, each with the answer of the rules in it."""
    across, up = _edges(x, y, say), _edges(y, x, lambda ups, acrosses: say(acrosses, ups))
    middles_x, middles_y = (across[:-1] + across[1:]) / 2, (up[:-1] + up[1:]) / 2
    words = _words(say, x.value(middles_x), y.value(middles_y))
    strips: list[tuple[float, float, tuple[tuple[str, float, float], ...]]] = []
    for place, column in enumerate(words):
        runs = _runs(column, up)
        if strips and strips[-1][2] == runs:
            strips[-1] = (strips[-1][0], across[place + 1], runs)
        else:
            strips.append((across[place], across[place + 1], runs))
    return [
        Region(word, float(x.value(left)), float(x.value(right)), float(y.value(bottom)), float(y.value(top)))
        for left, right, runs in strips
        for word, bottom, top in runs
    ]


def _runs(column: npt.NDArray[Any], edges: Floats) -> tuple[tuple[str, float, float], ...]:
    starts = [0, *(np.flatnonzero(column[1:] != column[:-1]) + 1).tolist(), len(column)]
    return tuple((str(column[start]), float(edges[start]), float(edges[end])) for start, end in pairwise(starts))


def _words(say: Say, xs: Any, ys: Any) -> npt.NDArray[Any]:
    """Return the answers over a grid, by x, then by y."""
    xs, ys = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
    return say(np.repeat(xs, len(ys)), np.tile(ys, len(xs))).reshape(len(xs), len(ys))


def _edges(along: Axis, other: Axis, say: Say) -> Floats:
    """Return the places along one axis at which the answer changes for some value of the other, and 0 and 1."""
    places = np.linspace(0, 1, _STEPS)
    others = other.value(places)
    grid = _words(say, along.value(places), others)
    found = [0.0]
    for step in np.flatnonzero((grid[1:] != grid[:-1]).any(axis=1)).tolist():
        start, before = places[step], grid[step]
        while (before != grid[step + 1]).any():
            low, high, after = start, places[step + 1], grid[step + 1]
            while high - low > _CLOSE:
                between = np.linspace(low, high, _PARTS + 1)[1:-1]
                words = _words(say, along.value(between), others)
                changed = np.flatnonzero((words != before).any(axis=1))
                first = int(changed[0]) if len(changed) else len(between)
                low = between[first - 1] if first else low
                high, after = (between[first], words[first]) if first < len(between) else (high, after)
            found.append(float(high))
            start, before = high, after
    # A grid line exactly on a limit is not a region of its own.
    apart = [place for before, place in pairwise(found) if place - before > 4 * _CLOSE]
    return np.array([0.0, *apart, 1.0])

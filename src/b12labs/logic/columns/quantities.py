"""Quantities over columns: one interval that all rows share, an interval by code, or an interval in every row.

An interval that all rows share is a pair of floats, as for one patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.logic.columns.tape import Array, Number, Tape
from b12labs.logic.scalars import ANYTHING, Pair

__all__ = ["Coded", "Numbers", "Quantity", "by_row", "is_shared", "same_codes", "tables", "without_nan"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Numbers:
    """An interval in every row.

    If every row has one number, both ends are the same column. NaN at an end means that nothing is known; it represents
    that end of `missing`. If `missing` is None, there is no NaN.
    """

    low: Number
    high: Number
    missing: Pair | None = None


@dataclass(frozen=True, eq=False)
class Coded:
    """The interval of every code, and the code of every row."""

    codes: Array
    low: Floats
    high: Floats

    @cached_property
    def blanked(self) -> tuple[Floats, Floats, Pair | None]:
        """Both tables with NaN if nothing is known (one table if they are equal), and the interval of NaN, or None."""
        nothing = (self.low == ANYTHING[0]) & (self.high == ANYTHING[1])
        low, high = self.low, self.high
        if nothing.any():
            low, high = np.where(nothing, np.nan, low), np.where(nothing, np.nan, high)
        return low, low if np.array_equal(low, high, equal_nan=True) else high, ANYTHING if nothing.any() else None

    def shifted(self, share: float) -> Coded:
        """Return limits moved by a share of themselves; limits in tables are not negative."""
        if share not in self._shifted:
            self._shifted[share] = Coded(self.codes, self.low * (1 + share), self.high * (1 + share))
        return self._shifted[share]

    @cached_property
    def _shifted(self) -> dict[float, Coded]:
        return {}


Quantity = Pair | Numbers | Coded


def is_shared(quantity: Quantity) -> bool:
    """Return whether all rows share the interval."""
    return isinstance(quantity, tuple)


def tables(quantity: Any) -> tuple[Any, Any]:
    """Return both ends by code, or the ends that all rows share."""
    return (quantity.low, quantity.high) if isinstance(quantity, Coded) else quantity


def same_codes(one: Quantity, other: Quantity) -> Array | None:
    """Return the codes if two quantities depend only on the same codes, else None."""
    codes = {part.codes for part in (one, other) if isinstance(part, Coded)}
    settled = len(codes) == 1 and not isinstance(one, Numbers) and not isinstance(other, Numbers)
    return codes.pop() if settled else None


def by_row(tape: Tape, quantity: Quantity) -> Numbers:
    """Return a quantity as numbers by row, with NaN if nothing is known."""
    if isinstance(quantity, Numbers):
        return quantity
    if isinstance(quantity, Coded):
        low, high, missing = quantity.blanked
        taken = tape.taken(low, quantity.codes)
        return Numbers(taken, taken if high is low else tape.taken(high, quantity.codes), missing)
    return Numbers(float(quantity[0]), float(quantity[1]))


def without_nan(tape: Tape, quantity: Quantity) -> Numbers:
    """Return a quantity as numbers by row, with unknown intervals written out."""
    if isinstance(quantity, Coded):
        low = tape.taken(quantity.low, quantity.codes)
        same = np.array_equal(quantity.low, quantity.high)
        return Numbers(low, low if same else tape.taken(quantity.high, quantity.codes))
    numbers = by_row(tape, quantity)
    if numbers.missing is None:
        return numbers
    return Numbers(_filled(tape, numbers, 0), _filled(tape, numbers, 1))


def _filled(tape: Tape, numbers: Numbers, end: int) -> Number:
    """Return an end with NaN replaced by its interval's end: given NaN and a number, fmax and fmin return the number.

    No number lies outside the interval of NaN, which was computed from ANYTHING.
    """
    assert numbers.missing is not None
    number, known = (numbers.low, numbers.high)[end], float(numbers.missing[end])
    if isinstance(number, float):
        return known if number != number else number
    return tape.column("fmin" if end else "fmax", number, known)

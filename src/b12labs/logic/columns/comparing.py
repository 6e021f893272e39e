"""Comparisons over columns, with the same tolerance as for one patient."""

from __future__ import annotations

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
from b12labs.logic.columns.tape import Bits, Number, Tape
from b12labs.logic.columns.truths import Truth, at_codes, truth
from b12labs.logic.expressions import TOLERANCE
from b12labs.logic.scalars import Plain, _shifted

__all__ = ["above", "below"]


def below(tape: Tape, left: Quantity, right: Quantity) -> Truth:
    """Return whether one quantity is below another: the rows in which all of it is, and in which some of it may be."""
    if is_shared(left) and is_shared(right):
        return Plain.below(left, right)  # type: ignore[arg-type]  # both are pairs
    codes = same_codes(left, right)
    if codes is not None:
        (low, high), (to_low, to_high) = tables(left), tables(_moved(tape, right, -TOLERANCE))
        return at_codes(tape, _sum(high < to_low, low < to_high), codes)
    one, other = by_row(tape, left), without_nan(tape, _moved(tape, right, -TOLERANCE))
    return truth(
        _less(tape, one.high, other.low, one.missing, 1, below=True),
        _less(tape, one.low, other.high, one.missing, 0, below=True),
    )


def above(tape: Tape, left: Quantity, right: Quantity) -> Truth:
    """Return whether one quantity is above another: the rows in which all of it is, and in which some of it may be."""
    if is_shared(left) and is_shared(right):
        return Plain.above(left, right)  # type: ignore[arg-type]  # both are pairs
    codes = same_codes(left, right)
    if codes is not None:
        (low, high), (to_low, to_high) = tables(left), tables(_moved(tape, right, TOLERANCE))
        return at_codes(tape, _sum(low > to_high, high > to_low), codes)
    one, other = by_row(tape, left), without_nan(tape, _moved(tape, right, TOLERANCE))
    return truth(
        _less(tape, one.low, other.high, one.missing, 0, below=False),
        _less(tape, one.high, other.low, one.missing, 1, below=False),
    )


def _sum(sure: Any, maybe: Any) -> Any:
    return sure.astype(np.int8) + maybe.astype(np.int8)


def _moved(tape: Tape, limit: Quantity, share: float) -> Quantity:
    """Return a limit moved by a share of itself, so that a value within float noise of it is taken as on it."""
    if isinstance(limit, tuple):
        return float(_shifted(limit[0], share)), float(_shifted(limit[1], share))
    if isinstance(limit, Coded):
        return limit.shifted(share)
    solid = without_nan(tape, limit)
    low, high = (tape.column("multiply", end, 1 + share) for end in (solid.low, solid.high))
    return Numbers(low, high)


def _less(tape: Tape, number: Number, limit: Number, missing: Any, end: int, *, below: bool) -> Bits:
    """Return the rows in which a number is below (or above) a limit; NaN is read as an end of `missing`."""
    found = tape.less(number, limit) if below else tape.less(limit, number)
    if missing is None:
        return found
    known = float(missing[end])
    stands = tape.less(known, limit) if below else tape.less(limit, known)
    return found | (tape.nan(number) & stands)

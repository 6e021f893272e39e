"""Truths over columns: two planes, the rows in which a truth holds, and the rows in which it may hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from b12labs.logic.columns.tape import Array, Bits, Tape
from b12labs.logic.language import FALSE, TRUE

__all__ = ["Planes", "Truth", "at_codes", "at_least", "certain", "possible", "truth"]


@dataclass(frozen=True, eq=False)
class Planes:
    """The rows in which a truth is TRUE, and the rows in which it is not FALSE; the second include the first."""

    certain: Bits
    possible: Bits


#: A truth that all rows share is an integer, as for one patient.
Truth = Planes | int


def certain(of: Truth) -> Bits:
    """Return the rows in which a truth is TRUE."""
    return of == TRUE if isinstance(of, int) else of.certain


def possible(of: Truth) -> Bits:
    """Return the rows in which a truth is not FALSE."""
    return of != FALSE if isinstance(of, int) else of.possible


def truth(is_certain: Bits, is_possible: Bits) -> Truth:
    """Return the truth of two planes."""
    if isinstance(is_certain, bool) and isinstance(is_possible, bool):
        return int(is_certain) + int(is_possible)
    return Planes(is_certain, is_possible)


def at_codes(tape: Tape, truths: npt.NDArray[np.int8], codes: Array) -> Truth:
    """Return the truth in a table for the code of every row."""
    return truth(tape.at_codes(truths == TRUE, codes), tape.at_codes(truths != FALSE, codes))


def at_least(count: int, parts: Sequence[Bits]) -> Bits:
    """Return the rows in which at least `count` of the parts hold."""
    reached: list[Bits] = [True, *[False] * count]
    for part in parts:
        reached = [True, *(enough | (fewer & part) for fewer, enough in pairwise(reached))]
    return reached[count]

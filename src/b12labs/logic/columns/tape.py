"""The computation over columns, recorded as a list of operations.

The rules are evaluated once, over handles in place of arrays. Each handle represents the result of an operation: a
*plane*, one bit per row, or a *column*, one number per row. An operation that was recorded before is not recorded
again. A value that is the same in every row is computed at once and not recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Array", "Bits", "Column", "Number", "Operation", "Plane", "Tape"]


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """A given array: one value per row, of which each chunk sees its part, or a table by code."""

    values: npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A number in every row; `place` is the position of its operation."""

    place: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: its name, its parts, and the handle of its result; `needs` are the positions of its parts."""

    name: str
    parts: tuple[Any, ...]
    result: Plane | Column
    needs: tuple[int, ...]


class Plane:
    """A bit in every row. `&`, `|` and `^` record an operation, except with True or False (all rows or none)."""

    __slots__ = ("place", "tape")

    def __init__(self, tape: Tape, place: int) -> None:
        self.tape, self.place = tape, place

    def __and__(self, other: Bits) -> Bits:
        if isinstance(other, bool):
            return self if other else False
        return self if other is self else self.tape.both("bitwise_and", self, other)

    def __or__(self, other: Bits) -> Bits:
        if isinstance(other, bool):
            return True if other else self
        return self if other is self else self.tape.both("bitwise_or", self, other)

    def __xor__(self, other: Bits) -> Bits:
        if isinstance(other, bool):
            return self.tape.opposite(self) if other else self
        return False if other is self else self.tape.both("bitwise_xor", self, other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__


#: Up to this number of codes are compared, more are looked up.
FEW = 4

#: Some of the rows: a plane, or True for all, or False for none.
Bits = Plane | bool

#: A column, or a number that is the same in every row.
Number = Column | float


class Tape:
    """The operations recorded so far."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._planes: dict[tuple[Any, ...], Plane] = {}
        self._columns: dict[tuple[Any, ...], Column] = {}
        self._opposites: dict[Plane, Plane] = {}
        self._arrays: dict[int, Array] = {}

    def array(self, values: npt.NDArray[Any]) -> Array:
        """Return the handle of an array; the handle keeps the array, so that no other array gets its id."""
        return self._arrays.setdefault(id(values), Array(values))

    def plane(self, name: str, *parts: Any) -> Plane:
        """Return the plane that results from an operation."""
        key = (name, *parts)
        found = self._planes.get(key)
        if found is None:
            found = self._planes[key] = Plane(self, len(self.operations))
            self._record(name, parts, found)
        return found

    def column(self, name: str, *parts: Any) -> Column:
        """Return the column that results from an operation."""
        key = (name, *parts)
        found = self._columns.get(key)
        if found is None:
            found = self._columns[key] = Column(len(self.operations))
            self._record(name, parts, found)
        return found

    def _record(self, name: str, parts: tuple[Any, ...], result: Plane | Column) -> None:
        needs = tuple([part.place for part in parts if isinstance(part, (Plane, Column))])
        self.operations.append(Operation(name, parts, result, needs))

    def both(self, name: str, one: Plane, other: Plane) -> Plane:
        """Return two planes combined, regardless of their order."""
        return self.plane(name, *sorted((one, other), key=attrgetter("place")))

    def opposite(self, plane: Plane) -> Plane:
        """Return the rows that are not in the plane."""
        found = self._opposites.get(plane)
        if found is None:
            found = self._opposites[plane] = self.plane("invert", plane)
            self._opposites[found] = plane
        return found

    def rows(self, values: npt.NDArray[np.float64]) -> Column:
        """Return an array of numbers as a column."""
        return self.column("rows", self.array(values))

    def taken(self, table: npt.NDArray[np.float64], codes: Array) -> Column:
        """Return the number in a table for the code of every row."""
        return self.column("take", self.array(table), codes)

    def chosen(self, where: Bits, one: Number, other: Number) -> Number:
        """Return one number in the rows of a plane, and the other in all other rows."""
        if isinstance(where, bool):
            return one if where else other
        return one if one is other else self.column("choose", self.column("mask", where), one, other)

    def less(self, one: Number, other: Number) -> Bits:
        """Return the rows in which a number is less than another; rows with NaN are not among them."""
        if isinstance(one, float) and isinstance(other, float):
            return one < other
        return False if one == np.inf or other == -np.inf else self.plane("less", one, other)

    def nan(self, number: Number) -> Bits:
        """Return the rows in which a number is NaN."""
        return number != number if isinstance(number, float) else self.plane("isnan", number)

    def at_codes(self, wanted: npt.NDArray[np.bool_], codes: Array) -> Bits:
        """Return the rows whose code is one of those wanted.

        A few codes are compared one by one: numpy compares much faster than it looks up.
        """
        if wanted.all():
            return True
        count = int(np.count_nonzero(wanted))
        if len(wanted) - count < min(count, FEW + 1):
            return self.at_codes(~wanted, codes) ^ True
        if count > FEW:
            return self.plane("take_bits", wanted.tobytes(), codes)
        found: Bits = False
        for code in np.flatnonzero(wanted).tolist():
            found = found | self.plane("equal", codes, code)
        return found

"""The parts of numpy that group results into draws, in plain Python, for browsers, for which numpy has no wheel.

They are for hundreds of rows, not millions. Arrays have one dimension and hold Python's numbers. The tests compare
every function with numpy's own.
"""

from __future__ import annotations

import contextlib
import math
import operator
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

nan, inf = math.nan, math.inf
int64, int32, float64, uint64, bool_ = int, int, float, int, bool


class generic:  # noqa: N801  # the name that numpy gives it
    """A type of numbers, used only in annotations of arrays."""

    def __class_getitem__(cls, kind: object) -> type[generic]:
        return cls


class signedinteger(generic):  # noqa: N801  # the name that numpy gives it
    """A type of signed numbers, used only in annotations."""


class datetime64(generic):  # noqa: N801  # the name that numpy gives it
    """The type of times, which no array here holds."""


class dtype:  # noqa: N801  # the name that numpy gives it
    """The kind of the cells of an array."""

    def __init__(self, kind: Any) -> None:
        self.type = kind
        self.kind = {bool: "b", int: "i", float: "f"}.get(kind, "O")

    def __eq__(self, other: object) -> bool:
        return (isinstance(other, dtype) and self.kind == other.kind) or other is self.type

    def __hash__(self) -> int:
        return hash(self.kind)


class ndarray:  # noqa: N801  # the name that numpy gives it
    """A list of cells of one kind, on which an operation works cell by cell."""

    def __init__(self, cells: list[Any], kind: Any = None) -> None:
        if kind is None:
            kind = _common(map(type, cells)) if cells else float
        self.cells = cells if kind is object else [kind(cell) for cell in cells]
        self.dtype = dtype(kind)

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.cells)

    @property
    def size(self) -> int:
        """The number of cells."""
        return len(self.cells)

    def _places(self, key: Any) -> list[int]:
        if isinstance(key, slice):
            return list(range(*key.indices(len(self.cells))))
        listed = list(key)
        if listed and all(type(each) is bool for each in listed):
            if len(listed) != len(self.cells):
                raise IndexError("a mask of another length")
            return [place for place, there in enumerate(listed) if there]
        return listed

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, int):
            return self.cells[key]
        return ndarray([self.cells[place] for place in self._places(key)], self.dtype.type)

    def __setitem__(self, key: Any, value: Any) -> None:
        kind = self.dtype.type
        if isinstance(key, int):
            self.cells[key] = value if kind is object else kind(value)
            return
        places = self._places(key)
        many = isinstance(value, (ndarray, list))
        if many and len(value) != len(places):
            raise ValueError("cells of another number")
        for place, cell in zip(places, value if many else [value] * len(places), strict=True):
            self.cells[place] = cell if kind is object else kind(cell)

    def _each(self, other: Any, do: Callable[[Any, Any], Any], kind: Any = None, *, swap: bool = False) -> ndarray:
        if isinstance(other, ndarray) and len(other) != len(self):
            raise ValueError("arrays of different lengths")
        others = other.cells if isinstance(other, ndarray) else [other] * len(self.cells)
        pairs = zip(others, self.cells, strict=True) if swap else zip(self.cells, others, strict=True)
        return ndarray([do(one, two) for one, two in pairs], kind)

    def __eq__(self, other: Any) -> Any:
        return self._each(other, operator.eq, bool)

    def __ne__(self, other: Any) -> Any:
        return self._each(other, operator.ne, bool)

    __hash__ = None  # type: ignore[assignment]  # as numpy's

    def __lt__(self, other: Any) -> ndarray:
        return self._each(other, operator.lt, bool)

    def __le__(self, other: Any) -> ndarray:
        return self._each(other, operator.le, bool)

    def __gt__(self, other: Any) -> ndarray:
        return self._each(other, operator.gt, bool)

    def __ge__(self, other: Any) -> ndarray:
        return self._each(other, operator.ge, bool)

    def __and__(self, other: Any) -> ndarray:
        return self._each(other, operator.and_, bool)

    def __or__(self, other: Any) -> ndarray:
        return self._each(other, operator.or_, bool)

    __rand__, __ror__ = __and__, __or__

    def __invert__(self) -> ndarray:
        return ndarray([not cell for cell in self.cells], bool)

    def __add__(self, other: Any) -> ndarray:
        return self._each(other, operator.add, self._kind_with(other))

    __radd__ = __add__

    def __mul__(self, other: Any) -> ndarray:
        return self._each(other, operator.mul, self._kind_with(other))

    __rmul__ = __mul__

    def __sub__(self, other: Any) -> ndarray:
        return self._each(other, operator.sub, self._kind_with(other))

    def __rsub__(self, other: Any) -> ndarray:
        return self._each(other, operator.sub, self._kind_with(other), swap=True)

    def __floordiv__(self, other: Any) -> ndarray:
        return self._each(other, operator.floordiv, self._kind_with(other))

    def __mod__(self, other: Any) -> ndarray:
        return self._each(other, operator.mod, self._kind_with(other))

    def __neg__(self) -> ndarray:
        return ndarray([-cell for cell in self.cells], self.dtype.type)

    def __abs__(self) -> ndarray:
        return ndarray([abs(cell) for cell in self.cells], self.dtype.type)

    def _kind_with(self, other: Any) -> Any:
        """Return the kind of the cells of an arithmetic result: numbers, while texts stay objects."""
        kind = other.dtype.type if isinstance(other, ndarray) else type(other)
        found = _common((self.dtype.type, kind))
        return int if found is bool else found

    def any(self) -> bool:
        """Return whether any cell is true."""
        return any(self.cells)

    def all(self) -> bool:
        """Return whether every cell is true."""
        return all(self.cells)

    def min(self) -> Any:
        """Return the least cell."""
        return min(self.cells)

    def max(self) -> Any:
        """Return the greatest cell."""
        return max(self.cells)

    def copy(self) -> ndarray:
        """Return a copy with the same cells."""
        return ndarray(list(self.cells), self.dtype.type)

    def astype(self, kind: Any, copy: bool = True) -> ndarray:
        """Return the cells as another kind."""
        return ndarray(list(self.cells), kind)

    def reshape(self, _: int) -> ndarray:
        """Return the array: it has one dimension."""
        return self

    def tolist(self) -> list[Any]:
        """Return the cells."""
        return list(self.cells)


def _common(kinds: Iterable[type]) -> Any:
    """Return the common kind of cells of several kinds in one array."""
    held = set(kinds)
    return next((kind for kind in (bool, int, float) if held <= _UP_TO[kind]), object)


_UP_TO: dict[type, set[type]] = {bool: {bool}, int: {bool, int}, float: {bool, int, float}}


def array(cells: Iterable[Any], dtype: Any = None) -> ndarray:
    """Return an array of cells."""
    return ndarray(list(cells), dtype)


def asarray(cells: Any, dtype: Any = None) -> ndarray:
    """Return an array, unchanged if it is one already."""
    return cells if isinstance(cells, ndarray) and dtype is None else array(cells, dtype)


def full(size: int, cell: Any, dtype: Any = None) -> ndarray:
    """Return an array of one cell, repeated."""
    return ndarray([cell] * size, dtype or type(cell))


def empty(size: int, dtype: Any = float) -> ndarray:
    """Return an array to be filled."""
    return ndarray([None if dtype is object else 0] * size, dtype)


zeros = empty


def ones(size: int, dtype: Any = float) -> ndarray:
    """Return an array of ones, or of True."""
    return ndarray([1] * size, dtype)


def arange(end: int) -> ndarray:
    """Return the numbers from 0."""
    return ndarray(list(range(end)), int)


def append(one: Any, other: Any) -> ndarray:
    """Return an array with more cells at its end."""
    parts = [
        part if isinstance(part, ndarray) else array(part if isinstance(part, list) else [part])
        for part in (one, other)
    ]
    return concatenate(parts)


def concatenate(parts: Iterable[ndarray]) -> ndarray:
    """Return arrays concatenated into one."""
    parts = list(parts)
    kind = _common(part.dtype.type for part in parts)
    return ndarray([cell for part in parts for cell in part], kind)


def stack(parts: Iterable[ndarray]) -> ndarray:
    """Return arrays as the rows of one, whose cells here are its columns."""
    return ndarray(list(zip(*parts, strict=True)), object)


def where(there: ndarray, one: Any, other: Any) -> ndarray:
    """Return the cells of one array at true places, and of the other at the rest."""
    ones_, others = ([*part] if isinstance(part, ndarray) else [part] * len(there) for part in (one, other))
    kind = _common(part.dtype.type if isinstance(part, ndarray) else type(part) for part in (one, other))
    return ndarray([first if so else second for so, first, second in zip(there, ones_, others, strict=True)], kind)


def flatnonzero(cells: ndarray) -> ndarray:
    """Return the places of true cells."""
    return ndarray([place for place, cell in enumerate(cells) if cell], int)


def lexsort(keys: Iterable[ndarray]) -> ndarray:
    """Return the order by several keys, the last one first."""
    listed = [*keys][::-1]
    rows = list(zip(*listed, strict=True))
    return ndarray(sorted(range(len(rows)), key=rows.__getitem__), int)


def argsort(cells: ndarray, kind: str = "stable") -> ndarray:
    """Return the order of the cells."""
    return ndarray(sorted(range(len(cells)), key=cells.cells.__getitem__), int)


def unique(
    cells: ndarray,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: Any = None,
) -> Any:
    """Return the distinct cells in order, their first places, the code of each cell, and their counts."""
    distinct = sorted(set(cells))
    places = {cell: place for place, cell in enumerate(distinct)}
    inverse = [places[cell] for cell in cells]
    first, counts = [-1] * len(distinct), [0] * len(distinct)
    for row, place in enumerate(inverse):
        first[place] = row if first[place] < 0 else first[place]
        counts[place] += 1
    asked = ((return_index, first), (return_inverse, inverse), (return_counts, counts))
    more = [ndarray(found, int) for wanted, found in asked if wanted]
    held = ndarray(distinct, cells.dtype.type)
    return (held, *more) if more else held


def isin(cells: ndarray, others: Iterable[Any]) -> ndarray:
    """Return which cells are among others."""
    held = set(others)
    return ndarray([cell in held for cell in cells], bool)


def setdiff1d(cells: ndarray, others: ndarray) -> ndarray:
    """Return the distinct cells that are not among others."""
    return ndarray(sorted(set(cells) - set(others)), cells.dtype.type)


def union1d(one: ndarray, other: ndarray) -> ndarray:
    """Return the distinct cells of both."""
    return ndarray(sorted({*one, *other}), one.dtype.type)


def searchsorted(ordered: ndarray, sought: Any, side: str = "left") -> Any:
    """Return the place at which each cell would be inserted."""
    find = bisect_left if side == "left" else bisect_right
    if isinstance(sought, ndarray):
        return ndarray([find(ordered.cells, cell) for cell in sought], int)
    return find(ordered.cells, sought)


def cumsum(cells: ndarray) -> ndarray:
    """Return the sums so far."""
    total, sums = 0, []
    for cell in cells:
        total += cell
        sums.append(total)
    return ndarray(sums, float if cells.dtype.kind == "f" else int)


def bincount(codes: ndarray, minlength: int = 0) -> ndarray:
    """Return the number of cells with each code."""
    counts = [0] * max([minlength, *(code + 1 for code in codes)])
    for code in codes:
        counts[code] += 1
    return ndarray(counts, int)


class _Choice:
    """The lesser, or the greater, of two: cell by cell, and into an array at some places."""

    def __init__(self, choose: Callable[[Any, Any], Any]) -> None:
        self.choose = choose

    def __call__(self, one: Any, other: Any) -> ndarray:
        held = one if isinstance(one, ndarray) else full(len(other), one)
        return held._each(other, self.choose, held._kind_with(other))

    def at(self, cells: ndarray, places: ndarray, others: ndarray) -> None:
        """Put the choice between each place's cell and the other's there."""
        for place, other in zip(places, others, strict=True):
            cells[place] = self.choose(cells[place], other)


minimum, maximum = _Choice(min), _Choice(max)


def iinfo(_: Any) -> SimpleNamespace:
    """Return the least and the greatest whole number of 64 bits."""
    return SimpleNamespace(min=-(2**63), max=2**63 - 1)


def errstate(**_: str) -> contextlib.AbstractContextManager[None]:
    """Do nothing: Python does not warn of missing numbers."""
    return contextlib.nullcontext()

"""The operations of a tape done by numpy, a chunk of rows at a time.

A plane has 64 rows in a word, a column one float per row. A buffer is used again once nothing needs its content, so
that a chunk's work stays in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.logic.columns.tape import Bits, Column, Number, Operation, Plane, Tape

__all__ = ["CHUNK", "numbers_of", "octets", "packed", "unpacked"]

#: The rows of a chunk: a whole number of words.
CHUNK = 65_536

#: The operations that read a given array, of which each chunk sees its part.
_OF_ROWS = ("rows", "take", "take_bits", "equal")

Words = npt.NDArray[np.uint64]

_Step = tuple[Callable[..., Any], tuple[Any, ...]]


def packed(tape: Tape, planes: Sequence[Bits], rows: int) -> Words:
    """Return the bits of planes, one line each, 64 rows in a word; bits beyond the last row are 0."""
    found = np.zeros((len(planes), _words(rows)), dtype=np.uint64)
    for line, plane in zip(found, planes, strict=True):
        if plane is True:
            line[:] = ~np.uint64(0)
    wanted = [(place, plane) for place, plane in enumerate(planes) if isinstance(plane, Plane)]
    places = [place for place, _ in wanted]
    for part, held in _chunks(tape, [plane for _, plane in wanted], rows):
        first, words = part.start // 64, _words(part.stop - part.start)
        for place, (_, plane) in zip(places, wanted, strict=True):
            found[place, first : first + words] = held(plane)[:words]
    if rows % 64:
        found[:, -1] &= np.uint64((1 << rows % 64) - 1)
    return found


def _words(rows: int) -> int:
    """Return the number of words with a bit for each row."""
    return -(-rows // 64)


def numbers_of(tape: Tape, numbers: Sequence[Number], rows: int) -> npt.NDArray[np.float64]:
    """Return columns as arrays, one line each."""
    found = np.empty((len(numbers), rows))
    wanted = [number for number in numbers if isinstance(number, Column)]
    for part, held in _chunks(tape, wanted, rows):
        for line, number in zip(found, numbers, strict=True):
            line[part] = held(number) if isinstance(number, Column) else number
    return found


def unpacked(words: Words, rows: int) -> npt.NDArray[np.uint8]:
    """Return 0 or 1 for every row of one line of words, or of several."""
    return np.unpackbits(words.view(np.uint8), axis=-1, count=rows, bitorder="little")


def octets(words: Words, rows: int) -> npt.NDArray[np.uint8]:
    """Return one byte per row: its bit in each of at most eight lines of words, the first line's bit lowest."""
    beside = np.zeros((words.shape[1] * 8, 8), dtype=np.uint8)
    beside[:, : len(words)] = words.view(np.uint8).T
    # Eight adjacent bytes are eight rows of eight lines; mirrored at the diagonal, they are eight lines of each row.
    square = beside.view("<u8").ravel()
    for shift, corner in _CORNERS:
        moved = (square ^ (square >> shift)) & corner
        square ^= moved
        square ^= moved << shift
    return square.view(np.uint8)[:rows]


#: The distance between opposite corners of a square of bits, for squares of two, four and eight bits a side.
_CORNERS = [
    (np.uint64(shift), np.uint64(corner))
    for shift, corner in ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0))
]


def _chunks(
    tape: Tape, wanted: Sequence[Plane | Column], rows: int
) -> Iterator[tuple[slice, Callable[[Plane | Column], Any]]]:
    """Run the operations of the wanted results chunk by chunk, and yield each chunk with a function for its results."""
    needed = _needed(tape, wanted)
    buffers = _Buffers(needed, wanted, min(rows, CHUNK))
    with np.errstate(all="ignore"):
        for start in range(0, rows, CHUNK):
            part = slice(start, min(start + CHUNK, rows))
            for function, arguments in buffers.bound(part):
                function(*arguments)
            yield part, buffers.held


def _needed(tape: Tape, wanted: Iterable[Plane | Column]) -> list[Operation]:
    """Return the operations that the wanted results need, in order."""
    places = {handle.place for handle in wanted}
    for operation in reversed(tape.operations):
        if operation.result.place in places:
            places.update(operation.needs)
    return [tape.operations[place] for place in sorted(places)]


class _Buffers:
    """The buffers in which each operation finds its parts and leaves its result."""

    def __init__(self, operations: list[Operation], wanted: Iterable[Plane | Column], rows: int) -> None:
        self._operations = operations
        self._homes = _homes(operations, {handle.place for handle in wanted}, rows)
        self._truths = np.empty(rows, dtype=bool)
        self._given: dict[int, npt.NDArray[Any]] = {}
        self._steps: list[_Step] = []
        self._rows = 0
        #: The steps that see another part of a given array in every chunk.
        given = {operation.result.place for operation in operations if operation.name == "rows"}
        self._moving = [
            step
            for step, operation in enumerate(operations)
            if operation.name in _OF_ROWS or not given.isdisjoint(operation.needs)
        ]

    def bound(self, part: slice) -> list[_Step]:
        """Return the steps of a chunk: functions, and the arrays that they read and write."""
        rows = part.stop - part.start
        for operation in self._operations:
            if operation.name == "rows":
                self._given[operation.result.place] = operation.parts[0].values[part]
        if rows != self._rows:
            self._rows = rows
            self._steps = [self._step(operation, part) for operation in self._operations]
        else:
            for step in self._moving:
                self._steps[step] = self._step(self._operations[step], part)
        return self._steps

    def held(self, handle: Any) -> Any:
        """Return the words of a plane, the numbers of a column, or a number itself."""
        if not isinstance(handle, (Plane, Column)):
            return handle
        if handle.place in self._given:
            return self._given[handle.place]
        home = self._homes[handle.place]
        return home if isinstance(handle, Plane) else home[: self._rows]

    def _step(self, operation: Operation, part: slice) -> _Step:
        name, parts, result = operation.name, operation.parts, self.held(operation.result)
        if name == "rows":
            return _nothing, ()
        if name in ("bitwise_and", "bitwise_or", "bitwise_xor", "invert"):
            return getattr(np, name), (*map(self.held, parts), result)
        if name == "choose":
            return _choose, (*(_bits(self.held(part)) for part in parts), _bits(result))
        if name == "mask":
            return _mask, (self.held(parts[0]).view(np.uint8), _bits(result))
        if name == "take":
            table, codes = parts
            return _take, (table.values, codes.values[part], result)
        truths = self._truths[: self._rows]
        octets = result.view(np.uint8)[: (self._rows + 7) // 8]
        match name:
            case "less":
                return _compared, (np.less, self.held(parts[0]), self.held(parts[1]), truths, octets)
            case "isnan":
                return _are_nan, (self.held(parts[0]), truths, octets)
            case "equal":
                return _compared, (np.equal, parts[0].values[part], parts[1], truths, octets)
            case "take_bits":
                return _take_bits, (np.frombuffer(parts[0], dtype=bool), parts[1].values[part], truths, octets)
        return _OPERATIONS.get(name) or getattr(np, name), (*map(self.held, parts), result)


def _homes(operations: list[Operation], kept: set[int], rows: int) -> dict[int, npt.NDArray[Any]]:
    """Return the buffer of every result; a buffer that nothing needs any more is used again."""
    last = {place: step for step, operation in enumerate(operations) for place in operation.needs}
    homes: dict[int, npt.NDArray[Any]] = {}
    planes: list[npt.NDArray[Any]] = []
    columns: list[npt.NDArray[Any]] = []
    for step, operation in enumerate(operations):
        place = operation.result.place
        if isinstance(operation.result, Plane):
            homes[place] = planes.pop() if planes else np.zeros(_words(rows), dtype=np.uint64)
        elif operation.name != "rows":
            homes[place] = columns.pop() if columns else np.empty(rows)
        for need in dict.fromkeys(operation.needs):
            if last[need] == step and need not in kept and need in homes:
                (planes if homes[need].dtype == np.uint64 else columns).append(homes[need])
    return homes


def _nothing() -> None:
    """Leave a given array unchanged."""


def _compared(compare: Any, one: Any, other: Any, truths: Any, octets: Any) -> None:
    octets[:] = np.packbits(compare(one, other, truths), bitorder="little")


def _are_nan(numbers: Any, truths: Any, octets: Any) -> None:
    octets[:] = np.packbits(np.isnan(numbers, truths), bitorder="little")


def _take(table: Any, codes: Any, result: Any) -> None:
    table.take(codes, out=result, mode="clip")


def _take_bits(table: Any, codes: Any, truths: Any, octets: Any) -> None:
    octets[:] = np.packbits(table.take(codes, out=truths, mode="clip"), bitorder="little")


def _bits(number: Any) -> Any:
    return np.asarray(number, dtype=np.float64).view(np.int64)


def _mask(octets: Any, mask: Any) -> None:
    """Set all bits of the numbers for which a plane has a bit."""
    np.negative(np.unpackbits(octets, count=len(mask), bitorder="little"), dtype=np.int64, casting="unsafe", out=mask)


def _choose(mask: Any, one: Any, other: Any, result: Any) -> None:
    """Take the bits of one number or the other; a copy under a mask would branch in every row."""
    np.bitwise_xor(one, other, out=result)
    np.bitwise_and(result, mask, out=result)
    np.bitwise_xor(result, other, out=result)


def _minimum(one: Any, other: Any, result: Any) -> None:
    np.minimum(one, other, out=result)


def _maximum(one: Any, other: Any, result: Any) -> None:
    np.maximum(one, other, out=result)


#: The operations for which numpy does not take the result array as its last argument.
_OPERATIONS = {"minimum": _minimum, "maximum": _maximum}

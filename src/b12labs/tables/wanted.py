"""The answers wanted for every row, as planes, and the columns made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from b12labs.logic.columns.running import octets, packed
from b12labs.logic.columns.tape import Bits, Tape
from b12labs.logic.language import Verdict
from b12labs.tables.encoding import Codes, distinct_numbers
from b12labs.tables.outputs import Column, Truths, Words

__all__ = ["Wanted", "WantedSets", "WantedTruth", "WantedWords", "columns_of", "exactly_one", "words_of"]

Lines = npt.NDArray[np.uint64]


class Wanted(Protocol):
    """A column that is made from planes."""

    @property
    def planes(self) -> Sequence[Bits]: ...
    def column(self, lines: Lines, rows: int) -> Column: ...


def columns_of(tape: Tape, wanted: Mapping[str, Wanted], rows: int) -> dict[str, Column]:
    """Run the recorded tape, and return the wanted columns by name."""
    lines = packed(tape, [plane for each in wanted.values() for plane in each.planes], rows)
    made: dict[str, Column] = {}
    start = 0
    for name, each in wanted.items():
        made[name] = each.column(lines[start : start + len(each.planes)], rows)
        start += len(each.planes)
    return made


@dataclass(frozen=True)
class WantedTruth:
    """The rows in which a truth holds, and those in which it is open."""

    holds: Bits
    unknown: Bits

    @property
    def planes(self) -> Sequence[Bits]:
        return self.holds, self.unknown

    def column(self, lines: Lines, rows: int) -> Truths:
        return Truths(lines[0], lines[1], rows)


@dataclass(frozen=True)
class WantedWords:
    """A word in every row: the planes are the bits of its place in `known`, from 1; 0 is not a word."""

    known: list[str]
    planes: list[Bits]

    def column(self, lines: Lines, rows: int) -> Words:
        return Words(octets(lines, rows).view(np.int8) - np.int8(1), self.known)


def words_of(
    verdict: Verdict,
    possible: Sequence[Bits],
    undecided: str,
    unassessed: str = "",
    *,
    assessed: Bits = True,
    at_least: bool = False,
) -> WantedWords:
    """Return the outcome of a verdict as words.

    `undecided` is the word if several outcomes are possible. `unassessed` is the word if no marker of B12 was measured,
    for verdicts that need one. An empty text is not a word. With `at_least`, the word is the last possible outcome.
    """
    where: dict[str, Bits] = {}
    if at_least:
        later: Bits = False
        for outcome, is_possible in zip(reversed(verdict.outcomes), reversed(possible), strict=True):
            where[outcome] = where.get(outcome, False) | (is_possible & (later ^ True))
            later = later | is_possible
    else:
        for outcome, is_possible in zip(verdict.outcomes, possible, strict=True):
            where[outcome] = where.get(outcome, False) | is_possible
        decided = exactly_one(list(where.values()))
        where = {outcome: is_possible & decided for outcome, is_possible in where.items()}
        where[undecided] = where.get(undecided, False) | (decided ^ True)
    if unassessed:
        where = {outcome: is_so & assessed for outcome, is_so in where.items()}
        where[unassessed] = where.get(unassessed, False) | (assessed ^ True)
    known = [word for word in dict.fromkeys((*verdict.outcomes, undecided, unassessed)) if word]
    planes: list[Bits] = []
    for bit in range(len(known).bit_length()):
        plane: Bits = False
        for place, word in enumerate(known, start=1):
            if place >> bit & 1:
                plane = plane | where[word]
        planes.append(plane)
    return WantedWords(known, planes)


def exactly_one(planes: Sequence[Bits]) -> Bits:
    """Return the rows in which exactly one of the planes has a bit."""
    one: Bits = False
    several: Bits = False
    for plane in planes:
        several = several | (one & plane)
        one = one | plane
    return one & (several ^ True)


@dataclass(frozen=True)
class WantedSets:
    """Free text in every row for the set of its planes, such as the next tests."""

    planes: list[Bits]
    #: The text of a set, by the places of its planes.
    text: Callable[[list[int]], str]

    def column(self, lines: Lines, rows: int) -> Words:
        codes, sets = _distinct_sets(lines, rows)
        texts: dict[str, int] = {}
        places = [texts.setdefault(self.text(list(_places(bits))), len(texts)) for bits in sets]
        return Words(np.array(places, dtype=np.int32).take(codes), list(texts), free=True)


def _places(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set."""
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1


#: The unsigned integer of each number of bytes.
_FILLED = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


def _distinct_sets(lines: Lines, rows: int) -> tuple[Codes, list[int]]:
    """Return a code for every row, and the set of bits of each code."""
    codes, sets = _distinct_words(lines[:64], rows)
    for start in range(64, len(lines), 64):
        more, others = _distinct_words(lines[start : start + 64], rows)
        codes, pairs = distinct_numbers(codes.astype(np.int64) * len(others) + more)
        sets = [sets[pair // len(others)] | others[pair % len(others)] << start for pair in pairs.tolist()]
    return codes, sets


def _distinct_words(lines: Lines, rows: int) -> tuple[Codes, list[int]]:
    """Return the same for at most 64 planes."""
    size = next(size for size in _FILLED if size * 8 >= len(lines))
    found = np.zeros((rows, size), dtype=np.uint8)
    for group in range(0, len(lines), 8):
        found[:, group // 8] = octets(lines[group : group + 8], rows)
    codes, distinct = distinct_numbers(found.view(_FILLED[size]).ravel())
    return codes, distinct.tolist()

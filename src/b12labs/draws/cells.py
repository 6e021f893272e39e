"""The cells of a long table as text, and what is kept of its rows: which are usable, and why the others are not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.inputs.flags import MISSING
from b12labs.inputs.panel import Problem
from b12labs.tables.encoding import distinct_objects
from b12labs.text import is_missing

__all__ = [
    "DAY",
    "Ints",
    "LongProblem",
    "LongRows",
    "Mask",
    "Texts",
    "distinct_cells",
    "name_of",
    "per_distinct",
    "take",
    "text_of",
    "text_per_distinct",
]

#: In microseconds, as the times of rows are.
DAY = 86_400_000_000

#: Below so many texts a dict finds the distinct ones sooner than pandas does, which is not there in a browser.
FEW = 2000 if find_spec("pandas") else sys.maxsize

Ints = npt.NDArray[np.int64]

Mask = npt.NDArray[np.bool_]

Texts = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class LongProblem:
    """One kind of problem with the rows that have it, by number from 0.

    `used` tells whether their results are used all the same.
    """

    problem: Problem
    rows: Ints
    used: bool = False


@dataclass
class LongRows:
    """The columns of a long table as read. `usable` marks the rows that are left; `analyte` is a place in `keys`.

    `contradictory` are the rows whose results of one draw contradict each other, so that none is used.
    """

    rows: int
    usable: Mask
    keys: list[str]
    text: dict[str, Texts] = field(default_factory=dict)
    problems: list[LongProblem] = field(default_factory=list)
    analyte: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    patient: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    time: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    #: Which times say the day alone, or its midnight.
    whole_day: Mask = field(default_factory=lambda: np.empty(0, dtype=bool))
    standing: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    contradictory: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    #: As `analyte`, and for tests that are not read the analyte that they may be meant for.
    meant: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def leave_out(self, mask: Mask, code: str, name: str, message: str) -> None:
        """Leave rows out, and say why."""
        self.note(mask & self.usable, code, name, message, used=False)
        self.usable &= ~mask

    def note(self, mask: Mask, code: str, name: str, message: str, *, used: bool = True) -> None:
        """Note a problem of rows."""
        rows = np.flatnonzero(mask)
        if len(rows):
            self.problems.append(LongProblem(Problem(code, name, message), rows, used))

    def note_each(
        self,
        mask: Mask,
        texts: Texts,
        code: str,
        name: str | None,
        message: Callable[[str], str],
        *,
        used: bool = False,
    ) -> None:
        """Note a problem of rows once for every text they have, the most frequent first.

        The text is the field where no name is given.
        """
        rows = np.flatnonzero(mask & self.usable)
        codes, distinct = distinct_cells(texts[rows])
        counts = np.bincount(codes, minlength=len(distinct))
        order, ends = np.argsort(codes, kind="stable"), np.cumsum(counts)
        for place in np.argsort(-counts, kind="stable").tolist():
            text = str(distinct[place])
            where = rows[order[ends[place] - counts[place] : ends[place]]]
            self.problems.append(LongProblem(Problem(code, name or text, message(text)), where, used))
        if not used:
            self.usable[rows] = False


def distinct_cells(cells: Any) -> tuple[Ints, list[Any]]:
    """Return the place of every cell among the distinct ones, and these."""
    if len(cells) < FEW and getattr(cells, "dtype", None) == np.dtype(object):
        listed = cells.tolist()
        if set(map(type, listed)) <= {str}:
            places: dict[str, int] = {}
            return np.array([places.setdefault(cell, len(places)) for cell in listed], dtype=np.int64), list(places)
    held = np.asarray(cells)
    if held.dtype.kind != "M":
        return distinct_objects(held.astype(object))
    import pandas

    codes, distinct = pandas.factorize(held, use_na_sentinel=False)
    return codes.astype(np.int64), list(distinct)


def take(distinct: list[Any], codes: Ints) -> Texts:
    """Return every cell's text by its place."""
    return np.array([*distinct, None], dtype=object)[codes]


def text_of(cell: Any) -> str:
    """Return a cell as text.

    Blank where nothing is there, a whole number without the `.0` that a missing neighbor gave it.
    """
    text = name_of(cell)
    return "" if text.casefold() in MISSING else text


def name_of(cell: Any) -> str:
    """Return a cell as text, also where it reads `NA`: that may be the name of a test."""
    if is_missing(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, np.datetime64):
        return str(cell.astype("datetime64[us]")).removesuffix(".000000")
    return str(cell).strip()


def per_distinct(cells: Texts, read: Callable[[str], int]) -> Ints:
    """Return a number for every cell, reading each distinct one once."""
    codes, distinct = distinct_cells(cells)
    return np.array([read(text) for text in distinct], dtype=np.int64)[codes]


def text_per_distinct(cells: Texts, read: Callable[[str], str]) -> Texts:
    """Return a text for every cell, reading each distinct one once."""
    codes, distinct = distinct_cells(cells)
    return take([read(text) for text in distinct], codes)

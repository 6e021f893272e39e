"""The cells of a long table as text, and its rows as read: the usable ones, and the problems of the others."""

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

#: In microseconds, like the times of rows.
DAY = 86_400_000_000

#: Below this number of texts, a dict finds the distinct ones faster than pandas. A browser has no pandas.
FEW = 2000 if find_spec("pandas") else sys.maxsize

Ints = npt.NDArray[np.int64]

Mask = npt.NDArray[np.bool_]

Texts = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class LongProblem:
    """One kind of problem with its rows, by number from 0. `used` is whether their results are used all the same."""

    problem: Problem
    rows: Ints
    used: bool = False


@dataclass
class LongRows:
    """The columns of a long table as read. `usable` marks the rows that are left; `analyte` is a place in `keys`.

    `contradictory` holds the rows whose results contradict each other within a draw, so that none of them is used.
    """

    rows: int
    usable: Mask
    keys: list[str]
    text: dict[str, Texts] = field(default_factory=dict)
    problems: list[LongProblem] = field(default_factory=list)
    analyte: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    patient: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    time: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    #: Whether each time is a day alone, or its midnight.
    whole_day: Mask = field(default_factory=lambda: np.empty(0, dtype=bool))
    standing: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    contradictory: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    #: As `analyte`; for tests that are not read, the analyte that they may be meant for.
    meant: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def leave_out(self, mask: Mask, code: str, name: str, message: str) -> None:
        """Leave rows out, and record the problem."""
        self.note(mask & self.usable, code, name, message, used=False)
        self.usable &= ~mask

    def note(self, mask: Mask, code: str, name: str, message: str, *, used: bool = True) -> None:
        """Record a problem of some rows."""
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
        """Record a problem of some rows once for each distinct text, the most frequent first.

        If there is no `name`, the text is the field of the problem.
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
    """Return the place of every cell among the distinct cells, and the distinct cells."""
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
    """Return a cell as text: blank if missing, and a whole number without the `.0` that a missing neighbor gave it."""
    text = name_of(cell)
    return "" if text.casefold() in MISSING else text


def name_of(cell: Any) -> str:
    """Return a cell as text, even if it reads `NA`, which may be the name of a test."""
    if is_missing(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, np.datetime64):
        return str(cell.astype("datetime64[us]")).removesuffix(".000000")
    return str(cell).strip()


def per_distinct(cells: Texts, read: Callable[[str], int]) -> Ints:
    """Return a number for every cell, reading each distinct cell once."""
    codes, distinct = distinct_cells(cells)
    return np.array([read(text) for text in distinct], dtype=np.int64)[codes]


def text_per_distinct(cells: Texts, read: Callable[[str], str]) -> Texts:
    """Return a text for every cell, reading each distinct cell once."""
    codes, distinct = distinct_cells(cells)
    return take([read(text) for text in distinct], codes)

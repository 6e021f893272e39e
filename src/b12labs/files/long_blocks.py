"""Read a long table in blocks, each with all rows of its patients, or whole if patients are not in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from b12labs.draws.cells import text_of
from b12labs.draws.columns import LongColumns
from b12labs.draws.grouping import Draws
from b12labs.files.chunks import begin_file, cut, together
from b12labs.files.sources import Source

__all__ = ["BLOCK", "DrawBlock", "LongBlock", "NotInOrderError", "blocks_of", "whole"]

#: The number of rows of a block of a long table, besides the remaining rows of its last patient.
BLOCK = 200_000


class NotInOrderError(Exception):
    """The rows of a long table are not in the order of its patients."""


@dataclass(frozen=True)
class LongBlock:
    """Some rows of a long table, the number of rows before them, and the files with the number of their first row."""

    table: Any
    first_row: int
    origins: list[tuple[str, int]]


@dataclass(frozen=True)
class DrawBlock:
    """The draws of some rows of a long table, the numbers of rows and draws before them, and the files of the rows."""

    draws: Draws
    first_row: int
    first_draw: int
    #: The names of the files, each with the number of its first row, from 0 over all files.
    origins: list[tuple[str, int]]

    def file_of(self, row: int) -> str:
        """Return the file of a row of the block."""
        place = bisect_right(self.origins, self.first_row + row, key=lambda origin: origin[1])
        return self.origins[place - 1][0]


def whole(source: Source, names: list[str]) -> LongBlock:
    """Return a whole long table as one block."""
    tables: list[Any] = []
    origins: list[tuple[str, int]] = []
    rows = 0
    for name, table in source.batches(names):
        if len(table):
            begin_file(origins, name, rows)
        rows += len(table)
        tables.append(table)
    return LongBlock(together(tables), 0, origins)


def blocks_of(source: Source, names: list[str], columns: LongColumns) -> Iterator[LongBlock]:
    """Yield a long table block by block, each with all rows of its patients.

    Raises `NotInOrderError` if patients are in the order neither of their texts nor of their numbers. Rows of a patient
    may then be anywhere.
    """
    order = _Order()
    origins: list[tuple[str, int]] = []
    waiting: list[Any] = []
    read = first = held = 0
    enough = BLOCK
    for name, table in source.batches(names):
        if len(table):
            begin_file(origins, name, read)
        read, held = read + len(table), held + len(table)
        waiting.append(table)
        if held < enough:
            continue
        rows = together(waiting)
        patients = _patients(rows, columns)
        end = _last_patient(patients)
        order.check(patients[:end])
        if end:
            yield LongBlock(cut(rows, 0, end), first, list(origins))
            first += end
        waiting, held = [cut(rows, end, held)], held - end
        enough = max(BLOCK, 2 * held)
    last = together(waiting)
    if first:
        order.check(_patients(last, columns))
    yield LongBlock(last, first, list(origins))


class _Order:
    """Whether the patients so far are in the order of their texts, or of their numbers."""

    def __init__(self) -> None:
        self.text = ""
        self.number = -1
        self.by_text = self.by_number = True

    def check(self, patients: Sequence[str]) -> None:
        """Check the patients of the next rows. Raises `NotInOrderError` if neither order holds."""
        for patient in _runs(patients):
            if self.by_text:
                self.by_text, self.text = patient >= self.text, patient
            if self.by_number:
                self.by_number = patient.isdecimal() and int(patient) >= self.number
                self.number = int(patient) if self.by_number else -1
        if not (self.by_text or self.by_number):
            raise NotInOrderError


def _runs(patients: Any) -> Iterator[str]:
    """Yield the patient of every run of rows; rows without a patient are skipped."""
    said = patients[patients != ""]
    if len(said):
        yield from said[np.append(True, said[1:] != said[:-1])].tolist()


def _last_patient(patients: Any) -> int:
    """Return the place of the first row of the last patient."""
    said = np.flatnonzero(patients != "")
    if not len(said):
        return 0
    others = said[patients[said] != patients[said[-1]]]
    return int(others[-1]) + 1 if len(others) else 0


def _patients(table: Any, columns: LongColumns) -> Any:
    """Return the patient of every row: the first patient column that is not blank."""
    found = np.full(len(table), "", dtype=object)
    for name in columns.roles["patient"]:
        cells = table[name].to_numpy(dtype=object) if hasattr(table, "iloc") else _objects(table.column(name))
        found = np.where(found == "", cells, found)
    return found


def _objects(column: Any) -> Any:
    """Return an Arrow column as texts, each distinct text made once."""
    import pyarrow

    coded = column if pyarrow.types.is_dictionary(column.type) else column.dictionary_encode(null_encoding="encode")
    coded = coded.combine_chunks() if isinstance(coded, pyarrow.ChunkedArray) else coded
    if isinstance(coded, pyarrow.ChunkedArray):
        coded = pyarrow.concat_arrays(coded.chunks)
    texts = np.array([*(text_of(cell) for cell in coded.dictionary.to_pylist()), ""], dtype=object)
    return texts[coded.indices.fill_null(len(texts) - 1).to_numpy(zero_copy_only=False)]

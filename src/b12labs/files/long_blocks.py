"""A long table as blocks of rows, each with all rows of its patients; held whole unless patients are in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from b12labs.draws.cells import text_of
from b12labs.draws.columns import LongColumns
from b12labs.files.sources import Source

__all__ = ["BLOCK", "LongBlock", "NotInOrderError", "blocks_of", "whole"]

#: How many rows of a long table are in memory at a time, and the rest of the last one's patient.
BLOCK = 200_000


class NotInOrderError(Exception):
    """The rows of a long table are not in the order of its patients."""


@dataclass(frozen=True)
class LongBlock:
    """Some rows of a long table, how many are before them, and the files with the number of their first row."""

    table: Any
    first_row: int
    origins: list[tuple[str, int]]


def whole(source: Source, names: list[str]) -> LongBlock:
    """Read a long table whole."""
    tables: list[Any] = []
    origins: list[tuple[str, int]] = []
    rows = 0
    for name, table in source.batches(names):
        _begin(origins, name, rows, len(table))
        rows += len(table)
        tables.append(table)
    return LongBlock(_joined(tables), 0, origins)


def blocks_of(source: Source, names: list[str], columns: LongColumns) -> Iterator[LongBlock]:
    """Read a long table block by block, each with all rows of its patients.

    Raises `NotInOrderError` where patients are neither in the order of their texts nor in that of their numbers, so
    that rows of one may follow anywhere.
    """
    order = _Order()
    origins: list[tuple[str, int]] = []
    waiting: list[Any] = []
    read = first = held = 0
    enough = BLOCK
    for name, table in source.batches(names):
        _begin(origins, name, read, len(table))
        read, held = read + len(table), held + len(table)
        waiting.append(table)
        if held < enough:
            continue
        rows = _joined(waiting)
        patients = _patients(rows, columns)
        cut = _last_patient(patients)
        order.check(patients[:cut])
        if cut:
            yield LongBlock(_cut(rows, 0, cut), first, list(origins))
            first += cut
        waiting, held = [_cut(rows, cut, held)], held - cut
        enough = max(BLOCK, 2 * held)
    last = _joined(waiting)
    if first:
        order.check(_patients(last, columns))
    yield LongBlock(last, first, list(origins))


class _Order:
    """Whether patients come in the order of their texts, or of their numbers, so far."""

    def __init__(self) -> None:
        self.text = ""
        self.number = -1
        self.by_text = self.by_number = True

    def check(self, patients: Sequence[str]) -> None:
        """Take the patients of some rows more; raises `NotInOrderError` where neither order holds."""
        for patient in _runs(patients):
            if self.by_text:
                self.by_text, self.text = patient >= self.text, patient
            if self.by_number:
                self.by_number = patient.isdecimal() and int(patient) >= self.number
                self.number = int(patient) if self.by_number else -1
        if not (self.by_text or self.by_number):
            raise NotInOrderError


def _runs(patients: Any) -> Iterator[str]:
    """Yield the patient of every run of rows; rows without one are passed over."""
    said = patients[patients != ""]
    if len(said):
        yield from said[np.append(True, said[1:] != said[:-1])].tolist()


def _last_patient(patients: Any) -> int:
    """Return where the rows of the last patient begin."""
    said = np.flatnonzero(patients != "")
    if not len(said):
        return 0
    others = said[patients[said] != patients[said[-1]]]
    return int(others[-1]) + 1 if len(others) else 0


def _patients(table: Any, columns: LongColumns) -> Any:
    """Return whose every row is: the first of the columns of patients that is not blank."""
    found = np.full(len(table), "", dtype=object)
    for name in columns.roles["patient"]:
        cells = table[name].to_numpy(dtype=object) if hasattr(table, "iloc") else _objects(table.column(name))
        found = np.where(found == "", cells, found)
    return found


def _objects(column: Any) -> Any:
    """Return an Arrow column as texts, each distinct one made once."""
    import pyarrow

    coded = column if pyarrow.types.is_dictionary(column.type) else column.dictionary_encode(null_encoding="encode")
    coded = coded.combine_chunks() if isinstance(coded, pyarrow.ChunkedArray) else coded
    if isinstance(coded, pyarrow.ChunkedArray):
        coded = pyarrow.concat_arrays(coded.chunks)
    texts = np.array([*(text_of(cell) for cell in coded.dictionary.to_pylist()), ""], dtype=object)
    return texts[coded.indices.fill_null(len(texts) - 1).to_numpy(zero_copy_only=False)]


def _begin(origins: list[tuple[str, int]], name: str, rows: int, more: int) -> None:
    if more and (not origins or origins[-1][0] != name):
        origins.append((name, rows))


def _cut(table: Any, start: int, stop: int) -> Any:
    return table.iloc[start:stop].reset_index(drop=True) if hasattr(table, "iloc") else table.slice(start, stop - start)


def _joined(tables: list[Any]) -> Any:
    if hasattr(tables[0], "iloc"):
        import pandas

        return pandas.concat(tables, ignore_index=True)
    import pyarrow

    return pyarrow.concat_tables(tables).combine_chunks()

"""Rows of a file in memory: an Arrow table if pyarrow is installed, else a pandas table of text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Chunk", "begin_file", "cells", "cut", "in_chunks", "texts", "together"]


@dataclass
class Chunk:
    """Some rows in the order of the input; `first` is the number of rows before them, over all files."""

    table: Any
    first: int
    #: The files of the rows, each with the number of its first row within the chunk.
    origins: list[tuple[str, int]]

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.table)

    @property
    def is_first(self) -> bool:
        """Whether it is the first chunk of the input."""
        return self.first == 0

    def file_of(self, row: int) -> str:
        """Return the file of a row of the chunk."""
        return self.origins[bisect_right(self.origins, row, key=lambda origin: origin[1]) - 1][0]


def in_chunks(batches: Iterable[tuple[str, Any]], size: int) -> Iterator[Chunk]:
    """Cut a stream of tables, each with the name of its file, into chunks of `size` rows.

    An input without rows gives one empty chunk.
    """
    waiting: list[tuple[str, Any]] = []
    held = first = 0
    empty: tuple[str, Any] | None = None
    for name, batch in batches:
        if not len(batch):
            empty = empty or (name, batch)
            continue
        rest = batch
        while held + len(rest) >= size:
            taken = size - held
            yield _joined([*waiting, (name, cut(rest, 0, taken))], first)
            waiting, held, first, rest = [], 0, first + size, cut(rest, taken, len(rest))
        if len(rest):
            waiting.append((name, rest))
            held += len(rest)
    if waiting or (first == 0 and empty):
        yield _joined(waiting or [empty or ("", None)], first)


def cut(table: Any, start: int, stop: int) -> Any:
    """Return some rows of a table."""
    return table.iloc[start:stop] if hasattr(table, "iloc") else table.slice(start, stop - start)


def together(tables: list[Any]) -> Any:
    """Return tables concatenated into one."""
    if hasattr(tables[0], "iloc"):
        import pandas

        return pandas.concat(tables, ignore_index=True)
    import pyarrow

    return pyarrow.concat_tables(tables).combine_chunks()


def begin_file(origins: list[tuple[str, int]], name: str, row: int) -> None:
    """Record that the rows from `row` on are from a file, unless the rows before are too."""
    if not origins or origins[-1][0] != name:
        origins.append((name, row))


def _joined(parts: list[tuple[str, Any]], first: int) -> Chunk:
    origins: list[tuple[str, int]] = []
    start = 0
    for name, table in parts:
        begin_file(origins, name, start)
        start += len(table)
    return Chunk(together([table for _, table in parts]), first, origins)


def cells(table: Any, name: str) -> Any:
    """Return a column for `read_cohort`: an Arrow array, or a numpy array of text."""
    if hasattr(table, "iloc"):
        return table[name].to_numpy(dtype=object)
    import pyarrow

    column = table.column(name)
    if column.num_chunks < 2:  # without chunks, pyarrow would make the array with pandas, which takes 0.2 s to import
        column = column.chunk(0) if column.num_chunks else pyarrow.nulls(0, column.type)
    else:
        column = column.combine_chunks()
        if isinstance(column, pyarrow.ChunkedArray):
            column = pyarrow.concat_arrays(column.chunks)
    return column.cast(pyarrow.float64()) if pyarrow.types.is_decimal(column.type) else column


def texts(table: Any, name: str) -> tuple[list[str], bool]:
    """Return an Arrow column as cells of a CSV, blank if missing, and whether they are text."""
    import pyarrow

    column = table.column(name)
    kind = column.type
    if pyarrow.types.is_dictionary(kind):
        kind = kind.value_type
        column = column.cast(kind)
    if pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind):
        return column.fill_null("").to_pylist() if column.null_count else column.to_pylist(), True
    if pyarrow.types.is_floating(kind):
        return column.cast(pyarrow.string()).fill_null("").to_pylist(), False
    number = (
        pyarrow.types.is_integer(kind)
        or pyarrow.types.is_decimal(kind)
        or pyarrow.types.is_boolean(kind)
        or pyarrow.types.is_temporal(kind)
    )
    return ["" if cell is None else str(cell) for cell in column.to_pylist()], not number


def row_of(chunk: Chunk, row: int, names: list[str]) -> dict[str, Any]:
    """Return the named cells of one row of a chunk, by column."""
    one = cut(chunk.table, row, row + 1)
    found: dict[str, Any] = {}
    for name in names:
        cell = cells(one, name)[0]
        found[name] = cell.as_py() if hasattr(cell, "as_py") else cell.item() if isinstance(cell, np.generic) else cell
    return found

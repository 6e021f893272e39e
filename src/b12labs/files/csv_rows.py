"""Read CSV and TSV files in batches of rows, every cell as text.

pyarrow reads them if it is installed. Otherwise, and to find the row of an error, Python's own `csv` does. For both, a
row that is longer or shorter than the header is an error. Empty lines are skipped unless the table has one column.
"""

from __future__ import annotations

import csv
import io
import os
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from b12labs.errors import ColumnError
from b12labs.files.compressed import plain_bytes
from b12labs.files.layout import Layout, decoding_hint, layout_of, usual_separator

__all__ = ["CSV_ENDINGS", "csv_batches", "csv_header", "row_writer"]

CSV_ENDINGS = (".csv", ".tsv", ".tab", ".txt")

#: The bytes that pyarrow reads at a time, and so the longest row that it can read. It holds several blocks in memory.
#: Larger blocks are not faster.
BLOCK = 1 << 20

BATCH = 16_384


class _LineEnds:
    """A sink for `csv` that ends every line with a line feed only."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def write(self, line: str) -> object:
        """Write a line that ends with the two characters of `row_writer`."""
        return self._write(line[:-2] + "\n")


def row_writer(write: Callable[[str], object], path: Path) -> Any:
    """Return a `csv` writer that quotes every cell with a line end in it.

    With a line feed as line terminator, `csv` quotes no other line end before Python 3.13.
    """
    return csv.writer(_LineEnds(write), delimiter=usual_separator(path), lineterminator="\r\n")


def csv_header(path: Path, layout: Layout | None = None) -> list[tuple[str, str]]:
    """Return a file's columns with their types, which are all text."""
    return [(name, "text") for name in (layout or layout_of(path)).columns]


def csv_batches(
    path: Path,
    columns: list[str],
    names: list[str] | None,
    seen: Callable[[int], None],
    coded: Collection[str] = (),
    layout: Layout | None = None,
) -> Iterator[Any]:
    """Read a file's rows as tables of text; `seen` is called with the number of bytes read.

    pyarrow dictionary-encodes the `coded` columns: each distinct cell of a batch once, and a code for every row.
    """
    layout = layout or layout_of(path)
    try:
        import pyarrow
    except ImportError:
        yield from _pandas_batches(path, columns, names, seen, layout)
        return
    try:
        yield from _arrow_batches(path, columns, names, seen, coded, layout)
    except (pyarrow.ArrowInvalid, OSError, UnicodeError) as error:
        for _ in _checked(path, columns, seen, layout):  # raises with the row, if it can
            pass
        raise ColumnError(
            f"{path}: not readable as CSV in {layout.encoding} with rows of at most {BLOCK:,} bytes",
            code="unreadable_file",
        ) from error


def _arrow_batches(
    path: Path,
    columns: list[str],
    names: list[str] | None,
    seen: Callable[[int], None],
    coded: Collection[str],
    layout: Layout,
) -> Iterator[Any]:
    import pyarrow
    from pyarrow import csv as arrow

    types = {
        name: pyarrow.dictionary(pyarrow.int32(), pyarrow.string()) if name in coded else pyarrow.string()
        for name in columns
    }
    schema = pyarrow.schema([(name, types[name]) for name in (names if names is not None else columns)])
    yield pyarrow.Table.from_batches([], schema)
    last: Any = None
    size = path.stat().st_size
    compressed = {".gz": "gzip", ".zst": "zstd"}.get(path.suffix.lower())
    with pyarrow.OSFile(os.fsencode(path)) as raw:
        try:
            reader = arrow.open_csv(
                pyarrow.CompressedInputStream(raw, compressed) if compressed else raw,
                read_options=arrow.ReadOptions(
                    block_size=BLOCK,
                    skip_rows=layout.before,
                    column_names=columns,
                    encoding="utf8" if layout.encoding == "utf-8" else layout.encoding,
                ),
                parse_options=arrow.ParseOptions(
                    delimiter=layout.separator, newlines_in_values=True, ignore_empty_lines=len(columns) > 1
                ),
                convert_options=arrow.ConvertOptions(
                    column_types=types, include_columns=names or [], strings_can_be_null=False
                ),
            )
        except pyarrow.ArrowInvalid:
            # A header without rows or without a line end, or one that is longer than a block.
            if next(_checked(path, columns, seen, layout), None) is None:
                return
            raise
        with reader:
            for number, batch in enumerate(reader, 1):
                # pyarrow reads tens of blocks ahead. In a plain file, the number of batches, a block each, shows the
                # progress.
                seen(raw.tell() if compressed else min(number * BLOCK, size))
                if batch.num_rows:
                    last = batch.column(batch.num_columns - 1)[-1].as_py()
                    yield pyarrow.Table.from_batches([batch], schema)
    # pyarrow closes an open quote at the end of the file. The last cell then holds the swallowed lines.
    if last is not None and "\n" in last:
        for _ in _checked(path, columns, seen, layout):
            pass


def _pandas_batches(
    path: Path, columns: list[str], names: list[str] | None, seen: Callable[[int], None], layout: Layout
) -> Iterator[Any]:
    import pandas

    def table(rows: list[list[str]]) -> Any:
        whole = pandas.DataFrame(rows, columns=columns, dtype=object)
        return whole if names is None else whole[names]

    yield table([])
    waiting: list[list[str]] = []
    for row in _checked(path, columns, seen, layout):
        waiting.append(row)
        if len(waiting) == BATCH:
            yield table(waiting)
            waiting = []
    if waiting:
        yield table(waiting)


def _checked(path: Path, columns: list[str], seen: Callable[[int], None], layout: Layout) -> Iterator[list[str]]:
    """Read a file's rows under the header. Raises `ColumnError` with the number of a longer or shorter row."""
    number = 0
    for row in _rows(path, seen, layout):
        if not row and len(columns) > 1:
            continue
        number += 1
        if len(row or [""]) != len(columns):
            more = "more" if len(row) > len(columns) else "fewer"
            raise ColumnError(
                f"{path}: row {number}: expected {len(columns)} cells, as in the header, got {len(row)}. With {more} "
                f"cells than the header, no cell has a certain column",
                code="unreadable_file",
            )
        yield row or [""]


def _rows(path: Path, seen: Callable[[int], None], layout: Layout) -> Iterator[list[str]]:
    """Read a file's rows under its header with Python's own `csv`."""
    number = 0
    with ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        held = stack.enter_context(plain_bytes(path, raw))
        encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
        text = io.TextIOWrapper(held, encoding=encoding, newline="")
        try:
            for _ in range(layout.before):
                next(text, None)
            for number, row in enumerate(csv.reader(text, delimiter=layout.separator, strict=True), 1):
                if number % BATCH == 1:
                    seen(raw.tell())
                yield row
        except (csv.Error, UnicodeError, EOFError, zlib.error, OSError) as error:
            said = decoding_hint(error) if isinstance(error, UnicodeError) else str(error)
            raise ColumnError(
                f"{path}: not readable as CSV in {layout.encoding} after row {number}; {said}", code="unreadable_file"
            ) from None

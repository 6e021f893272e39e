"""CSV and TSV files read in batches of rows, every cell as the text it is.

pyarrow reads where it is installed, and Python's own `csv` where it is not, or to say in which row a file is no CSV.
Both take a row that is longer or shorter than the header for an error, and pass over empty lines except where the table
has one column.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from b12labs.errors import B12LabsError, ColumnError
from b12labs.files.zstd import ZstdFrames

__all__ = ["CSV_ENDINGS", "csv_batches", "csv_header", "row_writer", "separator"]

CSV_ENDINGS = (".csv", ".tsv", ".tab", ".txt")

#: What pyarrow reads at a time, of which it holds several; the longest row that it can read. Larger blocks are no
#: faster.
BLOCK = 1 << 20

BATCH = 16_384


def separator(path: Path) -> str:
    """Return what stands between the cells of a file that is written, by its name."""
    name = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    return "\t" if name.endswith((".tsv", ".tab")) else ","


def _separator_in(path: Path) -> str:
    """Return what stands between the cells of a file that is read.

    A semicolon where its header has one and no other sign would divide it.
    """
    usual = separator(path)
    with path.open("rb") as raw, io.TextIOWrapper(_plain(path, raw), encoding="utf-8-sig", newline="") as text:
        try:
            header = next((line for line in text if line.strip("\r\n")), "")
            whole, divided = (len(next(csv.reader([header], delimiter=sign), [])) for sign in (usual, ";"))
        except (csv.Error, UnicodeDecodeError, EOFError, zlib.error, OSError):  # said where the file is read
            return usual
    return ";" if whole == 1 < divided else usual


class _LineEnds:
    """A sink for `csv` that writes lines as they end here, with a line feed only."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def write(self, line: str) -> object:
        """Write a line that ends with the two signs of `row_writer`."""
        return self._write(line[:-2] + "\n")


def row_writer(write: Callable[[str], object], path: Path) -> Any:
    """Return a `csv` writer that quotes every cell with a line end in it.

    Told of line feeds only, `csv` quotes no others before Python 3.13.
    """
    return csv.writer(_LineEnds(write), delimiter=separator(path), lineterminator="\r\n")


def csv_header(path: Path) -> list[tuple[str, str]]:
    """Return a file's columns; their type is text."""
    for row in _rows(path, lambda _: None):
        if row:
            return [(name, "text") for name in row]
    raise ColumnError(f"{path}: the file is empty; a header line and rows were expected", code="empty_file")


def csv_batches(
    path: Path, columns: list[str], names: list[str] | None, seen: Callable[[int], None], coded: Collection[str] = ()
) -> Iterator[Any]:
    """Read a file's rows as tables of text; `seen` is told how many of its bytes were read.

    Of the columns that are `coded`, pyarrow gives each distinct cell of a batch once, and a code for every row.
    """
    try:
        import pyarrow
    except ImportError:
        yield from _pandas_batches(path, columns, names, seen)
        return
    try:
        yield from _arrow_batches(path, columns, names, seen, coded)
    except (pyarrow.ArrowInvalid, OSError) as error:
        for _ in _checked(path, columns, seen):  # says in which row, where it can
            pass
        raise ColumnError(
            f"{path}: not readable as CSV in UTF-8 with rows of at most {BLOCK:,} bytes", code="unreadable_file"
        ) from error


def _arrow_batches(
    path: Path, columns: list[str], names: list[str] | None, seen: Callable[[int], None], coded: Collection[str]
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
                read_options=arrow.ReadOptions(block_size=BLOCK),
                parse_options=arrow.ParseOptions(
                    delimiter=_separator_in(path), newlines_in_values=True, ignore_empty_lines=len(columns) > 1
                ),
                convert_options=arrow.ConvertOptions(
                    column_types=types, include_columns=names or [], strings_can_be_null=False
                ),
            )
        except pyarrow.ArrowInvalid as error:
            if "Empty CSV" in str(error):  # a header without a line end
                return
            raise
        with reader:
            for number, batch in enumerate(reader, 1):
                # pyarrow reads tens of blocks ahead: of a plain file, the number of batches says how far it is, a block
                # each.
                seen(raw.tell() if compressed else min(number * BLOCK, size))
                if batch.num_rows:
                    last = batch.column(batch.num_columns - 1)[-1].as_py()
                    yield pyarrow.Table.from_batches([batch], schema)
    # pyarrow closes an open quote at the end of the file, whatever it swallowed; the last cell then holds a line end.
    if last is not None and "\n" in last:
        for _ in _checked(path, columns, seen):
            pass


def _pandas_batches(
    path: Path, columns: list[str], names: list[str] | None, seen: Callable[[int], None]
) -> Iterator[Any]:
    import pandas

    def table(rows: list[list[str]]) -> Any:
        whole = pandas.DataFrame(rows, columns=columns, dtype=object)
        return whole if names is None else whole[names]

    yield table([])
    waiting: list[list[str]] = []
    for row in _checked(path, columns, seen):
        waiting.append(row)
        if len(waiting) == BATCH:
            yield table(waiting)
            waiting = []
    if waiting:
        yield table(waiting)


def _checked(path: Path, columns: list[str], seen: Callable[[int], None]) -> Iterator[list[str]]:
    """Read a file's rows under the header.

    One that is longer or shorter than the header is an error with its number.
    """
    rows = _rows(path, seen)
    next((row for row in rows if row), None)
    number = 0
    for row in rows:
        if not row and len(columns) > 1:
            continue
        number += 1
        if len(row or [""]) != len(columns):
            more = "more" if len(row) > len(columns) else "fewer"
            raise ColumnError(
                f"{path}: row {number} has {len(row)} cells and the header {len(columns)}; with {more} cells than "
                f"the header, none has a sure column",
                code="unreadable_file",
            )
        yield row or [""]


def _rows(path: Path, seen: Callable[[int], None]) -> Iterator[list[str]]:
    """Read a file by Python's own `csv`, the header included."""
    number, sign = 0, _separator_in(path)
    with ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        text = io.TextIOWrapper(stack.enter_context(_plain(path, raw)), encoding="utf-8-sig", newline="")
        try:
            for number, row in enumerate(csv.reader(text, delimiter=sign, strict=True)):
                if number % BATCH == 0:
                    seen(raw.tell())
                yield row
        except (csv.Error, UnicodeDecodeError, EOFError, zlib.error, OSError) as error:
            said = "a byte that is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            raise ColumnError(
                f"{path}: not readable as CSV in UTF-8 after row {number}; {said}", code="unreadable_file"
            ) from None


def _plain(path: Path, raw: IO[bytes]) -> Any:
    """Return a file's bytes, decompressed where its name says so."""
    if path.suffix.lower() == ".gz":
        return gzip.open(raw)
    if path.suffix.lower() != ".zst":
        return raw
    try:
        import pyarrow

        return io.BufferedReader(pyarrow.CompressedInputStream(pyarrow.PythonFile(raw, mode="r"), "zstd"))
    except ImportError:
        pass
    try:
        import zstandard
    except ImportError:
        raise B12LabsError(
            f"{path}: .zst needs the package zstandard, or pyarrow (pip install 'b12labs[fast]')",
            code="needs_zstandard",
        ) from None
    return io.BufferedReader(ZstdFrames(raw, lambda: zstandard.ZstdDecompressor().decompressobj()), 1 << 20)

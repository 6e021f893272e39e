"""Interpreted rows as bytes: the parts of a CSV or Parquet file, and the file made of them."""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from b12labs.arrow_csv import lines_of
from b12labs.errors import B12LabsError
from b12labs.file_csv import separator
from b12labs.file_parquet import needs_pyarrow
from b12labs.file_tables import Chunk
from b12labs.outputs import Column, as_arrow, as_text, output_names
from b12labs.rows import CohortOutcome
from b12labs.spreadsheet import safe_cells

__all__ = ["PROBLEM_COLUMNS", "check_output", "joined_parquet", "joined_text", "part_bytes", "problem_bytes"]

PROBLEM_COLUMNS = ("file", "row", "column", "field", "code", "message")
WRITTEN = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".tab", ".tab.gz", ".txt", ".txt.gz")


def is_parquet(path: Path) -> bool:
    """Tell whether a file is written as Parquet."""
    return path.name.lower().endswith((".parquet", ".pq"))


def check_output(path: Path, *, option: str = "output") -> None:
    """Refuse a file that could not be written in the end, before the work of hours; raises `B12LabsError`."""
    if not path.parent.is_dir():
        raise B12LabsError(f"{option} {path}: the folder {path.parent} does not exist; make it first", code="no_such_folder", field=option)
    if path.is_dir():
        raise B12LabsError(f"{option} {path}: this is a folder, and a file was expected, such as {path / 'out.csv'}", code="is_folder", field=option)
    if is_parquet(path) and option == "output":
        needs_pyarrow(path)
    elif not path.name.lower().endswith(WRITTEN):
        accepted = ", ".join((*WRITTEN[:4], *((".parquet",) if option == "output" else ())))
        raise B12LabsError(f"{option} {path}: the ending says what to write, and {accepted} are known", code="unknown_ending", field=option)


def part_bytes(chunk: Chunk, names: list[str], columns: dict[str, Column], path: Path, *, raw_text: bool, header: bool) -> bytes:
    """Return a chunk's own columns, then the interpretation's, as a part of the file at `path`."""
    ours = output_names(names, list(columns))
    if is_parquet(path):
        return _arrow_part(chunk.table, dict(zip(ours, columns.values(), strict=True)))
    titles = [*names, *ours]
    first = _lines([titles if raw_text else safe_cells(titles)], path) if header else b""
    if not hasattr(chunk.table, "iloc"):
        return _packed(first + lines_of(chunk.table, columns, separator=separator(path), raw_text=raw_text), path)
    cells = [chunk.table[name].tolist() for name in names]
    cells = [column if raw_text else safe_cells(column) for column in cells] + [as_text(column).tolist() for column in columns.values()]
    return _packed(first + _lines(zip(*cells, strict=True), path), path)


def _lines(rows: Iterable[Sequence[object]], path: Path) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator(path), lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _packed(content: bytes, path: Path) -> bytes:
    """Compress a part where the name says so: a gzip file may be several in a row, and without a time in it the same rows are the same bytes."""
    return gzip.compress(content, 6, mtime=0) if path.suffix.lower() == ".gz" else content


def _arrow_part(table: Any, columns: dict[str, Column]) -> bytes:
    import pyarrow

    if hasattr(table, "iloc"):
        table = pyarrow.Table.from_pandas(table, preserve_index=False)
    for name, column in columns.items():
        values = as_arrow(column)
        table = table.append_column(name, values.dictionary_decode() if pyarrow.types.is_dictionary(values.type) else values)
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema, options=pyarrow.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def joined_text(parts: Iterable[Path], file: IO[bytes]) -> None:
    """Write the parts of a CSV one after the other."""
    for part in parts:
        with part.open("rb") as rows:
            shutil.copyfileobj(rows, file, 1 << 20)


def joined_parquet(parts: Iterable[Path], file: IO[bytes]) -> None:
    """Write the parts of a Parquet file, a row group each."""
    import pyarrow
    import pyarrow.parquet

    writer: Any = None
    for part in parts:
        with pyarrow.OSFile(str(part)) as source:
            table = pyarrow.ipc.open_stream(source).read_all()
        writer = writer or pyarrow.parquet.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=max(len(table), 1))
    writer.close()


def problem_bytes(chunk: Chunk, outcome: CohortOutcome, columns: dict[str, str], path: Path, *, header: bool) -> bytes:
    """Return a chunk's problems as a part of their CSV: every one once, by row; `columns` names the column of a field."""
    kinds: dict[tuple[str, str, str], int] = {}
    found = [(kinds.setdefault((problem.field, problem.code, problem.message), len(kinds)), rows) for problem, rows in outcome.problems.found]
    tails = [[columns.get(field, ""), *safe_cells((field, code, message))] for field, code, message in kinds]
    keys = np.unique(np.concatenate([rows * len(kinds) + kind for kind, rows in found])).tolist() if found else []
    places = (divmod(key, len(kinds)) for key in keys)
    lines = ((*safe_cells((chunk.file_of(row),)), chunk.first + row + 1, *tails[kind]) for row, kind in places)
    return _packed((_lines([PROBLEM_COLUMNS], path) if header else b"") + _lines(lines, path), path)

"""Interpreted rows as bytes: the content kept of a part, and the CSV or Parquet file made from the parts."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from b12labs.errors import B12LabsError
from b12labs.files.chunks import Chunk
from b12labs.files.csv_lines import lines_of
from b12labs.files.csv_rows import row_writer
from b12labs.files.layout import usual_separator
from b12labs.files.parquet_rows import is_parquet, needs_pyarrow
from b12labs.spreadsheet import safe_cells
from b12labs.tables.outputs import Column, as_arrow, as_text, output_names
from b12labs.tables.rows import CohortOutcome

__all__ = [
    "PROBLEM_COLUMNS",
    "ParquetRows",
    "TextRows",
    "check_output",
    "joined_text",
    "packed",
    "part_bytes",
    "problem_bytes",
    "unwritable",
]

PROBLEM_COLUMNS = ("file", "row", "column", "field", "code", "message")

WRITTEN = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".tab", ".tab.gz", ".txt", ".txt.gz")


def check_output(path: Path, *, option: str = "output") -> None:
    """Refuse a file that cannot be written, before hours of work. Raises `B12LabsError`."""
    if not path.parent.is_dir():
        raise B12LabsError(
            f"{option} {path}: the folder {path.parent} does not exist. Create it first",
            code="no_such_folder",
            field=option,
        )
    if path.is_dir():
        raise B12LabsError(
            f"{option} {path}: expected a file, such as {path / 'out.csv'}, got a folder",
            code="is_folder",
            field=option,
        )
    if is_parquet(path) and option == "output":
        needs_pyarrow(path)
    elif not path.name.lower().endswith(WRITTEN):
        accepted = ", ".join((*WRITTEN[:4], *((".parquet",) if option == "output" else ())))
        raise B12LabsError(
            f"{option}: expected a name that ends in {accepted}, got {path}",
            code="unknown_ending",
            field=option,
        )


def unwritable(path: Path, error: OSError, *, after: int | None = None) -> B12LabsError:
    """Return the error of an output that cannot be written. The rows up to `after` are kept."""
    kept = "" if after is None else f" The rows up to {after} are kept: the same command continues after them."
    why = error.strerror or str(error)
    where = f" ({error.filename})" if error.filename and Path(error.filename) != path else ""
    return B12LabsError(f"{path}: it cannot be written: {why}{where}.{kept}", code="unwritable_output", field=str(path))


class TextRows:
    """Rows written as CSV or TSV, part by part; compressed if the name ends in .gz."""

    def __init__(self, file: IO[bytes], path: Path, names: list[str], *, raw_text: bool) -> None:
        self.file, self.path, self.names, self.raw_text = file, path, names, raw_text

    def content(self, chunk: Chunk, columns: dict[str, Column]) -> bytes:
        """Return the content kept of a part: its lines."""
        return part_bytes(chunk, self.names, columns, self.path, raw_text=self.raw_text, header=chunk.is_first)

    def add(self, _: Chunk, content: bytes) -> None:
        """Write a part."""
        self.file.write(content)

    def close(self) -> None:
        """Do nothing: a CSV has no end part."""


class ParquetRows:
    """Rows written as Parquet, one row group per part."""

    def __init__(self, file: IO[bytes], names: list[str], *, coded: bool, metadata: dict[str, str]) -> None:
        self.file, self.names, self.coded, self.metadata = file, names, coded, metadata
        self.writer: Any = None

    def content(self, _: Chunk, columns: dict[str, Column]) -> bytes:
        """Return the content kept of a part: the interpretation's columns."""
        import pyarrow

        names = output_names(self.names, list(columns))
        table = pyarrow.Table.from_arrays([as_arrow(column) for column in columns.values()], names=names)
        sink = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(
            sink, table.schema, options=pyarrow.ipc.IpcWriteOptions(compression="lz4")
        ) as writer:
            writer.write_table(table)
        return bytes(sink.getvalue())

    def add(self, chunk: Chunk, content: bytes) -> None:
        """Write a part: its own columns, then the interpretation's.

        If the input is text, its columns and the interpretation's words are written dictionary-encoded, and are read
        back as text. Other types of the input are kept by writing Arrow's schema.
        """
        import pyarrow
        import pyarrow.parquet

        if self.writer is not None and not chunk.rows:
            return
        table = (
            chunk.table
            if not hasattr(chunk.table, "iloc")
            else pyarrow.Table.from_pandas(chunk.table, preserve_index=False)
        )
        ours = pyarrow.ipc.open_stream(content).read_all()
        for name, column in zip(ours.column_names, ours.columns, strict=True):
            decoded = pyarrow.types.is_dictionary(column.type) and not self.coded
            table = table.append_column(name, column.cast(pyarrow.string()) if decoded else column)
        if self.writer is None:
            # Parquet computes statistics for each batch of values; a batch is a part.
            options = {"compression": "zstd", "store_schema": not self.coded, "write_batch_size": max(len(table), 1)}
            self.writer = pyarrow.parquet.ParquetWriter(self.file, table.schema, **options)
        self.writer.write_table(table, row_group_size=max(len(table), 1))

    def close(self) -> None:
        """Write the end of the file: the provenance and the index."""
        if self.writer is not None:
            self.writer.add_key_value_metadata(self.metadata)
            self.writer.close()


def part_bytes(
    chunk: Chunk, names: list[str], columns: dict[str, Column], path: Path, *, raw_text: bool, header: bool
) -> bytes:
    """Return a chunk's own columns, then the interpretation's, as a part of the CSV at `path`."""
    ours = output_names(names, list(columns))
    titles = [*names, *ours]
    first = _lines([titles if raw_text else safe_cells(titles)], path) if header else b""
    if not hasattr(chunk.table, "iloc"):
        return packed(first + lines_of(chunk.table, columns, separator=usual_separator(path), raw_text=raw_text), path)
    cells = [chunk.table[name].tolist() for name in names]
    cells = [column if raw_text else safe_cells(column) for column in cells] + [
        as_text(column).tolist() for column in columns.values()
    ]
    return packed(first + _lines(zip(*cells, strict=True), path), path)


def _lines(rows: Iterable[Sequence[object]], path: Path) -> bytes:
    lines: list[str] = []
    row_writer(lines.append, path).writerows(rows)
    return "".join(lines).encode()


def packed(content: bytes, path: Path) -> bytes:
    """Compress a part if the name ends in .gz.

    A gzip file may be a sequence of several. Without a time in it, the same rows give the same bytes.
    """
    return gzip.compress(content, 6, mtime=0) if path.suffix.lower() == ".gz" else content


def joined_text(parts: Iterable[Path], file: IO[bytes]) -> None:
    """Write the parts of a CSV in order."""
    for part in parts:
        with part.open("rb") as rows:
            shutil.copyfileobj(rows, file, 1 << 20)


def problem_bytes(chunk: Chunk, outcome: CohortOutcome, columns: dict[str, str], path: Path, *, header: bool) -> bytes:
    """Return a chunk's problems as a part of their CSV, each once, by row; `columns` names the column of a field."""
    kinds: dict[tuple[str, str, str], int] = {}
    found = [
        (kinds.setdefault((problem.field, problem.code, problem.message), len(kinds)), rows)
        for problem, rows in outcome.problems.found
    ]
    tails = [[columns.get(field, ""), *safe_cells((field, code, message))] for field, code, message in kinds]
    keys = np.unique(np.concatenate([rows * len(kinds) + kind for kind, rows in found])).tolist() if found else []
    places = (divmod(key, len(kinds)) for key in keys)
    lines = ((*safe_cells((chunk.file_of(row),)), chunk.first + row + 1, *tails[kind]) for row, kind in places)
    return packed((_lines([PROBLEM_COLUMNS], path) if header else b"") + _lines(lines, path), path)

"""Which files an input is, and their rows as a stream.

CSV and TSV (plain, .gz, .zst), Parquet, a folder or a pattern of them.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from b12labs.errors import ColumnError, checked_option
from b12labs.files.csv_rows import CSV_ENDINGS, csv_batches, csv_header
from b12labs.files.parquet_rows import is_parquet, parquet_batches, parquet_schema

__all__ = ["Source", "find_source", "is_table"]

_COMPRESSED = (".gz", ".zst")

_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")


def is_table(path: Path) -> bool:
    """Return whether a file is CSV, TSV or Parquet by the ending of its name."""
    name = path.name.lower()
    for ending in _COMPRESSED:
        name = name.removesuffix(ending)
    return is_parquet(path) or name.endswith(CSV_ENDINGS)


@dataclass
class Source:
    """The files of an input, which all have the same columns."""

    name: str
    files: list[Path]
    columns: list[str] = field(default_factory=list)
    #: Files of a folder that are no tables, by their names.
    passed_over: list[str] = field(default_factory=list)
    #: Columns of CSV files whose cells are wanted by their distinct texts.
    coded: frozenset[str] = frozenset()
    #: Bytes read, and of the files in all: how far a pass over the rows has come.
    read: int = 0
    size: int = 0

    def identity(self) -> list[list[Any]]:
        """Return what tells this input from another: every file's path, size and time of change."""
        found = [(path, path.stat()) for path in self.files]
        return [[str(path.resolve()), stat.st_size, stat.st_mtime_ns] for path, stat in found]

    def batches(self, names: list[str] | None = None) -> Iterator[tuple[str, Any]]:
        """Read all rows in order, as tables each with the name of its file; `names` picks columns."""
        self.read = 0
        for path in self.files:
            before, size = self.read, path.stat().st_size

            def seen(part: int, start: int = before) -> None:
                self.read = start + part

            for table in (
                parquet_batches(path, names, seen)
                if is_parquet(path)
                else csv_batches(path, self.columns, names, seen, self.coded)
            ):
                yield str(path), table
            self.read = before + size


def find_source(given: Path | str | Sequence[Path | str]) -> Source:
    """Find the files of an input and hold them to the same columns.

    Raises `ColumnError` that names the file and the column.
    """
    several = [given] if isinstance(given, str | Path) else list(given) if isinstance(given, Iterable) else []
    checked_option("input", given, "a path, or several", holds=bool(several))
    source = Source(str(several[0]) + (f" and {len(several) - 1} more" if len(several) > 1 else ""), [])
    for path in several:
        _add(source, Path(path))
    headers = [parquet_schema(path) if is_parquet(path) else csv_header(path) for path in source.files]
    for path, header in zip(source.files[1:], headers[1:], strict=True):
        _hold_same(path, header, source.files[0], headers[0])
    source.columns = [name for name, _ in headers[0]]
    source.size = sum(path.stat().st_size for path in source.files)
    return source


def _add(source: Source, path: Path) -> None:
    if path.is_dir():
        inside = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
        tables = [entry for entry in inside if entry.is_file() and is_table(entry)]
        source.passed_over += [entry.name for entry in inside if entry not in tables]
    elif not path.exists() and glob.has_magic(str(path)):
        found = sorted(Path(entry) for entry in glob.glob(str(path), recursive=True))  # noqa: PTH207 - the pattern may be absolute
        tables = [entry for entry in found if entry.is_file()]
    elif not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file or folder")
    else:
        tables = [path]
    for table in tables:
        if table.name.lower().endswith(_SPREADSHEETS):
            raise ColumnError(
                f"{table}: a spreadsheet is not read; save the sheet as CSV in UTF-8, and give that",
                code="unreadable_file",
            )
    if not tables:
        raise ColumnError(
            f"{path}: no table is there; files named .csv, .tsv (also .gz, .zst) or .parquet were expected",
            code="no_files",
        )
    source.files += tables


def _hold_same(path: Path, header: list[tuple[str, str]], first: Path, expected: list[tuple[str, str]]) -> None:
    """Hold a file to the columns of the first: their number, their names in order, and in Parquet their types."""
    for place in range(max(len(header), len(expected))):
        here = header[place] if place < len(header) else None
        there = expected[place] if place < len(expected) else None
        if here == there:
            continue
        differs = here[0] if here else there[0] if there else ""
        if here and there and here[0] == there[0]:
            said = f"column {differs!r} is {here[1]}, and {there[1]} in {first}"
        else:
            said = f"column {place + 1} is {_quoted(here)}, and {_quoted(there)} in {first}"
        raise ColumnError(
            f"{path}: {said}; files read together have the same columns in the same order",
            code="other_columns",
            field=differs,
        )


def _quoted(column: tuple[str, str] | None) -> str:
    return repr(column[0]) if column else "not there"

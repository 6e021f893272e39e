"""Which files an input is, and their rows as a stream.

CSV and TSV (plain, .gz, .zst), Parquet, a folder or a pattern of them.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from b12labs.errors import ColumnError, checked_option, checked_path
from b12labs.files.chunks import Chunk, in_chunks
from b12labs.files.csv_rows import CSV_ENDINGS, csv_batches, csv_header
from b12labs.files.layout import Layout, layout_of
from b12labs.files.parquet_rows import is_parquet, parquet_batches, parquet_schema
from b12labs.files.sheets import is_sheet, sheet_batches, sheet_layout
from b12labs.text import StrPath

__all__ = ["Source", "find_source", "is_table"]

_COMPRESSED = (".gz", ".zst")


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
    #: Files of a folder that are not tables, by their names.
    passed_over: list[str] = field(default_factory=list)
    #: How the files that are no Parquet are laid out.
    layouts: dict[Path, Layout] = field(default_factory=dict)
    #: Which sheet of spreadsheets is read.
    sheet: str | None = None
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

            for table in self._tables(path, names, seen):
                yield str(path), table
            self.read = before + size

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Read all rows in order, `size` at a time."""
        return in_chunks(self.batches(), size)

    def _tables(self, path: Path, names: list[str] | None, seen: Callable[[int], None]) -> Iterator[Any]:
        if is_parquet(path):
            return parquet_batches(path, names, seen)
        layout = self.layouts[path]
        if is_sheet(path):
            return sheet_batches(path, self.sheet, layout, names)
        return csv_batches(path, self.columns, names, seen, self.coded, layout)

    @property
    def notes(self) -> list[str]:
        """What was passed over or joined at the beginning of files, in words."""
        several = len(self.files) > 1
        return [
            f"{path}: {note}" if several else note for path, layout in self.layouts.items() for note in layout.notes
        ]


def paths_of(given: Any) -> list[Path]:
    """Return the paths that were given as one or several; raises `PanelError` for anything else."""
    several = [given] if isinstance(given, str | PathLike) else [*given] if isinstance(given, list | tuple) else []
    expected = "a path, or a list of them (interpret_frame reads a table in memory)"
    holds = bool(several) and all(isinstance(each, str | PathLike) for each in several)
    checked_option("input", given, expected, holds=holds)
    return [checked_path("input", each) for each in several]


def find_source(
    given: StrPath | Sequence[StrPath],
    *,
    encoding: str | None = None,
    skip_lines: int = 0,
    sheet: str | None = None,
) -> Source:
    """Find the files of an input and hold them to the same columns; the options are those of `interpret_file`.

    Raises `ColumnError` that names the file and the column.
    """
    checked_option(
        "skip_lines", skip_lines, "a number of lines, 0 or more", holds=isinstance(skip_lines, int) and skip_lines >= 0
    )
    several = paths_of(given)
    source = Source(str(several[0]) + (f" and {len(several) - 1} more" if len(several) > 1 else ""), [])
    for path in several:
        _add(source, path)
    source.sheet = sheet
    for path in source.files:
        if is_sheet(path):
            source.layouts[path] = sheet_layout(path, sheet)
        elif not is_parquet(path):
            source.layouts[path] = layout_of(path, encoding=encoding, skip_lines=skip_lines)
    headers = [
        parquet_schema(path) if is_parquet(path) else csv_header(path, source.layouts[path]) for path in source.files
    ]
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
        if table.name.lower().endswith(".numbers"):
            raise ColumnError(
                f"{table}: a spreadsheet of Numbers is not read; save it as .xlsx or CSV, and give that",
                code="unreadable_file",
            )
    if not tables:
        raise ColumnError(
            f"{path}: no table is there; expected files named .csv, .tsv (also .gz, .zst), .parquet or .xlsx",
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

"""The files of an input, and their rows as a stream.

They are CSV and TSV (plain, .gz, .zst), Parquet or spreadsheets, or a folder or a pattern of them.
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
    #: The names of files in a folder that are not tables.
    passed_over: list[str] = field(default_factory=list)
    #: The layouts of the files that are not Parquet.
    layouts: dict[Path, Layout] = field(default_factory=dict)
    #: The sheet of spreadsheets to read.
    sheet: str | None = None
    #: Columns of CSV files that are read dictionary-encoded.
    coded: frozenset[str] = frozenset()
    #: The progress of a pass over the rows: bytes read, and bytes of all files.
    read: int = 0
    size: int = 0

    def identity(self) -> list[list[Any]]:
        """Return the identity of the input: every file's path, size and modification time."""
        found = [(path, path.stat()) for path in self.files]
        return [[str(path.resolve()), stat.st_size, stat.st_mtime_ns] for path, stat in found]

    def batches(self, names: list[str] | None = None) -> Iterator[tuple[str, Any]]:
        """Yield all rows in order, as tables with the names of their files; `names` selects columns."""
        self.read = 0
        for path in self.files:
            before, size = self.read, path.stat().st_size

            def seen(part: int, start: int = before) -> None:
                self.read = start + part

            for table in self._tables(path, names, seen):
                yield str(path), table
            self.read = before + size

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Return all rows in order, in chunks of `size`."""
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
        """The lines that were skipped or joined at the beginning of files, in words."""
        several = len(self.files) > 1
        return [
            f"{path}: {note}" if several else note for path, layout in self.layouts.items() for note in layout.notes
        ]


def paths_of(given: Any) -> list[Path]:
    """Return one path or several as a list. Raises `PanelError` for anything else."""
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
    """Find the files of an input, and check that they have the same columns.

    The options are those of `interpret_file`. Raises `ColumnError` with the file and the column.
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
                f"{table}: b12labs does not read spreadsheets of Numbers. Save it as .xlsx or CSV, and use that file",
                code="unreadable_file",
            )
    if not tables:
        raise ColumnError(
            f"{path}: expected files named .csv, .tsv (also .gz, .zst), .parquet or .xlsx, got none",
            code="no_files",
        )
    source.files += tables


def _hold_same(path: Path, header: list[tuple[str, str]], first: Path, expected: list[tuple[str, str]]) -> None:
    """Raise `ColumnError` unless a file has the columns of the first: names in order, and in Parquet their types."""
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
            f"{path}: {said}. Files that are read together need the same columns in the same order",
            code="other_columns",
            field=differs,
        )


def _quoted(column: tuple[str, str] | None) -> str:
    return repr(column[0]) if column else "missing"

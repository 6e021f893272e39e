"""Files of long tables: grouped into draws, they are a source of wide rows like any other.

A table whose rows are in the order of its patients is read in blocks, a few of them in memory at a time. Any other
table is held whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from b12labs.draws.cells import Ints
from b12labs.draws.columns import LongColumns, completed, recognize_long
from b12labs.draws.grouping import BESIDE, Draws, to_draws
from b12labs.errors import B12LabsError, ColumnError
from b12labs.files.chunks import Chunk, cut
from b12labs.files.draw_counts import DrawCounts
from b12labs.files.draw_problems import Found
from b12labs.files.long_blocks import DrawBlock, LongBlock, NotInOrderError, blocks_of, whole
from b12labs.files.options import FileReading
from b12labs.files.sources import Source
from b12labs.inputs.panel import Problem
from b12labs.reference import analytes
from b12labs.site_mapping.mapping import SiteMapping

__all__ = [
    "DrawChunk",
    "DrawSource",
    "LongTable",
    "as_draws",
    "long_table",
    "raise_first",
    "refuse_unusable",
]

_HELD_WHOLE = (
    "the rows are not in the order of the patients, so the table is held in memory. If it is sorted by patient, a "
    "table of any size is read in parts"
)


@dataclass
class DrawChunk(Chunk):
    """Some of the draws of a block; `start` is the number of its draws before them."""

    block: DrawBlock
    start: int

    @property
    def is_first(self) -> bool:
        """Whether it is the first chunk of the long table."""
        return self.block.first_row == 0 and self.start == 0

    def problems(self) -> Iterator[tuple[Problem, Ints]]:
        """Yield the problems of the results in these draws, with the draws numbered from the first of them."""
        for problem, draws in self.block.draws.problems_of_draws():
            inside = draws[(draws >= self.start) & (draws < self.start + self.rows)] - self.start
            if len(inside):
                yield problem, inside


@dataclass
class DrawSource(Source):
    """An input of long tables, whose rows are draws."""

    long: LongColumns = field(kw_only=True)
    counts: DrawCounts = field(kw_only=True)
    #: Reads the long table block by block.
    blocks: Callable[[], Iterator[DrawBlock]] = field(kw_only=True)
    #: The source of the blocks, which also shows their progress.
    long_source: Source = field(kw_only=True)
    is_held_whole: bool = field(kw_only=True)

    def batches(self, names: list[str] | None = None) -> Iterator[tuple[str, Any]]:
        """Yield the draws, one table per block. The results of one draw may come from several files."""
        for block in self.blocks():
            yield self.name, _table(block.draws, self.columns if names is None else names)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Cut the draws of every block into chunks of `size`. A block without draws gives one, for its problems."""
        for block in self.blocks():
            self.read = self.long_source.read
            table = _table(block.draws, self.columns)
            for start in range(0, max(len(table), 1), size):
                yield DrawChunk(
                    cut(table, start, start + size), block.first_draw + start, [(self.name, 0)], block, start
                )

    @property
    def notes(self) -> list[str]:
        """The lines that were skipped or joined, in words, and whether a large table is held whole."""
        return [*super().notes, *([_HELD_WHOLE] if self.is_held_whole else [])]


def _table(draws: Draws, names: list[str]) -> Any:
    """Return some columns of the draws as an Arrow table, blank if no draw of the block has one."""
    wide = draws.wide.reindex(columns=names, fill_value="")
    try:
        import pyarrow
    except ImportError:
        return wide
    return pyarrow.Table.from_pandas(wide, preserve_index=False)


@dataclass(frozen=True)
class LongTable:
    """A long table as read: its cells, its recognized columns, and the site's mapping completed with the options."""

    table: Any
    columns: LongColumns
    mapping: SiteMapping


@dataclass(frozen=True)
class _Long:
    """The recognized columns of a long table, the ones that are read, and the mapping completed with the options."""

    columns: LongColumns
    names: list[str]
    mapping: SiteMapping

    def draws(self, table: Any, reading: FileReading) -> Draws:
        return to_draws(
            table,
            self.columns,
            window_hours=reading.window_hours,
            mapping=self.mapping,
            decimal=reading.decimal,
            use_preliminary=reading.use_preliminary,
        )


def _recognized(source: Source, reading: FileReading) -> _Long | None:
    """Return the recognized columns, or None if they are not those of a long table.

    `reading.columns` (header to role or field) and `reading.units` (analyte to unit) override the mapping.
    """
    mapping = completed(reading.site, reading.columns)
    found = recognize_long(source.columns, mapping)
    if found is None:
        return None
    return _Long(found, found.names(), mapping.with_units(reading.units or {}))


def long_table(source: Source, reading: FileReading) -> LongTable | None:
    """Return the input's tables read as one, or None if they are not long."""
    long = _recognized(source, reading)
    return None if long is None else LongTable(whole(source, long.names).table, long.columns, long.mapping)


def as_draws(source: Source, reading: FileReading) -> Source:
    """Return a source of draws if the input's tables are long, else the source itself.

    A large table is read here once, for its columns and counts, and again when its draws are needed.
    """
    long = _recognized(source, reading)
    if long is None:
        return source

    def read(block: LongBlock, first_draw: int) -> DrawBlock:
        return DrawBlock(long.draws(block.table, reading), block.first_row, first_draw, block.origins)

    def again() -> Iterator[DrawBlock]:
        first_draw = 0
        for rows in blocks_of(source, long.names, long.columns):
            block = read(rows, first_draw)
            yield block
            first_draw += len(block.draws.wide)

    counts, titles, last, is_held_whole = DrawCounts(), list[str](), list[DrawBlock](), False
    try:
        for block in again():
            counts.add(block.draws)
            titles += [title for title in block.draws.wide.columns if title not in titles]
            last = [block]
        is_one = last[0].first_row == 0
    except NotInOrderError:
        last, is_one, is_held_whole = [read(whole(source, long.names), 0)], True, True
        counts, titles = DrawCounts.of(last[0].draws), list(last[0].draws.wide.columns)
    own = {part.name: getattr(source, part.name) for part in fields(Source)}
    return DrawSource(
        **{**own, "columns": _in_order(titles, long.columns)},
        long=long.columns,
        counts=counts,
        long_source=source,
        blocks=(lambda: iter(last)) if is_one else again,
        is_held_whole=is_held_whole,
    )


def _in_order(titles: list[str], columns: LongColumns) -> list[str]:
    """Return the columns of draws in a fixed order: analytes as listed, then the carried columns."""
    of_analytes = [f"{key}{end}" for key in analytes() for end in ("", *(f"_{name}" for name in BESIDE))]
    carried = [title for pair in columns.carried.items() for title in pair]
    order = {title: place for place, title in enumerate(["patient", "time", *of_analytes, "age", "sex", *carried])}
    return sorted(titles, key=order.__getitem__)


def refuse_unusable(source: DrawSource) -> None:
    """Raise `ColumnError` if the table has rows but none of them could be used."""
    if source.counts.is_unusable:
        raise ColumnError(
            f"{source.name}: no result could be used\n" + "\n".join(source.counts.lines()), code="no_results"
        )


def raise_first(block: DrawBlock, found: list[Found]) -> None:
    """Raise the problem of the first row of a block that has one, ignoring tests that are not an analyte."""
    firsts = [(int(rows.min()), problem, column) for problem, column, rows in found if problem.code != "not_an_analyte"]
    if firsts:
        row, problem, column = min(firsts, key=lambda first: first[0])
        number = block.first_row + row + 1
        where = f"{block.file_of(row)}: row {number}" + (f", column {column!r}" if column else "")
        raise B12LabsError(f"{where}: {problem.message}", code=problem.code, field=problem.field)

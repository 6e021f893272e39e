"""Files of long tables: read whole, grouped into draws, and from then on a source of wide rows like any other."""

from __future__ import annotations

import textwrap
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from b12labs.draws.cells import Ints
from b12labs.draws.columns import LongColumns, completed, recognize_long
from b12labs.draws.grouping import Draws, problem_kinds, to_draws
from b12labs.errors import B12LabsError, ColumnError
from b12labs.files.draw_problems import Found
from b12labs.files.options import FileReading
from b12labs.files.sources import Source
from b12labs.inputs.panel import Problem
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.text import WIDTH, as_words, count_of, printable, shortened

__all__ = [
    "DrawSource",
    "LongTable",
    "as_draws",
    "draw_counts",
    "draw_lines",
    "long_table",
    "raise_first",
    "refuse_unusable",
]

#: How many kinds of problem the summary names.
SHOWN = 8


@dataclass
class DrawSource(Source):
    """An input of long tables: its rows are the draws."""

    draws: Draws = field(kw_only=True)
    #: The names of the files, each with the number of its first row, from 0 and counted over all files.
    origins: list[tuple[str, int]] = field(kw_only=True)

    def batches(self, names: list[str] | None = None) -> Iterator[tuple[str, Any]]:
        """Give the draws as one table; results of one draw may come from several files."""
        wide = self.draws.wide if names is None else self.draws.wide[names]
        self.read = self.size
        try:
            import pyarrow
        except ImportError:
            yield self.name, wide
        else:
            yield self.name, pyarrow.Table.from_pandas(wide, preserve_index=False)

    def problems_within(self, first: int, rows: int) -> Iterator[tuple[Problem, Ints]]:
        """Return the problems of results in `rows` draws from `first` on, with the draws counted from there."""
        for problem, draws in self.draws.problems_of_draws():
            inside = draws[(draws >= first) & (draws < first + rows)] - first
            if len(inside):
                yield problem, inside

    def file_of(self, row: int) -> str:
        """Return the file of a row of the long table."""
        return self.origins[bisect_right(self.origins, row, key=lambda origin: origin[1]) - 1][0]


@dataclass(frozen=True)
class LongTable:
    """A long table as it was read: its cells, what its columns are, and the site's mapping with all that was said."""

    table: Any
    columns: LongColumns
    mapping: SiteMapping
    #: The names of the files, each with the number of its first row.
    origins: list[tuple[str, int]]


def long_table(source: Source, reading: FileReading) -> LongTable | None:
    """Read the input's tables as one, None where they are not long.

    `reading.columns` is from header to role or field and its `units` from analyte to unit; both go before the mapping.
    """
    mapping = completed(reading.site, reading.columns)
    found = recognize_long(source.columns, mapping)
    if found is None:
        return None
    mapping = mapping.with_units(reading.units or {})
    wanted = [*(name for names in found.roles.values() for name in names), *found.carried.values()]
    tables: list[Any] = []
    origins: list[tuple[str, int]] = []
    rows = 0
    for name, table in source.batches(list(dict.fromkeys(wanted))):
        if len(table) and (not origins or origins[-1][0] != name):
            origins.append((name, rows))
        rows += len(table)
        tables.append(table)
    return LongTable(_joined(tables), found, mapping, origins)


def as_draws(source: Source, reading: FileReading) -> Source:
    """Return a source of draws where the input's tables are long, and the source itself where they are not."""
    read = long_table(source, reading)
    if read is None:
        return source
    draws = to_draws(
        read.table,
        read.columns,
        window_hours=reading.window_hours,
        mapping=read.mapping,
        decimal=reading.decimal,
        use_preliminary=reading.use_preliminary,
    )
    own = {part.name: getattr(source, part.name) for part in fields(Source)}
    return DrawSource(**{**own, "columns": list(draws.wide.columns)}, draws=draws, origins=read.origins)


def refuse_unusable(source: DrawSource) -> None:
    """Raise `ColumnError` where the table has rows and none of them could be used."""
    if len(source.draws.draw) and not len(source.draws.wide):
        raise ColumnError(
            f"{source.name}: no result could be used\n" + "\n".join(draw_lines(source.draws)), code="no_results"
        )


def raise_first(source: DrawSource, found: list[Found]) -> None:
    """Raise the problem of the lowest row of the long table.

    A test that is not an analyte, such as sodium, is none: nothing is wrong with it.
    """
    firsts = [(int(rows.min()), problem, column) for problem, column, rows in found if problem.code != "not_an_analyte"]
    if firsts:
        row, problem, column = min(firsts, key=lambda first: first[0])
        where = f"{source.file_of(row)}: row {row + 1}" + (f", column {column!r}" if column else "")
        raise B12LabsError(f"{where}: {problem.message}", code=problem.code, field=problem.field)


def draw_counts(draws: Draws) -> dict[str, Any]:
    """Return how many results are in how many draws, and every kind of problem with its rows, for a program."""
    return {
        "results": len(draws.draw),
        "used": int(np.count_nonzero(draws.used)),
        "draws": len(draws.wide),
        "problems": problem_kinds(draws),
    }


def draw_lines(draws: Draws) -> list[str]:
    """Return what a person wants to know of a long table, in 80 columns.

    How many results are in how many draws, and why the others are not.
    """
    rows, used, count = len(draws.draw), int(np.count_nonzero(draws.used)), len(draws.wide)
    lines = [f"A long table: {used} of {rows} results used, in {count_of(count, 'draw')}"]
    kinds = sorted(
        draws.problems, key=lambda found: (found.problem.code == "not_an_analyte", found.used, -len(found.rows))
    )
    for found in kinds[:SHOWN]:
        said = shortened(printable(f"{as_words(found.problem.code)}: {found.problem.message}"))
        lines += textwrap.wrap(
            said, WIDTH, initial_indent=f"  {len(found.rows):>7}  ", subsequent_indent=" " * 13, break_on_hyphens=False
        )
    rest = kinds[SHOWN:]
    if rest:
        lines.append(f"  {sum(len(found.rows) for found in rest):>7}  in {len(rest)} more kinds")
    return lines


def _joined(tables: list[Any]) -> Any:
    if hasattr(tables[0], "iloc"):
        import pandas

        return pandas.concat(tables, ignore_index=True)
    import pyarrow

    return pyarrow.concat_tables(tables)

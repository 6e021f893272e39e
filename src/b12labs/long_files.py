"""Files of long tables: read whole, grouped into draws, and from then on a source of wide rows like any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from b12labs.draws import Draws, to_draws
from b12labs.errors import ColumnError
from b12labs.file_sources import Source
from b12labs.long_cells import Ints
from b12labs.long_columns import recognize_long
from b12labs.measurement import Decimal
from b12labs.panel import Problem
from b12labs.site_mapping import SiteMapping

__all__ = ["DrawSource", "as_draws", "draw_lines"]

#: How many kinds of problem the summary names.
SHOWN = 8


@dataclass
class DrawSource(Source):
    """An input of long tables: its rows are the draws."""

    draws: Draws | None = None

    def batches(self, names: list[str] | None = None) -> Iterator[tuple[str, Any]]:
        """Give the draws as one table; results of one draw may come from several files."""
        assert self.draws is not None
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
        assert self.draws is not None
        for problem, draws in self.draws.problems_of_draws():
            inside = draws[(draws >= first) & (draws < first + rows)] - first
            if len(inside):
                yield problem, inside


def as_draws(
    source: Source,
    *,
    mapping: SiteMapping | None = None,
    window_hours: float | None = None,
    decimal: Decimal | None = None,
    use_preliminary: bool = False,
) -> Source:
    """Return a source of draws where the input's tables are long, and the source itself where they are not."""
    columns = recognize_long(source.columns, mapping)
    if columns is None:
        return source
    wanted = [*(name for names in columns.roles.values() for name in names), *columns.carried.values()]
    tables = [table for _, table in source.batches(list(dict.fromkeys(wanted)))]
    draws = to_draws(_joined(tables), columns, window_hours=window_hours, mapping=mapping, decimal=decimal, use_preliminary=use_preliminary)
    if not len(draws.wide):
        raise ColumnError(f"{source.name}: no result could be used\n" + "\n".join(draw_lines(draws)), code="no_results")
    own = {part.name: getattr(source, part.name) for part in fields(Source)}
    return DrawSource(**{**own, "columns": list(draws.wide.columns)}, draws=draws)


def draw_lines(draws: Draws) -> list[str]:
    """Return what a person wants to know of a long table: how many results are in how many draws, and why the others are not."""
    rows, used = len(draws.draw), int(np.count_nonzero(draws.used))
    lines = [f"A long table: {used} of {rows} results used, in {len(draws.wide)} draws"]
    kinds = sorted(draws.problems, key=lambda found: (found.used, -len(found.rows)))
    lines += [f"  {len(found.rows):>7}  {found.problem.code.replace('_', ' ')}: {found.problem.message}" for found in kinds[:SHOWN]]
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

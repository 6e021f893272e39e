"""Polars: a LazyFrame with its interpretation, computed when it is collected or written."""

from __future__ import annotations

from typing import Any, Unpack

from b12labs.errors import checked_option, extra

with extra("polars", "b12labs.integrations.polars"):
    import polars
    import pyarrow

from b12labs.integrations.arrow import arrow_interpreter
from b12labs.integrations.interpreter import Keep
from b12labs.tables.options import TableOptions, takes
from b12labs.tables.outputs import as_arrow

__all__ = ["interpret"]


@takes(TableOptions)
def interpret(frame: polars.LazyFrame, *, keep: Keep = True, **options: Unpack[TableOptions]) -> polars.LazyFrame:
    """Return the LazyFrame with the interpretation's columns after its own (`keep`: all, none, or those named).

    The options are those of `interpret_frame`. Columns and options are checked at once; rows are interpreted on
    collection. With `collect(engine="streaming")` or a `sink_*`, batches are interpreted one by one, so that a file may
    be larger than memory. If possible, filter before the interpretation: polars does not move a filter past it.
    """
    expected = "a polars LazyFrame (b12labs.interpret_frame reads a table in memory)"
    schema = checked_option("frame", frame, expected, holds=isinstance(frame, polars.LazyFrame)).collect_schema()
    worker = arrow_interpreter(polars.DataFrame(schema=schema).to_arrow().schema, keep=keep, **options)
    read = worker.found.names()

    def interpreted(part: polars.DataFrame) -> polars.DataFrame:
        table = part.select(read).to_arrow()
        found = worker.columns(table.column, len(table))
        added = polars.DataFrame(
            pyarrow.table({name: as_arrow(column) for name, column in found.items()})
        ).with_columns(polars.col(name).cast(polars.String) for name, words in worker.added.items() if words)
        return part.select(worker.kept).hstack(added) if worker.kept else added

    out: dict[str, Any] = {name: schema[name] for name in worker.kept}
    out.update({name: polars.String() if words else polars.Boolean() for name, words in worker.added.items()})
    return frame.map_batches(interpreted, schema=out, streamable=True)

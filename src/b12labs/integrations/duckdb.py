"""DuckDB: a relation as a stream of Arrow batches with their interpretation."""

from __future__ import annotations

from typing import Any, Unpack

from b12labs.errors import checked_option, extra

with extra("duckdb", "b12labs.integrations.duckdb"):
    import pyarrow

from b12labs.integrations.arrow import arrow_interpreter, batches_of, schema_of
from b12labs.integrations.interpreter import Keep
from b12labs.tables.options import TableOptions, takes

__all__ = ["interpret"]


@takes(TableOptions)
def interpret(relation: Any, *, keep: Keep = True, batch_size: int = 100_000, **options: Unpack[TableOptions]) -> Any:
    """Return a `pyarrow.RecordBatchReader` over the relation's rows with their interpretation, in batches.

    The options are those of `interpret_frame`; columns and options are checked before the query runs. DuckDB reads the
    result by its variable's name (`SELECT status, count(*) FROM interpreted GROUP BY ALL`). Use another connection or
    cursor than the relation's, because an open reader occupies its own. A reader can be read once.
    """
    expected = "a relation of DuckDB (b12labs.interpret_frame reads a table in memory)"
    checked_option("relation", relation, expected, holds=hasattr(relation, "to_arrow_reader"))
    schema = relation.limit(0).to_arrow_table().schema
    worker = arrow_interpreter(schema, keep=keep, **options)
    return pyarrow.RecordBatchReader.from_batches(
        schema_of(worker, schema), batches_of(worker, relation.to_arrow_reader(batch_size))
    )

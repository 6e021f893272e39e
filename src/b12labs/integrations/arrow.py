"""Arrow batches in, the same batches with their interpretation out: a table of any size, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Unpack

from b12labs.errors import checked_option, extra

with extra("fast", "b12labs.integrations.arrow"):
    import pyarrow

from b12labs.integrations.interpreter import Interpreter, Keep, interpreter
from b12labs.tables.options import TableOptions, checked_options, takes
from b12labs.tables.outputs import Column, Words, as_arrow

__all__ = ["arrow_interpreter", "batches_of", "interpret_batches", "output_schema", "schema_of", "with_columns"]

_BATCHES = "record batches or tables of pyarrow, such as [table]"


@takes(TableOptions)
def interpret_batches(batches: Iterable[Any], *, keep: Keep = True, **options: Unpack[TableOptions]) -> Iterator[Any]:
    """Interpret record batches (or tables) of one schema, one by one; the options are those of `interpret_frame`.

    Options are checked at once, columns with the first batch. Every batch is returned with its own columns (`keep`:
    all, none, or those named) unchanged, then the interpretation's: text, and nullable truths. A name that the table
    already has gets the prefix `b12labs_`.
    """
    checked_options(**options)
    one = isinstance(batches, str | bytes | pyarrow.Table | pyarrow.RecordBatch) or getattr(batches, "ndim", 1) == 0
    checked_option("batches", batches, _BATCHES, holds=isinstance(batches, Iterable) and not one)
    return _interpreted(batches, keep=keep, **options)


def _interpreted(batches: Iterable[Any], *, keep: Keep, **options: Unpack[TableOptions]) -> Iterator[Any]:
    worker = None
    for batch in batches:
        checked_option("batches", batch, _BATCHES, holds=isinstance(batch, pyarrow.RecordBatch | pyarrow.Table))
        worker = worker or arrow_interpreter(batch.schema, keep=keep, **options)
        yield from batches_of(worker, [batch])


@takes(TableOptions)
def output_schema(schema: Any, *, keep: Keep = True, **options: Unpack[TableOptions]) -> Any:
    """Return the schema of the batches that `interpret_batches` returns for this schema, with the same options."""
    return schema_of(arrow_interpreter(schema, keep=keep, **options), schema)


@takes(TableOptions)
def arrow_interpreter(schema: Any, *, keep: Keep = True, **options: Unpack[TableOptions]) -> Interpreter:
    """Return the interpreter of tables with an Arrow schema, checked."""
    checked_option("schema", schema, "a schema of pyarrow, table.schema", holds=isinstance(schema, pyarrow.Schema))
    nested = {
        field.name: pyarrow.types.is_list(field.type) or pyarrow.types.is_large_list(field.type)
        for field in schema
        if field.type.num_fields
    }
    lists = [name for name, is_list in nested.items() if is_list]
    return interpreter(schema.names, lists=lists, structs=nested.keys() - lists, keep=keep, **options)


def schema_of(worker: Interpreter, schema: Any) -> Any:
    """Return the schema of an interpreter's output for a schema."""
    kept = [schema.field(name) for name in worker.kept]
    added = [
        pyarrow.field(name, pyarrow.string() if words else pyarrow.bool_()) for name, words in worker.added.items()
    ]
    return pyarrow.schema([*kept, *added])


def batches_of(worker: Interpreter, batches: Iterable[Any]) -> Iterator[Any]:
    """Yield record batches or tables with their interpretation; an empty one gives an empty one."""
    for batch in batches:
        table = pyarrow.Table.from_batches([batch]) if isinstance(batch, pyarrow.RecordBatch) else batch
        out = with_columns(worker, table, worker.outcome(table.column, len(table)).columns)
        yield from out.combine_chunks().to_batches() or [pyarrow.RecordBatch.from_pylist([], schema=out.schema)]


def with_columns(worker: Interpreter, table: Any, found: dict[str, Column]) -> Any:
    """Return the kept columns of a table, followed by the columns of its interpretation."""
    # Spark takes no dictionaries, and a dictionary of one batch is not that of the next.
    arrays = [
        as_arrow(column).dictionary_decode() if isinstance(column, Words) else as_arrow(column)
        for column in found.values()
    ]
    schema = schema_of(worker, table.schema)
    return pyarrow.Table.from_arrays([*(table[name] for name in worker.kept), *arrays], schema=schema)

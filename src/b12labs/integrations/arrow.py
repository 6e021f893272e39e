"""Arrow batches in, the same batches with their interpretation out: a table of any size, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow

from b12labs.inputs.numbers import Decimal
from b12labs.inputs.options import UnreportedContext
from b12labs.integrations.interpreter import Interpreter, Keep, interpreter
from b12labs.limits.stratified import DEFAULT_GUIDELINE
from b12labs.tables.outputs import Words, as_arrow
from b12labs.tables.rows import Findings

__all__ = ["arrow_interpreter", "batches_of", "interpret_batches", "output_schema", "schema_of"]


def interpret_batches(
    batches: Iterable[Any],
    *,
    guideline: str = DEFAULT_GUIDELINE,
    units: dict[str, str] | None = None,
    columns: dict[str, str] | None = None,
    decimal: Decimal = ".",
    findings: Findings = False,
    unreported_context: UnreportedContext = "absent",
    keep: Keep = True,
) -> Iterator[Any]:
    """Interpret record batches (or tables) of one schema, each as it comes; the options are those of `interpret_frame`.

    Every batch comes out with its own columns (`keep`: all, none, or those named), untouched, then the
    interpretation's: text, and nullable truths. A name that the table has already gets `b12labs_` before it.
    """
    options: dict[str, Any] = {"guideline": guideline, "units": units, "columns": columns, "decimal": decimal}
    options |= {"findings": findings, "unreported_context": unreported_context, "keep": keep}
    worker = None
    for batch in batches:
        worker = worker or arrow_interpreter(batch.schema, **options)
        yield from batches_of(worker, [batch])


def output_schema(schema: Any, **options: Any) -> Any:
    """Return the schema of what `interpret_batches` makes of batches with this one, by the same options."""
    return schema_of(arrow_interpreter(schema, **options), schema)


def arrow_interpreter(schema: Any, **options: Any) -> Interpreter:
    """Return the interpreter of tables with an Arrow schema, checked."""
    nested = {
        field.name: pyarrow.types.is_list(field.type) or pyarrow.types.is_large_list(field.type)
        for field in schema
        if field.type.num_fields
    }
    lists = [name for name, is_list in nested.items() if is_list]
    return interpreter(schema.names, lists=lists, structs=nested.keys() - lists, **options)


def schema_of(worker: Interpreter, schema: Any) -> Any:
    """Return what an interpreter makes of a schema."""
    kept = [schema.field(name) for name in worker.kept]
    added = [
        pyarrow.field(name, pyarrow.string() if words else pyarrow.bool_()) for name, words in worker.added.items()
    ]
    return pyarrow.schema([*kept, *added])


def batches_of(worker: Interpreter, batches: Iterable[Any]) -> Iterator[Any]:
    """Interpret record batches or tables; an empty one gives an empty one."""
    for batch in batches:
        table = pyarrow.Table.from_batches([batch]) if isinstance(batch, pyarrow.RecordBatch) else batch
        found = worker.columns(table.column, len(table))
        # Spark takes no dictionaries, and a dictionary of one batch is not that of the next.
        arrays = [
            as_arrow(column).dictionary_decode() if isinstance(column, Words) else as_arrow(column)
            for column in found.values()
        ]
        schema = schema_of(worker, table.schema)
        out = pyarrow.Table.from_arrays([*(table[name] for name in worker.kept), *arrays], schema=schema)
        yield from out.combine_chunks().to_batches() or [pyarrow.RecordBatch.from_pylist([], schema=schema)]

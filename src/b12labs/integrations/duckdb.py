"""DuckDB: a relation as a stream of Arrow batches with their interpretation."""

from __future__ import annotations

from typing import Any

import pyarrow

from b12labs.inputs.numbers import Decimal
from b12labs.inputs.options import UnreportedContext
from b12labs.integrations.arrow import arrow_interpreter, batches_of, schema_of
from b12labs.integrations.interpreter import Keep
from b12labs.limits.stratified import DEFAULT_GUIDELINE
from b12labs.tables.rows import Findings

__all__ = ["interpret"]


def interpret(
    relation: Any,
    *,
    guideline: str = DEFAULT_GUIDELINE,
    units: dict[str, str] | None = None,
    columns: dict[str, str] | None = None,
    decimal: Decimal = ".",
    findings: Findings = False,
    unreported_context: UnreportedContext = "absent",
    keep: Keep = True,
    batch_size: int = 100_000,
) -> Any:
    """Return a `pyarrow.RecordBatchReader` over the relation's rows with their interpretation, in batches.

    The options are those of `interpret_frame`; columns and options are checked before the query runs. DuckDB reads the
    result back by its name (`SELECT status, count(*) FROM interpreted GROUP BY ALL`), on another connection or cursor
    than the relation's: an open reader owns its own. A reader is read once.
    """
    schema = relation.limit(0).to_arrow_table().schema
    worker = arrow_interpreter(
        schema,
        guideline=guideline,
        units=units,
        columns=columns,
        decimal=decimal,
        findings=findings,
        unreported_context=unreported_context,
        keep=keep,
    )
    return pyarrow.RecordBatchReader.from_batches(
        schema_of(worker, schema), batches_of(worker, relation.to_arrow_reader(batch_size))
    )

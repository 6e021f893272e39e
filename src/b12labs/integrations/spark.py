"""Spark: a DataFrame with its interpretation, computed by the workers in Arrow batches.

b12labs has to be installed where the workers run. The guideline is read and checked on the driver and travels to the
workers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from pyspark.sql import types

from b12labs.errors import ColumnError
from b12labs.integrations.arrow import arrow_interpreter, batches_of, schema_of
from b12labs.integrations.interpreter import Interpreter, Keep, interpreter
from b12labs.tables.options import TableOptions, takes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["interpret", "interpret_files"]

#: Rows a worker reads of a file at a time: enough that a batch costs little, few enough for a small worker.
ROWS_AT_A_TIME = 100_000


@takes(TableOptions)
def interpret(df: DataFrame, *, keep: Keep = True, **options: Unpack[TableOptions]) -> DataFrame:
    """Return the DataFrame with the interpretation's columns after its own; the options are those of `interpret_frame`.

    `keep` names the own columns that come out (all, unless told): fewer cost less on the way back. Columns and options
    are checked at once, on the driver.
    """
    lists = [field.name for field in df.schema if isinstance(field.dataType, types.ArrayType)]
    structs = [field.name for field in df.schema if isinstance(field.dataType, types.MapType | types.StructType)]
    worker = interpreter(df.columns, lists=lists, structs=structs, keep=keep, **options)
    added = [
        types.StructField(name, types.StringType() if words else types.BooleanType())
        for name, words in worker.added.items()
    ]
    schema = types.StructType([*(df.schema[name] for name in worker.kept), *added])
    return df.mapInArrow(lambda batches: batches_of(worker, batches), schema)


@takes(TableOptions)
def interpret_files(
    spark: SparkSession, paths: Sequence[str], *, keep: Keep = True, **options: Unpack[TableOptions]
) -> DataFrame:
    """Return the interpretation of Parquet files, one task a file, each read by the worker rather than by the JVM.

    Paths (or addresses that pyarrow opens, as `s3://...`) must be readable by driver and workers. The first file says
    what the columns are; a file without one of them, or with another type that does not convert, fails the job by name.
    The options are those of `interpret`.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    given = tuple(str(path) for path in paths)
    if not given:
        raise ColumnError("no file was given", code="no_files", field="paths")
    first = _open(given[0]).schema
    worker = arrow_interpreter(first, keep=keep, **options)
    schema = from_arrow_schema(schema_of(worker, first))

    def interpreted(batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            for place in batch.column(0).to_pylist():
                yield from batches_of(worker, _batches_in(given[place], worker, first))

    # A range has exactly one number in each of its partitions: no shuffle, and one task a file.
    return spark.range(0, len(given), 1, len(given)).mapInArrow(interpreted, schema)


def _open(path: str) -> Any:
    import pyarrow.dataset

    return pyarrow.dataset.dataset(path, format="parquet")


def _batches_in(path: str, worker: Interpreter, first: Any) -> Iterator[Any]:
    """Read what is needed of a file; what comes out again has the type that it has in the first file."""
    import pyarrow

    dataset = _open(path)
    needed = list(dict.fromkeys((*worker.kept, *worker.found.names())))
    for name in needed:
        if name not in dataset.schema.names:
            raise ColumnError(
                f"{path}: there is no column {name!r}, which the first file has", code="unknown_column", field=name
            )
    types_here = [
        (name, first.field(name).type if name in worker.kept else dataset.schema.field(name).type) for name in needed
    ]
    for batch in dataset.to_batches(columns=needed, batch_size=ROWS_AT_A_TIME):
        yield pyarrow.Table.from_batches([batch]).cast(pyarrow.schema(types_here))

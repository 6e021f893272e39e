"""Spark: a DataFrame with its interpretation, computed by the workers in Arrow batches.

The workers must have b12labs installed. The guideline is read and checked on the driver and travels to the
workers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Unpack

from b12labs.errors import checked_option, extra

with extra("spark", "b12labs.integrations.spark"):
    import pyarrow  # noqa: F401  # by which the workers exchange rows
    from pyspark.sql import types

from b12labs.integrations.arrow import batches_of, schema_of
from b12labs.integrations.interpreter import Keep, interpreter
from b12labs.integrations.shards import COUNTS, Shards, batches_in
from b12labs.tables.options import TableOptions, takes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["interpret", "interpret_files"]


@takes(TableOptions)
def interpret(df: DataFrame, *, keep: Keep = True, **options: Unpack[TableOptions]) -> DataFrame:
    """Return the DataFrame with the interpretation's columns after its own; the options are those of `interpret_frame`.

    `keep` names its own columns to return (all by default): fewer columns cost less transfer. Columns and options are
    checked at once, on the driver.
    """
    expected = "a Spark DataFrame (b12labs.interpret_frame reads a table in memory)"
    lazy = hasattr(df, "collect_schema")  # a frame of polars, which warns if its schema is read
    checked_option("df", df, expected, holds=not lazy and isinstance(getattr(df, "schema", None), types.StructType))
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
    spark: SparkSession,
    paths: Sequence[str | PathLike[str]],
    *,
    output: str | PathLike[str] | None = None,
    keep: Keep = True,
    **options: Unpack[TableOptions],
) -> DataFrame:
    """Return the interpretation of Parquet files, one task per file, each read by the worker rather than by the JVM.

    Paths (or addresses that pyarrow opens, such as `s3://...`) must be readable by driver and workers. The first file
    defines the columns. A file without one of them, or with a type that does not convert, fails the job by name. The
    options are those of `interpret`.

    `output` is a folder to which the workers can write. With it they write each file's interpretation there under the
    file's own name, and only counts come back, one row per file: `file`, `output`, `resumed`, `rows`, `problem_rows`,
    and the number of rows by `status`, `urgency`, kind of `problems`, and answer that `holds`. The job is done when
    this returns. If it is interrupted, the same call makes the missing outputs. An output is kept (`resumed`) if it has
    the same input, rules and options. Raises `B12LabsError` if two files have the same name, or if `output` has a file
    of that name that b12labs did not write.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    shards = Shards.of(paths, output=output, keep=keep, **options)
    # A range has exactly one number in each of its partitions: no shuffle, and one task per file.
    numbers = spark.range(0, len(shards.paths), 1, len(shards.paths))
    if output is not None:
        counts = numbers.mapInArrow(lambda batches: _written(shards, batches), _COUNTS)
        return spark.createDataFrame(counts.collect(), _COUNTS)

    def interpreted(batches: Iterable[Any]) -> Iterator[Any]:
        for place in _places(batches):
            yield from batches_of(shards.worker, batches_in(shards.paths[place], shards.worker, shards.first))

    return numbers.mapInArrow(interpreted, from_arrow_schema(schema_of(shards.worker, shards.first)))


def _places(batches: Iterable[Any]) -> Iterator[int]:
    for batch in batches:
        yield from batch.column(0).to_pylist()


def _written(shards: Shards, batches: Iterable[Any]) -> Iterator[Any]:
    import pyarrow
    from pyspark.sql.pandas.types import to_arrow_schema

    schema = to_arrow_schema(_COUNTS)
    for place in _places(batches):
        counts = shards.write(place)
        row = {name: list(cell.items()) if isinstance(cell, dict) else cell for name, cell in counts.items()}
        yield pyarrow.RecordBatch.from_pylist([row], schema=schema)


_TYPES = {
    "string": types.StringType(),
    "bool": types.BooleanType(),
    "int64": types.LongType(),
    "map": types.MapType(types.StringType(), types.LongType()),
}
_COUNTS = types.StructType([types.StructField(name, _TYPES[kind]) for name, kind in COUNTS.items()])

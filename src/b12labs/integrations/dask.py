"""Dask: a DataFrame with its interpretation, partition by partition."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any, Unpack

import pandas

from b12labs.errors import checked_option, extra

with extra("dask", "b12labs.integrations.dask"):
    import pyarrow  # noqa: F401  # by which the workers read and write

from b12labs.integrations.interpreter import Interpreter, Keep, interpreter
from b12labs.integrations.shards import COUNTS, Shards
from b12labs.tables.options import TableOptions, takes
from b12labs.tables.outputs import as_pandas

__all__ = ["interpret", "interpret_files"]


@takes(TableOptions)
def interpret(ddf: Any, *, keep: Keep = True, **options: Unpack[TableOptions]) -> Any:
    """Return the Dask DataFrame with the interpretation's columns after its own (`keep`: all, none, or those named).

    The options are those of `interpret_frame`. Columns and options are checked at once, before anything is computed.
    Words are returned as text, not as categories, because every partition would have its own categories.
    """
    expected = "a Dask DataFrame (b12labs.interpret_frame reads a table in memory)"
    checked_option("ddf", ddf, expected, holds=hasattr(ddf, "map_partitions") and hasattr(ddf, "_meta"))
    worker = interpreter(list(ddf.columns), keep=keep, **options)
    return ddf.map_partitions(_interpreted, worker, meta=_interpreted(ddf._meta, worker))


@takes(TableOptions)
def interpret_files(
    paths: Sequence[str | PathLike[str]],
    *,
    output: str | PathLike[str],
    keep: Keep = True,
    **options: Unpack[TableOptions],
) -> pandas.DataFrame:
    """Interpret Parquet files into a folder, one task per file, and return their counts, one row per file.

    The workers of the current scheduler read, interpret and write. The counts, and the continuation of an interrupted
    job, are as for `b12labs.integrations.spark.interpret_files`. By default Dask's threads are the workers;
    `dask.config.set(scheduler="processes")`, or a cluster, uses more than one core.
    """
    with extra("dask", "b12labs.integrations.dask"):
        from dask.base import compute
        from dask.delayed import delayed

    shards = Shards.of(paths, output=output, keep=keep, **options)
    write = delayed(shards.write)
    rows = compute(*(write(place) for place in range(len(shards.paths))))  # type: ignore[no-untyped-call]  # dask has no types
    return pandas.DataFrame(list(rows), columns=list(COUNTS))


def _interpreted(part: pandas.DataFrame, worker: Interpreter) -> pandas.DataFrame:
    found = worker.columns(lambda name: part[name], len(part))
    ours = {name: pandas.Series(as_pandas(column), index=part.index) for name, column in found.items()}
    text = {name: ours[name].astype("string") if words else ours[name] for name, words in worker.added.items()}
    return pandas.concat([part[list(worker.kept)], pandas.DataFrame(text, index=part.index)], axis=1)

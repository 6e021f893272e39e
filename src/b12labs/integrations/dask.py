"""Dask: a DataFrame with its interpretation, a partition at a time."""

from __future__ import annotations

from typing import Any, Unpack

import pandas

from b12labs.integrations.interpreter import Interpreter, Keep, interpreter
from b12labs.tables.options import TableOptions, takes
from b12labs.tables.outputs import as_pandas

__all__ = ["interpret"]


@takes(TableOptions)
def interpret(ddf: Any, *, keep: Keep = True, **options: Unpack[TableOptions]) -> Any:
    """Return the Dask DataFrame with the interpretation's columns after its own (`keep`: all, none, or those named).

    The options are those of `interpret_frame`. Columns and options are checked at once, before anything is computed.
    Words come out as text, not as categories, because every partition would have categories of its own.
    """
    worker = interpreter(list(ddf.columns), keep=keep, **options)
    return ddf.map_partitions(_interpreted, worker, meta=_interpreted(ddf._meta, worker))


def _interpreted(part: pandas.DataFrame, worker: Interpreter) -> pandas.DataFrame:
    found = worker.columns(lambda name: part[name], len(part))
    ours = {name: pandas.Series(as_pandas(column), index=part.index) for name, column in found.items()}
    text = {name: ours[name].astype("string") if words else ours[name] for name, words in worker.added.items()}
    return pandas.concat([part[list(worker.kept)], pandas.DataFrame(text, index=part.index)], axis=1)

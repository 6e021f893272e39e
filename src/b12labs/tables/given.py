"""Tables as input: pandas, polars or pyarrow is taken unchanged; an error for anything else names the alternative."""

from __future__ import annotations

from typing import Any

from b12labs.errors import ColumnError

__all__ = ["headers_of", "index_columns", "table_of"]

_FILE = "for a file, use b12labs.files.interpret_file(path) or pandas.read_csv(path)"
#: Objects that are not tables in memory, by library and type, and the alternative for each.
_INSTEAD = {
    ("polars", "LazyFrame"): "b12labs.integrations.polars.interpret reads it lazily, or give frame.collect()",
    ("dask", "DataFrame"): "b12labs.integrations.dask.interpret reads it part by part",
    ("pyspark", "DataFrame"): "b12labs.integrations.spark.interpret reads it part by part",
    ("duckdb", "DuckDBPyRelation"): "b12labs.integrations.duckdb.interpret reads it, or give relation.arrow()",
    ("_duckdb", "DuckDBPyRelation"): "b12labs.integrations.duckdb.interpret reads it, or give relation.arrow()",
    ("pyarrow", "RecordBatch"): "give pyarrow.Table.from_batches([batch])",
    ("pandas", "Series"): "give series.to_frame(), or series.to_frame().T for one row",
    ("polars", "Series"): "give series.to_frame()",
    ("builtins", "dict"): "give pandas.DataFrame(data), or interpret(**data) for one patient",
    ("builtins", "list"): "give pandas.DataFrame(data)",
    ("builtins", "str"): _FILE,
    ("builtins", "generator"): "give pandas.DataFrame(list(data))",
    ("numpy", "ndarray"): "give pandas.DataFrame(data, columns=['b12 [pg/mL]', ...])",
    ("builtins", "NoneType"): "with inplace=True, a pandas method returns None",
    ("b12labs", "Panel"): "interpret(panel) reads one patient",
}


def table_of(frame: Any) -> Any:
    """Return a table unchanged, but with named levels of its index as columns.

    Raises `ColumnError` for anything else, with a way to make a table of it.
    """
    import narwhals as nw

    kind = type(frame)
    known = (kind.__module__.partition(".")[0], kind.__name__)
    if hasattr(frame, "iloc") and hasattr(frame, "columns") and known not in _INSTEAD:
        if getattr(frame.columns, "nlevels", 1) > 1:
            raise ColumnError(
                f"expected columns with one level, got {frame.columns.nlevels}, such as {frame.columns[0]!r}. "
                "Join them: frame.columns = [f'{name} [{unit}]' for name, unit in frame.columns]",
                code="not_a_table",
            )
        names = index_columns(frame)
        return frame.assign(**{name: frame.index.get_level_values(name) for name in names}) if names else frame
    instead = _FILE if hasattr(frame, "__fspath__") else _INSTEAD.get(known)
    expected = f"expected a pandas or polars DataFrame or a pyarrow Table, got {kind.__name__}"
    if instead is not None:
        raise ColumnError(f"{expected}; {instead}", code="not_a_table")
    try:
        nw.from_native(frame, eager_only=True)
    except TypeError:
        raise ColumnError(expected, code="not_a_table") from None
    return frame


def index_columns(frame: Any) -> list[str]:
    """Return the names of pandas index levels that are not columns, such as age and sex after a pivot."""
    index = getattr(frame, "index", None)
    return [name for name in getattr(index, "names", ()) if isinstance(name, str) and name not in frame.columns]


def headers_of(frame: Any) -> list[str]:
    """Return the names of a table's columns.

    Those of pandas are read directly: narwhals refuses a table with a repeated column, and does not name it.
    """
    import narwhals as nw

    frame = table_of(frame)
    return list(frame.columns) if hasattr(frame, "iloc") else nw.from_native(frame, eager_only=True).columns

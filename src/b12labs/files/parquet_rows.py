"""Read Parquet files in batches of rows, with pyarrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from b12labs.errors import ColumnError, extra

__all__ = ["is_parquet", "parquet_batches", "parquet_metadata", "parquet_schema"]

BATCH = 65_536


def is_parquet(path: Path) -> bool:
    """Return whether a file is Parquet by the ending of its name."""
    return path.name.lower().endswith((".parquet", ".pq"))


def needs_pyarrow(path: Path) -> Any:
    """Return `pyarrow.parquet`. Raises `MissingExtraError` if it is not installed."""
    with extra("fast", f"{path}: Parquet", code="needs_pyarrow"):
        import pyarrow.parquet
    return pyarrow.parquet


def _open(path: Path) -> Any:
    parquet = needs_pyarrow(path)
    import pyarrow

    try:
        return parquet.ParquetFile(path)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError) as error:
        raise ColumnError(f"{path}: not readable as Parquet; {error}", code="unreadable_file") from None


def parquet_schema(path: Path) -> list[tuple[str, str]]:
    """Return a file's columns with their types."""
    with _open(path) as file:
        return [(column.name, str(column.type)) for column in file.schema_arrow]


def parquet_metadata(path: Path) -> dict[bytes, bytes]:
    """Return a file's metadata."""
    with _open(path) as file:
        return dict(file.metadata.metadata or {})


def parquet_batches(path: Path, names: list[str] | None, seen: Callable[[int], None]) -> Iterator[Any]:
    """Read a file's rows as Arrow tables; `seen` is called with their share of its bytes."""
    import pyarrow

    with _open(path) as file:
        schema = file.schema_arrow
        if names is not None:
            schema = pyarrow.schema([schema.field(name) for name in names])
        size, rows, done = path.stat().st_size, file.metadata.num_rows, 0
        yield schema.empty_table()
        try:
            for batch in file.iter_batches(batch_size=BATCH, columns=names):
                done += batch.num_rows
                seen(size * done // max(rows, 1))
                yield pyarrow.Table.from_batches([batch], schema)
        except (pyarrow.ArrowInvalid, OSError) as error:
            raise ColumnError(
                f"{path}: not readable as Parquet after row {done}; {error}", code="unreadable_file"
            ) from None

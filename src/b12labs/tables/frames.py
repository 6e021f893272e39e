"""interpret_frame(): a table in, the same type of table out."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Unpack

import numpy as np

from b12labs.errors import ColumnWarning, checked_word, extra, warn_user
from b12labs.inputs.several import by_unit
from b12labs.inputs.units import is_unit_of
from b12labs.site_mapping.headers import Headers, recognize, warn_of_doubtful
from b12labs.tables.cohort import Cohort
from b12labs.tables.given import headers_of, table_of
from b12labs.tables.options import CheckedOptions, TableOptions, checked_options, takes
from b12labs.tables.outputs import Column, TruthsDtype, Words, as_arrow, as_pandas
from b12labs.tables.reading import read_cohort
from b12labs.tables.rows import interpret_cohort
from b12labs.text import is_missing

__all__ = [
    "as_table",
    "cells_of",
    "interpret_frame",
    "read_columns",
    "read_frame",
    "table_like",
    "warn_of_unit_row",
]

_LETTER = re.compile(r"[^\W\d]|%")


@takes(TableOptions)
def interpret_frame(frame: Any, *, findings_dtype: TruthsDtype = "boolean", **options: Unpack[TableOptions]) -> Any:
    """Interpret a table with one row per draw.

    Parameters
    ----------
    frame
        A pandas or polars DataFrame or a pyarrow Table. Columns are recognized by name, synonym or LOINC code. The
        unit is in the header, in a column of its own (`b12_unit`), in the value, or in `units`.
    guideline
        The key of a guideline.
    units
        The unit of an analyte whose header and values have none.
    columns
        The meaning of columns whose names are not known: `{"LBXB12": "b12"}`.
    decimal
        `","` if values are written with a decimal comma.
    mapping
        A site's own names, columns, units and codes, or the path of its file (docs/tables.md). The other options
        override it.
    findings
        True for a column of every finding, or the codes of some.
    findings_dtype
        The pandas type of truths: its own `"boolean"`, or `"bool[pyarrow]"`, which takes an eighth of the memory and is
        faster. The other libraries always hold truths as bits.
    unreported_context
        Whether context that is not mentioned is taken as absent, or as unknown.
    certainty
        True for two more columns. `robust` is whether the status would be the same at another draw; it is missing when
        the status is undecided, or depends on a marker with no published variation, such as holoTC. `repeat` names the
        results to measure again when it might not be. A dictionary of your own CVs, in percent by analyte, overrides
        the published ones. An analyte with no known CV, such as holoTC, is taken as exact, and so is a laboratory flag
        without a number.

    Returns the same type of table with `OUTPUT_COLUMNS`, row for row with the input (and its index, in pandas): words
    for verdicts (categorical in pandas), True, False or missing for truths, `; ` between next tests and between
    problems. A cell that cannot be read is a problem of its row and is treated as not measured. `print(audit(frame))`
    lists the columns that are used, and their meaning. Raises `ColumnError` and `GuidelineError`.

    """
    checked = checked_options(**options)
    checked_word("findings_dtype", findings_dtype, TruthsDtype)
    if findings_dtype == "bool[pyarrow]":
        with extra("fast", "findings_dtype: bool[pyarrow]", code="needs_pyarrow"):
            import pyarrow  # noqa: F401  # pandas needs it for this type
    outcome = interpret_cohort(read_frame(frame, checked), checked)
    return as_table(outcome.columns, frame, truths=findings_dtype)


def read_frame(frame: Any, options: CheckedOptions) -> Cohort:
    """Read a table as `interpret_frame` does, for one guideline's limits. Raises `ColumnError`."""
    return read_columns(frame, options)[1]


def read_columns(frame: Any, options: CheckedOptions) -> tuple[Headers, Cohort]:
    """Read a table, and return its recognized columns and its cohort. Raises `ColumnError`."""
    headers = recognize(headers_of(frame), mapping=options.columns, units=options.units, site=options.site)
    warn_of_doubtful(headers)
    table, cells = cells_of(frame)
    warn_of_unit_row(headers, cells)
    return headers, read_cohort(cells, len(table), headers, options.limits, decimal=options.decimal)


def cells_of(frame: Any) -> tuple[Any, Callable[[str], Any]]:
    """Return a table as a narwhals DataFrame, and a function that returns a column's cells by its name."""
    import narwhals as nw

    table = nw.from_native(table_of(frame), eager_only=True)
    return table, lambda name: _cells(table[name].to_native())


def _cells(column: Any) -> Any:
    """Return a column's cells as a numpy, pandas or Arrow array."""
    if not hasattr(column, "to_arrow"):
        return column
    if str(column.dtype) in ("Object", "Int128", "UInt128"):  # Arrow has no such type
        cells = np.empty(len(column), dtype=object)
        cells[:] = column.to_list()
        return cells
    return column.to_arrow()


def warn_of_unit_row(found: Headers, cells: Callable[[str], Any]) -> None:
    """Warn if the first row holds the units of the columns instead of results (`ColumnWarning`)."""
    firsts = {key: next(iter(cells(column.value)), None) for key, column in found.analytes.items()}
    texts = {key: str(cell).strip("[]() ") for key, cell in firsts.items() if not is_missing(cell)}
    units = {key: text for key, text in texts.items() if _LETTER.search(text) and is_unit_of(by_unit(key, text), text)}
    if units:
        said = f"Leave it out, as with frame[1:], and pass its units: units={units!r}"
        warn_user(f"The first row holds units instead of results. {said}", ColumnWarning)


def table_like(frame: Any, columns: dict[str, list[Any]]) -> Any:
    """Return lists as a table of the input's type: whole numbers in `row`, texts in the others."""
    import narwhals as nw

    schema = {name: nw.Int64() if name == "row" else nw.String() for name in columns}
    backend = nw.from_native(table_of(frame), eager_only=True).implementation
    return nw.from_dict(columns, schema=schema, backend=backend).to_native()


def as_table(
    columns: dict[str, Column], frame: Any, before: dict[str, Any] | None = None, *, truths: TruthsDtype = "boolean"
) -> Any:
    """Return the columns as a table of the input's type, row for row with it, or after the series of `before`."""
    import narwhals as nw

    before = before or {}
    implementation = nw.from_native(frame, eager_only=True).implementation
    if implementation.is_pandas():
        import pandas

        index = None if before else frame.index
        own = {name: series.to_native().array for name, series in before.items()}
        return pandas.DataFrame(
            own | {name: as_pandas(column, truths) for name, column in columns.items()}, index=index, copy=False
        )
    if find_spec("pyarrow") is not None:
        import pyarrow

        arrays = {name: as_arrow(column) for name, column in columns.items()}
        texts = {
            name: array.dictionary_decode() if isinstance(columns[name], Words) else array
            for name, array in arrays.items()
        }
        table = nw.from_arrow(pyarrow.table(texts), backend=implementation)
        return (
            table.select(*before.values(), *(nw.col(name) for name in texts)).to_native()
            if before
            else table.to_native()
        )
    data: dict[str, list[Any]] = {}
    for name, column in columns.items():
        cells = (
            column.objects()
            if isinstance(column, Words)
            else np.array([False, True, None])[np.where(column.unknown, 2, column.holds)]
        )
        data[name] = cells.tolist()
    schema = {name: nw.String() if isinstance(column, Words) else nw.Boolean() for name, column in columns.items()}
    table = nw.from_dict(data, schema=schema, backend=implementation)
    return _behind(before, table)


def _behind(before: dict[str, Any], table: Any) -> Any:
    """Return a table with some series before its columns, as the library's own type."""
    whole = table.with_columns(*(series.alias(name) for name, series in before.items())) if before else table
    return whole.select(*before, *table.columns).to_native()

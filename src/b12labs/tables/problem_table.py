"""problems_of(): every problem of a table with its cell."""

from __future__ import annotations

from typing import Any, Unpack

from b12labs.tables.frames import cells_of, read_columns, table_like
from b12labs.tables.options import TableOptions, checked_options, takes
from b12labs.tables.rows import interpret_cohort
from b12labs.text import cell_text, is_missing

__all__ = ["problems_of"]

_NAMES = ("row", "column", "field", "code", "value", "message")


@takes(TableOptions)
def problems_of(frame: Any, **options: Unpack[TableOptions]) -> Any:
    """List every problem of a table with its cell; `interpret_frame` gives only its kind.

    `frame` and the options are those of `interpret_frame`. Returns the same type of table, by row, with `row` (from 0),
    `column`, `field`, `code`, `value` (the cell as text) and `message`. `column` is blank if the problem concerns
    several. The table is patient data, like its input. For the problems of a long table, see
    `to_draws(...).problem_rows()`.

    >>> import pandas as pd
    >>> from b12labs import problems_of
    >>> problems_of(pd.DataFrame({"B12 [pg/mL]": ["145", "14,5"]}))[["row", "column", "value"]].values.tolist()
    [[1, 'B12 [pg/mL]', '14,5']]

    """
    checked = checked_options(**options)
    headers, cohort = read_columns(frame, checked)
    found = interpret_cohort(cohort, checked).problems.found
    columns = headers.by_field()
    lines = {
        (row, columns.get(problem.field, ""), problem.field, problem.code, problem.message)
        for problem, rows in found
        for row in rows.tolist()
    }
    table, _ = cells_of(frame)
    held = {name: table[name].to_list() for name in {column for _, column, *_ in lines} if name}
    told: dict[str, list[Any]] = {name: [] for name in _NAMES}
    for row, column, field, code, message in sorted(lines):
        cell = held[column][row] if column else None
        value = "" if is_missing(cell) else cell_text(cell)
        for name, part in zip(_NAMES, (row, column, field, code, value, message), strict=True):
            told[name].append(part)
    return table_like(frame, told)

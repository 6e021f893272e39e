"""Read spreadsheets (.xlsx, .xls, .xlsb, .ods) as rows of text, with the package python-calamine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from b12labs.errors import ColumnError, did_you_mean, extra
from b12labs.files.layout import Layout, layout_of_rows

__all__ = ["SHEET_ENDINGS", "is_sheet", "sheet_batches", "sheet_layout"]

SHEET_ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def is_sheet(path: Path) -> bool:
    """Return whether a file is a spreadsheet by the ending of its name."""
    return path.name.lower().endswith(SHEET_ENDINGS)


def sheet_layout(path: Path, sheet: str | None = None) -> Layout:
    """Return the layout of a sheet: its columns, and the number of rows before its first row of results."""
    rows = _rows(path, sheet)
    if not rows:
        raise ColumnError(f"{path}: expected a header row and rows, got an empty sheet", code="empty_file")
    return layout_of_rows(rows)


def sheet_batches(path: Path, sheet: str | None, layout: Layout, names: list[str] | None) -> Iterator[Any]:
    """Read a sheet as one table of text; `names` selects columns."""
    import pandas

    columns = list(layout.columns)
    rows = _rows(path, sheet)[layout.before :]
    for number, row in enumerate(rows, 1):
        if any(row[len(columns) :]):
            raise ColumnError(
                f"{path}: row {number}: a cell is to the right of the header's last column", code="unreadable_file"
            )
    whole = pandas.DataFrame(
        [[*row, *[""] * len(columns)][: len(columns)] for row in rows], columns=columns, dtype=object
    )
    table = whole if names is None else whole[names]
    try:
        import pyarrow
    except ImportError:
        yield table
    else:
        schema = pyarrow.schema([(name, pyarrow.string()) for name in table.columns])
        yield pyarrow.Table.from_pandas(table, schema=schema, preserve_index=False)


def _rows(path: Path, sheet: str | None) -> list[list[str]]:
    """Return the rows of one sheet that are not empty. Raises `ColumnError` if several sheets have rows."""
    otherwise = "; or save the sheet as CSV in UTF-8, and use that file"
    with extra("excel", f"{path}: a spreadsheet", code="needs_calamine", otherwise=otherwise):
        import python_calamine as calamine
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        held = {name: _texts(book.get_sheet_by_name(name)) for name in book.sheet_names if sheet in (None, name)}
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise ColumnError(f"{path}: not readable as a spreadsheet; {error}", code="unreadable_file") from None
    if sheet is not None and not held:
        raise ColumnError(
            f"{path}: there is no sheet {sheet!r}{did_you_mean(sheet, book.sheet_names)}",
            code="unknown_sheet",
            field=sheet,
        )
    filled = {name: rows for name, rows in held.items() if rows}
    if len(filled) > 1:
        raise ColumnError(
            f"{path}: expected one sheet with rows, got {', '.join(map(repr, filled))}. Name one with --sheet "
            f"(sheet= in Python)",
            code="several_sheets",
        )
    return next(iter(filled.values()), [])


def _texts(sheet: Any) -> list[list[str]]:
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    return [row for row in rows if any(row)]


def _text(cell: Any) -> str:
    """Return a cell as it would be printed: a whole number without `.0`, a date in ISO 8601."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep="T")
    return str(cell).strip()

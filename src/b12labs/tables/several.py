"""Columns of one analyte read row by row: the one that is filled, and two that are filled only if they agree.

A laboratory changes its unit, or a survey its variable, and a table of several years then has two columns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from b12labs.inputs.measurement import Measurement
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.several import read_result
from b12labs.tables.cells import AnalyteData, Problems, taken
from b12labs.tables.encoding import codes_of, combined
from b12labs.tables.headers import AnalyteColumns, result_of
from b12labs.tables.texts import Texts

__all__ = ["read_several"]


def read_several(
    key: str, columns: list[AnalyteColumns], cells: Callable[[str], Any], decimal: Decimal, problems: Problems
) -> AnalyteData:
    """Read the columns of one analyte; every distinct combination of their cells is read once."""
    headers = [header for column in columns for header in (column.value, *column.beside.values())]
    place, cells_at = combined([codes_of(cells(header)) for header in headers])

    def read(code: int) -> Measurement | None:
        row = dict(zip(headers, cells_at(code), strict=True))
        return read_result(key, [result_of(column, row) for column in columns], decimal=decimal)

    codes, places = codes_of(place)
    return taken(codes, dict(enumerate(places)), read, problems, Texts.unread(len(places)))

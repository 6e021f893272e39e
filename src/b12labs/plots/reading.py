"""Read and interpret a table for a plot, like `interpret_frame`, but keep the intervals of the results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from b12labs.errors import ColumnError
from b12labs.limits.stratified import Limits
from b12labs.site_mapping.headers import not_there
from b12labs.tables.cohort import Cohort
from b12labs.tables.frames import read_frame
from b12labs.tables.options import ReadingOptions, checked_options
from b12labs.tables.rows import CohortOutcome, interpret_cohort

__all__ = ["ReadTable", "column_of", "read_table"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ReadTable:
    """The rows of a table as intervals in canonical units, and their interpretation by one guideline."""

    cohort: Cohort
    limits: Limits
    outcome: CohortOutcome

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.cohort.rows

    def interval(self, key: str) -> tuple[Floats, Floats]:
        """Return both ends of an analyte's results in its canonical unit, 0 and inf if there is none."""
        data = self.cohort.results.get(key)
        if data is None:
            return np.zeros(self.rows), np.full(self.rows, np.inf)
        low, high = data.interval()
        return low, high

    def words(self, name: str) -> npt.NDArray[Any]:
        """Return a column of words, such as `status`, None in rows without one."""
        return self.outcome.words(name).objects()

    def strata(self) -> npt.NDArray[np.int64]:
        """Return the number of every row's stratum in the guideline."""
        return np.broadcast_to(np.asarray(self.cohort.stratum), (self.rows,))


def read_table(table: Any, guideline: str, **reading: Unpack[ReadingOptions]) -> ReadTable:
    """Return a table, read and interpreted.

    Raises `ColumnError` and `GuidelineError` like `interpret_frame`, and `ColumnError` for a table without rows.
    """
    options = checked_options(guideline=guideline, **reading)
    cohort = read_frame(table, options)
    if not cohort.rows:
        raise ColumnError("table: expected rows to draw, got none", code="no_rows")
    return ReadTable(cohort, options.limits, interpret_cohort(cohort, options))


def column_of(table: Any, name: str, option: str) -> list[Any]:
    """Return the cells of a column that the caller named. Raises `ColumnError` if it does not exist."""
    import narwhals as nw

    read = nw.from_native(table, eager_only=True)
    if name not in read.columns:
        raise ColumnError(f"{option}: {not_there(name, read.columns)}", code="unknown_column", field=option)
    cells: list[Any] = read[name].to_list()
    return cells

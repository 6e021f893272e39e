"""A table read for a picture: by the reading and the rules of `interpret_frame`, with the intervals kept."""

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
    """The rows of a table as intervals in canonical units, and what the rules say of them by one guideline."""

    cohort: Cohort
    limits: Limits
    outcome: CohortOutcome

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.cohort.rows

    def interval(self, key: str) -> tuple[Floats, Floats]:
        """Return both ends of an analyte's results in its canonical unit; [0, inf) where there is none."""
        data = self.cohort.results.get(key)
        if data is None:
            return np.zeros(self.rows), np.full(self.rows, np.inf)
        low, high = data.interval()
        return low, high

    def words(self, name: str) -> npt.NDArray[Any]:
        """Return a column of words, such as `status`, None where there is none."""
        return self.outcome.words(name).objects()

    def strata(self) -> npt.NDArray[np.int64]:
        """Return every row's kind of patient, by its number among the guideline's strata."""
        return np.broadcast_to(np.asarray(self.cohort.stratum), (self.rows,))


def read_table(table: Any, guideline: str, **reading: Unpack[ReadingOptions]) -> ReadTable:
    """Read and interpret a table.

    Raises `ColumnError` and `GuidelineError` as `interpret_frame` does, and for a table without rows.
    """
    options = checked_options(guideline=guideline, **reading)
    cohort = read_frame(table, options)
    if not cohort.rows:
        raise ColumnError("the table has no rows, and nothing can be drawn", code="no_rows")
    return ReadTable(cohort, options.limits, interpret_cohort(cohort, options))


def column_of(table: Any, name: str, option: str) -> list[Any]:
    """Return the cells of a column that a caller named. Raises `ColumnError` where there is none of that name."""
    import narwhals as nw

    read = nw.from_native(table, eager_only=True)
    if name not in read.columns:
        raise ColumnError(f"{option}: {not_there(name, read.columns)}", code="unknown_column", field=option)
    cells: list[Any] = read[name].to_list()
    return cells

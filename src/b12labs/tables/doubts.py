"""Settle numbers that may be in another unit: in some rows another result confirms the stated unit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from b12labs.inputs.doubts import is_confirmed
from b12labs.inputs.panel import doubtful_unit
from b12labs.reference import analytes
from b12labs.tables.cells import AnalyteData, NumberData, Problems
from b12labs.tables.encoding import Ints, rows_by_code

__all__ = ["settle"]


def settle(results: dict[str, AnalyteData | NumberData], problems: Problems) -> None:
    """Take a doubtful number literally if another result of the row confirms it; the others become problems."""
    for key, data in results.items():
        if isinstance(data, NumberData) or not data.doubtful:
            continue
        where = np.flatnonzero(np.isin(data.codes, list(data.doubtful)))
        confirmed = _confirmed(key, data, where, results)
        codes, of_code = data.codes[where], rows_by_code(data.codes[where], len(data.low))
        for code, result in data.doubtful.items():
            here = of_code(code)
            problems.add(doubtful_unit(result), where[here[~confirmed[here]]])
        for code in np.unique(codes[confirmed]).tolist():
            _take_as_it_stands(data, code, where[confirmed & (codes == code)])


def _confirmed(
    key: str, data: AnalyteData, where: Ints, results: dict[str, AnalyteData | NumberData]
) -> npt.NDArray[np.bool_]:
    """Return which of the rows `where` have another result that confirms the number literally."""
    doubt = analytes()[key].doubt
    beside = results.get(doubt.confirmed_by.analyte) if doubt and doubt.confirmed_by else None
    if beside is None:
        return np.zeros(len(where), dtype=bool)
    ends = np.full((4, len(data.low)), np.nan)
    for code, result in data.doubtful.items():
        assert result.readings is not None
        ends[:, code] = *result.readings[0], *result.readings[1]
    stated_low, stated_high, other_low, other_high = ends[:, data.codes[where]]
    low, high = beside.interval()
    found: npt.NDArray[np.bool_] = is_confirmed(
        analytes()[key], (stated_low, stated_high), (other_low, other_high), (low[where], high[where])
    )
    return found


def _take_as_it_stands(data: AnalyteData, code: int, rows: Ints) -> None:
    """Give some rows a new code, for the number as stated."""
    stated = data.doubtful[code].as_it_stands()
    assert data.unverified is not None
    data.codes = data.codes.copy()
    data.codes[rows] = len(data.low)
    data.low, data.high = np.append(data.low, stated.low), np.append(data.high, stated.high)
    data.measured, data.unverified = np.append(data.measured, True), np.append(data.unverified, False)
    for name in ("flag", "substance", "reference_low", "reference_high"):
        said = getattr(data, name)
        if isinstance(said, np.ndarray):
            setattr(data, name, np.append(said, said[code]))

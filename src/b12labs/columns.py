"""A table's columns read into intervals: every cell is read or reported, none both, none dropped.

Text is parsed once per distinct cell, by the parser that reads one patient's values; numbers are converted by a factor.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from b12labs.errors import B12LabsError
from b12labs.measurement import Decimal, Measurement, is_missing, measure
from b12labs.panel import Problem
from b12labs.patient import FLAG_PLACES

__all__ = ["AnalyteData", "Problems", "codes_of", "read_analyte", "read_distinct"]

T = TypeVar("T")
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
INF = math.inf


class Problems:
    """The problems of a table: each kind once, with the rows that have it."""

    def __init__(self) -> None:
        self.found: list[tuple[Problem, Ints]] = []

    def add(self, problem: Problem, rows: Ints) -> None:
        """Note a problem for rows, given by number."""
        if len(rows):
            self.found.append((problem, rows))

    def add_error(self, error: B12LabsError, rows: Ints) -> None:
        """Note an error as a problem for rows."""
        self.add(Problem(error.code, error.field or "", error.message), rows)


@dataclass
class AnalyteData:
    """One analyte over all rows: bounds in the canonical unit, and what the laboratory said, where it said it."""

    low: Floats
    high: Floats
    flag: Any = 0
    substance: Any = False
    reference_low: Floats | None = None
    reference_high: Floats | None = None


def codes_of(cells: Any) -> tuple[Ints, list[Any]]:
    """Return a code for every cell and the distinct cells."""
    import pandas

    codes, distinct = pandas.factorize(np.asarray(cells, dtype=object), use_na_sentinel=False)
    return codes.astype(np.int64), list(distinct)


def rows_by_code(codes: Ints, count: int) -> Callable[[int], Ints]:
    """Return a function from code to row numbers, sorting at most once."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(count + 1))
    return lambda code: order[starts[code] : starts[code + 1]]


def read_distinct(cells: Any, read: Callable[[Any], T | None], problems: Problems) -> tuple[Ints, list[T | None]]:
    """Read every distinct cell once; one that cannot be read is None, and a problem of its rows."""
    codes, distinct = codes_of(cells)
    values: list[T | None] = []
    errors: list[tuple[int, B12LabsError]] = []
    for code, cell in enumerate(distinct):
        try:
            values.append(read(None if is_missing(cell) else cell))
        except B12LabsError as error:
            values.append(None)
            errors.append((code, error))
    if errors:
        rows = rows_by_code(codes, len(distinct))
        for code, refused in errors:
            problems.add_error(refused, rows(code))
    return codes, values


def read_analyte(key: str, cells: Any, *, unit: str | None, decimal: Decimal, beside: dict[str, Any], problems: Problems) -> AnalyteData:
    """Read one analyte's column; `beside` holds the cells of its unit, flag and interval columns, where there are any."""
    numeric = np.asarray(cells)
    if not beside and numeric.dtype.kind in "fiu":
        return _read_numbers(key, numeric.astype(np.float64), unit, problems)
    return _read_cells(key, cells, unit, decimal, beside, problems)


def _read_numbers(key: str, numbers: Floats, unit: str | None, problems: Problems) -> AnalyteData:
    """Read a column of numbers in one unit; the few that are not plausible are put to the one parser for their problem."""
    missing = np.isnan(numbers)
    if missing.all():
        return AnalyteData(np.zeros(len(numbers)), np.full(len(numbers), INF))
    low, high = np.where(missing, 0.0, numbers), np.where(missing, INF, numbers)
    substance = False
    try:
        probe = _reference_reading(key, unit)
        low *= probe.factor
        high *= probe.factor
        substance = probe.substance
        doubtful = ~missing & ~((low >= probe.low) & (low <= probe.high))
    except B12LabsError:
        doubtful = ~missing
    if doubtful.any():
        rows = np.flatnonzero(doubtful)
        codes, _ = read_distinct(numbers[rows], lambda cell: measure(key, cell, unit=unit), collected := Problems())
        assert len(codes) == len(rows)
        for problem, places in collected.found:
            problems.add(problem, rows[places])
        low[rows], high[rows] = 0.0, INF
    return AnalyteData(low, high, substance=substance)


@dataclass(frozen=True)
class _Reading:
    factor: float
    low: float
    high: float
    substance: bool


def _reference_reading(key: str, unit: str | None) -> _Reading:
    from b12labs.reference import analytes
    from b12labs.units import factor, find_unit, is_substance

    analyte = analytes()[key]
    found = find_unit(analyte, unit or "")
    return _Reading(factor(key, found.ucum), analyte.plausible.low, analyte.plausible.high, is_substance(found))


def _read_cells(key: str, cells: Any, unit: str | None, decimal: Decimal, beside: dict[str, Any], problems: Problems) -> AnalyteData:
    names = list(beside)
    if names:
        columns = [np.asarray(cells, dtype=object), *(np.asarray(beside[name], dtype=object) for name in names)]
        combined = np.empty(len(columns[0]), dtype=object)
        combined[:] = list(zip(*(_hashable(column) for column in columns), strict=True))

        def read(cell: Any) -> Measurement | None:
            value, *rest = cell
            given = {name: (None if _is_blank(part) else part) for name, part in zip(names, rest, strict=True)}
            own_unit = str(given.pop("unit")) if given.get("unit") is not None else None
            given.pop("unit", None)
            said = {name: part for name, part in given.items() if part is not None}
            return measure(key, {"value": None if is_missing(value) else value, "unit": own_unit or unit, **said}, decimal=decimal)

        codes, values = read_distinct(combined, read, problems)
    else:
        codes, values = read_distinct(cells, lambda cell: measure(key, cell, unit=unit, decimal=decimal), problems)
    return _taken(codes, values)


def _hashable(column: Any) -> list[Hashable]:
    return [None if is_missing(cell) else cell for cell in column]


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _taken(codes: Ints, values: list[Measurement | None]) -> AnalyteData:
    empty = Measurement("")
    known = [value or empty for value in values]

    def take(get: Callable[[Measurement], float]) -> Floats:
        return np.array([get(value) for value in known], dtype=np.float64)[codes]

    def ends(get: Callable[[Measurement], float | None]) -> Floats | None:
        found = [get(value) for value in known]
        if all(end is None for end in found):
            return None
        return np.array([np.nan if end is None else end for end in found])[codes]

    flags = [FLAG_PLACES[value.flag] for value in known]
    kinds = {value.substance for value in known if value.unit}
    return AnalyteData(
        take(lambda value: value.low),
        take(lambda value: value.high),
        np.array(flags, dtype=np.int8)[codes] if any(flags) else 0,
        np.array([value.substance for value in known])[codes] if len(kinds) > 1 else True in kinds,
        ends(lambda value: value.reference_low),
        ends(lambda value: value.reference_high),
    )

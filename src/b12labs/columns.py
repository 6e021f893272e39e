"""A table's columns read into intervals: every cell is read or reported, none both, none dropped.

Text is parsed once per distinct cell, by the parser that reads one patient's values; numbers are converted by a factor.
"""

from __future__ import annotations

import math
from collections.abc import Callable
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
    """Return a code for every cell and the distinct cells, None where a cell is missing.

    Cells are a numpy array, a pandas array or Series, or an Arrow array; each is encoded as it is held.
    """
    import pandas

    if hasattr(cells, "dictionary_encode"):
        return _codes_of_arrow(cells)
    values = getattr(cells, "array", cells)
    try:
        codes, distinct = pandas.factorize(values)
    except (TypeError, NotImplementedError):  # lists and other cells that cannot be compared
        return np.arange(len(values), dtype=np.int64), list(values)
    found: list[Any] = list(distinct) if not hasattr(distinct, "tolist") else distinct.tolist()
    if values.dtype.kind == "O" and not all(isinstance(cell, str) for cell in found):
        codes, found = _codes_by_kind(values, codes)
    if len(codes) and codes.min() < 0:
        codes = np.where(codes < 0, len(found), codes)
        found.append(None)
    return codes.astype(np.int64, copy=False), found


def _codes_by_kind(values: Any, codes: Ints) -> tuple[Ints, list[Any]]:
    """Return codes of their own for equal cells of several kinds: `True` is no result, and equals 1."""
    import pandas

    kinds, known = pandas.factorize(np.array([type(cell).__name__ for cell in values], dtype=object))
    both, pairs = pandas.factorize(np.where(codes < 0, -1, codes * len(known) + kinds))
    firsts = np.unique(both, return_index=True)[1]
    found = [values[place] if codes[place] >= 0 else None for place in firsts.tolist()]
    assert len(found) == len(pairs)
    return both, found


def _codes_of_arrow(cells: Any) -> tuple[Ints, list[Any]]:
    """Return the codes of an Arrow array, plain or already dictionary-encoded."""
    import pyarrow

    whole = cells.combine_chunks() if isinstance(cells, pyarrow.ChunkedArray) else cells
    if isinstance(whole, pyarrow.ChunkedArray):
        whole = whole.unify_dictionaries().chunk(0) if whole.num_chunks else pyarrow.array([], whole.type)
    try:
        encoded = whole if isinstance(whole, pyarrow.DictionaryArray) else whole.dictionary_encode()
    except NotImplementedError:  # lists and structures
        return np.arange(len(whole), dtype=np.int64), whole.to_pylist()
    found = encoded.dictionary.to_pylist()
    codes = encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return codes, [*found, None] if encoded.null_count else found


def rows_by_code(codes: Ints, count: int) -> Callable[[int], Ints]:
    """Return a function from code to row numbers, sorting at most once."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(count + 1))
    return lambda code: order[starts[code] : starts[code + 1]]


def read_distinct(cells: Any, read: Callable[[Any], T | None], problems: Problems, unreadable: T | None = None) -> tuple[Ints, list[T | None]]:
    """Read every distinct cell once; one that cannot be read is a problem of its rows, and what its error kept, or `unreadable`."""
    codes, distinct = codes_of(cells)
    values: list[T | None] = []
    errors: list[tuple[int, B12LabsError]] = []
    for code, cell in enumerate(distinct):
        try:
            values.append(read(None if is_missing(cell) else cell))
        except B12LabsError as error:
            values.append(getattr(error, "kept", None) or unreadable)
            errors.append((code, error))
    if errors:
        rows = rows_by_code(codes, len(distinct))
        for code, refused in errors:
            problems.add_error(refused, rows(code))
    return codes, values


def read_analyte(key: str, cells: Any, *, unit: str | None, decimal: Decimal, beside: dict[str, Any], problems: Problems) -> AnalyteData:
    """Read one analyte's column; `beside` holds the cells of its unit, flag and interval columns, where there are any."""
    numbers = None if beside else as_numbers(cells)
    if numbers is not None:
        return _read_numbers(key, numbers, unit, problems)
    return _read_cells(key, cells, unit, decimal, beside, problems)


def as_numbers(cells: Any) -> Floats | None:
    """Return a column of numbers as floats, NaN where missing; None where it holds anything else, truths included."""
    if hasattr(cells, "dictionary_encode"):
        import pyarrow

        kind = cells.type
        if not (pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind)):
            return None
        whole = cells.combine_chunks() if isinstance(cells, pyarrow.ChunkedArray) else cells
        numbers = np.asarray(whole.cast(pyarrow.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)
        return _as_printed(numbers) if kind == pyarrow.float32() else numbers
    kind = getattr(getattr(cells, "dtype", None), "kind", "O")
    if kind not in "fiu":
        return None
    single = cells.dtype == np.float32
    held = cells if isinstance(cells, np.ndarray) else cells.to_numpy(dtype=np.float64, na_value=np.nan)
    numbers = np.asarray(held, dtype=np.float64)
    return _as_printed(numbers) if single else numbers


def _as_printed(numbers: Floats) -> Floats:
    """Return numbers that were held in single precision as they were printed: 0.28, not 0.2800000012."""
    with np.errstate(all="ignore"):
        digits = 6 - np.floor(np.log10(np.abs(numbers)))
        scale = 10.0 ** np.where(np.isfinite(digits), digits, 0)
    return np.round(numbers * scale) / scale


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
    found = find_unit(analyte, analyte.unit if unit is None and analyte.kinds == ("index",) else unit or "")
    return _Reading(factor(key, found.ucum), analyte.plausible.low, analyte.plausible.high, is_substance(found))


def _read_cells(key: str, cells: Any, unit: str | None, decimal: Decimal, beside: dict[str, Any], problems: Problems) -> AnalyteData:
    names = list(beside)
    if names:
        # A draw's value, unit, flag and interval belong together: their codes are combined into one, so that every distinct
        # combination is read once.
        parts = [codes_of(column) for column in (cells, *(beside[name] for name in names))]

        def read(cell: Any) -> Measurement | None:
            return measure(key, dict(zip(("value", *names), cell, strict=True)), unit=unit, decimal=decimal)

        place, cells_at = _combined(parts)
        codes, values = read_distinct(place, lambda code: read(cells_at(code)), problems)
    else:
        codes, values = read_distinct(cells, lambda cell: measure(key, cell, unit=unit, decimal=decimal), problems)
    return _taken(codes, values)


def _combined(parts: list[tuple[Ints, list[Any]]]) -> tuple[Ints, Callable[[int], tuple[Any, ...]]]:
    """Return one code for every combination of cells, and a function from it to the cells."""
    place = parts[0][0]
    size = max(len(parts[0][1]), 1)
    steps: list[Ints | None] = [None]
    for codes, distinct in parts[1:]:
        shrunk = None
        if size * len(distinct) > np.iinfo(np.int64).max:  # a code for every combination that there could be has no room
            shrunk, place = np.unique(place, return_inverse=True)
            size = len(shrunk)
        steps.append(shrunk)
        place = place * max(len(distinct), 1) + codes
        size *= max(len(distinct), 1)

    def cells_at(code: int) -> tuple[Any, ...]:
        found: list[Any] = []
        for (_, distinct), shrunk in zip(reversed(parts[1:]), reversed(steps[1:]), strict=True):
            code, last = divmod(code, max(len(distinct), 1))
            found.append(distinct[last])
            code = code if shrunk is None else int(shrunk[code])
        return (parts[0][1][code], *reversed(found))

    return place, cells_at


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

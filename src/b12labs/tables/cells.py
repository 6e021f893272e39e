"""Read a table's columns into intervals: every cell is read or reported as a problem, never both, never dropped.

Text is parsed once per distinct cell, by the parser that reads one patient's values; numbers are converted by a factor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from b12labs.errors import B12LabsError
from b12labs.inputs.doubts import in_doubt, is_ordinary
from b12labs.inputs.flags import FLAG_PLACES
from b12labs.inputs.measurement import Measurement, measure
from b12labs.inputs.numbers import Decimal, is_plain
from b12labs.inputs.operators import bounded
from b12labs.inputs.panel import Problem
from b12labs.inputs.units import factor, find_unit, is_substance
from b12labs.logic.expressions import INF
from b12labs.reference import analytes
from b12labs.tables.encoding import Codes, Floats, Ints, codes_of, combined, distinct_numbers, encoded, rows_by_code
from b12labs.tables.texts import Texts, read_texts
from b12labs.text import is_missing

__all__ = ["AnalyteData", "NumberData", "Problems", "read_analyte", "read_distinct", "taken"]

T = TypeVar("T")


class Problems:
    """The problems of a table: each kind once, with its rows."""

    def __init__(self) -> None:
        self.found: list[tuple[Problem, Ints]] = []

    def copy(self) -> Problems:
        """Return a copy, to which problems can be added without changing the original."""
        found = Problems()
        found.found = [*self.found]
        return found

    def add(self, problem: Problem, rows: Ints) -> None:
        """Record a problem of some rows, given by number."""
        if len(rows):
            self.found.append((problem, rows))

    def add_error(self, error: B12LabsError, rows: Ints) -> None:
        """Record an error as a problem of some rows."""
        self.add(Problem(error.code, error.field or "", error.message), rows)


@dataclass
class AnalyteData:
    """One analyte over all rows, by its distinct cells.

    It holds each row's cell, the bounds of each cell in the canonical unit, and the laboratory's own flag and interval.
    """

    codes: Codes
    low: Floats
    high: Floats
    #: Whether each distinct cell holds a result, as a number or a flag.
    measured: npt.NDArray[np.bool_]
    #: The place of each cell's flag; 0 if no cell has one.
    flag: npt.NDArray[np.int8] | int = 0
    #: Whether each cell is an amount of substance; one answer if all agree.
    substance: npt.NDArray[np.bool_] | bool = False
    reference_low: Floats | None = None
    reference_high: Floats | None = None
    #: Whether each cell is a result that cannot be used unchanged; None if all can.
    unverified: npt.NDArray[np.bool_] | None = None
    #: The results that may be in another unit, by their code.
    doubtful: dict[int, Measurement] = field(default_factory=dict)

    def is_unverified(self) -> npt.NDArray[np.bool_] | None:
        """Return the rows with a result that cannot be used unchanged, or None if there are none."""
        return None if self.unverified is None else self.unverified.take(self.codes)

    def is_substance(self) -> npt.NDArray[np.bool_] | bool:
        """Return the rows with an amount of substance, or one answer for all."""
        return self.substance if isinstance(self.substance, bool) else self.substance.take(self.codes)

    def interval(self) -> tuple[Floats, Floats]:
        """Return both bounds of every row."""
        return self.low.take(self.codes), self.high.take(self.codes)

    def is_measured(self) -> npt.NDArray[np.bool_]:
        """Return the rows with a result."""
        return self.measured.take(self.codes)

    def any_measured(self) -> bool:
        """Return whether any row has a result."""
        return bool(self.measured.any())

    def own_end(self, end: str) -> Floats | None:
        """Return an end of the laboratory's own interval for each cell, NaN if it has none; None if no cell has one.

        `end` is `low` or `high`; anything else gives None.
        """
        return {"low": self.reference_low, "high": self.reference_high}.get(end)


@dataclass
class NumberData:
    """One analyte given as numbers in one unit, NaN if missing."""

    numbers: Floats
    factor: float
    substance: bool
    flag: int = 0
    reference_low: None = None
    reference_high: None = None

    def is_substance(self) -> bool:
        """Return whether the numbers are amounts of substance."""
        return self.substance

    @cached_property
    def by_value(self) -> tuple[Codes, Floats, Floats]:
        """The code of every row, and both bounds of every distinct number."""
        codes, numbers = distinct_numbers(self.numbers)
        scaled = numbers * self.factor
        return codes, np.fmax(scaled, 0.0), np.fmin(scaled, INF)

    @staticmethod
    def is_unverified() -> None:
        """Return None: all numbers can be used unchanged."""

    def interval(self) -> tuple[Floats, Floats]:
        """Return both bounds of every row in the canonical unit."""
        scaled = self.numbers * self.factor
        # Given NaN and a number, fmax and fmin return the number.
        return np.fmax(scaled, 0.0), np.fmin(scaled, INF)

    def is_measured(self) -> npt.NDArray[np.bool_]:
        """Return the rows with a result."""
        return ~np.isnan(self.numbers)

    def any_measured(self) -> bool:
        """Return whether any row has a result."""
        return not np.isnan(self.numbers).all()

    @staticmethod
    def own_end(_: str) -> None:
        """Return None: plain numbers have no interval of the laboratory."""


def read_distinct(
    cells: Any, read: Callable[[Any], T | None], problems: Problems, unreadable: T | None = None
) -> tuple[Codes, list[T | None]]:
    """Read every distinct cell once.

    A cell that cannot be read is a problem of its rows. Its value is the part that its error kept, or `unreadable`.
    """
    codes, distinct = codes_of(cells)
    return codes, list(_read_each(dict(enumerate(distinct)), codes, read, problems, unreadable).values())


def _read_each(
    cells: dict[int, Any],
    codes: Codes,
    read: Callable[[Any], T | None],
    problems: Problems,
    unreadable: T | None = None,
    set_aside: set[int] | None = None,
) -> dict[int, T | None]:
    """Read some of the distinct cells, given by their codes, once each.

    The codes of results that cannot be used are added to `set_aside`.
    """
    values: dict[int, T | None] = {}
    errors: dict[int, B12LabsError] = {}
    for code, cell in cells.items():
        try:
            values[code] = read(None if is_missing(cell) else cell)
        except B12LabsError as error:
            values[code] = getattr(error, "kept", None) or unreadable
            errors[code] = error
    if errors:
        refused = np.zeros(max(*errors, int(codes.max(initial=0))) + 1, dtype=bool)
        refused[list(errors)] = True
        rows = np.flatnonzero(refused.take(codes))
        of_code = rows_by_code(codes[rows], len(refused))
        for code, fault in errors.items():
            problems.add_error(fault, rows[of_code(code)])
    if set_aside is not None:
        lost = (code for code, fault in errors.items() if values[code] is None and fault.code != "not_measured")
        set_aside.update(lost)
    return values


def read_analyte(
    key: str, cells: Any, *, unit: str | None, decimal: Decimal, beside: dict[str, Any], problems: Problems
) -> AnalyteData | NumberData:
    """Read one analyte's column.

    `beside` holds the cells of its unit, operator, flag and interval columns, if there are any.
    """
    numbers = None if beside else as_numbers(cells)
    if numbers is not None:
        return _read_numbers(key, numbers, unit, problems)
    return _read_cells(key, cells, unit, decimal, beside, problems)


def as_numbers(cells: Any) -> Floats | None:
    """Return a column of numbers as floats, NaN if missing; None if it holds anything else, such as truths."""
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
    numbers = np.ascontiguousarray(held, dtype=np.float64)
    return _as_printed(numbers) if single else numbers


def _as_printed(numbers: Floats) -> Floats:
    """Return single-precision numbers as they were printed: 0.28, not 0.2800000012."""
    with np.errstate(all="ignore"):
        digits = 6 - np.floor(np.log10(np.abs(numbers)))
        scale = 10.0 ** np.where(np.isfinite(digits), digits, 0)
    return np.round(numbers * scale) / scale


def _read_numbers(key: str, numbers: Floats, unit: str | None, problems: Problems) -> AnalyteData | NumberData:
    """Read a column of numbers in one unit.

    The distinct numbers that are not plain go through the parser of one patient's values.
    """
    lowest, highest = (np.fmin.reduce(numbers), np.fmax.reduce(numbers)) if len(numbers) else (np.nan, np.nan)
    if np.isnan(lowest):
        return NumberData(numbers, 1.0, substance=False)
    analyte = analytes()[key]
    try:
        found = find_unit(analyte, analyte.unit if unit is None and analyte.kinds == ("index",) else unit or "")
    except B12LabsError:
        found = None
    if found is not None:
        scale, plausible = factor(key, found.ucum), analyte.plausible
        ends = lowest * scale, highest * scale
        is_plausible = plausible.low <= ends[0] and ends[1] <= plausible.high
        # The two ends of most columns show that none of its numbers is in doubt.
        if is_plausible and (
            is_ordinary(analyte, found, *ends) or not np.any(in_doubt(analyte, found, numbers * scale))
        ):
            return NumberData(numbers, scale, is_substance(found))
    codes, distinct = distinct_numbers(numbers)
    texts = Texts.unread(len(distinct))
    if found is not None:
        texts.read[:] = is_plain(analyte, "", found, distinct * scale)
        texts.low[texts.read] = texts.high[texts.read] = distinct[texts.read] * scale
        texts.substance[:] = is_substance(found)
    left = {place: distinct[place] for place in np.flatnonzero(~texts.read & ~np.isnan(distinct)).tolist()}
    return taken(codes, left, lambda cell: measure(key, cell, unit=unit), problems, texts)


def _read_cells(
    key: str, cells: Any, unit: str | None, decimal: Decimal, beside: dict[str, Any], problems: Problems
) -> AnalyteData:
    names = list(beside)
    if names:
        # A draw's value, unit, flag and interval belong together: their codes are combined into one, so that every
        # distinct combination is read once.
        parts = [codes_of(column) for column in (cells, *(beside[name] for name in names))]

        def read(cell: Any) -> Measurement | None:
            said = dict(zip(("value", *names), cell, strict=True))
            said["value"] = bounded(said)
            return measure(key, said, unit=unit, decimal=decimal)

        place, cells_at = combined(parts)
        codes, distinct_places = codes_of(place)
        left = dict(enumerate(distinct_places))
        return taken(codes, left, lambda code: read(cells_at(code)), problems, Texts.unread(len(left)))
    codes, distinct = encoded(cells)
    texts = read_texts(key, distinct, unit, decimal)
    left = {place: distinct[place] for place in np.flatnonzero(~texts.read).tolist()}
    if not isinstance(distinct, list):
        left = {place: cell.as_py() for place, cell in left.items()}
    return taken(codes, left, lambda cell: measure(key, cell, unit=unit, decimal=decimal), problems, texts)


def taken(
    codes: Codes, left: dict[int, Any], read: Callable[[Any], Measurement | None], problems: Problems, texts: Texts
) -> AnalyteData:
    """Return the analyte's data: the texts that were read together, and the cells left, read one by one."""
    set_aside: set[int] = set()
    values = _read_each(left, codes, read, problems, set_aside=set_aside)
    known = {place: value for place, value in values.items() if value is not None}
    flags = np.zeros(len(texts.read), dtype=np.int8)
    has_unit = texts.read.copy()
    for place, value in known.items():
        texts.low[place], texts.high[place], texts.substance[place] = value.low, value.high, value.substance
        flags[place], has_unit[place] = FLAG_PLACES[value.flag], bool(value.unit)
    kinds = np.unique(texts.substance[has_unit]).tolist()

    def ends(get: Callable[[Measurement], float | None]) -> Floats | None:
        found = {place: end for place, value in known.items() if (end := get(value)) is not None}
        if not found:
            return None
        table = np.full(len(flags), np.nan)
        table[list(found)] = list(found.values())
        return table

    doubtful = {place: value for place, value in known.items() if value.readings is not None}
    unverified = np.zeros(len(flags), dtype=bool)
    unverified[[*set_aside, *doubtful]] = True
    return AnalyteData(
        codes,
        texts.low,
        texts.high,
        (texts.low > 0) | (texts.high < INF) | (flags != 0),
        flags if flags.any() else 0,
        texts.substance if len(kinds) > 1 else True in kinds,
        ends(lambda value: value.reference_low),
        ends(lambda value: value.reference_high),
        unverified if unverified.any() else None,
        doubtful,
    )

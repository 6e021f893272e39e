"""Many patients' columns as inputs of the rules, a chunk of rows at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.inputs.units import coefficient_or_factor
from b12labs.limits.stratified import Limits
from b12labs.logic.arrays import Columns
from b12labs.logic.expressions import INF
from b12labs.logic.language import FALSE, TRUE, UNKNOWN, TruthValue
from b12labs.logic.scalars import ANYTHING, Pair
from b12labs.tables.cells import AnalyteData, NumberData, Problems
from b12labs.tables.encoding import Codes, Ints

__all__ = ["Cohort", "CohortInputs"]


@dataclass
class Cohort:
    """All rows of a table, read: results, who the patients are, and their context."""

    rows: int
    results: dict[str, AnalyteData | NumberData]
    age: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None
    elevation: npt.NDArray[np.float64] | None
    sex: npt.NDArray[np.int64] | int
    pregnancy: npt.NDArray[np.int64] | int
    stratum: npt.NDArray[np.int64] | int
    #: Codes of the context cells, the terms (with their groups) that each code stands for, and those that it may mean.
    texts: list[tuple[Ints, list[frozenset[str]], list[frozenset[str]]]] = field(default_factory=list)
    #: Columns of one term: the term, it and its groups, and its truth in every row, -1 where nothing is said.
    terms: list[tuple[str, frozenset[str], npt.NDArray[np.int8]]] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    #: The code of every row's age, and the ages in years, None where none is given; by these a row is put in a stratum.
    years: tuple[Codes, list[float | None]] | None = None
    #: Limits that are the same for the whole cohort, found once.
    same_limits: dict[tuple[str, bool], Pair | None] = field(default_factory=dict)
    _text_truths: dict[tuple[int, str], npt.NDArray[np.int8]] = field(default_factory=dict)

    def text_truths(self, column: int, name: str) -> npt.NDArray[np.int8]:
        """Return for every distinct cell of a context column whether it names a term, or one of a group."""
        key = column, name
        if key not in self._text_truths:
            self._text_truths[key] = np.array(
                [
                    TRUE if name in reported else UNKNOWN if name in perhaps else FALSE
                    for reported, perhaps in zip(*self.texts[column][1:], strict=True)
                ],
                dtype=np.int8,
            )
        return self._text_truths[key]

    @cached_property
    def strata(self) -> list[int]:
        """The strata that some row is in."""
        return [self.stratum] if isinstance(self.stratum, int) else np.flatnonzero(np.bincount(self.stratum)).tolist()


class CohortInputs:
    """Answers what the rules ask about a chunk of rows."""

    def __init__(
        self,
        cohort: Cohort,
        limits: Limits,
        rows: slice,
        *,
        unreported: TruthValue,
        primitives: Columns,
    ) -> None:
        self.cohort = cohort
        self.limits = limits
        self.rows = rows
        self.unreported = unreported
        self.primitives = primitives
        self.same = cohort.same_limits
        self.stratum = cohort.stratum if isinstance(cohort.stratum, int) else cohort.stratum[rows]
        self._unsettled: dict[str, Any] = {}

    def measured(self, key: str, out: Any = None) -> Pair:
        cohort = self.cohort
        if key == "age":
            if cohort.age is None:
                return self.limits.youngest, INF
            low, high = (end[self.rows] for end in cohort.age)
            return (low, low) if cohort.age[0] is cohort.age[1] else (low, high)
        if key == "elevation":
            return (0.0, 0.0) if cohort.elevation is None else (cohort.elevation[self.rows],) * 2
        data = cohort.results.get(key)
        return ANYTHING if data is None else data.interval(self.rows, out)

    def is_unsettled(self, key: str) -> Any:
        """Return in which rows the result is not one number: missing, or censored."""
        if key not in self.cohort.results:
            return True
        if key not in self._unsettled:
            low, high = self.measured(key)
            self._unsettled[key] = low != high
        return self._unsettled[key]

    def flag(self, key: str) -> Any:
        data = self.cohort.results.get(key)
        return 0 if data is None or isinstance(data.flag, int) else data.flag[self.rows]

    def limit(self, name: str, out: Any = None) -> Pair:
        limit = self.limits[name]
        data = self.cohort.results.get(limit.analyte)
        substance = data.substance if data is not None else False
        if isinstance(substance, bool):
            pair = self._over_strata(name, substance=substance, out=out)
        else:
            which = substance[self.rows]
            mass, moles = self._over_strata(name, substance=False), self._over_strata(name, substance=True)
            pair = np.where(which, moles[0], mass[0]), np.where(which, moles[1], mass[1])
        own = self._own_interval(name) if limit.laboratory_decides else None
        if own is None:
            return pair
        end = own[self.rows]
        return np.where(np.isnan(end), pair[0], end), np.where(np.isnan(end), pair[1], end)

    def _over_strata(self, name: str, *, substance: bool, out: Any = None) -> Pair:
        if isinstance(self.stratum, int):
            return self.limits[name].at(self.stratum, substance=substance)
        key = (name, substance)
        if key not in self.same:
            self.same[key] = self._same_for_all(name, substance=substance)
        same = self.same[key]
        if same is not None:
            return same
        low, high = self.limits[name].arrays[int(substance)]
        to_low, to_high = (None, None) if out is None else out
        # numpy writes into a given array only where it need not check the places first.
        return low.take(self.stratum, out=to_low, mode="clip"), high.take(self.stratum, out=to_high, mode="clip")

    def _same_for_all(self, name: str, *, substance: bool) -> Pair | None:
        """Return the limit where it is the same for every stratum of the cohort: a plain number costs nothing."""
        values = {self.limits[name].at(stratum, substance=substance) for stratum in self.cohort.strata}
        return values.pop() if len(values) == 1 else None

    def laboratory_end(self, name: str) -> str:
        return self.limits[name].laboratory_end

    def flag_decides(self, name: str) -> Any:
        if not self.limits[name].laboratory_decides:
            return False
        own = self._own_interval(name)
        return True if own is None else np.isnan(own[self.rows])

    def _own_interval(self, name: str) -> Any:
        limit = self.limits[name]
        data = self.cohort.results.get(limit.analyte)
        if data is None:
            return None
        return (
            data.reference_low
            if limit.laboratory_end == "low"
            else data.reference_high
            if limit.laboratory_end == "high"
            else None
        )

    def coefficient(self, name: str) -> float:
        return coefficient_or_factor(name)

    def reported(self, name: str, out: Any = None) -> Any:
        cohort = self.cohort
        if name == "female":
            return _truth(cohort.sex, self.rows, np.array([TRUE, FALSE, UNKNOWN], dtype=np.int8))
        if name == "pregnant":
            return _truth(
                cohort.pregnancy, self.rows, np.array([FALSE, TRUE, TRUE, TRUE, TRUE, UNKNOWN], dtype=np.int8)
            )
        if name.startswith("guideline:"):
            chosen = TRUE if name == f"guideline:{self.limits.guideline.key}" else FALSE
            return self.primitives.any_of([chosen], out)
        if name.startswith("word:"):
            return self._in_words(name.removeprefix("word:"))
        if name.startswith("unverified:"):
            return self._unverified(name.removeprefix("unverified:"))
        said = any(term == name for term, _, _ in cohort.terms)
        found: list[Any] = [] if said else [self.unreported]
        for column, codes in enumerate(codes for codes, _, _ in cohort.texts):
            truths = cohort.text_truths(column, name)
            if truths.any():
                found.append(truths[codes[self.rows]])
        for _, groups, truth in cohort.terms:
            if name in groups:
                here = truth[self.rows]
                found.append(np.where(here < 0, np.int8(self.unreported), here) if here.min() < 0 else here)
        return self.primitives.any_of(found, out)

    def any_reported(self) -> npt.NDArray[np.bool_]:
        """Return in which rows any context term is reported."""
        found = np.zeros(self.rows.stop - self.rows.start, dtype=bool)
        for codes, reported, _ in self.cohort.texts:
            found |= np.array([bool(terms) for terms in reported], dtype=bool)[codes[self.rows]]
        for _, _, truth in self.cohort.terms:
            found |= truth[self.rows] == TRUE
        return found

    def _unverified(self, key: str) -> Any:
        """Return in which rows a result was given that cannot be used as it stands."""
        data = self.cohort.results.get(key)
        rows = None if data is None else data.is_unverified(self.rows)
        return FALSE if rows is None else np.multiply(rows, TRUE, dtype=np.int8)

    def _in_words(self, key: str) -> Any:
        """Return in which rows the laboratory's word is all that is known of a result."""
        flag = self.flag(key)
        if isinstance(flag, int):
            return FALSE
        low, high = self.measured(key)
        return np.multiply((flag != 0) & (low == ANYTHING[0]) & (high == ANYTHING[1]), TRUE, dtype=np.int8)

    def any_given(self, keys: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        """Return in which rows any of the analytes has a result, though it may not be usable as it stands."""
        found = self.any_measured(keys)
        for key in keys:
            unverified = self._unverified(key)
            if not isinstance(unverified, int):
                found |= unverified == TRUE
        return found

    def any_measured(self, keys: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        """Return in which rows any of the analytes has a result, in numbers or as a flag."""
        found = np.zeros(self.rows.stop - self.rows.start, dtype=bool)
        for key in keys:
            data = self.cohort.results.get(key)
            if data is not None:
                found |= data.is_measured(self.rows)
        return found


def _truth(places: Any, rows: slice, table: npt.NDArray[np.int8]) -> Any:
    return int(table[places]) if isinstance(places, int) else table[places[rows]]

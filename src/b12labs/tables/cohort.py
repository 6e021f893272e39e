"""Many patients' columns as inputs of the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.inputs.units import coefficient_or_factor
from b12labs.limits.stratified import Limits
from b12labs.logic.columns.primitives import Columns
from b12labs.logic.columns.quantities import Quantity
from b12labs.logic.columns.tape import Bits
from b12labs.logic.columns.truths import Truth, truth
from b12labs.logic.expressions import INF
from b12labs.logic.language import FALSE, TRUE, UNKNOWN, TruthValue
from b12labs.logic.scalars import ANYTHING
from b12labs.tables.cells import AnalyteData, NumberData, Problems
from b12labs.tables.encoding import Codes, Floats

__all__ = ["Ages", "Cohort", "CohortInputs"]


@dataclass
class Ages:
    """The ages of all rows in years, by distinct cell: exact, or the interval of possible ages."""

    codes: Codes
    low: Floats
    high: Floats

    def interval(self) -> tuple[Floats, Floats]:
        """Return both ends of every row's age."""
        return self.low.take(self.codes), self.high.take(self.codes)


@dataclass
class Cohort:
    """All rows of a table, read: results, patients and their context."""

    rows: int
    results: dict[str, AnalyteData | NumberData]
    age: Ages | None
    #: The code of every row, and the meters of every distinct cell.
    elevation: tuple[Codes, Floats] | None
    sex: npt.NDArray[np.int64] | int
    pregnancy: npt.NDArray[np.int64] | int
    stratum: npt.NDArray[np.int64] | int
    #: The code of every row's context cell, the terms (with their groups) of each code, and the terms it may mean.
    texts: list[tuple[Codes, list[frozenset[str]], list[frozenset[str]]]] = field(default_factory=list)
    #: Columns of one term: the term, the term with its groups, the code of every row, and each code's truth (-1 blank).
    terms: list[tuple[str, frozenset[str], Codes, npt.NDArray[np.int8]]] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    #: The code of every row's age, and the ages in years, None if not given. The age decides the stratum.
    years: tuple[Codes, list[float | None]] | None = None

    @cached_property
    def strata(self) -> list[int]:
        """The strata that some row is in."""
        return [self.stratum] if isinstance(self.stratum, int) else np.flatnonzero(np.bincount(self.stratum)).tolist()


class CohortInputs:
    """The inputs of the rules for all rows of a cohort.

    Results of the analytes in `by_value` are always coded by their distinct values.
    """

    def __init__(
        self,
        cohort: Cohort,
        limits: Limits,
        primitives: Columns,
        *,
        unreported: TruthValue,
        by_value: frozenset[str] = frozenset(),
    ) -> None:
        self.cohort = cohort
        self.limits = limits
        self.primitives = primitives
        self.unreported = unreported
        self.by_value = by_value
        self._measured: dict[str, Any] = {}

    def measured(self, key: str) -> Any:
        if key not in self._measured:
            self._measured[key] = self._quantity(key)
        return self._measured[key]

    def _quantity(self, key: str) -> Quantity:
        cohort = self.cohort
        if key == "age":
            age = cohort.age
            return (self.limits.youngest, INF) if age is None else self.primitives.coded(age.codes, age.low, age.high)
        if key == "elevation":
            if cohort.elevation is None:
                return (0.0, 0.0)
            codes, meters = cohort.elevation
            return self.primitives.coded(codes, meters, meters)
        data = cohort.results.get(key)
        if data is None:
            return ANYTHING
        if isinstance(data, AnalyteData):
            return self.primitives.coded(data.codes, data.low, data.high)
        if key in self.by_value:
            return self.primitives.coded(*data.by_value)
        return self.primitives.numbers(data.numbers, data.factor)

    def is_unsettled(self, key: str) -> Bits:
        """Return the rows whose result is not one number: missing, or censored."""
        data = self.cohort.results.get(key)
        if data is None:
            return True
        if isinstance(data, NumberData):
            return self._is_missing(data)
        return self.primitives.where(data.codes, data.low != data.high)

    def _is_missing(self, data: NumberData) -> Bits:
        return self.primitives.is_nan(self.primitives.numbers(data.numbers, data.factor))

    def flag(self, key: str) -> Any:
        data = self.cohort.results.get(key)
        if data is None or isinstance(data.flag, int) or isinstance(data, NumberData):
            return 0
        return self.primitives.by_code(data.codes, data.flag)

    def limit(self, name: str) -> Any:
        limit = self.limits[name]
        data = self.cohort.results.get(limit.analyte)
        substance = data.substance if data is not None else False
        if isinstance(substance, bool):
            limits = self._over_strata(name, substance=substance)
        else:
            assert isinstance(data, AnalyteData)
            moles, mass = (self._over_strata(name, substance=kind) for kind in (True, False))
            limits = self.primitives.choose_by_code(data.codes, substance, moles, mass)
        own = self._own_interval(name) if limit.laboratory_decides else None
        if own is None:
            return limits
        assert isinstance(data, AnalyteData)
        is_said = ~np.isnan(own)
        ends = np.where(is_said, own, 0.0)
        said = self.primitives.coded(data.codes, ends, ends)
        return self.primitives.choose_by_code(data.codes, is_said, said, limits)

    def _over_strata(self, name: str, *, substance: bool) -> Any:
        limit = self.limits[name]
        values = {limit.at(stratum, substance=substance) for stratum in self.cohort.strata}
        if len(values) <= 1:
            return values.pop() if values else ANYTHING
        low, high = limit.arrays[int(substance)]
        return self.primitives.coded(self.cohort.stratum, low, high)

    def laboratory_end(self, name: str) -> str:
        return self.limits[name].laboratory_end

    def flag_decides(self, name: str) -> Any:
        """Return whether the laboratory's flag overrides the number, for all rows or by cell.

        It does not if the laboratory gave its own interval.
        """
        limit = self.limits[name]
        if not limit.laboratory_decides:
            return False
        own, data = self._own_interval(name), self.cohort.results.get(limit.analyte)
        if own is None or not isinstance(data, AnalyteData):
            return True
        return self.primitives.by_code(data.codes, np.isnan(own))

    def _own_interval(self, name: str) -> Floats | None:
        limit = self.limits[name]
        data = self.cohort.results.get(limit.analyte)
        return None if data is None else data.own_end(limit.laboratory_end)

    def coefficient(self, name: str) -> float:
        return coefficient_or_factor(name)

    def reported(self, name: str) -> Any:
        cohort, do = self.cohort, self.primitives
        if name == "female":
            return self._of_place(cohort.sex, [TRUE, FALSE, UNKNOWN])
        if name == "pregnant":
            return self._of_place(cohort.pregnancy, [FALSE, TRUE, TRUE, TRUE, TRUE, UNKNOWN])
        if name.startswith("guideline:"):
            return TRUE if name == f"guideline:{self.limits.guideline.key}" else FALSE
        if name.startswith("word:"):
            return self._in_words(name.removeprefix("word:"))
        if name.startswith("unverified:"):
            return _both(self._is_unverified(name.removeprefix("unverified:")))
        said = any(term == name for term, _, _, _ in cohort.terms)
        found: list[Truth] = [] if said else [self.unreported]
        for codes, reported, perhaps in cohort.texts:
            truths = [
                TRUE if name in named else UNKNOWN if name in unread else FALSE
                for named, unread in zip(reported, perhaps, strict=True)
            ]
            if any(truths):
                found.append(do.truths(codes, np.array(truths, dtype=np.int8)))
        for _, groups, codes, said_by in cohort.terms:
            if name in groups:
                found.append(do.truths(codes, np.where(said_by < 0, np.int8(self.unreported), said_by)))
        return do.any_of(found)

    def _of_place(self, places: Any, truths: list[int]) -> Truth:
        return truths[places] if isinstance(places, int) else self.primitives.truths(places, np.array(truths))

    def any_reported(self) -> Bits:
        """Return the rows in which any context term is reported."""
        found: Bits = False
        for codes, reported, _ in self.cohort.texts:
            found = found | self.primitives.where(codes, np.array([bool(terms) for terms in reported], dtype=bool))
        for _, _, codes, said_by in self.cohort.terms:
            found = found | self.primitives.where(codes, said_by == TRUE)
        return found

    def _is_unverified(self, key: str) -> Bits:
        """Return the rows with a result that cannot be used unchanged."""
        data = self.cohort.results.get(key)
        if not isinstance(data, AnalyteData) or data.unverified is None:
            return False
        return self.primitives.where(data.codes, data.unverified)

    def _in_words(self, key: str) -> Truth:
        """Return in which rows the laboratory's flag is the whole result, without a number."""
        data = self.cohort.results.get(key)
        if not isinstance(data, AnalyteData) or isinstance(data.flag, int):
            return FALSE
        in_words = (data.flag != 0) & (data.low == ANYTHING[0]) & (data.high == ANYTHING[1])
        return _both(self.primitives.where(data.codes, in_words))

    def any_given(self, keys: tuple[str, ...]) -> Bits:
        """Return the rows in which any of the analytes has a result, even one that cannot be used unchanged."""
        found = self.any_measured(keys)
        for key in keys:
            found = found | self._is_unverified(key)
        return found

    def any_measured(self, keys: tuple[str, ...]) -> Bits:
        """Return the rows in which any of the analytes has a result, as a number or a flag."""
        found: Bits = False
        for key in keys:
            data = self.cohort.results.get(key)
            if isinstance(data, NumberData):
                found = found | (self._is_missing(data) ^ True)
            elif data is not None:
                found = found | self.primitives.where(data.codes, data.measured)
        return found


def _both(where: Bits) -> Truth:
    """Return the truth that is TRUE in some rows and FALSE in the others."""
    return truth(where, where)

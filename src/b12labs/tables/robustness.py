"""Robustness over columns: the rows whose status would be the same at another draw, and the results to repeat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b12labs.logic.columns.primitives import Columns
from b12labs.logic.columns.tape import Bits
from b12labs.logic.expressions import INF
from b12labs.logic.open import possible_outcomes
from b12labs.logic.program import Values
from b12labs.logic.ranges import Ranges
from b12labs.reasoning.widening import to_repeat, without_variation
from b12labs.rules.b12_status import status as status_verdict
from b12labs.tables.cells import AnalyteData
from b12labs.tables.cohort import CohortInputs
from b12labs.tables.wanted import Wanted, WantedSets, WantedTruth, exactly_one

__all__ = ["WidenedCohort", "robustness"]


class WidenedCohort(CohortInputs):
    """All rows of a cohort, each number widened to all values within its analyte's factor.

    A flag beside a number describes the exact number, so the widened number has none.
    """

    def __init__(self, exact: CohortInputs, factors: Mapping[str, float]) -> None:
        super().__init__(
            exact.cohort, exact.limits, exact.primitives, unreported=exact.unreported, by_value=exact.by_value
        )
        self.exact = exact
        self.factors = factors
        self.primitives: Any = Ranges(exact.primitives)

    def measured(self, key: str) -> Any:
        exact, factor = self.exact.measured(key), self.factors.get(key, 1.0)
        if factor == 1 or key not in self.cohort.results:
            return exact, exact
        do: Columns = self.exact.primitives
        more, less = (do.arithmetic(operator, exact, (factor, factor)) for operator in ("mul", "div"))
        return do.ends(less, more), do.ends(more, less)

    def limit(self, name: str) -> Any:
        return (self.exact.limit(name),) * 2

    def reported(self, name: str) -> Any:
        return (self.exact.reported(name),) * 2

    def flag_decides(self, name: str) -> Any:
        return self.exact.flag_decides(name)

    def flag(self, key: str) -> Any:
        flag, data = self.exact.flag(key), self.cohort.results.get(key)
        if isinstance(flag, int) or key not in self.factors:
            return flag
        assert isinstance(data, AnalyteData)
        is_number = (data.low > 0) | (data.high < INF)
        return self.exact.primitives.by_code(data.codes, flag.table * ~is_number)

    def is_widened(self, key: str) -> Bits:
        """Return the rows with a number of the analyte, if its variation is known."""
        data = self.cohort.results.get(key)
        if key not in self.factors or data is None:
            return False
        if isinstance(data, AnalyteData):
            return self.exact.primitives.where(data.codes, (data.low > 0) | (data.high < INF))
        return self.exact.any_measured((key,))


def robustness(exact: Values, inputs: CohortInputs, factors: Mapping[str, float], assessed: Bits) -> dict[str, Wanted]:
    """Return the columns `robust` and `repeat` (analytes, separated by `; `).

    `robust` is missing if the status is undecided, or depends on a marker of B12 with no published variation.
    """
    results = inputs.cohort.results
    widened = _widened(exact, inputs, factors)
    decided, robust = (exactly_one(possible_outcomes(status_verdict, values)) & assessed for values in (exact, widened))
    unknown = decided ^ True
    repeat: dict[str, Bits] = {key: False for key in results if key in factors}
    for key, where in to_repeat(status_verdict, widened, decided & (robust ^ True)):
        if key in repeat:
            repeat[key] = repeat[key] | where
    wider = without_variation(results, factors)
    if wider:
        doubted = _widened(exact, inputs, wider)
        hangs = robust & (exactly_one(possible_outcomes(status_verdict, doubted)) ^ True)
        robust, unknown = robust & (hangs ^ True), unknown | hangs
    keys = list(repeat)

    def text(places: list[int]) -> str:
        return "; ".join(keys[place] for place in places)

    return {"robust": WantedTruth(robust, unknown), "repeat": WantedSets(list(repeat.values()), text)}


def _widened(exact: Values, inputs: CohortInputs, factors: Mapping[str, float]) -> Values:
    return exact.program.run_widened(WidenedCohort(inputs, factors), exact, status_verdict)

"""Robustness over columns.

Which rows' status would be the same at another draw, and what to repeat where it might not be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.logic.expressions import INF
from b12labs.logic.open import outcomes
from b12labs.logic.program import Program, Values
from b12labs.logic.ranges import Ranges
from b12labs.reasoning.widening import to_repeat, without_variation
from b12labs.rules.b12_status import status as status_verdict
from b12labs.tables.cohort import Cohort, CohortInputs
from b12labs.tables.encoding import distinct_numbers
from b12labs.tables.outputs import Column, Truths, Words

__all__ = ["Robustness", "WidenedCohort"]


class WidenedCohort(CohortInputs):
    """A chunk of rows, each number over all values within its analyte's factor.

    A flag beside a number spoke of the number as it was.
    """

    def __init__(self, exact: CohortInputs, factors: Mapping[str, float], *, primitives: Ranges) -> None:
        super().__init__(
            exact.cohort, exact.limits, exact.rows, unreported=exact.unreported, primitives=primitives.least
        )
        self.primitives = primitives  # type: ignore[assignment]  # ranges of what a cohort's are
        self.exact = exact
        self.factors = factors
        self._widened: dict[str, npt.NDArray[np.bool_]] = {}

    def measured(self, key: str, out: Any = None) -> Any:
        outer_out, inner_out = out or (None, None)
        low, high = super().measured(key, outer_out)
        factor = self.factors.get(key, 1.0)
        if factor == 1 or not isinstance(low, np.ndarray):
            return (low, high), (low, high)
        to_low, to_high = inner_out or (None, None)
        inner = np.multiply(low, factor, out=to_low), np.divide(high, factor, out=to_high)
        return (np.divide(low, factor, out=low), np.multiply(high, factor, out=high)), inner

    def limit(self, name: str, out: Any = None) -> Any:
        return (super().limit(name, out[0] if out else None),) * 2

    def reported(self, name: str, out: Any = None) -> Any:
        return (self.exact.reported(name, out[0] if out else None),) * 2

    def flag(self, key: str) -> Any:
        flag = super().flag(key)
        return flag if isinstance(flag, int) else np.where(self.is_widened(key), 0, flag)

    def is_widened(self, key: str) -> Any:
        """Return in which rows there is a number of the analyte, and its variation is known."""
        if key not in self.factors or key not in self.cohort.results:
            return np.zeros(self.rows.stop - self.rows.start, dtype=bool)
        if key not in self._widened:
            low, high = self.exact.measured(key)
            self._widened[key] = (low > 0) | (high < INF)
        return self._widened[key]


class Robustness:
    """The two columns, filled a chunk at a time."""

    def __init__(self, cohort: Cohort, factors: Mapping[str, float]) -> None:
        self.factors = factors
        self._robust = np.zeros(cohort.rows, dtype=bool)
        self._unknown = np.ones(cohort.rows, dtype=bool)
        #: A bit for every measurement to repeat.
        self._repeat = np.zeros(cohort.rows, dtype=np.int64)
        #: The factors of a second look, at results whose variation nobody knows.
        self._wider = without_variation(cohort.results, factors)
        self._places = {key: place for place, key in enumerate(key for key in cohort.results if key in factors)}

    def take(self, compiled: Program, exact: Values, primitives: Ranges, assessed: npt.NDArray[np.bool_]) -> None:
        """Widen a chunk that was interpreted, and note what stays."""
        inputs = exact.inputs
        assert isinstance(inputs, CohortInputs)
        widened = compiled.run_widened(
            WidenedCohort(inputs, self.factors, primitives=primitives), exact, status_verdict
        )
        decided, robust = (_is_single(outcomes(status_verdict, values)) & assessed for values in (exact, widened))
        part = inputs.rows
        self._robust[part], self._unknown[part] = robust, ~decided
        opened = decided & ~robust
        if opened.any():
            bits = self._repeat[part]
            for key, where in to_repeat(status_verdict, widened, opened):
                if key in self._places:
                    bits |= where.astype(np.int64) << self._places[key]
        if self._wider and robust.any():
            doubted = compiled.run_widened(
                WidenedCohort(inputs, self._wider, primitives=primitives), exact, status_verdict
            )
            hangs = robust & ~_is_single(outcomes(status_verdict, doubted))
            self._robust[part] &= ~hangs
            self._unknown[part] |= hangs

    def columns(self) -> dict[str, Column]:
        """Return `robust` and `repeat` (analytes, `; ` between them).

        `robust` is missing where nothing is decided, and where it hangs on a marker of B12 whose variation nobody
        knows.
        """
        codes, distinct = distinct_numbers(self._repeat)
        words = [
            "; ".join(key for key, place in self._places.items() if bits >> place & 1) for bits in distinct.tolist()
        ]
        return {
            "robust": Truths(self._robust, self._unknown),
            "repeat": Words(codes.astype(np.int32), words, free=True),
        }


def _is_single(possible: Any) -> Any:
    """Return in which rows a set of outcomes holds one."""
    return possible & (possible - 1) == 0

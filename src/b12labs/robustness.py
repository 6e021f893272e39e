"""Would the verdict be the same at another draw: the same rules on results widened by what they vary when nothing changes.

Every number is widened to the interval that holds 95 % of results around the person's own level. A verdict that survives is robust; one that
opens is borderline, and the measurements through which it opens are those to repeat. One patient and columns go the same way.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol, cast

from b12labs.evaluation import Inputs, Values, open_comparisons
from b12labs.explanation import measured_in
from b12labs.limits import BoundGuideline
from b12labs.logic import Compare, Truth, Verdict
from b12labs.one_patient import B12_MARKERS
from b12labs.panel import Panel
from b12labs.patient import PatientInputs
from b12labs.primitives import Plain
from b12labs.ranges import Ranges
from b12labs.variation import Z95, OwnVariation, variations

__all__ = ["WidenedPatient", "to_repeat", "widths", "without_variation"]

#: A factor that takes every result to every value.
BOUNDLESS = 1e9


class Widened(Inputs, Protocol):
    """Inputs whose numbers were widened."""

    def is_widened(self, key: str) -> Any: ...


def widths(own: OwnVariation | None = None) -> dict[str, float]:
    """Return by analyte the factor by which a result is widened to each side."""
    return {key: math.exp(Z95 * variation.spread) for key, variation in variations(own).items()}


def without_variation(measured: Collection[str], factors: Mapping[str, float]) -> dict[str, float]:
    """Return the factors with those of the markers of B12 that were measured and whose variation nobody knows: any value at all; {} where none is."""
    unknown = {key: BOUNDLESS for key in B12_MARKERS if key in measured and key not in factors}
    return {**factors, **unknown} if unknown else {}


class WidenedPatient(PatientInputs):
    """One patient's results, each number over all values within its factor; a flag beside a number spoke of the number as it was."""

    def __init__(self, panel: Panel, bound: BoundGuideline, factors: Mapping[str, float], *, unreported_context: int = 0) -> None:
        super().__init__(panel, bound, unreported_context=unreported_context)
        self.primitives = Ranges(Plain(), Plain())  # type: ignore[assignment]  # ranges of what one patient's are
        self.factors = factors

    def measured(self, key: str, out: None = None) -> Any:
        low, high = super().measured(key)
        factor = self.factors.get(key, 1.0)
        return (low / factor, high * factor), (low * factor, high / factor)

    def limit(self, name: str, out: None = None) -> Any:
        return (super().limit(name),) * 2

    def reported(self, name: str, out: None = None) -> Any:
        return (super().reported(name),) * 2

    def flag(self, key: str) -> int:
        return 0 if self.is_widened(key) else super().flag(key)

    def is_widened(self, key: str) -> bool:
        """Return whether there is a number of the analyte, and its variation is known."""
        return key in self.factors and self.result(key).measured


def to_repeat(rule: Truth | Verdict, widened: Values, opened: Any = True) -> Iterator[tuple[str, Any]]:
    """Yield the measurements through which a rule opens, each with whether (for columns: in which of the rows `opened`) it does."""
    inputs = cast(Widened, widened.inputs)
    for leaf, where in open_comparisons(rule, widened, opened):
        if isinstance(leaf, Compare):
            for key in measured_in(leaf.left):
                yield key, where & inputs.is_widened(key)

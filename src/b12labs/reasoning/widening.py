"""The widening of results by their variation, and the measurements to repeat."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol, cast

from b12labs.inputs.variation import Z95, OwnVariation, variations
from b12labs.logic.language import Compare, Truth, Verdict
from b12labs.logic.open import open_comparisons
from b12labs.logic.operations import Inputs
from b12labs.logic.program import Values
from b12labs.reasoning.compiled import B12_MARKERS
from b12labs.reasoning.next_tests import measured_in

__all__ = ["to_repeat", "widths", "without_variation"]

#: A factor that takes every result to every value.
BOUNDLESS = 1e9


class Widened(Inputs, Protocol):
    """Inputs whose numbers were widened."""

    def is_widened(self, key: str) -> Any: ...


def widths(own: OwnVariation | None = None) -> dict[str, float]:
    """Return the factor by which a result is widened to each side, by analyte."""
    return {key: math.exp(Z95 * variation.spread) for key, variation in variations(own).items()}


def without_variation(measured: Collection[str], factors: Mapping[str, float]) -> dict[str, float]:
    """Return the factors, completed for measured B12 markers without a published variation.

    Their factor widens a result to any value. Return {} if there is no such marker.
    """
    unknown = {key: BOUNDLESS for key in B12_MARKERS if key in measured and key not in factors}
    return {**factors, **unknown} if unknown else {}


def to_repeat(rule: Truth | Verdict, widened: Values, opened: Any = True) -> Iterator[tuple[str, Any]]:
    """Yield the measurements through which a rule opens, each with whether it does.

    For columns, the second is the rows in which it does, among the rows `opened`.
    """
    inputs = cast(Widened, widened.inputs)
    for leaf, where in open_comparisons(rule, widened, opened):
        if isinstance(leaf, Compare):
            for key in measured_in(leaf.left):
                yield key, where & inputs.is_widened(key)

"""Numbers that may be in another unit: they would be ordinary in the neighboring unit, so both readings are kept.

`640 umol/L` of MMA is a severe deficiency, or 640 nmol/L with the wrong unit. b12labs does not guess: the result is the
interval of both readings, unless another result settles the unit.
"""

from __future__ import annotations

from typing import Any

from b12labs.inputs.units import factor
from b12labs.reference import Analyte, Unit

__all__ = ["in_doubt", "is_confirmed", "is_ordinary", "other_reading"]


def in_doubt(analyte: Analyte, unit: Unit, value: Any) -> Any:
    """Return whether a value in the canonical unit, given in `unit`, may be in another; arrays return arrays."""
    doubt, scale = analyte.doubt, _scale(analyte, unit)
    if doubt is None or scale is None:
        return value < value  # false for NaN too, which is a missing result in arrays
    return (
        (value > doubt.above * scale)
        & (value >= doubt.at_least * scale)
        & (value < doubt.below * scale)
        & (value <= doubt.at_most * scale)
    )


def is_ordinary(analyte: Analyte, unit: Unit, lowest: float, highest: float) -> bool:
    """Return whether no value between two ends, in the canonical unit, may be in another unit."""
    doubt, scale = analyte.doubt, _scale(analyte, unit)
    if doubt is None or scale is None:
        return True
    below = highest <= doubt.above * scale or highest < doubt.at_least * scale
    return below or lowest >= doubt.below * scale or lowest > doubt.at_most * scale


def _scale(analyte: Analyte, unit: Unit) -> float | None:
    """Return the factor from the ends of a doubt to the canonical unit, or None if the unit is not in doubt."""
    factors = [factor(analyte.key, each) for each in analyte.doubt.units] if analyte.doubt else []
    return factors[0] if factors and factor(analyte.key, unit.ucum) in factors else None


def other_reading(analyte: Analyte, unit: Unit, number: float) -> str:
    """Return the number as printed in the neighboring unit."""
    assert analyte.doubt is not None
    if analyte.doubt.reads:
        return f"{number:g} {analyte.doubt.reads}"
    return f"{number * analyte.doubt.times:g} {unit.ucum}"


def is_confirmed(analyte: Analyte, stated: tuple[Any, Any], other: tuple[Any, Any], beside: tuple[Any, Any]) -> Any:
    """Return whether the confirming result rules out the other unit; arrays return arrays.

    `stated` and `other` are the number in either unit. `beside` is the confirming result.
    """
    assert analyte.doubt is not None
    confirmation = analyte.doubt.confirmed_by
    assert confirmation is not None
    least, most = beside[0] * confirmation.least, beside[1] * confirmation.most

    def fits(low: Any, high: Any) -> Any:
        return (high >= least) & (low <= most)

    return fits(*stated) & (fits(*other) ^ True)

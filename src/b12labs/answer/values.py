"""A result's value in words: as given, and in the unit of its limits if the number differs."""

from __future__ import annotations

import math

from b12labs.answer.parts import Result, unbounded
from b12labs.inputs.units import factor
from b12labs.logic.expressions import INF
from b12labs.reference.unit_labels import unit_label, with_labels

__all__ = ["display_unit", "shown_value", "span"]


def display_unit(result: Result) -> tuple[str, float]:
    """Return the unit of a result's limits, in which it is drawn, and the size of that unit in the canonical unit."""
    unit = result.limits[0].unit if result.limits else result.unit
    return (unit, factor(result.analyte, unit)) if unit else (result.unit, 1.0)


def shown_value(result: Result) -> str:
    """Return a result as given, and in the unit of its limits if the number differs."""
    _, scale = display_unit(result)
    finite = [end / scale for end in (result.low, result.high) if end]
    given = {number for word in result.given.split() if (number := _number(word)) is not None}
    shown = with_labels(result.given)
    if not finite or any(math.isclose(end, number, rel_tol=1e-6) for end in finite for number in given):
        return shown
    return f"{shown} ({span(result, (result.low, unbounded(result.high)))})"


def span(result: Result, pair: tuple[float, float]) -> str:
    """Return an interval in the canonical unit as it is printed in the unit of the result's limits."""
    unit, scale = display_unit(result)
    low, high = (f"{end / scale:.4g}" for end in pair)
    text = (
        low
        if low == high
        else f"below {high}"
        if pair[0] == 0
        else f"above {low}"
        if pair[1] == INF
        else f"{low} to {high}"
    )
    return f"{text} {unit_label(unit)}".strip()


def _number(word: str) -> float | None:
    try:
        return float(word.strip("<>=≤≥").replace(",", ""))
    except ValueError:
        return None

"""Several results of one analyte of which one is meant: equal, or one that was rounded in each of two units."""

from __future__ import annotations

from typing import Any

from b12labs.errors import MeasurementError
from b12labs.inputs.measurement import Measurement, measure
from b12labs.inputs.numbers import Decimal, refusal
from b12labs.inputs.units import factor
from b12labs.reference import analytes

__all__ = ["agree", "read_result", "unit_size"]

#: The share by which the same result in two units may differ: laboratories round each. In one unit none may.
AGREE = 0.01
#: What is left of a difference between equal results in two spellings of a unit.
EXACT = 1e-9


def agree(one: Any, other: Any, *, in_one_unit: Any) -> Any:
    """Tell whether two bounds are of one result; arrays give arrays."""
    share = in_one_unit * EXACT + (1 - in_one_unit) * AGREE
    return (one == other) | (abs(one - other) <= share * abs(other))


def unit_size(result: Measurement) -> tuple[str, bool, float] | None:
    """Return what is the same for all spellings of a result's unit, None for a word without a number."""
    return (result.analyte, result.substance, factor(result.analyte, result.unit)) if result.measured else None


def read_result(key: str, value: Any, *, unit: str | None = None, decimal: Decimal = ".") -> Measurement | None:
    """Read one result as `measure` does, or a list of what several columns say of it.

    Of a list the first with a number counts, or else a word; what cannot be read or differs raises `MeasurementError`.
    """
    if not isinstance(value, list):
        return measure(key, value, unit=unit, decimal=decimal)
    there: list[Measurement] = []
    errors: list[MeasurementError] = []
    for each in value:
        try:
            read = measure(key, each, unit=unit, decimal=decimal)
        except MeasurementError as error:
            errors.append(error)
            read = error.kept if isinstance(error.kept, Measurement) else None
        there += [read] if read is not None else []
    found = _one_of(key, there)
    if errors:
        first, message = errors[0], "; ".join(error.message for error in errors)
        raise MeasurementError(
            message, code=first.code, field=key, given=first.given, accepted=first.accepted, kept=found
        )
    return found


def _one_of(key: str, there: list[Measurement]) -> Measurement | None:
    numbers = [result for result in there if result.measured]
    flags = {result.flag for result in there if result.flag is not None}
    alike = all(
        agree(one.low, other.low, in_one_unit=same) and agree(one.high, other.high, in_one_unit=same)
        for place, one in enumerate(numbers)
        for other in numbers[:place]
        for same in [unit_size(one) == unit_size(other)]
    )
    if len(flags) > 1 or not alike:
        said = " and ".join(result.given for result in there)
        raise refusal(analytes()[key], "results_in_conflict", said, "two columns of one result differ; none is used")
    return next(iter(numbers or there), None)

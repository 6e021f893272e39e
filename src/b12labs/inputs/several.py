"""Several results of one analyte, and siblings: one test in units that are not converted into each other.

One of several results is used if they are equal, or differ only by rounding in two units. Gastrin is reported as mass
(`pg/mL`) and as amount of substance (`pmol/L`), and two molar masses are in use for it. So a result with its name is
read as the analyte that is reported in its unit. `siblings` of `analytes.toml` lists these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b12labs.errors import MeasurementError, PanelError, checked_texts
from b12labs.inputs.measurement import Measurement, measure
from b12labs.inputs.numbers import Decimal, refusal
from b12labs.inputs.options import UNITS_EXPECTED
from b12labs.inputs.units import factor, find_unit, is_unit_of
from b12labs.inputs.words.hints import meant_name
from b12labs.reference import analytes
from b12labs.text import cell_text, is_blank

__all__ = [
    "agree",
    "by_result",
    "by_unit",
    "checked_unit",
    "checked_units",
    "family",
    "named_by",
    "read_result",
    "routed",
    "unit_size",
]

#: The relative difference allowed for one result in two units, since laboratories round each. In one unit none is.
AGREE = 0.01
#: The remaining difference between equal results in two spellings of a unit.
EXACT = 1e-9


def agree(one: Any, other: Any, *, in_one_unit: Any) -> Any:
    """Return whether two bounds are of one result; arrays return arrays."""
    share = in_one_unit * EXACT + (1 - in_one_unit) * AGREE
    return (one == other) | (abs(one - other) <= share * abs(other))


def unit_size(result: Measurement) -> tuple[str, bool, float] | None:
    """Return a key that all spellings of a result's unit share; None for a word without a number."""
    return (result.analyte, result.substance, factor(result.analyte, result.unit)) if result.measured else None


def read_result(key: str, value: Any, *, unit: str | None = None, decimal: Decimal = ".") -> Measurement | None:
    """Read one result as `measure` does, or a list of one result's values from several columns.

    From a list, the first result with a number is used, else a word. Unreadable or differing results raise
    `MeasurementError`.
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
        raise refusal(analytes()[key], "results_in_conflict", said, "two columns of one result differ; neither is used")
    return next(iter(numbers or there), None)


def family(key: str) -> tuple[str, ...]:
    """Return an analyte and its siblings, which are read under its name."""
    return (key, *analytes()[key].siblings)


def named_by(key: str) -> str:
    """Return the analyte whose name a sibling shares; the analyte itself if it is not a sibling."""
    return next((each.key for each in analytes().values() if key in each.siblings), key)


def by_unit(key: str, unit: str | None) -> str:
    """Return the analyte or the sibling that is reported in a unit; the analyte if there is none, or no unit."""
    siblings = analytes()[key].siblings
    if not siblings or is_blank(unit) or is_unit_of(key, str(unit)):
        return key
    return next((each for each in siblings if is_unit_of(each, str(unit))), key)


def checked_units(units: Mapping[str, str] | None) -> None:
    """Refuse a `units=` with an unknown analyte or unit, before anything is read.

    Raises `PanelError`, or `MeasurementError` with the nearest unit and the accepted units.
    """
    checked_texts("units", units, UNITS_EXPECTED)
    for key, unit in (units or {}).items():
        if key not in analytes():
            hint = meant_name(key, analytes())
            raise PanelError(f"units: {key!r} is not an analyte{hint}", code="unknown_field", field=key)
        checked_unit(key, unit)


def checked_unit(key: str, unit: str) -> None:
    """Refuse a text that is not a unit of an analyte; raises `MeasurementError`."""
    try:
        find_unit(analytes()[by_unit(key, unit)], unit)
    except MeasurementError as error:
        raise MeasurementError(
            f"units: {error.message}", code=error.code, field=key, given=error.given, accepted=error.accepted
        ) from None


def by_result(key: str, value: Any, *, unit: str | None = None, decimal: Decimal = ".") -> str:
    """Return the analyte or the sibling that a result is of, by the unit in it or beside it."""
    if not analytes()[key].siblings:
        return key
    own = value.get("unit") if isinstance(value, dict) else None
    meant = by_unit(key, unit if is_blank(own) else cell_text(own))
    for each in dict.fromkeys((meant, *family(key))):
        try:
            measure(each, value, unit=unit, decimal=decimal)
        except MeasurementError as error:
            if error.code == "wrong_kind_of_unit":
                continue
        return each
    return key


def routed(given: dict[str, Any], units: dict[str, str], decimal: Decimal) -> dict[str, Any]:
    """Return results by the analytes that their units imply; several results of one analyte become a list."""
    named = [key for key in given if analytes()[key].siblings]
    if not named:
        return given
    found = {key: value for key, value in given.items() if key not in named}
    for key in named:
        for each in _listed(given[key]):
            meant = by_result(key, each, unit=units.get(key), decimal=decimal)
            stated = each if meant == key or key not in units else {"value": each, "unit": units[key]}
            found[meant] = [*_listed(found[meant]), stated] if meant in found else stated
    return {key: found[key] for key in analytes() if key in found}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

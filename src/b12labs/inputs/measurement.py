"""A result as a laboratory reports it, read into an interval in the analyte's canonical unit.

`145 pg/mL` is [145, 145], `<150` is [0, 150), `>2000` is (2000, inf), and a missing result is [0, inf). A result that
is only a word (`low`, `positive`) keeps the word and has no number. Nothing is guessed: a number without a unit, with
an unlisted unit, or implausible for its unit raises `MeasurementError`. A number that would be ordinary in a
neighboring unit is the interval of both readings.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from b12labs.errors import MeasurementError, PanelError, checked_word, did_you_mean
from b12labs.inputs.doubts import in_doubt, other_reading
from b12labs.inputs.flags import MISSING, Flag, flag_of
from b12labs.inputs.marked import marked
from b12labs.inputs.numbers import (
    Decimal,
    accepted,
    bounds,
    is_readable,
    read_number,
    real_number,
    refusal,
    same_unit,
    unit_of,
)
from b12labs.inputs.units import accepted_units, factor, find_unit, is_substance, unit_registry
from b12labs.inputs.words.hints import meant_name
from b12labs.logic.expressions import INF
from b12labs.reference import Analyte, Unit, analytes
from b12labs.text import LONGEST, SHOWN, cell_text, is_blank, is_missing, repeated

__all__ = ["Measurement", "measure"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One result of one analyte.

    `low` and `high` bound it in the canonical unit. `given` is the input, and `unit` its UCUM unit. `flag` is the
    laboratory's word for it. `reference_low` and `reference_high` are the laboratory's own interval, in the canonical
    unit. `readings` are the two intervals of a number whose unit is in doubt, in the stated and in the other unit;
    `other` is the number as printed in the other unit.
    """

    analyte: str
    low: float = 0.0
    high: float = INF
    unit: str = ""
    given: str = ""
    flag: Flag | None = None
    reference_low: float | None = None
    reference_high: float | None = None
    substance: bool = False
    readings: tuple[tuple[float, float], tuple[float, float]] | None = None
    other: str = ""

    def as_it_stands(self) -> Measurement:
        """Return the result in its stated unit, once its unit is settled."""
        return self if self.readings is None else self._read_as(self.readings[0])

    def in_the_other_unit(self) -> Measurement:
        """Return the result in the other unit, if its unit is in doubt."""
        return self if self.readings is None else self._read_as(self.readings[1])

    def _read_as(self, ends: tuple[float, float]) -> Measurement:
        return dataclasses.replace(self, low=ends[0], high=ends[1], readings=None, other="")

    def __post_init__(self) -> None:
        if len(self.given) > SHOWN:
            object.__setattr__(self, "given", repeated(self.given))
        if self.flag is not None:
            checked_word("flag", self.flag, Flag | None)

    @property
    def measured(self) -> bool:
        """Whether a number was reported, exact or censored."""
        return self.low > 0 or self.high < INF

    @property
    def quantity(self) -> Any:
        """The value as a pint Quantity in the canonical unit.

        Raises `MeasurementError` if it is censored or only a word.
        """
        analyte = analytes()[self.analyte]
        if self.low != self.high:
            raise refusal(analyte, "no_single_value", self.given, "expected a single number")
        return unit_registry().Quantity(self.low, "") * unit_registry().parse_expression(
            find_unit(analyte, analyte.unit).pint
        )


def measure(key: str, value: Any, *, unit: str | None = None, decimal: Decimal = ".") -> Measurement | None:
    """Read one result; return None if there is none.

    Parameters
    ----------
    key
        The analyte's key, such as `b12`.
    value
        `"145 pg/mL"`, `"<150 pg/mL"`, a number, `(number, unit)`, a pint `Quantity`, a word such as `"low"`, a
        `Measurement`, or a mapping with `value`, `unit`, `flag`, `reference_low` and `reference_high` (in the same
        unit).
    unit
        The unit if the value has none. A unit in the value is accepted only if both mean the same.
    decimal
        `","` if the laboratory writes decimal commas. Never guessed.

    Raises `PanelError` for an analyte that does not exist, and `MeasurementError`: `unreadable_value`,
    `missing_unit`, `unknown_unit`, `look_alike_unit`, `wrong_kind_of_unit`, `conflicting_units`, `unreadable_flag`,
    `conflicting_flags`, `unreadable_interval`, `negative_value`, `not_finite`, `decimal_comma`, `implausible_value`,
    `not_measured`.

    """
    if decimal not in (".", ","):
        checked_word("decimal", decimal, Decimal)
    if not isinstance(key, str) or key not in analytes():
        hint = meant_name(key, analytes())
        raise PanelError(f"{key!r} is not an analyte{hint}", code="unknown_field", field=str(key))
    return _measured(analytes()[key], value, unit, decimal)


def _measured(analyte: Analyte, value: Any, unit: str | None, decimal: Decimal) -> Measurement | None:
    """Read one result by the type of its value."""
    if isinstance(value, Measurement):
        return value
    if isinstance(value, str):
        return _read_text(analyte.key, value.strip(), unit, decimal)
    if is_missing(value):
        return None
    if isinstance(value, bool) or type(value).__name__ == "bool":
        raise refusal(
            analyte,
            "unreadable_value",
            value,
            f"expected {accepted(analyte)}",
        )
    if isinstance(value, dict):
        return _read_mapping(analyte, value, unit, decimal)
    if isinstance(value, tuple):
        if len(value) != 2 or not isinstance(value[1], str):
            raise refusal(analyte, "unreadable_value", value, "expected a pair of number and unit")
        _hold_alike(analyte, value, value[1], unit)
        return _measured(analyte, value[0], value[1], decimal)
    if hasattr(value, "magnitude") and hasattr(value, "units"):
        return _read_quantity(analyte, value, unit)
    number = real_number(value)
    if number is None:
        raise refusal(analyte, "unreadable_value", value, "expected a number or a text")
    return _exact(analyte, number, unit, f"{number:g}" + (f" {unit}" if unit else ""))


@lru_cache(maxsize=4096)
def _read_text(key: str, text: str, unit: str | None, decimal: Decimal) -> Measurement | None:
    analyte = analytes()[key]
    if len(text) > LONGEST:  # a refused text is never kept
        raise refusal(analyte, "unreadable_value", text, f"expected a text of at most {LONGEST:,} characters")
    if unit is not None and len(unit) > LONGEST:
        find_unit(analyte, unit)
    if text.casefold() in MISSING:
        return None
    flag = flag_of(analyte, text)
    if flag is not None:
        return Measurement(key, given=text, flag=flag)
    try:
        return _read_plain(analyte, text, unit, decimal)
    except MeasurementError as error:
        found = marked(analyte, text, decimal) if error.code in _MAY_BE_MARKED else None
        if found is None:
            raise
        try:
            plain = _read_plain(analyte, found.result, unit, decimal)
        except MeasurementError as fault:
            # A refused rest may still be a plain result; if not, the text has no marks, and its own error is raised.
            raise (error if fault.code in ("unreadable_value", "unknown_unit") else fault) from None
    given = text if plain.given == found.result else f"{text} {unit}"
    read = dataclasses.replace(plain, given=given, flag=found.flag)
    return read if found.interval is None else _with_interval(analyte, read, found.interval, decimal)


#: The errors of a text that may contain a mark.
_MAY_BE_MARKED = frozenset({"unreadable_value", "unknown_unit", "conflicting_units", "wrong_kind_of_unit"})


def _read_plain(analyte: Analyte, text: str, unit: str | None, decimal: Decimal) -> Measurement:
    comparator, number, stated = read_number(analyte, text, decimal)
    if not math.isfinite(number):
        raise refusal(analyte, "not_finite", text, "the number is too large to be a result")
    given = text if stated or not unit else f"{text} {unit}"
    return _interval(analyte, comparator, number, unit_of(analyte, stated, unit, given), given)


def _with_interval(analyte: Analyte, read: Measurement, printed: tuple[str, str], decimal: Decimal) -> Measurement:
    """Return a result with the laboratory's own interval that is printed after it, in its unit."""
    try:
        low, high = (_reference_end(analyte, "its interval", end, read.unit, decimal) for end in printed)
    except MeasurementError as error:
        raise MeasurementError(error.message, code=error.code, field=analyte.key, given=read.given, kept=read) from None
    if low is None or high is None or low >= high:
        why = refusal(analyte, "unreadable_interval", read.given, _INTERVAL_EXPECTED)
        raise MeasurementError(why.message, code=why.code, field=analyte.key, given=read.given, kept=read)
    return dataclasses.replace(read, reference_low=low, reference_high=high)


def _exact(analyte: Analyte, number: float, unit: str | None, given: str) -> Measurement:
    if not math.isfinite(number):
        raise refusal(analyte, "not_finite", given, "the number is too large to be a result")
    if number < 0:
        raise refusal(analyte, "negative_value", given, "a result cannot be negative")
    return _interval(analyte, "", number, unit_of(analyte, "", unit, given), given)


def _interval(analyte: Analyte, comparator: str, number: float, unit: Unit, given: str) -> Measurement:
    value = number * factor(analyte.key, unit.ucum)
    plausible = analyte.plausible
    if not plausible.low <= value <= plausible.high:
        raise refusal(
            analyte,
            "implausible_value",
            given,
            f"set aside, because {analyte.label} is plausible only between {plausible.low:g} and {plausible.high:,.6g} "
            f"{analyte.unit}; is the unit right?",
        )
    if not is_readable(analyte, comparator, value):
        raise refusal(analyte, "unreadable_value", given, "expected a number above 0 after the comparator")
    low, high = bounds(comparator, value)
    read = Measurement(analyte.key, low, high, unit.ucum, given, substance=is_substance(unit))
    if analyte.doubt is None or not in_doubt(analyte, unit, value):
        return read
    other = bounds(comparator, value * analyte.doubt.times)
    return dataclasses.replace(
        read,
        low=min(low, other[0]),
        high=max(high, other[1]),
        readings=((low, high), other),
        other=comparator + other_reading(analyte, unit, number),
    )


def _read_mapping(analyte: Analyte, value: dict[str, Any], unit: str | None, decimal: Decimal) -> Measurement | None:
    known = {"value", "unit", "flag", "reference_low", "reference_high"}
    for name in value:
        if name not in known:
            expected = f"expected one of {', '.join(sorted(known))}{did_you_mean(name, known)}"
            raise refusal(analyte, "unreadable_value", name, expected)
    own = value.get("unit")
    if not is_blank(own):
        result = value.get("value")
        if not is_blank(result) and not (isinstance(result, str) and result.strip().casefold() in MISSING):
            _hold_alike(analyte, value.get("value"), cell_text(own), unit)
        unit = cell_text(own)
    read = _measured(analyte, value.get("value"), unit, decimal)
    said, flag = value.get("flag"), None
    faults: list[MeasurementError] = []
    if not is_blank(said):
        flag = flag_of(analyte, cell_text(said).strip())
        if flag is None:
            faults.append(refusal(analyte, "unreadable_flag", said, _FLAGS_EXPECTED))
    if read is None and flag is None:
        if faults:
            raise faults[0]
        return None
    base = read or Measurement(analyte.key, given=cell_text(said))
    if base.flag and flag and base.flag != flag:
        raise refusal(analyte, "conflicting_flags", said, f"expected a flag that agrees with the value {base.given!r}")
    ends: list[float | None] = []
    for name in ("reference_low", "reference_high"):
        try:
            ends.append(_reference_end(analyte, name, value.get(name), unit, decimal))
        except MeasurementError as error:
            faults.append(error)
            ends.append(None)
    low, high = ends
    if (low is not None and high is not None and low >= high) or high == 0:
        interval = f"{cell_text(value.get('reference_low'))} to {cell_text(value.get('reference_high'))}"
        faults.append(refusal(analyte, "unreadable_interval", interval, _INTERVAL_EXPECTED))
        low = high = None
    if flag is not None or low is not None or high is not None:
        base = dataclasses.replace(
            base,
            flag=base.flag or flag,
            reference_low=base.reference_low if low is None else low,
            reference_high=base.reference_high if high is None else high,
        )
    if faults:
        first, message = faults[0], "; ".join(fault.message for fault in faults)
        raise MeasurementError(
            message, code=first.code, field=analyte.key, given=first.given, accepted=first.accepted, kept=base
        )
    return base


def _hold_alike(analyte: Analyte, given: object, own: str, unit: str | None) -> None:
    """Raise an error if the unit beside a value differs from the unit of its column or option."""
    if unit and own.strip() and not same_unit(analyte, own, unit):
        raise _conflict(analyte, given, own, unit)


def _conflict(analyte: Analyte, given: object, own: str, unit: str) -> MeasurementError:
    return refusal(analyte, "conflicting_units", given, f"its own unit is {own!r}, and its column's is {unit!r}")


#: The longest text of an interval's end that is cached.
_SHORT = 40
_FLAGS_EXPECTED = "expected a flag such as 'low', 'normal', 'high' or 'positive'"
_INTERVAL_EXPECTED = "expected an interval whose low end is below its high end"


def _reference_end(analyte: Analyte, name: str, end: Any, unit: str | None, decimal: Decimal) -> float | None:
    """Read one end of the laboratory's interval, in the unit of the value."""
    if isinstance(end, str) and len(end) <= _SHORT and isinstance(unit, str | None):
        return _end_of_text(analyte.key, name, end, unit, decimal)
    return _read_end(analyte, name, end, unit, decimal)


@lru_cache(maxsize=4096)
def _end_of_text(key: str, name: str, end: str, unit: str | None, decimal: Decimal) -> float | None:
    """Read the end of an interval, which many results share."""
    return _read_end(analytes()[key], name, end, unit, decimal)


def _read_end(analyte: Analyte, name: str, end: Any, unit: str | None, decimal: Decimal) -> float | None:
    if is_blank(end):
        return None
    comparator, number, same = "", None if isinstance(end, str) else real_number(end), True
    try:
        if isinstance(end, str):
            comparator, number, stated = read_number(analyte, end.strip(), decimal)
            same = not stated or (unit is not None and same_unit(analyte, stated, unit))
        if number is None or not 0 <= number < INF or comparator or not same:
            raise refusal(analyte, "unreadable_interval", end, f"expected a number in the unit of the value for {name}")
        if not unit:
            raise refusal(analyte, "missing_unit", end, f"{name} needs the unit of the value")
        read = number * factor(analyte.key, find_unit(analyte, unit).ucum)
        if read > analyte.plausible.high:
            raise refusal(analyte, "unreadable_interval", end, f"{name} is not plausible in {unit}")
    except MeasurementError as error:
        code = "missing_unit" if error.code == "missing_unit" else "unreadable_interval"
        raise MeasurementError(
            error.message, code=code, field=analyte.key, given=error.given, accepted=error.accepted
        ) from None
    return read


def _read_quantity(analyte: Analyte, value: Any, said: str | None) -> Measurement:
    """Read a pint Quantity in the first accepted unit of its dimension; pint converts it."""
    registry = value._REGISTRY if hasattr(value, "_REGISTRY") else unit_registry()
    from b12labs.reference import units

    for unit in units().units:
        if unit.kind in analyte.kinds and unit.kind != "ratio_to_creatinine":
            target = registry.Quantity(1.0) * registry.parse_expression(unit.pint)
            if value.check(target.dimensionality):
                number = float((value / target).to("dimensionless").magnitude)
                if said:
                    column = registry.parse_expression(find_unit(analyte, said).pint)
                    if not (value.check(column.dimensionality) and math.isclose((1 * value.units / column).to(""), 1)):
                        raise _conflict(analyte, f"{value:~}", f"{value.units:~}", said)
                return _exact(analyte, float(f"{number:.12g}"), unit.ucum, f"{value:~}")
    raise refusal(analyte, "wrong_kind_of_unit", value, f"expected one of {', '.join(accepted_units(analyte))}")

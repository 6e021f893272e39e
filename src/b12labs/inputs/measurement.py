"""A result as a laboratory reports it, read into an interval in the analyte's canonical unit.

`145 pg/mL` is [145, 145], `<150` is [0, 150), `>2000` is (2000, inf), not measured is [0, inf). A result given only as
a word (`low`, `positive`) keeps the word and measures nothing. Nothing is guessed: a number without a unit, with a unit
that is not on the closed list, or implausible for its unit is refused with `MeasurementError`.
"""

from __future__ import annotations

import dataclasses
import decimal as decimals
import math
import numbers
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from b12labs.errors import MeasurementError, did_you_mean
from b12labs.inputs.units import accepted_units, factor, find_unit, is_substance, unit_registry, usual_units
from b12labs.logic.language import OPEN_END
from b12labs.reference import Analyte, Unit, analytes
from b12labs.text import cell_text, is_blank, is_missing, shown

__all__ = [
    "FLAGS",
    "FLAG_PLACES",
    "MISSING",
    "Decimal",
    "Flag",
    "Measurement",
    "bounds",
    "is_readable",
    "measure",
    "printed_number",
    "read_flag",
    "read_number",
    "unit_of",
]

FLAG_PLACES = {None: 0, "low": 1, "normal": 2, "high": 3}


Flag = Literal["low", "normal", "high"]


Decimal = Literal[".", ","]


INF = math.inf


#: What a laboratory's word or flag says about a result, relative to the laboratory's own interval.
FLAG_WORDS: dict[Flag, tuple[str, ...]] = {
    "low": ("low", "l", "ll", "decreased", "reduced", "deficient", "undetectable", "below range", "below normal"),
    "normal": ("normal", "n", "within range", "in range", "within normal limits", "wnl"),
    "high": ("high", "h", "hh", "elevated", "raised", "increased", "mildly high", "above range"),
}


#: What it says of an analyte that is found or not. Of any other, `not detected` would be as low as can be, and is not
#: normal.
FOUND_WORDS: dict[Flag, tuple[str, ...]] = {
    "normal": ("negative", "neg", "absent", "not detected"),
    "high": ("positive", "pos", "present", "detected"),
}


QUALITATIVE = frozenset(word for words in FOUND_WORDS.values() for word in words)


FLAGS: dict[str, Flag] = {
    word: flag for group in (FLAG_WORDS, FOUND_WORDS) for flag, words in group.items() for word in words
}


#: Cells that mean "no result here". Anything else that is not a result is reported as a problem.
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "<na>"})


COMPARATORS = {
    "<": "<",
    "<=": "<=",
    "=<": "<=",
    "≤": "<=",
    ">": ">",
    ">=": ">=",
    "=>": ">=",
    "≥": ">=",
    "less than": "<",
    "below": "<",
    "under": "<",
    "greater than": ">",
    "more than": ">",
    "above": ">",
    "over": ">",
}


_PREFIX = re.compile(
    r"\s*(" + "|".join(sorted(map(re.escape, COMPARATORS), key=len, reverse=True)) + r")\s*", re.IGNORECASE
)


NUMBER = {
    ".": re.compile(
        r"(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![\d.,])",
        re.ASCII,
    ),
    ",": re.compile(
        r"(?:[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d*)?(?:[eE][+-]?\d+)?|,\d+(?:[eE][+-]?\d+)?)(?![\d.,])", re.ASCII
    ),
}


_ANY_COMMA = re.compile(r"-?\d+,\d+")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One result of one analyte.

    `low` and `high` bound it in the canonical unit; `given` is what was read, `unit` its UCUM unit. `flag` is what the
    laboratory said in words. `reference_low` and `reference_high` are the laboratory's own interval, in the canonical
    unit.
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

    @property
    def measured(self) -> bool:
        """Whether a number was reported, exact or censored."""
        return self.low > 0 or self.high < INF

    @property
    def quantity(self) -> Any:
        """The value as a pint Quantity in the canonical unit.

        Raises `MeasurementError` where it is censored or in words.
        """
        analyte = analytes()[self.analyte]
        if self.low != self.high:
            raise _error(analyte, "no_single_value", self.given, "is no single number")
        return unit_registry().Quantity(self.low, "") * unit_registry().parse_expression(
            find_unit(analyte, analyte.unit).pint
        )


def measure(key: str, value: Any, *, unit: str | None = None, decimal: Decimal = ".") -> Measurement | None:
    """Read one result; None where there is none.

    Parameters
    ----------
    key
        The analyte's key, such as `b12`.
    value
        `"145 pg/mL"`, `"<150 pg/mL"`, a number, `(number, unit)`, a pint `Quantity`, a word such as `"low"`, a
        `Measurement`, or a mapping with `value`, `unit`, `flag`, `reference_low` and `reference_high` (in the same
        unit).
    unit
        The unit where the value does not say one. A unit in the value wins only where both mean the same.
    decimal
        `","` where the laboratory writes decimal commas. Never guessed.

    Raises `MeasurementError`: `unreadable_value`, `missing_unit`, `unknown_unit`, `look_alike_unit`,
    `wrong_kind_of_unit`, `conflicting_units`, `unreadable_flag`, `conflicting_flags`, `unreadable_interval`,
    `negative_value`, `not_finite`, `decimal_comma`, `implausible_value`.

    """
    analyte = analytes()[key]
    if isinstance(value, Measurement):
        return value
    if isinstance(value, str):
        return _read_text(key, value.strip(), unit, decimal)
    if is_missing(value):
        return None
    if isinstance(value, bool) or type(value).__name__ == "bool":
        raise _error(
            analyte,
            "unreadable_value",
            value,
            "a number, a text with a number and a unit, or a word such as 'positive' was expected",
        )
    if isinstance(value, dict):
        return _read_mapping(analyte, value, unit, decimal)
    if isinstance(value, tuple):
        if len(value) != 2 or not isinstance(value[1], str):
            raise _error(analyte, "unreadable_value", value, "a pair of number and unit was expected")
        return measure(key, value[0], unit=value[1], decimal=decimal)
    if hasattr(value, "magnitude") and hasattr(value, "units"):
        return _read_quantity(analyte, value)
    number = _real(value)
    if number is None:
        raise _error(analyte, "unreadable_value", value, "a number or a text was expected")
    return _exact(analyte, number, unit, f"{number:g}" + (f" {unit}" if unit else ""))


def _real(value: Any) -> float | None:
    """Return a number as a float, None where it is none.

    What merely converts, such as bytes or a length of time, is no result.
    """
    kind = getattr(getattr(value, "dtype", None), "kind", "f")  # numpy counts lengths of time among the numbers
    if isinstance(value, bool) or not isinstance(value, _REALS) or kind not in "fiu":
        return None
    try:
        return float(value)
    except OverflowError:
        return INF if value > 0 else -INF
    except ValueError:  # a signaling NaN
        return None


_REALS: tuple[Any, ...] = (numbers.Real, decimals.Decimal)


@lru_cache(maxsize=4096)
def _read_text(key: str, text: str, unit: str | None, decimal: Decimal) -> Measurement | None:
    analyte = analytes()[key]
    if text.casefold() in MISSING:
        return None
    flag = _flag_of(analyte, text)
    if flag is not None:
        return Measurement(key, given=text, flag=flag)
    comparator, number, stated = read_number(analyte, text, decimal)
    if not math.isfinite(number):
        raise _error(analyte, "not_finite", text, "the number is too large to be a result")
    given = text if stated or not unit else f"{text} {unit}"
    return _interval(analyte, comparator, number, unit_of(analyte, stated, unit, given), given)


def unit_of(analyte: Analyte, stated: str, unit: str | None, given: str) -> Unit:
    """Return the unit of a value by what the value and its column say; raises `MeasurementError`."""
    if stated and unit and not _same_unit(analyte, stated, unit):
        raise _error(analyte, "conflicting_units", given, f"the value says {stated!r} and its column says {unit!r}")
    spelling = stated or unit
    if spelling is None:
        if analyte.kinds != ("index",):
            raise MeasurementError(
                f"{analyte.key}: {given!r} has no unit, and the number alone could mean several. Accepted: "
                f"{', '.join(usual_units(analyte))}",
                code="missing_unit",
                field=analyte.key,
                given=given,
                accepted=accepted_units(analyte),
            )
        spelling = analyte.unit
    return find_unit(analyte, spelling)


def _same_unit(analyte: Analyte, stated: str, unit: str) -> bool:
    """Tell whether two spellings mean the same quantity: pg/mL and ng/L do."""
    one, other = find_unit(analyte, stated), find_unit(analyte, unit)
    return one == other or (one.kind == other.kind and factor(analyte.key, one.ucum) == factor(analyte.key, other.ucum))


def read_flag(text: str) -> Flag | None:
    """Return what a laboratory's word or flag means, None where it is no such word."""
    return FLAGS.get(text.casefold())


def _flag_of(analyte: Analyte, text: str) -> Flag | None:
    """Return what a word says about this analyte."""
    return None if text.casefold() in QUALITATIVE and not analyte.qualitative else read_flag(text)


def read_number(analyte: Analyte, text: str, decimal: Decimal) -> tuple[str, float, str]:
    """Split a text into comparator, number and unit spelling; raises `MeasurementError` where there is no number."""
    comparator, digits, stated = printed_number(analyte, text, decimal)
    number = float(digits)
    if number == 0 and re.search("[1-9]", re.split("[eE]", digits)[0]):
        raise _error(analyte, "not_finite", text, "the number is too small to be a result")
    return comparator, number, stated


def printed_number(analyte: Analyte, text: str, decimal: Decimal) -> tuple[str, str, str]:
    """Split a text into comparator, digits as printed (with a decimal point) and unit spelling.

    Raises `MeasurementError` likewise.
    """
    prefix = _PREFIX.match(text)
    comparator = COMPARATORS[prefix[1].casefold()] if prefix else ""
    rest = text[prefix.end() :] if prefix else text
    match = NUMBER[decimal].match(rest)
    if match is None:
        raise _not_a_number(analyte, text, rest, decimal)
    digits = match[0].replace(",", "") if decimal == "." else match[0].replace(".", "").replace(",", ".")
    stated = rest[match.end() :].strip()
    if re.search("10[eE]", match[0]) and rest[match.end() :].startswith("/"):
        raise _error(
            analyte, "unreadable_value", text, "a space was expected between the number and a unit such as 10E3/uL"
        )
    if stated.isdigit():  # `1` is a unit of ratios, and `2 1` no result
        raise _error(analyte, "unreadable_value", text, "one number was expected")
    return comparator, digits, stated


def _not_a_number(analyte: Analyte, text: str, rest: str, decimal: Decimal) -> MeasurementError:
    if re.match(r"\s*[-−]\s*[\d.,]", rest):
        return _error(analyte, "negative_value", text, "a result cannot be negative")
    if decimal == "." and _ANY_COMMA.match(rest):
        return _error(
            analyte, "decimal_comma", text, "a decimal comma is read only when it is declared with decimal=','"
        )
    if decimal == "," and re.match(r"\d+\.\d+", rest):
        return _error(
            analyte, "decimal_comma", text, "decimal=',' was declared, and the number is written with a point"
        )
    if text.casefold() in QUALITATIVE:
        return _error(
            analyte,
            "unreadable_value",
            text,
            f"{analyte.label} is a number with a unit, 'low', 'normal' or 'high', not found or missed",
        )
    hint = did_you_mean(text, FLAGS) if len(text) < 40 else ""
    return _error(
        analyte,
        "unreadable_value",
        text,
        f"a number with a unit, or a word such as 'low' or 'positive', was expected{hint}",
    )


def _exact(analyte: Analyte, number: float, unit: str | None, given: str) -> Measurement:
    if not math.isfinite(number):
        raise _error(analyte, "not_finite", given, "the number is too large to be a result")
    if number < 0:
        raise _error(analyte, "negative_value", given, "a result cannot be negative")
    return _interval(analyte, "", number, unit_of(analyte, "", unit, given), given)


def _interval(analyte: Analyte, comparator: str, number: float, unit: Unit, given: str) -> Measurement:
    value = number * factor(analyte.key, unit.ucum)
    plausible = analyte.plausible
    if not plausible.low <= value <= plausible.high:
        raise _error(
            analyte,
            "implausible_value",
            given,
            f"set aside, because {analyte.label} is plausible only between {plausible.low:g} and {plausible.high:,.6g} "
            f"{analyte.unit}; is the unit right?",
        )
    if not is_readable(analyte, comparator, value):
        raise _error(analyte, "unreadable_value", given, "no result is below 0, and every result is at least 0")
    low, high = bounds(comparator, value)
    return Measurement(analyte.key, low, high, unit.ucum, given, substance=is_substance(unit))


def is_readable(analyte: Analyte, comparator: str, value: Any) -> Any:
    """Tell whether a value in the canonical unit is plausible and bounds a result; arrays give arrays.

    `<0.15 pg/mL` lies below every plausible value as a whole: the unit is doubted as it is for `0.15 pg/mL`.
    """
    plausible = analyte.plausible
    return (plausible.low <= value) & (value <= plausible.high) & ((value > 0) | (comparator in ("", "<=")))


def bounds(comparator: str, value: Any) -> tuple[Any, Any]:
    """Return the lowest and the highest number that a reported value can be.

    Arrays give arrays, and a plain number where all are the same.
    """
    if comparator == "<":
        return 0.0, value * (1 - OPEN_END)
    if comparator == "<=":
        return 0.0, value
    if comparator == ">":
        return value * (1 + OPEN_END), INF
    if comparator == ">=":
        return value, INF
    return value, value


def _read_mapping(analyte: Analyte, value: dict[str, Any], unit: str | None, decimal: Decimal) -> Measurement | None:
    known = {"value", "unit", "flag", "reference_low", "reference_high"}
    for name in value:
        if name not in known:
            expected = f"one of {', '.join(sorted(known))} was expected{did_you_mean(name, known)}"
            raise _error(analyte, "unreadable_value", name, expected)
    own = value.get("unit")
    unit = unit if is_blank(own) else cell_text(own)
    read = measure(analyte.key, value.get("value"), unit=unit, decimal=decimal)
    said, flag = value.get("flag"), None
    faults: list[MeasurementError] = []
    if not is_blank(said):
        flag = _flag_of(analyte, cell_text(said).strip())
        if flag is None:
            faults.append(_error(analyte, "unreadable_flag", said, _FLAGS_EXPECTED))
    if read is None and flag is None:
        if faults:
            raise faults[0]
        return None
    base = read or Measurement(analyte.key, given=cell_text(said))
    if base.flag and flag and base.flag != flag:
        raise _error(analyte, "conflicting_flags", said, f"the value says {base.given!r}")
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
        faults.append(_error(analyte, "unreadable_interval", interval, "is no interval"))
        low = high = None
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


_FLAGS_EXPECTED = "a flag such as 'low', 'normal', 'high' or 'positive' was expected"


def _reference_end(analyte: Analyte, name: str, end: Any, unit: str | None, decimal: Decimal) -> float | None:
    """Read one end of the laboratory's interval, in the unit of the value."""
    if is_blank(end):
        return None
    comparator, number, same = "", None if isinstance(end, str) else _real(end), True
    try:
        if isinstance(end, str):
            comparator, number, stated = read_number(analyte, end.strip(), decimal)
            same = not stated or (unit is not None and _same_unit(analyte, stated, unit))
        if number is None or not 0 <= number < INF or comparator or not same:
            raise _error(
                analyte, "unreadable_interval", end, f"a number in the unit of the value was expected for {name}"
            )
        if not unit:
            raise _error(analyte, "missing_unit", end, f"{name} needs the unit of the value")
        bound = number * factor(analyte.key, find_unit(analyte, unit).ucum)
        if bound > analyte.plausible.high:
            raise _error(analyte, "unreadable_interval", end, f"{name} is not plausible in {unit}")
    except MeasurementError as error:
        code = "missing_unit" if error.code == "missing_unit" else "unreadable_interval"
        raise MeasurementError(
            error.message, code=code, field=analyte.key, given=error.given, accepted=error.accepted
        ) from None
    return bound


def _read_quantity(analyte: Analyte, value: Any) -> Measurement:
    """Read a pint Quantity: the first accepted unit of its dimension, which pint converts into."""
    registry = value._REGISTRY if hasattr(value, "_REGISTRY") else unit_registry()
    from b12labs.reference import units

    for unit in units().units:
        if unit.kind in analyte.kinds and unit.kind != "ratio_to_creatinine":
            target = registry.Quantity(1.0) * registry.parse_expression(unit.pint)
            if value.check(target.dimensionality):
                number = float((value / target).to("dimensionless").magnitude)
                return _exact(analyte, float(f"{number:.12g}"), unit.ucum, f"{value:~}")
    raise _error(analyte, "wrong_kind_of_unit", value, f"one of {', '.join(accepted_units(analyte))} was expected")


def _error(analyte: Analyte, code: str, given: object, why: str) -> MeasurementError:
    return MeasurementError(
        f"{analyte.key}: {shown(given)}: {why}",
        code=code,
        field=analyte.key,
        given=cell_text(given),
        accepted=accepted_units(analyte),
    )

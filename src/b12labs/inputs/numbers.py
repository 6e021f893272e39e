"""A printed number, split into comparator, digits and unit; nothing is guessed."""

from __future__ import annotations

import decimal as decimals
import numbers
import re
from typing import Any, Literal

from b12labs.errors import MeasurementError, suggestion
from b12labs.inputs.doubts import in_doubt
from b12labs.inputs.flags import FLAGS, NOT_MEASURED, QUALITATIVE, is_qualitative, read_flag
from b12labs.inputs.units import accepted_units, factor, find_unit, usual_units
from b12labs.inputs.words.folding import folded
from b12labs.inputs.words.near_words import near_words
from b12labs.logic.expressions import INF
from b12labs.logic.language import OPEN_END
from b12labs.reference import Analyte, Unit
from b12labs.text import cell_text, repeated, shown

__all__ = [
    "COMPARATORS",
    "NUMBER",
    "OR",
    "Decimal",
    "accepted",
    "bounds",
    "is_plain",
    "is_readable",
    "printed_number",
    "read_number",
    "real_number",
    "refusal",
    "same_unit",
    "unit_of",
]

Decimal = Literal[".", ","]


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
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}

#: The separator of contradictory results of one draw, if none can be chosen.
OR = " or "

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

_POWER = re.compile(r"[x×*·]?\s*10\s*(?:(?:\^|\*|\*\*|[eE])\s*)?(?:\d{1,2}|[⁰¹²³⁴-⁹]{1,2})")

_ANY_COMMA = re.compile(r"-?\d+,\d+")


def real_number(value: Any) -> float | None:
    """Return a number as a float, or None if it is not a number.

    Bytes and durations convert to a number, but are not results.
    """
    kind = getattr(getattr(value, "dtype", None), "kind", "f")  # to numpy, durations are numbers
    if isinstance(value, bool) or not isinstance(value, _REALS) or kind not in "fiu":
        return None
    try:
        return float(value)
    except OverflowError:
        return INF if value > 0 else -INF
    except ValueError:  # a signaling NaN
        return None


_REALS: tuple[Any, ...] = (numbers.Real, decimals.Decimal)


def unit_of(analyte: Analyte, stated: str, unit: str | None, given: str) -> Unit:
    """Return the unit of a value from the value and its column; raises `MeasurementError`.

    In `5.2 x 10^9` beside `/L`, each holds half of the unit.
    """
    if stated and unit and "/" in unit and "number_concentration" in analyte.kinds and _POWER.fullmatch(stated):
        stated = f"{stated}/{unit.partition('/')[2].strip()}"
    if stated and unit and unit.lstrip().startswith("/") and stated.endswith(unit.strip()):
        unit = stated
    if stated and unit and not same_unit(analyte, stated, unit):
        raise refusal(analyte, "conflicting_units", given, f"its own unit is {stated!r}, and its column's is {unit!r}")
    spelling = stated or unit
    if spelling is None:
        if analyte.kinds != ("index",):
            usual = usual_units(analyte)
            several = ", and the number alone could mean several" if len(usual) > 1 else ""
            raise MeasurementError(
                f"{analyte.key}: {given!r} has no unit{several}. Accepted: {', '.join(usual)}",
                code="missing_unit",
                field=analyte.key,
                given=given,
                accepted=accepted_units(analyte),
            )
        spelling = analyte.unit
    return find_unit(analyte, spelling)


def same_unit(analyte: Analyte, stated: str, unit: str) -> bool:
    """Return whether two spellings mean the same unit: pg/mL and ng/L do."""
    one, other = find_unit(analyte, stated), find_unit(analyte, unit)
    return one == other or (one.kind == other.kind and factor(analyte.key, one.ucum) == factor(analyte.key, other.ucum))


def read_number(analyte: Analyte, text: str, decimal: Decimal) -> tuple[str, float, str]:
    """Split a text into comparator, number and unit spelling; raises `MeasurementError` if it has no number."""
    comparator, digits, stated = printed_number(analyte, text, decimal)
    number = float(digits)
    if number == 0 and re.search("[1-9]", re.split("[eE]", digits)[0]):
        raise refusal(analyte, "not_finite", text, "the number is too small to be a result")
    return comparator, number, stated


def printed_number(analyte: Analyte, text: str, decimal: Decimal) -> tuple[str, str, str]:
    """Split a text into comparator, digits as printed (with a decimal point) and unit spelling.

    Raises `MeasurementError` likewise.
    """
    if OR in text and all(_begins_like_a_result(part, decimal) for part in text.split(OR)):
        raise refusal(analyte, "results_in_conflict", text, "the results differ; none is used")
    prefix = _PREFIX.match(text)
    comparator = COMPARATORS[prefix[1].casefold()] if prefix else ""
    rest = text[prefix.end() :] if prefix else text
    match = NUMBER[decimal].match(rest)
    if match is None:
        raise _not_a_number(analyte, text, rest, decimal)
    digits = match[0].replace(",", "") if decimal == "." else match[0].replace(".", "").replace(",", ".")
    stated = rest[match.end() :].strip()
    if re.search("10[eE]", match[0]) and rest[match.end() :].startswith("/"):
        raise refusal(
            analyte, "unreadable_value", text, "expected a space between the number and a unit such as 10E3/uL"
        )
    if re.match(r"\s*(?:[-–—]|to\b)\s*[\d.,]", stated):
        raise refusal(analyte, "unreadable_value", text, "expected one number, not a range")
    if stated.isdigit():  # `1` is a unit of ratios, but `2 1` is not a result
        raise refusal(analyte, "unreadable_value", text, "expected one number")
    return comparator, digits, stated


def _begins_like_a_result(text: str, decimal: Decimal) -> bool:
    prefix = _PREFIX.match(text)
    return read_flag(text) is not None or NUMBER[decimal].match(text[prefix.end() :] if prefix else text) is not None


def _not_a_number(analyte: Analyte, text: str, rest: str, decimal: Decimal) -> MeasurementError:
    if text.casefold() in NOT_MEASURED:
        return refusal(analyte, "not_measured", text, "not measured; treated as missing")
    if re.match(r"\s*[-−]\s*[\d.,]", rest):
        return refusal(analyte, "negative_value", text, "a result cannot be negative")
    if decimal == "." and _ANY_COMMA.match(rest):
        return refusal(
            analyte, "decimal_comma", text, "a decimal comma is read only if it is declared with decimal=','"
        )
    if decimal == "," and re.match(r"\d+\.\d+", rest):
        return refusal(analyte, "decimal_comma", text, "decimal=',' is declared, but the number has a decimal point")
    if is_qualitative(text):
        return refusal(
            analyte,
            "unreadable_value",
            text,
            f"expected a number with a unit, 'low', 'normal' or 'high'; {analyte.label} is not a qualitative test",
        )
    words = [word for word in FLAGS if analyte.qualitative or word not in QUALITATIVE]
    hint = suggestion(near_words(" ".join(folded(text).split()), words))
    return refusal(
        analyte,
        "unreadable_value",
        text,
        f"expected {accepted(analyte)}{hint}",
    )


def accepted(analyte: Analyte) -> str:
    """Return the accepted forms of an analyte's value, for messages."""
    word = "positive" if analyte.qualitative else "low"
    return f"a number with a unit, or a word such as {word!r}"


def is_plain(analyte: Analyte, comparator: str, unit: Unit, value: Any) -> Any:
    """Return whether a value in the canonical unit is readable and its unit not in doubt; arrays return arrays."""
    return is_readable(analyte, comparator, value) & (in_doubt(analyte, unit, value) ^ True)


def is_readable(analyte: Analyte, comparator: str, value: Any) -> Any:
    """Return whether a value in the canonical unit is plausible and bounds a result; arrays return arrays.

    All of `<0.15 pg/mL` is below every plausible value, so its unit is doubted like that of `0.15 pg/mL`.
    """
    plausible = analyte.plausible
    return (plausible.low <= value) & (value <= plausible.high) & ((value > 0) | (comparator in ("", "<=")))


def bounds(comparator: str, value: Any) -> tuple[Any, Any]:
    """Return the lowest and the highest number that a reported value can be.

    Arrays return arrays, or a plain number if all values are the same.
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


def refusal(analyte: Analyte, code: str, given: object, why: str) -> MeasurementError:
    """Return the error of a result that is not read, with the input and the reason."""
    return MeasurementError(
        f"{analyte.key}: {shown(given)}: {why}",
        code=code,
        field=analyte.key,
        given=repeated(cell_text(given)),
        accepted=accepted_units(analyte),
    )

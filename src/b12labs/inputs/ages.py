"""An age: a number of years or of another unit, or an interval with one or two known ends (`90+`, `> 89`)."""

from __future__ import annotations

import math
import re
from typing import Any

from b12labs.errors import PanelError
from b12labs.inputs.fields import UNKNOWN_WORDS, other_unit
from b12labs.text import LONGEST, cell_text, is_missing, shown

__all__ = ["AGE", "OLDEST", "AgeRange", "age_ends", "read_age"]

OLDEST = 130

# A bare m or w is refused: 34M is a man of 34 more often than 34 months.
AGE = re.compile(
    r"(>=?|<=?|≥|≤|over|above|under|below|at least|older than|younger than)?\s*"
    r"(\d+(?:\.\d+)?)(?:\s*(?:-|–|to)\s*(\d+))?"
    r"(?:\s*(years?|yrs?|yo|y|months?|mos?|mths?|weeks?|wks?|days?|d))?(?:\s*\.)?(?:\s*old)?"
    r"(?:\s*(\+|(?:and|or) (?:over|older|above|more)))?\s*",
    re.IGNORECASE | re.ASCII,
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋－＞＜．", "0123456789+-><.")
_UNIT = re.compile(r"(years?|yrs?|yo|y|months?|mos?|mths?|m|weeks?|wks?|w|days?|d)\.?", re.IGNORECASE)
_YEARS = {"y": 1.0, "m": 1 / 12, "w": 7 / 365.25, "d": 1 / 365.25}
_BELOW = frozenset({"<", "<=", "≤", "under", "below", "younger than"})


class AgeRange(float):
    """An age in years that is known only as an interval; as a number it is the lower end."""

    high: float

    def __new__(cls, low: float, high: float = OLDEST) -> AgeRange:
        """Make the interval between two ages."""
        age = super().__new__(cls, low)
        age.high = high
        return age


def age_ends(age: float) -> tuple[float, float]:
    """Return the lowest and the highest possible age."""
    return (float(age), age.high) if isinstance(age, AgeRange) else (age, age)


def read_age(value: Any, unit: str | None = None) -> float | None:
    """Read an age: a number of years (or of the unit given), or a text such as `5 months` or `90+`.

    Raises `PanelError`.
    """
    if is_missing(value) or isinstance(value, AgeRange):
        return None if not isinstance(value, AgeRange) else value
    if unit is not None and not _UNIT.fullmatch(unit.strip()):
        raise PanelError(
            f"age: expected the unit years, months, weeks or days, got {shown(unit)}", code="unknown_unit", field="age"
        )
    text = cell_text(value).translate(_FULL_WIDTH).strip()
    if text.casefold() in UNKNOWN_WORDS:
        return None
    match = AGE.fullmatch(text) if len(text) <= LONGEST else None
    if match and match[4] and unit and match[4][0].lower() != unit.strip()[0].lower():
        raise other_unit("age", value, unit)
    low, high = _ends(match, (unit or "y").strip()) if match else (math.nan, math.nan)
    if not 0 <= low <= high or low > OLDEST:
        raise PanelError(
            f"age: expected years (67), '5 months', '3 weeks', '10 days' or '90+', up to {OLDEST} years, "
            f"got {shown(text)}",
            code="unreadable_age",
            field="age",
        )
    return low if low == high else AgeRange(low, min(high, float(OLDEST)))


def _ends(match: re.Match[str], unit: str) -> tuple[float, float]:
    """Return both ends in years, or NaN if two of the signs contradict each other."""
    bound, number, last, own, more = match.groups()
    years = _YEARS[(own or unit)[0].lower()]
    low = float(number) * years
    if sum(part is not None for part in (bound, last, more)) > 1:
        return math.nan, math.nan
    if last is not None:  # completed years
        return low, (float(last) + 1) * years if float(last) > float(number) else math.nan
    if bound is not None and bound.lower() in _BELOW:
        return (0.0, low) if low > 0 else (math.nan, math.nan)
    return low, low if bound is None and more is None else math.inf

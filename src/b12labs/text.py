"""Text and cells as every message, summary and page says them."""

from __future__ import annotations

import math
import re
from typing import Any

__all__ = [
    "WIDTH",
    "against",
    "as_words",
    "cell_text",
    "count_of",
    "interval",
    "is_blank",
    "is_missing",
    "percent",
    "printable",
    "shortened",
    "shown",
]

#: How many columns a page of a terminal has.
WIDTH = 80

#: How much of what was given a message repeats.
SHOWN = 60


def is_missing(cell: Any) -> bool:
    """Tell whether a cell of any library holds nothing: None, NaN, NA, NaT."""
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return bool(cell != cell)
    except (TypeError, ValueError, ArithmeticError):  # arrays compare by element, and a signaling NaN does not compare
        return False


def is_blank(cell: Any) -> bool:
    """Tell whether a cell is missing or a text of white space."""
    return not cell.strip() if isinstance(cell, str) else is_missing(cell)


def cell_text(cell: Any) -> str:
    """Return a cell as text."""
    try:
        return str(cell)
    except ValueError:  # Python writes no whole number of thousands of digits
        return f"a {type(cell).__name__} too long to print"


def shown(cell: Any) -> str:
    """Return a cell as a message repeats it: quoted, and not at any length."""
    text = repr(cell) if isinstance(cell, str) else cell_text(cell)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


#: What moves a cursor or colors a terminal, turns the text around it, or is no character of HTML, SVG and UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def count_of(count: int, what: str) -> str:
    """Return `1 row`, `1,000 rows`."""
    return f"{count:,} {what}{'s' * (count != 1)}"


def percent(count: int, whole: int) -> str:
    """Return a share, never 0 % of what is there and never 100 % of what is not all."""
    share = 100 * count / whole if whole else 0.0
    if 0 < share < 0.1:
        return "< 0.1 %"
    return "> 99.9 %" if 99.9 < share < 100 else f"{share:.1f} %"


def interval(low: float, high: float, digits: str = "g") -> str:
    """Return a number that is only known to lie in an interval: `180`, `200 to 250`, `at least 70`, `at most 70`."""
    if low == high:
        return f"{low:{digits}}"
    if high == math.inf:
        return f"at least {low:{digits}}"
    return f"{low:{digits}} to {high:{digits}}" if low > 0 else f"at most {high:{digits}}"


def against(relation: str, limit: str) -> str:
    """Return how a value stands to a limit in words: `below 180 pg/mL`, `below a limit of at least 70 g/L`."""
    return f"{relation} {'a limit of ' * limit.startswith(('at least ', 'at most '))}{limit}".strip()


def as_words(code: str) -> str:
    """Return a code as words: `functional_deficiency` as `functional deficiency`."""
    return code.replace("_", " ")


def printable(text: str) -> str:
    """Return words of a file without the characters that would be more than text."""
    return _UNPRINTABLE.sub("\ufffd", text)


def shortened(text: str, most: int = 400) -> str:
    """Return a text of bounded length.

    Of a longer one its beginning, and its end, where a message says what is accepted.
    """
    return text if len(text) <= most else f"{text[: most * 2 // 3]} … {text[-(most // 3) :]}"

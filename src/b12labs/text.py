"""Text and cells as every message, summary and page says them."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

__all__ = [
    "LONGEST",
    "SHOWN",
    "WIDTH",
    "Paint",
    "StrPath",
    "against",
    "around_words",
    "as_words",
    "cell_text",
    "count_of",
    "interval",
    "is_blank",
    "is_missing",
    "percent",
    "plain",
    "printable",
    "remembered",
    "repeated",
    "shortened",
    "shown",
]

#: How many columns a page of a terminal has.
WIDTH = 80

#: How much of what was given a message, or an answer, repeats.
SHOWN = 60

#: How long a cell, unit, name or header may be; a longer one is refused before it is looked at, and never kept.
LONGEST = 1000

#: A path, as Python's own functions take it.
StrPath = str | os.PathLike[str]

#: How a word of a text is shown by what it is, `heading`, `urgent` or `problem`: a terminal colors it.
Paint = Callable[[str, str], str]

F = TypeVar("F", bound=Callable[..., Any])


def plain(text: str, role: str) -> str:  # noqa: ARG001  # the signature of `Paint`
    """Return a word as it is, where nothing is colored."""
    return text


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


def repeated(text: str) -> str:
    """Return as much of what was given as an answer repeats."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def shown(cell: Any) -> str:
    """Return a cell as a message repeats it: quoted, and not at any length."""
    return repeated(repr(cell[: SHOWN + 1]) if isinstance(cell, str) else cell_text(cell))


def remembered(most: int, *, too_long: Any) -> Callable[[F], F]:
    """Return a decorator that keeps the last answers of a function of one text, or of two.

    Texts come from outside: of more than `LONGEST` signs the answer is `too_long`, and none is looked at or kept.
    """

    def decorate(function: F) -> F:
        kept = lru_cache(maxsize=most)(function)

        def of_one(text: str) -> Any:
            return kept(text) if len(text) <= LONGEST else too_long

        def of_two(text: str, other: str = "") -> Any:
            return kept(text, other) if len(text) + len(other) <= LONGEST else too_long

        answered: Any = wraps(function)(of_one if function.__code__.co_argcount == 1 else of_two)
        answered.cache_info, answered.cache_clear = kept.cache_info, kept.cache_clear
        return answered  # type: ignore[no-any-return]  # it takes what the function takes

    return decorate


#: What moves a cursor or colors a terminal, turns the text around it, or is not a character of HTML, SVG and UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


_NO_WORD = re.compile(r"\W*")


def around_words(text: str) -> tuple[str, str]:
    """Return the signs before the first word of a text, and those behind the last."""
    before, behind = _NO_WORD.match(text), _NO_WORD.match(text[::-1])
    return before[0] if before else "", behind[0][::-1] if behind else ""


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

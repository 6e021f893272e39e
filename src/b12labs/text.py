"""Texts and cells as messages, summaries and pages show them."""

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

#: The width of a report on a terminal, in columns.
WIDTH = 80

#: How many characters of an input a message or an answer repeats.
SHOWN = 60

#: The longest cell, unit, name or header, in characters; a longer one is refused unread and never kept.
LONGEST = 1000

#: A path, as Python's own functions take it.
StrPath = str | os.PathLike[str]

#: A function that shows a word by its role (`heading`, `urgent` or `problem`), such as in a terminal's color.
Paint = Callable[[str, str], str]

F = TypeVar("F", bound=Callable[..., Any])


def plain(text: str, role: str) -> str:  # noqa: ARG001  # the signature of `Paint`
    """Return a word unchanged, for output without color."""
    return text


def is_missing(cell: Any) -> bool:
    """Return whether a cell of any library is empty: None, NaN, NA, NaT."""
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return bool(cell != cell)
    except (TypeError, ValueError, ArithmeticError):  # arrays compare by element, and a signaling NaN does not compare
        return False


def is_blank(cell: Any) -> bool:
    """Return whether a cell is missing or only white space."""
    return not cell.strip() if isinstance(cell, str) else is_missing(cell)


def cell_text(cell: Any) -> str:
    """Return a cell as text."""
    try:
        return str(cell)
    except ValueError:  # Python does not print integers of thousands of digits
        return f"a {type(cell).__name__} too long to print"


def repeated(text: str) -> str:
    """Return as much of an input as an answer repeats."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def shown(cell: Any) -> str:
    """Return a cell as a message repeats it: quoted, and of bounded length."""
    return repeated(repr(cell[: SHOWN + 1]) if isinstance(cell, str) else cell_text(cell))


def remembered(most: int, *, too_long: Any) -> Callable[[F], F]:
    """Return a decorator that caches the last results of a function of one or two texts.

    The texts come from outside. If they exceed `LONGEST` characters, the result is `too_long`, and they are neither
    read nor kept.
    """

    def decorate(function: F) -> F:
        kept = lru_cache(maxsize=most)(function)

        def of_one(text: str) -> Any:
            return kept(text) if len(text) <= LONGEST else too_long

        def of_two(text: str, other: str = "") -> Any:
            return kept(text, other) if len(text) + len(other) <= LONGEST else too_long

        answered: Any = wraps(function)(of_one if function.__code__.co_argcount == 1 else of_two)
        answered.cache_info, answered.cache_clear = kept.cache_info, kept.cache_clear
        return answered  # type: ignore[no-any-return]  # it has the function's signature

    return decorate


#: Characters that control a terminal, reverse the text around them, or are invalid in HTML, SVG or UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


_NO_WORD = re.compile(r"\W*")


def around_words(text: str) -> tuple[str, str]:
    """Return the characters before the first word of a text, and those after the last word."""
    before, behind = _NO_WORD.match(text), _NO_WORD.match(text[::-1])
    return before[0] if before else "", behind[0][::-1] if behind else ""


def count_of(count: int, what: str) -> str:
    """Return `1 row`, `1,000 rows`."""
    return f"{count:,} {what}{'s' * (count != 1)}"


def percent(count: int, whole: int) -> str:
    """Return a share as text, never as 0 % if there is any, and never as 100 % if it is not all."""
    share = 100 * count / whole if whole else 0.0
    if 0 < share < 0.1:
        return "< 0.1 %"
    return "> 99.9 %" if 99.9 < share < 100 else f"{share:.1f} %"


def interval(low: float, high: float, digits: str = "g") -> str:
    """Return the text of an interval: `180`, `200 to 250`, `at least 70`, `at most 70`."""
    if low == high:
        return f"{low:{digits}}"
    if high == math.inf:
        return f"at least {low:{digits}}"
    return f"{low:{digits}} to {high:{digits}}" if low > 0 else f"at most {high:{digits}}"


def against(relation: str, limit: str) -> str:
    """Return how a value compares with a limit, in words: `below 180 pg/mL`, `below a limit of at least 70 g/L`."""
    return f"{relation} {'a limit of ' * limit.startswith(('at least ', 'at most '))}{limit}".strip()


def as_words(code: str) -> str:
    """Return a code as words: `functional_deficiency` as `functional deficiency`."""
    return code.replace("_", " ")


def printable(text: str) -> str:
    """Return a text with each unprintable character replaced."""
    return _UNPRINTABLE.sub("\ufffd", text)


def shortened(text: str, most: int = 400) -> str:
    """Return a text of bounded length.

    A longer text keeps its beginning and its end: the end of a message lists the accepted values.
    """
    return text if len(text) <= most else f"{text[: most * 2 // 3]} … {text[-(most // 3) :]}"

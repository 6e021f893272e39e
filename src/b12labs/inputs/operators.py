"""A comparator in a column of its own: it is put before its number, or the two contradict each other."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from b12labs.text import cell_text, is_blank

__all__ = ["BARE_NAMES", "COMPARATORS", "bounded", "find_operator", "is_comparator", "spelled_as", "with_operator"]

COMPARATORS = ("", "<", "<=", ">", ">=")
#: Other ways to write them, among them the codes of PCORnet.
_SPELLED = {
    "=": "", "EQ": "", "LT": "<", "LE": "<=", "GT": ">", "GE": ">=", "≤": "<=", "≥": ">=", "=<": "<=", "=>": ">=",
    "≦": "<=", "≧": ">=", "⩽": "<=", "⩾": ">=", "LESS THAN": "<", "GREATER THAN": ">", "MORE THAN": ">",
    # OMOP's concept for "no operator".
    "0": "",
}  # fmt: skip
#: Names of a column of comparators that do not name the analyte. Some of them may hold other words.
BARE_NAMES = frozenset(
    f"{noun} {word}".strip()
    for noun in ("", "result", "value", "lab", "numeric")
    for word in ("operator", "comparator", "bound", "qualifier", "modifier", "sign", "relation", "prefix")
)
_NUMBER = re.compile(r"\s*[.,]?\d")
_STATED = re.compile(r"\s*(<=?|>=?|≤|≥)")
_AS_SIGN = {"≤": "<=", "≥": ">="}


def find_operator(text: str) -> str | None:
    """Return the comparator that a whole text is, in any case and width, or None."""
    plain = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    return plain if plain in COMPARATORS else _SPELLED.get(plain)


def spelled_as(sign: str) -> tuple[str, ...]:
    """Return the listed spellings of a comparator, in capitals."""
    return (sign, *(spelling for spelling, meant in _SPELLED.items() if meant == sign))


def with_operator(sign: str, value: str) -> str | None:
    """Return a value with its comparator before it, such as `<.9`; None if the value has a different one.

    A value that has the same comparator is unchanged; a word without a number (`pending`) needs none.
    """
    if not sign or not any(map(str.isdigit, value)):
        return value
    if _NUMBER.match(value):
        return f"{sign}{value.strip()}"
    stated = _STATED.match(value)
    return value if stated and _AS_SIGN.get(stated[1], stated[1]) == sign else None


def is_comparator(cell: Any) -> bool:
    """Return whether a cell bounds a result: `<`, `<=`, `>` or `>=` in any spelling, and not `=`."""
    return not is_blank(cell) and bool(find_operator(cell_text(cell)))


def bounded(cells: dict[str, Any]) -> Any:
    """Take the comparator out of the cells of a result, and return the value with it.

    An `operator` that is not a comparator, or contradicts the value, makes a text that cannot be read. A `qualifier`
    may hold other words, which are ignored.
    """
    value, operator, qualifier = cells["value"], cells.pop("operator", None), cells.pop("qualifier", None)
    if is_blank(operator) and is_comparator(qualifier):
        operator = qualifier
    if is_blank(value) or is_blank(operator):
        return value
    sign = find_operator(cell_text(operator))
    if sign == "":
        return value
    text = None if sign is None else with_operator(sign, cell_text(value))
    return f"{cell_text(operator)} {cell_text(value)}" if text is None else text

"""A comparator in a column of its own: it is put before its number, or the two contradict each other."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["COMPARATORS", "find_operator", "spelled_as", "with_operator"]

COMPARATORS = ("", "<", "<=", ">", ">=")
#: Other ways to write them, among them the codes of PCORnet.
_SPELLED = {
    "=": "", "EQ": "", "LT": "<", "LE": "<=", "GT": ">", "GE": ">=", "≤": "<=", "≥": ">=", "=<": "<=", "=>": ">=",
    "≦": "<=", "≧": ">=", "⩽": "<=", "⩾": ">=", "LESS THAN": "<", "GREATER THAN": ">", "MORE THAN": ">",
    # OMOP's concept for "no operator".
    "0": "",
}  # fmt: skip
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

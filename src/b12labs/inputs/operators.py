"""A comparator that stands in a column of its own: it goes before its number, or the two contradict each other."""

from __future__ import annotations

import re

__all__ = ["COMPARATORS", "SPELLED", "with_operator"]

COMPARATORS = ("", "<", "<=", ">", ">=")
#: Other ways to write them, among them the codes of PCORnet.
SPELLED = {
    "=": "", "EQ": "", "LT": "<", "LE": "<=", "GT": ">", "GE": ">=", "≤": "<=", "≥": ">=", "=<": "<=", "=>": ">=",
}  # fmt: skip
_NUMBER = re.compile(r"\s*[.,]?\d")
_STATED = re.compile(r"\s*(<=?|>=?|≤|≥)")
_AS_SIGN = {"≤": "<=", "≥": ">="}


def with_operator(sign: str, value: str) -> str | None:
    """Return a value with its comparator before it, as `<.9`; None if the value says another.

    A value that has the same comparator keeps it, and a word without a number (`pending`) needs none.
    """
    if not sign or not any(map(str.isdigit, value)):
        return value
    if _NUMBER.match(value):
        return f"{sign}{value.strip()}"
    stated = _STATED.match(value)
    return value if stated and _AS_SIGN.get(stated[1], stated[1]) == sign else None

"""A result with the marks that a laboratory prints around it: `145 L`, `H 2000`, `<148*`, `10.4 g/dL (12-16) L`.

Such a text is read only if it is not a plain result. Every mark must be understood: a direction (`L`, `high`, `↓`), a
footnote (`*`) or the laboratory's own interval in brackets. The rest must be a plain result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from b12labs.inputs.flags import Flag, flag_of
from b12labs.inputs.numbers import NUMBER, Decimal
from b12labs.reference import Analyte

__all__ = ["Marked", "marked"]

#: Full-width and small forms of the signs around a number.
_SIGNS = str.maketrans("＜＞﹤﹥≦≧⩽⩾（）［］＊　０１２３４５６７８９．，", "<><>≤≥≤≥()[]* 0123456789.,")
_ARROWS: dict[str, Flag] = {"↓": "low", "↑": "high", "⬇": "low", "⬆": "high", "▼": "low", "▲": "high"}
_ARROW, _SIGNED = "|".join(_ARROWS), "".join(_ARROWS)
#: White space is matched from its start only: matching from each of its signs would take quadratic time.
_SPACE = r"(?<!\s)\s*"
_LAST = re.compile(
    rf"{_SPACE}(?:(?P<arrow>(?<![{_SIGNED}])(?:{_ARROW})+)|(?<!\*)\*+|[(\[](?P<held>[^\W\d_]{{1,12}}|\*+)[)\]])$"
)
_FIRST = re.compile(rf"^(?P<arrow>(?:{_ARROW})+)\s*|^\*+\s*|^(?P<word>[^\W\d_]{{1,12}})[\s:]+(?=[\d.,<>≤≥=])")
#: A mark between the number and its unit: a letter there must be a capital, as `n` before `mol/L` is a prefix.
_INSIDE = re.compile(
    rf"(?<=[\d.])\s*(?:(?P<arrow>(?:{_ARROW})+)|\*+|\(?(?P<word>[A-Z]{{1,2}}|[^\W\d_]{{3,12}})\)?)\s+(?=\S*/\S|%)"
)
_INTERVAL = re.compile(
    rf"{_SPACE}[(\[]\s*(?:ref(?:erence)?\.?:?\s*)?(?P<low>[\d.,]{{1,20}})\s*(?:[-–—]|to|\.\.)\s*(?P<high>[\d.,]{{1,20}})\s*[)\]]",
    re.IGNORECASE,
)
#: How many words at the end of a text may be a direction (`below range`).
_WORDS = 3


@dataclass(frozen=True, slots=True)
class Marked:
    """The plain result of a marked one, the direction of its marks, and the ends of its interval as printed."""

    result: str
    flag: Flag | None
    interval: tuple[str, str] | None


def marked(analyte: Analyte, text: str, decimal: Decimal) -> Marked | None:
    """Take the marks off a result; return None if it has none, or one that is not understood."""
    rest, flags, interval = text.translate(_SIGNS).strip(), set[Flag](), None
    while True:
        before = rest
        found = _INTERVAL.search(rest)
        if found and interval is None and all(NUMBER[decimal].fullmatch(found[end]) for end in ("low", "high")):
            interval = found["low"], found["high"]
            rest = f"{rest[: found.start()]} {rest[found.end() :]}".strip()
        for pattern in (_FIRST, _INSIDE, _LAST):
            mark = pattern.search(rest)
            said = _said(analyte, mark.groupdict()) if mark else None
            if mark and said is not None:
                flags |= said
                rest = f"{rest[: mark.start()]} {rest[mark.end() :]}".strip()
        rest, said = _last_words(analyte, rest)
        flags |= said
        if rest == before:
            break
    if rest == text.strip() or len(flags) > 1:
        return None
    return Marked(rest, next(iter(flags), None), interval)


def _said(analyte: Analyte, groups: dict[str, str | None]) -> set[Flag] | None:
    """Return the direction of a mark, an empty set for a footnote, or None if its word is not understood."""
    arrow, word = groups.get("arrow"), groups.get("word") or groups.get("held")
    if arrow:
        return {_ARROWS[sign] for sign in arrow}
    if not word or not word.strip("*"):
        return set()
    flag = flag_of(analyte, word)
    return None if flag is None else {flag}


def _last_words(analyte: Analyte, text: str) -> tuple[str, set[Flag]]:
    """Take a direction in words off the end of a text; a letter may follow the number directly."""
    parts = text.split()
    for count in range(min(_WORDS, len(parts) - 1), 0, -1):
        flag = flag_of(analyte, " ".join(parts[-count:]))
        if flag is not None:
            return " ".join(parts[:-count]), {flag}
    close = re.fullmatch(r"(?P<number>.*\d)(?P<letter>[LHlh])", text, re.ASCII | re.DOTALL)
    flag = flag_of(analyte, close["letter"]) if close else None
    return (close["number"], {flag}) if close and flag else (text, set())

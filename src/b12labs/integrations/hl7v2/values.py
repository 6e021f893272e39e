"""The value, unit, reference interval and flag of an OBX, as texts that the one grammar of results reads.

A value that has no meaning as a result becomes a text that is not a result, so that it is reported like any other.
"""

from __future__ import annotations

import re
from functools import cache

from b12labs.inputs.flags import read_flag
from b12labs.inputs.panel import Problem
from b12labs.integrations.hl7v2.coded import Coded, coded
from b12labs.integrations.hl7v2.segments import Segment
from b12labs.reference import units
from b12labs.text import shown

__all__ = ["flag_of", "interval_of", "unit_of", "value_of"]

_TEXTS = ("NM", "ST", "TX", "FT", "IS", "ID", "")
_CODES = ("CE", "CWE", "CNE", "CF")
_COMPARATORS = ("", "=", "<", "<=", ">", ">=")
_NUMBER = r"(\d+(?:[.,]\d+)*)"
_RANGE = re.compile(rf"\(?\s*{_NUMBER}\s*[-‐‑‒–—−]\s*{_NUMBER}\s*\)?\s*(.*)", re.ASCII)
_OPEN_ENDED = re.compile(rf"\(?\s*([<>≤≥])=?\s*{_NUMBER}\s*\)?\s*(.*)", re.ASCII)


def value_of(segment: Segment) -> str:
    """Return the value of OBX-5 by the type of OBX-2; repetitions are lines of one text."""
    kind = segment.part(2).upper()
    sent = [part for part in segment.repetitions(5) if part]
    if kind == "SN":
        said = [_structured(segment.components(part)) for part in sent]
    elif kind in _CODES:
        said = [_word(coded(segment.components(part))) for part in sent]
    elif kind in _TEXTS:
        said = [_plain(segment.components(part)) for part in sent]
    else:
        said = [f"type {kind if re.fullmatch('[A-Z]{2,3}', kind) else 'unknown'}"] if sent else []
    return " ".join(" ".join(said).split())


def _plain(parts: list[str]) -> str:
    """Return a text; these types have no components, so a text with components is marked as such."""
    return f"components {' '.join(parts)}" if any(parts[1:]) else parts[0]


def _structured(parts: list[str]) -> str:
    """Return a structured numeric: `<^150` is `<150`; a range, ratio or titer is not one number, and is marked."""
    comparator, number, *rest = [*parts, ""]
    if any(rest) or (comparator not in _COMPARATORS and number):
        return f"structured {' '.join(parts)}"
    if comparator not in _COMPARATORS:
        return comparator
    return f"{'' if comparator == '=' else comparator}{number}"


def _word(sent: Coded) -> str:
    """Return a coded word if its code and texts mean the same; a code is never read as a number."""
    words = [word for word in (sent.words or sent.code, sent.other_words or sent.other_code, sent.original) if word]
    meanings = {read_flag(word) for word in words} | ({read_flag(sent.code), read_flag(sent.other_code)} - {None})
    if not words:
        return ""
    return words[0] if len(meanings) == 1 and None not in meanings else f"code {' '.join(dict.fromkeys(words))}"


def unit_of(segment: Segment) -> str:
    """Return the unit of OBX-6: the component that is a unit, or all of them if two are units and differ."""
    sent = coded(segment.components(segment.only(6)))
    said = [part for part in sent.sent if part]
    # A caret that was not escaped: 10^9/L.
    joined = f"{sent.code}^{sent.words}"
    if sent.code and _folded(joined) in _sizes() and _folded(sent.code) not in _sizes():
        return joined
    known = [part for part in said if _folded(part) in _sizes()]
    if any(not _sizes()[_folded(part)] & _sizes()[_folded(known[0])] for part in known):
        return " / ".join(known)
    return (known or said or [""])[0]


@cache
def _sizes() -> dict[str, frozenset[tuple[str, float]]]:
    """Return the possible meanings of every spelling of a unit: kind and size."""
    found: dict[str, set[tuple[str, float]]] = {}
    for unit in units().units:
        for spelling in (unit.ucum, *unit.spellings):
            found.setdefault(_folded(spelling), set()).add((unit.kind, unit.si))
    return {spelling: frozenset(meanings) for spelling, meanings in found.items()}


def _folded(spelling: str) -> str:
    return "".join(spelling.replace("^", "").split()).casefold()


def interval_of(segment: Segment) -> tuple[str, str, Problem | None]:
    """Return the ends of OBX-7 (blank if it has none), and a note if it is not an interval of numbers."""
    text = segment.text(segment.repetitions(7)[0])
    found, open_ended = _RANGE.fullmatch(text), _OPEN_ENDED.fullmatch(text)
    stated = found[3] if found else open_ended[3] if open_ended else ""
    if text and (not (found or open_ended) or (stated and _folded(stated) != _folded(unit_of(segment)))):
        why = f"expected an interval such as 180-914, <0.40 or >=7, got {shown(text)}; the result is used without it"
        return "", "", Problem("reference_not_used", "reference", why)
    if found:
        return found[1], found[2], None
    if open_ended:
        return ("", open_ended[2], None) if open_ended[1] in "<≤" else (open_ended[2], "", None)
    return "", "", None


def flag_of(segment: Segment) -> str:
    """Return the flag of OBX-8. If there are several, return the one with a direction, or all if two contradict.

    A sign that a bare number is beyond the instrument's scale comes first: without it the number would be read as
    exact.
    """
    said = [part for part in (segment.components(sent)[0] for sent in segment.repetitions(8)) if part]
    value = value_of(segment)
    signs = sorted({part for part in said if part in ("<", ">")})
    if len(signs) == 1 and value[:1].isdigit():
        return signs[0]
    said = [part for part in said if part not in signs or not value.startswith(part)] or said
    directions = {flag: part for part in said if (flag := read_flag(part) or (part if part in ("<", ">") else None))}
    abnormal = any(part.upper() in ("A", "AA") for part in said)
    if len(directions) == 1 and not (abnormal and "normal" in directions):
        return next(iter(directions.values()))
    return "~".join(said)

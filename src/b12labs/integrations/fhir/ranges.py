"""The laboratory's reference interval: which of several ranges applies, and its ends in the unit of the value.

A range that only may apply (because an age or a group is not known) is not used, and a note reports that.
"""

from __future__ import annotations

import re
from typing import Any

from b12labs.errors import PanelError
from b12labs.inputs.ages import read_age
from b12labs.inputs.panel import Problem
from b12labs.inputs.units import meanings
from b12labs.integrations.fhir.shapes import Json, codings, items, names_of, node, text, unknown_rules
from b12labs.integrations.fhir.values import number_text, quantity_unit

__all__ = ["Ends", "reference_ends"]

#: The low and the high end as texts (blank if there is none), and the reason why no range is used (None if one is used,
#: or if there is none).
Ends = tuple[str, str, Problem | None]

_NONE: Ends = ("", "", None)
_NORMAL = frozenset({"normal", "normal range", "reference range", "reference interval"})
_SEXES = {
    "female": "female",
    "f": "female",
    "women": "female",
    "woman": "female",
    "male": "male",
    "m": "male",
    "men": "male",
    "man": "male",
}
_NUMBER = r"\d+(?:\.\d+)?"
_BETWEEN = re.compile(rf"\s*({_NUMBER})\s*(?:-|‐|‑|–|—|−|to)\s*({_NUMBER})\s*(\S.*)?", re.ASCII)
_OPEN_ENDED = re.compile(rf"\s*(<=?|>=?|≤|≥)\s*({_NUMBER})\s*(\S.*)?", re.ASCII)
_YEARS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days"}


def reference_ends(ranges: Any, unit: str, sex: str, age: float | None) -> Ends:
    """Return the interval that applies to a patient of this sex (blank: unknown) and age in years (None: unknown)."""
    if not ranges:
        return _NONE
    if not isinstance(ranges, list) or len(items(ranges)) != len(ranges):
        return _not_used("expected a list of ranges")
    normal = [one for one in ranges if _is_normal(one)]
    fit = [one for one in normal if _fits(one, sex, age)]
    if len(fit) == 1 and not unknown_rules(fit[0]):
        return _ends(fit[0], unit)
    if not normal:
        return _not_used("none of the ranges is a normal range")
    return _not_used("several ranges apply" if len(fit) > 1 else "no range is known to apply to the patient")


def _not_used(why: str) -> Ends:
    return "", "", Problem("reference_not_used", "reference", f"{why}; the result is read without the reference limits")


def _is_normal(one: Json) -> bool:
    """Return whether a range is the normal one: its type says so, or it has no type."""
    kind = one.get("type")
    said = [*names_of(kind), *(text(coding.get("code")) for coding in codings(kind))]
    return not kind or any(name.casefold() in _NORMAL for name in said)


def _fits(one: Json, sex: str, age: float | None) -> bool:
    """Return whether a range is known to apply: every group of it is the patient's sex, and the age lies within."""
    for group in [*items(one.get("appliesTo")), *([] if isinstance(one.get("appliesTo", []), list) else [{}])]:
        said = {
            _SEXES[name]
            for word in (*names_of(group), *(text(code.get("code")) for code in codings(group)))
            if (name := word.casefold()) in _SEXES
        }
        if said != {sex}:
            return False
    if one.get("age") is None:
        return True
    low, high = (_age(node(one["age"]).get(end)) for end in ("low", "high"))
    if age is None or (low is None and high is None):
        return False
    return (low is None or low <= age) and (high is None or age <= high)


def _age(quantity: Any) -> float | None:
    unit = quantity_unit(node(quantity))
    written = number_text(node(quantity).get("value"))
    try:
        return read_age(written, _YEARS.get(unit, unit)) if isinstance(unit, str) and unit and written else None
    except PanelError:
        return None


def _ends(one: Json, unit: str) -> Ends:
    low, high = one.get("low"), one.get("high")
    if low is None and high is None:
        return _in_words(text(one.get("text")), unit)
    found = []
    for end in (low, high):
        written = number_text(node(end).get("value"))
        own = quantity_unit(node(end))
        if end is not None and (not written or node(end).get("comparator") is not None):
            return _not_used("expected numbers as the ends of the range")
        if isinstance(own, Problem) or not _same(own, unit):
            return _not_used("the range is in another unit than the result")
        found.append(str(float(written)) if "E" in written else written)
    return found[0], found[1], None


def _in_words(said: str, unit: str) -> Ends:
    """Return the ends of a text such as `145-569`, `>7` or `<0.40`, with the unit of the value or none."""
    between, open_ended = _BETWEEN.fullmatch(said), _OPEN_ENDED.fullmatch(said)
    stated = (between or open_ended or ["", "", "", ""])[3] or ""
    if between and _same(stated.strip(), unit):
        return between[1], between[2], None
    if open_ended and _same(stated.strip(), unit):
        return ("", open_ended[2], None) if open_ended[1] in ("<", "<=", "≤") else (open_ended[2], "", None)
    return _not_used("the text of the range cannot be read as numbers")


def _same(own: str, unit: str) -> bool:
    return not own or own == unit or bool(meanings(own) & meanings(unit))

"""A record of the reference data as text: the numbers and structure that decide, and the sentences."""

from __future__ import annotations

import hashlib
from typing import Any

from b12labs.record import Record

__all__ = ["digest", "of_model", "whole"]

#: The members that are sentences and decide nothing, by class; `source` and `checked` are sentences in every class.
_SAID: dict[str, tuple[str, ...]] = {
    "MolarMass": ("of",),
    "LimitName": ("means",),
    "RefusedSpelling": ("why",),
    "LimitRow": ("note",),
    "Formula": ("title",),
    "Guideline": ("title", "leaves_out"),
    "Regimen": (
        *("drug", "loading", "maintenance", "review"),
        *("review_source", "maintenance_source", "maintenance_checked"),
    ),
    "FolicAcid": ("dose",),
    "RedFlags": ("text",),
    "Condition": (
        *("label", "cause", "test", "treatment", "onset", "side", "place", "character", "goes_with", "against_b12"),
        *("note", "treatment_checked", "unconfirmed"),
    ),
    "BedsideWord": ("remarks",),
}
_SAID_EVERYWHERE = ("source", "checked")
#: Names that are printed, and that also recognize a header or a word.
_BOTH: dict[str, tuple[str, ...]] = {"Analyte": ("name", "label"), "Term": ("label",), "BedsideWord": ("label",)}
#: Members whose order decides nothing.
_SETS: dict[str, tuple[str, ...]] = {
    "Analyte": ("synonyms", "loinc"),
    "Unit": ("spellings",),
    "RefusedSpelling": ("kinds",),
    "Units": ("units", "refused"),
    "Term": ("synonyms", "groups", "codes"),
    "LimitRow": ("pregnancy",),
    "Population": ("pregnancy",),
    "Guideline": ("laboratory_decides", "limits"),
    "BedsideWord": ("synonyms", "terms"),
}


def digest(content: Any) -> str:
    """Return the digest of nested lists and texts, the same on every platform and version of Python."""
    return hashlib.sha256(ascii(content).encode()).hexdigest()


def of_model(content: Any) -> tuple[str, str]:
    """Return the digests of the deciding content and of the sentences of a record, or of a mapping of records."""
    decides, said = _parted(content)
    return digest(decides), digest(said)


def _parted(value: Any) -> tuple[Any, Any]:
    """Return a value as lists and texts in two parts: the deciding content, and the sentences."""
    if isinstance(value, Record):
        return _parted_record(value)
    if isinstance(value, dict):
        parts = {str(key): _parted(value[key]) for key in sorted(value, key=str)}
        return _both(parts)
    if isinstance(value, list | tuple):
        each = [_parted(part) for part in value]
        return [decides for decides, _ in each], [said for _, said in each if said]
    return _plain(value), []


def _parted_record(record: Record) -> tuple[Any, Any]:
    kind = type(record).__name__
    decides: dict[str, Any] = {}
    said: dict[str, Any] = {}
    for name in sorted(record.__dict__):
        value = getattr(record, name)
        if name in (*_SAID_EVERYWHERE, *_SAID.get(kind, ())):
            said[name] = whole(value)
            continue
        if name in _BOTH.get(kind, ()):
            said[name] = whole(value)
        if kind == "Context" and name == "groups":  # the names of the groups decide; their meanings are sentences
            decides[name], said[name] = sorted(value), whole(value)
            continue
        decides[name], spoken = _parted(value)
        if name in _SETS.get(kind, ()):
            decides[name], spoken = _unordered(decides[name]), _unordered(spoken)
        if spoken:
            said[name] = spoken
    return sorted(decides.items()), sorted(said.items())


def _both(parts: dict[str, tuple[Any, Any]]) -> tuple[Any, Any]:
    return (
        [(key, decides) for key, (decides, _) in parts.items()],
        [(key, said) for key, (_, said) in parts.items() if said],
    )


def _unordered(value: Any) -> Any:
    """Return rows in a fixed order; in a mapping of rows, sort the rows of each key."""
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return [(key, _unordered(rows)) for key, rows in value]
    return sorted(value, key=ascii) if isinstance(value, list) else value


def whole(value: Any) -> Any:
    """Return a value as lists and texts."""
    if isinstance(value, Record):
        return [(name, whole(getattr(value, name))) for name in sorted(value.__dict__)]
    if isinstance(value, dict):
        return [(str(key), whole(value[key])) for key in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [whole(part) for part in value]
    return _plain(value)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

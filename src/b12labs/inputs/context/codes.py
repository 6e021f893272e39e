"""Context terms of the codes of medicines and diagnoses: ATC, RxNorm, dm+d, SNOMED CT, ICD-10, Read, CTV3.

The longest listed prefix decides. A code that is wider than a term does not prove it, and gives the terms that it may
mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from b12labs.reference.context_codes import ContextSystem, ListedContext, context_codes, context_systems
from b12labs.text import remembered

__all__ = ["OTHER", "ContextCode", "context_system", "find_context_code"]

#: Signs of ICD that are not part of a code: dagger and asterisk, and the marks of German hospitals.
_MARKS = re.compile(r"[†‡*+!#.\s-]")
#: The certainty of a German diagnosis: G confirmed, V suspected, A excluded, Z in the past.
_CERTAINTY = re.compile(r"(?P<code>[A-Z]\d\d\.?[\d-]*[†*+!#]?)\s*(?P<certainty>[GVAZ])")
_UNPROVEN = {"V": "suspected", "A": "excluded", "Z": "in the past"}
#: Systems whose codes are case-sensitive.
_EXACT = frozenset({"read_v2", "ctv3"})
_NAMED = re.compile(r"(?P<system>[A-Za-z][\w +./-]{1,40}?) ?[:#| ] ?(?P<code>[\w.-]{3,40})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ContextCode:
    """The meaning of a code.

    `terms` are the terms that it means. `perhaps` are terms that it may mean, if it is wider. `why` is the reason if it
    means none. `other` is whether it is known, but not as a term.
    """

    terms: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    why: str = ""
    other: bool = False


#: A medicine or diagnosis that is known, but not as a term.
OTHER = ContextCode(other=True)


@remembered(256, too_long=None)
def context_system(name: str) -> ContextSystem | None:
    """Return the code system that a message names by URI, OID, abbreviation or national form, or None."""
    folded = name.strip().casefold()
    systems = context_systems().values()
    named = (system for system in systems if folded in system.names or folded == system.key)
    like = (system for system in systems if system.like and re.search(system.like, folded))
    return next(named, None) or next(like, None)


@remembered(8192, too_long=None)
def find_context_code(code: str, system: str = "") -> ContextCode | None:
    """Return the meaning of a code of a named system, or None if it is on no list and may mean anything.

    Without a system, a text such as `ATC A10BA02`, `A10BA02` or `D51.0` is looked up.
    """
    if system:
        known = context_system(system)
        return _in_system(code.strip(), known) if known is not None else None
    split = _NAMED.fullmatch(" ".join(code.split()))
    named = context_system(split["system"]) if split else None
    if split and named is not None:
        return _in_system(split["code"], named)
    for each in context_systems().values():
        if each.bare and re.fullmatch(each.bare, code.strip().upper(), re.ASCII):
            found = _in_system(code.strip(), each)
            if found is not None:
                return found
    return None


def _in_system(code: str, system: ContextSystem) -> ContextCode | None:
    certain = _CERTAINTY.fullmatch(code) if system.of == "diagnoses" and system.key != "icd_10_cm" else None
    unproven = _UNPROVEN.get(certain["certainty"], "") if certain else ""
    plain = certain["code"] if certain else code
    if system.key not in _EXACT:
        plain = _MARKS.sub("", plain).upper()
    if system.strip and plain.startswith(system.strip) and len(plain) > 3:
        plain = plain[len(system.strip) :]
    rows = [row for key in (system.key, system.also) if key and (row := _listed(plain, key)) is not None]
    if rows:
        return _said(max(rows, key=lambda row: len(row.code)), unproven)
    whole = system.classes and re.fullmatch(system.form, plain, re.ASCII) is not None
    return OTHER if whole and not _is_parent(plain, system) else None


def _listed(code: str, key: str) -> ListedContext | None:
    """Return the row of a code, or of its longest listed prefix."""
    table = context_codes(key)
    own = table.get(code)
    if own is not None:
        return own
    starts = (table.get(code[:length]) for length in range(len(code), 2, -1))
    return next((row for row in starts if row is not None and row.prefix), None)


def _said(row: ListedContext, unproven: str) -> ContextCode:
    if row.refused:
        return ContextCode(why=row.refused, other=True)
    if unproven:
        return ContextCode(
            perhaps=row.terms if unproven != "excluded" else frozenset(), why=f"the diagnosis is {unproven}"
        )
    if row.wider:
        return ContextCode(perhaps=row.terms, why="the code is wider than any term")
    return ContextCode(row.terms)


def _is_parent(code: str, system: ContextSystem) -> bool:
    """Return whether a code is above a listed one, so that it may mean it."""
    return any(code in _parents(key) for key in (system.key, system.also) if key)


@cache
def _parents(key: str) -> frozenset[str]:
    return frozenset(code[:length] for code in context_codes(key) for length in range(len(code)))

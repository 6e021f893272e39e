"""Analytes of the codes of tests: LOINC, NPU, SNOMED CT, Read, JLAC10, OMOP, and Finnish numbers.

A code takes precedence over the name beside it. The code of a similar but different test (urine, a ratio, whole blood)
is refused with the reason. A code on no list has no meaning.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from b12labs.reference.codes import BLOOD, CodeSystem, ListedCode, code_systems, listed_codes, specimen_codes
from b12labs.text import LONGEST, remembered

__all__ = ["code_system", "find_code", "is_loinc", "split_code"]

_NAMED = re.compile(r"\s*(?P<system>[A-Za-z][\w ./-]{1,40}?)\s*[:#|]\s*(?P<code>[\w.-]{3,40})\s*", re.ASCII)


def code_system(name: str) -> str | None:
    """Return the key of the code system that a URI, an OID or an abbreviation names, or None."""
    return _systems_by_name().get(name.strip().casefold())


@cache
def _systems_by_name() -> dict[str, str]:
    return {name: system.key for system in code_systems().values() for name in (*system.names, system.key)}


@remembered(8192, too_long=None)
def find_code(code: str, system: str = "") -> ListedCode | None:
    """Return the listed meaning of a code, or None if it is on no list.

    `system` is the key of a code system. Without it, the code is looked up in each system whose form it has. A code
    that has different analytes in two systems has no meaning.
    """
    code = code.strip()
    if system:
        return _in_system(code, code_systems()[system]) if system in code_systems() else None
    found = {
        row.code + row.analyte + row.refused: row
        for listed in code_systems().values()
        if _has_form(code, listed) and (row := _in_system(code, listed)) is not None
    }
    rows = list(found.values())
    agreed = len({(row.analyte, bool(row.refused)) for row in rows}) == 1
    return rows[0] if agreed else None


def split_code(text: str) -> tuple[str, str]:
    """Split `LOINC:2132-9` into the system's key and the code; without a system, the whole text is the code."""
    named = _NAMED.fullmatch(text) if len(text) <= LONGEST else None
    if named and (system := code_system(named["system"])):
        return system, named["code"]
    return "", text.strip()


def is_loinc(code: str) -> bool:
    """Return whether a code has LOINC's form and check digit."""
    code = code.strip()
    return _has_form(code, code_systems()["loinc"]) and _has_loinc_digit(code)


def _in_system(code: str, system: CodeSystem) -> ListedCode | None:
    listed = listed_codes(system.key)
    own = listed.get(code)
    if own is not None and not own.prefix:
        return own
    start = listed.get(code[: system.prefix]) if system.prefix and len(code) > system.prefix else None
    if start is None or not start.prefix:
        return None
    if set(code[slice(*system.zeros)]) != {"0"}:
        return None
    specimen = specimen_codes().get(system.key, {}).get(code[slice(*system.specimen)], "not known")
    return start if specimen in BLOOD else replace(start, refused=f"specimen {specimen}")


def _has_form(code: str, system: CodeSystem) -> bool:
    """Return whether a code has the form of a system's codes."""
    return bool(system.form) and re.fullmatch(system.form, code, re.ASCII) is not None


def _has_loinc_digit(code: str) -> bool:
    """Return whether the digit after the hyphen is the check digit (modulus 10) of those before it."""
    digits = [int(digit) for digit in reversed(code[:-2])]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::2])
    return (doubled + sum(digits[1::2]) + int(code[-1])) % 10 == 0

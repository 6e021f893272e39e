"""Which analyte a code of a test means: LOINC, NPU, SNOMED CT, Read, JLAC10, OMOP, and Finnish numbers.

A code decides before the name beside it. A code that is near an analyte and is another test (urine, a ratio, whole
blood) is refused with the reason, and a code on no list means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache

from b12labs.reference.codes import BLOOD, CodeSystem, ListedCode, code_systems, listed_codes, specimen_codes

__all__ = ["code_system", "find_code", "is_loinc", "split_code"]

_NAMED = re.compile(r"\s*(?P<system>[A-Za-z][\w ./-]{1,40}?)\s*[:#|]\s*(?P<code>[\w.-]{3,40})\s*", re.ASCII)
_VERHOEFF_PRODUCT = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7), (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3), (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)  # fmt: skip
_VERHOEFF_TURN = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7), (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)  # fmt: skip


def code_system(name: str) -> str | None:
    """Return the key of the code system that a message names by URI, OID or abbreviation, or None."""
    return _systems_by_name().get(name.strip().casefold())


@cache
def _systems_by_name() -> dict[str, str]:
    return {name: system.key for system in code_systems().values() for name in (*system.names, system.key)}


@lru_cache(maxsize=8192)
def find_code(code: str, system: str = "") -> ListedCode | None:
    """Return what a code means, or None if it is on no list.

    `system` is the key of a code system. Without it a code is looked for in each system whose form (and check digit) it
    has; a code that two systems give to different analytes means nothing.
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
    """Split `LOINC:2132-9` into the system's key and the code; a text that names no system is all code."""
    named = _NAMED.fullmatch(text)
    system = code_system(named["system"]) if named else None
    return (system, named["code"]) if named and system else ("", text.strip())


def is_loinc(code: str) -> bool:
    """Tell whether a code has LOINC's form and check digit."""
    return _has_form(code.strip(), code_systems()["loinc"])


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
    """Tell whether a code looks like one of a system, with its check digit if the system has one."""
    if not system.form or re.fullmatch(system.form, code, re.ASCII) is None:
        return False
    checked = _CHECKED.get(system.key)
    return checked is None or checked(code)


def _has_loinc_digit(code: str) -> bool:
    """Tell whether the digit after the hyphen is the check digit (modulus 10) of those before it."""
    digits = [int(digit) for digit in reversed(code[:-2])]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::2])
    return (doubled + sum(digits[1::2]) + int(code[-1])) % 10 == 0


def _has_verhoeff_digit(code: str) -> bool:
    """Tell whether the last digit is the check digit of Verhoeff's dihedral code."""
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = _VERHOEFF_PRODUCT[check][_VERHOEFF_TURN[place % 8][int(digit)]]
    return check == 0


#: How the systems that have a check digit make it.
_CHECKED: dict[str, Callable[[str], bool]] = {"loinc": _has_loinc_digit, "snomed_ct": _has_verhoeff_digit}

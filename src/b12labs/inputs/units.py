"""Unit spellings, and the factor between two units of an analyte.

The closed list of `units.toml` takes precedence. It holds the size of every unit as pint derives it. So a conversion is
a multiplication and does not load pint; the tests compare every factor with pint's.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from typing import Any

from b12labs.errors import MeasurementError, nearest, suggestion
from b12labs.inputs.unit_grammar import is_ambiguous, is_per_mass, size_of
from b12labs.reference import Analyte, Unit, analytes, coefficient, units
from b12labs.text import LONGEST, as_words, remembered, shown

__all__ = [
    "accepted_units",
    "factor",
    "find_unit",
    "is_substance",
    "is_unit",
    "is_unit_of",
    "listed_spellings",
    "look_alikes",
    "meanings",
    "unit_registry",
    "usual_units",
]

_IGNORED = str.maketrans({" ": None, "\u00a0": None, "\u202f": None, "\t": None, "×": "x", "^": None})

#: Kinds of quantity that measure amount of substance, not mass.
_OF_SUBSTANCE = ("substance_concentration", "amount")
_MIL = "has mil, a thousand in Spanish and Portuguese and a million elsewhere; write 10*3/uL or 10*6/uL"
#: Letters that change the size of a unit: its prefix and volume, and the minute, the millimeter, the mole, ...
_SIZES = frozenset("fpnumcdkgths")


def _plain(spelling: str) -> str:
    return spelling.translate(_IGNORED)


@cache
def _spellings(kinds: tuple[str, ...]) -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Return the spellings of these kinds as written, and those that have one meaning when folded."""
    exact: dict[str, Unit] = {}
    folded: dict[str, set[str]] = {}
    for unit in units().units:
        if unit.kind in kinds:
            for spelling in (unit.ucum, *unit.spellings):
                exact[_plain(spelling)] = unit
                folded.setdefault(_plain(spelling).casefold(), set()).add(unit.ucum)
    by_ucum = {unit.ucum: unit for unit in exact.values()}
    return exact, {spelling: by_ucum[next(iter(names))] for spelling, names in folded.items() if len(names) == 1}


@remembered(4096, too_long=frozenset())
def meanings(spelling: str) -> frozenset[tuple[str, float]]:
    """Return every kind of quantity that a spelling may be of, each with the unit's size in SI.

    The set is empty if the spelling is on no list.
    """
    plain = _plain(spelling)
    found = {kind: _spellings((kind,)) for kind in dict.fromkeys(unit.kind for unit in units().units)}
    each = {kind: exact.get(plain) or folded.get(plain.casefold()) for kind, (exact, folded) in found.items()}
    return frozenset((kind, unit.si) for kind, unit in each.items() if unit is not None)


def listed_spellings(analyte: Analyte) -> tuple[dict[str, Unit], frozenset[str]]:
    """Return the unit of every listed spelling, without spaces, and the spellings that are read in any case."""
    exact, folded = _spellings(analyte.kinds)
    return exact, frozenset(spelling for spelling in exact if spelling.casefold() in folded)


def look_alikes(analyte: Analyte) -> tuple[str, ...]:
    """Return the spellings that are refused for an analyte, because they look like two units."""
    return tuple(_plain(refused.spelling) for refused in units().refused if set(refused.kinds) & set(analyte.kinds))


def accepted_units(analyte: Analyte) -> tuple[str, ...]:
    """Return the UCUM spellings in which an analyte may be reported."""
    return tuple(unit.ucum for unit in units().units if unit.kind in analyte.kinds)


def usual_units(analyte: Analyte) -> tuple[str, ...]:
    """Return the units in which laboratories usually report an analyte, for messages."""
    return analyte.usual or (analyte.unit,)


@remembered(4096, too_long=False)
def is_unit(text: str) -> bool:
    """Return whether a text is a unit of any analyte, even one refused because it looks like two units."""
    if not text.strip():
        return False
    if meanings(text) or any(_plain(refused.spelling) == _plain(text) for refused in units().refused):
        return True
    return any(size_of(kind, text) is not None for kind in dict.fromkeys(unit.kind for unit in units().units))


def find_unit(analyte: Analyte, spelling: str) -> Unit:
    """Return the unit that a laboratory's spelling means.

    Raises `MeasurementError`: `missing_unit`, `look_alike_unit`, `wrong_kind_of_unit` or `unknown_unit`.
    """
    return _find_unit(analyte.key, spelling)


@lru_cache(maxsize=4096)  # a refused spelling is never kept
def _find_unit(key: str, spelling: str) -> Unit:
    analyte = analytes()[key]
    accepted = accepted_units(analyte)
    listing = ", ".join(usual_units(analyte))

    def refuse(code: str, why: str) -> MeasurementError:
        return MeasurementError(
            f"{key}: {why.rstrip('?')}{'?' if why.endswith('?') else '.'} Accepted: {listing}",
            code=code,
            field=key,
            given=spelling,
            accepted=accepted,
        )

    if len(spelling) > LONGEST:
        raise refuse("unknown_unit", f"unit {shown(spelling)} is not known")
    plain = _plain(spelling.strip().replace("\\\\", "\\"))
    if not plain:
        raise refuse("missing_unit", "it has no unit")
    for refused in units().refused:
        if _plain(refused.spelling) == plain and set(refused.kinds) & set(analyte.kinds):
            raise refuse("look_alike_unit", refused.why)
    if "number_concentration" in analyte.kinds and is_ambiguous(spelling):
        raise refuse("look_alike_unit", f"{shown(spelling)} {_MIL}")
    exact, folded = _spellings(analyte.kinds)
    found = exact.get(plain) or folded.get(plain.casefold()) or _by_parts(analyte, spelling)
    if found is not None:
        return found
    others = tuple({unit.kind for unit in units().units} - set(analyte.kinds))
    elsewhere = _spellings(others)[0].get(plain)
    if elsewhere is not None:
        measured = as_words(elsewhere.kind)
        raise refuse(
            "wrong_kind_of_unit", f"{shown(spelling)} is a unit of {measured}; {analyte.label} is not reported in it"
        )
    raise refuse("unknown_unit", f"unit {shown(spelling)} is not known{suggestion(near_unit(analyte, spelling))}")


def is_unit_of(key: str, spelling: str) -> bool:
    """Return whether a spelling is a unit in which an analyte is reported."""
    try:
        find_unit(analytes()[key], spelling)
    except MeasurementError:
        return False
    return True


def near_unit(analyte: Analyte, spelling: str) -> str | None:
    """Return the unit of the same size that a spelling may mean: similar, with the same digits and first letter."""
    plain = _plain(spelling.strip())
    exact = _spellings(analyte.kinds)[0]
    near = nearest(plain, exact, 0.75)
    return exact[near].ucum if near and _size_signs(near) == _size_signs(plain) else None


def _size_signs(plain: str) -> tuple[str, list[str]]:
    """Return the signs that a hint must share with the input: the first letter, and all signs of the unit's size."""
    letters = [sign for sign in plain.casefold().replace("µ", "u").replace("μ", "u") if sign.isalpha()]
    sized = [sign for sign in letters if sign in _SIZES] + re.findall(r"\d|-(?=\d)", plain)
    return (letters[0] if letters else "", sorted(sized))


def _by_parts(analyte: Analyte, spelling: str) -> Unit | None:
    """Return the unit of the same size as a spelling that is understood by its parts; None if it fits two kinds."""
    if analyte.key == "rbc_folate":
        spelling = re.sub(r"(?<!\s)\s*RBC\s*$", "", spelling)
    if analyte.key in ("hemoglobin", "mchc"):  # the part that is counted: the iron, as in its molar mass
        spelling = re.sub(r"\((?:Fe|Hb)\)", "", spelling)
    found: dict[str, Unit] = {}
    # Among units of one size, the analyte's usual unit comes first.
    listed = sorted(units().units, key=lambda unit: unit.ucum not in usual_units(analyte))
    for kind in analyte.kinds:
        size = size_of(kind, spelling)
        per_mass = kind == "ratio_to_creatinine" and is_per_mass(spelling)
        for unit in listed if size is not None else ():
            of_this = unit.kind == kind and unit.per_mass_of_creatinine == per_mass
            if of_this and size is not None and math.isclose(unit.si, size, rel_tol=1e-9):
                found.setdefault(kind, unit)
    return next(iter(found.values())) if len(found) == 1 else None


@cache
def unit_registry() -> Any:
    """Return the pint registry of this process; the first call loads pint."""
    import pint

    return pint.get_application_registry()  # type: ignore[no-untyped-call]  # pint's own stub leaves it untyped


def is_substance(unit: Unit) -> bool:
    """Return whether the unit measures amount of substance: guidelines with two limits print one for it."""
    return unit.kind == "substance_concentration"


@cache
def factor(key: str, ucum: str) -> float:
    """Return the factor from a unit to the analyte's canonical unit.

    It is the ratio of the two units in SI, with the analyte's molar mass between mass and amount of substance. Twelve
    significant digits are kept, so that a factor of exactly ten is exactly ten.
    """
    analyte = analytes()[key]
    by_ucum = {unit.ucum: unit for unit in units().units if unit.kind in analyte.kinds}
    given, canonical = by_ucum[ucum], by_ucum[analyte.unit]
    ratio = given.si / canonical.si
    if given.per_mass_of_creatinine != canonical.per_mass_of_creatinine:
        ratio *= _molar_mass(analytes()["creatinine"]) / _molar_mass(analyte)
    elif given.kind in _OF_SUBSTANCE and canonical.kind not in _OF_SUBSTANCE:
        ratio *= _molar_mass(analyte)
    elif canonical.kind in _OF_SUBSTANCE and given.kind not in _OF_SUBSTANCE:
        ratio /= _molar_mass(analyte)
    return float(f"{ratio:.12g}")


@cache
def coefficient_or_factor(name: str) -> float:
    """Return a formula's coefficient, or for `unit.ANALYTE.UNIT` the number of that unit in one canonical unit."""
    if not name.startswith("unit."):
        return coefficient(name)
    _, key, unit = name.split(".", 2)
    return 1 / factor(key, unit)


def _molar_mass(analyte: Analyte) -> float:
    """Return the molar mass in SI, kg/mol."""
    if analyte.molar_mass is None:
        raise MeasurementError(
            f"{analyte.key}: mass and amount of substance are not converted into each other",
            code="not_convertible",
            field=analyte.key,
        )
    return analyte.molar_mass.value / 1000

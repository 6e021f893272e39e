"""The analyte of a text that identifies a test: a code of a known system, or a name, read whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from b12labs.inputs.codes import find_code, split_code
from b12labs.inputs.names import find_test, marker_in
from b12labs.inputs.several import by_unit
from b12labs.inputs.units import is_unit, is_unit_of
from b12labs.inputs.words.folding import together, words
from b12labs.inputs.words.near_words import near_words
from b12labs.reference import analytes
from b12labs.reference.codes import unconfirmed_codes
from b12labs.text import LONGEST, remembered

__all__ = ["THOUSANDS", "RecognizedTest", "near_test", "recognize_test"]

#: The part of the unit that `WBC x 1000` states.
THOUSANDS = "10*3/"

#: A name with its unit, as in a header: `Hb (g/dL)`.
_WITH_UNIT = re.compile(r"(?P<name>.*\w)\s*[(\[](?P<unit>[^()\[\]]{1,40})[)\]]\s*", re.DOTALL)
#: A name that states that its count is in thousands: `WBC x 1000`. Only the unit beside it gives the volume.
_IN_THOUSANDS = re.compile(
    r"(?P<name>.*\w)\s*[x×*]\s*(?:1000|10(?:\^|\*{1,2}|[eE])?3|10³)\s*", re.DOTALL | re.IGNORECASE
)
#: Shorter names are abbreviations, in which one letter more or less is another test: NRBC is not RBC.
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class RecognizedTest:
    """The test that a text identifies: the key of an analyte, the reason against the similar one, or neither.

    `unit` is the unit in the name, `g/dL` of `Hb (g/dL)`; the unit of the result must agree with it. `coded` is whether
    the text is a code of a known system.
    """

    analyte: str | None = None
    refused: str = ""
    unit: str = ""
    coded: bool = False


@remembered(8192, too_long=RecognizedTest())
def recognize_test(text: str) -> RecognizedTest:
    """Return the test that a text identifies: `2132-9`, `LOINC:2132-9`, `NPU01700` or `Serum vitamin B12 level`."""
    system, code = split_code(text)
    listed = find_code(code, system)
    if listed is not None:
        return RecognizedTest(None if listed.refused else listed.analyte, listed.refused, coded=True)
    if system:
        return RecognizedTest()
    key, united = find_test(text), _WITH_UNIT.fullmatch(text)
    if key is None and united and is_unit(united["unit"]):
        named = recognize_test(united["name"]).analyte
        meant = named and by_unit(named, united["unit"])
        if meant and is_unit_of(meant, united["unit"]):
            return RecognizedTest(meant, unit=united["unit"].strip())
    thousands = None if key else _IN_THOUSANDS.fullmatch(text)
    named = thousands and recognize_test(thousands["name"]).analyte
    if named and is_unit_of(named, f"{THOUSANDS}uL"):
        return RecognizedTest(named, unit=THOUSANDS)
    return RecognizedTest(key)


def near_test(text: str) -> str | None:
    """Return the analyte that an unread text may mean: misspelled, or named among other words."""
    return _near_test(text[:LONGEST])


@lru_cache(maxsize=8192)
def _near_test(text: str) -> str | None:
    found = recognize_test(text)
    if found.analyte is not None or found.refused:
        return None
    may_be = unconfirmed_codes().get(split_code(text)[1])
    if may_be is not None:
        return may_be
    foreign = recognize_test(text.rpartition(":")[2])
    if foreign.coded and foreign.analyte is not None:  # a code of an unknown system: `99LAB:2132-9`
        return foreign.analyte
    united = _WITH_UNIT.fullmatch(text)
    if united and is_unit(united["unit"]):
        return recognize_test(united["name"]).analyte or marker_in(text)
    spelled = words(text)
    if not spelled or _is_told_apart(spelled):
        return marker_in(text)
    told = " ".join(spelled)
    named = near_words(told, _names()) or next((name for name in _names() if _digits_swapped(told, name)), None)
    return _names()[named] if named else marker_in(text)


def _is_told_apart(spelled: tuple[str, ...]) -> bool:
    """Return whether a separate number or letter rules out a misspelling: `Vitamin B1 (2)`, hemoglobin A."""
    kind = len(spelled) > 1 and len(spelled[-1]) == 1 and recognize_test(" ".join(spelled[:-1])).analyte is not None
    return kind or " " in together(spelled)


def _digits_swapped(told: str, name: str) -> bool:
    """Return whether two names differ only in the order of their digits: vitamin B21, but not vitamin B6."""
    told, name = told.replace(" ", ""), name.replace(" ", "")
    return (
        told != name
        and len(told) == len(name) >= _SHORTEST
        and sorted(told) == sorted(name)
        and [sign for sign in told if not sign.isdigit()] == [sign for sign in name if not sign.isdigit()]
    )


@cache
def _names() -> dict[str, str]:
    """Return the analyte of every long name in analytes.toml, as words with blanks."""
    return {
        " ".join(words(name) or ()): analyte.key
        for analyte in analytes().values()
        for name in (analyte.key, analyte.name, analyte.label, *analyte.synonyms)
        if len("".join(words(name) or ())) >= _SHORTEST
    }

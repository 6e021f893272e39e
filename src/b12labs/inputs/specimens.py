"""The kind of a specimen: by its code first, then by its words, which must all be understood.

`unknown` is a specimen that was stated and is not recognized. It may or may not be blood, so its result is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, cast

from b12labs.inputs.codes import code_system
from b12labs.inputs.words.folding import Lexicon, covers, lexicon_of, whole_words
from b12labs.reference import codes as listed_codes
from b12labs.reference.codes import specimen_codes
from b12labs.reference.names import specimen_words
from b12labs.text import remembered

__all__ = ["BLOOD", "Specimen", "find_specimen", "is_measured_in", "specimen_text"]

Specimen = Literal["", "blood", "serum", "plasma", "urine", "csf", "other", "unknown"]
#: Specimens of blood: every analyte that is not measured in urine is measured in one of them.
BLOOD = cast(frozenset[Specimen], listed_codes.BLOOD)
#: The analytes that are measured in urine.
_IN_URINE = frozenset({"urine_mma_ratio"})
#: Names of the code systems that only list specimens; those that also list tests are named in systems.toml.
_SYSTEMS = {
    "hl70070": "hl7_0070",
    "http://terminology.hl7.org/codesystem/v2-0070": "hl7_0070",
    "hl70487": "hl7_0487",
    "http://terminology.hl7.org/codesystem/v2-0487": "hl7_0487",
    "http://hl7.org/fhir/v2/0487": "hl7_0487",
    "http://terminology.hl7.org/codesystem/v3-specimentype": "hl7_v3",
    "http://hl7.org/fhir/v3/specimentype": "hl7_v3",
}

#: The letters of Nordic laboratories, with their dash and with the letter for fasting or a day's urine: `S-`, `fP-`.
_LETTERS = re.compile(r"[fcdkv]?(s|p|b|u|e|l|f|li|csf|p/s|s/p)\s*[-–—‐‑]", re.IGNORECASE)
_BY_LETTER: dict[str, Specimen] = {
    "s": "serum", "p": "plasma", "b": "blood", "p/s": "blood", "s/p": "blood", "u": "urine", "li": "csf", "csf": "csf",
    "e": "other", "l": "other", "f": "other",
}  # fmt: skip


def find_specimen(text: str = "", codes: Iterable[tuple[str, str]] = ()) -> Specimen:
    """Return the kind of a specimen, blank if none is stated; `codes` are pairs of code system (as sent) and code.

    A code on the list of its system decides. Codes that disagree, an unlisted code without a word, and words that are
    not all understood are `unknown`.
    """
    listed = list(codes)
    known = {found for system, code in listed if (found := _by_code(system, code)) is not None}
    if known:
        return known.pop() if len(known) == 1 else "unknown"
    # A code without a system may be a word: `Serum` alone in SPM-4.
    said = text.strip() or next((code for system, code in listed if code.strip() and not system.strip()), "")
    if said:
        return _by_words(said)
    return "unknown" if any(code.strip() for _, code in listed) else ""


def specimen_text(text: str = "", codes: Iterable[tuple[str, str]] = ()) -> str:
    """Return a specimen as one text that `find_specimen` reads alike; an unknown one with its original text or code."""
    listed = list(codes)
    found = find_specimen(text, listed)
    if found != "unknown":
        return found
    return f"unknown: {text.strip() or ', '.join(code for _, code in listed)}"


def is_measured_in(analyte: str, specimen: Specimen) -> bool:
    """Return whether an analyte is measured in a known specimen."""
    return specimen == "urine" if analyte in _IN_URINE else specimen in BLOOD


def _by_code(system: str, code: str) -> Specimen | None:
    """Return the meaning of a code in its system; HL7's letters also apply if no system is named."""
    name = system.strip().casefold()
    key = _SYSTEMS.get(name) or code_system(name) if name else "hl7_0487"
    return cast(Specimen | None, specimen_codes().get(key or "", {}).get(code.strip()))


@cache
def _lexicon() -> Lexicon:
    return lexicon_of(specimen_words())


@remembered(4096, too_long="unknown")
def _by_words(text: str) -> Specimen:
    if (code := _by_code("", text)) is not None:
        return code
    letters = _LETTERS.fullmatch(text.strip())
    if letters:
        return _BY_LETTER[letters[1].casefold()]
    spelled = whole_words(text)
    readings = covers(spelled, _lexicon()) if spelled else set()
    meant = {cast(Specimen, meaning) for reading in readings for meaning in reading - {"filler"}}
    if len(meant) > 1 and meant <= BLOOD:
        return "blood"
    return meant.pop() if len(meant) == 1 else "unknown"

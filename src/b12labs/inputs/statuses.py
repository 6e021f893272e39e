"""The status of a result, by the words of FHIR, the letters of HL7 table 0085, and a site's own words.

A word that is on no list is unknown, and an unknown status is not final.
"""

from __future__ import annotations

from typing import Literal

from b12labs.inputs.words.folding import whole_words, words
from b12labs.inputs.words.near_words import near_words

__all__ = ["STATUSES", "Status", "find_status", "near_status"]

Status = Literal["final", "corrected", "preliminary", "withdrawn", "unknown"]

#: Each status with the words for it: of FHIR, of HL7 table 0085, of record systems and of some languages.
STATUSES: dict[Status, tuple[str, ...]] = {
    "final": (
        *("final", "f", "u", "complete", "completed", "verified", "v", "appended"),
        *("final result", "final results", "final report", "final verified", "auth verified"),
        *("validated", "authorized", "authorised", "approved"),
        *("endgültig", "endbefund", "définitif", "définitive", "definitivo", "definitiva", "definitief", "definitiv"),
        *("slutgiltig", "endelig", "endeligt", "lopullinen", "ostateczny"),
    ),
    "corrected": (
        *("corrected", "amended", "c", "a", "edited result final"),
        *("final corrected", "corrected final", "corrected result", "amended result", "modified", "altered", "revised"),
    ),
    "preliminary": (
        *("preliminary", "prelim", "p", "partial", "s", "r", "registered", "pending", "i"),
        *("preliminary result", "interim", "in progress", "in process", "unauth", "unverified"),
    ),
    "withdrawn": (
        *("entered in error", "in error", "cancelled", "canceled", "not done", "deleted", "x", "d", "w", "n"),
        *("rejected", "withdrawn", "void", "voided", "erroneous"),
    ),
}
_BY_WORDS = {" ".join(words(word) or ()): status for status, listed in STATUSES.items() for word in listed}


def find_status(text: str) -> Status:
    """Return the status of a result; a blank text is final, since most tables state no status."""
    if not text.strip():
        return "final"
    return _BY_WORDS.get(" ".join(whole_words(text) or ("?",)), "unknown")


def near_status(text: str) -> str | None:
    """Return the listed word nearest to an unknown status, or None."""
    spelled = whole_words(text)
    return near_words(" ".join(spelled), _BY_WORDS) if spelled else None

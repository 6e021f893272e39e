"""How final a result is, by the words of FHIR, the letters of HL7 table 0085, and a site's own words.

A word that is on no list is unknown, and an unknown status is not final.
"""

from __future__ import annotations

from typing import Literal

from b12labs.errors import nearest
from b12labs.inputs.words.folding import words

__all__ = ["STATUSES", "Status", "find_status", "near_status"]

Status = Literal["final", "corrected", "preliminary", "withdrawn", "unknown"]

#: Each status with the words for it.
STATUSES: dict[Status, tuple[str, ...]] = {
    "final": ("final", "f", "u", "complete", "completed", "verified", "v", "appended"),
    "corrected": ("corrected", "amended", "c", "a", "edited result final"),
    "preliminary": ("preliminary", "prelim", "p", "partial", "s", "r", "registered", "pending", "i"),
    "withdrawn": ("entered in error", "cancelled", "canceled", "not done", "deleted", "x", "d", "w", "n"),
}
_BY_WORDS = {" ".join(words(word) or ()): status for status, listed in STATUSES.items() for word in listed}


def find_status(text: str) -> Status:
    """Return how final a result is; a blank text is final, since most tables state no status."""
    if not text.strip():
        return "final"
    return _BY_WORDS.get(" ".join(words(text) or ("?",)), "unknown")


def near_status(text: str) -> str | None:
    """Return the listed word that an unknown status is nearly, or None."""
    spelled = words(text)
    return nearest(" ".join(spelled), [word for word in _BY_WORDS if len(word) > 1], 0.85) if spelled else None

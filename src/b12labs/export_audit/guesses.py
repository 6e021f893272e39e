"""The nearest known word for a text that is not understood: a hint for a person, never a reading."""

from __future__ import annotations

from b12labs.errors import nearest
from b12labs.export_audit.tally import Kind
from b12labs.inputs.statuses import near_status
from b12labs.inputs.tests import near_test
from b12labs.inputs.units import near_unit
from b12labs.inputs.vocabulary import near_term
from b12labs.reference import analytes
from b12labs.reference.names import specimen_words

__all__ = ["near_text"]

_LIKE_A_SPECIMEN = 0.8


def near_text(kind: Kind, words: tuple[str, ...], analyte: str = "") -> str:
    """Return the nearest guess, blank if there is none; `analyte` is the analyte of a unit."""
    found: str | None = None
    for word in words:
        if kind == "test":
            found = near_test(word)
        elif kind == "unit" and analyte:
            found = near_unit(analytes()[analyte], word)
        elif kind == "status":
            found = near_status(word)
        elif kind == "specimen":
            known = dict(specimen_words())
            near = nearest(word, known, _LIKE_A_SPECIMEN)
            found = known[near] if near else None
        elif kind in ("medicines", "diagnoses"):
            found = near_term(word)
        if found:
            return found
    return ""

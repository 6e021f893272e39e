"""Options that are words, checked at the public functions: unreported context, errors, images."""

from __future__ import annotations

from typing import Literal

from b12labs.errors import checked_word
from b12labs.logic.language import FALSE, UNKNOWN, TruthValue

__all__ = [
    "COLUMNS_EXPECTED",
    "OPTIONS",
    "UNITS_EXPECTED",
    "Errors",
    "Images",
    "UnreportedContext",
    "reports_errors",
    "unreported_truth",
]

#: The keywords of `interpret()` that are neither results nor about the patient.
OPTIONS = ("guideline", "units", "decimal", "mapping", "errors", "unreported_context", "formulary")

#: The two dictionaries of a reader, for messages.
UNITS_EXPECTED = "a dictionary from analytes to units, such as {'b12': 'pg/mL'}"
COLUMNS_EXPECTED = "a dictionary from columns to names, such as {'Cobalamin': 'b12'}"

Errors = Literal["raise", "report"]

#: The form of a page's pictures: inline SVG, or images that carry their data.
Images = Literal["inline", "data"]

UnreportedContext = Literal["absent", "unknown"]


def reports_errors(errors: Errors) -> bool:
    """Return whether a value that cannot be read becomes a problem rather than an error. Raises `PanelError`."""
    return checked_word("errors", errors, Errors) == "report"


def unreported_truth(unreported_context: UnreportedContext) -> TruthValue:
    """Return the truth of an unmentioned term: false if it is taken as absent. Raises `PanelError`."""
    word = checked_word("unreported_context", unreported_context, UnreportedContext)
    return UNKNOWN if word == "unknown" else FALSE

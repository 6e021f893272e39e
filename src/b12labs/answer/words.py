"""The words for a status."""

from __future__ import annotations

__all__ = ["HEADLINES", "NOTE", "STATUS_LABELS"]

HEADLINES = {
    "deficient": "DEFICIENT in vitamin B12",
    "functional_deficiency": "FUNCTIONAL DEFICIENCY of vitamin B12",
    "deficiency_unlikely": "B12 deficiency UNLIKELY",
    "indeterminate": "INDETERMINATE: B12 deficiency is not settled",
    "not_assessed": "B12 NOT ASSESSED",
}

NOTE = "Decision support for clinicians, not a diagnosis."

STATUS_LABELS = {
    "deficient": "Deficient",
    "functional_deficiency": "Functional deficiency",
    "indeterminate": "Indeterminate",
    "deficiency_unlikely": "Deficiency unlikely",
    "not_assessed": "Not assessed",
}

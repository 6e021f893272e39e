"""The words for a status, and for how a number was checked."""

from __future__ import annotations

__all__ = ["CHECKED", "HEADLINES", "NOTE", "STATUS_LABELS"]

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

#: The meaning of each word for how a number was checked.
CHECKED = {
    "source": "read in the publication",
    "secondary": "read in a restatement, not in the publication",
    "derived": "computed from published numbers",
    "unconfirmed": "believed right, not confirmed",
    "design": "a choice of b12labs",
}

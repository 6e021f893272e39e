"""The rule catalogue: every finding, verdict and question as data, read from the rules themselves.

What an entry says is what is evaluated: the expression, the inputs and the limits are taken from the rule, never
written beside it.
"""

from b12labs.catalogue.entries import (
    ADULT_AGE,
    CatalogueCase,
    CatalogueEntry,
    GuidelineLimit,
    RuleSource,
    catalogue,
    listed_rules,
)

__all__ = ["ADULT_AGE", "CatalogueCase", "CatalogueEntry", "GuidelineLimit", "RuleSource", "catalogue", "listed_rules"]

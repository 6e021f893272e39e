"""The rule catalogue: every finding, verdict and question as data, read from the rules themselves.

An entry cannot differ from the rule that is evaluated: its expression, inputs and limits are taken from that rule.
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

"""Which version, rules, numbers, sentences, guideline and options an answer was made with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b12labs.limits.stratified import Limits
from b12labs.provenance.fingerprint import fingerprint, guideline_hash, mapping_hash
from b12labs.record import each
from b12labs.reference.frozen import Answered
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.version import __version__

__all__ = ["Provenance", "provenance_of", "reading_options"]


class Provenance(Answered):
    """What an answer was made with.

    `rules_hash` is of the rules and numbers, `sentences_hash` of what is printed, `guideline_hash` of what the
    guideline's file (or one of the user's own) decides. `options` are those that bear on the answer; a mapping is in
    them by its hash.
    """

    version: str
    rules_version: str
    rules_hash: str
    sentences_hash: str
    guideline: str
    guideline_hash: str
    options: dict[str, Any] = each(default_factory=dict)

    def __str__(self) -> str:
        return f"b12labs {self.version}, rules {self.rules_version}"


def reading_options(*, units: Mapping[str, str] | None, decimal: str | None, mapping: SiteMapping) -> dict[str, Any]:
    """Return the options of reading that were given, a mapping by its hash."""
    given = {"units": dict(units or {}), "decimal": decimal if decimal == "," else "", "mapping": mapping_hash(mapping)}
    return {name: value for name, value in given.items() if value}


def provenance_of(limits: Limits, options: Mapping[str, Any]) -> Provenance:
    """Return what an answer is made with here and now."""
    made = fingerprint()
    return Provenance(
        version=__version__,
        rules_version=made.rules_version,
        rules_hash=made.rules,
        sentences_hash=made.sentences,
        guideline=limits.guideline.key,
        guideline_hash=guideline_hash(limits),
        options=dict(options),
    )

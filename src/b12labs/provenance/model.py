"""The provenance of an answer: its version, rules, numbers, sentences, guideline and options."""

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
    """The provenance of an answer.

    `rules_hash` is the hash of the rules and numbers, and `sentences_hash` that of printed text. `guideline_hash` is
    the hash of the deciding content of the guideline, or of the user's own guideline file. `options` are those that
    bear on the answer, with a mapping by its hash.
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
    """Return the reading options that are set, with a mapping by its hash."""
    given = {"units": dict(units or {}), "decimal": decimal if decimal == "," else "", "mapping": mapping_hash(mapping)}
    return {name: value for name, value in given.items() if value}


def provenance_of(limits: Limits, options: Mapping[str, Any]) -> Provenance:
    """Return the provenance of an answer made now, in this process."""
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

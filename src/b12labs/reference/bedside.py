"""The bedside tables, typed: the other causes of a symptom, and the words that support each cause."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from b12labs.errors import ReferenceDataError
from b12labs.record import each
from b12labs.reference.files import context, read_toml, sources, validated
from b12labs.reference.frozen import Frozen
from b12labs.reference.loaded import directory
from b12labs.reference.models import Checked
from b12labs.reference.ready import as_ready

__all__ = ["FEATURES", "Bedside", "BedsideWord", "Condition", "RedFlags", "bedside"]

#: The features of a symptom that may be reported, each with the text of a condition that describes it.
FEATURES = {
    "symptom": "label",
    "side": "side",
    "place": "place",
    "onset": "onset",
    "character": "character",
    "triggers": "character",
    "with_it": "goes_with",
}
_FILE = "differential.toml"


class Condition(Frozen):
    """One cause of a symptom; a blank text is unknown. `b12` marks low B12 itself."""

    label: str
    cause: str
    test: str
    treatment: str
    onset: str = ""
    side: str = ""
    place: str = ""
    character: str = ""
    goes_with: str = ""
    against_b12: str = ""
    note: str = ""
    b12: bool = False
    source: str
    checked: Checked
    treatment_checked: Checked
    unconfirmed: str = ""


class BedsideWord(Frozen):
    """One word that may be reported, and the conditions that it supports (see differential.toml)."""

    label: str = ""
    synonyms: tuple[str, ...]
    terms: tuple[str, ...] = ()
    fits: tuple[str, ...]
    fits_if: dict[str, tuple[str, ...]] = each(default_factory=dict)
    fits_unless: dict[str, tuple[str, ...]] = each(default_factory=dict)
    neutral: tuple[str, ...] = ()
    remarks: dict[str, str] = each(default_factory=dict)

    def named(self) -> Iterator[str]:
        """Yield every condition that the word mentions."""
        yield from (*self.fits, *self.fits_if, *self.fits_unless, *self.neutral, *self.remarks)


class RedFlags(Frozen):
    """The signs that need to be seen the same day, whatever B12 shows."""

    text: str
    source: str
    checked: Checked


class Bedside(Frozen):
    """The conditions by code, and the words by feature and by `FEATURE.WORD`."""

    conditions: dict[str, Condition]
    words: dict[str, dict[str, BedsideWord]]
    red_flags: RedFlags

    def tables_of(self, code: str) -> tuple[str, ...]:
        """Return the symptoms whose tables list the condition."""
        return tuple(key for key, word in self.words["symptom"].items() if code in word.fits)

    def by_term(self, term: str) -> tuple[tuple[str, str], ...]:
        """Return every word, as feature and key, to which a term of the context vocabulary corresponds."""
        return tuple(
            (feature, key) for feature, words in self.words.items() for key, word in words.items() if term in word.terms
        )


@cache
@as_ready("bedside")
def bedside() -> Bedside:
    """Return the bedside tables."""
    raw = read_toml(directory() / _FILE)
    usual: dict[str, Any] = {"source": raw.get("source"), "checked": raw.get("checked")}
    conditions = {code: {**usual, **row} for code, row in raw.get("conditions", {}).items()}
    for row in conditions.values():
        row.setdefault("treatment_checked", row["checked"])
    words = {feature: raw.get(feature, {}) for feature in FEATURES}
    content = {"conditions": conditions, "words": words, "red_flags": raw.get("red_flags")}
    read = validated(Bedside, content, _FILE)
    _check(read)
    return read


def _check(read: Bedside) -> None:
    features = {f"{feature}.{key}" for feature, words in read.words.items() for key in words}
    for feature, words in read.words.items():
        for key, word in words.items():
            for code in word.named():
                _expect(code in read.conditions, f"{feature}.{key}", f"expected keys of [conditions], got {code!r}")
            for term in word.terms:
                _expect(
                    term in context().terms, f"{feature}.{key}.terms", f"expected terms of context.toml; got {term!r}"
                )
            for beside in (*word.fits_if.values(), *word.fits_unless.values()):
                for other in beside:
                    _expect(other in features, f"{feature}.{key}", f"expected words of this file, got {other!r}")
    for code, condition in read.conditions.items():
        _expect(condition.source in sources(), f"conditions.{code}.source", "expected a key of sources.toml")
        _expect(bool(read.tables_of(code)), f"conditions.{code}", "expected in `fits` of a word of [symptom]")


def _expect(holds: bool, key: str, what: str) -> None:
    if not holds:
        raise ReferenceDataError(_FILE, key, what)

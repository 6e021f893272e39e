"""Reasons for B12 and for the alternatives, from how symptoms present: an explanation, never a score.

>>> from b12labs import differential
>>> for alternative in differential(side="one", place="outer thigh"):
...     print(alternative.label, alternative.speaks_for, alternative.not_explained)
sciatica ('side one',) ('place outer thigh',)
meralgia paresthetica ('side one (both in up to 20 %)', 'place outer thigh') ()
>>> print(alternative)
meralgia paresthetica (the lateral femoral cutaneous nerve pressed)
  for it: side one (both in up to 20 %), place outer thigh
  presents: gradual, or after pressure (belt, weight, pregnancy); one; both in
    up to 20 %; outer or front thigh, not below the knee; burning, numb, touch
    hurts; nothing motor, reflexes normal
  against low B12: feet spared, reflexes normal
  test: pelvic compression test
  usual treatment: take the pressure away: belt, clothes, weight
  [secondary: the measures of treatment]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from b12labs.answer.parts import Alternative
from b12labs.errors import ContextError, suggestion
from b12labs.inputs.vocabulary import plain
from b12labs.inputs.words.near_words import near_words
from b12labs.reference import context
from b12labs.reference.bedside import FEATURES, Bedside, Condition, bedside
from b12labs.text import as_words

__all__ = ["FEATURES", "Alternative", "differential", "raised_by_terms"]

Word = tuple[str, str]


def differential(
    symptom: str | Iterable[str] | None = None,
    *,
    side: str | None = None,
    place: str | Iterable[str] | None = None,
    onset: str | None = None,
    character: str | Iterable[str] | None = None,
    triggers: str | Iterable[str] | None = None,
    with_it: str | Iterable[str] | None = None,
) -> tuple[Alternative, ...]:
    """Return the conditions that the reported features of a symptom fit.

    `symptom` is one of leg pain, joint pain, weakness, tingling, fatigue, memory loss, loss of balance and cramps: its
    table is returned whole. The other arguments describe how the symptom presents, each in one word or several
    (`place=["feet", "hands"]`). Without a symptom, every condition that a feature fits is returned, from the tables of
    the most specific features: place and character, then triggers and accompanying signs, then side and onset. Each
    condition lists the features that support it and those that it does not explain. Raises `ContextError` for an
    unknown word.

    >>> from b12labs import differential
    >>> [each.code for each in differential(symptom="joint pain", with_it="morning stiffness")]
    ['b12_joint', 'osteoarthritis', 'rheumatoid_arthritis']

    """
    given = dict(zip(FEATURES, (symptom, side, place, onset, character, triggers, with_it), strict=True))
    words = [(feature, _key(feature, word)) for feature, value in given.items() for word in _several(value)]
    said = {as_words(f"{feature} {key}"): _alike(feature, key) for feature, key in words}
    reported = frozenset(f"{feature}.{key}" for feature, key in words)
    tables = _tables_spoken_of(words, reported)
    return tuple(each for each in _alternatives(said, reported) if each.speaks_for and tables & set(each.symptoms))


#: The features, the most specific first.
_TELLING = (("symptom",), ("place", "character"), ("triggers", "with_it"), ("side", "onset"))


def _tables_spoken_of(words: list[Word], reported: frozenset[str]) -> set[str]:
    """Return the symptoms whose tables mention the most specific of the reported features."""
    for features in _TELLING:
        telling = [word for word in words if word[0] in features]
        if features == ("symptom",) and telling:
            return {key for _, key in telling}
        fitting = [
            code
            for code in bedside().conditions
            if any(_stance(bedside(), code, word, reported) > 0 for word in telling)
        ]
        if fitting:
            return {key for code in fitting for key in bedside().tables_of(code)}
    return set()


def raised_by_terms(terms: frozenset[str]) -> tuple[Alternative, ...]:
    """Return the conditions in the tables of every reported symptom, with the other reports that support each.

    Each set of symptoms is computed once; without a report, no table is read.
    """
    return _raised(terms & _telling_terms()) if terms else ()


@cache
def _telling_terms() -> frozenset[str]:
    """Return the context terms that the tables mention."""
    return frozenset(term for words in bedside().words.values() for word in words.values() for term in word.terms)


@lru_cache(maxsize=4096)
def _raised(terms: frozenset[str]) -> tuple[Alternative, ...]:
    reported_terms = [context().terms[term] for term in sorted(terms)]
    said = {term.label: bedside().by_term(term.key) for term in reported_terms}
    reported = frozenset(f"{feature}.{key}" for words in said.values() for feature, key in words)
    history = frozenset(term.label for term in reported_terms if term.field != "symptoms")
    return tuple(each for each in _alternatives(said, reported, history) if each.raised_by)


def _alternatives(
    said: Mapping[str, tuple[Word, ...]], reported: frozenset[str], history: frozenset[str] = frozenset()
) -> list[Alternative]:
    """Return every condition, with the reports that support it.

    `said` holds the words that each report means. A report in `history` needs no explanation.
    """
    tables = bedside()
    found = []
    for code, condition in tables.conditions.items():
        stances = {text: max(_stance(tables, code, word, reported) for word in words) for text, words in said.items()}
        symptoms = tables.tables_of(code)
        found.append(
            Alternative(
                code=code,
                area=symptoms[0],
                symptoms=symptoms,
                raised_by=tuple(tables.words["symptom"][key].label for key in symptoms if f"symptom.{key}" in reported),
                speaks_for=tuple(_remarked(tables, code, text, said[text]) for text, how in stances.items() if how > 0),
                not_explained=tuple(
                    _remarked(tables, code, text, said[text])
                    for text, how in stances.items()
                    if how < 0 and text not in history
                ),
                **dict(condition),
            )
        )
    return found


def _stance(tables: Bedside, code: str, word: Word, reported: frozenset[str]) -> int:
    """Return 1 if a word supports a condition, -1 if the condition does not explain it, else 0."""
    feature, key = word
    told = tables.words[feature][key]
    if code in told.fits or any(other in reported for other in told.fits_if.get(code, ())):
        return 1
    if code in told.fits_unless and not any(other in reported for other in told.fits_unless[code]):
        return 1
    speaks_of_it = code in (*told.neutral, *told.fits_if, *told.fits_unless)
    return 0 if speaks_of_it or not _says(tables.conditions[code], feature) else -1


def _says(condition: Condition, feature: str) -> bool:
    return bool(getattr(condition, FEATURES[feature]))


def _remarked(tables: Bedside, code: str, text: str, words: tuple[Word, ...]) -> str:
    remarks = [tables.words[feature][key].remarks.get(code, "") for feature, key in words]
    return text + "".join(f" ({remark})" for remark in dict.fromkeys(remarks) if remark)


def _alike(feature: str, key: str) -> tuple[Word, ...]:
    """Return a word and, for a symptom, the words of other features with the same meaning, such as of fatigue."""
    if feature != "symptom":
        return ((feature, key),)
    terms = bedside().words[feature][key].terms
    return tuple(dict.fromkeys([(feature, key), *(word for term in terms for word in bedside().by_term(term))]))


def _key(feature: str, given: str) -> str:
    names = _names(feature)
    key = names.get(plain(given))
    if key is None:
        hint = suggestion(near_words(plain(given), names)) or "."
        known = ", ".join(as_words(word) for word in bedside().words[feature])
        raise ContextError(
            f"{feature}: expected a known word, got {given!r}{hint} Known: {known}",
            code="unknown_feature",
            field=feature,
        )
    return key


@cache
def _names(feature: str) -> dict[str, str]:
    """Return the key of a word by each of its names, in plain spelling."""
    return {
        plain(name): key
        for key, word in bedside().words[feature].items()
        for name in (key, word.label, *word.synonyms)
        if name
    }


def _several(value: Any) -> list[str]:
    if value is None or isinstance(value, str):
        return [] if value is None else [value]
    try:
        return list(map(str, value))
    except TypeError:  # one value
        return [str(value)]

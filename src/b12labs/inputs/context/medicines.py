"""Context terms of a medicine's product, by its ingredients: `cyanocobalamin 1 MG/ML Injectable Solution`.

A product is an ingredient with a strength, a form, a salt or a route; other words are then its maker's. Without any of
these, every word must be an ingredient. A text is not read if a word of it denies it, or makes it a disease, an allergy
or a test.
"""

from __future__ import annotations

import re
from functools import cache

from b12labs.inputs.words.folding import words
from b12labs.reference.medicines import medicine_words
from b12labs.text import around_words, remembered

__all__ = ["find_medicines", "is_denied", "is_part_of_product"]

_DOUBTS = re.compile(r"[?!~]")
_DASH_BEFORE, _DASH_BEHIND = re.compile(r"[-‐‑–—−]\s"), re.compile(r"\s[-‐‑–—−]")
#: `500mg`, `2.5`, `1mg/1ml`, `30s`: a number, with or without a unit.
_NUMBER = re.compile(r"\d[\d.,]*(?:mg|mcg|ug|µg|μg|g|ml|l|iu|ie|mmol|microgrammes?|micrograms?|hr|h|s|x)?")
#: Phrases of products, one word of which alone means something else.
_PHRASES = (
    (re.compile(r"gastro[ -]?resistant|gastro[ -]?res\b", re.IGNORECASE), "gastroresistant"),
    (
        re.compile(
            r"\b(?:sugar|lactose|gluten|preservative|alcohol|sucrose|dye|latex|zucker)[ -]?(?:free|frei)\b", re.I
        ),
        "",
    ),
)
#: Signs that product names have between words.
_BETWEEN = str.maketrans(dict.fromkeys("/+%@:<>®™", " "))
_COMBINED = re.compile(r"\w\s*[/+]\s*\w")
#: The most words of a product's name.
_MOST_WORDS = 40
_DENIED = "denied"


@remembered(4096, too_long=frozenset())
def find_medicines(text: str) -> frozenset[str] | None:
    """Return the terms of the ingredients that a text names as a medicine; an empty set if it names none.

    Return None if it names an ingredient and denies it, or is about a disease, an allergy or a test.
    """
    spelled = _words(text)
    if not spelled or len(spelled) > _MOST_WORDS:
        return frozenset()
    listed = medicine_words()
    found: set[str] = set()
    denied = _is_doubted(text)
    is_product, unknown = bool(_COMBINED.search(text)), 0
    place = 0
    while place < len(spelled):
        length, term = _named(spelled[place:])
        word = spelled[place]
        place += max(length, 1)
        if term == _DENIED:
            denied = True
        elif term:
            found.add(term)
        elif word in listed.product or _NUMBER.fullmatch(word):
            is_product = True
        else:
            unknown += word not in listed.fillers
    if denied and found:
        return None
    return frozenset(found) if is_product or not unknown else frozenset()


def _is_doubted(text: str) -> bool:
    before, behind = around_words(text)
    return bool(_DOUBTS.search(text) or _DASH_BEFORE.search(before) or _DASH_BEHIND.search(behind))


def _words(text: str) -> tuple[str, ...]:
    for phrase, plain in _PHRASES:
        text = phrase.sub(plain, text)
    return words(text.translate(_BETWEEN)) or ()


def is_denied(text: str) -> bool:
    """Return whether a word or sign of a text denies it, or makes it a disease, an allergy or a test."""
    spelled = _words(text)
    starts = range(len(spelled))
    return _is_doubted(text) or any(_named(spelled[start:])[1] == _DENIED for start in starts)


def is_part_of_product(text: str) -> bool:
    """Return whether a text is only a strength, form or route, such as after a comma in a product's name."""
    spelled, listed = _words(text), medicine_words()
    known = listed.product | listed.fillers
    return bool(spelled) and all(word in known or _NUMBER.fullmatch(word) is not None for word in spelled)


def _named(spelled: tuple[str, ...]) -> tuple[int, str]:
    """Return the length of the longest known name at the start of the words, and its term."""
    names = _names()
    for length in range(min(_longest_name(), len(spelled)), 0, -1):
        term = names.get(spelled[:length])
        if term:
            return length, term
    return 0, ""


@cache
def _names() -> dict[tuple[str, ...], str]:
    """Return the term of each ingredient by the words of its name; the words that deny are among them."""
    listed = [*medicine_words().ingredients.items(), (_DENIED, medicine_words().denied)]
    return {spelled: term for term, names in listed for name in names if (spelled := words(name))}


@cache
def _longest_name() -> int:
    return max(map(len, _names()))

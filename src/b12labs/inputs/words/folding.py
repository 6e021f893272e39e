"""A text from outside as words that can be compared, or nothing where a sign in it is not understood.

Compatibility forms, upper and lower case, accents and white space are folded (NFKC, casefold). Nothing else is: a
letter or sign that is taken away may say the opposite of what is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

__all__ = ["MAX_LENGTH", "Lexicon", "covers", "folded", "lexicon_of", "words"]

#: By joined word what it may mean; a meaning of several parts is one text with blanks.
Lexicon = Mapping[str, frozenset[str]]

#: Names of tests and specimens are shorter; a longer text is none.
MAX_LENGTH = 300
#: A text of more words is none, and how many neighbors may be one word together.
_MOST, _JOINED = 40, 14
#: Scripts without blanks between words: each sign is a word, and neighbors are read together.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
#: Signs that only part or mark words.
_BETWEEN = frozenset(" \t\r\n.,:;/()[]{}*^_+&'\"|-") | set("’‘“”–—‐‑−・·=®™¤\u00ad\u200b\ufeff")
#: Signs that are words: a share, a number.
_SIGNS = frozenset("%#")
#: Letters that have no decomposition of their own.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "ı": "i", "đ": "d"})


def folded(text: str) -> str:
    """Return a text without accents, upper case and compatibility forms; kana and Hangul stay as they are."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept: list[str] = []
    for sign in plain:
        if unicodedata.combining(sign) and kept and not _UNSPACED.match(kept[-1][-1]):
            continue
        kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_LETTERS)


def words(text: str) -> tuple[str, ...] | None:
    """Return the words of a text in order, or None if a sign in it is neither a letter, a digit nor a separator."""
    if len(text) > MAX_LENGTH:
        return None
    found: list[str] = []
    word = ""
    for sign in folded(text):
        if sign.isalnum() and not _UNSPACED.match(sign):
            word += sign
            continue
        if word:
            found.append(word)
            word = ""
        if _UNSPACED.match(sign) or sign in _SIGNS:
            found.append(sign)
        elif sign not in _BETWEEN:
            return None
    return (*found, word) if word else tuple(found)


def lexicon_of(listed: Iterable[tuple[str, str]]) -> Lexicon:
    """Return words and their meanings by joined word."""
    meant: dict[str, set[str]] = defaultdict(set)
    for word, means in listed:
        meant["".join(words(word) or ())].add(means)
    return {word: frozenset(means) for word, means in meant.items()}


def covers(spelled: tuple[str, ...], lexicon: Lexicon) -> set[frozenset[str]]:
    """Return the meanings of the readings with the fewest pieces that leave no word over; none if there is none."""
    if len(spelled) > _MOST:
        return set()
    best: list[tuple[int, set[frozenset[str]]] | None] = [(0, {frozenset()}), *[None] * len(spelled)]
    for start in range(len(spelled)):
        reached = best[start]
        if reached is None:
            continue
        joined = ""
        for end in range(start + 1, min(len(spelled), start + _JOINED) + 1):
            joined += spelled[end - 1]
            if joined not in lexicon:
                continue
            pieces = reached[0] + 1
            meant = {read | frozenset(means.split()) for read in reached[1] for means in lexicon[joined]}
            known = best[end]
            if known is None or pieces < known[0]:
                best[end] = (pieces, meant)
            elif pieces == known[0]:
                known[1].update(meant)
    last = best[-1]
    return last[1] if last else set()

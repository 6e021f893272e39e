"""A text from outside as comparable words, or None if a sign in it is not understood.

Compatibility forms, upper and lower case, accents and white space are folded (NFKC, casefold). Nothing else is, since
removing a letter or sign may reverse the meaning. So a struck-out or crossed text stays unread, and so does a raised
digit beside a plain one: `Vitamin B1²` is B1 with a footnote.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

__all__ = ["MAX_LENGTH", "Lexicon", "covers", "folded", "lexicon_of", "together", "whole_words", "words"]

#: Meanings by joined word; a meaning of several parts is one text with blanks.
Lexicon = Mapping[str, frozenset[str]]

#: The longest name of a test or a specimen, in characters.
MAX_LENGTH = 300
#: The most words of a name, and the most neighbors that are joined to one word.
_MOST, _JOINED = 40, 14
#: The fewest letters of the known words into which a word without a blank is split.
_SHORTEST_PIECE = 3
#: Scripts without blanks between words: each sign is a word, and neighbors are read together.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
#: Signs that only separate or mark words.
_BETWEEN = frozenset(" \t\r\n.,:;/()[]{}*^_+&'\"|-") | set("’‘“”–—‐‑−・·=®™¤\u00ad\u200b\ufeff")
#: Signs that are words: a share, a number.
_SIGNS = frozenset("%#")
#: Signs before or after a text that may deny it, or refer to a note.
_EDGES = re.compile(r"^\s*[-+*&^|–—−‐‑]|[-+*&^|–—−‐‑]\s*$")
#: Marks that strike a letter out or surround it: they may deny it.
_STRUCK = re.compile("[\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20dd-\u20f0]")
#: A digit that is not on the line (raised, lowered, in a circle) beside one that is.
_OFF_LINE = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
_FOOTNOTE = re.compile(rf"[0-9][{_OFF_LINE}]|[{_OFF_LINE}][0-9]")
#: Letters that have no decomposition of their own.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "ı": "i", "đ": "d"})


def folded(text: str) -> str:
    """Return a text without accents, upper case and compatibility forms; kana and Hangul are unchanged."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept: list[str] = []
    for sign in plain:
        if unicodedata.combining(sign) and kept and not _UNSPACED.match(kept[-1][-1]):
            continue
        kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_LETTERS)


def words(text: str) -> tuple[str, ...] | None:
    """Return the words of a text in order, or None if a sign in it is neither a letter, a digit nor a separator."""
    if len(text) > MAX_LENGTH or _FOOTNOTE.search(text) or _STRUCK.search(unicodedata.normalize("NFKD", text)):
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


def whole_words(text: str) -> tuple[str, ...] | None:
    """Return the words of a text as `words` does, or None if a sign is before or after them: `-F`, `serum*`."""
    return None if _EDGES.search(text) else words(text)


def together(spelled: Iterable[str]) -> str:
    """Return words joined without blanks, except for one between digits: `B1 (2)` is not B12."""
    joined = ""
    for word in spelled:
        joined += f" {word}" if joined[-1:].isdigit() and word[:1].isdigit() else word
    return joined


def lexicon_of(listed: Iterable[tuple[str, str]]) -> Lexicon:
    """Return meanings by joined word."""
    meant: dict[str, set[str]] = defaultdict(set)
    for word, means in listed:
        meant[together(words(word) or ())].add(means)
    return {word: frozenset(means) for word, means in meant.items()}


def covers(spelled: tuple[str, ...], lexicon: Lexicon) -> set[frozenset[str]]:
    """Return the meanings of the readings with the fewest pieces that use every word; empty if there is none.

    An unknown word may be several known ones without blanks: `Leukozytenzahl`, `meancell`.
    """
    if len(spelled) > _MOST:
        return set()

    def of_words(parts: tuple[str, ...]) -> _Reading | None:
        joined = together(parts)
        if joined in lexicon:
            return None if _of_a_kind(parts, lexicon) else _meanings(joined, lexicon)
        if len(parts) > 1 or len(joined) > _MOST:
            return None
        return _fewest(tuple(joined), len(joined), of_letters)

    def of_letters(letters: tuple[str, ...]) -> _Reading | None:
        joined = "".join(letters)
        return _meanings(joined, lexicon) if len(letters) >= _SHORTEST_PIECE and joined in lexicon else None

    read = _fewest(spelled, _JOINED, of_words)
    return read[1] if read else set()


#: The number of pieces of a reading, and their joint meanings.
_Reading = tuple[int, set[frozenset[str]]]


def _of_a_kind(parts: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Return whether a separate letter names a kind of the known name before it: hemoglobin A is not `hemoglobina`.

    In `M C H C` the letters spell the name.
    """
    last = parts[-1]
    if len(parts) == 1 or len(last) > 1 or len(parts[-2]) == 1 or not last.isalpha() or _UNSPACED.match(last):
        return False
    return together(parts[:-1]) in lexicon


def _meanings(joined: str, lexicon: Lexicon) -> _Reading:
    return 1, {frozenset(means.split()) for means in lexicon[joined]}


def _fewest(
    parts: tuple[str, ...], longest: int, read: Callable[[tuple[str, ...]], _Reading | None]
) -> _Reading | None:
    """Return the readings with the fewest pieces that use all of the parts."""
    best: list[_Reading | None] = [(0, {frozenset()}), *[None] * len(parts)]
    for start in range(len(parts)):
        reached = best[start]
        if reached is None:
            continue
        for end in range(start + 1, min(len(parts), start + longest) + 1):
            piece = read(parts[start:end])
            if piece is None:
                continue
            pieces = reached[0] + piece[0]
            meant = {one | other for one in reached[1] for other in piece[1]}
            known = best[end]
            if known is None or pieces < known[0]:
                best[end] = (pieces, meant)
            elif pieces == known[0]:
                known[1].update(meant)
    return best[-1]

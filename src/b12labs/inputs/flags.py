"""A laboratory's words for a result: low, positive, within range."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal, cast

from b12labs.inputs.words.folding import folded, words
from b12labs.reference import Analyte
from b12labs.reference.names import result_words

__all__ = [
    "FLAGS",
    "FLAG_PLACES",
    "FOUND_WORDS",
    "MISSING",
    "NOT_MEASURED",
    "QUALITATIVE",
    "Flag",
    "flag_of",
    "is_qualitative",
    "read_flag",
]

#: The longest word for a result, in characters.
LONGEST = 40

FLAG_PLACES = {None: 0, "low": 1, "normal": 2, "high": 3}

Flag = Literal["low", "normal", "high"]

#: The meanings of a laboratory's words and flags, relative to the laboratory's own interval.
FLAG_WORDS: dict[Flag, tuple[str, ...]] = {
    "low": ("low", "l", "ll", "decreased", "reduced", "deficient", "undetectable", "below range", "below normal"),
    "normal": ("normal", "n", "within range", "in range", "within normal limits", "wnl"),
    "high": ("high", "h", "hh", "elevated", "raised", "increased", "mildly high", "above range"),
}

#: The meanings of words for qualitative analytes. For any other analyte, `not detected` is the lowest possible result,
#: not a normal one.
FOUND_WORDS: dict[Flag, tuple[str, ...]] = {
    "normal": ("negative", "neg", "absent", "not detected", "not seen", "none seen"),
    "high": (
        *("positive", "pos", "present", "detected", "seen", "yes"),
        *(
            "+",
            "++",
            "+++",
            "1+",
            "2+",
            "3+",
            "4+",
            "rare",
            "few",
            "occasional",
            "some",
            "moderate",
            "many",
            "numerous",
        ),
    ),
}

QUALITATIVE = frozenset(word for words in FOUND_WORDS.values() for word in words)

FLAGS: dict[str, Flag] = {
    word: flag for group in (FLAG_WORDS, FOUND_WORDS) for flag, words in group.items() for word in words
}

#: Cells that mean "no result here". Anything else that is not a result is reported as a problem.
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "<na>"})


#: A laboratory's words for a missing result: reported as a problem, and missing like any other.
NOT_MEASURED = frozenset(
    {
        *(
            "not done",
            "not measured",
            "not performed",
            "not tested",
            "test not performed",
            "no result",
            "not available",
        ),
        *("pending", "result pending", "in process", "in progress", "to follow", "result to follow", "awaited"),
        *("insufficient", "insufficient sample", "insufficient specimen", "sample insufficient"),
        *("quantity not sufficient", "quantity insufficient", "qns", "no sample", "no specimen"),
        *("cancelled", "canceled", "sample not received", "not received"),
    }
)


_FOUND: dict[str, Flag] = {"found": "high", "not_found": "normal"}


def read_flag(text: str) -> Flag | None:
    """Return the meaning of a laboratory's word or flag, in any of its languages; None if it is not such a word."""
    own = FLAGS.get(text.casefold())
    if own is not None or not text or len(text) > LONGEST:
        return own
    means = _other_words().get(_joined(text))
    return None if means is None else _FOUND.get(means, cast(Flag, means))


def is_qualitative(text: str) -> bool:
    """Return whether a word states that an analyte was found or not."""
    return text.casefold() in QUALITATIVE or (len(text) <= LONGEST and _other_words().get(_joined(text)) in _FOUND)


def flag_of(analyte: Analyte, text: str) -> Flag | None:
    """Return the meaning of a word for an analyte."""
    return None if not analyte.qualitative and is_qualitative(text) else read_flag(text)


@lru_cache(maxsize=4096)
def _joined(text: str) -> str:
    """Return a text without blanks; any other sign belongs to a word or makes the text unreadable."""
    return "".join(folded(text).split()).rstrip(".") if words(text) else ""


@cache
def _other_words() -> dict[str, str]:
    """Return the meanings of the words of other languages, by their joined letters."""
    return {_joined(word): means for word, means in result_words()}

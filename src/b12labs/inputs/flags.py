"""What a laboratory says of a result in words: low, positive, within range."""

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

#: No word for a result is longer.
LONGEST = 40

FLAG_PLACES = {None: 0, "low": 1, "normal": 2, "high": 3}

Flag = Literal["low", "normal", "high"]

#: What a laboratory's word or flag says about a result, relative to the laboratory's own interval.
FLAG_WORDS: dict[Flag, tuple[str, ...]] = {
    "low": ("low", "l", "ll", "decreased", "reduced", "deficient", "undetectable", "below range", "below normal"),
    "normal": ("normal", "n", "within range", "in range", "within normal limits", "wnl"),
    "high": ("high", "h", "hh", "elevated", "raised", "increased", "mildly high", "above range"),
}

#: What it says of an analyte that is found or not. Of any other, `not detected` would be as low as can be, and is not
#: normal.
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


#: Words of a laboratory that there is no result: reported as a problem, and missing like any other.
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
    """Return what a laboratory's word or flag means, in any of its languages; None where it is not such a word."""
    own = FLAGS.get(text.casefold())
    if own is not None or not text or len(text) > LONGEST:
        return own
    means = _other_words().get(_joined(text))
    return None if means is None else _FOUND.get(means, cast(Flag, means))


def is_qualitative(text: str) -> bool:
    """Tell whether a word says that an analyte was found, or was not."""
    return text.casefold() in QUALITATIVE or (len(text) <= LONGEST and _other_words().get(_joined(text)) in _FOUND)


def flag_of(analyte: Analyte, text: str) -> Flag | None:
    """Return what a word says about this analyte."""
    return None if not analyte.qualitative and is_qualitative(text) else read_flag(text)


@lru_cache(maxsize=4096)
def _joined(text: str) -> str:
    """Return a text without blanks; any other sign in it is part of a word, or makes it none."""
    return "".join(folded(text).split()).rstrip(".") if words(text) else ""


@cache
def _other_words() -> dict[str, str]:
    """Return what the words of other languages mean, by their letters joined."""
    return {_joined(word): means for word, means in result_words()}

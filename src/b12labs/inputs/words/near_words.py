"""The known words that an unknown one may misspell: never its opposite, and never another sense.

In clinical words one letter or word can reverse the meaning: `hypothyroidism`, `loss of reflexes` and `normal
reflexes`, `nephropathy` and `neuropathy`. So every word of a suggestion must be in the input, at most one letter
apart.

>>> near_words("numbnes", ["numbness", "falls"])
'numbness'
>>> near_words("loss of reflexes", ["normal reflexes", "loss of milestones"]) is None
True
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

__all__ = ["near_words"]

#: Words without a meaning of their own.
_FILLERS = frozenset({"a", "an", "the", "of", "in", "on", "at", "with", "my", "to", "and"})
#: Beginnings with opposite meanings that differ by one or two letters.
_OPPOSITES = (("hyper", "hypo"), ("macro", "micro"), ("intra", "inter"), ("pre", "pro"))
_SHORTEST = 4


def near_words(given: str, known: Iterable[str]) -> str | None:
    """Return the first known name that differs from the input only by a letter in a word, small words and the order.

    Both are in the plain spelling of the vocabulary: lower case, one space between words.
    """
    words, joined = _telling(given), given.replace(" ", "")
    return next((name for name in known if _alike(words, _known(name)[0]) or _known(name)[1] == joined), None)


def _telling(name: str) -> tuple[str, ...]:
    return tuple(word for word in name.split() if word not in _FILLERS)


@lru_cache(8192)
def _known(name: str) -> tuple[tuple[str, ...], str]:
    """Return the words of a known name without fillers, and the name without spaces."""
    return _telling(name), name.replace(" ", "")


def _alike(given: tuple[str, ...], name: tuple[str, ...]) -> bool:
    if len(given) != len(name) or not given:
        return False
    left = list(name)
    for word in given:
        match = next((each for each in left if each == word), None) or next(
            (each for each in left if _misspelled(word, each)), None
        )
        if match is None:
            return False
        left.remove(match)
    return True


def _misspelled(word: str, meant: str) -> bool:
    """Return whether two words are one letter apart: one more, one fewer, one different, or two swapped."""
    short, long = sorted((word, meant), key=len)
    if len(short) < _SHORTEST or len(long) - len(short) > 1 or short[0] != long[0] or not (word + meant).isalpha():
        return False
    if any(_beginning(word, pair) != _beginning(meant, pair) for pair in _OPPOSITES):
        return False
    same = next(
        (place for place, (one, other) in enumerate(zip(short, long, strict=False)) if one != other), len(short)
    )
    if len(short) < len(long):
        return short[same:] == long[same + 1 :]
    swapped = short[same : same + 2] == long[same : same + 2][::-1] and short[same + 2 :] == long[same + 2 :]
    return short[same + 1 :] == long[same + 1 :] or swapped


def _beginning(word: str, pair: tuple[str, str]) -> str:
    return next((each for each in pair if word.startswith(each)), "")

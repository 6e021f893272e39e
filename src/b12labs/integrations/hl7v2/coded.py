"""A coded element (CWE, CE): up to two codes, and the words of each."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice, repeat
from typing import NamedTuple

__all__ = ["Coded", "coded"]


class Coded(NamedTuple):
    """A code with its words and system, a second one that means the same, and the text as it was written."""

    code: str
    words: str
    system: str
    other_code: str
    other_words: str
    other_system: str
    original: str

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Both codes, each with its system."""
        return [(self.code, self.system), (self.other_code, self.other_system)]

    @property
    def texts(self) -> list[str]:
        """The words of both codes, and the text as it was written."""
        return [self.words, self.other_words, self.original]

    @property
    def sent(self) -> list[str]:
        """Every code and text, in their order."""
        return [self.code, self.words, self.other_code, self.other_words, self.original]


def coded(components: Iterable[str]) -> Coded:
    """Return the components of a coded element, blank if they are not sent."""
    padded = islice(chain(components, repeat("")), 9)
    code, words, system, other_code, other_words, other_system, _version, _other_version, original = padded
    return Coded(code, words, system, other_code, other_words, other_system, original)

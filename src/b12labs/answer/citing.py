"""The sources of an answer: numbered at each citation, and listed once with their titles and addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from b12labs.answer.words import CHECKED
from b12labs.reference import Source, sources

__all__ = ["NAMED", "Citing", "Numbered", "cite", "source_words"]


class Citing(Protocol):
    """The way in which sentences cite their sources and show how a number was checked."""

    def cite(self, keys: Iterable[str]) -> str:
        """Return sources in brackets; empty if there are none."""
        ...

    def mark(self, checked: str, how_much: str = "") -> str:
        """Return how a number was checked; `how_much` says to which part that applies, such as `in part `."""
        ...


class ShortNames:
    """Sources by their short names."""

    def cite(self, keys: Iterable[str]) -> str:
        """Return the short names of sources in brackets; `laboratory` is the laboratory's own report."""
        known = sources()
        names = "; ".join(known[key].short if key in known else key for key in keys)
        return f"[{names}]" if names else ""

    def mark(self, checked: str, how_much: str = "") -> str:
        """Return how a number was checked, in brackets."""
        return f"[{how_much}{checked}]"


class Numbered:
    """Sources by numbers, in the order in which a report cites them, and the words for how numbers were checked."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._checked: set[str] = set()

    def cite(self, keys: Iterable[str]) -> str:
        """Return the numbers of sources in brackets: `[1 3]`; the laboratory's own report has no number."""
        known = [key for key in dict.fromkeys(keys) if key in sources()]
        numbers = sorted(self._numbers.setdefault(key, len(self._numbers) + 1) for key in known)
        return f"[{' '.join(map(str, numbers))}]" if numbers else ""

    def mark(self, checked: str, how_much: str = "") -> str:
        """Return how a number was checked, in parentheses."""
        self._checked.add(checked)
        return f"({how_much}{checked})" if checked else ""

    def listed(self) -> list[tuple[int, str]]:
        """Return every source that was cited, with its number."""
        return [(number, source_words(sources()[key])) for key, number in self._numbers.items()]

    def legend(self) -> list[str]:
        """Return one sentence that explains the words for how numbers were checked; empty if none was used."""
        said = [f"{word}: {meaning}" for word, meaning in CHECKED.items() if word in self._checked]
        return [f"How a number was checked. {'; '.join(said)}."] if said else []


NAMED = ShortNames()
cite = NAMED.cite


def source_words(source: Source) -> str:
    """Return a source's short name, its title, and its DOI or address."""
    title = source.title.removeprefix("[").removesuffix("]")
    year = "" if source.year is None or str(source.year) in title else str(source.year)
    publisher = "" if source.doi else ", ".join(filter(None, (source.publisher, year)))
    address = (source.url or "").removeprefix("https://").removeprefix("http://")
    where = f"doi {source.doi}" if source.doi else address
    return f"{source.short}: {'. '.join(filter(None, (title, publisher, where)))}"

"""One reader of a patient's reports besides results: medicines, diagnoses, symptoms and risk factors.

A list of words, a code, and the name of a product are read alike for one patient, in columns and in messages. Reports
that were not understood are counted; a term that they may mean is unknown, not absent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from types import ModuleType
from typing import TYPE_CHECKING, Any

from b12labs.errors import ContextError
from b12labs.inputs.vocabulary import exact_term, find_term, term_groups, words_of
from b12labs.reference import CONTEXT_FIELDS, context
from b12labs.text import shown

if TYPE_CHECKING:
    from b12labs.inputs.context.codes import ContextCode

__all__ = ["NOTHING_UNREAD", "Told", "Unread", "read_concept", "read_word", "read_words", "unread"]

#: Longer texts are not names.
_LONGEST = 300
_SINGULAR = {"symptoms": "symptom", "risk_factors": "risk factor", "medicines": "medicine", "diagnoses": "diagnosis"}


@dataclass(frozen=True, slots=True)
class Unread:
    """The number of words or codes of each field that were not understood, and their possible meanings (`perhaps`)."""

    counts: tuple[tuple[str, int], ...] = ()
    perhaps: frozenset[str] = frozenset()

    def __add__(self, other: Unread) -> Unread:
        counts = dict(self.counts)
        for name, count in other.counts:
            counts[name] = counts.get(name, 0) + count
        return Unread(tuple(sorted(counts.items())), self.perhaps | other.perhaps)

    def without(self, fields: Collection[str]) -> Unread:
        """Return the unread words of the other fields."""
        left = tuple(count for count in self.counts if count[0] not in fields)
        return self if left == self.counts else Unread(left, frozenset().union(*(_anything(name) for name, _ in left)))

    def __bool__(self) -> bool:
        return bool(self.counts)

    def sentence(self) -> str:
        """Return `3 medicines and 2 diagnoses were not understood`."""
        counts = dict(self.counts)
        said = [f"{counts[name]} {_noun(name, counts[name])}" for name in reversed(CONTEXT_FIELDS) if name in counts]
        said.sort(key=lambda part: "diagnos" in part)
        joined = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
        return f"{joined} {'was' if sum(counts.values()) == 1 else 'were'} not understood"


NOTHING_UNREAD = Unread()


def _noun(name: str, count: int) -> str:
    return _SINGULAR[name] if count == 1 else name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Told:
    """The meaning of a word or a concept: its terms, or the reason if it has none, with the words left unread."""

    terms: frozenset[str] = frozenset()
    why: str = ""
    unread: Unread = field(default=NOTHING_UNREAD)


def unread(name: str, perhaps: Iterable[str] | None = None) -> Unread:
    """Return one unread word of a field; `perhaps` are the terms that it may mean, if they are known."""
    known = term_groups(perhaps) if perhaps is not None else _anything(name)
    return Unread(((name, 1),), known)


@lru_cache(maxsize=8)
def _anything(name: str) -> frozenset[str]:
    listed = context().unread.get(name, ())
    groups = {entry.removeprefix("group:") for entry in listed if entry.startswith("group:")}
    of = {name, "risk_factors"}
    terms = {key for key, term in context().terms.items() if term.field in of and groups.intersection(term.groups)}
    return frozenset({*listed, *terms})


def read_concept(coded: Iterable[tuple[str, str]], texts: Iterable[str], name: str) -> Told:
    """Read a concept of a message: pairs of code and system as sent, and texts. `name` is the field.

    Codes decide. Texts decide if no code is known, or if the known codes are only wider than a term.
    """
    codes = [found for code, system in coded if code and (found := _find_code(code, system)) is not None]
    refused = next((found.why for found in codes if found.why and found.other), "")
    if refused:
        return Told(why=refused)
    named = _by_texts(texts, name)
    if named is None:
        return Told(why="its text denies it or is about something else", unread=unread(name))
    proven = [found.terms for found in codes if found.terms]
    if proven:
        return _agreed(proven, name)
    suspected = next((found for found in codes if found.why and not named), None)
    if suspected is not None:
        return _unproven(suspected, name)
    if named:
        known_other = any(found.other for found in codes)
        return (
            Told(why="its code and its text differ", unread=unread(name, named)) if known_other else _told(named, name)
        )
    if codes:
        return Told()
    return Told(why="none of its codes and names is a context term", unread=unread(name))


def _unproven(found: ContextCode, name: str) -> Told:
    return Told(why=found.why, unread=unread(name, found.perhaps) if found.perhaps else NOTHING_UNREAD)


def _agreed(sets: Sequence[frozenset[str]], name: str) -> Told:
    """Return the terms that all of the codes mean."""
    common = reduce(frozenset.intersection, sets)
    if common:
        return _told(common, name)
    return Told(why="its codes mean different terms", unread=unread(name, frozenset().union(*sets)))


def _told(terms: frozenset[str], name: str) -> Told:
    """Return terms without pregnancy, which has its own field: a code gives neither its date nor its trimester."""
    if "pregnancy" not in terms:
        return Told(terms)
    return Told(why="pregnancy has its own field", unread=unread(name, ("pregnant",)))


def _by_texts(texts: Iterable[str], name: str) -> frozenset[str] | None:
    """Return the terms that texts name, which may be none; None if a text denies them."""
    found: list[frozenset[str]] = []
    for text in texts:
        said = _by_text(text, name)
        if said is None:
            return None
        found += [said] if said else []
    return reduce(frozenset.intersection, found) or frozenset().union(*found) if found else frozenset()


@lru_cache(maxsize=4096)
def _by_text(text: str, name: str) -> frozenset[str] | None:
    if len(text) > _LONGEST:
        return frozenset()
    term = exact_term(text)
    if term is not None:
        return frozenset({term.key})
    coded = _find_code(text)
    if coded is not None:
        return coded.terms
    return _medicines().find_medicines(text) if name == "medicines" else frozenset()


def read_word(word: str, name: str) -> Told:
    """Read a word of a field (`medicines`, ...); raises `ContextError` with the nearest match if it means nothing."""
    coded = _find_code(word) if exact_term(word) is None else None
    if coded is None:
        told = read_concept([], [word], name)
    elif coded.terms:
        told = _told(coded.terms, name)
    else:
        told = _unproven(coded, name) if coded.why else Told()
    if not told.why:
        return told
    why = f"{name}: {shown(word)} is not used: {told.why}"
    if told.unread.perhaps == _anything(name):
        try:
            find_term(word, name)
        except ContextError as error:
            why = error.message
    raise ContextError(why, code="unknown_term", field=name, kept=told)


def read_words(cell: Any, name: str) -> list[str]:
    """Return the words of a text or list; a strength or form after a comma belongs to the medicine before it."""
    words: list[str] = []
    for word in words_of(cell):
        if name == "medicines" and words and _is_part_of(words[-1], word):
            words[-1] = f"{words[-1]} {word}"
        else:
            words.append(word)
    return words


def _find_code(text: str, system: str = "") -> ContextCode | None:
    """Return the meaning of a code; its lists are loaded only when the context is read."""
    from b12labs.inputs.context.codes import find_context_code

    return find_context_code(text, system)


def _is_part_of(product: str, word: str) -> bool:
    medicines = _medicines()
    return bool(medicines.find_medicines(product)) and bool(medicines.is_part_of_product(word))


def _medicines() -> ModuleType:
    """Return the module that reads products of medicines, loaded likewise."""
    from b12labs.inputs.context import medicines

    return medicines

"""What is reported of a patient besides results: one reader of medicines, diagnoses, symptoms and risk factors.

A list of words, a code, and the name of a product are read alike in one patient, in columns and in messages. What was
sent and not understood is counted, and what it may have been is unknown and not absent.
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
    """How many words or codes of each field were not understood, and what they may mean (`perhaps`, with groups)."""

    counts: tuple[tuple[str, int], ...] = ()
    perhaps: frozenset[str] = frozenset()

    def __add__(self, other: Unread) -> Unread:
        counts = dict(self.counts)
        for name, count in other.counts:
            counts[name] = counts.get(name, 0) + count
        return Unread(tuple(sorted(counts.items())), self.perhaps | other.perhaps)

    def without(self, fields: Collection[str]) -> Unread:
        """Return what is unread of other fields."""
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
    """What a word or a concept says: the terms it means, or why it means none and what is unread because of it."""

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
    """Read what a message sends: pairs of code and system as sent, and texts. `name` is the field.

    Codes decide. Texts decide if no code is known, or if what is known is only wider.
    """
    codes = [found for code, system in coded if code and (found := _find_code(code, system)) is not None]
    refused = next((found.why for found in codes if found.why and found.other), "")
    if refused:
        return Told(why=refused)
    named = _by_texts(texts, name)
    if named is None:
        return Told(why="a text of it denies it, or is about something else", unread=unread(name))
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
    return Told(why="no code or name of it is a term of the vocabulary", unread=unread(name))


def _unproven(found: ContextCode, name: str) -> Told:
    return Told(why=found.why, unread=unread(name, found.perhaps) if found.perhaps else NOTHING_UNREAD)


def _agreed(sets: Sequence[frozenset[str]], name: str) -> Told:
    """Return what codes mean together: what all of them say."""
    common = reduce(frozenset.intersection, sets)
    if common:
        return _told(common, name)
    return Told(why="its codes mean different terms", unread=unread(name, frozenset().union(*sets)))


def _told(terms: frozenset[str], name: str) -> Told:
    """Return terms; pregnancy is a field of its own, of which a code tells neither when nor how far."""
    if "pregnancy" not in terms:
        return Told(terms)
    return Told(why="pregnancy is given by its own field", unread=unread(name, ("pregnant",)))


def _by_texts(texts: Iterable[str], name: str) -> frozenset[str] | None:
    """Return the terms that texts name, none if they name none; None if one of them denies them."""
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
    """Return the words of a text or list; a strength or a form after a comma belongs to the medicine before."""
    words: list[str] = []
    for word in words_of(cell):
        if name == "medicines" and words and _is_part_of(words[-1], word):
            words[-1] = f"{words[-1]} {word}"
        else:
            words.append(word)
    return words


def _find_code(text: str, system: str = "") -> ContextCode | None:
    """Return what a code means; its lists are loaded where a word of the context is read."""
    from b12labs.inputs.context.codes import find_context_code

    return find_context_code(text, system)


def _is_part_of(product: str, word: str) -> bool:
    medicines = _medicines()
    return bool(medicines.find_medicines(product)) and bool(medicines.is_part_of_product(word))


def _medicines() -> ModuleType:
    """Return what reads products of medicines; likewise."""
    from b12labs.inputs.context import medicines

    return medicines

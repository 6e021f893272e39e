"""The context vocabulary: the term of a word, and the terms in a text of several words.

Names, synonyms and spellings lead to one term. A word without a term is a problem with the nearest match, never
ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from b12labs.errors import ContextError, suggestion
from b12labs.inputs.words.near_words import near_words
from b12labs.reference import Term, context
from b12labs.text import LONGEST, around_words, cell_text, is_missing, shown

__all__ = ["exact_term", "find_term", "find_terms", "near_term", "split_terms", "term_groups", "words_of"]

_SEPARATORS = re.compile(r"[;|,\n]")

#: Signs that question or deny a word: `?ataxia`, `Babinski -`. Dashes inside a word only join it.
_DOUBTS, _DASHES = re.compile(r"[?!~]"), re.compile("[-‐‑–—−]")

#: Signs that folding would remove, although they may reverse the meaning: `Babinski 陰性` is negative.
_FOREIGN = re.compile(r"[^\x00-\x7fà-öø-ÿ\s‘’“”‐‑–—−•·®™\u00ad\u200b-\u200f\ufeff]")


#: The ends of SNOMED CT's full names: `Total gastrectomy (procedure)`.
_TAG = re.compile(r" ?\((?:disorder|finding|situation|procedure|product|medicinal product|substance)\)$")
#: Words before an operation that do not change it: `s/p laparoscopic gastric bypass`.
_DONE = re.compile(
    r"(?:(?:(?:personal |past )?history of|h o|hx of|status post|s p|post|previous|prior|past|laparoscopic|robotic|"
    r"robot assisted|open) )+"
)


def plain(text: str) -> str:
    """Fold case, spacing and punctuation, so that `Roux-en-Y_gastric bypass` is `roux en y gastric bypass`."""
    return " ".join(re.sub(r"[^0-9a-zà-öø-ÿ]+", " ", text.casefold().replace("'", "").replace("’", "")).split())


@cache
def _by_name() -> dict[str, Term]:
    names: dict[str, Term] = {}
    for term in context().terms.values():
        codes = [code.rpartition(" ")[2] for code in term.codes]
        for name in (term.key, term.label, *term.synonyms, *term.codes, *codes):
            names.setdefault(plain(name), term)
    return names


def exact_term(word: str) -> Term | None:
    """Return the term with this name, synonym or code.

    Return None if there is none, or if the word is questioned, denied or in another script.
    """
    if len(word) > LONGEST or _is_doubted(word) or _FOREIGN.search(word.casefold()):
        return None
    name = plain(_TAG.sub("", word.strip()))
    term = _by_name().get(name)
    if term is not None:
        return term
    before = _DONE.match(name)
    done = _by_name().get(name[before.end() :]) if before else None
    return done if done is not None and "operation" in done.groups else None


def _is_doubted(word: str) -> bool:
    return bool(_DOUBTS.search(word)) or any(_DASHES.search(signs) for signs in around_words(word))


@lru_cache(maxsize=4096)
def find_term(word: str, field: str) -> Term:
    """Return the term that a word means; raises `ContextError` with the nearest match if it means none.

    `field` is the field of the word (`symptoms`, ...). A term of another field is accepted, because users sort them
    differently.
    """
    term = exact_term(word)
    if term is None:
        hint = suggestion(_near_name(word))
        raise ContextError(f"{field}: {shown(word)} is not a context term{hint}", code="unknown_term", field=field)
    return term


def near_term(word: str) -> str | None:
    """Return the key of the term that a word may misspell, or None."""
    near = _near_name(word)
    return _by_name()[near].key if near else None


def _near_name(word: str) -> str | None:
    return near_words(plain(word), _by_name()) if len(word) <= LONGEST else None


def split_terms(cell: str) -> list[str]:
    """Split a cell such as `paresthesia; ataxia` into words."""
    return [part.strip() for part in _SEPARATORS.split(cell) if part.strip()]


def words_of(cell: Any) -> list[str]:
    """Return the words of a text or of a list of texts; empty if the cell is missing."""
    if isinstance(cell, str):
        return split_terms(cell)
    if isinstance(cell, list | tuple | set | frozenset) or hasattr(cell, "tolist"):
        held = cell.tolist() if hasattr(cell, "tolist") else cell
        return [
            word
            for part in (held if isinstance(held, list | tuple | set | frozenset) else [held])
            for word in split_terms(cell_text(part))
        ]
    return [] if is_missing(cell) else split_terms(cell_text(cell))


#: Words that deny the words after them in their clause, or before them; and words for other people.
_DENIES = r"no|not|never|denies|denied|without|absence of|refused|excluded|no history of|negative for"

_UNDENIED = r"intact|normal|preserved|negative|excluded|unremarkable|ruled out"

_OTHERS = r"mother|father|sister|brother|son|daughter|parent|parents|maternal|paternal|family history|cousin|aunt|uncle"

_CLAUSE = re.compile(r"[;.:]| but | although | however ")


def find_terms(text: str) -> list[Term]:
    """Return every term whose name or synonym is in a free text, longest first, each stretch of text used once.

    For texts written by people, such as a case report's `absent vibration sense at ankles`. A clause that denies (`no
    numbness`, `proprioception intact`) or is about a relative (`mother has pernicious anemia`) gives no term, unless
    the term's own name has such words.
    """
    found: dict[str, Term] = {}
    for clause in _clauses(text.casefold()):
        rest = f" {plain(clause)} "
        for name in _names_by_length():
            padded = f" {name} "
            if padded not in rest:
                continue
            before, _, after = rest.partition(padded)
            own = re.search(rf"\b({_DENIES}|{_UNDENIED}|{_OTHERS})\b", name) is not None
            denied = re.search(rf"\b({_DENIES}|{_OTHERS}|normal|intact|preserved)\b", before) or re.search(
                rf"\b({_UNDENIED})\b", after
            )
            if own or not denied:
                found.setdefault(_by_name()[name].key, _by_name()[name])
            rest = f"{before} | {after}"
    return list(found.values())


def _clauses(text: str) -> list[str]:
    """Split a text at the ends of its denials; `denies alcohol, nitrous oxide` denies the whole list."""
    clauses = _CLAUSE.split(text)
    return [
        part
        for clause in clauses
        for part in ([clause] if re.match(r"\s*(denies|denied)\b", clause) else clause.split(","))
    ]


@cache
def _names_by_length() -> tuple[str, ...]:
    return tuple(sorted((name for name in _by_name() if len(name) > 2), key=len, reverse=True))


def term_groups(terms: Iterable[str]) -> frozenset[str]:
    """Return the terms and, as `group:NAME`, every group of one of them."""
    known = context().terms
    names = set(terms)
    return frozenset(names | {f"group:{group}" for name in names if name in known for group in known[name].groups})

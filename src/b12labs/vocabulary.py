"""The context vocabulary: which term a word means, and what is reported in a text of several words.

Names, synonyms and spellings lead to one term. A word that means none is a problem with the nearest match, never ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from b12labs.errors import ContextError, nearest
from b12labs.reference import Term, context

__all__ = ["find_term", "find_terms", "group_members", "split_terms", "term_groups"]

_SEPARATORS = re.compile(r"[;|,\n]")


def plain(text: str) -> str:
    """Fold case, spacing and punctuation, so that `Roux-en-Y_gastric bypass` is `roux en y gastric bypass`."""
    return " ".join(re.sub(r"[^0-9a-zà-öø-ÿ]+", " ", text.casefold().replace("'s ", "s ").replace("'", "")).split())


@cache
def _by_name() -> dict[str, Term]:
    names: dict[str, Term] = {}
    for term in context().terms.values():
        codes = [code.rpartition(" ")[2] for code in term.codes]
        for name in (term.key, term.label, *term.synonyms, *term.codes, *codes):
            names.setdefault(plain(name), term)
    return names


@lru_cache(maxsize=4096)
def find_term(word: str, field: str) -> Term:
    """Return the term that a word means; raises `ContextError` with the nearest match where it means none.

    `field` is where the word was given (`symptoms`, ...); a term of another field is accepted, because users sort them differently.
    """
    term = _by_name().get(plain(word))
    if term is None:
        near = nearest(plain(word), _by_name())
        hint = f"; did you mean {_by_name()[near].key!r}?" if near else ""
        raise ContextError(f"{field}: {word!r} is not a term of the vocabulary{hint}", code="unknown_term", field=field)
    return term


def split_terms(cell: str) -> list[str]:
    """Split a cell such as `paresthesia; ataxia` into words."""
    return [part.strip() for part in _SEPARATORS.split(cell) if part.strip()]


def find_terms(text: str) -> list[Term]:
    """Return every term whose name or synonym stands in a free text, longest names first, each stretch of text used once.

    For texts written by people, such as a case report's `absent vibration sense at ankles`. A name after `no`, `denies` or
    `without` is not taken.
    """
    rest = f" {plain(text)} "
    found: dict[str, Term] = {}
    for name in sorted(_by_name(), key=len, reverse=True):
        if len(name) < 3:
            continue
        match = re.search(rf" (no |denies |without )?{re.escape(name)} ", rest)
        if match:
            if not match[1]:
                found.setdefault(_by_name()[name].key, _by_name()[name])
            rest = rest.replace(match[0], " | ")
    return list(found.values())


def term_groups(terms: Iterable[str]) -> frozenset[str]:
    """Return the terms and, as `group:NAME`, every group that one of them belongs to."""
    known = context().terms
    names = set(terms)
    return frozenset(names | {f"group:{group}" for name in names if name in known for group in known[name].groups})


@cache
def group_members(group: str) -> tuple[str, ...]:
    """Return the terms of a group."""
    return tuple(term.key for term in context().terms.values() if group in term.groups)

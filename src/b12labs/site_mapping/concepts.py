"""Read a medicine or diagnosis of a message, first by the site's own codes and names."""

from __future__ import annotations

from collections.abc import Iterable

from b12labs.inputs.context.reported import Told, read_concept
from b12labs.inputs.vocabulary import find_term, split_terms
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["read_sent"]


def read_sent(
    site: SiteMapping, coded: Iterable[tuple[str, str]], texts: Iterable[str], name: str, *, local: Iterable[str] = ()
) -> Told:
    """Read the codes (with their systems) and texts of a field, by the site's mapping first, then as `read_concept`.

    `local` holds codes without a system, which only the site's mapping can explain.
    """
    pairs, called = list(coded), list(texts)
    said = site.said_of(name, [*local, *(code for code, _ in pairs), *called])
    if said is None:
        return read_concept(pairs, called, name)
    return Told(frozenset(find_term(word, name).key for word in split_terms(said)))

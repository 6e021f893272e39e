"""The name that a user may have meant: by its other names, by its spelling, or by its beginning."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from b12labs.errors import did_you_mean, suggestion
from b12labs.inputs.fields import PATIENT_NAMES
from b12labs.inputs.vocabulary import plain
from b12labs.reference import context

__all__ = ["meant_name"]


def meant_name(given: object, names: Iterable[str]) -> str:
    """Return the end of a message that suggests one of some names, or an empty text if none is similar."""
    text = str(given)
    known = tuple(name for name in names if name != text)
    said = next((key for key in _meanings(text, known) if key in known), None)
    return suggestion(said) if said else did_you_mean(text, known)


def _meanings(text: str, known: Collection[str]) -> Iterable[str | None]:
    from b12labs.inputs.tests import near_test, recognize_test  # they import the readers of results

    folded = {name.casefold(): name for name in known}
    yield folded.get(text.casefold())
    yield recognize_test(text).analyte
    yield _fields().get(plain(text))
    yield near_test(text)


@cache
def _fields() -> dict[str, str]:
    """Return the key of every name of a patient's field, and of every context term."""
    terms = {plain(name): key for key, term in context().terms.items() for name in (*term.synonyms, term.label, key)}
    return {**terms, **{name: key for key, names in PATIENT_NAMES.items() for name in names}}

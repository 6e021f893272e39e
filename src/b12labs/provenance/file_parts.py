"""The reference files as text: the numbers and structure that decide, and the sentences.

Only the parsed content of a file is used. Comments, spaces, the order of rows and the spelling of a number change
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from b12labs.inputs.variation import published_variation
from b12labs.provenance.record_parts import digest, of_model, whole
from b12labs.reference import (
    analytes,
    context,
    directory,
    formulas,
    load_profile,
    plain_words,
    read_toml,
    sources,
    treatment,
    units,
)
from b12labs.reference.bedside import bedside
from b12labs.reference.files import read_csv

__all__ = ["digests_of"]

#: Files that hold only sentences.
_SPOKEN = ("sources.toml", "plain.toml")
#: Columns of tables that are sentences and decide nothing.
_SAID_COLUMNS = ("refuse", "note", "source", "checked", "language")


def digests_of(name: str) -> tuple[str, str]:
    """Return the digests of one file of `reference_ranges/`: of its deciding content, and of its sentences."""
    if name.endswith(".csv"):
        return _of_rows(list(read_csv(directory() / name)))
    content = _reader(name)()
    if name in _SPOKEN:
        return digest(()), digest(whole(content))
    return of_model(content)


def _reader(name: str) -> Callable[[], Any]:
    """Return the reader of a file. A file without its own type is read as TOML, with its tables in order."""
    readers: dict[str, Callable[[], Any]] = {
        "analytes.toml": analytes,
        "units.toml": units,
        "context.toml": context,
        "formulas.toml": formulas,
        "variation.toml": published_variation,
        "treatment.toml": treatment,
        "differential.toml": bedside,
        "sources.toml": sources,
        "plain.toml": plain_words,
    }
    if name.startswith("guidelines/"):
        return partial(load_profile, name.removeprefix("guidelines/").removesuffix(".toml"))
    return readers.get(name) or (lambda: list(read_toml(directory() / name).items()))


def _of_rows(rows: list[dict[str, str]]) -> tuple[str, str]:
    """Return the digests of a table, whose rows may be in any order."""
    decides = [[(name, cell) for name, cell in sorted(row.items()) if name not in _SAID_COLUMNS] for row in rows]
    # The refusal of a code decides; its reason is a sentence.
    refused = [bool(row.get("refuse")) for row in rows]
    said = [[(name, cell) for name, cell in sorted(row.items()) if name in _SAID_COLUMNS] for row in rows]
    keyed = [[*row, refuse] for row, refuse in zip(decides, refused, strict=True)]
    return digest(sorted(keyed, key=ascii)), digest(sorted(zip(keyed, said, strict=True), key=ascii))

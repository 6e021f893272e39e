"""Codes of medicines and diagnoses by code system: `reference_ranges/codes/context/`, each file read when first needed.

If a file is left out, its codes are unknown, and nothing else changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from b12labs.errors import ReferenceDataError
from b12labs.reference.files import context, read_csv, read_toml
from b12labs.reference.loaded import directory

__all__ = ["ContextSystem", "ListedContext", "context_codes", "context_systems"]


@dataclass(frozen=True, slots=True)
class ContextSystem:
    """One code system of medicines or diagnoses; systems.toml explains each member."""

    key: str
    names: frozenset[str]
    like: str
    of: str
    also: str
    form: str
    bare: str
    strip: str
    classes: bool


@dataclass(frozen=True, slots=True)
class ListedContext:
    """One code: the terms that it means, or that it may mean (`wider`), or why it means none (`refused`)."""

    code: str
    terms: frozenset[str]
    prefix: bool
    wider: bool
    refused: str


@cache
def context_systems() -> dict[str, ContextSystem]:
    """Return every code system of medicines and diagnoses by its key; if two match a name, the first is used."""
    raw = read_toml(directory() / "codes" / "context" / "systems.toml")
    return {
        key: ContextSystem(
            key,
            frozenset(str(name).casefold() for name in entry["names"]),
            entry.get("like", ""),
            entry["of"],
            entry.get("also", ""),
            entry.get("form", ""),
            entry.get("bare", ""),
            entry.get("strip", ""),
            entry.get("classes", False),
        )
        for key, entry in raw.items()
    }


@cache
def context_codes(system: str) -> dict[str, ListedContext]:
    """Return the codes of a system's file without dots; {} if the file was left out."""
    path = directory() / "codes" / "context" / f"{system}.csv"
    if not path.is_file():
        return {}
    listed: dict[str, ListedContext] = {}
    try:
        for row in read_csv(path):
            terms = frozenset(row["terms"].split())
            refused = row["note"] if row["scope"] == "refuse" else ""
            if not (terms <= context().terms.keys() | {"pregnancy"}):
                raise ReferenceDataError(f"codes/context/{path.name}", row["terms"], "expected terms of context.toml")
            for code in row["codes"].split():
                wider = row["scope"] == "wider"
                key = code if system in ("read_v2", "ctv3") else code.replace(".", "")
                listed[key] = ListedContext(key, terms, row["match"] == "prefix", wider, refused)
    except KeyError as error:
        raise ReferenceDataError(f"codes/context/{path.name}", str(error), "expected a column of this name") from None
    return listed

"""Codes of tests by code system: `reference_ranges/codes/`, one file per system, each read when first needed.

If a file is left out, its codes are unknown, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from b12labs.errors import ReferenceDataError
from b12labs.reference.files import analytes, read_csv, read_toml
from b12labs.reference.loaded import directory

__all__ = ["BLOOD", "CodeSystem", "ListedCode", "code_systems", "listed_codes", "specimen_codes", "unconfirmed_codes"]


#: The words for blood specimens in specimens.csv.
BLOOD = frozenset({"blood", "serum", "plasma"})


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """One code system: its names in messages, and the form of its codes if no system is named."""

    key: str
    names: frozenset[str]
    form: str
    prefix: int
    zeros: tuple[int, int]
    specimen: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ListedCode:
    """One code of a test: its analyte, or the reason why it must not be read as that analyte."""

    code: str
    analyte: str
    refused: str
    prefix: bool


@cache
def code_systems() -> dict[str, CodeSystem]:
    """Return every code system by its key."""
    raw = read_toml(directory() / "codes" / "systems.toml")
    return {
        key: CodeSystem(
            key,
            frozenset(str(name).casefold() for name in entry["names"]),
            entry.get("form", ""),
            entry.get("prefix", 0),
            tuple(entry.get("zeros", (0, 0))),
            tuple(entry.get("specimen", (0, 0))),
        )
        for key, entry in raw.items()
    }


@cache
def listed_codes(system: str) -> dict[str, ListedCode]:
    """Return the codes of a system's file; {} if the file was left out."""
    path = directory() / "codes" / f"{system}.csv"
    if not path.is_file():
        return {}
    try:
        rows = [
            ListedCode(row["code"], row["analyte"], row["refuse"], row["match"] == "prefix") for row in read_csv(path)
        ]
    except KeyError as error:
        raise ReferenceDataError(f"codes/{path.name}", str(error), "expected a column of this name") from None
    return _each_once(row for row in rows if row.refused or row.analyte in analytes())


@cache
def unconfirmed_codes() -> dict[str, str]:
    """Return the codes whose meaning is unconfirmed, with the analyte they may be of; they are never read."""
    path = directory() / "codes" / "unconfirmed.csv"
    return {row["code"]: row["analyte"] for row in read_csv(path)} if path.is_file() else {}


def _each_once(rows: Iterable[ListedCode]) -> dict[str, ListedCode]:
    """Return rows by code, without codes that are listed for two analytes."""
    listed: dict[str, ListedCode] = {}
    twice: set[str] = set()
    for row in rows:
        known = listed.setdefault(row.code, row)
        if (known.analyte, known.refused) != (row.analyte, row.refused):
            twice.add(row.code)
    return {code: row for code, row in listed.items() if code not in twice}


@cache
def specimen_codes() -> dict[str, dict[str, str]]:
    """Return the meaning of each specimen code, by code system."""
    listed: dict[str, dict[str, str]] = {}
    for row in read_csv(directory() / "codes" / "specimens.csv"):
        listed.setdefault(row["system"], {})[row["code"]] = row["means"]
    return listed

"""The mutants that change no answer, listed in `equivalent.toml` with their reasons."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from mutants.mutant import Mutant

LIST = Path(__file__).with_name("equivalent.toml")
Key = tuple[str, str, str, str, int]


def equivalents(path: Path = LIST) -> dict[Key, str]:
    """Return the reason of each listed mutant. Raises `ValueError` if one is listed twice or without a reason."""
    found: dict[Key, str] = {}
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", ()):
        listed = entry["file"], entry["place"], entry["before"], entry["after"], entry.get("which", 1)
        if listed in found or not entry["reason"].strip():
            raise ValueError(f"{path.name}: {listed}: expected once, with a reason")
        found[listed] = entry["reason"]
    return found


def key(mutant: Mutant) -> Key:
    """Return the key of a mutant in the list. It has no line, because lines may move."""
    return mutant.file, mutant.place, mutant.before, mutant.after, mutant.which


def gone(listed: Iterable[Key], mutants: Iterable[Mutant]) -> list[Key]:
    """Return the listed mutants that no longer exist in the code."""
    there = {key(mutant) for mutant in mutants}
    return [entry for entry in listed if entry not in there]

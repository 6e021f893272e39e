"""The numbers of `reference_ranges/` by file, key, name and unit: what the tables must hold, no more and no less."""

from __future__ import annotations

import math
from collections.abc import Iterator

from b12labs.reference import directory, read_toml

#: Years of publication, and the places of characters in codes.
NOT_CLINICAL = {"sources", "codes/systems", "codes/context/systems"}


def reference_files():
    """Return the names of all files that may hold clinical numbers."""
    names = (path.relative_to(directory()).with_suffix("").as_posix() for path in directory().rglob("*.toml"))
    return sorted(name for name in names if name not in NOT_CLINICAL)


def numbers_of(file):
    """Return the numbers of a file by key, name and unit, each with its path in the file."""
    content = read_toml(directory() / f"{file}.toml")
    found = {}
    for key, name, unit, path, number in _found(file, content):
        if math.isfinite(number):
            identity = key, name, unit
            assert identity not in found, f"{file}: two numbers are called {identity}"
            found[identity] = path, number
    return found


def _found(file, content):
    if file.startswith("guidelines/"):
        yield (
            "guideline",
            "min_age",
            "years",
            ("guideline", "population", "min_age"),
            _at(content, "guideline", "population", "min_age"),
        )
        for limit, listed in content["limits"].items():
            for place, row in enumerate(listed):
                yield from _of_limit(limit, row, ("limits", limit, place))
    elif file == "treatment":
        for part, listed in content.items():
            for row, entry in enumerate(listed):
                words = (part, entry["formulary"], entry.get("route"), entry.get("cause"))
                nerves = {True: "neurological", False: "not neurological"}.get(entry.get("neurological"))
                key = "; ".join(word for word in (*words, nerves) if word)
                yield from ((key, name, "", (part, row, *path), number) for name, path, number in _leaves(entry))
    else:
        for key, entry in content.items():
            yield from ((key, name, "", (key, *path), number) for name, path, number in _leaves(entry))


def _of_limit(limit, row, path):
    key = "; ".join([limit, *_stratum(row)])
    for end, age in zip(("from", "to"), row.get("age", ()), strict=False):
        yield key, end, "years", (*path, "age", 0 if end == "from" else 1), age
    for place, value in enumerate(row["values"]):
        for end in ("value", "low", "high"):
            if end in value:
                name = "" if end == "value" else end
                yield key, name, value["unit"], (*path, "values", place, end), value[end]


def _stratum(row) -> Iterator[str]:
    low, high = row.get("age", (0, math.inf))
    if "age" in row:
        yield f"{low:.10g} years and over" if high == math.inf else f"{low:.10g} to {high:.10g} years"
    if "sex" in row:
        yield row["sex"]
    if row.get("pregnancy") == ["none"]:
        yield "not pregnant"
    elif "pregnancy" in row:
        yield f"{' and '.join(row['pregnancy'])} trimester"


def _at(content, *path):
    for step in path:
        content = content[step]
    return content


def _leaves(entry, path=()):
    """Yield the numbers under an entry, each with its name and path."""
    if isinstance(entry, bool):
        return
    if isinstance(entry, int | float):
        shown = [str(step) for step in path if step not in ("coefficients", "value", "si")]
        yield " ".join(shown), path, entry
    elif isinstance(entry, dict):
        for step, inner in entry.items():
            yield from _leaves(inner, (*path, step))
    elif isinstance(entry, list):
        for step, inner in enumerate(entry):
            yield from _leaves(inner, (*path, step))

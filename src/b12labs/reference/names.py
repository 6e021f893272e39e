"""The words from which laboratories make the names of tests: `reference_ranges/names/`, read when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from b12labs.errors import ReferenceDataError
from b12labs.reference.files import analytes, read_csv, read_toml
from b12labs.reference.loaded import directory

__all__ = ["NamePattern", "name_patterns", "name_words", "refused_names", "result_words", "specimen_words"]


@dataclass(frozen=True, slots=True)
class NamePattern:
    """The words that make the name of one analyte: any set of `names` is enough, and those of `beside` may be added."""

    analyte: str
    names: tuple[frozenset[str], ...]
    beside: frozenset[str]


@cache
def name_words() -> tuple[tuple[str, str], ...]:
    """Return every word of the names of tests with its meaning; a few words have more than one."""
    return _words("words.csv")


@cache
def specimen_words() -> tuple[tuple[str, str], ...]:
    """Return every word for a specimen with its meaning."""
    return _words("specimens.csv")


@cache
def result_words() -> tuple[tuple[str, str], ...]:
    """Return words of other languages for a result with their meaning: low, normal, high, found, not_found."""
    return _words("result_words.csv")


def _words(file: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple((row["word"], row["means"]) for row in read_csv(directory() / "names" / file))
    except (OSError, KeyError) as error:
        raise ReferenceDataError(f"names/{file}", "file", f"expected columns word and means; {error}") from None


@cache
def _tests() -> dict[str, dict[str, object]]:
    return read_toml(directory() / "names" / "tests.toml")


@cache
def name_patterns() -> tuple[NamePattern, ...]:
    """Return the pattern of words that makes the name of each analyte."""
    listed: dict[str, dict[str, object]] = _tests()
    specimens = listed["in"]
    patterns = []
    for key, entry in listed.items():
        if key not in analytes():
            continue
        said: object = specimens.get(str(entry.get("in", "")), [])
        beside = {f"in_{specimen}" for specimen in _texts(said)} | {
            *_texts(entry.get("beside", [])),
            "filler",
            "concentration",
        }
        beside -= set(_texts(entry.get("not_beside", [])))
        names = entry["names"]
        if not isinstance(names, list):
            raise ReferenceDataError("names/tests.toml", key, f"expected a list of lists, got {names!r}")
        patterns.append(NamePattern(key, tuple(frozenset(_texts(name)) for name in names), frozenset(beside)))
    return tuple(patterns)


@cache
def refused_names() -> tuple[str, ...]:
    """Return whole names that look like the name of an analyte but mean something else."""
    return tuple(_tests()["refused"])


def _texts(values: object) -> list[str]:
    return [str(value) for value in values] if isinstance(values, list) else []

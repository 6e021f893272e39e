"""One mutant: its place, the original text there, and the mutated text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Mutant:
    """One change. `place` is its function, assigned name or table, so that lines may move."""

    file: str
    place: str
    before: str
    after: str
    line: int = field(compare=False)
    #: Makes the mutated file: the text of a TOML file, or a module's code. It is called once, in a separate process.
    made: Callable[[], str | CodeType] = field(compare=False, repr=False)
    #: The number of the mutant among those with the same text in one place, from 1.
    which: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.place}\n    - {self.before}\n    + {self.after}"

    @property
    def module(self) -> str:
        """Return the name of the file's module."""
        parts = Path(self.file).with_suffix("").parts[1:]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def told_apart(mutants: Iterable[Mutant]) -> Iterator[Mutant]:
    """Yield the mutants, with numbers for those with the same text in one place."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for mutant in mutants:
        alike = mutant.place, mutant.before, mutant.after
        seen[alike] += 1
        yield replace(mutant, which=seen[alike])

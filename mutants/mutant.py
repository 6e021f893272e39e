"""One mutant: where it is, what stands there, and what it becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Mutant:
    """One change. `place` is the function, the assigned name or the table that holds it, so that lines may move."""

    file: str
    place: str
    before: str
    after: str
    line: int = field(compare=False)
    #: Makes the mutated file: the text of a TOML file, or a module's code. It is called once, in a process of its own.
    made: Callable[[], str | CodeType] = field(compare=False, repr=False)
    #: Which of those that read alike in one place, from 1.
    which: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.place}\n    - {self.before}\n    + {self.after}"

    @property
    def module(self) -> str:
        """Return the name of the module that the file is."""
        parts = Path(self.file).with_suffix("").parts[1:]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def told_apart(mutants: Iterable[Mutant]) -> Iterator[Mutant]:
    """Give those that read alike in one place their number."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for mutant in mutants:
        alike = mutant.place, mutant.before, mutant.after
        seen[alike] += 1
        yield replace(mutant, which=seen[alike])

"""The counts of a long table, block by block: results used, draws, and every kind of problem with its rows."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from b12labs.draws.grouping import Draws, problem_kind
from b12labs.inputs.panel import Problem
from b12labs.text import WIDTH, as_words, count_of, printable, shortened

__all__ = ["DrawCounts", "KindCount"]

#: The most kinds of problem in the summary.
SHOWN = 8

#: Problems whose message quotes a row: those of different blocks are still one kind.
_QUOTES_A_ROW = frozenset({"unreadable_time"})


@dataclass
class KindCount:
    """One kind of problem, its number of rows, and whether their results are used all the same."""

    problem: Problem
    used: bool
    rows: int = 0


@dataclass
class DrawCounts:
    """The counts of a long table, of all blocks so far."""

    results: int = 0
    used: int = 0
    draws: int = 0
    kinds: dict[tuple[object, ...], KindCount] = field(default_factory=dict)

    @classmethod
    def of(cls, draws: Draws) -> DrawCounts:
        """Return the counts of a table that was read whole."""
        counts = cls()
        counts.add(draws)
        return counts

    def add(self, draws: Draws) -> None:
        """Add the counts of a block."""
        self.results += len(draws.draw)
        self.used += int(np.count_nonzero(draws.used))
        self.draws += len(draws.wide)
        for found in draws.problems:
            problem = found.problem
            message = "" if problem.code in _QUOTES_A_ROW else problem.message
            key = (problem.code, problem.field, message, found.used)
            self.kinds.setdefault(key, KindCount(problem, found.used)).rows += len(found.rows)

    @property
    def most_frequent(self) -> list[KindCount]:
        """Every kind of problem, the most frequent first, in an order that does not depend on the blocks."""

        def place(kind: KindCount) -> tuple[int, str, str, str]:
            return -kind.rows, kind.problem.code, kind.problem.field, kind.problem.message

        return sorted(self.kinds.values(), key=place)

    @property
    def is_unusable(self) -> bool:
        """Whether there are rows, but none of them could be used."""
        return self.results > 0 and not self.draws

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries, lists and numbers."""
        kinds = [problem_kind(kind.problem, kind.rows, used=kind.used) for kind in self.most_frequent]
        return {"results": self.results, "used": self.used, "draws": self.draws, "problems": kinds}

    def lines(self) -> list[str]:
        """Return the counts in lines of at most 80 columns: results, draws, and the reasons why others are not used."""
        lines = [f"A long table: {self.used} of {self.results} results used, in {count_of(self.draws, 'draw')}"]
        kinds = sorted(self.most_frequent, key=lambda kind: (kind.problem.code == "not_an_analyte", kind.used))
        for kind in kinds[:SHOWN]:
            said = shortened(printable(f"{as_words(kind.problem.code)}: {kind.problem.message}"))
            lines += textwrap.wrap(
                said, WIDTH, initial_indent=f"  {kind.rows:>7}  ", subsequent_indent=" " * 13, break_on_hyphens=False
            )
        rest = kinds[SHOWN:]
        if rest:
            lines.append(f"  {sum(kind.rows for kind in rest):>7}  in {len(rest)} more kinds")
        return lines

"""Truths of chosen rules in every row of a cohort, for a caller that needs more of a row than its output columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from b12labs.logic.arrays import Columns
from b12labs.logic.language import Expression, Truth
from b12labs.logic.program import Program
from b12labs.tables.cohort import Cohort, CohortInputs
from b12labs.tables.options import CheckedOptions

__all__ = ["RowTruths", "TruthsOfRow"]

_CHUNK = 65_536


class RowTruths:
    """The truth of each rule in every row: 0 no, 1 unknown, 2 yes."""

    def __init__(self, cohort: Cohort, options: CheckedOptions, rules: Iterable[Truth]) -> None:
        wanted = list({id(rule): rule for rule in rules}.values())
        program = Program(wanted)
        found = np.empty((len(wanted), cohort.rows), dtype=np.int8)
        for start in range(0, cohort.rows, _CHUNK):
            rows = slice(start, min(start + _CHUNK, cohort.rows))
            inputs = CohortInputs(
                cohort,
                options.limits,
                rows,
                unreported=options.unreported,
                primitives=Columns(rows.stop - rows.start),
            )
            values = program.run(inputs)
            for place, rule in enumerate(wanted):
                found[place, rows] = values.of(rule)
        self._rules = wanted  # while they are held, no other rule has their id
        self._truths = {id(rule): truths for rule, truths in zip(wanted, found.tolist(), strict=True)}

    def of(self, rule: Expression) -> list[int]:
        """Return a rule's truth in every row."""
        return self._truths[id(rule)]

    def row(self, row: int) -> TruthsOfRow:
        """Return one row's truths."""
        return TruthsOfRow(self, row)


@dataclass(frozen=True, slots=True)
class TruthsOfRow:
    """The truths of one row, asked for as those of one patient are."""

    truths: RowTruths
    row: int

    def of(self, node: Expression) -> Any:
        """Return a rule's truth."""
        return self.truths.of(node)[self.row]

"""Truths of chosen rules in every row of a cohort, for a caller that needs more than the output columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from b12labs.logic.columns.primitives import Columns
from b12labs.logic.language import Expression, Truth
from b12labs.logic.program import Program
from b12labs.tables.cohort import Cohort, CohortInputs
from b12labs.tables.options import CheckedOptions

__all__ = ["RowTruths", "TruthsOfRow"]


class RowTruths:
    """The truth of each rule in every row: 0 no, 1 unknown, 2 yes."""

    def __init__(self, cohort: Cohort, options: CheckedOptions, rules: Iterable[Truth]) -> None:
        wanted = list({id(rule): rule for rule in rules}.values())
        program, do = Program(wanted), Columns()
        values = program.run(
            CohortInputs(cohort, options.limits, do, unreported=options.unreported, by_value=program.in_powers)
        )
        found = do.truths_by_row([values.of(rule) for rule in wanted], cohort.rows)
        self._rules = wanted  # while they are held, no other rule has their id
        self._truths: dict[int, list[int]] = {
            id(rule): truths for rule, truths in zip(wanted, found.tolist(), strict=True)
        }

    def of(self, rule: Expression) -> list[int]:
        """Return a rule's truth in every row."""
        return self._truths[id(rule)]

    def row(self, row: int) -> TruthsOfRow:
        """Return one row's truths."""
        return TruthsOfRow(self, row)


@dataclass(frozen=True, slots=True)
class TruthsOfRow:
    """The truths of one row, with the interface of one patient's."""

    truths: RowTruths
    row: int

    def of(self, node: Expression) -> Any:
        """Return a rule's truth."""
        return self.truths.of(node)[self.row]

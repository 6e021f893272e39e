"""One patient in many rows: some results vary from row to row, and everything else is the same in all rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from b12labs.inputs.panel import Panel
from b12labs.limits.stratified import Limits
from b12labs.logic.language import TruthValue
from b12labs.logic.open import possible_outcomes
from b12labs.logic.program import Program
from b12labs.logic.scalars import Pair
from b12labs.patient.inputs import PatientInputs
from b12labs.rules.b12_status import status as status_verdict

if TYPE_CHECKING:
    from b12labs.logic.columns.primitives import Columns

__all__ = ["PatientRows", "possible_statuses"]


class PatientRows(PatientInputs):
    """One patient's inputs, with a column for each of the analytes in `rows`.

    The laboratory's word on an analyte in `unflagged` is not used.
    """

    def __init__(
        self,
        panel: Panel,
        limits: Limits,
        rows: Mapping[str, Any],
        primitives: Columns,
        *,
        unreported: TruthValue,
        unflagged: Collection[str],
    ) -> None:
        super().__init__(panel, limits, unreported=unreported)
        self.primitives = primitives  # type: ignore[assignment]  # columns accept plain numbers too
        self._rows = rows
        self._unflagged = unflagged

    def measured(self, key: str) -> Any:
        return self._rows[key] if key in self._rows else super().measured(key)

    def flag(self, key: str) -> int:
        return 0 if key in self._unflagged else super().flag(key)


@cache
def _status_program() -> Program:
    return Program([status_verdict])


def possible_statuses(
    panel: Panel,
    limits: Limits,
    rows: Mapping[str, Pair],
    count: int,
    *,
    unreported: TruthValue,
    unflagged: Collection[str] = (),
) -> Any:
    """Return the possible outcomes of the status in each of `count` rows as bits, as `outcomes` does."""
    import numpy

    from b12labs.logic.columns.primitives import Columns
    from b12labs.logic.columns.running import packed, unpacked

    do = Columns()
    quantities = {key: do.intervals(low, high) for key, (low, high) in rows.items()}
    inputs = PatientRows(panel, limits, quantities, do, unreported=unreported, unflagged=unflagged)
    planes = possible_outcomes(status_verdict, _status_program().run(inputs))
    found = numpy.zeros(count, dtype=numpy.int64)
    for place, line in enumerate(packed(do.tape, planes, count)):
        found |= unpacked(line, count).astype(numpy.int64) << place
    return found

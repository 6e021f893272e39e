"""One patient with every number widened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b12labs.inputs.panel import Panel
from b12labs.limits.stratified import Limits
from b12labs.logic.language import FALSE, TruthValue
from b12labs.logic.ranges import Ranges
from b12labs.logic.scalars import Plain
from b12labs.patient.inputs import PatientInputs

__all__ = ["WidenedPatient"]


class WidenedPatient(PatientInputs):
    """One patient's results, with each number widened to all values within its factor.

    A flag beside a widened number is not used: it applied to the original number.
    """

    def __init__(
        self, panel: Panel, limits: Limits, factors: Mapping[str, float], *, unreported: TruthValue = FALSE
    ) -> None:
        super().__init__(panel, limits, unreported=unreported)
        self.primitives = Ranges(Plain())  # type: ignore[assignment]  # ranges of one patient's primitives
        self.factors = factors

    def measured(self, key: str) -> Any:
        low, high = super().measured(key)
        factor = self.factors.get(key, 1.0)
        return (low / factor, high * factor), (low * factor, high / factor)

    def limit(self, name: str) -> Any:
        return (super().limit(name),) * 2

    def reported(self, name: str) -> Any:
        return (super().reported(name),) * 2

    def flag(self, key: str) -> int:
        return 0 if self.is_widened(key) else super().flag(key)

    def is_widened(self, key: str) -> bool:
        """Return whether the analyte has a number and a known variation."""
        return key in self.factors and self.result(key).measured

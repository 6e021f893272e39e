"""The values at which the status would turn.

For each measured marker they are found by running the rules on all values that it could have.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from b12labs.answer.answers import VERDICTS
from b12labs.inputs.panel import Panel
from b12labs.inputs.units import factor
from b12labs.limits.stratified import Limits
from b12labs.logic.language import FALSE, Compare, TruthValue
from b12labs.logic.open import outcomes, single_outcome
from b12labs.patient.inputs import PatientInputs
from b12labs.patient.rows import possible_statuses
from b12labs.reasoning.compiled import is_assessed, program
from b12labs.reference import analytes
from b12labs.reference.frozen import Answered
from b12labs.reference.unit_labels import unit_label, with_labels
from b12labs.rules.b12_status import status as status_verdict
from b12labs.text import as_words

__all__ = ["TurningPoint", "turning_points_of"]

#: The number of values tried between the least and the most plausible; limits are also tried from both sides.
TRIED = 512

#: The accuracy of a turning point, relative to its value.
NEAR = 1e-9


class TurningPoint(Answered):
    """One value at which the status turns: beyond `at`, in the unit of the given result, it is `status`.

    `side` is `below` or `above`: the side of `at` with that status.
    """

    analyte: str
    label: str
    given: str
    at: float
    unit: str
    side: str
    status: str

    def __str__(self) -> str:
        given, at = with_labels(self.given), f"{self.at:.4g} {unit_label(self.unit)}".strip()
        return f"{self.label} {given}: {self.side} {at} the status would be {as_words(self.status)}"


def turning_points_of(panel: Panel, limits: Limits, *, unreported: TruthValue = FALSE) -> tuple[TurningPoint, ...]:
    """Return the nearest values of each single-number result, below and above, at which the status alone turns.

    A result that the laboratory's word decides has none: its distance from the laboratory's limit is unknown.
    """
    if not is_assessed(panel):
        return ()
    exact = program().run(PatientInputs(panel, limits, unreported=unreported))
    now = int(_places()[outcomes(status_verdict, exact)])
    ends = {
        float(end)
        for slot in program().below(status_verdict)
        for end in _limit_ends(exact.program.steps[slot].node, exact)
    }
    found: list[TurningPoint] = []
    for key, result in panel.results.items():
        if result.low == result.high and result.measured:
            found += _of_analyte(_Status(panel, limits, key, unreported), result.low, now, ends)
    return tuple(found)


def _limit_ends(node: Any, exact: Any) -> tuple[Any, ...]:
    return exact.of(node.right) if isinstance(node, Compare) else ()


@cache
def _places() -> Any:
    """Return the place of the status for each set of possible outcomes.

    If several are possible, it is the place of `indeterminate`.
    """
    import numpy

    sets = range(1 << len(status_verdict.outcomes))
    words = (VERDICTS["status"].word(single_outcome(status_verdict, bits)) for bits in sets)
    return numpy.array([status_verdict.outcomes.index(word) for word in words])


class _Status:
    """The status as a function of one result, in its canonical unit."""

    def __init__(self, panel: Panel, limits: Limits, key: str, unreported: TruthValue) -> None:
        self.panel, self.limits, self.key, self.unreported = panel, limits, key, unreported

    def __call__(self, values: Any) -> Any:
        """Return the place of the status at each value, without the laboratory's word on the original value."""
        rows = {self.key: (values, values)}
        possible = possible_statuses(
            self.panel, self.limits, rows, len(values), unreported=self.unreported, unflagged=(self.key,)
        )
        return _places()[possible]


def _of_analyte(status: _Status, value: float, now: int, ends: set[float]) -> list[TurningPoint]:
    import numpy

    analyte, result = analytes()[status.key], status.panel.results[status.key]
    low, high = min(analyte.plausible.low, value), max(analyte.plausible.high, value)
    limits = [end * (1 + side) for end in ends if low <= end <= high for side in (-1e-6, 0.0, 1e-6)]
    tried = numpy.unique([*numpy.geomspace(max(low, 1e-6), high, TRIED), *limits, value])
    here = int(numpy.searchsorted(tried, value))
    reached = status(tried)
    if int(reached[here]) != now:
        return []
    scale = factor(status.key, result.unit) if result.unit else 1.0
    found = []
    for side, others in (
        ("below", numpy.flatnonzero(reached[:here] != now)[-1:]),
        ("above", here + 1 + numpy.flatnonzero(reached[here + 1 :] != now)[:1]),
    ):
        for other in others.tolist():
            inside = other + 1 if side == "below" else other - 1
            at, beyond = _refined(status, float(tried[inside]), float(tried[other]), now)
            found.append(
                TurningPoint(
                    analyte=status.key,
                    label=analyte.label,
                    given=result.given,
                    at=_rounded(at / scale),
                    unit=result.unit or analyte.unit,
                    side=side,
                    status=status_verdict.outcomes[beyond],
                )
            )
    return found


def _refined(status: _Status, inside: float, outside: float, now: int) -> tuple[float, int]:
    """Return the value between two others at which the status turns, and the place of the new status."""
    import numpy

    beyond = int(status(numpy.array([outside]))[0])
    while abs(outside - inside) > NEAR * abs(inside):
        tried = numpy.linspace(inside, outside, 64)
        reached = status(tried)
        first = int(numpy.flatnonzero(reached != now)[0])
        inside, outside, beyond = float(tried[first - 1]), float(tried[first]), int(reached[first])
    return (inside + outside) / 2, beyond


def _rounded(at: float) -> float:
    """Return the value without the digits that the search did not determine."""
    return float(f"{at:.8g}")

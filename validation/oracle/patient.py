"""A panel for the oracle: results as intervals in their reported units, and the patient's facts and context."""

from __future__ import annotations

from dataclasses import dataclass, field

from validation.oracle.marker_limits import TO_CANONICAL, Limit
from validation.oracle.truth import EVERYTHING, Range, Truth, above, below

__all__ = ["Patient", "spread"]


@dataclass(slots=True)
class Patient:
    """One draw of one patient, read by one guideline. Age is in years, elevation in meters; None means unknown."""

    guideline: str
    age: float | None = None
    sex: str | None = None
    pregnant: bool = False
    trimester: str | None = None
    elevation: float | None = None
    terms: frozenset[str] = frozenset()
    symptoms: bool = False
    values: dict[str, tuple[Range, str]] = field(default_factory=dict)
    #: The ends of the laboratory's own interval, in the unit of the result.
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def adult(self) -> bool:
        """Whether the patient is 18 or over, or of unknown age."""
        return self.age is None or self.age >= 18

    def has(self, *terms: str) -> bool:
        """Return whether one of the terms is reported; a term that is not mentioned is absent."""
        return not self.terms.isdisjoint(terms)

    def measured(self, analyte: str) -> bool:
        """Return whether there is a result, exact or censored."""
        return analyte in self.values

    def value(self, analyte: str) -> Range:
        """Return the possible values of the result, in the analyte's first unit."""
        if analyte not in self.values:
            return EVERYTHING
        value, unit = self.values[analyte]
        return value.times(TO_CANONICAL[analyte][unit])

    def below(self, analyte: str, limit: Limit) -> Truth:
        """Return whether the result is below a limit as printed."""
        if analyte not in self.values:
            return None
        value, unit = self.values[analyte]
        return below(value, _in_unit(analyte, limit, unit))

    def above(self, analyte: str, limit: Limit) -> Truth:
        """Return whether the result is above a limit as printed."""
        if analyte not in self.values:
            return None
        value, unit = self.values[analyte]
        return above(value, _in_unit(analyte, limit, unit))


def _in_unit(analyte: str, limit: Limit, unit: str) -> Range:
    """Return the limit in the unit of the result: as printed if it is printed in that unit, else converted."""
    factors = TO_CANONICAL[analyte]
    for low, high, printed in limit:
        if factors[printed] == factors[unit]:
            return Range(low, high)
    low, high, printed = limit[0]
    return Range(low, high).times(factors[printed] / factors[unit])


def spread(limits: list[Limit]) -> Limit:
    """Return one limit that covers all of these, in the units in which all of them are printed."""
    units = [unit for _, _, unit in limits[0] if all(any(u == unit for _, _, u in limit) for limit in limits)]
    return tuple(
        (
            min(low for limit in limits for low, _, u in limit if u == unit),
            max(high for limit in limits for _, high, u in limit if u == unit),
            unit,
        )
        for unit in units
    )

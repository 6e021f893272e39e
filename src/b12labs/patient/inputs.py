"""One patient's panel as inputs of the rules."""

from __future__ import annotations

from functools import cache

from b12labs.inputs.ages import age_ends
from b12labs.inputs.flags import FLAG_PLACES
from b12labs.inputs.measurement import Measurement
from b12labs.inputs.panel import Panel
from b12labs.inputs.units import coefficient_or_factor
from b12labs.inputs.vocabulary import term_groups
from b12labs.limits.strata import PREGNANCY_UNKNOWN, SEXES
from b12labs.limits.stratified import Limits
from b12labs.logic.expressions import INF
from b12labs.logic.language import FALSE, TRUE, UNKNOWN, TruthValue
from b12labs.logic.scalars import ANYTHING, Pair, Plain

__all__ = ["PatientInputs"]


_NOT_MEASURED = Measurement("")


class PatientInputs:
    """The inputs of the rules for one patient: results, limits that apply, context."""

    primitives = Plain()

    def __init__(self, panel: Panel, limits: Limits, *, unreported: TruthValue = FALSE) -> None:
        self.panel = panel
        self.limits = limits
        self.unreported = unreported
        self.names = term_groups(panel.terms)
        self.perhaps = panel.unread.perhaps
        if panel.age_unreadable:
            self.age: Pair = ANYTHING
            band = limits.strata.any_age
        elif panel.age is None:
            self.age, band = (limits.youngest, INF), limits.strata.unknown_age
        else:
            self.age = age_ends(panel.age)
            band = limits.strata.band(*self.age)
        pregnancy = PREGNANCY_UNKNOWN if panel.pregnancy is None else panel.pregnancy
        self.stratum: int = limits.strata.number(band, SEXES.index(panel.sex), pregnancy)
        self._applying = limits.of_stratum(self.stratum)

    def result(self, key: str) -> Measurement:
        """Return the result of an analyte, an empty one if there is none."""
        return self.panel.results.get(key, _NOT_MEASURED)

    def measured(self, key: str) -> Pair:
        result = self.panel.results.get(key)
        if result is not None:
            return result.low, result.high
        if key == "age":
            return self.age
        return (self.panel.elevation, self.panel.elevation) if key == "elevation" else ANYTHING

    def is_unsettled(self, key: str) -> bool:
        """Return whether the result is not one number: missing, or censored."""
        result = self.result(key)
        return result.low != result.high

    def flag(self, key: str) -> int:
        return FLAG_PLACES[self.result(key).flag]

    def limit(self, name: str) -> Pair:
        limit, by_mass, by_substance = self._applying[name]
        result = self.panel.results.get(limit.analyte)
        if result is None:
            return by_mass
        if limit.laboratory_decides:
            own = self.own_interval(name)
            if own is not None:
                return own, own
        return by_substance if result.substance else by_mass

    def own_interval(self, name: str) -> float | None:
        """Return the end of the laboratory's own interval for a limit, or None if the laboratory gave none."""
        limit = self.limits[name]
        result = self.result(limit.analyte)
        return (
            result.reference_low
            if limit.laboratory_end == "low"
            else result.reference_high
            if limit.laboratory_end == "high"
            else None
        )

    def laboratory_end(self, name: str) -> str:
        return self.limits[name].laboratory_end

    def flag_decides(self, name: str) -> bool:
        """Return whether the laboratory's flag takes precedence: its interval decides, but is not given."""
        return self.limits[name].laboratory_decides and self.own_interval(name) is None

    def coefficient(self, name: str) -> float:
        return coefficient_or_factor(name)

    def reported_each(self, names: tuple[str, ...]) -> list[int]:
        """Return the truth of each name, as `reported` does."""
        there, perhaps = self.names, self.perhaps
        found: list[int] = [self.unreported] * len(names)
        if there or perhaps:
            found = [TRUE if name in there else UNKNOWN if name in perhaps else self.unreported for name in names]
        for place in _no_terms(names):
            found[place] = self.reported(names[place])
        return found

    def reported(self, name: str) -> int:
        if name == "female":
            return UNKNOWN if self.panel.sex is None else TRUE if self.panel.sex == "female" else FALSE
        if name.startswith("guideline:"):
            return TRUE if name == f"guideline:{self.limits.guideline.key}" else FALSE
        if name == "pregnant":
            return UNKNOWN if self.panel.pregnancy is None else TRUE if self.panel.pregnancy else FALSE
        if name.startswith("word:"):
            result = self.result(name.removeprefix("word:"))
            return TRUE if result.flag and (result.low, result.high) == ANYTHING else FALSE
        if name.startswith("unverified:"):
            return TRUE if self.panel.is_unverified(name.removeprefix("unverified:")) else FALSE
        return TRUE if name in self.names else UNKNOWN if name in self.perhaps else self.unreported


@cache
def _no_terms(names: tuple[str, ...]) -> tuple[int, ...]:
    """Return the places of names that are neither a context term nor a group."""
    apart = ("guideline:", "word:", "unverified:")
    return tuple(place for place, name in enumerate(names) if name in ("female", "pregnant") or name.startswith(apart))

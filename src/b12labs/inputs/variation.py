"""The variation of a result without a real change, and the size of change that exceeds it.

Two results of one person differ by the laboratory's imprecision and by the person's own variation, each a coefficient
of variation (CV). Both act on the scale of logarithms: with a spread of `s`, 95 % of results are within a
factor of exp(1.96 s) of the person's own level. `reference_ranges/variation.toml` has the published CVs with their
sources; the user's own take precedence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

from b12labs.errors import PanelError, checked_option
from b12labs.inputs.words.hints import meant_name
from b12labs.reference import Checked, NotNegative, analytes, directory, read_toml, validated
from b12labs.reference.frozen import Frozen

__all__ = [
    "Z95",
    "OwnVariation",
    "Variation",
    "probability_below",
    "published_variation",
    "reference_change",
    "variations",
]

#: Standard deviations that hold 95 % of a normal distribution, two-sided.
Z95 = 1.96

#: A user's own variation in percent: one total CV, or (analytical, within-person).
OwnVariation = Mapping[str, float | tuple[float, float]]


class PublishedCV(Frozen):
    """One coefficient of variation in percent, with its source."""

    value: NotNegative
    source: str
    checked: Checked


class PublishedVariation(Frozen):
    """The published variation of one analyte."""

    within: PublishedCV
    analytical: PublishedCV


@dataclass(frozen=True, slots=True)
class Variation:
    """The variation of one analyte.

    CVs in percent, and the keys of their sources (`given` if the user gave them).
    """

    analytical: float
    within: float
    sources: tuple[str, ...]

    @property
    def spread(self) -> float:
        """The standard deviation of the logarithm of a result: sqrt(ln(1 + CVA^2 + CVI^2))."""
        return math.sqrt(math.log1p((self.analytical**2 + self.within**2) / 1e4))


@cache
def published_variation() -> dict[str, PublishedVariation]:
    """Return the published variation by analyte; for an analyte that is not there, none was found."""
    return validated(dict[str, PublishedVariation], read_toml(directory() / "variation.toml"), "variation.toml")


@cache
def _published() -> dict[str, Variation]:
    return {
        key: Variation(
            each.analytical.value, each.within.value, tuple(dict.fromkeys((each.within.source, each.analytical.source)))
        )
        for key, each in published_variation().items()
    }


def variations(own: OwnVariation | None = None) -> dict[str, Variation]:
    """Return the variation of every analyte that has one; `own` takes precedence over published values.

    Raises `PanelError` for a name that is not an analyte (`unknown_field`), and for a value that is not a CV from 0 to
    200 % (`unreadable_variation`).
    """
    found = dict(_published())
    if own is not None and not isinstance(own, Mapping):
        why = "expected CVs in percent by analyte, such as {'b12': 12}"
        raise PanelError(f"variation: {why}, got {own!r}", code="unreadable_variation", field="variation")
    for key, given in (own or {}).items():
        if key not in analytes():
            raise PanelError(
                f"variation: {key!r} is not an analyte{meant_name(key, analytes())}",
                code="unknown_field",
                field="variation",
            )
        pair = given if isinstance(given, tuple) else (0.0, given)
        if len(pair) != 2 or not all(
            isinstance(cv, (int, float)) and not isinstance(cv, bool) and 0 <= cv <= 200 for cv in pair
        ):
            why = "expected a CV in percent from 0 to 200, or (analytical, within-person)"
            raise PanelError(f"variation of {key}: {why}, got {given!r}", code="unreadable_variation", field=key)
        found[key] = Variation(float(pair[0]), float(pair[1]), ("given",))
    return found


def reference_change(variation: Variation, *, z: float = Z95, symmetric: bool = False) -> tuple[float, float]:
    """Return the fall and the rise, as shares of the first result, beyond which two results of one person differ.

    The log-normal form (Fokkema 2006) is not symmetric, since a result cannot fall by more than itself. `symmetric`
    gives the classic sqrt(2) z sqrt(CVA^2 + CVI^2), for comparison with papers that print it.

    >>> from b12labs import Variation, reference_change
    >>> fall, rise = reference_change(Variation(3.6, 7.2, ()))
    >>> f"{fall:.1%} {rise:.1%}"
    '-20.0% 25.0%'

    """
    checked_option("variation", variation, "a Variation", holds=isinstance(variation, Variation))
    if symmetric:
        change = math.sqrt(2) * z * math.hypot(variation.analytical, variation.within) / 100
        return -change, change
    return math.expm1(-z * math.sqrt(2) * variation.spread), math.expm1(z * math.sqrt(2) * variation.spread)


def probability_below(limit: float, value: float, spread: float) -> float:
    """Return the probability that the person's own level is below a limit, given one result of a spread.

    0.5 on the limit; 0 or 1 without a spread. It reflects only the variation of the result, not of any disease.
    """
    if value <= 0 or limit <= 0 or spread == 0:
        return (float(value < limit) + float(value <= limit)) / 2
    return NormalDist().cdf(math.log(limit / value) / spread)

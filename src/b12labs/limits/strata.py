"""The kinds of patient that limits distinguish: strata of age band, sex and pregnancy."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from b12labs.reference import Pregnancy

__all__ = ["PREGNANCIES", "PREGNANCY_UNKNOWN", "SEXES", "Cell", "Strata"]

SEXES = ("female", "male", None)

#: Places 0 to 3 are known states; 4 is pregnant in an unknown trimester, and 5 is unknown.
PREGNANCIES: tuple[Pregnancy, ...] = ("none", "first", "second", "third")

PREGNANT, PREGNANCY_UNKNOWN = 4, 5

_POSSIBLE_PREGNANCIES = ((0,), (1,), (2,), (3,), (1, 2, 3), (0, 1, 2, 3))

#: An age band, a sex and a pregnancy.
Cell = tuple[int, str, Pregnancy]


@dataclass(frozen=True)
class Strata:
    """The age bands (in years) of a guideline's limits, and the numbering of strata; `min_age` begins a band."""

    edges: tuple[float, ...]
    min_age: float
    _cells: dict[int, tuple[Cell, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def unknown_age(self) -> int:
        """The place of an age that is unknown, or an interval over several bands: the guideline's whole population."""
        return len(self.edges)

    @property
    def any_age(self) -> int:
        """The place of a stated age that cannot be read: it may be a child's."""
        return len(self.edges) + 1

    def band(self, low: float, high: float) -> int:
        """Return the place of an age in years, or of an interval of ages."""
        first, last = bisect_right(self.edges, low) - 1, bisect_right(self.edges, high) - 1
        if first == last:
            return first
        return self.unknown_age if low >= self.min_age else self.any_age

    def number(self, band: Any, sex: Any, pregnancy: Any) -> Any:
        """Return the stratum's number; arrays give arrays."""
        return (band * len(SEXES) + sex) * len(_POSSIBLE_PREGNANCIES) + pregnancy

    def cells(self, stratum: int) -> tuple[Cell, ...]:
        """Return the age bands, sexes and pregnancies that the patient could have."""
        if stratum not in self._cells:
            self._cells[stratum] = tuple(self._possible(stratum))
        return self._cells[stratum]

    def _possible(self, stratum: int) -> Iterator[Cell]:
        rest, pregnancy = divmod(stratum, len(_POSSIBLE_PREGNANCIES))
        band, sex = divmod(rest, len(SEXES))
        everyone = range(len(self.edges))
        known: Sequence[int] = (band,)
        if band == self.any_age:
            known = everyone
        elif band == self.unknown_age:
            known = [place for place in everyone if self.edges[place] >= self.min_age]
        for place, which in product(known, SEXES[:2] if SEXES[sex] is None else (SEXES[sex],)):
            assert which is not None
            for state in _POSSIBLE_PREGNANCIES[pregnancy]:
                if which == "female" or state == 0:
                    yield place, which, PREGNANCIES[state]

    @property
    def count(self) -> int:
        """The number of strata."""
        return (len(self.edges) + 2) * len(SEXES) * len(_POSSIBLE_PREGNANCIES)

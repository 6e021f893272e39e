"""A guideline bound for use: for every limit and every kind of patient, the value it may have.

Patients are sorted into *strata* of age band, sex and pregnancy. A limit is a table over the strata, and where age, sex or
trimester is unknown its value is the interval of all the limits it could be. Limits that a guideline prints in two units keep
both: the unit in which the result was reported picks.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from b12labs.errors import ReferenceDataError
from b12labs.own_guideline import existing, is_own, read_own
from b12labs.reference import Guideline, LimitRow, LimitValue, Pregnancy, analytes, coefficient, guideline, limit_names, load_profile, units
from b12labs.units import factor

__all__ = ["BoundGuideline", "BoundLimit", "Strata", "bound"]

INF = math.inf
ANYTHING = (0.0, INF)
SEXES = ("female", "male", None)
#: Places 0 to 3 are what is known; 4 is pregnant with an unknown trimester, 5 not known at all.
PREGNANCIES: tuple[Pregnancy, ...] = ("none", "first", "second", "third")
PREGNANT, PREGNANCY_UNKNOWN = 4, 5
_POSSIBLE_PREGNANCIES = ((0,), (1,), (2,), (3,), (1, 2, 3), (0, 1, 2, 3))


@dataclass(frozen=True)
class Strata:
    """The age bands of a guideline's limits, and the numbering of strata."""

    edges: tuple[float, ...]
    min_age: float

    @property
    def unknown_age(self) -> int:
        """The place of an age that is not known, or that spans bands: the guideline's whole population."""
        return len(self.edges)

    @property
    def any_age(self) -> int:
        """The place of an age that was stated and cannot be read: it may be a child's."""
        return len(self.edges) + 1

    def band(self, low: float, high: float) -> int:
        """Return the place of an age in years."""
        first, last = bisect_right(self.edges, low) - 1, bisect_right(self.edges, high) - 1
        return first if first == last else self.unknown_age

    def number(self, band: Any, sex: Any, pregnancy: Any) -> Any:
        """Return the stratum's number; arrays give arrays."""
        return (band * len(SEXES) + sex) * len(_POSSIBLE_PREGNANCIES) + pregnancy

    def cells(self, stratum: int) -> Iterator[tuple[int, str, Pregnancy]]:
        """Yield what the patient could be: age band, sex, pregnancy."""
        rest, pregnancy = divmod(stratum, len(_POSSIBLE_PREGNANCIES))
        band, sex = divmod(rest, len(SEXES))
        everyone = range(len(self.edges))
        adults = [place for place in everyone if self._upper(place) > self.min_age]
        known = list(everyone) if band == self.any_age else adults if band == self.unknown_age else [band]
        for place, which in product(known, SEXES[:2] if SEXES[sex] is None else (SEXES[sex],)):
            assert which is not None
            for state in _POSSIBLE_PREGNANCIES[pregnancy]:
                if which == "female" or state == 0:
                    yield place, which, PREGNANCIES[state]

    def _upper(self, place: int) -> float:
        return self.edges[place + 1] if place + 1 < len(self.edges) else INF

    @property
    def count(self) -> int:
        """How many strata there are."""
        return (len(self.edges) + 2) * len(SEXES) * len(_POSSIBLE_PREGNANCIES)


@dataclass(frozen=True)
class BoundLimit:
    """One limit over all strata: its lowest and highest value in the canonical unit, by mass and by amount of substance."""

    name: str
    analyte: str
    laboratory_end: str
    laboratory_decides: bool
    #: (low, high) of every stratum, for a result reported by mass and for one reported by amount of substance.
    by_mass: tuple[tuple[float, float], ...]
    by_substance: tuple[tuple[float, float], ...]

    @cached_property
    def arrays(self) -> Any:
        """The tables as numpy arrays, indexed by kind of unit, then low or high, then stratum."""
        import numpy

        return numpy.array([self.by_mass, self.by_substance]).transpose(0, 2, 1).copy()

    def at(self, stratum: int, *, substance: bool) -> tuple[float, float]:
        """Return the limit of one stratum."""
        return (self.by_substance if substance else self.by_mass)[stratum]


class BoundGuideline:
    """A guideline, and the profiles it uses for what it lacks, as tables over strata.

    `youngest` is the age from which on somebody of unknown age is taken to be: an adult, unless the guideline is for all ages.
    """

    def __init__(self, own: Guideline) -> None:
        self.guideline = own
        self.profiles = (own, *(load_profile(key) for key in own.uses))
        edges = {0.0}
        for profile in self.profiles:
            edges.add(profile.population.min_age)
            edges.update(edge for rows in profile.limits.values() for row in rows for edge in row.age if edge < INF)
        self.youngest = max(own.population.min_age, coefficient("adult.age")) if own.population.min_age > 0 else 0.0
        edges.add(self.youngest)
        self.strata = Strata(tuple(sorted(edges)), self.youngest)
        self.limits = {name: self._bind(name) for name in limit_names()}
        self._rows: dict[tuple[str, int], list[tuple[Guideline, LimitRow]]] = {}

    def rows(self, name: str, stratum: int) -> list[tuple[Guideline, LimitRow]]:
        """Return the rows that could apply to a stratum, each with the profile it comes from, without repetition."""
        known = self._rows.get((name, stratum))
        if known is None:
            matches = (self._row(name, *cell) for cell in self.strata.cells(stratum))
            known = self._rows[name, stratum] = list({id(match[1]): match for match in matches if match is not None}.values())
        return known

    def _row(self, name: str, band: int, sex: str, pregnancy: Pregnancy) -> tuple[Guideline, LimitRow] | None:
        age = self.strata.edges[band]
        for profile in self.profiles:
            population = profile.population
            if age < population.min_age or (population.pregnancy is not None and pregnancy not in population.pregnancy):
                continue
            for row in profile.limits.get(name, ()):
                if row.age[0] <= age < row.age[1] and row.sex in (None, sex) and (row.pregnancy is None or pregnancy in row.pregnancy):
                    return profile, row
        return None

    def _bind(self, name: str) -> BoundLimit:
        analyte = limit_names()[name]
        entry = analytes()[analyte].limits[name]
        tables: list[tuple[tuple[float, float], ...]] = []
        for substance in (False, True):
            cells: dict[tuple[int, str, Pregnancy], tuple[float, float]] = {}
            table: list[tuple[float, float]] = []
            for stratum in range(self.strata.count):
                intervals: list[tuple[float, float]] = []
                for cell in self.strata.cells(stratum):
                    if cell not in cells:
                        match = self._row(name, *cell)
                        cells[cell] = ANYTHING if match is None else canonical(analyte, printed(analyte, match[1].values, substance=substance))
                    intervals.append(cells[cell])
                table.append((min(low for low, _ in intervals), max(high for _, high in intervals)) if intervals else ANYTHING)
            tables.append(tuple(table))
        return BoundLimit(name, analyte, entry.laboratory, self._laboratory_decides(name), tables[0], tables[1])

    def refuse_contradiction(self, file: str) -> None:
        """Raise `ReferenceDataError` where one value could be both low and adequate, for any kind of patient."""
        for low, adequate in (("b12_deficient", "b12_adequate"), ("holotc_deficient", "holotc_adequate")):
            lows, adequates = self.limits[low], self.limits[adequate]
            for below, above in zip((*lows.by_mass, *lows.by_substance), (*adequates.by_mass, *adequates.by_substance), strict=True):
                if ANYTHING not in (below, above) and below[1] > above[1]:
                    unit = analytes()[lows.analyte].unit
                    raise ReferenceDataError(
                        file, f"limits.{low}", f"no more than {adequate} was expected, which is {above[1]:.6g} {unit}; give both in the file"
                    )

    def _laboratory_decides(self, name: str) -> bool:
        for profile in self.profiles:
            if name in profile.laboratory_decides:
                return True
            if name in profile.limits:
                return False
        return False


def printed(analyte: str, values: Sequence[LimitValue], *, substance: bool) -> LimitValue:
    """Return the limit printed in the kind of unit in which the result was reported, else the first."""
    kinds = {unit.ucum: unit.kind for unit in units().units if unit.kind in analytes()[analyte].kinds}
    for value in values:
        if (kinds[value.unit] == "substance_concentration") == substance:
            return value
    return values[0]


def canonical(analyte: str, value: LimitValue) -> tuple[float, float]:
    """Return the printed limit in the analyte's canonical unit."""
    scale = factor(analyte, value.unit)
    low, high = value.interval
    return low * scale, high * scale


def bound(key: str | Path) -> BoundGuideline:
    """Return a guideline ready for use, bound once: by its key, or a guideline file of the user's own by a path ending in `.toml`."""
    if is_own(key):
        path = existing(key)
        return _bound_file(path, path.stat().st_mtime_ns)
    return _bound(str(key))


@cache
def _bound(key: str) -> BoundGuideline:
    return BoundGuideline(guideline(key))


@lru_cache(maxsize=16)
def _bound_file(path: Path, _changed: int) -> BoundGuideline:
    limits = BoundGuideline(read_own(path))
    limits.refuse_contradiction(path.name)
    return limits

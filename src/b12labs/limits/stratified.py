"""The limits of a guideline, ready for use: the value of every limit for every kind of patient.

Patients are sorted into *strata* of age band, sex and pregnancy. A limit is a table over the strata. If age, sex or
trimester is unknown, its value is the interval of all limits that could apply. A limit printed in two units keeps both:
the unit in which the result was reported decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from b12labs.errors import ReferenceDataError
from b12labs.inputs.units import factor
from b12labs.limits.own import existing, is_own, read_own, text_of
from b12labs.limits.strata import Cell, Strata
from b12labs.logic.expressions import INF
from b12labs.logic.scalars import ANYTHING, Pair
from b12labs.reference import (
    Guideline,
    LimitRow,
    LimitValue,
    Pregnancy,
    analytes,
    coefficient,
    guideline,
    limit_names,
    load_profile,
    units,
)
from b12labs.text import StrPath

__all__ = ["Limits", "StratifiedLimit", "canonical", "limits_of", "printed"]


class StratifiedLimit:
    """One limit over all strata: its lowest and highest canonical value, by mass and by amount of substance.

    A stratum's value is computed at first use.
    """

    def __init__(self, name: str, owner: Limits) -> None:
        self.name = name
        self.analyte = limit_names()[name]
        analyte = analytes()[self.analyte]
        self.laboratory_decides = owner.laboratory_decides(name)
        counts = self.laboratory_decides or analyte.words == "always"
        #: The end of the laboratory's interval that it corresponds to: it gives the laboratory's words their meaning.
        self.laboratory_end = analyte.limits[name].laboratory if counts else "none"
        #: Whether a child's limit is the lower or the higher of the two that it is made of.
        beside = analyte.limits[name].in_children
        self._takes = beside.takes if beside else "lower"
        self._owner = owner
        #: The values computed so far, for a result reported by mass and for one reported by amount of substance.
        self._of_strata: tuple[dict[int, tuple[float, float]], ...] = {}, {}
        self._of_cells: tuple[dict[Cell, tuple[float, float]], ...] = {}, {}

    def at(self, stratum: int, *, substance: bool) -> tuple[float, float]:
        """Return the limit of one stratum, as (lowest, highest) in the canonical unit."""
        known = self._of_strata[substance]
        if stratum not in known:
            intervals = [self._of_cell(cell, substance=substance) for cell in self._owner.strata.cells(stratum)] or [
                ANYTHING
            ]
            known[stratum] = min(low for low, _ in intervals), max(high for _, high in intervals)
        return known[stratum]

    def _of_cell(self, cell: Cell, *, substance: bool) -> tuple[float, float]:
        known = self._of_cells[substance]
        if cell not in known:
            found = [
                canonical(self.analyte, printed(self.analyte, row.values, substance=substance))
                for _, row in self._owner.matches(self.name, *cell)
            ]
            lows, highs = zip(*found or [ANYTHING], strict=True)
            takes = max if self._takes == "higher" else min
            known[cell] = takes(lows), takes(highs)
        return known[cell]

    def text(self, cell: Cell, *, substance: bool) -> str:
        """Return the limit of one kind of patient as printed; blank if there is none."""
        matches = self._owner.matches(self.name, *cell)
        texts = [printed(self.analyte, row.values, substance=substance).text for _, row in matches]
        return f"the {self._takes} of {' and '.join(texts)}" if len(texts) > 1 else "".join(texts)

    @cached_property
    def by_mass(self) -> tuple[tuple[float, float], ...]:
        """(low, high) of every stratum, for a result reported by mass."""
        return tuple(self.at(stratum, substance=False) for stratum in range(self._owner.strata.count))

    @cached_property
    def by_substance(self) -> tuple[tuple[float, float], ...]:
        """(low, high) of every stratum, for a result reported by amount of substance."""
        return tuple(self.at(stratum, substance=True) for stratum in range(self._owner.strata.count))

    @cached_property
    def arrays(self) -> Any:
        """The tables as numpy arrays, indexed by kind of unit, then low or high, then stratum."""
        import numpy

        return numpy.array([self.by_mass, self.by_substance]).transpose(0, 2, 1).copy()


class _AdultAge(StratifiedLimit):
    """The age below which a guideline does not apply: the same for everybody, and never the laboratory's."""

    def __init__(self, guideline: Guideline) -> None:
        self.name, self.analyte = "adult_age", "age"
        self.laboratory_end, self.laboratory_decides = "none", False
        self._age = guideline.population.min_age

    def at(self, stratum: int, *, substance: bool) -> tuple[float, float]:  # noqa: ARG002  # it depends on neither
        return self._age, self._age


class Limits:
    """The limits of a guideline, completed by the profiles that it uses, as tables over strata.

    `youngest` is the lowest age assumed for a patient of unknown age: an adult's, unless the guideline is for all ages.
    """

    def __init__(self, own: Guideline) -> None:
        self.guideline = own
        self.profiles = (own, *(load_profile(key) for key in own.uses))
        edges = set[float]()  # limits for every age begin at 0
        for profile in self.profiles:
            edges.add(profile.population.min_age)
            edges.update(edge for rows in profile.limits.values() for row in rows for edge in row.age if edge < INF)
        self.youngest = max(own.population.min_age, coefficient("adult.age")) if own.population.min_age > 0 else 0.0
        edges.add(self.youngest)
        self.strata = Strata(tuple(sorted(edges)), self.youngest)
        self.by_name = {name: StratifiedLimit(self.standing_in(name), self) for name in limit_names()}
        self._adult_age = _AdultAge(own)
        self._rows: dict[tuple[str, int], list[tuple[Guideline, LimitRow]]] = {}
        self._of_stratum: dict[int, dict[str, tuple[StratifiedLimit, Pair, Pair]]] = {}

    def of_stratum(self, stratum: int) -> dict[str, tuple[StratifiedLimit, Pair, Pair]]:
        """Return each limit that a rule can name, by name, with its ends by mass and by amount of substance."""
        known = self._of_stratum.get(stratum)
        if known is None:
            every = {**self.by_name, self._adult_age.name: self._adult_age}
            known = self._of_stratum[stratum] = {
                name: (limit, limit.at(stratum, substance=False), limit.at(stratum, substance=True))
                for name, limit in every.items()
            }
        return known

    def __getitem__(self, name: str) -> StratifiedLimit:
        """Return any limit that a rule can name; `by_name` has those of results."""
        return self._adult_age if name == self._adult_age.name else self.by_name[name]

    def standing_in(self, name: str) -> str:
        """Return the limit's own name, or the name of its substitute if no profile gives the limit."""
        otherwise = analytes()[limit_names()[name]].limits[name].otherwise
        return name if otherwise is None or any(name in profile.limits for profile in self.profiles) else otherwise

    def rows(self, name: str, stratum: int) -> list[tuple[Guideline, LimitRow]]:
        """Return the rows that could apply to a stratum, each once, with the profile it comes from."""
        known = self._rows.get((name, stratum))
        if known is None:
            matches = (match for cell in self.strata.cells(stratum) for match in self.matches(name, *cell))
            known = self._rows[name, stratum] = list({id(row): (profile, row) for profile, row in matches}.values())
        return known

    def matches(self, name: str, band: int, sex: str, pregnancy: Pregnancy) -> tuple[tuple[Guideline, LimitRow], ...]:
        """Return the rows that apply to one kind of patient, each with the profile it comes from.

        Below the guideline's age a limit may be made of two: the adult limit, and the centile for age.
        """
        beside = analytes()[limit_names()[name]].limits[name].in_children
        if beside is not None and self.strata.edges[band] < self.guideline.population.min_age:
            centile = self.row(beside.beside, band, sex, pregnancy)
            adults = self.row(name, self.strata.band(self.youngest, self.youngest), sex, pregnancy)
            if centile is not None and adults is not None:
                return adults, centile
        match = self.row(name, band, sex, pregnancy)
        return () if match is None else (match,)

    def row(self, name: str, band: int, sex: str, pregnancy: Pregnancy) -> tuple[Guideline, LimitRow] | None:
        """Return the row that applies to one kind of patient, with the profile it comes from, or None."""
        name, age = self.standing_in(name), self.strata.edges[band]
        for profile in self.profiles:
            population = profile.population
            if age < population.min_age or (population.pregnancy is not None and pregnancy not in population.pregnancy):
                continue
            for row in profile.limits.get(name, ()):
                if (
                    row.age[0] <= age < row.age[1]
                    and row.sex in (None, sex)
                    and (row.pregnancy is None or pregnancy in row.pregnancy)
                ):
                    return profile, row
        return None

    def refuse_contradiction(self, file: str) -> None:
        """Raise `ReferenceDataError` if one value could be both low and adequate, for any kind of patient."""
        for low, adequate in (("b12_deficient", "b12_adequate"), ("holotc_deficient", "holotc_adequate")):
            lows, adequates = self.by_name[low], self.by_name[adequate]
            for below, above in zip(
                (*lows.by_mass, *lows.by_substance), (*adequates.by_mass, *adequates.by_substance), strict=True
            ):
                if ANYTHING not in (below, above) and below[1] > above[1]:
                    unit = analytes()[lows.analyte].unit
                    raise ReferenceDataError(
                        file,
                        f"limits.{low}",
                        f"expected no more than {adequate}, which is {above[1]:.6g} {unit}; give both in the file",
                    )

    def laboratory_decides(self, name: str) -> bool:
        """Return whether the laboratory's own interval comes before this limit."""
        for profile in self.profiles:
            if name in profile.laboratory_decides:
                return True
            if name in profile.limits:
                return False
        return False


def printed(analyte: str, values: Sequence[LimitValue], *, substance: bool) -> LimitValue:
    """Return the limit printed in the kind of unit in which the result was reported, else the first limit."""
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


def limits_of(key: StrPath) -> Limits:
    """Return the limits of a guideline, made once.

    `key` is the key of a guideline, or the path of a guideline file of the user's own, ending in `.toml`.
    """
    if is_own(key):
        path = existing(key)
        return _of_file(path, path.stat().st_mtime_ns)
    return _of_key(text_of(key))


@cache
def _of_key(key: str) -> Limits:
    return Limits(guideline(key))


@lru_cache(maxsize=16)
def _of_file(path: Path, _changed: int) -> Limits:
    limits = Limits(read_own(path))
    limits.refuse_contradiction(path.name)
    return limits

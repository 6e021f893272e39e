"""Limits as SQL: the same for all, or by age, sex and pregnancy."""

from __future__ import annotations

from itertools import groupby

from b12labs.integrations.sql.arithmetic import Ends, Quantity
from b12labs.integrations.sql.patient import Patient
from b12labs.integrations.sql.pieces import Piece, matched, number, written
from b12labs.integrations.sql.results import ReadResult
from b12labs.integrations.sql.statement import Statement
from b12labs.limits.strata import PREGNANCIES, PREGNANCY_UNKNOWN, PREGNANT, SEXES
from b12labs.limits.stratified import Limits
from b12labs.logic.expressions import INF
from b12labs.logic.scalars import Pair

__all__ = ["LimitsInSql"]

#: The groups that limits distinguish within an age: their names, and their places in sex and pregnancy.
_WHO = {
    "woman": (0, 0),
    "man": (1, 0),
    "sex unknown": (2, 0),
    **{f"{state} trimester": (0, place) for place, state in enumerate(PREGNANCIES) if place},
    "pregnant": (0, PREGNANT),
    "woman, perhaps pregnant": (0, PREGNANCY_UNKNOWN),
    "perhaps a pregnant woman": (2, PREGNANCY_UNKNOWN),
}

#: The age bands of patients without an age, and of patients whose age cannot be read.
_ADULT, _ANY_AGE = -1.0, -2.0


class LimitsInSql:
    """The limits of a guideline over the rows of a table; each is a column the first time it is asked for."""

    def __init__(self, statement: Statement, limits: Limits, patient: Patient) -> None:
        self._statement, self._limits = statement, limits
        self._band = self._put_band(patient)
        self._who, self._groups = self._put_who(patient)
        self._known: dict[tuple[str, bool], Quantity] = {}

    def _put_band(self, patient: Patient) -> Piece | None:
        """Add the youngest age of each patient's age band."""
        if patient.age is None:
            return None
        assert patient.age_unreadable is not None
        edges = " ".join(
            f"WHEN {patient.age.text} >= {edge!r} THEN {edge!r}" for edge in reversed(self._limits.strata.edges)
        )
        return self._statement.put(
            "age_from",
            Piece(
                f"CASE WHEN {patient.age_unreadable.text} THEN {_ANY_AGE} {edges} ELSE {_ADULT} END",
                max(patient.age.level, patient.age_unreadable.level),
            ),
        )

    def _put_who(self, patient: Patient) -> tuple[Piece | None, dict[str, tuple[int, int]]]:
        """Add the group of each patient, and return the groups that can occur."""
        sexes = range(len(SEXES)) if patient.sex is not None else (SEXES.index(None),)
        pregnancies = range(PREGNANCY_UNKNOWN + 1) if patient.pregnancy is not None else (0,)
        there = {name: places for name, places in _WHO.items() if places[0] in sexes and places[1] in pregnancies}
        if len(there) == 1:
            return None, there
        cases = []
        for name, (sex, pregnancy) in there.items():
            parts, known = [], SEXES[sex]
            if patient.sex is not None:
                parts.append(f"{patient.sex.text} IS NULL" if known is None else f"{patient.sex.text} = '{known}'")
            if patient.pregnancy is not None and known != "male":
                parts.append(f"{patient.pregnancy.text} = {pregnancy}")
            cases.append(f"WHEN {' AND '.join(parts)} THEN '{name}'")
        level = max(each.level for each in (patient.sex, patient.pregnancy) if each is not None)
        return self._statement.put("who", Piece(f"CASE {' '.join(cases)} END", level)), there

    def limit(self, name: str, result: ReadResult | None) -> Quantity:
        """Return a limit, by the kind of unit of the result that it is compared with."""
        substance = False if result is None else result.substance
        if isinstance(substance, bool):
            return self._by_stratum(name, substance=substance)
        moles, mass = (self._by_stratum(name, substance=kind) for kind in (True, False))
        return self._by_unit(name, substance, moles, mass)

    def _by_unit(self, name: str, substance: Piece, moles: Quantity, mass: Quantity) -> Quantity:
        if moles == mass:
            return mass
        ends: list[Piece | None] = []
        for place in (0, 1):
            one, other = (_end(each, place) for each in (moles, mass))
            if one is None or other is None:
                ends.append(one or other)
            else:
                ends.append(written("CASE WHEN {} THEN {} ELSE {} END", substance, one, other))
        low, high = ends
        assert low is not None
        return self._put(name, Ends(low, high, low_open=False, high_open=high is None))

    def _by_stratum(self, name: str, *, substance: bool) -> Quantity:
        key = name, substance
        if key not in self._known:
            self._known[key] = self._table(name, substance=substance)
        return self._known[key]

    def _table(self, name: str, *, substance: bool) -> Quantity:
        """Return a limit as a CASE over runs of age bands with the same values."""
        strata, limit = self._limits.strata, self._limits[name]
        bands = [(strata.unknown_age, _ADULT), (strata.any_age, _ANY_AGE)]
        if self._band is None:
            bands = bands[:1]
        else:
            bands += [(place, edge) for place, edge in reversed(list(enumerate(strata.edges)))]
        rows = [
            (edge, tuple(limit.at(strata.number(band, *who), substance=substance) for who in self._groups.values()))
            for band, edge in bands
        ]
        if len({pair for _, pairs in rows for pair in pairs}) == 1:
            low, high = rows[0][1][0]
            return float(low), float(high)
        by_end = [[(edge, tuple(pair[place] for pair in pairs)) for edge, pairs in rows] for place in (0, 1)]
        least, most = map(self._case, by_end)
        unlimited = {value == INF for _, values in by_end[1] for value in values}
        return self._put(
            name, Ends(least, most if False in unlimited else None, low_open=False, high_open=True in unlimited)
        )

    def _case(self, rows: list[tuple[float, tuple[float, ...]]]) -> Piece:
        """Return one end of a limit."""
        runs = [(list(run), values) for values, run in groupby(rows, key=lambda row: row[1])]
        if len(runs) == 1:
            return self._among(runs[0][1])
        assert self._band is not None
        cases = []
        for run, values in runs:
            among = self._among(values).text
            *_, (last, _) = run
            if any(edge < 0 for edge, _ in run):
                alone = [edge for edge, _ in run if edge < 0]
                cases += [f"WHEN {self._band.text} = {edge} THEN {among}" for edge in alone]
            if last >= 0:
                cases.append(f"WHEN {self._band.text} >= {last!r} THEN {among}")
        levels = [each.level for each in (self._band, self._who) if each is not None]
        return Piece(f"CASE {' '.join(cases)} END", max(levels))

    def _among(self, values: tuple[float, ...]) -> Piece:
        """Return the value of each group within an age."""
        if len(set(values)) == 1 or self._who is None:
            return Piece(_written(values[0]), plain=True)
        usual = max(values, key=values.count)
        others = {
            f"'{name}'": _written(value) for name, value in zip(self._groups, values, strict=True) if value != usual
        }
        return matched(self._who, others, _written(usual))

    def _put(self, name: str, ends: Ends) -> Ends:
        if ends.is_one:
            low = high = self._statement.put(f"limit_{name}", ends.low)
        else:
            low = self._statement.held(ends.low, f"limit_{name}_least")
            high = None if ends.high is None else self._statement.held(ends.high, f"limit_{name}_most")  # type: ignore[assignment]  # no high end
        return Ends(low, high, ends.low_open, ends.high_open)


def _written(value: float) -> str:
    return "NULL" if value == INF else repr(float(value))


def _end(quantity: Quantity, place: int) -> Piece | None:
    if isinstance(quantity, Ends):
        return quantity.low if place == 0 else quantity.high
    pair: Pair = quantity
    return None if pair[place] == INF else number(pair[place])

"""The rows of a table as inputs of the rules, in SQL."""

from __future__ import annotations

from typing import Any

from b12labs.inputs.units import coefficient_or_factor
from b12labs.inputs.vocabulary import term_groups
from b12labs.integrations.sql.arithmetic import Ends, Quantity
from b12labs.integrations.sql.limits import LimitsInSql
from b12labs.integrations.sql.patient import Patient
from b12labs.integrations.sql.pieces import Piece, infix, written
from b12labs.integrations.sql.results import ReadResult
from b12labs.integrations.sql.statement import Statement
from b12labs.integrations.sql.truths import Truth, Written
from b12labs.limits.strata import PREGNANCY_UNKNOWN
from b12labs.limits.stratified import Limits
from b12labs.logic.expressions import INF
from b12labs.logic.language import FALSE, TRUE, TruthValue
from b12labs.logic.scalars import ANYTHING

__all__ = ["RowsInSql"]


class RowsInSql:
    """Answers the questions of the rules about the rows of a table."""

    def __init__(
        self,
        statement: Statement,
        limits: Limits,
        results: dict[str, ReadResult],
        patient: Patient,
        *,
        unreported: TruthValue,
    ) -> None:
        self.primitives = Written(statement)
        self.results = results
        self._statement = statement
        self._guideline = limits.guideline.key
        self._youngest = limits.youngest
        self._patient = patient
        self._limits = limits
        self._in_sql = LimitsInSql(statement, limits, patient)
        self._unreported = unreported

    def measured(self, key: str) -> Any:
        patient = self._patient
        if key == "age":
            return self._age()
        if key == "elevation":
            if patient.elevation is None:
                return (0.0, 0.0)
            return Ends(patient.elevation, patient.elevation, low_open=False, high_open=False)
        return self.results[key].ends if key in self.results else ANYTHING

    def _age(self) -> Quantity:
        patient = self._patient
        if patient.age is None or patient.age_unreadable is None:
            return (self._youngest, INF)
        youngest = Piece(repr(self._youngest), plain=True)
        low = written("CASE WHEN {} THEN 0 ELSE COALESCE({}, {}) END", patient.age_unreadable, patient.age, youngest)
        return Ends(self._statement.put("age_at_least", low), patient.age, low_open=False)

    def is_unsettled(self, key: str) -> Any:
        raise NotImplementedError(f"{key}: next tests are not written as SQL")

    def flag(self, key: str) -> int:  # noqa: ARG002  # no result has one
        return 0

    def limit(self, name: str) -> Any:
        return self._in_sql.limit(name, self.results.get(self._limits[name].analyte))

    def laboratory_end(self, name: str) -> str:  # noqa: ARG002  # no result has an interval of its own
        return "none"

    def flag_decides(self, name: str) -> bool:  # noqa: ARG002  # likewise
        return False

    def coefficient(self, name: str) -> float:
        return coefficient_or_factor(name)

    def reported(self, name: str) -> Truth:
        patient = self._patient
        if name == "female":
            return 1 if patient.sex is None else infix("=", patient.sex, Piece("'female'", plain=True))
        if name == "pregnant":
            if patient.pregnancy is None:
                return FALSE
            known = f"CASE WHEN {{}} <> {PREGNANCY_UNKNOWN} THEN {{}} > 0 END"
            return written(known, patient.pregnancy, patient.pregnancy)
        kind, _, what = name.rpartition(":")
        if kind == "guideline":
            return TRUE if what == self._guideline else FALSE
        if kind == "word":
            return FALSE
        if kind == "unverified":
            return self._unverified(what)
        said = name in patient.terms
        found: list[Truth] = [] if said else [self._unreported]
        found += [answer for term, answer in patient.terms.items() if name in term_groups([term])]
        return self.primitives.any_of(found)

    def _unverified(self, key: str) -> Truth:
        found = self.results.get(key)
        if found is None:
            return FALSE
        parts = [found.set_aside, *([found.doubtful] if found.doubtful is not None else [])]
        return infix("OR", *parts)

    def any_measured(self, keys: tuple[str, ...]) -> Truth:
        """Return whether any of the analytes has a result."""
        return self.primitives.any_of([self.results[key].measured for key in keys if key in self.results])

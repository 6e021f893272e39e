"""The draws of a table, read and interpreted together, with the interface of a series' draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from b12labs.logic.language import TRUE
from b12labs.logic.scalars import Pair
from b12labs.over_time.row_truths import RowTruths
from b12labs.over_time.series import symptoms_among
from b12labs.over_time.told import ASKED_OF_DRAWS
from b12labs.patient.plan import CAUSE_RULES, REVIEW_RULES, are_causes_named, first_review, is_cause_known
from b12labs.reasoning.compiled import FINDING_RULES, VERDICT_RULES
from b12labs.reference import context
from b12labs.tables.cohort import Cohort
from b12labs.tables.options import CheckedOptions
from b12labs.tables.rows import interpret_cohort

__all__ = ["TableDraw", "TableDraws"]


class TableDraws:
    """All draws of a table, by their rows."""

    def __init__(self, cohort: Cohort, options: CheckedOptions) -> None:
        self.options = options
        outcome = interpret_cohort(cohort, options)
        columns: list[list[str]] = [
            outcome.words(name).objects().tolist() for name in ("status", "problems", "treatment_route")
        ]
        self.statuses, self.problems, self._routes = columns
        found = {code: FINDING_RULES[code] for code in ASKED_OF_DRAWS}
        self.truths = RowTruths(cohort, options, (*found.values(), *CAUSE_RULES, *REVIEW_RULES))
        self.states = {code: self.truths.of(rule) for code, rule in found.items()}
        self.results = {
            key: (*(ends.tolist() for ends in data.interval()), data.is_measured().tolist())
            for key, data in cohort.results.items()
        }
        self.terms = _terms(cohort)

    def review_days(self, row: int) -> int | None:
        """Return the days until the first review of the plan of a row's draw."""
        route = self._routes[row]
        decided = route if route in VERDICT_RULES["treatment_route"].outcomes else None
        return first_review(decided, self.truths.row(row), self.options.limits.guideline.formulary)


@dataclass(frozen=True)
class TableDraw:
    """One row as a draw."""

    table: TableDraws
    row: int
    when: date
    laboratory: str

    @property
    def terms(self) -> frozenset[str]:
        """The reported context terms."""
        return self.table.terms[self.row]

    @cached_property
    def symptoms(self) -> frozenset[str] | None:
        """The symptoms among them, or None if none is reported, since a table cannot state that there is none."""
        return symptoms_among(self.terms) or None

    @cached_property
    def has_known_cause(self) -> bool:
        """Whether the interpretation names a cause, other than the presumption that there is one."""
        truths = self.table.truths.row(self.row)
        return are_causes_named(truths) and is_cause_known(truths)

    @property
    def status(self) -> str:
        """The status of the draw by itself."""
        return self.table.statuses[self.row]

    @property
    def problems(self) -> list[str]:
        """Its problems, each as its field and code."""
        said = self.table.problems[self.row]
        return said.split("; ") if said else []

    @property
    def review_days(self) -> int | None:
        """The days until the first review of the plan."""
        return self.table.review_days(self.row)

    def state(self, code: str) -> int:
        """Return the truth of a finding."""
        return self.table.states[code][self.row]

    def result(self, key: str) -> Pair | None:
        """Return the interval of an analyte's result, or None if there is none."""
        found = self.table.results.get(key)
        if found is None or not found[2][self.row]:
            return None
        return found[0][self.row], found[1][self.row]


def _terms(cohort: Cohort) -> list[frozenset[str]]:
    """Return the terms that each row reports."""
    found: list[frozenset[str]] = [frozenset()] * cohort.rows
    for codes, reported, _ in cohort.texts:
        terms = [_without_groups(each) for each in reported]
        found = [before | terms[code] for before, code in zip(found, codes.tolist(), strict=True)]
    for term, _, codes, truths in cohort.terms:
        for row in np.flatnonzero((truths == TRUE).take(codes)).tolist():
            found[row] |= {term}
    return found


def _without_groups(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if name in context().terms)

"""The rules over all rows of a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from b12labs.answer.answers import TRUTHS, VERDICTS
from b12labs.inputs.panel import Problem
from b12labs.limits.stratified import Limits
from b12labs.logic import language as logic
from b12labs.logic.columns.primitives import Columns
from b12labs.logic.columns.tape import Bits
from b12labs.logic.open import possible_outcomes
from b12labs.logic.program import Program, Values
from b12labs.reasoning.compiled import B12_MARKERS, FINDING_RULES, PROBLEM_FINDINGS, VERDICT_RULES
from b12labs.reasoning.next_tests import asked_about, asked_tests, next_test_keys
from b12labs.reference import analytes
from b12labs.tables.cells import AnalyteData, NumberData, Problems
from b12labs.tables.cohort import Cohort, CohortInputs
from b12labs.tables.options import CheckedOptions
from b12labs.tables.outputs import OUTPUT_COLUMNS, Column, Truths, Words
from b12labs.tables.robustness import robustness
from b12labs.tables.wanted import Wanted, WantedSets, WantedTruth, columns_of, words_of

__all__ = ["CohortOutcome", "interpret_cohort", "problem_words"]


@dataclass
class CohortOutcome:
    """The interpretation of every row by column, the problems with their rows, and the results that were read."""

    columns: dict[str, Column]
    problems: Problems
    results: Mapping[str, AnalyteData | NumberData]

    @property
    def usable(self) -> list[str]:
        """The analytes with a usable result in at least one row."""
        return [key for key in analytes() if key in self.results and self.results[key].any_measured()]

    def words(self, name: str) -> Words:
        """Return a column of words."""
        column = self.columns[name]
        assert isinstance(column, Words)
        return column

    def truths(self, name: str) -> Truths:
        """Return a column of truths."""
        column = self.columns[name]
        assert isinstance(column, Truths)
        return column


@cache
def columns_program(truths: tuple[str, ...]) -> Program:
    """Return the compiled rules of the output columns, and no others."""
    return Program(
        [*(FINDING_RULES[code] for code in truths), *(VERDICT_RULES[code] for code in VERDICTS), *asked_about()]
    )


def interpret_cohort(cohort: Cohort, options: CheckedOptions) -> CohortOutcome:
    """Evaluate the rules over all rows of a cohort."""
    truths = tuple(dict.fromkeys((*TRUTHS, *PROBLEM_FINDINGS, *options.findings)))
    compiled, do = columns_program(truths), Columns()
    inputs = CohortInputs(cohort, options.limits, do, unreported=options.unreported, by_value=compiled.in_powers)
    values = compiled.run(inputs)
    assessed = inputs.any_measured(B12_MARKERS)
    wanted: dict[str, Wanted] = {code: _truth(do, values.of(FINDING_RULES[code])) for code in truths}
    for code, row in VERDICTS.items():
        verdict = VERDICT_RULES[code]
        possible = possible_outcomes(verdict, values)
        wanted[code] = words_of(
            verdict, possible, row.undecided, row.unassessed, assessed=assessed, at_least=row.at_least
        )
    wanted["next_tests"] = _next_tests(values, inputs)
    if options.factors is not None:
        wanted |= robustness(values, inputs, options.factors, assessed)
    made = columns_of(do.tape, wanted, cohort.rows)
    for code in PROBLEM_FINDINGS:
        found = made[code]
        assert isinstance(found, Truths)
        cohort.problems.add(Problem(code, "blood_count", FINDING_RULES[code].says), np.flatnonzero(found.holds))
    made["problems"] = problem_words(cohort.problems, cohort.rows)
    asked = (*OUTPUT_COLUMNS, *options.findings, *(("robust", "repeat") if options.factors is not None else ()))
    return CohortOutcome({code: made[code] for code in asked}, cohort.problems, cohort.results)


def _truth(do: Columns, truth: Any) -> WantedTruth:
    return WantedTruth(do.certain(truth), do.is_open(truth))


def _next_tests(values: Values, inputs: CohortInputs) -> WantedSets:
    """Return the next tests: a plane for every question with a test that answers it."""
    # A row without any result or context asks for no test.
    said_something = inputs.any_given(tuple(inputs.cohort.results)) | inputs.any_reported()
    asked: dict[tuple[logic.Question, str], Bits] = {}
    for question, key, where in asked_tests(values, said_something):
        asked[question, key] = asked.get((question, key), False) | where
    pairs = [pair for pair, where in asked.items() if where is not False]

    def text(places: list[int]) -> str:
        return _test_text(tuple(pairs[place] for place in places), inputs.limits)

    return WantedSets([asked[pair] for pair in pairs], text)


@lru_cache(maxsize=65_536)
def _test_text(pairs: tuple[tuple[logic.Question, str], ...], limits: Limits) -> str:
    """Return tests in words, cached because every part of a file asks for much the same sets."""
    return "; ".join(next_test_keys(pairs, limits))


def problem_words(problems: Problems, rows: int) -> Words:
    """Return every row's problems as text, empty if it has none."""
    words: dict[str, int] = {"": 0}
    codes = np.zeros(rows, dtype=np.int32)
    for problem, where in problems.found:
        said = f"{problem.field}: {problem.code}"
        before, known = codes[where], list(words)
        after = {code: known[code] for code in np.unique(before).tolist()}
        places = np.zeros(len(known), dtype=np.int32)
        for code, text in after.items():
            joined = said if not text else text if said in text.split("; ") else f"{text}; {said}"
            places[code] = words.setdefault(joined, len(words))
        codes[where] = places[before]
    return Words(codes, list(words), free=True)

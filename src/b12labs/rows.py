"""The rules over all rows of a cohort, in chunks that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs import logic
from b12labs.cohort import Cohort, CohortInputs
from b12labs.columns import Problems
from b12labs.errors import B12LabsError
from b12labs.evaluation import Program, outcomes
from b12labs.limits import BoundGuideline
from b12labs.one_patient import B12_MARKERS, FINDING_RULES, PROBLEM_FINDINGS, VERDICT_RULES, asked_about, asked_tests, next_test_keys
from b12labs.outputs import Column, Words
from b12labs.panel import Problem
from b12labs.primitives import Columns as ColumnPrimitives

__all__ = ["CohortOutcome", "Findings", "interpret_cohort"]

CHUNK = 32_768
TRUTHS = ("functional_deficiency", "megaloblastic_anemia", "anemia")
VERDICT_COLUMNS = ("status", "anemia_grade", "treatment_route", "urgency")
Findings = bool | Sequence[str]
#: The word where a verdict is not decided.
_UNDECIDED = {"status": "indeterminate", "treatment_route": "undetermined", "urgency": "routine", "anemia_grade": None}


@dataclass
class CohortOutcome:
    """The interpretation of every row, by column, and the problems with their rows."""

    columns: dict[str, Column]
    problems: Problems

    def words(self, name: str) -> Words:
        """Return a column of words."""
        column = self.columns[name]
        assert isinstance(column, Words)
        return column

    def truths(self, name: str) -> npt.NDArray[np.int8]:
        """Return a column of truths."""
        column = self.columns[name]
        assert not isinstance(column, Words)
        return column


@cache
def columns_program(truths: tuple[str, ...]) -> Program:
    """Return the rules of the output columns compiled, and no others."""
    return Program([*(FINDING_RULES[code] for code in truths), *(VERDICT_RULES[code] for code in VERDICT_COLUMNS), *asked_about()])


def interpret_cohort(cohort: Cohort, limits: BoundGuideline, *, findings: Findings = False, unreported_context: str = "absent") -> CohortOutcome:
    """Evaluate the rules over all rows of a cohort, chunk by chunk."""
    wanted = list(FINDING_RULES) if findings is True else list(findings or ())
    for code in wanted:
        if code not in FINDING_RULES:
            raise B12LabsError(f"{code!r} is no finding; known: {', '.join(FINDING_RULES)}", code="unknown_finding", field="findings")
    rows = cohort.rows
    truths = {code: np.ones(rows, dtype=np.int8) for code in dict.fromkeys((*TRUTHS, *PROBLEM_FINDINGS, *wanted))}
    sets = {code: np.zeros(rows, dtype=np.uint16) for code in VERDICT_COLUMNS}
    assessed = np.zeros(rows, dtype=bool)
    tests = np.zeros(rows, dtype=np.int32)
    texts = _TestTexts(limits)
    primitives = ColumnPrimitives()
    compiled = columns_program(tuple(truths))
    for start in range(0, rows, CHUNK):
        part = slice(start, min(start + CHUNK, rows))
        inputs = CohortInputs(cohort, limits, part, unreported_context=1 if unreported_context == "unknown" else 0, primitives=primitives)
        values = compiled.run(inputs)
        for code, column in truths.items():
            column[part] = values.of(FINDING_RULES[code])
        for code, found in sets.items():
            found[part] = outcomes(VERDICT_RULES[code], values)
        assessed[part] = inputs.any_measured(B12_MARKERS)
        anything = inputs.any_measured(tuple(cohort.results))
        tests[part] = texts.places(list(asked_tests(values)), anything)
    words = {code: _words(VERDICT_RULES[code], sets[code], _UNDECIDED[code]) for code in sets}
    outcome: dict[str, Column] = {"status": _unless_assessed(words["status"], assessed, "not_assessed")}
    outcome.update({code: truths[code] for code in TRUTHS})
    outcome["anemia_grade"] = words["anemia_grade"]
    outcome["treatment_route"] = _unless_assessed(words["treatment_route"], assessed, "undetermined")
    outcome["urgency"] = words["urgency"]
    outcome["next_tests"] = Words(tests, list(texts.texts), free=True)
    for code in PROBLEM_FINDINGS:
        cohort.problems.add(Problem(code, "blood_count", FINDING_RULES[code].says), np.flatnonzero(truths[code] == 2))
    outcome["problems"] = _problems(cohort.problems, rows)
    outcome.update({code: truths[code] for code in wanted if code not in outcome})
    return CohortOutcome(outcome, cohort.problems)


def _words(verdict: logic.Verdict, sets: npt.NDArray[np.uint16], otherwise: str | None) -> Words:
    """Return the decided outcome of every row; `otherwise` where several are possible."""
    known = [*verdict.outcomes, otherwise]
    places = np.full(1 << len(verdict.outcomes), len(verdict.outcomes), dtype=np.int32)
    for place in range(len(verdict.outcomes)):
        places[1 << place] = place
    return Words(places[sets], known)


def _unless_assessed(words: Words, assessed: npt.NDArray[np.bool_], word: str) -> Words:
    return Words(np.where(assessed, words.codes, len(words.words)).astype(np.int32), [*words.words, word])


class _TestTexts:
    """The texts of next tests, made once for every set of tests that some row asks for."""

    def __init__(self, limits: BoundGuideline) -> None:
        self.limits = limits
        self.texts: dict[str, int] = {}
        self._places: dict[tuple[tuple[str, str], ...], dict[int, int]] = {}

    def places(self, asked: list[tuple[logic.Question, str, Any]], anything: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
        """Return the place of every row's text."""
        import pandas

        words = [np.zeros(len(anything), dtype=np.int64) for _ in range(0, max(len(asked), 1), _BITS)]
        for place, (_, _, where) in enumerate(asked):
            words[place // _BITS] |= (anything & where).astype(np.int64) << (place % _BITS)
        codes, distinct = pandas.factorize(words[0])
        keys = distinct.tolist()
        for word in words[1:]:
            more, others = pandas.factorize(word)
            codes, pairs = pandas.factorize(codes.astype(np.int64) * len(others) + more)
            keys = [keys[pair // len(others)] | int(others[pair % len(others)]) << _BITS for pair in pairs.tolist()]
        known = self._places.setdefault(tuple((question.code, key) for question, key, _ in asked), {})
        return np.array([known[bits] if bits in known else known.setdefault(bits, self._place(asked, bits)) for bits in keys], dtype=np.int32)[codes]

    def _place(self, asked: list[tuple[logic.Question, str, Any]], bits: int) -> int:
        pairs = [(question, key) for place, (question, key, _) in enumerate(asked) if bits >> place & 1]
        return self.texts.setdefault("; ".join(next_test_keys(pairs, self.limits)), len(self.texts))


#: How many tests fit the bits of one number.
_BITS = 62


def _problems(problems: Problems, rows: int) -> Words:
    """Return every row's problems as text; rows without any share the empty one."""
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

"""The rules over all rows of a cohort, in chunks, on the cores that there are."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.answer.answers import TRUTHS, VERDICTS
from b12labs.inputs.panel import Problem
from b12labs.limits.stratified import Limits
from b12labs.logic import language as logic
from b12labs.logic.arrays import Columns
from b12labs.logic.language import FALSE, TRUE, UNKNOWN
from b12labs.logic.open import outcomes, single_outcome
from b12labs.logic.program import Program, Values
from b12labs.logic.ranges import Ranges
from b12labs.reasoning.compiled import B12_MARKERS, FINDING_RULES, PROBLEM_FINDINGS, VERDICT_RULES
from b12labs.reasoning.next_tests import asked_about, asked_tests, next_test_keys
from b12labs.tables.cells import Problems
from b12labs.tables.cohort import Cohort, CohortInputs
from b12labs.tables.encoding import distinct_numbers
from b12labs.tables.options import CheckedOptions
from b12labs.tables.outputs import OUTPUT_COLUMNS, Column, Truths, Words
from b12labs.tables.robustness import Robustness

__all__ = ["CHUNK", "CohortOutcome", "Outcomes", "interpret_cohort", "problem_words"]

CHUNK = 65_536


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

    def truths(self, name: str) -> Truths:
        """Return a column of truths."""
        column = self.columns[name]
        assert isinstance(column, Truths)
        return column


@cache
def columns_program(truths: tuple[str, ...]) -> Program:
    """Return the rules of the output columns compiled, and no others."""
    return Program(
        [*(FINDING_RULES[code] for code in truths), *(VERDICT_RULES[code] for code in VERDICTS), *asked_about()]
    )


def interpret_cohort(cohort: Cohort, options: CheckedOptions, *, threads: int | None = 1) -> CohortOutcome:
    """Evaluate the rules over all rows of a cohort, chunk by chunk.

    `threads` is for callers that do nothing else meanwhile, None all cores.
    """
    limits, rows = options.limits, cohort.rows
    truths = tuple(dict.fromkeys((*TRUTHS, *PROBLEM_FINDINGS, *options.findings)))
    # Zeros cost nothing until they are written to, and most findings hold in few rows.
    holds, unknown = np.zeros((len(truths), rows), dtype=bool), np.zeros((len(truths), rows), dtype=bool)
    verdicts = {
        code: Outcomes(VERDICT_RULES[code], rows, row.undecided, row.unassessed, at_least=row.at_least)
        for code, row in VERDICTS.items()
    }
    tests = _NextTests(limits, rows)
    robustness = None if options.factors is None else Robustness(cohort, options.factors)
    compiled = columns_program(truths)
    of_thread = threading.local()

    def interpret_chunk(part: slice) -> tuple[slice, list[tuple[logic.Question, str, Any]]]:
        """Interpret some rows, and return which tests are to be asked for."""
        primitives = getattr(of_thread, "primitives", None)
        if primitives is None or primitives.rows != part.stop - part.start:
            primitives = of_thread.primitives = Columns(part.stop - part.start)
            of_thread.ranges = Ranges(*(Columns(part.stop - part.start) for _ in range(2)))
        inputs = CohortInputs(cohort, limits, part, unreported=options.unreported, primitives=primitives)
        values = compiled.run(inputs)
        for place, code in enumerate(truths):
            truth = values.of(FINDING_RULES[code])
            if not isinstance(truth, int) or truth != FALSE:
                for answer, said in ((TRUE, holds), (UNKNOWN, unknown)):
                    rows_with = truth == answer
                    if np.any(rows_with):
                        said[place, part] = rows_with
        assessed = inputs.any_measured(B12_MARKERS)
        for verdict in verdicts.values():
            verdict.take(part, values, assessed)
        if robustness is not None:
            robustness.take(compiled, values, of_thread.ranges, assessed)
        # A row with nothing given and nothing reported asks for nothing.
        said_something = inputs.any_given(tuple(cohort.results)) | inputs.any_reported()
        return part, list(asked_tests(values, said_something))

    parts = [slice(start, min(start + CHUNK, rows)) for start in range(0, rows, CHUNK)]
    # numpy lets another thread run while it computes. What depends on the order of the chunks is done here, in their
    # order.
    with ThreadPoolExecutor(max(1, min(threads or _cores(), len(parts)))) as pool:
        for part, asked in pool.map(interpret_chunk, parts):
            tests.take(part, asked)
    found = {code: Truths(holds[place], unknown[place]) for place, code in enumerate(truths)}
    for code in PROBLEM_FINDINGS:
        cohort.problems.add(Problem(code, "blood_count", FINDING_RULES[code].says), np.flatnonzero(found[code].holds))
    made: dict[str, Column] = {
        **found,
        **{code: verdict.words() for code, verdict in verdicts.items()},
        "next_tests": tests.words(),
        "problems": problem_words(cohort.problems, rows),
    }
    columns = {code: made[code] for code in (*OUTPUT_COLUMNS, *options.findings)}
    columns.update(robustness.columns() if robustness is not None else {})
    return CohortOutcome(columns, cohort.problems)


def _cores() -> int:
    """Return how many cores this process may use, and no more than the interpreter's lock lets gain anything."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, 4)


class Outcomes:
    """The decided outcome of a verdict in every row.

    `undecided` is the word where several outcomes are possible, `unassessed` where no marker of B12 was measured, for
    the verdicts that need one. Empty is no word. With `at_least` the last of several possible outcomes is the word.
    """

    def __init__(
        self, verdict: logic.Verdict, rows: int, undecided: str, unassessed: str = "", *, at_least: bool = False
    ) -> None:
        self.verdict = verdict
        self.needs_marker = bool(unassessed)
        self.known = list(dict.fromkeys(word for word in (*verdict.outcomes, undecided, unassessed) if word))
        #: The place of the word, by the set of outcomes still possible. No outcome possible stands for a row not
        #: assessed.
        self.places = np.full(1 << len(verdict.outcomes), self._place(undecided), dtype=np.int8)
        self.places[0] = self._place(unassessed)
        for possible in range(1, len(self.places)):
            decided = single_outcome(verdict, possible, at_least=at_least)
            if decided is not None:
                self.places[possible] = self._place(decided)
        self.codes = np.empty(rows, dtype=np.int8)

    def _place(self, word: str) -> int:
        return self.known.index(word) if word else -1

    def take(self, part: slice, values: Values, assessed: npt.NDArray[np.bool_] | None) -> None:
        """Take the outcomes of a chunk."""
        possible = outcomes(self.verdict, values)
        self.codes[part] = self.places[possible * assessed if self.needs_marker else possible]

    def words(self) -> Words:
        """Return the column."""
        return Words(self.codes, self.known)


class _NextTests:
    """The texts of next tests, made once for every set of tests that some row asks for."""

    def __init__(self, limits: Limits, rows: int) -> None:
        self.limits = limits
        self.codes = np.empty(rows, dtype=np.int32)
        #: Every question with a test that answers it that some row asked so far; its place is its bit in a set.
        self._asked: dict[tuple[logic.Question, str], int] = {}
        self._texts: dict[str, int] = {}
        self._places: dict[int, int] = {}

    def take(self, part: slice, asked: list[tuple[logic.Question, str, Any]]) -> None:
        """Take the tests asked for in a chunk."""
        sets: list[npt.NDArray[np.uint8]] = []
        for question, key, where in asked:
            bit = self._asked.setdefault((question, key), len(self._asked))
            while bit // 8 >= len(sets):
                sets.extend(np.zeros((8, len(where)), dtype=np.uint8))
            sets[bit // 8] |= where.view(np.uint8) << (bit % 8)
        codes, distinct = _distinct_sets(sets) if sets else (0, [0])
        self.codes[part] = np.array([self._place(bits) for bits in distinct], dtype=np.int32)[codes]

    def _place(self, bits: int) -> int:
        if bits not in self._places:
            pairs = tuple(pair for pair, place in self._asked.items() if bits >> place & 1)
            self._places[bits] = self._texts.setdefault(_test_text(pairs, self.limits), len(self._texts))
        return self._places[bits]

    def words(self) -> Words:
        """Return the column."""
        return Words(self.codes, list(self._texts), free=True)


@lru_cache(maxsize=65_536)
def _test_text(pairs: tuple[tuple[logic.Question, str], ...], limits: Limits) -> str:
    """Return tests in words; every part of a file asks for much the same sets."""
    return "; ".join(next_test_keys(pairs, limits))


def _distinct_sets(sets: list[npt.NDArray[np.uint8]]) -> tuple[npt.NDArray[np.int64], list[int]]:
    """Return a code for every row, and the set of bits that each code stands for.

    `sets` holds eight bits of every row each.
    """
    words = np.stack(sets, axis=1).view("<u8").T
    codes, distinct = distinct_numbers(words[0])
    keys = distinct.tolist()
    for place, word in enumerate(words[1:], start=1):
        more, others = distinct_numbers(word)
        codes, pairs = distinct_numbers(codes * np.int64(len(others)) + more)
        keys = [keys[pair // len(others)] | int(others[pair % len(others)]) << (64 * place) for pair in pairs.tolist()]
    return codes, keys


def problem_words(problems: Problems, rows: int) -> Words:
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

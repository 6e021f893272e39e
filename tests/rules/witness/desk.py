"""Where rows are answered: every rule by its file, for one patient and for all rows of a table at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from b12labs import interpret
from b12labs.answer.answers import VERDICTS as ANSWERED
from b12labs.inputs.options import unreported_truth
from b12labs.inputs.panel import read_panel
from b12labs.inputs.units import coefficient_or_factor
from b12labs.limits.stratified import limits_of
from b12labs.logic.columns.primitives import Columns
from b12labs.logic.language import FALSE, TRUE, UNKNOWN, Finding, Verdict
from b12labs.logic.open import open_comparisons, single_outcome
from b12labs.logic.program import Program, Values
from b12labs.logic.scalars import ANYTHING, Plain
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.compiled import B12_MARKERS
from b12labs.reasoning.next_tests import test_to_ask
from b12labs.reasoning.screening import screening_program
from b12labs.rules import (
    CAUSES,
    FINDINGS_OF,
    FOLLOW_UP,
    QUESTIONS,
    SCREENING,
    VERDICTS,
    anemia,
    b12_status,
    combined_index,
    treatment,
    urgency,
)
from b12labs.site_mapping.headers import recognize
from b12labs.tables.cohort import CohortInputs
from b12labs.tables.frames import cells_of, headers_of
from b12labs.tables.reading import read_cohort
from tests.rules.witness.parts import Rule, by_row, each_by_row, reading
from tests.rules.witness.rows import Row

_VERDICT_FILES = {
    b12_status: b12_status.status,
    anemia: anemia.anemia_grade,
    treatment: treatment.treatment_route,
    urgency: urgency.urgency,
    combined_index: combined_index.combined_index_class,
}
assert set(_VERDICT_FILES.values()) == set(VERDICTS)


def _said(code: str, truth: Any) -> Finding:
    return Finding(code, truth, "", "")


@cache
def asked() -> dict[str, Any]:
    """Return the questions whose tests are asked for on a condition, each as a rule of that condition."""
    return {
        f"question {question.code}": question
        for question in QUESTIONS
        if question.asked is not None and not question.code.startswith("verify_")
    }


@cache
def causes() -> dict[str, tuple[Any, str]]:
    """Return what establishes a cause, speaks for it and against it, each as a rule with the cause and the words."""
    found: dict[str, tuple[Any, str]] = {}
    for cause in CAUSES:
        if cause.established is not None:
            found[f"cause {cause.code} established"] = cause, ""
        for kind, pairs in (("by", cause.speaks_for), ("against", cause.speaks_against)):
            for number, (_, words) in enumerate(pairs, start=1):
                found[f"cause {cause.code} {kind} {number}"] = cause, words
    return found


def _truth_of(code: str) -> Any:
    cause, words = causes()[code]
    if not words:
        return cause.established
    return next(truth for truth, said in (*cause.speaks_for, *cause.speaks_against) if said == words)


@cache
def rules_of() -> dict[str, dict[str, Rule]]:
    """Return the rules of every file, by code."""
    found: dict[str, dict[str, Rule]] = {}
    for module, listed in FINDINGS_OF.items():
        name = module.__name__.rpartition(".")[2]
        found[name] = {rule.code: rule for rule in listed}
        if module in _VERDICT_FILES:
            found[name][_VERDICT_FILES[module].code] = _VERDICT_FILES[module]
    found["causes"] |= {code: _said(code, _truth_of(code)) for code in causes()}
    found["next_tests"] = {code: _said(code, question.asked) for code, question in asked().items()}
    found["screening"] = {rule.code: rule for rule in SCREENING}
    found["follow_up"] = {rule.code: rule for rule in FOLLOW_UP}
    return found


def rule(name: str, code: str) -> Rule:
    """Return a rule of a file."""
    return rules_of()[name][code]


@cache
def program_of(name: str) -> Program:
    """Return the rules of a file compiled, with what tells whether their answer is seen."""
    if name == "screening":
        return screening_program()
    more: list[Any] = [b12_status.b12_deficiency, treatment.lifelong_treatment] if name == "causes" else []
    more += [question.about for question in QUESTIONS] if name == "next_tests" else []
    return Program([*rules_of()[name].values(), *more])


class Told:
    """Inputs of the rules of follow-up: what the series of one patient tells, as a row says it."""

    primitives: Any = Plain()
    _TRUTHS: ClassVar = {"yes": TRUE, "open": UNKNOWN, "no": FALSE}

    def __init__(self, row: Row) -> None:
        self._cells = dict(row.inputs)

    def measured(self, key: str) -> Any:
        number = self._cells.get(key)
        return ANYTHING if number is None else (float(number),) * 2

    def reported(self, name: str) -> Any:
        return self._TRUTHS[self._cells.get(name.removeprefix("series:"), "no")]

    def coefficient(self, name: str) -> float:
        return coefficient_or_factor(name)

    def flag(self, key: str) -> int:
        return 0


class ToldOfMany(Told):
    """The same of many patients, a column each."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.primitives = Columns()
        self._each = [Told(row) for row in rows]
        self._codes = np.arange(len(rows))

    def measured(self, key: str) -> Any:
        low, high = zip(*(each.measured(key) for each in self._each), strict=True)
        return self.primitives.coded(self._codes, np.array(low), np.array(high))

    def reported(self, name: str) -> Any:
        return self.primitives.truths(self._codes, np.array([each.reported(name) for each in self._each]))


def followed(row: Row) -> str:
    """Return what a rule of follow-up answers of one patient."""
    values = program_of("follow_up").run(Told(row))  # type: ignore[arg-type]  # asks for less than a patient's
    found = rule("follow_up", row.rule)
    (read,) = by_row(reading(found, values), values, 1)
    return word_of(found, read) if isinstance(found, Verdict) else TRUTH_WORDS[read]


def evaluated(name: str, rows: Sequence[Row], program: Program | None = None) -> Values:
    """Return the values of a file's rules for rows of one guideline, all at once."""
    program = program or program_of(name)
    if name == "follow_up":
        return program.run(ToldOfMany(rows))  # type: ignore[arg-type]  # asks for less than a patient's
    cells = [row.cells for row in rows]
    columns = {key: [cell.get(key) for cell in cells] for key in dict.fromkeys(key for cell in cells for key in cell)}
    frame = pd.DataFrame({"b12": [None] * len(rows), **columns}, dtype=object)
    ((guideline, unreported),) = {(row.guideline, row.unreported) for row in rows}
    limits = limits_of(guideline)
    found = recognize(headers_of(frame), mapping=None, site=None)
    table, read = cells_of(frame)
    cohort = read_cohort(read, len(table), found, limits)
    return program.run(CohortInputs(cohort, limits, Columns(), unreported=unreported_truth(unreported)))


#: The word of a code that `codes` returns for a truth.
TRUTH_WORDS = ("no", "open", "yes")
#: The code where nobody is shown an answer.
UNSEEN = -1


def codes(rule: Rule, values: Values, rows: int, read: Any) -> Any:
    """Return a reading of a rule in every row as a number that differs where the answer does."""
    return codes_of_each(rule, values, rows, [read])[0]


def codes_of_each(rule: Rule, values: Values, rows: int, reads: Sequence[Any]) -> list[Any]:
    """Return the same of many readings, computed together."""
    found = each_by_row(reads, values, rows)
    if isinstance(rule, Verdict):
        words = words_of(rule)
        table = np.array([words.index(word_of(rule, bits)) for bits in range(1 << len(rule.outcomes))])
        found = [table[bits] for bits in found]
        if rule.code in ANSWERED and ANSWERED[rule.code].unassessed:
            assessed = by_row([values.inputs.any_measured(B12_MARKERS)], values, rows)
            found = [np.where(assessed, places, len(words) - 1) for places in found]
    elif rule.code in asked() or rule.code in causes():
        seen = _is_seen(rule, values, rows)
        found = [np.where(seen, np.where(truths == TRUE, TRUE, FALSE), UNSEEN) for truths in found]
    return found


def _is_seen(rule: Rule, values: Values, rows: int) -> Any:
    """Return in which rows a question's tests are open, or causes are listed."""
    if rule.code in asked():
        return _has_open_test(asked()[rule.code], values, rows)
    deficient, lifelong = (
        by_row(values.of(shown), values, rows) for shown in (b12_status.b12_deficiency, treatment.lifelong_treatment)
    )
    return (deficient != FALSE) | (lifelong == TRUE)


@cache
def words_of(rule: Verdict) -> tuple[str, ...]:
    """Return every word that a verdict can have, last that of a panel without a marker."""
    words = dict.fromkeys(word_of(rule, bits) for bits in range(1 << len(rule.outcomes)))
    return (*words, ANSWERED[rule.code].unassessed if rule.code in ANSWERED else "")


def answers(rule: Rule, values: Values, rows: int) -> Any:
    """Return what a rule answers in every row; blank where nobody is shown it."""
    found = codes(rule, values, rows, reading(rule, values))
    words = words_of(rule) if isinstance(rule, Verdict) else (*TRUTH_WORDS, "")
    return np.array(words, dtype=object)[found]


@cache
def word_of(rule: Verdict, bits: int) -> str:
    """Return the word of a verdict's outcomes that are still possible."""
    if rule.code not in ANSWERED:
        return (single_outcome(rule, bits) if bits else "none possible") or "open"
    row = ANSWERED[rule.code]
    if not bits:
        return "none possible"
    return row.word(single_outcome(rule, bits, at_least=row.at_least)) or "open"


def _has_open_test(question: Any, values: Values, rows: int) -> Any:
    found: Any = bool(question.again)
    for leaf, where in open_comparisons(question.about, values):
        key = test_to_ask(leaf) if hasattr(leaf, "left") else None
        if key is not None:
            found = found | (where & values.inputs.is_unsettled(key))
    return by_row([found], values, rows)


def of_one_patient(name: str, row: Row) -> str:
    """Return what a rule answers of one patient, as `interpret()` says it."""
    result = interpreted(row)
    code = row.rule
    if code in asked():
        question = asked()[code]
        return "yes" if any(question.asks in test.questions for test in result.next_tests) else "no"
    if code in causes():
        cause, words = causes()[code]
        found = next((each for each in result.causes if each.code == cause.code), None)
        if not words:
            return "yes" if found and found.established else "no"
        return "yes" if found and words in (*found.speaks_for, *found.speaks_against) else "no"
    if code == "combined_index_class":
        return (result.combined_index.index_class if result.combined_index else None) or "open"
    if code in ANSWERED:
        return ANSWERED[code].of(result) or "open"
    return {False: "no", None: "open", True: "yes"}[result.findings[code].state]


@cache
def _interpreted(inputs: tuple[tuple[str, str], ...]) -> Any:
    row = Row("", "", inputs, "")
    return interpret(**row.keywords, guideline=row.guideline, unreported_context=row.unreported, errors="report")


def interpreted(row: Row) -> Any:
    """Return the interpretation of one row's patient."""
    return _interpreted(row.inputs)


def screened(row: Row) -> str:
    """Return what a rule of screening answers of one patient."""
    panel = read_panel(row.keywords)
    values = screening_program().run(
        PatientInputs(panel, limits_of(row.guideline), unreported=unreported_truth(row.unreported))
    )
    found = rule("screening", row.rule)
    (read,) = by_row(reading(found, values), values, 1)
    return word_of(found, read) if isinstance(found, Verdict) else TRUTH_WORDS[read]


def by_options(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows of each guideline and reading of what is not mentioned."""
    for options in sorted({(row.guideline, row.unreported) for row in rows}):
        yield [row for row in rows if (row.guideline, row.unreported) == options]

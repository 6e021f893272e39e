"""The answers of a statement: the words of verdicts, truths, and the results that were set aside."""

from __future__ import annotations

from b12labs.answer.answers import AnswerRow
from b12labs.integrations.sql.patient import Patient
from b12labs.integrations.sql.pieces import Piece, case_of, infix, negated, word, written
from b12labs.integrations.sql.results import ReadResult
from b12labs.integrations.sql.statement import Statement
from b12labs.integrations.sql.truths import Truth, as_piece
from b12labs.logic.language import FALSE, TRUE, UNKNOWN, Verdict

__all__ = ["problems_of", "word_of"]


def word_of(statement: Statement, verdict: Verdict, row: AnswerRow, truths: list[Truth], assessed: Truth) -> Piece:
    """Return the outcome of a verdict: the first case that holds, unless one before it may hold.

    With `at_least`, cases before it that only may hold are ignored. If a case that may hold and the cases after it have
    the same outcome, that is the outcome.
    """
    cases = [(case.outcome, truth) for case, truth in zip(verdict.cases, truths, strict=True) if truth != FALSE]
    found = _decided(statement, verdict.code, row, cases, verdict.otherwise.outcome)
    if not row.unassessed:
        return found
    return _whens([(_not(assessed), word(row.unassessed))], found)


def _decided(statement: Statement, code: str, row: AnswerRow, cases: list[tuple[str, Truth]], otherwise: str) -> Piece:
    if not cases:
        return word(otherwise)
    undecided = word(row.undecided) if row.undecided else Piece("NULL", plain=True)
    whens: list[tuple[Piece, Piece]] = []
    for place, (outcome, truth) in enumerate(cases):
        rest = cases[place + 1 :]
        if truth == TRUE:
            return _whens(whens, word(outcome))
        piece = statement.held(as_piece(truth), f"{code}_{outcome}")
        whens.append((piece, word(outcome)))
        if row.at_least:
            continue
        is_open = infix("IS", piece, Piece("NULL"))
        if outcome in (otherwise, *(other for other, _ in rest)):
            after = statement.put(f"{code}_after_{outcome}", _decided(statement, code, row, rest, otherwise))
            whens.append((infix("AND", is_open, infix("IS DISTINCT FROM", after, word(outcome))), undecided))
            return _whens(whens, after)
        whens.append((is_open, undecided))
    return _whens(whens, word(otherwise))


def _whens(cases: list[tuple[Piece, Piece]], otherwise: Piece) -> Piece:
    if not cases:
        return otherwise
    said = " ".join(f"WHEN {when.text} THEN {then.text}" for when, then in cases)
    level = max(each.level for pair in cases for each in pair)
    return Piece(f"CASE {said} ELSE {otherwise.text} END", max(level, otherwise.level))


def _not(truth: Truth) -> Piece:
    return as_piece(TRUE - truth) if isinstance(truth, int) else negated(truth)


def problems_of(results: dict[str, ReadResult], patient: Patient, found: dict[str, Truth]) -> Piece:
    """Return the list of unused values, in the format of `interpret_frame`: `field: code`, separated by `; `."""
    parts = [
        written(f"CASE WHEN {{}} THEN '; {key}: ' || {{}} ELSE '' END", read.set_aside, read.problem)
        for key, read in results.items()
    ]
    said = [(key, read.doubtful, "doubtful_unit") for key, read in results.items() if read.doubtful is not None]
    for code, truth in found.items():
        if truth not in (FALSE, UNKNOWN):
            patient.later.append(("blood_count", as_piece(truth), code))
    said += [*patient.problems, *patient.later]
    parts += [case_of([(when, f"; {name}: {code}")], "") for name, when, code in said]
    return written("SUBSTRING({}, 3)", infix("||", *parts)) if parts else word("")

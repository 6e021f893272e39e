"""What the library answers to the rows of a table: as one table, and patient by patient."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd

from b12labs import interpret, interpret_frame
from b12labs.tables.outputs import OUTPUT_COLUMNS
from tests.witness.other_questions import ASKED

HERE = Path(__file__).parent
LISTS = {"symptoms", "medicines", "diagnoses", "risk_factors"}
#: What only one patient's interpretation has, by a path of attributes.
ONE_PATIENT = "."


def as_answer(found):
    """Return an answer as the tables write it: yes, no, open, or the word or number itself."""
    if found is None or found is pd.NA or found == "" or (isinstance(found, float) and pd.isna(found)):
        return "open"
    if isinstance(found, bool | np.bool_):
        return "yes" if found else "no"
    return f"{found:.10g}" if isinstance(found, float) else str(found)


def _chosen(guideline):
    """Return the guideline as an option: the default, one of the library's, or a file of this folder."""
    own = HERE / guideline
    return {"guideline": own if guideline.endswith(".toml") else guideline} if guideline else {}


def asked_as_table(rows):
    """Return what is answered otherwise than the rows say, all rows of a guideline asked as one table."""
    wrong = []
    for guideline, group in groupby(rows, key=lambda row: row.guideline):
        asked = [(row, *patient) for row in group if ONE_PATIENT not in row.question for patient in row.patients()]
        if asked:
            wrong += _as_table(guideline, asked)
    return wrong


def _as_table(guideline, asked):
    fields = dict.fromkeys(field for _, given, _ in asked for field in given)
    frame = pd.DataFrame({field: [given.get(field, "") for _, given, _ in asked] for field in fields})
    codes = sorted({row.question for row, _, _ in asked} - set(OUTPUT_COLUMNS))
    out = interpret_frame(frame, findings=codes, **_chosen(guideline))
    answers = [as_answer(out[row.question].iloc[place]) for place, (row, _, _) in enumerate(asked)]
    return [
        _said(row, given, expected, answer)
        for (row, given, expected), answer in zip(asked, answers, strict=True)
        if answer != expected
    ]


def asked_one_by_one(rows, *, every=1):
    """Return what is answered otherwise than the rows say, patient by patient."""
    patients = [(row, *patient) for row in rows for patient in row.patients()]
    chosen = [each for place, each in enumerate(patients) if ONE_PATIENT in each[0].question or place % every == 0]
    answers = [answer_of(row.question, row.guideline, tuple(sorted(given.items()))) for row, given, _ in chosen]
    return [
        _said(row, given, expected, answer)
        for (row, given, expected), answer in zip(chosen, answers, strict=True)
        if answer != expected
    ]


@cache
def _interpreted(guideline, given):
    values = {name: value.split("; ") if name in LISTS else value for name, value in given}
    return interpret(**values, **_chosen(guideline), errors="report")


def answer_of(question, guideline, given):
    """Return the answer to one question about one patient."""
    first, _, rest = question.partition(".")
    if first in ASKED:
        return as_answer(ASKED[first](rest, guideline, given))
    result = _interpreted(guideline, given)
    if question == "problems":
        return as_answer("; ".join(f"{problem.field}: {problem.code}" for problem in result.problems))
    if question == "treatment_route":
        return as_answer(result.treatment.route)
    if question in result.findings:
        return as_answer(result.findings[question].state)
    return as_answer(_found(result, question))


def _found(found, path):
    """Return what lies at a path of attributes, keys and places."""
    for step in path.split("."):
        if isinstance(found, Mapping | tuple):
            found = found[int(step) if step.isdigit() else step]
        else:
            found = getattr(found, step)
    return found


def _said(row, given, expected, answer):
    patient = ", ".join(f"{name} {value}" for name, value in given.items())
    return f"{row.file}: {row.key} {row.name} {row.number:g}: {patient}: {row.question} {answer}, expected {expected}"

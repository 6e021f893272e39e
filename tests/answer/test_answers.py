"""The answers stand in one table: a row added there comes out everywhere, and every row is answered by a rule."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import interpret
from b12labs.answer.answers import ANSWERS, COUNTED, TRUTHS, VERDICTS
from b12labs.answer.parts import Answer
from b12labs.cohort_report.model import ReportData
from b12labs.reasoning.compiled import FINDING_RULES, VERDICT_RULES
from b12labs.tables.outputs import OUTPUT_COLUMNS
from tests import strategies as some

#: A finding that is no answer, and not likely to become one.
ADDED = "high_b12"
#: Adds a row to the table before anything is made from it, and asks every door for the new answer.
ONE_ROW_MORE = """
import contextlib, io, json, sys, types
from pathlib import Path
import b12labs

path = Path(b12labs.__file__).parent / "answer/answers.py"
before = '    AnswerRow("next_tests"'
source = path.read_text(encoding="utf-8")
assert source.count(before) == 1
row = '    AnswerRow("{added}", "much b12", "truth"),\\n'
module = sys.modules["b12labs.answer.answers"] = types.ModuleType("b12labs.answer.answers")
exec(compile(source.replace(before, row + before), path, "exec"), module.__dict__)

import pandas as pd
from b12labs import interpret, interpret_frame, read_panel, summarize
from b12labs.cli.main import main
from b12labs.cohort_report import report_file
from b12labs.integrations.fhir.output_components import components

values = {{"b12": "2000 pg/mL", "mma": "0.2 umol/L", "age": 40, "sex": "female"}}
result = interpret(**values)
table = pd.DataFrame([{{**values, "b12": cell}} for cell in ("2000 pg/mL", "600 pg/mL", "")])
table.to_csv("labs.csv", index=False)
frame = interpret_frame(table)
with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(printed):
    main(["interpret", "labs.csv", "-o", "out.csv"])
report = report_file("labs.csv")
print(json.dumps({{
    "columns": list(frame.columns),
    "cells": [None if cell is pd.NA else bool(cell) for cell in frame["{added}"]],
    "header": Path("out.csv").read_text(encoding="utf-8").splitlines()[0].split(","),
    "printed": printed.getvalue(),
    "report": report.totals.truths["{added}"],
    "page": report.to_html(),
    "summary": [str(summarize(frame)), summarize(frame)._repr_html_()],
    "components": [part["code"]["coding"][0]["code"] for part in components(read_panel({{}}), interpret())],
    "certainty": result.certainty.verdicts["{added}"].decided,
    "moved": [str(each) for each in result.what_if(b12="600 pg/mL").moved],
}}))
"""


def test_an_answer_more_is_a_row_more(tmp_path):
    """It is a column, counted in a file, a cohort and a summary, and in FHIR, certainty and what a change moves."""
    done = subprocess.run(
        [sys.executable, "-c", ONE_ROW_MORE.format(added=ADDED)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    place = OUTPUT_COLUMNS.index("next_tests")
    assert found["columns"] == [*OUTPUT_COLUMNS[:place], ADDED, *OUTPUT_COLUMNS[place:]]
    assert found["header"][-len(found["columns"]) :] == found["columns"]
    assert found["cells"] == [True, False, None]
    assert found["report"] == [1, 1, 1]
    counted = "1 yes, 1 no, 1 cannot tell"
    assert f"  Much b12                {counted}" in found["printed"]
    assert f"  Much b12                {counted}" in found["summary"][0]
    assert f"<b>Much b12</b>: {counted}" in found["summary"][1]
    assert ">Much b12<" in found["page"]
    assert ADDED in found["components"], "said though the results cannot tell"
    assert found["certainty"] == "yes"
    assert sum(moved.startswith("much b12: yes -> no (") for moved in found["moved"]) == 1
    assert not any(moved.startswith(f"{FINDING_RULES[ADDED].label}:") for moved in found["moved"]), (
        "an answer is no finding beside"
    )


def test_every_answer_is_said_by_a_rule_of_its_code():
    assert set(TRUTHS) <= set(FINDING_RULES)
    assert set(VERDICTS) <= set(VERDICT_RULES)
    assert len({row.code for row in ANSWERS}) == len(ANSWERS)
    assert sorted(COUNTED) == sorted(TRUTHS)


@pytest.mark.parametrize("code", VERDICTS)
def test_every_verdict_is_counted_in_a_cohort_report(code):
    assert code == "status" or code in ReportData.model_fields
    assert (VERDICTS[code].place or code).split(".")[0] in Answer.model_fields


@given(some.results(), some.patients(), st.sampled_from(some.GUIDELINES))
def test_an_answer_is_the_finding_of_its_code_or_an_outcome_of_its_verdict(values, patient, guideline):
    result = interpret(**values, **patient, guideline=guideline, errors="report")
    for code in set(TRUTHS) & set(Answer.model_fields):
        assert getattr(result, code) is result.findings[code].state
    for code, row in VERDICTS.items():
        decided = code not in result.possible
        words = VERDICT_RULES[code].outcomes if decided else ()
        assert (row.of(result) or "") in {*words, row.undecided, row.unassessed}

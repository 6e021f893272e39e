"""Eight plain lines for the note: the answer, what decided it, what to do, what is open, what was not used."""

import re

import pytest
from hypothesis import given

from b12labs import Interpretation, interpret
from b12labs.answer.words import HEADLINES
from tests.display.patients import PATIENTS, interpreted
from tests.strategies import patients, results


@given(results(), patients())
def test_a_note_has_at_most_eight_plain_lines(given_results, patient):
    result = interpret(**given_results, **patient, errors="report")
    lines = result.to_text("note").splitlines()
    assert len(lines) <= 8
    assert all(line == " ".join(line.split()) for line in lines)
    assert lines[0].startswith(HEADLINES[result.status])
    assert not re.search(r"\[\d|<[a-z]|\033", "\n".join(lines))
    assert lines[-1].endswith("Decision support for clinicians, not a diagnosis.")


@pytest.mark.parametrize("name", PATIENTS)
def test_a_note_says_what_decided_what_to_do_and_what_is_open(name):
    result = interpreted(name)
    note = result.to_text("note")
    for reason in result.urgency_because:
        assert reason.text in note
    if result.treatment.regimen:
        assert result.treatment.regimen.maintenance in note
    for test in result.next_tests[:8]:
        assert test.label in note
    for assumed in result.assumptions:
        assert assumed in note
    assert result.made_by in note


def test_what_is_left_out_is_counted():
    result = interpreted("everything")
    note = result.to_text("note")
    left_out = re.findall(r"and (\d+) more in the report", note)
    assert left_out
    assert all(int(count) > 0 for count in left_out)


def test_what_was_not_used_is_never_silent():
    note = interpret(b12="145", hemoglobin="90 g/L", errors="report", age=40, sex="male").to_text("note")
    assert "The B12 that was given could not be used." in note
    assert "Problems: b12: '145' has no unit" in note
    assert "was measured" not in note


def test_a_note_of_a_stored_answer_is_the_same():
    result = interpreted("everything")
    assert Interpretation.model_validate_json(result.to_json()).to_text("note") == result.to_text("note")

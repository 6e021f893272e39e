"""The clinician's report: the answer first, why it is urgent, what to do, and when to review."""

import html
import re

import pytest
from hypothesis import given

from b12labs import interpret
from b12labs.answer.answers import COUNTED
from b12labs.answer.sentences import asked_tests
from b12labs.answer.words import STATUS_LABELS
from b12labs.reference import sources
from b12labs.tables.counts.totals import Totals, as_lines
from b12labs.text import WIDTH
from tests.strategies import patients, results

CORD = {"b12": "100 pg/mL", "age": 60, "sex": "male", "symptoms": ["subacute combined degeneration"]}
DIET = {"b12": "150 pg/mL", "age": 31, "sex": "female", "risk_factors": ["vegan diet"]}


def lines_of(result):
    return result.to_text().splitlines()


def test_what_makes_it_urgent_stands_under_the_headline():
    result = interpret(**CORD)
    said = " ".join(lines_of(result)[1:3])
    assert said.startswith("Urgent: ")
    assert "subacute combined degeneration" in said
    assert result.urgency_because
    assert {source for reason in result.urgency_because for source in reason.sources} <= set(sources())


def test_nothing_is_said_of_urgency_where_nothing_is_urgent():
    result = interpret(b12="500 pg/mL", age=40, sex="male")
    assert (result.urgency, result.urgency_because) == ("routine", ())
    assert "routine" not in result.to_text()


@given(results(), patients())
def test_every_answer_that_is_not_routine_says_why(given_results, patient):
    result = interpret(**given_results, **patient, errors="report")
    assert bool(result.urgency_because) == (result.urgency != "routine")


@pytest.mark.parametrize(
    ("more", "days", "when"),
    [
        ({}, 90, "3 months"),
        ({"risk_factors": ["vegan diet", "breastfeeding"]}, 30, "1 month"),
        ({"risk_factors": ["vegan diet", "breastfeeding"], "symptoms": ["numbness"]}, 21, "3 weeks"),
    ],
)
def test_there_is_one_date_of_review_and_it_is_the_earliest(more, days, when):
    result = interpret(**{**DIET, **more})
    reviews = re.findall(r"^\s*Review\b[^.]*", result.to_text(), flags=re.MULTILINE)
    assert result.treatment.review_days == days
    assert len(result.treatment.review) == len(reviews) == 1
    assert when in reviews[0]


def test_foods_stand_in_the_clinicians_report_as_in_the_patients():
    result = interpret(**DIET)
    for audience in ("clinician", "patient"):
        assert {"meat", "fish", "eggs"} <= set(re.findall(r"\w+", result.to_text(audience=audience)))


@given(results(), patients())
def test_no_line_is_wider_than_a_terminal_and_none_is_blank_at_its_end(given_results, patient):
    for line in lines_of(interpret(**given_results, **patient, errors="report")):
        assert len(line) <= WIDTH, line
        assert line == line.rstrip()


# What is laid out


def rows_of(result, heading):
    lines = lines_of(result)
    start = lines.index(heading) + 1
    return lines[start : lines.index("", start)]


def test_a_wide_row_does_not_unsettle_the_columns_of_the_others():
    result = interpret(
        b12="190 pg/mL",
        mma="0.5 umol/L",
        egfr="12 mL/min/1.73m2",
        hemoglobin="8.2 g/dL",
        mcv="112 fL",
        age=61,
        sex="male",
    )
    rows = [row for row in rows_of(result, "Decided by") if re.match(r"  (MMA|MCV|Hemoglobin) ", row)]
    assert len({re.search(r"(below|above)", row).start() for row in rows}) == 1


def test_each_question_is_asked_once_with_its_tests_behind_it():
    result = interpret(b12="250 pg/mL", age=50, sex="male", hemoglobin="8.0 g/dL", platelets="60 10*9/L")
    asked = [question for each in asked_tests(result) for question in each.questions]
    assert len(asked) == len(set(asked))
    assert {
        (test.analyte, question) for each in asked_tests(result) for test in each.tests for question in each.questions
    } == {(test.analyte, question) for test in result.next_tests for question in test.questions}
    text = " ".join(result.to_text().split())
    for each in asked_tests(result):
        assert text.count(each.labels) >= 1
        for question in each.questions:
            assert text.count(question) == 1


def test_a_reason_without_a_source_has_no_empty_brackets():
    result = interpret(b12="600 pg/mL", hemoglobin="90 g/L", neutrophils="1.1 10*9/L", platelets="75 10*9/L", age=78)
    assert "[]" not in result.to_text()


def test_the_evidence_of_a_symptom_or_medicine_reads_as_words():
    result = interpret(b12="145 pg/mL", age=67, sex="female", symptoms=["ataxia"], medicines=["metformin"])
    said = [str(entry) for finding in result.holding() for entry in finding.evidence]
    assert "metformin (reported)" in said
    assert "unsteady gait (ataxia) (reported)" in said
    assert not [words for words in said if words.endswith("[]")]


@pytest.mark.parametrize("given", ["145", "0.3 pg/mL", "145 furlong", "1e999 pg/mL"])
def test_a_value_that_was_set_aside_is_never_called_not_measured(given):
    result = interpret(b12=given, age=40, sex="female", errors="report")
    for text in (result.to_text(), result.to_text("note"), result._repr_html_()):
        assert "was measured" not in text
        assert "The B12 that was given could not be used." in text
    for audience in ("clinician", "patient", "note"):
        assert "not measured" not in result.to_text(audience)


def test_no_name_of_a_status_is_counted_as_something_else():
    lines = as_lines(Totals(rows=1, status={"functional_deficiency": 1}), "labs.csv", "nice-ng239", ())
    assert sum(line.strip().startswith("Functional deficiency") for line in lines) == 1
    assert {truth.summed for truth in COUNTED.values()}.isdisjoint(STATUS_LABELS.values())


@pytest.mark.parametrize(
    ("given_results", "shown"),
    [
        ({"hemoglobin": "10.2 g/dL"}, "10.2 g/dL (102 g/L)"),
        ({"folate": "2 ng/mL"}, "2 ng/mL (4.531 nmol/L)"),
        ({"mma": ">900 nmol/L"}, ">900 nmol/L (above 0.9 µmol/L)"),
        ({"b12": "90 pg/mL"}, "90 pg/mL  "),
    ],
)
def test_a_value_in_another_unit_than_its_limit_is_shown_in_both(given_results, shown):
    result = interpret(**given_results, age=60, sex="female")
    assert shown in result.to_text()
    assert shown.strip() in html.unescape(result.to_html())
    assert all(entry.value in given_results.values() for entry in result.evidence)


@pytest.mark.parametrize(
    ("given_results", "urgency", "words"),
    [
        ({"hemoglobin": "4.2 g/dL"}, "urgent", "contact your clinician today"),
        ({"b12": "90 pg/mL"}, "prompt", "in the coming days"),
    ],
)
def test_a_patient_is_told_to_hurry_as_the_clinician_is(given_results, urgency, words):
    result = interpret(**given_results, age=60, sex="female")
    assert result.urgency == urgency
    assert words in " ".join(result.to_text("patient").split())

"""The clinician's report: the answer first, why it is urgent, what to do, and when to review."""

import re

import pytest
from hypothesis import given

from b12labs import interpret
from b12labs.reference import sources
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

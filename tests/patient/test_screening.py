"""Whom to test: from symptoms and risk factors alone, before there is any result."""

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import B12LabsError, ColumnError, screen, screen_frame
from b12labs.inputs.panel import read_panel
from b12labs.limits.stratified import limits_of
from b12labs.logic.program import outcomes
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.screening import GUIDELINE, screening_program
from b12labs.reference import context
from b12labs.rules.screening import first_test, testing
from tests.strategies import patients

NUMB = {"age": 67, "symptoms": ["numbness"]}


@pytest.mark.parametrize(
    ("patient", "advice"),
    [
        ({**NUMB, "medicines": ["metformin"]}, "offer"),
        ({**NUMB, "risk_factors": ["vegan"]}, "offer"),
        (NUMB, "judgment"),
        ({"age": 67, "symptoms": ["leg weakness"], "medicines": ["metformin"]}, "judgment"),
        ({"age": 67, "medicines": ["metformin"]}, "not_advised"),
        ({"age": 67}, "not_advised"),
        ({**NUMB, "age": 15, "medicines": ["metformin"]}, "not_covered"),
        ({**NUMB, "age": 16, "medicines": ["metformin"]}, "offer"),
        ({"age": 40, "diagnoses": ["subacute combined degeneration"]}, "test_and_treat"),
        (
            {
                "age": 30,
                "sex": "female",
                "pregnant": "yes",
                "symptoms": ["breathlessness"],
                "medicines": ["iron", "omeprazole"],
            },
            "offer",
        ),
        (
            {"age": 30, "sex": "female", "symptoms": ["breathlessness"], "medicines": ["iron", "omeprazole"]},
            "not_advised",
        ),
    ],
)
def test_ng239_offers_a_test_for_a_common_symptom_with_a_common_risk_factor(patient, advice):
    assert screen(**patient).advice == advice


@pytest.mark.parametrize(
    ("patient", "tests"),
    [
        ({**NUMB, "medicines": ["metformin"]}, ("b12", "holotc")),
        ({**NUMB, "risk_factors": ["laughing gas"]}, ("homocysteine", "mma")),
        ({"age": 30, "pregnant": "yes", "symptoms": ["sore tongue"], "risk_factors": ["vegan"]}, ("holotc",)),
        ({"age": 67}, ()),
    ],
)
def test_the_first_test_is_the_one_that_tells_in_this_patient(patient, tests):
    assert screen(**patient).first_tests == tests


def test_it_says_what_counted_and_that_silence_is_no_all_clear():
    found = screen(**NUMB, medicines=["metformin"])
    assert (found.symptoms, found.risk_factors) == (("numbness",), ("metformin",))
    assert set(found.sources) == {"nice-ng239"}
    assert "does not say that B12 is sufficient" in str(screen(age=40))


def test_what_is_not_known_is_not_taken_as_absent_where_that_is_asked():
    found = screen(**NUMB, unreported_context="unknown")
    assert (found.advice, found.possible) == ("depends", ("test_and_treat", "offer", "judgment"))


def test_what_cannot_be_read_is_refused_or_reported():
    with pytest.raises(B12LabsError) as error:
        screen(symptoms=["numbnes"])
    assert error.value.field == "symptoms"
    assert [problem.field for problem in screen(symptoms=["numbnes"], errors="report").problems] == ["symptoms"]


@pytest.mark.parametrize("unread", [{"symptoms": "numbnes"}, {"medicines": "qwert"}, {"metformin": "perhaps"}])
def test_a_word_that_is_not_read_is_not_taken_as_nothing(unread):
    """It may be the symptom or the risk that the guideline asks for."""
    patient = {"age": 67, "medicines": "metformin", **unread}
    found = screen(**patient, errors="report")
    assert found.advice == "depends"
    assert found.problems[0].message in str(found)
    table = pd.DataFrame([patient, {**patient, **dict.fromkeys(unread)}])
    assert screen_frame(table)["testing"].tolist() == ["depends", "not_advised"]


def test_what_is_offered_stays_offered_beside_a_word_that_is_not_read():
    found = screen(**{**NUMB, "symptoms": ["numbness", "qwert"]}, medicines=["metformin"], errors="report")
    assert found.advice == "offer"
    assert screen(**{**NUMB, "symptoms": ["numbness", "qwert"]}, errors="report").possible == (
        "test_and_treat",
        "offer",
        "judgment",
    )
    table = pd.DataFrame({"age": 67, "symptoms": "numbness; qwert", "medicines": ["metformin", None]})
    assert screen_frame(table)["testing"].tolist() == ["offer", "depends"]


@given(patient=patients(), more=patients(), unknown=st.booleans())
def test_more_reported_never_lowers_the_advice(patient, more, unknown):
    terms = [*patient.get("diagnoses", []), *more.get("diagnoses", [])]
    values = [
        screening_program().run(
            PatientInputs(read_panel(each, report=True), limits_of(GUIDELINE), unreported_context=int(unknown))
        )
        for each in (patient, {**patient, "diagnoses": terms})
    ]
    order = ("test_and_treat", "offer", "judgment", "not_advised")
    best = [
        next(place for place, name in enumerate(("not_covered", *order)) if outcomes(testing, each) >> place & 1)
        for each in values
    ]
    assert best[1] <= best[0]
    for each in values:
        assert outcomes(first_test, each)


@given(rows=st.lists(patients(), min_size=1, max_size=6), unknown=st.booleans())
def test_a_table_is_screened_as_one_patient_is(rows, unknown):
    unreported = "unknown" if unknown else "absent"
    table = pd.DataFrame([{**row, "diagnoses": "; ".join(row.get("diagnoses", []))} for row in rows]).astype(object)
    found = screen_frame(table.where(table.notna(), None), unreported_context=unreported)
    for row, patient in enumerate(rows):
        one = screen(**patient, unreported_context=unreported, errors="report")
        assert found["testing"][row] == one.advice
        assert bool(found["problems"][row]) == bool(one.problems)


def test_the_same_kind_of_table_comes_out_and_results_are_passed_over():
    people = pl.DataFrame({"b12": ["145"], "metformin": ["yes"], "symptoms": ["falls"]})
    found = screen_frame(people)
    assert isinstance(found, pl.DataFrame)
    assert found.rows() == [("offer", "b12_or_holotc", "")]
    assert len(screen_frame(people.head(0))) == 0


def test_a_table_without_symptoms_or_risk_factors_is_refused():
    with pytest.raises(ColumnError, match="no column of symptoms or risk factors"):
        screen_frame(pd.DataFrame({"b12": ["145 pg/mL"], "age": [40]}))


def test_the_groups_of_the_rule_are_of_symptoms_and_of_risks():
    for key, term in context().terms.items():
        assert not {"test_symptom", "test_risk"} <= set(term.groups), key
        if "test_symptom" in term.groups:
            assert term.field == "symptoms", key


def test_the_findings_of_screening_hold_where_they_are_reported():
    values = screening_program().run(
        PatientInputs(read_panel({**NUMB, "medicines": ["metformin"]}), limits_of(GUIDELINE))
    )
    held = {rule.code: values.of(rule) == 2 for rule in screening_program().roots if hasattr(rule, "says")}
    assert held == {"common_symptom": True, "common_risk_factor": True}
    assert {"testing", "first_test"} <= {rule.code for rule in screening_program().roots}

"""A result that was set aside, or may be in another unit, never makes the answer calmer."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import interpret, interpret_frame, interpret_long
from b12labs.integrations.lab_results import LabResult, draws_of
from b12labs.reference import CONTEXT_FIELDS, analytes
from b12labs.reference.unit_labels import with_labels
from b12labs.rules.unverified import UNVERIFIED
from tests import strategies as some
from tests.strategies import GUIDELINES

URGENCIES = ["routine", "prompt", "urgent", "emergency"]


def said(**panel):
    result = interpret(**panel, errors="report")
    return result, " ".join(result.to_text().split())


def spoiled(key):
    """Return results of an analyte that are set aside: beyond its window, without a unit, unreadable, contradictory."""
    analyte = analytes()[key]
    return st.sampled_from(
        [
            f"{analyte.plausible.high * 2} {analyte.unit}",
            12.0,
            "7 parsecs",
            "1.2.3",
            f"-3 {analyte.unit}",
            {"value": f"7 {analyte.unit}", "unit": "parsecs"},
            {"value": "low", "flag": "high"},
        ]
    )


@pytest.mark.parametrize("key", UNVERIFIED)
@given(data=st.data(), results=some.results(), patient=some.patients(), guideline=st.sampled_from(GUIDELINES))
def test_a_result_set_aside_never_makes_the_answer_calmer(key, data, results, patient, guideline):
    others = {name: value for name, value in results.items() if name != key} | patient
    given_value = data.draw(spoiled(key))
    with_it = interpret(**others, **{key: given_value}, guideline=guideline, errors="report")
    without = interpret(**others, guideline=guideline, errors="report")
    assert with_it.status == without.status
    assert URGENCIES.index(with_it.urgency) >= max(1, URGENCIES.index(without.urgency))
    assert key in [each.analyte for each in with_it.unverified]
    assert with_it.next_tests[0].analyte in [each.analyte for each in with_it.unverified]
    text = " ".join(with_it.to_text().split())
    assert f"{analytes()[key].label} " in text
    assert "with the laboratory first" in text


@given(data=st.data(), results=some.results(), patient=some.patients())
def test_a_column_holds_what_one_patient_is_told(data, results, patient):
    """A row for every analyte, each with that analyte spoiled, among the others' rows."""
    panels = []
    for key in UNVERIFIED:
        spoiled_value = data.draw(spoiled(key).filter(lambda value: not isinstance(value, dict)))
        panels.append({name: value for name, value in results.items() if name != key} | patient | {key: spoiled_value})
    rows = [
        {name: "; ".join(value) if name in CONTEXT_FIELDS else str(value) for name, value in panel.items()}
        for panel in panels
    ]
    out = interpret_frame(pd.DataFrame(rows, dtype=object))
    for place, panel in enumerate(panels):
        result = interpret(**panel, errors="report")
        assert out["urgency"][place] == result.urgency
        assert out["next_tests"][place] == "; ".join(test.analyte for test in result.next_tests)
        assert out["status"][place] == result.status


@pytest.mark.parametrize(
    ("key", "value", "at_worst"),
    [
        ("hemoglobin", "4000 g/L", "urgent"),
        ("hemoglobin", 7.2, "urgent"),
        ("platelets", "60", "urgent"),
        ("neutrophils", "900 10*9/L", "urgent"),
        ("mma", 640, "prompt"),
        ("b12", "2 pg/mL", "prompt"),
    ],
)
def test_the_report_says_how_urgent_it_is_if_the_value_is_real(key, value, at_worst):
    result, text = said(**{"b12": "500 pg/mL", key: value, "age": 50, "sex": "female"})
    assert result.urgency == "prompt"
    assert f"If it is real, the urgency is at most {at_worst}." in text
    given = f"{analytes()[key].label} {with_labels(str(value))}"
    assert f"{given} was set aside and could not be used. Verify it" in text


@pytest.mark.parametrize("words", ["not done", "pending", "Insufficient sample", "QNS", "cancelled"])
def test_a_result_that_was_not_measured_is_missing_and_not_set_aside(words):
    result, text = said(b12="500 pg/mL", mma=words, age=50, sex="female")
    assert result.urgency == "routine"
    assert not result.unverified
    assert "Verify" not in text


def test_a_result_that_takes_no_part_in_the_urgency_is_only_said():
    result, text = said(b12="500 pg/mL", gastrin="5 parsecs", age=50, sex="female")
    assert result.urgency == "routine"
    assert "gastrin" in text


DOUBTFUL = [
    ("hemoglobin", "13.2 g/L", "13.2 g/dL", "Urgent if it is 13.2 g/L, routine if it is 13.2 g/dL."),
    ("platelets", "250 /uL", "250 10*9/L", "Urgent if it is 250 /uL, routine if it is 250 10*9/L."),
    ("neutrophils", "2.5 /uL", "2.5 10*9/L", "Urgent if it is 2.5 /uL, routine if it is 2.5 10*9/L."),
    ("wbc", "6.5 /uL", "6.5 10*9/L", "Routine in either unit."),
    ("mma", "640 umol/L", "640 nmol/L", "Prompt in either unit."),
    ("b12", "145,000 pg/mL", "145 pg/mL", "Prompt if it is 145 pg/mL, routine if it is 145,000 pg/mL."),
]


@pytest.mark.parametrize(("key", "value", "other", "if_real"), DOUBTFUL)
def test_a_number_that_may_be_in_another_unit_is_verified_first_and_its_worse_reading_is_named(
    key, value, other, if_real
):
    result, text = said(**{"b12": "500 pg/mL", key: value, "age": 50, "sex": "female"})
    assert result.urgency == "prompt"
    assert result.next_tests[0].analyte == key
    assert with_labels(f"{value} may be {other}. Verify its unit with the laboratory first. {if_real}") in text


@pytest.mark.parametrize(("key", "value", "other", "_"), DOUBTFUL)
def test_what_both_readings_share_is_decided_and_the_rest_is_open(key, value, other, _):
    others = {"age": 50, "sex": "female", **({} if key == "b12" else {"b12": "500 pg/mL"})}
    both, stated, slipped = (
        interpret(**{key: given_value}, **others, errors="report").findings
        for given_value in (value, {"value": plain(key, value)}, other)
    )
    for code, finding in both.items():
        if code not in ("unverified_result", "isolated_thrombocytopenia") and stated[code].state == slipped[code].state:
            assert finding.state in (stated[code].state, None), code


def plain(key, value):
    """Return a number in a unit that leaves no doubt."""
    number = float(value.split()[0].replace(",", ""))
    return {
        "hemoglobin": f"{number / 10} g/dL",
        "mma": f"{number * 1000} nmol/L",
        "b12": "45,000 pg/mL",
    }.get(key, f"{number / 1000} 10*9/L")


@pytest.mark.parametrize("key", ["hemoglobin", "platelets", "neutrophils", "wbc", "mma", "b12"])
@given(data=st.data(), results=some.results(), patient=some.patients(), guideline=st.sampled_from(GUIDELINES))
def test_a_number_that_may_be_in_another_unit_makes_the_answer_no_calmer_than_either_reading(
    key, data, results, patient, guideline
):
    skipped = {key, "hematocrit", "wbc"}
    others = {name: value for name, value in results.items() if name not in skipped} | patient
    value, other = data.draw(st.sampled_from([row[1:3] for row in DOUBTFUL if row[0] == key]))
    with_it, without, *readings = (
        interpret(**others, **given_value, guideline=guideline, errors="report")
        for given_value in ({key: value}, {}, {key: {"value": plain(key, value)}}, {key: other})
    )
    calmest = min(URGENCIES.index(answer.urgency) for answer in (without, *readings))
    assert URGENCIES.index(with_it.urgency) >= max(1, calmest)


@pytest.mark.parametrize(
    "panel",
    [
        {"hemoglobin": "1.2 g/dL"},
        {"mma": "88,000 nmol/L"},
        {"wbc": "0.01 10*9/L"},
        {"hemoglobin": "15 g/L", "hematocrit": "4.5 %"},
        {"neutrophils": "10 /uL", "wbc": "400 /uL"},
        {"neutrophils": "0 /uL"},
    ],
)
def test_a_number_whose_unit_leaves_no_doubt_is_read_as_it_stands(panel):
    result, text = said(b12="60 pg/mL", age=50, sex="male", **panel)
    assert not result.unverified
    assert "Verify" not in text


def test_a_hematocrit_that_fits_the_other_unit_does_not_settle_the_doubt():
    result, _ = said(hemoglobin="13.2 g/L", hematocrit="40 %", age=50, sex="male")
    assert [each.analyte for each in result.unverified] == ["hemoglobin"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("mma", "1000 umol/L"),
        ("mma", "200,000 nmol/L"),
        ("homocysteine", "1000 umol/L"),
        ("hemoglobin", "0.5 g/dL"),
        ("mcv", "45 fL"),
        ("mcv", "200 fL"),
    ],
)
def test_the_window_is_as_wide_as_disease(key, value):
    result, text = said(**{key: value, "age": 50, "sex": "male"})
    assert "set aside" not in text
    assert result.results


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ([("B12", "600", "pg/mL"), ("Hb", "4.5", "g/dL"), ("Hb", "13", "g/dL")], "deficiency_unlikely"),
        ([("B12", "120", "pg/mL"), ("B12", "600", "pg/mL")], "not_assessed"),
        ([("B12", "600", "pg/mL"), ("MMA", "640", "")], "deficiency_unlikely"),
        ([("B12", "600", "pg/mL"), ("Platelets", "250", "/uL")], "deficiency_unlikely"),
    ],
)
def test_results_of_a_long_table_that_cannot_be_used_never_calm_it(results, status):
    rows = [("A", "2024-03-01", *result) for result in results]
    out = interpret_long(pd.DataFrame(rows, columns=["patient", "date", "test", "value", "unit"]))
    keys = {"Hb": "hemoglobin", "MMA": "mma", "Platelets": "platelets", "B12": "b12"}
    assert out["urgency"][0] == "prompt"
    assert out["next_tests"][0].split("; ")[0] == keys[results[-1][0]]
    assert out["status"][0] == status


def test_results_of_a_message_that_contradict_each_other_are_named_and_verified_first():
    results = [
        LabResult("A", "2024-03-01", ("Hb",), "4.5", "g/dL"),
        LabResult("A", "2024-03-01", ("Hb",), "13", "g/dL"),
    ]
    (draw,) = draws_of(results).draws
    result = interpret(draw.panel)
    assert [each.given for each in result.unverified] == ["13 g/dL or 4.5 g/dL"]
    assert [problem.code for problem in draw.problems] == ["results_in_conflict"]


def test_a_marker_that_was_set_aside_is_not_said_to_be_missing():
    result, text = said(b12="2 pg/mL", age=50, sex="female")
    assert result.status == "not_assessed"
    assert "The B12 that was given could not be used." in text
    assert "No marker of B12 status was measured" not in text

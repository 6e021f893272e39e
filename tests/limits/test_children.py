"""Under a guideline's age a centile stands beside the adults' decision limit, and decides nothing alone."""

import pandas as pd
import pytest

from b12labs import interpret, interpret_frame
from b12labs.reference import analytes, guideline, guideline_keys, limit_names

MMA_NORMAL, MMA_RAISED = "0.15 umol/L", "0.9 umol/L"


@pytest.mark.parametrize(
    ("b12", "mma", "age", "status"),
    [
        ("90 pmol/L", None, 7, "deficient"),
        ("240 pmol/L", None, 7, "indeterminate"),
        ("190 pmol/L", None, 7, "indeterminate"),
        ("250 pmol/L", None, 2, "indeterminate"),
        ("190 pmol/L", None, 15, "indeterminate"),
        ("190 pmol/L", None, 16, "indeterminate"),
        ("255 pmol/L", MMA_NORMAL, 5, "deficiency_unlikely"),
        ("240 pmol/L", MMA_RAISED, 7, "functional_deficiency"),
        ("560 pmol/L", None, 8, "deficiency_unlikely"),
        ("560 pmol/L", None, 1, "deficiency_unlikely"),
        ("560 pmol/L", MMA_RAISED, 8, "functional_deficiency"),
        ("259 pmol/L", None, 8, "indeterminate"),
        ("128 pmol/L", None, 0.5, "indeterminate"),
        ("120 pmol/L", None, 0.5, "deficient"),
    ],
)
def test_a_child_is_deficient_below_both_limits_and_deficiency_is_unlikely_above_both(b12, mma, age, status):
    given = {"b12": b12, "age": age, "sex": "male"} | ({"mma": mma} if mma else {})
    assert interpret(**given).status == status
    row = {name: [str(value)] for name, value in given.items()}
    assert interpret_frame(pd.DataFrame(row))["status"][0] == status


def test_below_the_centile_alone_mma_is_asked_for():
    result = interpret(b12="220 pmol/L", age=9, sex="female")
    assert result.status == "indeterminate"
    assert result.next_tests[0].analyte == "mma"
    assert "not a decision limit" in result.findings["below_centile"].statement


def test_both_limits_of_a_child_are_printed_with_their_sources():
    entry = next(each for each in interpret(b12="90 pmol/L", age=7).evidence if each.analyte == "b12")
    assert entry.limit == "the lower of 133 pmol/L and 230 to 260 pmol/L"
    assert entry.source_name == "NG239 and Norwegian handbook"


def test_from_the_guideline_s_age_on_the_adults_limit_stands_alone():
    entry = next(each for each in interpret(b12="90 pmol/L", age=16).evidence if each.analyte == "b12")
    assert entry.limit == "133 pmol/L"


@pytest.mark.parametrize("symptom", ["hypotonia", "irritability", "failure to thrive"])
def test_under_one_year_no_level_excludes_deficiency_where_there_is_a_symptom(symptom):
    infant = {"b12": "700 pmol/L", "age": 0.6, "sex": "female"}
    assert interpret(**infant).status == "deficiency_unlikely"
    with_symptom = interpret(**infant, symptoms=[symptom])
    assert with_symptom.status == "indeterminate"
    assert with_symptom.next_tests[0].analyte == "mma"
    older = interpret(b12="700 pmol/L", age=3, sex="female", symptoms=[symptom])
    assert older.status == "deficiency_unlikely"


@pytest.mark.parametrize("key", guideline_keys())
def test_no_guideline_calls_a_child_deficient_by_a_centile_alone(key):
    if guideline(key).population.min_age > 7:
        assert interpret(b12="225 pmol/L", age=7, guideline=key).status != "deficient"


def test_what_stands_beside_a_limit_in_children_is_a_limit():
    both = [each.in_children for analyte in analytes().values() for each in analyte.limits.values() if each.in_children]
    assert len(both) == 2
    assert {each.beside for each in both} <= set(limit_names())

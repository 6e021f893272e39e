"""What several columns say of one result: they agree, or none is used."""

import pytest

from b12labs.errors import MeasurementError
from b12labs.inputs.several import read_result


def test_of_several_the_first_with_a_number_counts():
    assert read_result("b12", ["low", "145 pg/mL", "145.0 pg/mL"]).given == "145 pg/mL"
    assert read_result("b12", ["low", None]).given == "low"
    assert read_result("b12", [None, ""]) is None


def test_results_in_two_units_agree_within_their_rounding():
    assert read_result("b12", ["145 pg/mL", "107 pmol/L"]).given == "145 pg/mL"


@pytest.mark.parametrize(
    "said", [["145 pg/mL", "146 pg/mL"], ["145 pg/mL", "145 pg/mL", "<145 pg/mL"], ["low", "high"]]
)
def test_results_that_differ_are_not_used(said):
    with pytest.raises(MeasurementError) as raised:
        read_result("b12", said)
    assert raised.value.code == "results_in_conflict"
    assert raised.value.kept is None


@pytest.mark.parametrize(("pmol", "agree"), [("106", True), ("108", True), ("105", False), ("109", False)])
def test_results_in_two_units_may_differ_by_one_percent(pmol, agree):
    """145 pg/mL is 106.98 pmol/L."""
    if agree:
        assert read_result("b12", [f"{pmol} pmol/L", "145 pg/mL"]).given == f"{pmol} pmol/L"
    else:
        with pytest.raises(MeasurementError, match="differ"):
            read_result("b12", [f"{pmol} pmol/L", "145 pg/mL"])


def test_in_one_unit_no_difference_is_rounding():
    assert read_result("b12", ["145 pg/mL", "145 ng/L"]).given == "145 pg/mL"
    with pytest.raises(MeasurementError, match="differ"):
        read_result("b12", ["145 pg/mL", "145.00001 ng/L"])


def test_of_two_that_cannot_be_read_the_first_names_the_fault_and_both_are_told():
    with pytest.raises(MeasurementError) as raised:
        read_result("b12", ["many pg/mL", "145 furlongs"])
    assert raised.value.code == "unreadable_value"
    assert "many" in raised.value.message
    assert "furlongs" in raised.value.message


def test_a_result_beside_one_that_cannot_be_read_is_kept():
    with pytest.raises(MeasurementError) as raised:
        read_result("b12", ["many pg/mL", "145 pg/mL"])
    assert raised.value.kept.given == "145 pg/mL"

"""What a coded element says stands in any of its places: two codes, their words, and the text as it was written."""

import pytest

from b12labs.integrations.hl7v2.coded import coded
from tests.integrations.hl7v2.test_hl7v2 import codes, obx, only, read

ANTIBODY = "IFAB^Intrinsic factor antibody^L"


def test_every_place_of_a_coded_element_is_named():
    sent = coded(["code", "words", "system", "other-code", "other-words", "other-system", "1", "2", "written", "more"])
    assert sent.codes == [("code", "system"), ("other-code", "other-system")]
    assert sent.texts == ["words", "other-words", "written"]
    assert sent.sent == ["code", "words", "other-code", "other-words", "written"]
    assert coded(["code"]) == ("code", "", "", "", "", "", "")


@pytest.mark.parametrize(
    "test",
    [
        "2132-9^^LN",
        "X7^^L^2132-9^^LN",
        "^Vitamin B12",
        "X7^^L^^Vitamin B12",
        "X7^^L^^^^^^Vitamin B12",
    ],
)
def test_a_test_is_known_by_either_code_or_any_of_its_names(test):
    assert only(read(obx(test=test))).low == 145


@pytest.mark.parametrize(
    "specimen",
    [
        "UR^^HL70487",
        "X7^^L^UR^^HL70487",
        "^^^UR^^HL70487",
        "X7^Urine^L",
        "X7^^L^^Urine",
        "X7^^L^^^^^^Urine",
    ],
)
def test_a_specimen_is_known_by_either_code_or_any_of_its_words(specimen):
    assert codes(read(f"SPM|1|||{specimen}", obx()).problems) == [("OBX 1", "other_specimen")]


@pytest.mark.parametrize(
    "value",
    ["POS^^HL70078", "POS^Positive^L", "^Positive", "^^^POS", "^^^^Positive", "^^^^^^^^Positive"],
)
def test_a_coded_result_is_read_by_either_code_or_any_of_its_words(value):
    found = read(obx(value, "CWE", test=ANTIBODY, unit=""))
    assert only(found, "intrinsic_factor_antibody").flag == "high"


@pytest.mark.parametrize("value", ["POS^Negative", "POS^^^NEG", "^Positive^^^Negative", "^Positive^^^^^^^Negative"])
def test_a_coded_result_that_says_two_things_is_not_read(value):
    found = read(obx(value, "CWE", test=ANTIBODY, unit=""))
    assert not any(draw.panel.results for draw in found.draws)
    assert len(found.problems) == 1


@pytest.mark.parametrize("unit", ["10^9/L", "x10^9/L", "X7^10*9/L^L", "^10*9/L", "10*9/L^^UCUM"])
def test_a_caret_in_a_unit_that_was_not_escaped_is_no_delimiter(unit):
    found = read(obx("210", test="777-3^Platelets^LN", unit=unit))
    assert only(found, "platelets").low == 210

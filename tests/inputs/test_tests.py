"""A hint leads to a misspelled name, and never from one real test to another."""

import pytest

from b12labs.inputs.statuses import near_status
from b12labs.inputs.tests import RecognizedTest, near_test, recognize_test


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Ferritn", "ferritin"),
        ("Vitamn B12", "b12"),
        ("Vitamin B21", "b12"),
        ("B12 mystery assay", "b12"),
        ("Hb (g/dL)", "hemoglobin"),
        ("Platelets [10*9/L]", "platelets"),
    ],
)
def test_a_misspelled_name_is_told_from_another_test(name, meant):
    assert near_test(name) == meant


@pytest.mark.parametrize(
    "name",
    [
        "Creatine", "Methemoglobin", "HIV Antibody", "Histiocytes", "Urine creatinine", "Folinic acid", "NRBC", "Bile",
        "Hemoglobin F", "WBC differential", "Vitamin B6", "Vitamin B1 (2)", "Vitamin B1.2", "Hemoglobin A",
    ],
)  # fmt: skip
def test_another_test_is_no_misspelling(name):
    assert near_test(name) is None


@pytest.mark.parametrize(("code", "meant"), [("NPU27125", "b12"), ("NPU19662", "holotc"), ("LOINC:3030-4", "holotc")])
def test_a_code_that_nobody_confirmed_is_spoken_of_and_never_read(code, meant):
    assert recognize_test(code) == RecognizedTest()
    assert near_test(code) == meant


def test_a_status_that_denies_one_is_no_misspelling_of_it():
    assert near_status("finl") == "final"
    assert [near_status(text) for text in ("not verified", "un-cancelled", "not final")] == [None] * 3

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
        ("Hb (fL)", "hemoglobin"),
        ("Platelets [pg/mL]", "platelets"),
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


@pytest.mark.parametrize(
    ("name", "meant", "unit"),
    [
        ("Hb (g/dL)", "hemoglobin", "g/dL"),
        ("Serum vitamin B12 [pmol/L]", "b12", "pmol/L"),
        ("Gastrin (pmol/L)", "gastrin_amount", "pmol/L"),
        ("2132-9 (pg/mL)", "b12", "pg/mL"),
    ],
)
def test_a_name_may_say_its_unit(name, meant, unit):
    assert (recognize_test(name).analyte, recognize_test(name).unit) == (meant, unit)


@pytest.mark.parametrize(
    "name", ["RBC (fL)", "Folate (RBC)", "Neutrophils (%)", "B12 (L)", "尿WBC (/uL)", "Hb (g/dL) ?"]
)
def test_a_unit_makes_no_analyte_of_another_test(name):
    assert recognize_test(name).analyte is None or recognize_test(name).unit == ""
    assert recognize_test(name).analyte in (None, "rbc_folate")


def test_a_code_of_a_system_that_is_not_known_is_spoken_of_and_not_read():
    assert recognize_test("99LAB:2132-9") == RecognizedTest()
    assert near_test("99LAB:2132-9") == "b12"
    assert near_test("99LAB:2951-2") is None


def test_a_status_that_denies_one_is_no_misspelling_of_it():
    assert near_status("finl") == "final"
    assert [near_status(text) for text in ("not verified", "un-cancelled", "not final")] == [None] * 3

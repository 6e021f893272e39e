"""A hint leads to a misspelled name, and never from one real test to another."""

import pytest

from b12labs.inputs.statuses import near_status
from b12labs.inputs.tests import near_test


@pytest.mark.parametrize(
    ("name", "meant"),
    [("Ferritn", "ferritin"), ("Vitamn B12", "b12"), ("Vitamin B21", "b12"), ("B12 mystery assay", "b12")],
)
def test_a_misspelled_name_is_told_from_another_test(name, meant):
    assert near_test(name) == meant


@pytest.mark.parametrize(
    "name",
    [
        "Creatine", "Methemoglobin", "HIV Antibody", "Histiocytes", "Urine creatinine", "Folinic acid", "NRBC", "Bile",
        "Hemoglobin F", "WBC differential", "Vitamin B6", "Vitamin B1 (2)", "Vitamin B1.2",
    ],
)  # fmt: skip
def test_another_test_is_no_misspelling(name):
    assert near_test(name) is None


def test_a_status_that_denies_one_is_no_misspelling_of_it():
    assert near_status("finl") == "final"
    assert [near_status(text) for text in ("not verified", "un-cancelled", "not final")] == [None] * 3

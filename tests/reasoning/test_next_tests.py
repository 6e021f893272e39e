"""Which test answers an open comparison."""

import pytest

from b12labs.logic.language import limit, measured
from b12labs.reasoning import next_tests
from b12labs.reasoning.next_tests import measured_in
from b12labs.rules.quantities import adjusted_hemoglobin, egfr, hemoglobin, mcv, reticulocytes


@pytest.mark.parametrize(
    ("quantity", "tests"),
    [
        (measured.b12, ("b12",)),
        (measured.b12 / measured.holotc, ("b12", "holotc")),
        (measured.b12 - measured.b12 * measured.holotc, ("b12", "holotc")),
        (hemoglobin, ("hemoglobin", "hematocrit")),
        (adjusted_hemoglobin, ("hemoglobin", "hematocrit")),
        (mcv, ("mcv", "hematocrit", "rbc")),
        (reticulocytes, ("reticulocytes", "reticulocyte_percent", "rbc", "hematocrit", "hemoglobin", "mcv")),
        (egfr, ("egfr", "creatinine")),
        (measured.age, ()),
        (limit.b12_deficient, ()),
    ],
)
def test_the_test_itself_is_named_first_and_then_those_that_bound_it(quantity, tests):
    assert measured_in(quantity) == tests


@pytest.mark.parametrize(
    ("quantity", "test"),
    [
        (measured.mma, "mma"),
        (measured.holotc / measured.b12, "holotc"),
        (adjusted_hemoglobin, "hemoglobin"),
        (egfr, "creatinine"),
        (measured.age, None),
    ],
)
def test_one_test_is_asked_for(quantity, test):
    assert next_tests.test_to_ask(quantity < limit.mma_raised) == test

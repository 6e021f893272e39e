"""Which test answers an open comparison."""

import pytest

from b12labs import interpret
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


@pytest.mark.parametrize(("mma", "asked"), [("0.30 umol/L", False), ("<0.40 umol/L", True)])
def test_a_result_that_is_there_is_not_asked_for_where_only_its_limit_is_open(mma, asked):
    """In Norway the limit of MMA depends on the age, which is not given."""
    found = interpret(mma=mma, b12="300 ng/L", guideline="norway")
    assert found.findings["raised_mma"].state is None
    assert ("mma" in [test.analyte for test in found.next_tests]) == asked

"""The numbers of the blood count, as a laboratory's results are read by them."""

import pytest

from b12labs import interpret
from b12labs.inputs.panel import read_panel
from b12labs.limits.stratified import limits_of
from b12labs.logic.language import limit, measured
from b12labs.logic.program import Program
from b12labs.patient.inputs import PatientInputs

RAISED_LDH = measured.ldh > limit.ldh_raised
LOW_HAPTOGLOBIN = measured.haptoglobin < limit.haptoglobin_low
LOW_WHITE_CELLS = measured.wbc < limit.wbc_low
MMA_BEYOND_AGE = measured.mma > limit.mma_at_age


def holds(rule, **given):
    panel = read_panel(given)
    return {2: True, 1: None, 0: False}[Program([rule]).run(PatientInputs(panel, limits_of("nice-ng239"))).of(rule)]


@pytest.mark.parametrize(
    ("ldh", "age", "raised"),
    [
        ("281 U/L", 40, True),
        ("1300 U/L", 40, True),
        ("240 U/L", 40, None),
        ("199 U/L", 40, False),
        ("300 U/L", 5, True),
        ("260 U/L", 5, False),
        ("300 U/L", 0.5, False),
        ("900 U/L", 0.02, None),
        ("250 U/L", 14, None),
        ({"value": 240, "unit": "U/L", "reference_high": 220}, 40, True),
        ({"value": 290, "unit": "U/L", "reference_high": 300}, 40, False),
    ],
)
def test_ldh_is_raised_above_what_every_laboratory_calls_raised_or_above_the_laboratory_s_own_interval(
    ldh, age, raised
):
    assert holds(RAISED_LDH, ldh=ldh, age=age) is raised


@pytest.mark.parametrize(("haptoglobin", "low"), [("29 mg/dL", True), ("40 mg/dL", None), ("0.5 g/L", False)])
def test_haptoglobin_is_low_below_what_every_laboratory_calls_low(haptoglobin, low):
    assert holds(LOW_HAPTOGLOBIN, haptoglobin=haptoglobin, age=40) is low


def test_reticulocytes_above_100_are_raised():
    assert interpret(reticulocytes="101 10*9/L", age=40).findings["raised_reticulocytes"].state is True
    assert interpret(reticulocytes="100 10*9/L", age=40).findings["raised_reticulocytes"].state is False


@pytest.mark.parametrize(
    ("wbc", "age", "low"),
    [("3.9", 40, True), ("4.0", 40, False), ("3.5", 6, None), ("2.9", 6, True)],
)
def test_white_cells_below_4_are_low_in_adults_and_in_children_when_clearly_fewer(wbc, age, low):
    assert holds(LOW_WHITE_CELLS, wbc=f"{wbc} 10*9/L", age=age) is low


@pytest.mark.parametrize(("mma", "age", "beyond"), [("0.37", 55, True), ("0.45", 70, False), ("0.9", 40, None)])
def test_mma_of_older_people_has_an_upper_limit_of_its_own(mma, age, beyond):
    assert holds(MMA_BEYOND_AGE, mma=f"{mma} umol/L", age=age) is beyond

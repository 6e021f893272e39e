"""Numbers that would be ordinary in the neighboring unit: where the doubt begins and ends, and what settles it."""

import math

import pytest

from b12labs.inputs.doubts import in_doubt, is_confirmed, other_reading
from b12labs.inputs.units import find_unit
from b12labs.reference import analytes

PLATELETS = analytes()["platelets"]


@pytest.mark.parametrize(
    ("key", "unit", "value", "doubtful"),
    [
        ("hemoglobin", "g/L", 20, True),
        ("hemoglobin", "g/L", 20.1, False),
        ("hemoglobin", "g/dL", 13, False),
        ("mma", "umol/L", 59.9, False),
        ("mma", "umol/L", 60, True),
        ("mma", "nmol/L", 60, False),
        ("b12", "pg/mL", 50_000, False),
        ("b12", "pg/mL", 50_001, True),
        ("platelets", "/uL", 0, False),
        ("platelets", "/uL", 0.999, True),
        ("platelets", "/uL", 1, False),
        ("platelets", "10*9/L", 0.5, False),
        ("folate", "nmol/L", 5, False),
    ],
)
def test_a_number_is_in_doubt_where_it_would_be_ordinary_in_the_neighboring_unit(key, unit, value, doubtful):
    analyte = analytes()[key]
    assert bool(in_doubt(analyte, find_unit(analyte, unit), value)) is doubtful


@pytest.mark.parametrize(
    ("end", "values"),
    [("above", (0.01, 0.011)), ("at_least", (0.0099, 0.01)), ("below", (0.01, 0.0099)), ("at_most", (0.0101, 0.01))],
)
def test_the_ends_of_the_doubt_are_in_the_first_of_its_units(end, values):
    """Ten platelets per microliter are 0.01 x 10^9/L."""
    wide = {"above": -1, "at_least": 0, "below": 1000, "at_most": 1000}
    doubt = PLATELETS.doubt.model_copy(update={**wide, end: 10})
    analyte = PLATELETS.model_copy(update={"doubt": doubt})
    assert [bool(in_doubt(analyte, find_unit(analyte, "/uL"), value)) for value in values] == [False, True]


@pytest.mark.parametrize(
    ("key", "unit", "number", "other"),
    [
        ("hemoglobin", "g/L", 13.2, "13.2 g/dL"),
        ("mma", "umol/L", 640, "640 nmol/L"),
        ("b12", "pg/mL", 60_000, "60 pg/mL"),
        ("platelets", "/uL", 210, "210 10*9/L"),
    ],
)
def test_the_other_reading_is_said_in_its_unit(key, unit, number, other):
    analyte = analytes()[key]
    assert other_reading(analyte, find_unit(analyte, unit), number) == other


HEMOGLOBIN = analytes()["hemoglobin"]


@pytest.mark.parametrize(
    ("hematocrit", "confirmed"),
    [(4, True), (3.2, True), (3.1, False), (5.1, True), (5.2, False), (40, False), (45, False)],
)
def test_a_hemoglobin_stands_where_the_hematocrit_leaves_no_other_reading(hematocrit, confirmed):
    """13.2 g/L, or 13.2 g/dL: hemoglobin is 2.55 to 4.255 times the hematocrit in percent."""
    stated, other = (13.2, 13.2), (132.0, 132.0)
    assert bool(is_confirmed(HEMOGLOBIN, stated, other, (hematocrit, hematocrit))) is confirmed


def test_a_bound_confirms_only_what_all_of_it_leaves():
    stated, other = (13.2, 13.2), (132.0, 132.0)
    assert is_confirmed(HEMOGLOBIN, stated, other, (3.5, 4.5))
    assert not is_confirmed(HEMOGLOBIN, stated, other, (3.5, 40))
    assert not is_confirmed(HEMOGLOBIN, stated, other, (0, float("inf")))


@pytest.mark.parametrize(("key", "unit"), [("holotc", "pmol/L"), ("wbc", "/uL"), ("wbc", "10*9/L")])
def test_a_missing_result_is_in_no_doubt(key, unit):
    analyte = analytes()[key]
    assert not in_doubt(analyte, find_unit(analyte, unit), math.nan)

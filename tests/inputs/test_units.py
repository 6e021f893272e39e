"""Units by their spelling: which are known, which are refused, and what a hint may lead to."""

import pytest

from b12labs.errors import MeasurementError
from b12labs.inputs.measurement import measure
from b12labs.inputs.units import coefficient_or_factor, factor, is_unit, near_unit
from b12labs.reference import analytes, units


@pytest.mark.parametrize("spelling", ["pg/mL", "PG/ML", "nanograms per milliliter", "g/l", "t/L", "10*9/L", "%"])
def test_a_unit_of_any_analyte_is_one_also_if_it_is_refused(spelling):
    assert is_unit(spelling)


@pytest.mark.parametrize("spelling", ["", " ", "serum", "mg", "B12"])
def test_what_is_a_unit_of_no_analyte_is_none(spelling):
    assert not is_unit(spelling)


def test_every_refused_spelling_is_refused_with_its_reason():
    for refused in units().refused:
        for analyte in analytes().values():
            if set(refused.kinds) & set(analyte.kinds):
                with pytest.raises(MeasurementError) as caught:
                    measure(analyte.key, f"7 {refused.spelling}")
                assert caught.value.code == "look_alike_unit"


@pytest.mark.parametrize(
    ("key", "given", "meant"),
    [("hemoglobin", "g/dLL", "g/dL"), ("hemoglobin", "h/dL", None), ("ldh", "EU/L", None), ("b12", "pq/mL", None)],
)
def test_a_hint_has_the_first_letter_and_every_letter_that_tells_a_size(key, given, meant):
    assert near_unit(analytes()[key], given) == meant


def test_a_rule_s_factor_is_how_many_of_a_unit_one_canonical_unit_is():
    assert coefficient_or_factor("unit.b12.pmol/L") == pytest.approx(0.7378, abs=1e-4)
    assert coefficient_or_factor("unit.mma.nmol/L") == pytest.approx(1000)
    assert factor("b12", "pmol/L") == pytest.approx(1.35537, abs=1e-5)
    assert coefficient_or_factor("infant.age") == 1
    assert coefficient_or_factor("unit.egfr.mL/min/{1.73_m2}") == 1


@pytest.mark.parametrize("key", sorted(analytes()))
def test_a_value_is_plausible_up_to_both_ends_of_the_window(key):
    analyte = analytes()[key]
    window = analyte.plausible
    for value in (window.low, window.high):
        read = measure(key, value, unit=analyte.unit)
        assert read.readings or (read.low, read.high) == (pytest.approx(value), pytest.approx(value))
    for value in (window.low * 0.99, window.high * 1.01):
        if value not in (window.low, window.high):
            with pytest.raises(MeasurementError) as caught:
                measure(key, value, unit=analyte.unit)
            assert caught.value.code == "implausible_value"


@pytest.mark.parametrize(("analyte", "several"), [("homocysteine", True), ("b12", True), ("mcv", False)])
def test_a_number_alone_could_mean_several_units_where_two_are_usual(analyte, several):
    with pytest.raises(MeasurementError) as refused:
        measure(analyte, 112)
    assert ("could mean several" in refused.value.message) is several

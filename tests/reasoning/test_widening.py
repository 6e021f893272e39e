"""How far results are widened."""

import pytest

from b12labs import interpret
from b12labs.inputs.variation import variations
from b12labs.reasoning.widening import BOUNDLESS, widths, without_variation


def test_a_result_is_widened_to_where_19_of_20_repeats_would_lie():
    own = widths({"b12": 10.0, "mma": 0.0})
    assert own["b12"] == pytest.approx(1.2159, abs=1e-4)
    assert own["mma"] == 1.0
    assert set(widths()) == set(variations())


def test_a_marker_whose_variation_nobody_knows_may_be_anything_and_the_others_stay_as_they_are():
    factors = {"b12": 1.2, "mma": 1.3}
    assert without_variation(["b12", "mma", "hemoglobin"], factors) == {}
    assert without_variation(["b12", "holotc", "hemoglobin"], factors) == {**factors, "holotc": BOUNDLESS}


def test_what_was_not_measured_is_not_measured_again():
    assert interpret(b12="352 pg/mL", age=40, sex="male").certainty.repeat == ("b12",)
    both = interpret(b12="352 pg/mL", mma="0.27 umol/L", age=40, sex="male").certainty
    assert set(both.repeat) <= {"b12", "mma"}

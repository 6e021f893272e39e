"""How much a result varies in somebody in whom nothing changed: worked by hand from coefficients of variation."""

import math

import pytest

from b12labs import PanelError, Variation, reference_change
from b12labs.inputs.variation import probability_below, variations


def test_the_spread_joins_the_day_s_variation_and_the_laboratory_s():
    assert Variation(3.0, 4.0, ()).spread == pytest.approx(0.04997, abs=1e-5)
    assert Variation(50.0, 0.0, ()).spread == pytest.approx(math.sqrt(math.log(1.25)))


def test_of_two_results_a_rise_may_be_larger_than_a_fall_and_is_by_chance():
    fall, rise = reference_change(Variation(3.0, 4.0, ()))
    assert (fall, rise) == (pytest.approx(-0.1293, abs=1e-4), pytest.approx(0.1485, abs=1e-4))
    assert reference_change(Variation(3.0, 4.0, ()), symmetric=True) == (
        pytest.approx(-0.1386, abs=1e-4),
        pytest.approx(0.1386, abs=1e-4),
    )


def test_a_level_is_below_a_limit_as_likely_as_not_on_it_and_less_likely_above():
    assert probability_below(200, 200, 0.1) == 0.5
    assert probability_below(200, 200 * math.exp(0.1), 0.1) == pytest.approx(0.1587, abs=1e-4)
    assert probability_below(200, 200 * math.exp(-0.1), 0.1) == pytest.approx(0.8413, abs=1e-4)


@pytest.mark.parametrize(("value", "below"), [(199, 1.0), (200, 0.5), (201, 0.0)])
def test_a_result_that_does_not_vary_is_below_a_limit_or_is_not(value, below):
    assert probability_below(200, value, 0) == below


def test_nothing_is_below_a_limit_of_zero_and_zero_is_below_every_other():
    assert [probability_below(0, 1, 0.1), probability_below(0, 0, 0.1), probability_below(1, 0, 0.1)] == [0.0, 0.5, 1.0]


def test_a_cv_of_the_user_s_own_goes_before_the_published_one():
    own = variations({"b12": 12, "mma": (5, 20)})
    assert own["b12"] == Variation(0.0, 12.0, ("given",))
    assert own["mma"] == Variation(5.0, 20.0, ("given",))
    assert own["mcv"] == variations()["mcv"]
    assert variations()["b12"].sources == ("ozkanay-2023",)


@pytest.mark.parametrize("cv", [0, 200, (0, 200)])
def test_a_cv_is_from_0_to_200_percent(cv):
    assert variations({"b12": cv})["b12"].sources == ("given",)


@pytest.mark.parametrize("cv", [-0.1, 200.1, (1, 201), (1, 2, 3), "12", True, (5, True), None])
def test_what_is_no_cv_is_refused(cv):
    with pytest.raises(PanelError, match="CV in percent from 0 to 200"):
        variations({"b12": cv})


def test_a_cv_of_what_is_no_analyte_and_a_list_of_cvs_are_refused():
    with pytest.raises(PanelError, match="'b21' is not an analyte; did you mean 'b12'"):
        variations({"b21": 12})
    with pytest.raises(PanelError, match="expected CVs in percent by analyte"):
        variations([12])

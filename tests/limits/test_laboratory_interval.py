"""The laboratory's own interval decides where the chosen guideline has no limit, before any other profile is asked."""

import pytest

from b12labs import guidelines, interpret

#: Marker -> a result, an interval that makes it low or raised, the finding, and the guidelines with a limit of their
#: own, by which it is not.
CASES = {
    "b12": (
        (230, "pmol/L", 250, 900),
        "low_total_b12",
        {"aafp-2017", "aafp-2025", "bsh-2014", "denmark", "mayo-cascade", "nhg", "nice-ng239", "nih-ods", "norway",
         "obeid-traffic-light", "uptodate"},
    ),
    "holotc": ((40, "pmol/L", 50, 200), "low_holotc", {"herrmann-obeid", "nhg", "nice-ng239"}),
    "mma": (
        (0.25, "umol/L", 0.05, 0.22),
        "raised_mma",
        {"aafp-2017", "bsh-2014", "denmark", "herrmann-obeid", "mayo-cascade", "nih-ods", "norway", "stabler-2013"},
    ),
    "homocysteine": ((13, "umol/L", 4, 12), "raised_homocysteine", {"bsh-2014", "nih-ods", "stabler-2013"}),
}  # fmt: skip


@pytest.mark.parametrize("guideline", guidelines())
@pytest.mark.parametrize("marker", CASES)
def test_the_laboratory_decides_where_the_guideline_has_no_limit(marker, guideline):
    (value, unit, low, high), finding, with_a_limit = CASES[marker]
    result = {"value": value, "unit": unit, "reference_low": low, "reference_high": high}
    told = {"age": 40, "sex": "male", "guideline": guideline}
    assert interpret(**{marker: result}, **told).findings[finding].state is (guideline not in with_a_limit)
    without = {"value": value, "unit": unit}
    assert interpret(**{marker: without}, **told).findings[finding].state is False


@pytest.mark.parametrize("marker", ["b12", "holotc"])
@pytest.mark.parametrize("guideline", guidelines())
def test_the_upper_end_of_its_interval_never_makes_a_level_adequate(marker, guideline):
    result = {"value": 20, "unit": "pmol/L", "reference_low": 5, "reference_high": 10}
    answer = interpret(**{marker: result}, age=40, sex="male", guideline=guideline)
    assert answer.findings["adequate_total_b12" if marker == "b12" else "adequate_holotc"].state is False

"""A worse marker never makes the status milder, and a lower hemoglobin never makes it less urgent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import interpret
from b12labs.reference import analytes
from tests import strategies as some
from tests.strategies import GUIDELINES, TYPICAL

STATUSES = {"deficiency_unlikely": 0, "indeterminate": 1, "functional_deficiency": 2, "deficient": 2}
URGENCIES = ["routine", "prompt", "urgent", "emergency"]


def two_values(key, data, *, worse):
    pair = sorted(data.draw(st.lists(st.sampled_from(TYPICAL[key]), min_size=2, max_size=2, unique=True)))
    return [f"{number} {analytes()[key].unit}" for number in (pair if worse == "high" else reversed(pair))]


@pytest.mark.parametrize(
    ("key", "worse"), [("b12", "low"), ("holotc", "low"), ("mma", "high"), ("homocysteine", "high")]
)
@given(data=st.data(), results=some.results(), patient=some.patients(), guideline=st.sampled_from(GUIDELINES))
def test_a_worse_marker_never_makes_the_status_milder(key, worse, data, results, patient, guideline):
    others = {name: value for name, value in results.items() if name != key} | patient
    milder, graver = (
        interpret(**others, **{key: value}, guideline=guideline).status for value in two_values(key, data, worse=worse)
    )
    assert STATUSES[graver] >= STATUSES[milder]


@given(data=st.data(), results=some.results(), patient=some.patients(), guideline=st.sampled_from(GUIDELINES))
def test_a_lower_hemoglobin_is_never_less_urgent(data, results, patient, guideline):
    others = {name: value for name, value in results.items() if name not in ("hemoglobin", "hematocrit")} | patient
    higher, lower = (
        interpret(**others, hemoglobin=value, guideline=guideline).urgency
        for value in two_values("hemoglobin", data, worse="low")
    )
    assert URGENCIES.index(lower) >= URGENCIES.index(higher)

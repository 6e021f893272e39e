"""Facts about a person beside the results: elevation in the unit that was given."""

import pytest

from b12labs import PanelError
from b12labs.inputs.fields import read_elevation


@pytest.mark.parametrize(
    ("given", "unit", "meters"),
    [(1609, None, 1609), ("1609 m", None, 1609), (5280, "ft", 1609.344), (5280, "Feet", 1609.344), (1, "foot", 0.3048)],
)
def test_an_elevation_is_in_meters_or_in_the_unit_given(given, unit, meters):
    assert read_elevation(given, unit) == pytest.approx(meters)


def test_below_the_sea_counts_as_the_sea():
    assert read_elevation(-400) == 0


@pytest.mark.parametrize(("given", "unit"), [("1609 m", "ft"), (1609, "miles"), (10_000, None), ("high", None)])
def test_what_is_no_elevation_or_in_two_units_is_refused(given, unit):
    with pytest.raises(PanelError, match="elevation"):
        read_elevation(given, unit)


def test_an_elevation_that_is_said_to_be_unknown_is_none():
    assert read_elevation("unknown") is None

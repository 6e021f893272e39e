"""Facts about a person beside the results: elevation in the unit that was given."""

import pytest

from b12labs import PanelError
from b12labs.inputs.fields import (
    UNREADABLE,
    is_stated,
    read_elevation,
    read_gestation,
    read_pregnancy,
    read_sex,
    read_trimester,
    read_yes_no,
)


@pytest.mark.parametrize(
    ("given", "unit", "meters"),
    [(1609, None, 1609), ("1609 m", None, 1609), (5280, "ft", 1609.344), (5280, "Feet", 1609.344), (1, "foot", 0.3048)],
)
def test_an_elevation_is_in_meters_or_in_the_unit_given(given, unit, meters):
    assert read_elevation(given, unit) == pytest.approx(meters)


def test_below_the_sea_counts_as_the_sea_down_to_its_lowest_shore():
    assert read_elevation(-400) == 0
    assert read_elevation(-500) == 0
    assert read_elevation(6000) == 6000
    for outside in (-501, 6001):
        with pytest.raises(PanelError, match="expected -500 to 6000 meters"):
            read_elevation(outside)


@pytest.mark.parametrize(("given", "unit"), [("1609 m", "ft"), (1609, "miles"), (10_000, None), ("high", None)])
def test_what_is_no_elevation_or_in_two_units_is_refused(given, unit):
    with pytest.raises(PanelError, match="elevation"):
        read_elevation(given, unit)


def test_an_elevation_that_is_said_to_be_unknown_is_none():
    assert read_elevation("unknown") is None


@pytest.mark.parametrize(
    ("pregnant", "trimester", "gestation", "stated", "state"),
    [
        (None, None, None, False, 0),
        (None, None, None, True, None),
        (False, None, None, True, 0),
        (True, None, None, True, 4),
        (True, 2, None, True, 2),
        (None, None, 3, True, 3),
        (None, 1, 1, True, 1),
        (None, UNREADABLE, None, True, 4),
        (True, UNREADABLE, 2, True, 2),
    ],
)
def test_a_pregnancy_is_known_by_its_trimester_or_as_a_pregnancy(pregnant, trimester, gestation, stated, state):
    assert read_pregnancy(pregnant, trimester, gestation, stated=stated) == (state, None)


@pytest.mark.parametrize(
    ("pregnant", "trimester", "gestation", "state", "why"),
    [
        (False, 2, None, None, "exclude each other"),
        (False, None, 1, None, "exclude each other"),
        (None, 2, 3, 4, "in another trimester"),
        (True, 1, 2, 4, "in another trimester"),
    ],
)
def test_a_pregnancy_that_contradicts_itself_is_told(pregnant, trimester, gestation, state, why):
    found, error = read_pregnancy(pregnant, trimester, gestation, stated=True)
    assert found == state
    assert why in str(error)


TRIMESTERS = {
    1: ("1", "First", "T1", 1, 1.0),
    2: ("2", "second", "t2", "2.0"),
    3: ("3", "third", " T3 "),
    None: ("unknown", "", None),
}
SEXES = {
    "female": ("F", "woman", "w", "girl"),
    "male": ("M", "man", "boy"),
    None: ("unknown", "other", "", None, "n/a"),
}
ANSWERS = {True: ("yes", "Y", 1, True, "pregnant"), False: ("no", 0, False, "n"), None: ("unknown", "", None)}


def pairs(meanings):
    return [(text, meant) for meant, texts in meanings.items() for text in texts]


@pytest.mark.parametrize(("text", "trimester"), pairs(TRIMESTERS))
def test_a_trimester_is_a_number_or_its_word(text, trimester):
    assert read_trimester(text) == trimester


@pytest.mark.parametrize("text", ["0", "4", "1.5", "last"])
def test_there_are_three_trimesters(text):
    with pytest.raises(PanelError, match="trimester"):
        read_trimester(text)


@pytest.mark.parametrize(
    ("weeks", "trimester"),
    [
        (0, None),
        ("unknown", None),
        (1, 1),
        ("12+6", 1),
        (13, 2),
        (14, 2),
        ("20+3 weeks", 2),
        (27, 2),
        (28, 3),
        ("45", 3),
    ],
)
def test_weeks_of_gestation_say_the_trimester(weeks, trimester):
    assert read_gestation(weeks) == trimester


@pytest.mark.parametrize("weeks", ["45.1", "46", "-1", "20+7", "soon"])
def test_a_pregnancy_has_no_more_than_45_weeks(weeks):
    with pytest.raises(PanelError, match="expected 0 to 45 weeks"):
        read_gestation(weeks)


@pytest.mark.parametrize(("text", "sex"), pairs(SEXES))
def test_the_sex_whose_limits_apply(text, sex):
    assert read_sex(text) == sex


@pytest.mark.parametrize(("text", "answer"), pairs(ANSWERS))
def test_yes_no_or_unknown(text, answer):
    assert read_yes_no(text, "pregnant") is answer


def test_what_is_neither_yes_nor_no_or_no_sex_is_refused():
    with pytest.raises(PanelError, match="expected yes or no, got 'maybe'"):
        read_yes_no("maybe", "pregnant")
    with pytest.raises(PanelError, match="or 'unknown', got 'x'"):
        read_sex("x")


def test_unknown_is_something_said_and_a_blank_is_not():
    assert [is_stated(cell) for cell in ("unknown", "no", "", "  ", None)] == [True, True, False, False, False]

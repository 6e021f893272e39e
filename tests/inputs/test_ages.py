"""An age is a number, or an interval of which one end may be open, and nothing else."""

import pickle

import pandas as pd
import pytest

from b12labs import PanelError, interpret, interpret_frame
from b12labs.inputs.ages import OLDEST, AgeRange, age_ends, read_age


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("67", (67, 67)),
        ("5 months", (5 / 12, 5 / 12)),
        ("> 89", (89, OLDEST)),
        (">89", (89, OLDEST)),
        ("90+", (90, OLDEST)),
        ("≥ 90", (90, OLDEST)),
        ("90 and over", (90, OLDEST)),
        ("90 years or older", (90, OLDEST)),
        ("over 89", (89, OLDEST)),
        ("60-69", (60, 70)),
        ("60 to 69 years", (60, 70)),
        ("<1", (0, 1)),
        ("under 2 years", (0, 2)),
        ("< 6 months", (0, 0.5)),
        ("６０", (60, 60)),
        ("９０＋", (90, OLDEST)),
        ("130", (130, 130)),
        ("12 months", (1, 1)),
        ("3 mos", (0.25, 0.25)),
        ("4 weeks", (28 / 365.25, 28 / 365.25)),
        ("100 days", (100 / 365.25, 100 / 365.25)),
        ("6-8 weeks", (42 / 365.25, 63 / 365.25)),
        ("0", (0, 0)),
    ],
)
def test_an_age_is_read_with_both_its_ends(text, ends):
    assert age_ends(read_age(text)) == pytest.approx(ends)
    assert age_ends(pickle.loads(pickle.dumps(read_age(text)))) == pytest.approx(ends)


@pytest.mark.parametrize(
    "text",
    [
        "34M",
        "131",
        "130.1",
        "131+",
        "60-60",
        "> 89+",
        "69-60",
        "<0",
        "200+",
        "adult",
        "89 or so",
        ">60-69",
        "-5",
        "6²",
        "60̶",
    ],
)
def test_anything_else_is_no_age(text):
    with pytest.raises(PanelError):
        read_age(text)


@pytest.mark.parametrize(
    ("number", "unit", "years"),
    [(6, "months", 0.5), (6, " m. ", 0.5), (28, "d", 28 / 365.25), (4, "w", 28 / 365.25), (40, "years", 40)],
)
def test_a_number_is_an_age_in_the_unit_of_its_column(number, unit, years):
    assert read_age(number, unit) == pytest.approx(years)


@pytest.mark.parametrize(("age", "unit"), [("6 months", "years"), (6, "hours"), ("3 weeks", "m")])
def test_an_age_in_another_unit_than_its_column_is_refused(age, unit):
    with pytest.raises(PanelError, match="age"):
        read_age(age, unit)


def test_no_age_is_above_the_oldest_and_an_interval_ends_there():
    assert OLDEST == 130
    assert age_ends(read_age("125-140")) == (125, OLDEST)


@pytest.mark.parametrize("age", ["> 89", "90+", "≥ 90", "85-89"])
def test_a_nonagenarian_whose_age_is_masked_is_read_as_one_whose_age_is_known(age):
    known = interpret(holotc="145 pmol/L", age=90)
    assert interpret(holotc="145 pmol/L", age=age).status == known.status == "deficiency_unlikely"
    table = pd.DataFrame({"holotc [pmol/L]": [145], "age": [age]})
    assert interpret_frame(table)[["status", "problems"]].to_numpy().tolist() == [["deficiency_unlikely", ""]]


def test_an_age_that_may_be_a_childs_is_judged_by_the_limits_of_every_age_that_it_may_be():
    result = interpret(hemoglobin="115 g/L", sex="female", age="10-19")
    assert result.findings["anemia"].state is None


def test_an_age_between_two_stays_between_them():
    assert read_age(AgeRange(60, 70)).high == 70
    assert age_ends(read_age(AgeRange(60, 70))) == (60, 70)
    assert age_ends(67.0) == (67.0, 67.0)

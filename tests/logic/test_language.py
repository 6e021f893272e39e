"""The rule language: three answers, intervals, and what `certain` and `unless` mean."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.logic.language import at_least, certain, finding, limit, measured, reported
from b12labs.logic.scalars import Plain

TRUTHS = (0, 1, 2)
POSSIBLE = {0: (False,), 1: (False, True), 2: (True,)}


def as_truth(possible):
    return 2 if all(possible) else 1 if any(possible) else 0


@pytest.mark.parametrize("word", ["and", "or", "not"])
def test_and_or_not_raise_with_the_operator_to_use(word):
    x, y = measured.b12 < limit.b12_deficient, reported("vegan_diet")
    with pytest.raises(TypeError, match="use & for and, \\| for or, ~ for not"):
        {"and": lambda: x and y, "or": lambda: x or y, "not": lambda: not x}[word]()


@pytest.mark.parametrize(("x", "y"), list(itertools.product(TRUTHS, TRUTHS)))
def test_and_or_are_what_every_completion_agrees_on(x, y):
    worlds = list(itertools.product(POSSIBLE[x], POSSIBLE[y]))
    assert Plain.all_of([x, y]) == as_truth([a and b for a, b in worlds])
    assert Plain.any_of([x, y]) == as_truth([a or b for a, b in worlds])
    assert Plain.opposite(x) == as_truth([not a for a in POSSIBLE[x]])


@pytest.mark.parametrize("parts", list(itertools.product(TRUTHS, repeat=3)))
@pytest.mark.parametrize("count", [1, 2, 3])
def test_at_least_is_what_every_completion_agrees_on(parts, count):
    worlds = itertools.product(*(POSSIBLE[part] for part in parts))
    assert Plain.at_least(count, parts) == as_truth([sum(world) >= count for world in worlds])


INTERVALS = st.tuples(
    st.sampled_from([0.0, 0.3, 1, 2, 3.5, 10]), st.sampled_from([0.0, 0.3, 1, 2, 3.5, 10, math.inf])
).map(lambda ends: (float(min(ends)), float(max(ends))))


@given(INTERVALS, INTERVALS)
def test_a_comparison_is_decided_exactly_when_all_values_agree(left, right):
    points = [0, 0.3, 0.65, 1, 1.5, 2, 2.7, 3.5, 7, 10, 1e9]
    inside = [[point for point in points if low <= point <= high] or [low] for low, high in (left, right)]
    worlds = list(itertools.product(*inside))
    below, above = Plain.below(left, right), Plain.above(left, right)
    if below != 1:
        assert as_truth([a < b for a, b in worlds]) == below
    if above != 1:
        assert as_truth([a > b for a, b in worlds]) == above


@given(INTERVALS, INTERVALS, st.sampled_from(["add", "mul", "div", "minimum", "maximum"]), st.data())
def test_interval_arithmetic_contains_every_result(left, right, operator, data):
    low, high = Plain.arithmetic(operator, left, right)
    x, y = (data.draw(st.sampled_from([end for end in pair if math.isfinite(end)])) for pair in (left, right))
    if operator == "div" and y == 0:
        return
    value = {"add": x + y, "mul": x * y, "div": x / y if y else 0, "minimum": min(x, y), "maximum": max(x, y)}[operator]
    assert low <= value <= high


@pytest.mark.parametrize(
    ("base", "exponent", "power"),
    [
        ((2.0, 3.0), (2.0, 2.0), (4.0, 9.0)),
        ((2.0, 4.0), (-1.0, -1.0), (0.25, 0.5)),
        ((4.0, 16.0), (0.5, 0.5), (2.0, 4.0)),
        ((4.0, 16.0), (-0.5, -0.5), (0.25, 0.5)),
        ((2.0, 3.0), (0.0, 0.0), (1.0, 1.0)),
        ((2.0, 3.0), (1.0, 2.0), (2.0, 9.0)),
        ((0.5, 2.0), (1.0, 2.0), (0.25, 4.0)),
        ((0.0, 2.0), (-1.0, -1.0), (0.5, math.inf)),
        ((10.0, 10.0), (400.0, 400.0), (math.inf, math.inf)),
    ],
)
def test_a_power_of_an_interval_holds_every_power(base, exponent, power):
    assert Plain.arithmetic("pow", base, exponent) == power


def test_a_logarithm_of_nothing_has_no_lower_end():
    assert Plain.arithmetic("log10", (0.0, 100.0), (0.0, 0.0)) == (-math.inf, 2.0)


def test_an_open_choice_is_anything_that_either_side_can_be():
    yes, no = (2.0, 3.0), (1.0, 5.0)
    assert [Plain.choose(truth, yes, no) for truth in TRUTHS] == [no, (1.0, 5.0), yes]
    assert Plain.choose(1, no, yes) == (1.0, 5.0)
    assert Plain.choose(1, (0.0, 1.0), (4.0, 5.0)) == (0.0, 5.0)


def test_certain_holds_only_with_what_is_known_now():
    assert [Plain.only_true(truth) for truth in TRUTHS] == [0, 0, 2]


def test_a_finding_is_used_like_any_truth():
    low = finding("low", when=measured.b12 < limit.b12_deficient, says="Low.")
    rule = low & at_least(1, reported("vegan_diet")) & ~certain(measured.mma > limit.mma_raised, "a raised MMA")
    assert low in set(rule.walk())
    assert certain(low).named == "low"
    assert measured.b12 is measured.b12

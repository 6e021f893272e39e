"""A range of truths holds the truth of every value that the results can have, and no other."""

import itertools
import math

import pytest

from b12labs.logic.ranges import Ranges
from b12labs.logic.scalars import Plain

TRUTHS = (0, 1, 2)
RANGES = [(least, most) for least in TRUTHS for most in TRUTHS if least <= most]
OVER = Ranges(Plain)


def within(found):
    return range(found[0], found[1] + 1)


def whole(truths):
    return min(truths), max(truths)


@pytest.mark.parametrize("first", RANGES)
def test_a_range_turned_round_or_held_to_certainty_is_that_of_its_truths(first):
    assert OVER.opposite(first) == whole([Plain.opposite(one) for one in within(first)])
    assert OVER.only_true(first) == whole([Plain.only_true(one) for one in within(first)])


@pytest.mark.parametrize(("first", "second"), list(itertools.product(RANGES, RANGES)))
def test_ranges_together_are_those_of_their_truths(first, second):
    worlds = list(itertools.product(within(first), within(second)))
    assert OVER.all_of([first, second]) == whole([Plain.all_of(world) for world in worlds])
    assert OVER.any_of([first, second]) == whole([Plain.any_of(world) for world in worlds])
    assert OVER.at_least(2, [first, second]) == whole([Plain.at_least(2, world) for world in worlds])
    assert OVER.including(first, second[0]) == whole([*within(first), second[0]])


#: A result of 90 to 110, and one of 150 to 250, each with the ends that its ends can have.
NEAR, FAR = ((81.0, 121.0), (99.0, 99.0)), ((135.0, 275.0), (165.0, 225.0))


@pytest.mark.parametrize(
    ("limit", "near_below", "near_above"),
    [(80.0, (0, 0), (2, 2)), (90.0, (0, 1), (1, 2)), (100.0, (1, 2), (0, 1)), (130.0, (2, 2), (0, 0))],
)
def test_a_comparison_is_as_open_as_the_values_make_it(limit, near_below, near_above):
    assert OVER.below(NEAR, (limit, limit)) == near_below
    assert OVER.above(NEAR, (limit, limit)) == near_above
    assert OVER.above((limit, limit), NEAR) == near_below
    assert OVER.below((limit, limit), NEAR) == near_above


def test_what_is_not_known_at_all_stays_open():
    unknown = ((0.0, math.inf), (0.0, math.inf))
    assert OVER.below(unknown, (100.0, 100.0)) == (1, 1)
    assert OVER.below(FAR, (150.0, 150.0)) == (0, 1)


def test_arithmetic_is_done_at_the_outer_and_the_inner_ends():
    assert OVER.arithmetic("add", NEAR, (1.0, 1.0)) == ((82.0, 122.0), (100.0, 100.0))
    assert OVER.arithmetic("add", NEAR, FAR) == ((216.0, 396.0), (264.0, 324.0))


def test_a_choice_is_made_for_both_ends():
    assert OVER.choose((2, 2), NEAR, FAR) == NEAR
    assert OVER.choose((0, 0), NEAR, FAR) == FAR
    assert OVER.choose((0, 2), NEAR, FAR) == ((81.0, 275.0), (99.0, 225.0))


def test_a_result_that_is_there_goes_before_what_others_say_of_it():
    nothing = ((0.0, math.inf), (0.0, math.inf))
    assert OVER.inferred(NEAR, FAR) == NEAR
    assert OVER.inferred(nothing, FAR) == FAR
    assert OVER.inferred(nothing, FAR, 1) == nothing


@pytest.mark.parametrize(("flag", "answer"), [(0, (0, 2)), (1, (2, 2)), (2, (0, 0))])
def test_a_flag_that_decides_speaks_for_the_whole_range(flag, answer):
    assert OVER.flagged((0, 2), flag, (1, 2, 0, 0), True) == answer


def test_a_truth_that_varies_is_open_and_one_that_does_not_is_itself():
    assert [OVER.same(each) for each in RANGES] == [0, 1, 1, 1, 1, 2]

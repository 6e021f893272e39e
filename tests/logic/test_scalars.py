"""The primitives of one patient at the ends where arithmetic is special, and beside a limit."""

import itertools
import math

import pytest

from b12labs.logic.scalars import ANYTHING, Plain

NOTHING, ENDLESS = (0.0, 0.0), (math.inf, math.inf)


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("mul", NOTHING, ENDLESS, ANYTHING),
        ("mul", ENDLESS, NOTHING, ANYTHING),
        ("mul", NOTHING, ANYTHING, ANYTHING),
        ("mul", (2.0, 3.0), (0.5, math.inf), (1.0, math.inf)),
        ("div", NOTHING, NOTHING, ANYTHING),
        ("div", ENDLESS, ENDLESS, ANYTHING),
        ("div", ANYTHING, ANYTHING, ANYTHING),
        ("div", (1.0, 2.0), NOTHING, ENDLESS),
        ("div", (2.0, 4.0), (0.0, 4.0), (0.5, math.inf)),
        ("div", (2.0, 4.0), ANYTHING, ANYTHING),
        ("pow", NOTHING, (-1.0, -1.0), ENDLESS),
        ("pow", (0.0, 2.0), (-1.0, -1.0), (0.5, math.inf)),
        ("pow", (0.5, 2.0), (-1.0, 1.0), (0.5, 2.0)),
        ("pow", (4.0, 9.0), (0.5, 0.5), (2.0, 3.0)),
        ("pow", (4.0, 9.0), (0.0, 0.0), (1.0, 1.0)),
        ("pow", (1e300, 1e300), (2.0, 2.0), ENDLESS),
        # The inner ends of what varies: the most that the low end can be, and the least that the high end can be.
        ("pow", (4.0, 2.0), (-1.0, -1.0), (0.5, 0.25)),
        ("log10", (0.0, 0.1), (0.0, 0.1), (-math.inf, -1.0)),
        ("log10", (0.0, 1000.0), (0.0, 1000.0), (-math.inf, 3.0)),
    ],
)
def test_of_nothing_and_of_what_has_no_end_the_result_is_what_it_may_be(operator, left, right, result):
    assert Plain.arithmetic(operator, left, right) == pytest.approx(result)


NOISE = [-1.2e-9, -1e-9, -0.9e-9, 0.0, 0.9e-9, 1e-9, 1.2e-9]


@pytest.mark.parametrize("limit", [-200.0, -0.5, 0.4, 200.0])
def test_float_noise_on_a_limit_is_on_it(limit):
    for share, other in itertools.product(NOISE, [limit, limit + 1]):
        value = limit * (1 + math.copysign(1, limit) * share)
        is_below, is_above = 2 * (share < -1e-9), 2 * (share > 1e-9)
        assert Plain.below((value, value), (limit, limit)) == is_below
        assert Plain.above((value, value), (limit, limit)) == is_above
        # Of a limit that may be higher the answer may be another.
        assert Plain.below((value, value), (limit, other)) == max(is_below, int(other > limit))
        assert Plain.above((value, value), (limit, other)) == (is_above if other == limit else is_above // 2)
    assert (Plain.below((0.0, 0.0), (0.0, 0.0)), Plain.above((0.0, 0.0), (0.0, 0.0))) == (0, 0)

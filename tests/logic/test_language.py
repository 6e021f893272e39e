"""The rule language: three answers, intervals, and what `certain` and `unless` mean."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.logic.arrays import Columns
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


PAIRS = st.lists(st.tuples(INTERVALS, INTERVALS), min_size=1, max_size=6)


OPERATORS = ("add", "sub", "mul", "div", "pow", "minimum", "maximum", "hull")
#: Which side is a plain pair, the same in every row, or an exact number in every row.
SHAPES = ("columns", "plain left", "plain right", "exact right")


def as_column(intervals, shape, side):
    """Return the intervals as a pair of columns, or as what every row shares; and the interval of every row."""
    if shape == f"plain {side}":
        return intervals[0], [intervals[0]] * len(intervals)
    if shape == f"exact {side}":
        column = np.array([high if math.isfinite(high) else low for low, high in intervals])
        return (column, column), [(number, number) for number in column.tolist()]
    return tuple(np.array(ends) for ends in zip(*intervals, strict=True)), intervals


def assert_columns_compute_what_one_patient_computes(pairs, operator, shape, with_buffer):
    rows = len(pairs)
    columns = Columns(rows)
    left, lefts = as_column([pair[0] for pair in pairs], shape, "left")
    right, rights = as_column([pair[1] for pair in pairs], shape, "right")
    # What a buffer holds from the chunk before must not show.
    low, high = columns.arithmetic(
        operator, left, right, (np.full(rows, 7.0), np.full(rows, 8.0)) if with_buffer else None
    )
    for place, (one, other) in enumerate(zip(lefts, rights, strict=True)):
        assert (low[place], high[place]) == pytest.approx(Plain.arithmetic(operator, one, other), nan_ok=True)
    out = np.full(rows, 9, dtype=np.int8) if with_buffer else None
    assert columns.below(left, right, out).tolist() == [Plain.below(*pair) for pair in zip(lefts, rights, strict=True)]
    assert columns.above(left, right, out).tolist() == [Plain.above(*pair) for pair in zip(lefts, rights, strict=True)]
    if shape != "plain left":
        low, high = columns.inferred(left, right, 0, (np.full(rows, 7.0), np.full(rows, 8.0)) if with_buffer else None)
        assert list(zip(low, high, strict=True)) == [Plain.inferred(*pair) for pair in zip(lefts, rights, strict=True)]


#: Ends where arithmetic is special: zero, one number, and no upper end.
SPECIAL = [(0.0, 0.0), (0.0, 2.0), (0.0, math.inf), (0.3, 0.3), (1.0, 1.0), (2.0, 3.5), (2.0, math.inf)]


@pytest.mark.parametrize("with_buffer", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("operator", OPERATORS)
def test_columns_compute_at_special_ends_what_one_patient_computes(operator, shape, with_buffer):
    for shared in SPECIAL:
        pairs = [(shared, other) if shape == "plain left" else (other, shared) for other in SPECIAL]
        if shape in ("columns", "exact right"):
            pairs += [(shared, other) for other in SPECIAL]
        assert_columns_compute_what_one_patient_computes(pairs, operator, shape, with_buffer)


@given(PAIRS, st.sampled_from(OPERATORS), st.sampled_from(SHAPES), st.booleans())
def test_columns_compute_what_one_patient_computes(pairs, operator, shape, with_buffer):
    assert_columns_compute_what_one_patient_computes(pairs, operator, shape, with_buffer)


TRUTH_COLUMNS = st.lists(st.lists(st.sampled_from(TRUTHS), min_size=3, max_size=3), min_size=4, max_size=4)


@given(TRUTH_COLUMNS, st.lists(st.booleans(), min_size=3, max_size=3), st.booleans())
def test_columns_of_truths_combine_as_one_patients_do(rows, shared, with_buffer):
    columns = Columns(len(rows))
    rows = [[rows[0][place] if shared[place] else truth for place, truth in enumerate(row)] for row in rows]
    parts = [
        rows[0][place] if shared[place] else np.array([row[place] for row in rows], dtype=np.int8) for place in range(3)
    ]

    def buffer():
        return np.full(len(rows), 9, dtype=np.int8) if with_buffer else None

    for found, expected in (
        (columns.all_of(parts, buffer()), [Plain.all_of(row) for row in rows]),
        (columns.any_of(parts, buffer()), [Plain.any_of(row) for row in rows]),
        (columns.at_least(2, parts, buffer()), [Plain.at_least(2, row) for row in rows]),
        (columns.opposite(parts[0], buffer()), [Plain.opposite(row[0]) for row in rows]),
        (columns.only_true(parts[0], buffer()), [Plain.only_true(row[0]) for row in rows]),
    ):
        assert np.broadcast_to(found, len(rows)).tolist() == expected


@given(PAIRS, st.sampled_from(TRUTHS), TRUTH_COLUMNS, st.booleans())
def test_a_choice_by_column_is_the_choice_of_every_row(pairs, same, truths, varied):
    pairs = (pairs * 4)[:4]
    columns = Columns(4)
    conditions = [row[0] if varied else same for row in truths]
    yes, no = (as_column([pair[side] for pair in pairs], "columns", "")[0] for side in (0, 1))
    low, high = columns.choose(np.array(conditions, dtype=np.int8), yes, no, (np.full(4, 7.0), np.full(4, 8.0)))
    expected = [Plain.choose(condition, *pair) for condition, pair in zip(conditions, pairs, strict=True)]
    assert list(zip(low, high, strict=True)) == expected


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
    low, high = Columns(2).arithmetic("log10", (np.array([1.0, 10.0]), np.array([10.0, 1000.0])), (0.0, 0.0))
    assert (low.tolist(), high.tolist()) == ([0.0, 1.0], [1.0, 3.0])


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

"""Columns compute in every row what one patient's primitives compute, whatever shape a quantity has."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.logic.columns.primitives import Columns
from b12labs.logic.columns.running import packed
from b12labs.logic.scalars import Plain

TRUTHS = (0, 1, 2)
#: Ends where arithmetic is special: zero, one number, no upper end, and nothing known at all.
SPECIAL = [
    (0.0, 0.0),
    (0.0, 2.0),
    (0.0, math.inf),
    (0.3, 0.3),
    (1.0, 1.0),
    (2.0, 3.5),
    (2.0, math.inf),
]
INTERVALS = st.sampled_from([0.0, 0.3, 1.0, 2.0, 3.5, 10.0]).flatmap(
    lambda low: st.sampled_from([end for end in (0.0, 0.3, 1.0, 2.0, 3.5, 10.0, math.inf) if end >= low]).map(
        lambda high: (low, high)
    )
)
PAIRS = st.lists(st.tuples(INTERVALS, INTERVALS), min_size=1, max_size=6)
OPERATORS = ("add", "sub", "mul", "div", "pow", "minimum", "maximum", "hull")
#: What all rows share, a column of numbers, by code, and intervals by row.
SHAPES = ("shared", "numbers", "coded", "intervals")


def by_row(do, truth, rows):
    return do.truths_by_row([truth], rows)[0].tolist()


def shaped(do, intervals, shape):
    """Return a quantity of this shape, and the interval that it has in every row."""
    if shape == "shared":
        return intervals[0], [intervals[0]] * len(intervals)
    if shape == "numbers":
        # A number is known, or nothing is.
        values = [math.nan if interval == (0.0, math.inf) else interval[0] for interval in intervals]
        return do.numbers(np.array(values)), [(0.0, math.inf) if value != value else (value, value) for value in values]
    low, high = (np.array(ends) for ends in zip(*intervals, strict=True))
    if shape == "coded":
        return do.coded(np.arange(len(intervals)), low, high), intervals
    return do.intervals(low, high), intervals


def assert_equal(pairs, operator, shapes):
    rows, do = len(pairs), Columns()
    (left, lefts), (right, rights) = (
        shaped(do, [pair[side] for pair in pairs], shape) for side, shape in enumerate(shapes)
    )
    each = list(zip(lefts, rights, strict=True))
    low, high = do.ends_by_row(do.arithmetic(operator, left, right), rows)
    for place, (one, other) in enumerate(each):
        assert (low[place], high[place]) == pytest.approx(Plain.arithmetic(operator, one, other), nan_ok=True)
    assert by_row(do, do.below(left, right), rows) == [Plain.below(*pair) for pair in each]
    assert by_row(do, do.above(left, right), rows) == [Plain.above(*pair) for pair in each]
    low, high = do.ends_by_row(do.inferred(left, right), rows)
    assert list(zip(low, high, strict=True)) == [Plain.inferred(*pair) for pair in each]


@pytest.mark.parametrize("shapes", list(itertools.product(SHAPES, SHAPES)))
@pytest.mark.parametrize("operator", OPERATORS)
def test_columns_compute_at_special_ends_what_one_patient_computes(operator, shapes):
    for shared in SPECIAL:
        assert_equal([(shared, other) for other in SPECIAL], operator, shapes)
        assert_equal([(other, shared) for other in SPECIAL], operator, shapes)


@given(PAIRS, st.sampled_from(OPERATORS), st.sampled_from(SHAPES), st.sampled_from(SHAPES))
def test_columns_compute_what_one_patient_computes(pairs, operator, one, other):
    assert_equal(pairs, operator, (one, other))


@given(PAIRS, st.sampled_from(["mul", "div"]), st.sampled_from(SHAPES), st.sampled_from(SHAPES), INTERVALS)
def test_what_was_computed_is_computed_with_further(pairs, operator, one, other, limit):
    """Not measured, beside a share of 0 %: zero times anything is anything."""
    rows, do = len(pairs), Columns()
    (left, lefts), (right, rights) = (
        shaped(do, [pair[side] for pair in pairs], shape) for side, shape in enumerate((one, other))
    )
    found = do.arithmetic("mul", do.arithmetic(operator, left, right), (10.0, 10.0))
    expected = [
        Plain.arithmetic("mul", Plain.arithmetic(operator, *pair), (10.0, 10.0))
        for pair in zip(lefts, rights, strict=True)
    ]
    assert by_row(do, do.above(found, limit), rows) == [Plain.above(each, limit) for each in expected]
    assert by_row(do, do.below(found, limit), rows) == [Plain.below(each, limit) for each in expected]
    assert by_row(do, do.above(limit, found), rows) == [Plain.above(limit, each) for each in expected]


def test_a_logarithm_by_row_is_that_of_each_end():
    do = Columns()
    numbers = do.numbers(np.array([1.0, 1000.0, math.nan]))
    low, high = do.ends_by_row(do.arithmetic("log10", numbers, numbers), 3)
    assert (low.tolist(), high.tolist()) == ([0.0, 3.0, -math.inf], [0.0, 3.0, math.inf])


TRUTH_COLUMNS = st.lists(st.lists(st.sampled_from(TRUTHS), min_size=3, max_size=3), min_size=1, max_size=6)


def column_of(do, truths):
    return do.truths(np.arange(len(truths)), np.array(truths, dtype=np.int8))


@given(TRUTH_COLUMNS, st.lists(st.booleans(), min_size=3, max_size=3))
def test_columns_of_truths_combine_as_one_patients_do(rows, shared):
    do = Columns()
    rows = [[rows[0][place] if shared[place] else truth for place, truth in enumerate(row)] for row in rows]
    parts = [rows[0][place] if shared[place] else column_of(do, [row[place] for row in rows]) for place in range(3)]
    for found, expected in (
        (do.all_of(parts), [Plain.all_of(row) for row in rows]),
        (do.any_of(parts), [Plain.any_of(row) for row in rows]),
        *((do.at_least(count, parts), [Plain.at_least(count, row) for row in rows]) for count in (1, 2, 3)),
        (do.opposite(parts[0]), [Plain.opposite(row[0]) for row in rows]),
        (do.only_true(parts[0]), [Plain.only_true(row[0]) for row in rows]),
    ):
        assert by_row(do, found, len(rows)) == expected


def test_two_truths_are_the_same_where_they_are_and_open_elsewhere():
    do = Columns()
    pairs = [(least, most) for least in TRUTHS for most in TRUTHS if least <= most]
    least, most = (column_of(do, side) for side in zip(*pairs, strict=True))
    assert by_row(do, do.same(least, most), len(pairs)) == [Plain.same(*pair) for pair in pairs]
    assert by_row(do, do.same(0, most), len(pairs)) == [Plain.same(0, pair[1]) for pair in pairs]
    assert by_row(do, do.same(least, 2), len(pairs)) == [Plain.same(pair[0], 2) for pair in pairs]


@given(
    st.lists(st.tuples(INTERVALS, INTERVALS, st.sampled_from(TRUTHS)), min_size=1, max_size=6),
    st.sampled_from(SHAPES),
    st.sampled_from(SHAPES),
    st.booleans(),
)
def test_a_choice_by_column_is_the_choice_of_every_row(rows, one, other, varied):
    do = Columns()
    (yes, yeses), (no, noes) = (
        shaped(do, [row[side] for row in rows], shape) for side, shape in enumerate((one, other))
    )
    conditions = [row[2] if varied else rows[0][2] for row in rows]
    low, high = do.ends_by_row(do.choose(column_of(do, conditions), yes, no), len(rows))
    expected = [Plain.choose(*each) for each in zip(conditions, yeses, noes, strict=True)]
    assert list(zip(low, high, strict=True)) == expected


@pytest.mark.parametrize("shape", SHAPES)
def test_a_word_of_the_laboratory_is_more_than_what_others_say(shape):
    do, nothing = Columns(), (0.0, math.inf)
    codes, flags = np.arange(3), np.array([0, 1, 0], dtype=np.int8)
    primary = do.coded(codes, np.array([0.0, 0.0, 5.0]), np.array([math.inf, math.inf, 5.0]))
    others, each = shaped(do, [(2.0, 3.0), (2.0, 3.0), (2.0, 3.0)], shape)
    low, high = do.ends_by_row(do.inferred(primary, others, do.by_code(codes, flags)), 3)
    assert list(zip(low, high, strict=True)) == [each[0], nothing, (5.0, 5.0)]


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 65_535, 65_536, 65_537, 140_000])
def test_rows_are_computed_in_whole_whatever_their_number(rows):
    do = Columns()
    numbers = np.arange(rows, dtype=np.float64)
    numbers[::7] = math.nan
    codes = np.arange(rows) % 9
    truth = do.all_of(
        [do.above(do.numbers(numbers, 2.0), (100.0, 100.0)), do.truths(codes, np.array([2, 1, 0, 2, 1, 0, 2, 1, 0]))]
    )
    above = np.where(np.isnan(numbers), 1, np.where(numbers * 2 > 100, 2, 0))
    assert by_row(do, truth, rows) == np.minimum(above, 2 - codes % 3).tolist()
    assert (
        not packed(do.tape, [do.possible(do.opposite(truth))], rows)[0, -1]
        >> np.uint64((rows - 1) % 64)
        >> np.uint64(1)
    )


def test_what_was_recorded_once_is_recorded_no_second_time():
    do = Columns()
    numbers = do.numbers(np.array([1.0, 2.0]))
    one, other = do.below(numbers, (1.5, 1.5)), do.above(numbers, (1.5, 1.5))
    before = len(do.tape.operations)
    assert do.all_of([other, one]).certain is do.all_of([one, other]).certain
    assert do.opposite(do.opposite(one)).certain is one.certain
    assert do.below(numbers, (1.5, 1.5)).possible is one.possible
    assert len(do.tape.operations) <= before + 4

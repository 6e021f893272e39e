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
from tests.logic.patients import ANYTHING
from tests.logic.rows import SHAPES, shaped

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


def by_row(do, truth, rows):
    return do.truths_by_row([truth], rows)[0].tolist()


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
    for ends in (SPECIAL, [end for end in SPECIAL if end != ANYTHING]):  # also where nothing is missing
        for shared in ends:
            assert_equal([(shared, other) for other in ends], operator, shapes)
            assert_equal([(other, shared) for other in ends], operator, shapes)


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


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("first", OPERATORS)
def test_what_is_known_of_a_missing_result_is_kept_by_what_is_computed_next(first, shape):
    """Of a missing result and ten more it is known that they are ten or more, and twenty when they are doubled."""
    ends = [(0.3, 0.3), ANYTHING, (2.0, 3.5), (2.0, math.inf)]
    for second, one, other in itertools.product(
        OPERATORS, [(10.0, 10.0), (0.0, 0.5)], [(2.0, 2.0), (2.0, math.inf), None]
    ):
        if first == "sub" and second in ("mul", "div", "pow"):
            continue  # of what may be negative there is no product
        do = Columns()
        column, each = shaped(do, ends, shape)
        computed = do.arithmetic(first, column, one)
        for sides in (lambda left, right: (left, right), lambda left, right: (right, left)):
            low, high = do.ends_by_row(do.arithmetic(second, *sides(computed, other or column)), len(ends))
            expected = [
                Plain.arithmetic(second, *sides(Plain.arithmetic(first, end, one), other or end)) for end in each
            ]
            assert [low.tolist(), high.tolist()] == [pytest.approx(ends) for ends in zip(*expected, strict=True)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("other", [(5.0, 5.0), (5.0, math.inf), ANYTHING])
def test_what_is_known_of_a_missing_result_is_kept_by_a_choice(shape, other):
    do, truths = Columns(), [truth for truth in TRUTHS for _ in range(3)]
    column, each = shaped(do, [(0.3, 0.3), ANYTHING, (2.0, 3.5)] * 3, shape)
    more = do.arithmetic("add", column, (10.0, 10.0))
    mores = [Plain.arithmetic("add", end, (10.0, 10.0)) for end in each]
    for sides in (lambda one, two: (one, two), lambda one, two: (two, one)):
        low, high = do.ends_by_row(do.choose(column_of(do, truths), *sides(more, other)), len(truths))
        expected = [Plain.choose(truth, *sides(end, other)) for truth, end in zip(truths, mores, strict=True)]
        assert list(zip(low, high, strict=True)) == expected


@pytest.mark.parametrize("shape", SHAPES)
def test_a_logarithm_by_row_is_that_of_each_end(shape):
    for ends in ([(1.0, 1.0), (1000.0, 1000.0), ANYTHING], [(1000.0, 1000.0), (0.0, 100.0), (10.0, math.inf)]):
        do = Columns()
        found, each = shaped(do, ends, shape)
        low, high = do.ends_by_row(do.arithmetic("log10", found, found), 3)
        expected = [Plain.arithmetic("log10", one, one) for one in each]
        assert [low.tolist(), high.tolist()] == [pytest.approx(ends) for ends in zip(*expected, strict=True)]


@pytest.mark.parametrize("shapes", list(itertools.product(SHAPES, SHAPES)))
def test_an_interval_runs_from_the_low_end_of_one_quantity_to_the_high_end_of_the_other(shapes):
    for lows, highs in itertools.product([SPECIAL, SPECIAL[3:5]], repeat=2):
        do, rows = Columns(), min(len(lows), len(highs))
        (one, ones), (other, others) = (
            shaped(do, ends[:rows], shape) for ends, shape in zip((lows, highs), shapes, strict=True)
        )
        low, high = do.ends_by_row(do.ends(one, other), rows)
        expected = [Plain.ends(*pair) for pair in zip(ones, others, strict=True)]
        assert list(zip(low, high, strict=True)) == expected


@pytest.mark.parametrize("shapes", list(itertools.product(SHAPES, SHAPES)))
def test_of_two_quantities_each_code_has_its_own(shapes):
    do, codes, where = Columns(), np.arange(len(SPECIAL)), np.arange(len(SPECIAL)) % 2 == 0
    (one, ones), (other, others) = (
        shaped(do, ends, shape, codes) for ends, shape in zip((SPECIAL, SPECIAL[::-1]), shapes, strict=True)
    )
    low, high = do.ends_by_row(do.choose_by_code(codes, where, one, other), len(codes))
    expected = [ones[code] if where[code] else others[code] for code in codes]
    assert list(zip(low, high, strict=True)) == expected


#: A value a billionth of its limit beside it is on the limit, and a little further is not.
NEAR = [200 * (1 + share) for share in (-1.2e-9, -1e-9, -0.9e-9, 0.0, 0.9e-9, 1e-9, 1.2e-9)]


@pytest.mark.parametrize("shapes", list(itertools.product(SHAPES, SHAPES)))
def test_float_noise_on_a_limit_is_on_it_whatever_shape_a_column_has(shapes):
    for (low_of, high_of), limit in itertools.product(itertools.combinations_with_replacement(NEAR, 2), NEAR):
        do = Columns()
        (left, lefts), (right, rights) = (
            shaped(do, [interval, (50.0, 50.0)], shape)
            for interval, shape in zip(((low_of, high_of), (200.0, limit)), shapes, strict=True)
        )
        pairs = list(zip(lefts, rights, strict=True))
        assert by_row(do, do.below(left, right), 2) == [Plain.below(*pair) for pair in pairs]
        assert by_row(do, do.above(left, right), 2) == [Plain.above(*pair) for pair in pairs]


MEANINGS = [(1, 2, 0, 0), (1, 0, 1, 2), (1, 1, 2, 2)]


@pytest.mark.parametrize("meaning", MEANINGS)
def test_the_laboratory_s_words_have_in_every_row_the_say_that_they_have_for_one_patient(meaning):
    cases = list(itertools.product(TRUTHS, range(4), [False, True]))
    truths, flags, decides = (np.array(column) for column in zip(*cases, strict=True))
    do, codes = Columns(), np.arange(len(cases))
    found = do.flagged(column_of(do, truths), do.by_code(codes, flags), meaning, do.by_code(codes, decides))
    assert by_row(do, found, len(cases)) == [Plain.flagged(case[0], case[1], meaning, case[2]) for case in cases]


@pytest.mark.parametrize("meaning", MEANINGS)
@pytest.mark.parametrize("decides", [False, True])
def test_a_word_that_all_rows_share_has_the_say_that_it_has_for_one_patient(meaning, decides):
    for flag, shared in itertools.product(range(4), TRUTHS):
        do, codes = Columns(), np.arange(4)
        one_by_one = [Plain.flagged(truth, flag, meaning, decides) for truth in TRUTHS]
        assert by_row(do, do.flagged(column_of(do, TRUTHS), flag, meaning, decides), 3) == one_by_one
        found = do.flagged(shared, do.by_code(codes, np.arange(4)), meaning, decides)
        assert by_row(do, found, 4) == [Plain.flagged(shared, each, meaning, decides) for each in range(4)]


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


def test_what_hangs_on_one_column_is_computed_by_its_cells_and_not_by_its_rows():
    do, codes = Columns(), np.array([0, 1, 0])
    one, other = (do.coded(codes, np.array([low, 5.0]), np.array([low, 7.0])) for low in (1.0, 2.0))
    for operator in OPERATORS:
        for left, right in ((one, other), (one, (2.0, 2.0)), ((2.0, 2.0), one)):
            do.arithmetic(operator, left, right)
    do.ends(one, other)
    do.choose_by_code(codes, np.array([True, False]), one, (2.0, 2.0))
    do.choose_by_code(codes, np.array([True, False]), (3.0, 4.0), other)
    assert not do.tape.operations
    do.below(one, other), do.above((2.0, 3.0), other)
    assert {operation.name for operation in do.tape.operations} == {"equal"}


def test_one_number_in_every_row_is_one_column_whatever_is_computed_with_it():
    do, values = Columns(), np.array([1.0, 2.0])
    coded = do.coded(np.array([0, 1]), np.array([0.0, 5.0]), np.array([math.inf, 5.0]))
    same = do.coded(np.array([1, 0]), values, values.copy())
    numbers, known, others = do.numbers(values), do.intervals(values, values), do.intervals(values, values + 1)
    pairs = [(left, (end, end)) for left in (numbers, known) for end in (2.0, 0.5)]
    pairs += [(right, left) for left, right in pairs] + [(known, known)]
    made = [do.arithmetic(operator, *pair) for operator in OPERATORS if operator != "hull" for pair in pairs]
    made += [do.arithmetic(operator, numbers, numbers) for operator in ("mul", "div")]
    made += [do.arithmetic("mul", numbers, coded), do.arithmetic("add", known, same)]
    assert all(found.low is found.high for found in made)
    assert do.arithmetic("log10", numbers, numbers).low is do.arithmetic("log10", numbers, numbers).high
    assert do.arithmetic("add", others, (0.0, 0.0)) is others
    assert do.arithmetic("sub", others, (0.0, 0.0)) is others


def test_a_number_in_the_unit_of_its_analyte_is_taken_as_it_is():
    do = Columns()
    do.numbers(np.array([1.0]))
    assert [operation.name for operation in do.tape.operations] == ["rows"]


def test_what_was_recorded_once_is_recorded_no_second_time():
    do = Columns()
    numbers = do.numbers(np.array([1.0, 2.0]))
    one, other = do.below(numbers, (1.5, 1.5)), do.above(numbers, (1.5, 1.5))
    before = len(do.tape.operations)
    assert do.all_of([other, one]).certain is do.all_of([one, other]).certain
    assert do.opposite(do.opposite(one)).certain is one.certain
    assert do.below(numbers, (1.5, 1.5)).possible is one.possible
    assert len(do.tape.operations) <= before + 4

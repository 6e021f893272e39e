"""Bits come out of planes row by row, however many rows and planes there are."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b12labs.logic.columns.primitives import Columns
from b12labs.logic.columns.running import CHUNK, numbers_of, octets, packed, unpacked
from b12labs.logic.columns.tape import Tape


@settings(max_examples=30)
@given(st.integers(0, 200), st.integers(0, 8), st.integers(0, 1000))
def test_the_bits_of_a_row_are_those_of_its_planes_in_order(rows, planes, seed):
    lines = (np.random.default_rng(seed).random((planes, rows)) < 0.5).tolist()
    tape = Tape()
    codes = tape.array(np.arange(rows))
    words = packed(tape, [tape.at_codes(np.array(line, dtype=bool), codes) for line in lines], rows)
    assert unpacked(words, rows).astype(bool).tolist() == lines
    expected = [sum(line[row] << place for place, line in enumerate(lines)) for row in range(rows)]
    assert octets(words, rows).tolist() == expected


def test_a_plane_of_all_rows_has_no_bit_beyond_the_last():
    assert packed(Tape(), [True, False], 70).tolist() == [[2**64 - 1, 2**6 - 1], [0, 0]]


@pytest.mark.parametrize(("rows", "words"), [(0, 0), (1, 1), (63, 1), (64, 1), (65, 2), (128, 2), (129, 3)])
def test_a_word_has_the_bits_of_64_rows(rows, words):
    found = packed(Tape(), [True, False], rows)
    assert found.shape == (2, words)
    assert np.unpackbits(found.view(np.uint8)).sum() == rows


@pytest.mark.parametrize("rows", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 9])
def test_numbers_are_computed_in_whole_whatever_their_number(rows):
    """A number where the code says so, what stands for its code elsewhere, and anything between where that is open."""
    do, codes, numbers = Columns(), np.arange(rows) % 9, np.arange(rows, dtype=np.float64)
    by_code, truths = np.arange(9) * 1000.0, np.array([2, 1, 0] * 3)
    chosen = do.choose(do.truths(codes, truths), do.numbers(numbers, 2.0), do.coded(codes, by_code, by_code + 1))
    ends = do.ends_by_row(do.arithmetic("add", chosen, (1.0, 1.0)), rows)
    truth = truths[codes]
    for found, other, either in zip(ends, (by_code, by_code + 1), (np.minimum, np.maximum), strict=True):
        open_ = either(numbers * 2, other[codes])
        assert np.array_equal(found, np.select([truth == 2, truth == 0], [numbers * 2, other[codes]], open_) + 1)


@pytest.mark.parametrize("rows", [8, CHUNK, 3 * CHUNK])
def test_numbers_that_are_not_needed_any_more_make_room_for_others(rows):
    tape = Tape()
    number = tape.rows(np.ones(rows))
    for place in range(100):
        number = tape.column("add", number, float(place))
    bits = False
    for place in range(100):
        bits = bits ^ tape.less(tape.column("add", number, float(place)), 5000.0)
    tracemalloc.start()
    assert numbers_of(tape, [number], rows)[0, 0] == 1 + sum(range(100))
    assert unpacked(packed(tape, [bits], rows), rows).all()  # below 5,000 are an odd number of them
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * rows + 4 * 8 * min(rows, CHUNK) + 200_000

"""Bits come out of planes row by row, however many rows and planes there are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from b12labs.logic.columns.running import octets, packed, unpacked
from b12labs.logic.columns.tape import Tape


@given(st.integers(0, 200), st.integers(0, 8), st.randoms(use_true_random=False))
def test_the_bits_of_a_row_are_those_of_its_planes_in_order(rows, planes, random):
    lines = [[random.random() < 0.5 for _ in range(rows)] for _ in range(planes)]
    tape = Tape()
    codes = tape.array(np.arange(rows))
    words = packed(tape, [tape.at_codes(np.array(line, dtype=bool), codes) for line in lines], rows)
    assert unpacked(words, rows).astype(bool).tolist() == lines
    expected = [sum(line[row] << place for place, line in enumerate(lines)) for row in range(rows)]
    assert octets(words, rows).tolist() == expected


def test_a_plane_of_all_rows_has_no_bit_beyond_the_last():
    assert packed(Tape(), [True, False], 70).tolist() == [[2**64 - 1, 2**6 - 1], [0, 0]]

"""What is the same in every row, or was computed before, is not computed by row."""

import math
from collections import Counter

import numpy as np
import pytest

from b12labs.logic.columns.running import packed, unpacked
from b12labs.logic.columns.tape import Tape


@pytest.mark.parametrize(
    ("codes", "wanted", "work"),
    [
        (20, 0, {}),
        (20, 1, {"equal": 1}),
        (20, 4, {"equal": 4}),
        (20, 5, {"take_bits": 1}),
        (20, 15, {"take_bits": 1}),
        (20, 16, {"equal": 4, "invert": 1}),
        (20, 19, {"equal": 1, "invert": 1}),
        (20, 20, {}),
        (1, 0, {}),
        (1, 1, {}),
        (6, 3, {"equal": 3}),
        (6, 4, {"equal": 2, "invert": 1}),
        (9, 4, {"equal": 4}),
        (9, 5, {"equal": 4, "invert": 1}),
        (10, 5, {"take_bits": 1}),
    ],
)
def test_a_few_codes_are_compared_and_many_looked_up(codes, wanted, work):
    tape, of_row = Tape(), np.arange(100) % codes
    table = np.arange(codes) < wanted
    found = tape.at_codes(table, tape.array(of_row))
    assert unpacked(packed(tape, [found], 100), 100)[0].tolist() == table[of_row].tolist()
    names = Counter(operation.name for operation in tape.operations)
    assert {name: count for name, count in names.items() if name != "bitwise_or"} == work


def test_nothing_is_above_what_has_no_end_or_below_what_has_no_beginning():
    tape = Tape()
    numbers = tape.rows(np.array([0.0, math.inf, math.nan]))
    assert tape.less(math.inf, numbers) is False
    assert tape.less(numbers, -math.inf) is False
    bits = [tape.less(1.0, numbers), tape.less(numbers, 1.0), tape.less(-math.inf, numbers), tape.nan(numbers)]
    expected = [[0, 1, 0], [1, 0, 0], [1, 1, 0], [0, 0, 1]]
    assert unpacked(packed(tape, bits, 3), 3).tolist() == expected


def test_what_all_rows_share_is_decided_at_once():
    tape = Tape()
    numbers = tape.rows(np.array([1.0]))
    assert (tape.less(1.0, 2.0), tape.less(2.0, 2.0), tape.nan(2.0), tape.nan(math.nan)) == (True, False, False, True)
    assert tape.chosen(True, 1.0, numbers) == 1.0
    assert tape.chosen(False, 1.0, numbers) is numbers
    assert tape.chosen(tape.nan(numbers), numbers, numbers) is numbers
    assert [operation.name for operation in tape.operations] == ["rows", "isnan"]


def test_bits_combine_with_all_rows_with_none_and_with_themselves():
    tape = Tape()
    codes = tape.array(np.arange(4))
    one, other = (tape.plane("equal", codes, code) for code in (1, 2))
    assert (one & True, one & False, one | True, one | False, one ^ False) == (one, False, True, one, one)
    assert (True & one, False | one, False ^ one) == (one, one, one)
    assert (one & one, one | one, one ^ one) == (one, one, False)
    assert (one ^ True) ^ True is one
    assert (one & other, one | other, one ^ other) == (other & one, other | one, other ^ one)
    bits = [one & other, one | other, one ^ other, one ^ True]
    rows = [(code == 1, code == 2) for code in range(4)]
    expected = [
        [a and b for a, b in rows],
        [a or b for a, b in rows],
        [a != b for a, b in rows],
        [not a for a, _ in rows],
    ]
    assert unpacked(packed(tape, bits, 4), 4).astype(bool).tolist() == expected

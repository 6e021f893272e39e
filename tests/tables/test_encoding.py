"""A cell is read as it stands, whatever the other cells of its column are."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import interpret_frame, interpret_long
from b12labs.draws.cells import distinct_cells
from b12labs.tables.encoding import codes_of


class EqualsEverything:
    """What `unittest.mock.ANY` and some wrappers of missing values do."""

    def __init__(self, hashed):
        self.hashed = hashed

    def __eq__(self, other):
        return True

    def __hash__(self):
        return self.hashed


def column(cells):
    """Return cells as an array of objects, lists included."""
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    return array


ONE_OF_EACH = [1, True, 1.0, np.True_, Decimal(1), "1", np.str_("1"), 0, False, None, float("nan"), pd.NA, [1], (1,)]
CELLS = st.sampled_from(ONE_OF_EACH) | st.text(max_size=2) | st.integers(0, 9).map(EqualsEverything)


@pytest.mark.parametrize("encode", [codes_of, distinct_cells])
@given(cells=st.lists(CELLS, max_size=40))
def test_cells_of_one_code_are_equal_and_of_one_type(encode, cells):
    codes, distinct = encode(column(cells))
    for cell, found in zip(cells, [distinct[code] for code in codes], strict=True):
        missing = cell is None or cell is pd.NA or (isinstance(cell, float) and cell != cell)
        both_texts = isinstance(found, str) and isinstance(cell, str)  # numpy's text reads as Python's
        same_type = both_texts or type(found) is type(cell)
        assert found is cell or (missing and (found is None or found is pd.NA)) or same_type
        assert missing or found == cell


@pytest.mark.parametrize("encode", [codes_of, distinct_cells])
def test_an_object_that_equals_everything_takes_the_place_of_no_text(encode):
    cells = [f"{number} pg/mL" if number % 20 else EqualsEverything(number) for number in range(2_000)]
    codes, distinct = encode(column(cells))
    assert all(distinct[code] is cell for code, cell in zip(codes, cells, strict=True))


@pytest.mark.parametrize("order", [[True, 1], [1, True]])
def test_a_truth_is_refused_beside_the_number_that_it_equals(order):
    values = pd.Series(order, dtype=object)
    refused = ["b12: unreadable_value" if value is True else "" for value in order]
    assert interpret_frame(pd.DataFrame({"b12 [ng/dL]": values, "age": 40}))["problems"].tolist() == refused
    table = {"patient": ["a", "b"], "time": "2024-03-01", "test": "B12", "value": values, "unit": "ng/dL"}
    assert interpret_long(pd.DataFrame(table))["problems"].tolist() == refused


@given(
    st.lists(st.integers(-2, 3) | st.sampled_from([255, 256, 2**60]), max_size=6),
    st.sampled_from([np.array, pd.Series]),
)
def test_small_integers_are_their_own_codes_and_others_are_encoded(numbers, held):
    codes, cells = codes_of(held(numbers, dtype="int64"))
    assert [cells[code] for code in codes] == numbers
    assert all(type(cell) is int for cell in cells)


def test_a_number_that_no_row_has_is_no_problem_of_any():
    """An age of 200 beside one of 3: what lies between is a code that nobody has."""
    found = interpret_frame(pd.DataFrame({"b12 [pg/mL]": [150.0, 150.0], "age": [200, 3], "metformin": [0, 1]}))
    assert found["problems"].tolist() == ["age: unreadable_age", ""]

"""A column of text says what its cells say one by one, however many are read together."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from b12labs.errors import B12LabsError
from b12labs.inputs.flags import FLAG_PLACES, FLAGS, MISSING
from b12labs.inputs.measurement import measure
from b12labs.reference import analytes
from b12labs.tables.cells import Problems, read_analyte
from b12labs.tables.texts import read_texts

BEFORE = [
    "",
    " ",
    "<",
    "< ",
    "<=",
    "≥ ",
    ">",
    "less than ",
    "GREATER THAN",
    "-",
    "about ",
    "<.",
    "<,",
    "\u00a0",
    "+",
    "~",
    "<>",
    "e",
]
NUMBERS = [
    "145",
    "145.5",
    "0.145",
    "1,476",
    "1.476,5",
    "1.476e3",
    "145.",
    ".5",
    "12 345",
    "007",
    "1e400",
    "9" * 16,
    "9" * 400,
    "1.2.3",
    "1,2,3",
    "0",
    "5000000",
    "12345678901234.5678901234567",
    "١٤٥",
]
AFTER = [
    "",
    " pg/mL",
    "pg/mL",
    " pmol/L",
    " ng/mL",
    "\u00a0pg/mL ",
    " g/L",
    " E5",
    "e5",
    "E",
    "%",
    " %",
    "\n",
    ", pg/mL",
    "- 200 pg/mL",
    " 10*9/L",
    "x",
]
WORDS = [
    None,
    "",
    "NA",
    "low",
    "positive",
    "UNABLE TO REPORT",
    "12/03/2024",
    "\ud800 145",
    float("nan"),
    145.0,
    145,
    True,
    -1,
    math.inf,
]
CELLS = st.one_of(
    st.builds(lambda *parts: "".join(parts), *(st.sampled_from(parts) for parts in (BEFORE, NUMBERS, AFTER))),
    st.builds("{0}{1:.3f}{2}".format, st.sampled_from(["", "<", ">"]), st.floats(0, 3000), st.sampled_from(AFTER)),
    st.sampled_from(WORDS),
    st.text(alphabet="0123456789.,eE<>=- pgmLol/%µ\n", max_size=9),
)


def one_by_one(key, cells, unit, decimal):
    """Return what the parser of one patient's values makes of every cell."""
    for row, cell in enumerate(cells):
        try:
            read = measure(key, cell, unit=unit, decimal=decimal)
        except B12LabsError as error:
            yield (0.0, math.inf, 0, None), (row, error.code, error.message)
        else:
            yield (
                (0.0, math.inf, 0, None)
                if read is None
                else (read.low, read.high, FLAG_PLACES[read.flag], read.substance),
                None,
            )


@given(
    st.lists(CELLS, min_size=1, max_size=12),
    st.sampled_from(["b12", "hematocrit", "mcv", "reticulocyte_index"]),
    st.sampled_from(".,"),
    st.data(),
)
@example(["<150", "<200", "<.5", "1e3", "145", "145 pmol/L"], "b12", ".", None)
def test_a_column_of_text_is_what_its_cells_are_one_by_one(cells, key, decimal, data):
    unit = "pg/mL" if data is None else data.draw(st.sampled_from([None, "pg/mL", "pmol/L", "%", "fL", "no unit"]))
    problems = Problems()
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    read = read_analyte(key, column, unit=unit, decimal=decimal, beside={}, problems=problems)
    expected = list(one_by_one(key, cells, unit, decimal))
    lows, highs = read.interval()
    flags = np.zeros(len(cells)) if isinstance(read.flag, int) else read.flag.take(read.codes)
    substance = np.broadcast_to(read.is_substance(), len(cells))
    for row, ((low, high, flag, moles), _) in enumerate(expected):
        assert (lows[row], highs[row], flags[row]) == (low, high, flag), cells[row]
        assert read.is_measured()[row] == (low > 0 or high < math.inf or flag != 0)
        assert moles is None or flag or substance[row] == moles
    found = {(row, problem.code, problem.message) for problem, rows in problems.found for row in rows.tolist()}
    assert found == {problem for _, problem in expected if problem}


def test_plain_numbers_are_read_together_with_the_words_around_them():
    read = read_texts("b12", ["145", "<150", "2000 pmol/L", "low", "1,476", None, "0.001", "-3"], "pg/mL", ".").read
    assert read.tolist() == [True, True, False, False, False, False, False, False]
    assert read_texts("b12", ["145 pmol/L", "145,5 pg/mL"], None, ",").read.all()


def test_no_word_that_is_a_flag_or_means_missing_could_be_taken_for_a_number():
    words = [*FLAGS, *MISSING]
    for key, analyte in analytes().items():
        assert not read_texts(key, words, analyte.unit, ".").read.any(), key


@pytest.mark.parametrize("text", ["9007199254740993", "123456789012345.123456789012345", "0.1", "271.000000000000001"])
def test_a_number_read_together_with_others_is_the_number_that_is_printed(text):
    read = read_texts("platelets", [text], "/uL", ".")
    if read.read[0]:
        assert read.low[0] == measure("platelets", text, unit="/uL").low

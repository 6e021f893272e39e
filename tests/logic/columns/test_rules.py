"""A rule over columns answers in every row what it answers for that patient, also where results vary."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b12labs.logic.language import log10
from b12labs.logic.program import Program
from tests.logic.expressions import B12, LIMIT, MMA, OPERATIONS, SAME_FOR_ALL, compared, quantities, truths
from tests.logic.patients import ANYTHING, Patient
from tests.logic.rows import Rows, Varying, widened

#: Whole and broken words of 64 rows, and octets.
ROWS = [1, 7, 8, 9, 64, 65]
#: Of zero and what is infinite nothing is divided here: of the columns each operation is tried with those by itself.
DONE = [operation for name, operation in OPERATIONS.items() if name != "div"] + [lambda a, b: a / (b + 0.5)]
QUANTITIES = quantities(st.sampled_from([B12, MMA, LIMIT, *SAME_FOR_ALL]), DONE)
#: A difference and a logarithm may be negative; what they are compared with is not.
LEFT = QUANTITIES | st.builds(lambda a, b: a - b, QUANTITIES, QUANTITIES) | st.builds(log10, QUANTITIES)
RULES = truths(compared(LEFT, QUANTITIES))

NUMBERS = st.sampled_from([0.0, 0.4, 1.0, 199.0, 200.0, 201.0])
NUMBER = NUMBERS.map(lambda number: (number, number))
INTERVAL = st.one_of(
    NUMBER,
    st.just(ANYTHING),
    st.tuples(NUMBERS, NUMBERS).map(sorted).map(tuple),
    NUMBERS.map(lambda number: (number, math.inf)),
)
#: The intervals that a column of each shape can have.
HELD = {
    "shared": INTERVAL.map(lambda interval: [interval]),
    "numbers": st.lists(NUMBER | st.just(ANYTHING), min_size=1, max_size=5),
    "known": st.lists(NUMBER, min_size=1, max_size=5),
    "coded": st.lists(INTERVAL, min_size=1, max_size=5),
    "intervals": st.lists(INTERVAL, min_size=1, max_size=5),
}


def spread(values, rows):
    return [values[row % len(values)] for row in range(rows)]


@st.composite
def cohorts(draw):
    """Return patients, a row each."""
    rows, shapes = draw(st.sampled_from(ROWS)), {key: draw(st.sampled_from(sorted(HELD))) for key in ("b12", "mma")}
    known = {key: spread(draw(HELD[shape]), rows) for key, shape in shapes.items()}
    known["flag_b12"] = spread(draw(st.lists(st.integers(0, 3), min_size=1, max_size=3)), rows)
    known["vegan_diet"] = spread(draw(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=4)), rows)
    return Rows([Patient(**dict(zip(known, row, strict=True))) for row in zip(*known.values(), strict=True)], **shapes)


def by_row(rows, truth):
    return rows.primitives.truths_by_row([truth], len(rows.patients))[0].tolist()


@settings(max_examples=30)
@given(RULES, cohorts())
def test_a_rule_answers_in_every_row_what_it_answers_for_that_patient(rule, rows):
    program = Program([rule])
    one_by_one = [program.step_by_step(patient)[program.slot(rule)] for patient in rows.patients]
    assert by_row(rows, program.run(rows).of(rule)) == one_by_one


@settings(max_examples=30)
@given(RULES, cohorts())
def test_a_rule_of_results_that_vary_answers_in_every_row_what_it_answers_for_that_patient(rule, rows):
    program = Program([rule])
    one_by_one = [widened(program, patient, rule).of(rule) for patient in rows.patients]
    assert by_row(rows, widened(program, rows, rule).of(rule)) == one_by_one


@pytest.mark.parametrize("shape", ["numbers", "known", "coded", "intervals"])
def test_each_result_varies_in_every_row_as_that_of_one_patient(shape):
    levels = [(0.0, 0.0), (80.0, 80.0), (300.0, 300.0)] + [ANYTHING] * (shape != "known")
    rows = Rows([Patient(b12=level) for level in levels], b12=shape)
    found = [rows.primitives.ends_by_row(pair, len(levels)).T.tolist() for pair in Varying(rows).measured("b12")]
    expected = [Varying(patient).measured("b12") for patient in rows.patients]
    assert list(zip(*found, strict=True)) == [tuple(map(list, pairs)) for pairs in expected]

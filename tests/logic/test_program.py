"""Rules over what is known of a patient: they say what holds for everybody who fits."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.logic import scalars
from b12labs.logic.language import ANYTHING as NOTHING_KNOWN
from b12labs.logic.language import (
    OPEN_QUESTION,
    Coefficient,
    Inferred,
    at_least,
    between,
    certain,
    choose,
    finding,
    limit,
    log10,
    maximum,
    measured,
    minimum,
    quantity,
)
from b12labs.logic.program import Program
from b12labs.logic.scalars import Plain
from tests.logic import rows
from tests.logic.patients import ANYTHING, FALSE, HIGH, LOW, TRUE, UNKNOWN, VEGAN, Patient, answer

B12_LEVELS, MMA_LEVELS = (150.0, 200.0, 250.0), (0.3, 0.4, 0.5)
B12_INTERVALS = st.sampled_from([*itertools.combinations_with_replacement(B12_LEVELS, 2), ANYTHING])
MMA = st.sampled_from([*itertools.combinations_with_replacement(MMA_LEVELS, 2), ANYTHING])
LEAVES = st.sampled_from([LOW, HIGH, VEGAN, measured.b12 >= limit.b12_deficient, measured.mma <= limit.mma_raised])
RULES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.tuples(parts, parts).map(lambda pair: pair[0] & pair[1]),
        st.tuples(parts, parts).map(lambda pair: pair[0] | pair[1]),
        parts.map(lambda part: ~part),
        st.tuples(parts, parts, parts).map(lambda three: at_least(2, *three)),
        parts.map(lambda part: finding("named", when=part, says="It holds.")),
    ),
    max_leaves=8,
)


def completions(b12, mma, vegan):
    """Yield the patients of whom everything is known that fit what is known of one."""
    levels = [[each for each in (*B12_LEVELS, 1.0) if b12[0] <= each <= b12[1]]]
    levels += [[each for each in (*MMA_LEVELS, 9.0) if mma[0] <= each <= mma[1]]]
    for b12_level, mma_level in itertools.product(*levels):
        for diet in {FALSE: [FALSE], UNKNOWN: [FALSE, TRUE], TRUE: [TRUE]}[vegan]:
            yield Patient(b12=(b12_level,) * 2, mma=(mma_level,) * 2, vegan_diet=diet)


@given(RULES, B12_INTERVALS, MMA, st.sampled_from([FALSE, UNKNOWN, TRUE]))
def test_what_a_rule_decides_stays_so_whatever_is_found_later(rule, b12, mma, vegan):
    now = answer(rule, Patient(b12=b12, mma=mma, vegan_diet=vegan))
    later = {answer(rule, patient) for patient in completions(b12, mma, vegan)}
    assert later <= ({FALSE, TRUE} if now == UNKNOWN else {now})


B12, LIMIT = measured.b12, limit.b12_deficient


@pytest.mark.parametrize(
    ("rule", "below", "on", "above"),
    [
        (B12 < LIMIT, TRUE, FALSE, FALSE),
        (B12 <= LIMIT, TRUE, TRUE, FALSE),
        (B12 > LIMIT, FALSE, FALSE, TRUE),
        (B12 >= LIMIT, FALSE, TRUE, TRUE),
        (B12 < 200, TRUE, FALSE, FALSE),
        ((B12 < LIMIT) & VEGAN, UNKNOWN, FALSE, FALSE),
        ((B12 < LIMIT) | VEGAN, TRUE, UNKNOWN, UNKNOWN),
        (at_least(1, B12 < LIMIT, VEGAN), TRUE, UNKNOWN, UNKNOWN),
    ],
)
def test_a_rule_answers_below_on_and_above_its_limit(rule, below, on, above):
    levels = (199.0, 200.0, 201.0)
    assert [answer(rule, Patient(b12=(level, level))) for level in levels] == [below, on, above]


def test_a_value_within_one_part_in_a_billion_of_a_limit_is_on_it():
    assert answer(B12 < LIMIT, Patient(b12=(200 * (1 - 0.9e-9),) * 2)) == FALSE
    assert answer(B12 < LIMIT, Patient(b12=(200 * (1 - 1.2e-9),) * 2)) == TRUE
    assert answer(B12 > LIMIT, Patient(b12=(200 * (1 + 0.9e-9),) * 2)) == FALSE
    assert answer(B12 > LIMIT, Patient(b12=(200 * (1 + 1.2e-9),) * 2)) == TRUE


@pytest.mark.parametrize(
    ("b12", "mma", "holds"),
    [
        ((150.0, 150.0), (0.3, 0.3), TRUE),
        ((150.0, 150.0), (0.5, 0.5), FALSE),
        ((250.0, 250.0), (0.3, 0.3), FALSE),
        ((150.0, 150.0), ANYTHING, TRUE),
        (ANYTHING, (0.3, 0.3), UNKNOWN),
        (ANYTHING, (0.5, 0.5), FALSE),
    ],
)
def test_a_conclusion_stands_until_its_defeater_is_certain(b12, mma, holds):
    assert answer(LOW & ~certain(HIGH), Patient(b12=b12, mma=mma)) == holds


@pytest.mark.parametrize("known", [{}, {"b12": (100.0, 100.0), "vegan_diet": TRUE}])
def test_what_nothing_measured_settles_is_open_whatever_is_measured(known):
    assert answer(OPEN_QUESTION, Patient(**known)) == UNKNOWN


B12_OF_150, MMA_FROM_2_TO_4 = Patient(b12=(150.0, 150.0), mma=(2.0, 4.0), vegan_diet=TRUE), Patient(mma=(2.0, 4.0))


@pytest.mark.parametrize(
    ("quantity", "patient", "interval"),
    [
        (measured.b12 + measured.mma, B12_OF_150, (152.0, 154.0)),
        (measured.b12 - measured.mma, B12_OF_150, (146.0, 148.0)),
        (measured.b12 * measured.mma, B12_OF_150, (300.0, 600.0)),
        (measured.b12 / measured.mma, B12_OF_150, (37.5, 75.0)),
        (measured.mma**2, B12_OF_150, (4.0, 16.0)),
        (measured.mma * Coefficient("two"), B12_OF_150, (4.0, 8.0)),
        (minimum(measured.mma, 3), B12_OF_150, (2.0, 3.0)),
        (maximum(measured.mma, 3), B12_OF_150, (3.0, 4.0)),
        (between(measured.mma, measured.b12), B12_OF_150, (2.0, 150.0)),
        (log10(measured.b12 - 50), B12_OF_150, (2.0, 2.0)),
        (choose(VEGAN, measured.mma, 1), B12_OF_150, (2.0, 4.0)),
        (choose(~VEGAN, measured.mma, 1), B12_OF_150, (1.0, 1.0)),
        (choose(VEGAN, measured.mma, 1), MMA_FROM_2_TO_4, (1.0, 4.0)),
    ],
)
def test_a_quantity_runs_from_the_least_to_the_most_that_it_can_be(quantity, patient, interval):
    rule = quantity > 1
    assert Program([rule]).run(patient).of(quantity) == interval


BOUNDED = Inferred(measured.mma, measured.b12 / 100, ask="mma")


@pytest.mark.parametrize(
    ("known", "interval"),
    [
        ({"mma": (0.3, 0.3), "b12": (150.0, 150.0)}, (0.3, 0.3)),
        ({"mma": (0.0, 0.4), "b12": (150.0, 150.0)}, (0.0, 0.4)),
        ({"b12": (150.0, 200.0)}, (1.5, 2.0)),
        ({}, ANYTHING),
    ],
)
def test_a_result_goes_before_what_others_bound_it_to(known, interval):
    rule = BOUNDED > 1
    assert Program([rule]).run(Patient(**known)).of(BOUNDED) == interval


def test_what_is_not_measured_may_be_anything_from_zero_on():
    assert (0, math.inf) == scalars.ANYTHING
    assert Plain.inferred(scalars.ANYTHING, (1.0, 2.0)) == (1.0, 2.0)
    for unknown in (measured.b12, NOTHING_KNOWN):
        truths = [answer(unknown < number, Patient()) for number in (0.0, 1e-6, 1e6)]
        assert truths == [FALSE, UNKNOWN, UNKNOWN]
        assert [answer(unknown > number, Patient()) for number in (1e-6, 1e6)] == [UNKNOWN, UNKNOWN]


# Results that vary


def widened(rule, **known):
    return rows.widened(Program([rule]), Patient(**known), rule)


@pytest.mark.parametrize(
    ("b12", "low"), [(150.0, TRUE), (170.0, UNKNOWN), (200.0, UNKNOWN), (240.0, UNKNOWN), (260.0, FALSE)]
)
def test_a_result_that_varies_decides_where_all_of_its_values_agree(b12, low):
    found = widened(LOW, b12=(b12, b12))
    assert found.of(LOW) == low
    assert found.of(measured.b12) == ((b12 / 1.25, b12 * 1.25), (b12 * 1.25, b12 / 1.25))


@given(RULES, st.sampled_from(B12_LEVELS), st.sampled_from(MMA_LEVELS), st.sampled_from([0.81, 0.9, 1.1, 1.24]))
def test_what_a_rule_decides_for_results_that_vary_it_decides_for_each_of_their_values(rule, b12, mma, share):
    found = widened(rule, b12=(b12, b12), mma=(mma, mma), vegan_diet=TRUE).of(rule)
    one = answer(rule, Patient(b12=(b12 * share,) * 2, mma=(mma / share,) * 2, vegan_diet=TRUE))
    assert found in (one, UNKNOWN)


def test_a_missing_result_stays_missing_and_opens_no_defeater():
    rule = LOW & ~certain(HIGH)
    assert widened(rule, b12=(100.0, 100.0)).of(rule) == TRUE
    assert widened(rule, b12=(100.0, 100.0), mma=(0.42, 0.42)).of(rule) == UNKNOWN
    assert widened(rule, b12=(100.0, 100.0), mma=(0.6, 0.6)).of(rule) == FALSE


def test_truths_of_results_that_vary_combine_further_as_one_patient_s_do():
    found = widened(LOW, b12=(170.0, 170.0))
    assert found.primitives.all_of([found.of(LOW), TRUE]) == UNKNOWN


def test_what_the_laboratory_said_of_a_result_belongs_to_the_range_of_its_values():
    """Called low, a result far above another limit is low as it was reported; its other values are not."""
    flagged = {"b12": (400.0, 400.0), "flag_b12": 1}
    assert answer(LOW, Patient(**flagged)) == TRUE
    assert widened(LOW, b12=(400.0, 400.0)).of(LOW) == FALSE
    assert widened(LOW, **flagged).of(LOW) == UNKNOWN


@pytest.mark.parametrize(
    ("share", "below", "above"),
    [
        (-1.2e-9, FALSE, TRUE),
        (-0.9e-9, FALSE, FALSE),
        (0.0, FALSE, FALSE),
        (0.9e-9, FALSE, FALSE),
        (1.2e-9, TRUE, FALSE),
    ],
)
def test_float_noise_on_a_limit_below_zero_is_on_it_too(share, below, above):
    """The combined index has limits below zero."""
    index, bound, patient = measured.mma - 2, measured.b12 - 2, Patient(mma=(1 - share,) * 2, b12=(1.0, 1.0))
    assert (answer(index < bound, patient), answer(index > bound, patient)) == (below, above)


def test_a_program_names_the_results_of_which_a_power_is_taken():
    """Columns compute powers by distinct number, and nothing else."""
    rules = [(measured.b12 * measured.mma) ** 0.5 > measured.holotc, quantity(2) ** measured.age < 2, LOW]
    assert Program(rules).in_powers == {"b12", "mma", "age"}

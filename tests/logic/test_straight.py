"""The function that a program becomes for one patient does what its steps do."""

import math

from hypothesis import given, settings

from b12labs.inputs.units import coefficient_or_factor
from b12labs.limits.stratified import limits_of
from b12labs.logic.language import (
    ANYTHING,
    Constant,
    at_least,
    certain,
    choose,
    limit,
    log10,
    maximum,
    measured,
    minimum,
)
from b12labs.logic.language import between as hull
from b12labs.logic.program import WORTH_A_FUNCTION, Program
from b12labs.logic.straight import straight
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.compiled import program
from b12labs.reasoning.screening import screening_program
from b12labs.site_mapping.panels import read_panel
from tests.logic.patients import VEGAN, Patient
from tests.strategies import FLAGGED, GUIDELINES, patients, results, st

WHOLE = {made: straight(made(), coefficient_or_factor) for made in (program, screening_program)}


@st.composite
def flagged(draw, measured):
    """The same results, some with the laboratory's word or its own interval beside the number."""
    found = dict(measured)
    for key in FLAGGED:
        if isinstance(found.get(key), str) and found[key][0].isdigit() and draw(st.booleans()):
            beside = {"flag": draw(st.sampled_from(["L", "N", "H", ""]))}
            beside |= draw(st.sampled_from([{}, {"reference_low": "1"}, {"reference_high": "100"}]))
            found[key] = {"value": found[key], **beside}
    return found


@given(results().flatmap(flagged), patients(), st.sampled_from(GUIDELINES), st.sampled_from([0, 1]))
def test_it_finds_of_every_patient_what_the_steps_find(values, patient, guideline, unreported):
    panel = read_panel({**values, **patient}, report=True)
    inputs = PatientInputs(panel, limits_of(guideline), unreported=unreported)
    for made, function in WHOLE.items():
        assert function(inputs) == made().step_by_step(inputs)


NUMBERS = st.sampled_from([0.0, 0.4, 1.0, 199.99999999, 200.0, 200.00000001, 1e300, math.inf])
PAIRS = st.tuples(NUMBERS, NUMBERS).map(sorted).map(tuple)
SAME_FOR_ALL = [ANYTHING, Constant(0.0, 0.0), Constant(2.0, 3.0), Constant(0.5, 0.5)]
LEAVES = st.sampled_from([measured.b12, measured.mma, limit.b12_deficient, *SAME_FOR_ALL])


def _grown(quantities):
    pairs = st.tuples(quantities, quantities)
    operations = [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        lambda a, b: a / b,
        lambda a, _: maximum(a, 0.0) ** 0.25,  # of what is negative there is no power
        minimum,
        maximum,
        hull,
        lambda a, b: choose(VEGAN, a, b),
        lambda a, b: choose(a < b, a, b),
        lambda a, _: log10(a),
    ]
    return st.tuples(st.sampled_from(operations), pairs).map(lambda made: made[0](*made[1]))


QUANTITIES = st.recursive(LEAVES, _grown, max_leaves=6)
COMPARED = st.tuples(QUANTITIES, QUANTITIES, st.booleans()).map(
    lambda made: made[0] < made[1] if made[2] else made[0] > made[1]
)
TRUTHS = st.recursive(
    st.one_of(COMPARED, st.just(VEGAN)),
    lambda truths: st.one_of(
        st.tuples(truths, truths).map(lambda pair: pair[0] & pair[1]),
        st.tuples(truths, truths, truths).map(lambda each: each[0] | each[1] | each[2]),
        truths.map(lambda truth: ~truth),
        truths.map(certain),
        st.tuples(st.integers(0, 3), truths, truths).map(lambda each: at_least(each[0], *each[1:])),
    ),
    max_leaves=5,
)


@settings(max_examples=300)
@given(TRUTHS, st.fixed_dictionaries({}, optional={"b12": PAIRS, "mma": PAIRS}), st.sampled_from([0, 1, 2]))
def test_it_computes_any_expression_as_its_steps_do(rule, known, vegan):
    compiled, inputs = Program([rule]), Patient(**known, vegan_diet=vegan)
    # As text, since what is not a number is not equal to itself.
    assert repr(straight(compiled, inputs.coefficient)(inputs)) == repr(compiled.step_by_step(inputs))


def test_many_patients_are_answered_by_the_function(monkeypatch):
    compiled, inputs = Program([measured.b12 < limit.b12_deficient]), Patient(b12=(100.0, 100.0))
    found = [compiled.run(inputs).values for _ in range(WORTH_A_FUNCTION)]
    monkeypatch.setattr(Program, "step_by_step", None)
    assert compiled.run(inputs).values == found[0] == found[-1]

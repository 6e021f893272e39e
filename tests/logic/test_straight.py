"""The function that a program becomes for one patient does what its steps do."""

import itertools
import math

import pytest
from hypothesis import given, settings

from b12labs.inputs.units import coefficient_or_factor
from b12labs.limits.stratified import limits_of
from b12labs.logic import program as program_module
from b12labs.logic.language import limit, log10, measured, reported
from b12labs.logic.program import Program
from b12labs.logic.straight import straight
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.compiled import program
from b12labs.reasoning.screening import screening_program
from b12labs.site_mapping.panels import read_panel
from tests.logic.expressions import B12, LIMIT, MMA, OPERATIONS, SAME_FOR_ALL, compared, quantities, truths
from tests.logic.patients import ANYTHING, Patient
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


LEAVES = [B12, MMA, LIMIT, *SAME_FOR_ALL]
NUMBERS = st.sampled_from([0.0, 0.4, 1.0, 199.99999999, 200.0, 200.00000001, 1e300, math.inf])
PAIRS = st.tuples(NUMBERS, NUMBERS).map(sorted).map(tuple)
QUANTITIES = quantities(st.sampled_from(LEAVES), [*OPERATIONS.values(), lambda a, b: a - b, lambda a, _: log10(a)])


@settings(max_examples=80)
@given(
    truths(compared(QUANTITIES, QUANTITIES)),
    st.fixed_dictionaries({}, optional={"b12": PAIRS, "mma": PAIRS, "flag_b12": st.integers(0, 3)}),
    st.sampled_from([0, 1, 2]),
)
def test_it_computes_any_expression_as_its_steps_do(rule, known, vegan):
    compiled, inputs = Program([rule]), Patient(**known, vegan_diet=vegan)
    # As text, since what is not a number is not equal to itself.
    assert repr(straight(compiled, inputs.coefficient)(inputs)) == repr(compiled.step_by_step(inputs))


#: Results on, just beside and far from a limit, with and without the laboratory's word; and nothing at all.
PATIENTS = [
    Patient(b12=b12, mma=mma, vegan_diet=vegan, flag_mma=flag)
    for b12, mma, vegan, flag in [
        (ANYTHING, ANYTHING, 1, 0),
        ((0.0, 0.0), (0.0, 0.0), 0, 2),
        ((200.0, 200.0), (0.4, 0.4), 2, 0),
        ((2.0, 2.0), (3.0, 3.0), 2, 3),
        ((0.5, 2.5), (0.0, 0.45), 1, 0),
        ((150.0, math.inf), ANYTHING, 0, 1),
    ]
]


@pytest.mark.parametrize("name", OPERATIONS)
def test_it_computes_an_operation_on_any_two_quantities_as_its_steps_do(name):
    pairs = list(itertools.product(LEAVES, LEAVES))
    made = [OPERATIONS[name](left, right) for left, right in pairs]
    rules = [rule for each, (left, right) in zip(made, pairs, strict=True) for rule in (each < right, left > each)]
    compiled = Program(rules)
    function = straight(compiled, PATIENTS[0].coefficient)
    for inputs in PATIENTS:
        assert repr(function(inputs)) == repr(compiled.step_by_step(inputs))


def test_twenty_patients_are_answered_step_by_step_and_further_ones_by_a_function_that_is_made_once(monkeypatch):
    made = []
    monkeypatch.setattr(program_module, "straight", lambda *given: made.append(straight(*given)) or made[-1])
    compiled, inputs = Program([measured.b12 < limit.b12_deficient]), Patient(b12=(100.0, 100.0))
    found = [compiled.run(inputs).values for _ in range(20)]
    assert not made
    monkeypatch.setattr(Program, "step_by_step", None)
    assert compiled.run(inputs).values == compiled.run(inputs).values == found[0] == found[-1]
    assert len(made) == 1


class Told:
    """Inputs of rules that ask for nothing but terms."""

    def reported(self, name):
        return {"yes": 2, "no": 0}[name]


def test_of_inputs_nothing_is_asked_that_no_rule_asks_for():
    yes, no = reported("yes"), reported("no")
    compiled = Program([yes & ~no, yes & no, yes & yes])
    assert [straight(compiled, None)(Told())[compiled.slot(rule)] for rule in compiled.roots] == [2, 0, 2]

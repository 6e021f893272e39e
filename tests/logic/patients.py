"""Patients of whom something is known, for rules that name two results, two limits and a term of the context."""

import math

from b12labs.logic.language import limit, measured, reported
from b12labs.logic.program import Program
from b12labs.logic.scalars import Plain
from b12labs.logic.straight import straight

FALSE, UNKNOWN, TRUE = 0, 1, 2
ANYTHING = (0.0, math.inf)

LOW, HIGH = measured.b12 < limit.b12_deficient, measured.mma > limit.mma_raised
VEGAN = reported("vegan_diet")


class Patient:
    """Results as intervals, terms of the context as truths; a limit is one number for every patient."""

    primitives = Plain()

    def __init__(self, **known):
        self.known = known

    def measured(self, key):
        return self.known.get(key, ANYTHING)

    def limit(self, name):
        return {"b12_deficient": (200.0, 200.0), "mma_raised": (0.4, 0.4)}[name]

    def coefficient(self, name):
        return {"two": 2.0}[name]

    def reported(self, name):
        return self.known.get(name, UNKNOWN)

    def flag(self, key):
        return self.known.get(f"flag_{key}", 0)

    def laboratory_end(self, name):
        return {"b12_deficient": "low", "mma_raised": "high"}[name]

    def flag_decides(self, name):
        return True


def answer(rule, inputs):
    """Return what a rule answers, by its steps and by the function that is written from them."""
    program = Program([rule])
    values = program.step_by_step(inputs)
    assert straight(program, inputs.coefficient)(inputs) == values
    return values[program.slot(rule)]

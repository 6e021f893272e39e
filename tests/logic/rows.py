"""Many patients as columns: what is known of each in a row, in every shape that a column can have."""

import math

import numpy as np

from b12labs.logic.columns.primitives import Columns
from b12labs.logic.ranges import Ranges
from tests.logic.patients import ANYTHING, Patient

#: What all rows share, a column of numbers or missing ones, numbers alone, by code, and intervals by row.
SHAPES = ("shared", "numbers", "known", "coded", "intervals")


def shaped(do, intervals, shape, codes=None):
    """Return a quantity of this shape, and the interval that it has in every row."""
    codes = np.arange(len(intervals)) if codes is None else codes
    if shape == "shared":
        return intervals[0], [intervals[0]] * len(intervals)
    low, high = (np.array(ends) for ends in zip(*intervals, strict=True))
    if shape == "known":
        return do.intervals(low, low), [(value, value) for value in low.tolist()]
    if shape == "numbers":
        values = [math.nan if interval == ANYTHING else interval[0] for interval in intervals]
        return do.numbers(np.array(values)), [ANYTHING if value != value else (value, value) for value in values]
    return (do.coded(codes, low, high) if shape == "coded" else do.intervals(low, high)), intervals


class Rows(Patient):
    """Patients, a row each; a result has the shape that is named for it, and is else by code."""

    def __init__(self, patients, **shapes):
        self.patients, self.shapes = patients, shapes
        self.primitives, self.codes = Columns(), np.arange(len(patients))

    def measured(self, key):
        intervals = [patient.measured(key) for patient in self.patients]
        found, held = shaped(self.primitives, intervals, self.shapes.get(key, "coded"), self.codes)
        assert held == intervals
        return found

    def reported(self, name):
        truths = [patient.reported(name) for patient in self.patients]
        return self.primitives.truths(self.codes, np.array(truths, dtype=np.int8))

    def flag(self, key):
        flags = np.array([patient.flag(key) for patient in self.patients], dtype=np.int8)
        return self.primitives.by_code(self.codes, flags) if flags.any() else 0


class Varying:
    """Of each result the range of values that it can have: from a fifth below to a quarter above.

    What the laboratory said of the result as it was, it says of no other.
    """

    def __init__(self, exact):
        self.exact, self.primitives = exact, Ranges(exact.primitives)
        self.coefficient, self.laboratory_end, self.flag_decides = (
            exact.coefficient,
            exact.laboratory_end,
            exact.flag_decides,
        )

    def measured(self, key):
        exact, do = self.exact.measured(key), self.exact.primitives
        more, less = (do.arithmetic(operator, exact, (1.25, 1.25)) for operator in ("mul", "div"))
        return do.ends(less, more), do.ends(more, less)

    def limit(self, name):
        return (self.exact.limit(name),) * 2

    def reported(self, name):
        return (self.exact.reported(name),) * 2

    def flag(self, key):
        return 0


def widened(program, exact, *rules):
    """Return the values of rules for results that vary around what they are."""
    return program.run_widened(Varying(exact), program.run(exact), *rules)

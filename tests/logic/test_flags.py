"""The laboratory's flag speaks for a limit that is an end of its own interval, and for no other."""

import numpy as np
import pytest

from b12labs.logic.columns.primitives import Columns
from b12labs.logic.language import limit, measured
from b12labs.logic.operations import flag_key, operation_of
from b12labs.logic.scalars import Plain
from b12labs.rules.quantities import adjusted_hemoglobin, egfr

FALSE, UNKNOWN, TRUE = 0, 1, 2
#: What stands beside a result: no flag, low, normal, high.
FLAGS = {"none": 0, "low": 1, "normal": 2, "high": 3}


class Laboratory:
    """A result without a number, with a flag of the laboratory's; the limit is some end of its interval."""

    def __init__(self, flag, end, primitives=Plain):
        self.said, self.end, self.primitives = flag, end, primitives

    def flag(self, key):
        return self.said

    def laboratory_end(self, name):
        return self.end

    def flag_decides(self, name):
        return True


#: The end that the limit is, how it is compared, and the answer without a flag, for low, for normal, and for high.
MEANS = [
    ("low", "below", UNKNOWN, TRUE, FALSE, FALSE),
    ("low", "above", UNKNOWN, FALSE, TRUE, TRUE),
    ("high", "below", UNKNOWN, TRUE, TRUE, FALSE),
    ("high", "above", UNKNOWN, FALSE, FALSE, TRUE),
    ("above_low", "below", UNKNOWN, TRUE, UNKNOWN, FALSE),
    ("above_low", "above", UNKNOWN, FALSE, UNKNOWN, TRUE),
    ("beyond_low", "below", UNKNOWN, UNKNOWN, FALSE, FALSE),
    ("beyond_low", "above", UNKNOWN, UNKNOWN, TRUE, TRUE),
    ("beyond_high", "below", UNKNOWN, TRUE, TRUE, UNKNOWN),
    ("beyond_high", "above", UNKNOWN, FALSE, FALSE, UNKNOWN),
    ("none", "below", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ("none", "above", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("end", "compared", "none", "low", "normal", "high"), MEANS)
def test_a_flag_means_what_the_end_of_the_interval_says(end, compared, none, low, normal, high):
    sides = (measured.b12, limit.b12_deficient)
    node = sides[0] < sides[1] if compared == "below" else sides[0] > sides[1]
    compare = operation_of(node, (0, 1))
    values = [(0.0, float("inf")), (200.0, 200.0)]
    found = [compare(values, Laboratory(flag, end)) for flag in FLAGS.values()]
    assert found == [none, low, normal, high]
    do, codes = Columns(), np.arange(4)
    column = do.coded(codes, np.full(4, 0.0), np.full(4, float("inf")))
    flags = do.by_code(codes, np.array(list(FLAGS.values()), dtype=np.int8))
    found = compare([column, values[1]], Laboratory(flags, end, do))
    assert do.truths_by_row([found], 4)[0].tolist() == [none, low, normal, high]


@pytest.mark.parametrize(
    ("quantity", "flagged"),
    [
        (measured.b12, "b12"),
        (egfr, "egfr"),
        (adjusted_hemoglobin, "hemoglobin"),
        (measured.b12 / measured.holotc, None),
        (limit.b12_deficient, None),
    ],
)
def test_a_flag_speaks_for_a_result_also_where_something_is_taken_off_it(quantity, flagged):
    assert flag_key(quantity) == flagged

"""Rules of every kind over two results, two limits and a term of the context, for Hypothesis."""

import math

from hypothesis import strategies as st

from b12labs.logic.language import (
    ANYTHING,
    Coefficient,
    Constant,
    Inferred,
    at_least,
    certain,
    choose,
    limit,
    maximum,
    measured,
    minimum,
)
from b12labs.logic.language import between as hull
from tests.logic.patients import VEGAN

B12, MMA, LIMIT = measured.b12, measured.mma, limit.b12_deficient
#: Quantities that are the same for every patient.
SAME_FOR_ALL = [
    ANYTHING,
    Constant(0.0, 0.0),
    Constant(0.0, 2.0),
    Constant(2.0, 3.0),
    Constant(0.5, 0.5),
    Constant(2.0, math.inf),
    Coefficient("two"),
]
OPERATIONS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: maximum(a - b, 0.0),
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "root": lambda a, _: maximum(a, 0.0) ** 0.25,  # of what is negative there is no power
    "minimum": minimum,
    "maximum": maximum,
    "hull": hull,
    "choice of a term": lambda a, b: choose(VEGAN, a, b),
    "choice of a result": lambda a, b: choose(a < b, a, b),
    "inferred": lambda a, _: Inferred(MMA, a, ask="mma"),
}


def quantities(leaves, operations, most=6):
    """Return expressions that are made of the leaves."""
    return st.recursive(
        leaves,
        lambda parts: st.builds(lambda operation, a, b: operation(a, b), st.sampled_from(operations), parts, parts),
        max_leaves=most,
    )


def truths(comparisons):
    """Return rules that are made of comparisons."""
    return st.recursive(
        comparisons | st.just(VEGAN),
        lambda parts: st.one_of(
            st.builds(lambda a, b: a & b, parts, parts),
            st.builds(lambda a, b, c: a | b | c, parts, parts, parts),
            st.builds(lambda a: ~a, parts),
            st.builds(certain, parts),
            st.builds(at_least, st.integers(0, 3), parts, parts),
        ),
        max_leaves=5,
    )


def compared(left, right):
    """Return comparisons of two quantities."""
    return st.builds(lambda a, b, is_less: a < b if is_less else a > b, left, right, st.booleans())

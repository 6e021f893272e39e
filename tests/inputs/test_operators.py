"""A comparator of its own column is applied to the number beside it, or the two are reported as contradicting."""

import pytest

from b12labs.inputs.operators import find_operator, with_operator


@pytest.mark.parametrize(
    ("sign", "value", "read"),
    [
        ("<", "150", "<150"), ("<", ".9", "<.9"), (">", " 2000 pg/mL", ">2000 pg/mL"), ("<", "<150", "<150"),
        ("<=", "≤150", "≤150"), ("<", "pending", "pending"), ("", ">150", ">150"), (">", ",2", ">,2"),
        ("<", " <150", " <150"), ("<=", " ≤150", " ≤150"),
    ],
)  # fmt: skip
def test_an_operator_goes_before_its_number(sign, value, read):
    assert with_operator(sign, value) == read


@pytest.mark.parametrize(
    ("sign", "value"), [(">", "<145"), ("<", ">145"), ("<", "<=145"), (">", "-5"), ("<", "H 2000")]
)
def test_an_operator_that_cannot_be_applied_is_a_contradiction(sign, value):
    assert with_operator(sign, value) is None


@pytest.mark.parametrize(
    ("text", "sign"),
    [("＜", "<"), ("lt", "<"), ("less than", "<"), ("≧", ">="), ("=", ""), ("<?", None), ("~", None), ("<>", None)],
)
def test_an_operator_is_known_in_any_case_and_width_and_only_as_a_whole(text, sign):
    assert find_operator(text) == sign

"""What a laboratory's words and flags say: on which side of its own interval a result lies, and no more."""

import pandas as pd
import pytest

from b12labs import interpret, interpret_frame


def status(**given):
    one = interpret(age=50, sex="male", **given)
    columns = {"age": ["50"], "sex": ["male"]}
    for key, value in given.items():
        if key == "guideline":
            continue
        for name, cell in value.items() if isinstance(value, dict) else {"value": value}.items():
            columns[key if name == "value" else f"{key}_{name}"] = [cell]
    many = interpret_frame(pd.DataFrame(columns), guideline=given.get("guideline", "nice-ng239"))
    assert many["status"][0] == one.status
    return one.status


@pytest.mark.parametrize("word", ["normal", "N", "within normal limits", "WNL", "in range"])
@pytest.mark.parametrize("marker", ["b12", "holotc"])
def test_normal_is_not_low_by_that_laboratory_and_no_more(marker, word):
    assert status(**{marker: word}) == "indeterminate"
    assert (
        interpret(**{marker: word}, age=50).findings[f"low_{'total_b12' if marker == 'b12' else marker}"].state is False
    )
    assert status(**{marker: word}, mma="0.15 umol/L") == "deficiency_unlikely"
    assert status(**{marker: word}, mma="0.9 umol/L") == "functional_deficiency"


@pytest.mark.parametrize("marker", ["b12", "holotc"])
def test_low_is_low_by_the_laboratorys_own_interval_and_is_said_so(marker):
    assert status(**{marker: "low"}) == "deficient"
    assert "by the laboratory's interval" in interpret(**{marker: "low"}, age=50).to_text()


@pytest.mark.parametrize(
    ("value", "flag", "expected"),
    [
        (">150", "N", "indeterminate"),
        (">150", "", "indeterminate"),
        (">400", "N", "deficiency_unlikely"),
        ("<170", "N", "deficient"),
        ("150", "N", "deficient"),
        ("250", "L", "indeterminate"),
        ("420", "L", "deficiency_unlikely"),
        ("<400", "L", "deficient"),
    ],
)
def test_beside_a_number_the_number_stands_and_the_flag_only_narrows(value, flag, expected):
    assert status(b12={"value": value, "unit": "pg/mL", "flag": flag}) == expected


@pytest.mark.parametrize("marker", ["mma", "homocysteine"])
def test_a_word_on_a_metabolite_counts_only_where_the_guideline_leaves_the_limit_to_the_laboratory(marker):
    raised = f"raised_{marker}"
    for guideline, word, state in (
        ("nice-ng239", "high", True),
        ("nice-ng239", "normal", False),
        ("bsh-2014", "high", None),
        ("bsh-2014", "normal", None),
        ("stabler-2013", "H", None),
    ):
        result = interpret(**{marker: word}, b12="250 pg/mL", age=50, guideline=guideline)
        assert result.findings[raised].state is state, (guideline, word)
    low_by_the_number = {"value": "0.1" if marker == "mma" else "8", "unit": "umol/L", "flag": "H"}
    assert interpret(**{marker: low_by_the_number}, age=50, guideline="bsh-2014").findings[raised].state is False

"""A limit is said in the same words wherever it is said, and no words speak of infinity."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import compare_guidelines, guidelines, interpret
from b12labs.catalogue import catalogue
from b12labs.cohort_report import report_file
from b12labs.reference import analytes, load_profile, profile_keys
from tests import strategies as some

#: Infinity as a number prints it, and an interval whose words do not follow from those before them.
WRONG = re.compile(r"\binf\b|\b(below|above|against|perhaps) at (least|most)\b", re.ASCII)
INFANT = {"age": "3 months", "sex": "male"}


@pytest.mark.parametrize("key", profile_keys())
def test_every_limit_is_said_by_the_numbers_of_its_interval(key):
    for rows in load_profile(key).limits.values():
        for value in (value for row in rows for value in row.values):
            low, high = value.interval
            numbers = [float(number) for number in value.text.removesuffix(value.unit).split() if number[0].isdigit()]
            assert numbers == sorted({end for end in (low, high) if low == high or 0 < end < float("inf")})
            assert ("at least" in value.text, "at most" in value.text) == (high == float("inf"), low == 0 < high)


@pytest.mark.long
@pytest.mark.parametrize("guideline", guidelines())
def test_a_cohort_report_says_limits_as_the_rules_list_them(tmp_path, guideline):
    path = tmp_path / "everything.csv"
    path.write_text(",".join([*analytes(), "age", "sex"]) + "\n" + "," * len(analytes()) + "40,F\n")
    listed = {
        (analytes()[limit.analyte].label, limit.means): " or ".join(limit.values)
        for entry in catalogue([guideline])
        for limit in entry.limits
        if limit.analyte in analytes()
    }
    used = {
        (limit.analyte, limit.means.removesuffix("; the laboratory's own interval comes first")): limit.woman
        for limit in report_file(path, guideline=guideline).limits
        if limit.woman
    }
    assert "at least 1 {index}" in used.values()
    for what, said in used.items():
        assert what not in listed or listed[what] == said


@pytest.mark.parametrize(
    ("hemoglobin", "said"),
    [
        ("65 g/L", ["below a limit of at least 70 g/L", "cannot tell: the limit is at most 70 g/L"]),
        ("85 g/L", ["cannot tell: the limit is at least 70 g/L", "not below a limit of at most 70 g/L"]),
    ],
)
def test_a_limit_that_is_only_bounded_is_said_to_be(hemoglobin, said):
    result = interpret(hemoglobin=hemoglobin, b12="300 pg/mL", **INFANT)
    assert [str(limit) for limit in result.results["hemoglobin"].limits] == said


def test_an_exact_limit_leaves_it_to_the_result():
    result = interpret(b12="<200 pg/mL", age=40, sex="male")
    assert str(result.results["b12"].limits[0]) == "perhaps below 180 ng/L"


def test_a_guideline_that_bounds_a_limit_is_not_said_to_wait_for_an_age():
    """The hemoglobin of an infant is open because the guideline gives a bound, not because the age is missing."""
    for row in compare_guidelines(hemoglobin="85 g/L", b12="300 pg/mL", **INFANT).rows:
        assert "not given" not in row.differs_on


@given(some.results(min_size=1), some.patients(), st.sampled_from(some.GUIDELINES))
def test_no_sentence_pastes_a_bound_behind_a_side(values, patient, guideline):
    result = interpret(**values, **patient, guideline=guideline, errors="report")
    said = [str(result), *(str(limit) for each in result.results.values() for limit in each.limits)]
    said += [str(entry) for finding in result.findings.values() for entry in finding.evidence]
    said += [row.differs_on for row in compare_guidelines(**values, **patient, errors="report").rows]
    for text in said:
        assert not WRONG.search(text), text


def test_a_bounded_volume_is_said_to_be():
    """A red cell count below what is counted leaves the MCV without an upper end."""
    said = str(interpret(hematocrit="45 %", rbc="<3 10*12/L", b12="300 pg/mL", age=40, sex="male"))
    assert "(so MCV at least 150 fL)" in said

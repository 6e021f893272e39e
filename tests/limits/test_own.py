"""The guidelines say what they print, and a laboratory may bring a guideline file of its own."""

import doctest
import re

import pytest

from b12labs import GuidelineError, ReferenceDataError, interpret, interpret_frame
from b12labs.cli.main import main
from b12labs.limits.stratified import limits_of
from b12labs.reference import guideline_keys
from tests.conftest import ROOT

PAGE = ROOT / "docs/guidelines.md"


def status(guideline, **values):
    return interpret(guideline=guideline, **{"age": 40, "sex": "male", **values}).status


@pytest.mark.parametrize(
    ("guideline", "values", "expected"),
    [
        ("mayo-cascade", {"b12": "149 ng/L"}, "deficient"),
        ("mayo-cascade", {"b12": "150 ng/L"}, "indeterminate"),
        ("mayo-cascade", {"b12": "400 ng/L"}, "indeterminate"),
        ("mayo-cascade", {"b12": "401 ng/L"}, "deficiency_unlikely"),
        ("mayo-cascade", {"b12": "300 ng/L", "mma": "0.40 nmol/mL"}, "deficiency_unlikely"),
        ("mayo-cascade", {"b12": "300 ng/L", "mma": "0.41 nmol/mL"}, "functional_deficiency"),
        ("herrmann-obeid", {"holotc": "22.9 pmol/L"}, "deficient"),
        ("herrmann-obeid", {"holotc": "23 pmol/L"}, "indeterminate"),
        ("herrmann-obeid", {"holotc": "75 pmol/L"}, "indeterminate"),
        ("herrmann-obeid", {"holotc": "75.1 pmol/L"}, "deficiency_unlikely"),
        ("herrmann-obeid", {"holotc": "50 pmol/L", "mma": "301 nmol/L"}, "functional_deficiency"),
        ("herrmann-obeid", {"holotc": "50 pmol/L", "mma": "300 nmol/L"}, "deficiency_unlikely"),
        (
            "stabler-2013",
            {"b12": "205 pg/mL", "mma": "3600 nmol/L", "homocysteine": "49.1 umol/L"},
            "functional_deficiency",
        ),
        ("stabler-2013", {"b12": "205 pg/mL", "mma": "400 nmol/L"}, "deficiency_unlikely"),
        ("norway", {"mma": "0.30 umol/L", "age": 49}, "functional_deficiency"),
        ("norway", {"b12": "250 pg/mL", "mma": "0.30 umol/L", "age": 50}, "deficiency_unlikely"),
        ("norway", {"mma": "0.37 umol/L", "age": 50}, "functional_deficiency"),
    ],
)
def test_a_result_beside_a_limit_of_a_guideline(guideline, values, expected):
    assert status(guideline, **values) == expected


def test_stabler_calls_a_homocysteine_of_14_5_raised_and_the_nih_does_not():
    raised = {
        key: interpret(homocysteine="14.5 umol/L", age=40, guideline=key).findings["raised_homocysteine"].state
        for key in guideline_keys()
    }
    assert raised["stabler-2013"] is True
    assert raised["nih-ods"] is False


def test_in_norway_mma_above_0_72_counts_though_kidney_function_is_reduced():
    states = [
        interpret(mma=f"{mma} umol/L", egfr="45 mL/min/1.73m2", age=40, guideline="norway").findings["mma_counts"].state
        for mma in (0.72, 0.73)
    ]
    assert states == [None, True]


@pytest.mark.parametrize("key", guideline_keys())
def test_no_level_is_both_low_and_adequate(key):
    limits_of(key).refuse_contradiction(key)


def example():
    return re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)


@pytest.fixture
def my_lab(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(change=lambda text: text, name="my-lab.toml"):
        path = tmp_path / name
        path.write_text(change(example()), encoding="utf-8")
        return path

    write()
    return write


def test_the_page_on_guidelines_runs_as_it_is_written(my_lab):
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 5
    assert failed == 0


def test_a_laboratorys_own_limits_decide_for_one_patient_for_a_table_and_for_a_file(my_lab, tmp_path, capsys):
    import pandas as pd

    labs = pd.DataFrame({"b12 [ng/L]": [140, 160, 310], "age": 40})
    assert status("my-lab.toml", b12="160 ng/L") == "indeterminate"
    assert list(interpret_frame(labs, guideline=str(tmp_path / "my-lab.toml"))["status"]) == [
        "deficient",
        "indeterminate",
        "deficiency_unlikely",
    ]
    labs.to_csv("labs.csv", index=False)
    assert main(["explain", "labs.csv", "--row", "1", "--guideline", "my-lab.toml"]) == 0
    assert "own guideline file" in capsys.readouterr().out


def test_what_an_own_file_lacks_comes_from_what_it_uses_and_then_from_the_default(my_lab):
    result = interpret(mma="0.34 umol/L", homocysteine="16 umol/L", holotc="24 pmol/L", age=70, guideline="my-lab.toml")
    sources = {entry.label: entry.source for entry in result.evidence}
    assert sources["HoloTC"] == "nice-ng239"
    assert sources["Homocysteine"] == "practical-neurology-n2o"


def test_kidney_limits_hold_though_an_own_file_uses_nothing(my_lab):
    my_lab(lambda text: text.replace('uses = ["bsh-2014"]', "uses = []"))
    assert (
        interpret(mma="0.5 umol/L", egfr="20 mL/min/1.73m2", age=40, guideline="my-lab.toml").status == "indeterminate"
    )


def test_a_file_that_was_changed_is_read_again(my_lab):
    assert status("my-lab.toml", b12="160 ng/L") == "indeterminate"
    my_lab(lambda text: text.replace("value = 145,", "value = 165,"))
    assert status("my-lab.toml", b12="160 ng/L") == "deficient"


def test_a_limit_between_two_numbers_leaves_open_what_lies_between(my_lab):
    findings = [
        interpret(mma=f"{mma} nmol/L", age=70, guideline="my-lab.toml").findings["raised_mma"].state
        for mma in (390, 420, 460)
    ]
    assert findings == [False, None, True]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("b12_deficient", "b12_deficent", "did you mean 'b12_deficient'"),
        ('"ng/L" }, {', '"ng" }, {', "got 'ng'"),
        ('key = "my-lab"', 'key = "nice-ng239"', "a key of its own"),
        ('source = "user-file"', 'source = "ours"', "got 'ours'"),
        ("second_tests", "second_test", "second_test"),
        ("age = [65, inf]", "age = [60, inf]", "overlap"),
        ("value = 300,", "value = 100,", "limits.b12_deficient: expected no more than b12_adequate, which is 100"),
        ("value = 300,", "value = 144,", "limits.b12_deficient: expected no more than b12_adequate, which is 144"),
        ("value = 145,", "low = 145, high = 310,", "expected no more than b12_adequate, which is 300 pg/mL"),
        ("value = 300,", "value = nan,", "greater than or equal to 0"),
        ("value = 300,", "value = -300,", "greater than or equal to 0"),
        ("low = 400, high = 450", "low = 450, high = 400", "expected low to be no more than high"),
        ('uses = ["bsh-2014"]', 'uses = ["bsh"]', "got 'bsh'"),
        ('note = "under review"', 'remark = "x"', "remark"),
        ("[guideline]", "[guidelines]", "guideline"),
        ("[guideline]", "[guideline", "expected TOML"),
    ],
)
def test_a_malformed_file_is_refused_with_its_name_and_what_was_expected(my_lab, old, new, says):
    assert old in example()
    my_lab(lambda text: text.replace(old, new, 1))
    with pytest.raises(ReferenceDataError) as caught:
        interpret(b12="140 ng/L", guideline="my-lab.toml")
    assert caught.value.message.startswith("my-lab.toml: ")
    assert says in caught.value.message


def test_one_number_may_be_both_the_limit_of_low_and_of_adequate(my_lab):
    my_lab(lambda text: text.replace("value = 300,", "value = 145,").replace(', { value = 107, unit = "pmol/L" }', ""))
    assert [status("my-lab.toml", b12=f"{number} ng/L") for number in (144, 145, 146)] == [
        "deficient",
        "indeterminate",
        "deficiency_unlikely",
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("my-lob.toml", "no such file"),
        ("nice-ng239.toml", "did you mean 'nice-ng239'? Accepted: "),
        (".toml", "no such file"),
    ],
)
def test_a_file_that_is_not_there_is_said_to_be_missing(my_lab, given, says):
    with pytest.raises(GuidelineError, match=re.escape(says)) as caught:
        interpret(b12="140 ng/L", guideline=given)
    assert given in caught.value.message


@pytest.mark.parametrize(
    ("b12", "mma", "symptoms", "status"),
    [
        ("124 pmol/L", None, [], "deficient"),
        ("125 pmol/L", None, [], "indeterminate"),
        ("250 pmol/L", None, [], "indeterminate"),
        ("251 pmol/L", None, [], "deficiency_unlikely"),
        ("200 pmol/L", "0.28 umol/L", ["fatigue"], "deficiency_unlikely"),
        ("200 pmol/L", "0.29 umol/L", ["fatigue"], "functional_deficiency"),
        ("200 pmol/L", "0.75 umol/L", ["numb feet"], "functional_deficiency"),
        ("200 pmol/L", "0.29 umol/L", [], "indeterminate"),
        ("200 pmol/L", "0.75 umol/L", [], "indeterminate"),
        ("200 pmol/L", "0.76 umol/L", [], "functional_deficiency"),
    ],
)
def test_danish_general_practice_counts_a_slightly_raised_mma_only_with_a_symptom(b12, mma, symptoms, status):
    given = {"b12": b12, "age": 50, "sex": "male", "symptoms": symptoms} | ({"mma": mma} if mma else {})
    assert interpret(**given, guideline="denmark").status == status


def test_a_limit_that_a_guideline_does_not_make_opens_nothing():
    assert interpret(b12="250 pg/mL", mma="0.9 umol/L", egfr="90 mL/min/1.73m2", age=50).overturned_by == (
        "a low total B12 or holoTC",
    )
    own = {"value": 0.27, "unit": "umol/L", "reference_high": 0.25}
    assert interpret(b12="250 pg/mL", mma=own, age=50).functional_deficiency is True


@pytest.mark.parametrize(
    ("guideline", "marker", "values"),
    [
        ("norway", "b12", ("99 pmol/L", "100 pmol/L", "275 pmol/L", "276 pmol/L")),
        ("nhg", "b12", ("149 pmol/L", "150 pmol/L", "250 pmol/L", "251 pmol/L")),
        ("nhg", "holotc", ("19 pmol/L", "20 pmol/L", "35 pmol/L", "36 pmol/L")),
        ("obeid-traffic-light", "b12", ("179 pmol/L", "180 pmol/L", "308 pmol/L", "309 pmol/L")),
    ],
)
def test_a_guideline_divides_where_its_handbook_does(guideline, marker, values):
    found = [interpret(**{marker: value}, age=50, guideline=guideline).status for value in values]
    assert found == ["deficient", "indeterminate", "indeterminate", "deficiency_unlikely"]

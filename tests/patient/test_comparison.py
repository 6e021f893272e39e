"""One patient by every guideline, and the number on which they differ."""

import json

import pytest

from b12labs import compare_guidelines, guidelines, interpret, read_panel
from b12labs.cli.main import main
from tests.conftest import ROOT

LABS = ROOT / "examples/labs.csv"
GREY = {"b12": "195 pg/mL", "mma": "0.30 umol/L", "age": 67, "sex": "female"}


def by_key(comparison):
    return {row.key: row for row in comparison.rows}


def test_every_guideline_has_a_row_that_says_what_interpret_says():
    found = compare_guidelines(**GREY)
    assert [row.key for row in found.rows] == ["nice-ng239", *(key for key in guidelines() if key != "nice-ng239")]
    for row in found.rows:
        alone = interpret(**GREY, guideline=row.key)
        assert (row.status, row.treatment_route, row.functional_deficiency) == (
            alone.status,
            alone.treatment.route,
            alone.functional_deficiency,
        )
        assert row.title == alone.guideline_title


def test_who_concludes_otherwise_says_on_which_number():
    rows = by_key(compare_guidelines(**GREY))
    assert rows["bsh-2014"].differs_on == "B12 195 pg/mL below 200 ng/L"
    assert rows["stabler-2013"].differs_on == "MMA 0.30 µmol/L not above 400 nmol/L"
    assert rows["norway"].differs_on == "MMA 0.30 µmol/L not above 0.36 µmol/L"


def test_who_concludes_the_same_differs_on_nothing():
    found = compare_guidelines(**GREY)
    first = found.rows[0]
    for row in found.rows:
        same = (row.status, row.treatment_route, row.functional_deficiency) == (
            first.status,
            first.treatment_route,
            first.functional_deficiency,
        )
        assert same == (row.differs_on == ""), row


def test_an_interval_as_a_limit_is_named_whole():
    assert (
        by_key(compare_guidelines(b12="195 pg/mL", age=40))["nih-ods"].differs_on
        == "B12 195 pg/mL below 200 to 250 pg/mL"
    )
    undecided = by_key(compare_guidelines(b12="220 pg/mL", age=40, guideline="obeid-traffic-light"))["nih-ods"]
    assert undecided.status == "indeterminate"
    assert undecided.differs_on == "B12 220 pg/mL undecided against 200 to 250 pg/mL"


def test_at_17_a_guideline_for_adults_is_read_beside_the_centile_of_the_age():
    of_age = {age: by_key(compare_guidelines(b12="380 pg/mL", age=age, sex="female"))["aafp-2017"] for age in (17, 18)}
    assert of_age[18].differs_on == "B12 380 pg/mL not above 399 pg/mL"
    assert of_age[17].differs_on == "B12 380 pg/mL not above the higher of 399 pg/mL and 174 to 200 pmol/L"


def test_any_guideline_may_be_the_one_compared_with():
    found = compare_guidelines(**GREY, guideline="bsh-2014")
    assert found.rows[0].key == "bsh-2014"
    assert by_key(found)["nice-ng239"].differs_on == "B12 195 pg/mL not below 180 ng/L"


def test_the_laboratorys_own_interval_decides_alike_where_guidelines_leave_it_to_the_laboratory():
    mma = {"value": 0.30, "unit": "umol/L", "reference_high": 0.25}
    rows = by_key(compare_guidelines(b12="250 pg/mL", mma=mma, age=40, guideline="nice-ng239"))
    assert rows["nice-ng239"].functional_deficiency is True
    assert rows["uptodate"].differs_on == ""
    assert rows["mayo-cascade"].differs_on == "MMA 0.3 µmol/L not above 0.4 nmol/mL"


@pytest.mark.parametrize(
    "values", [GREY, {}, {"mcv": "104 fL"}, {"b12": "low"}, {"b12": "<200 pg/mL"}, {"b12": "380 pg/mL"}]
)
def test_the_table_keeps_to_80_columns_and_the_dictionaries_to_json(values):
    found = compare_guidelines(**values)
    lines = str(found).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].startswith("nice-ng239")
    assert len(json.loads(json.dumps(found.to_dicts()))) == len(guidelines())


def test_a_panel_already_read_gives_the_same():
    panel = read_panel(GREY)
    assert compare_guidelines(panel) == compare_guidelines(**GREY)
    with pytest.raises(TypeError, match="not both"):
        compare_guidelines(panel, b12="195 pg/mL")


def test_the_command_line_compares_a_row(capsys):
    assert main(["explain", str(LABS), "--row", "1", "--compare"]) == 0
    said = capsys.readouterr().out
    assert all(key in said for key in guidelines())
    assert main(["explain", str(LABS), "--row", "1", "--compare", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["key"] == "nice-ng239"
    for row in range(1, 49):
        main(["explain", str(LABS), "--row", str(row), "--compare"])
        assert max(map(len, capsys.readouterr().out.splitlines())) <= 80

"""A test under one name in two kinds of unit: gastrin as mass and as amount of substance, never converted."""

import pandas as pd
import pytest

from b12labs import interpret, interpret_frame, interpret_long
from b12labs.errors import MeasurementError
from b12labs.inputs.panel import read_panel
from b12labs.inputs.several import by_result, by_unit, named_by
from b12labs.site_mapping.headers import recognize


@pytest.mark.parametrize(
    ("given", "analyte"),
    [
        ("400 pg/mL", "gastrin"),
        ("50 pmol/L", "gastrin_amount"),
        ("<10 pmol/l", "gastrin_amount"),
        ("50 pmol/L (5-40) H", "gastrin_amount"),
        ((50, "pmol/L"), "gastrin_amount"),
        ({"value": 50, "unit": "pmol/L"}, "gastrin_amount"),
        ({"flag": "H", "unit": "pmol/L"}, "gastrin_amount"),
        ({"value": "x", "unit": "pmol/L"}, "gastrin_amount"),
        ("high", "gastrin"),
        ("50 parsec", "gastrin"),
        ("50", "gastrin"),
        (None, "gastrin"),
    ],
)
def test_the_unit_decides_which_of_them_a_result_is(given, analyte):
    assert by_result("gastrin", given) == analyte


def test_the_unit_of_a_column_decides_where_the_value_says_none():
    assert by_result("gastrin", 50, unit="pmol/L") == "gastrin_amount"
    assert by_unit("gastrin", "pmol/L") == "gastrin_amount"
    assert by_unit("gastrin", "ng/L") == by_unit("gastrin", None) == by_unit("gastrin", "parsec") == "gastrin"
    assert by_unit("b12", "pmol/L") == "b12"
    assert named_by("gastrin_amount") == "gastrin"


def test_an_amount_is_not_read_from_a_mass():
    with pytest.raises(MeasurementError) as raised:
        interpret(gastrin_amount="400 pg/mL")
    assert raised.value.code == "wrong_kind_of_unit"


def test_the_laboratorys_own_interval_or_flag_decides_and_no_number_of_ours():
    def raised(**given):
        return interpret(b12="100 pg/mL", age=50, sex="female", **given).findings["gastrin_raised"].state

    assert raised(gastrin="5000 pmol/L") is None
    assert raised(gastrin="50 pmol/L (5-40)") is True
    assert raised(gastrin="50 pmol/L H") is True
    assert raised(gastrin="30 pmol/L (5-40)") is False
    assert raised(gastrin=30, gastrin_amount="90 pmol/L (5-40)", units={"gastrin": "pg/mL"}) is True
    assert raised(gastrin="300 pg/mL", gastrin_amount="30 pmol/L (5-40)") is True


def test_both_are_kept_as_they_were_given():
    panel = read_panel({"gastrin": "300 pg/mL", "gastrin_amount": "30 pmol/L"})
    assert {key: result.given for key, result in panel.results.items()} == {
        "gastrin": "300 pg/mL",
        "gastrin_amount": "30 pmol/L",
    }
    assert panel.problems == ()


def test_two_amounts_that_differ_are_in_conflict():
    panel = read_panel({"gastrin": "30 pmol/L", "gastrin_amount": "40 pmol/L"}, report=True)
    assert [(problem.field, problem.code) for problem in panel.problems] == [("gastrin_amount", "results_in_conflict")]


@pytest.mark.parametrize(
    ("cells", "options"),
    [
        ({"Gastrin [pmol/L]": [50, 30, None], "gastrin_reference_high": [40, 40, None]}, {}),
        ({"gastrin": [50, 30, None], "gastrin_reference_high": [40, 40, None]}, {"units": {"gastrin": "pmol/L"}}),
        ({"S-Gastrin": ["50 pmol/L (5-40)", "30 pmol/L (5-40)", ""]}, {}),
        ({"Gastrin": [50, 30, None], "gastrin_unit": ["pmol/L"] * 3, "gastrin_reference_high": [40, 40, None]}, {}),
        ({"gastrin_pmol_l": ["50 H", "30 N", ""]}, {}),
    ],
)
def test_the_columns_of_a_table(cells, options):
    frame = pd.DataFrame({"b12 [pg/mL]": [100] * 3, "age": [50] * 3, "sex": ["F"] * 3, **cells})
    found = interpret_frame(frame, findings=True, **options)
    assert found["problems"].tolist() == [""] * 3
    assert found["gastrin_raised"].tolist()[:2] == [True, False]
    assert found["gastrin_raised"].isna()[2]


def test_one_column_of_two_kinds():
    frame = pd.DataFrame(
        {"gastrin": ["400", "50 H", "x", "50 H"], "gastrin_unit": ["pg/mL", "pmol/L", "pmol/L", "furlong"]}
    )
    found = interpret_frame(frame, findings=True)
    assert found["gastrin_raised"].tolist()[:2] == [True, True]
    assert found["problems"].tolist() == ["", "", "gastrin_amount: unreadable_value", "gastrin: unknown_unit"]


def test_reticulocytes_are_a_number_or_a_share_by_their_unit():
    assert list(recognize(["Reticulocytes (10*9/L)", "Reticulocytes (%)"]).analytes) == [
        "reticulocytes",
        "reticulocyte_percent",
    ]
    assert list(recognize(["Reticulocyte count [%]"]).analytes) == ["reticulocyte_percent"]
    panel = read_panel({"reticulocytes": "2.1 %"})
    assert {key: result.given for key, result in panel.results.items()} == {"reticulocyte_percent": "2.1 %"}


def test_a_column_of_each_kind_is_no_second_column_of_one_analyte():
    assert list(recognize(["Gastrin [pg/mL]", "Gastrin [pmol/L]"]).analytes) == ["gastrin", "gastrin_amount"]


def test_a_code_of_one_kind_beside_the_name_of_both():
    rows = {
        "patient": ["1", "2"],
        "date": ["2024-01-01"] * 2,
        "loinc": ["15072-2", "2333-3"],
        "test": ["Gastrin"] * 2,
        "value": ["50", "400"],
        "unit": ["pmol/L", "pg/mL"],
        "flag": ["H", ""],
    }
    found = interpret_long(pd.DataFrame(rows), findings=True)
    assert found["gastrin_raised"].tolist() == [True, True]
    assert found["problems"].tolist() == ["", ""]

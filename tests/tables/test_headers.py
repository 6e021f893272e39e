"""What the columns of a wide table are taken for, and in which unit."""

import pandas as pd
import pytest

from b12labs import ColumnError, MeasurementError, SiteMapping, interpret, interpret_frame, measure
from b12labs.draws.site_mapping import recognize_wide
from b12labs.inputs.measurement import unit_registry
from b12labs.tables.headers import recognize, row_values


def answers(columns, **options):
    """Return status and problems of every row."""
    return interpret_frame(pd.DataFrame(columns), **options)[["status", "problems"]].to_numpy().tolist()


CONFLICT = ["not_assessed", "b12: conflicting_units"]


@pytest.mark.parametrize("units", [{"b12": "pmol/L"}, {"B12 [pg/mL]": "pmol/L"}])
def test_a_header_and_an_option_that_say_two_units_are_refused(units):
    with pytest.raises(ColumnError) as refused:
        interpret_frame(pd.DataFrame({"B12 [pg/mL]": [150]}), units=units)
    assert (refused.value.code, refused.value.field) == ("conflicting_units", "B12 [pg/mL]")
    with pytest.raises(ColumnError):
        recognize_wide(["B12 [pg/mL]"], SiteMapping(units=units if "b12" in units else {"b12": "pmol/L"}))


def test_a_header_and_an_option_may_say_one_unit_twice():
    assert answers({"B12 [pg/mL]": [150]}, units={"b12": "ng/L"}) == [["deficient", ""]]


def test_a_column_beside_and_a_header_or_an_option_must_agree_on_every_row():
    assert answers({"B12 [pmol/L]": [150, 150], "b12_unit": ["pg/mL", None]}) == [CONFLICT, ["indeterminate", ""]]
    assert answers({"B12": [150], "b12_unit": ["pg/mL"]}, units={"b12": "pmol/L"}) == [CONFLICT]
    assert answers({"B12 [ng/L]": [150], "b12_unit": ["pg/mL"]}) == [["deficient", ""]]


def test_a_row_says_of_its_units_what_the_table_says():
    columns = {"B12 [pmol/L]": 150, "b12_unit": "pg/mL", "Hb [g/L]": 140, "hb_unit": None}
    result = interpret(**row_values(recognize(columns), columns), errors="report")
    assert [problem.code for problem in result.problems] == ["conflicting_units"]


@pytest.mark.parametrize(
    "value", [(150, "pg/mL"), {"value": 150, "unit": "pg/mL"}, unit_registry().Quantity(150, "pg/mL"), "150 pg/mL"]
)
def test_a_value_and_its_column_must_agree(value):
    assert measure("b12", value, unit="ng/L").low == 150
    with pytest.raises(MeasurementError) as refused:
        measure("b12", value, unit="pmol/L")
    assert refused.value.code == "conflicting_units"


def test_an_age_and_an_elevation_must_be_in_the_unit_of_their_column():
    table = pd.DataFrame({"B12 [pg/mL]": [150], "age [months]": ["5 years"], "elevation [ft]": ["1500 m"]})
    assert interpret_frame(table)["problems"].tolist() == ["age: unreadable_age; elevation: unreadable_elevation"]

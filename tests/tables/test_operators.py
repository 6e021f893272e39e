"""A comparator in a column of its own is read with its result, or is a problem: it is never dropped."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import SiteMapping, interpret, interpret_frame, interpret_long, to_draws
from b12labs.files import interpret_file

NAMES = ["b12_operator", "B12 comparator", "Vitamin B12 qualifier", "b12_bound", "b12_op", "B12 modifier"]
#: Comparators as records write them, with how a cell of text writes them.
WRITTEN = {"<": "<", "<=": "<=", "≤": "<=", "LT": "<", ">": ">", "≥": ">=", "GE": ">=", "=": "", None: ""}


def table(value, operator, name="b12_operator"):
    return pd.DataFrame({"B12 [pg/mL]": [value], name: [operator], "age": [50], "sex": ["F"]})


@pytest.mark.parametrize("name", NAMES)
def test_a_number_below_400_is_not_the_number_400(name):
    below = table(400, "<", name)
    assert interpret_frame(below)["status"].to_list() == ["indeterminate"]
    assert interpret(below.iloc[0]).status == "indeterminate"
    assert interpret_frame(table(400, None, name))["status"].to_list() == ["deficiency_unlikely"]


@given(st.integers(20, 2500), st.sampled_from(list(WRITTEN)))
def test_a_comparator_beside_a_number_is_read_as_one_before_it(number, operator):
    beside = interpret_frame(table(number, operator))
    before = interpret_frame(table(f"{WRITTEN[operator]}{number}", None))
    assert beside["status"].to_list() == before["status"].to_list()
    assert beside["problems"].to_list() == before["problems"].to_list()
    assert interpret(table(number, operator).iloc[0]).status == beside.loc[0, "status"]


@pytest.mark.parametrize(("value", "operator"), [(400, "approx"), ("<150", ">"), (400, "JSM")])
def test_a_comparator_that_is_not_known_or_contradicts_the_value_is_a_problem(value, operator):
    found = interpret_frame(table(value, operator))
    assert found.loc[0, ["status", "problems"]].to_list() == ["not_assessed", "b12: unreadable_value"]


def test_the_codes_of_a_site_are_read():
    site = SiteMapping(operators={"4171756": "<"})
    assert interpret_frame(table(400, 4171756), mapping=site)["status"].to_list() == ["indeterminate"]


def test_a_code_of_a_site_is_explained_once():
    site = SiteMapping(operators={"L": "<", "<": ""})
    assert interpret_long(long(["L"], "operator"), mapping=site)["status"].to_list() == ["indeterminate"]
    assert interpret_frame(table(400, "L"), mapping=site)["status"].to_list() == ["indeterminate"]


def test_a_comparator_without_a_number_is_not_a_result():
    assert interpret_frame(table(None, "<")).loc[0, ["status", "problems"]].to_list() == ["not_assessed", ""]


def test_a_comparator_of_an_unknown_result_is_a_problem_and_a_name_in_that_column_is_not():
    two = pd.concat([table(400, "<", "operator"), table(400, "JSM", "operator")]).assign(hemoglobin="14 g/dL")
    assert interpret_frame(two)["problems"].to_list() == ["operator: unknown_operator", ""]


@pytest.mark.parametrize("name", ["operator", "Comparator", "qualifier", "result_sign"])
def test_a_comparator_beside_the_only_result_of_a_table_is_read_with_it(name):
    found = interpret_frame(pd.concat([table(400, "<", name), table(400, "JSM", name), table(400, None, name)]))
    assert found["status"].to_list() == ["indeterminate", "deficiency_unlikely", "deficiency_unlikely"]
    assert found["problems"].to_list() == ["", "", ""]


@pytest.mark.parametrize("word", ["H", "fasting"])
def test_a_qualifier_of_an_analyte_that_is_not_a_comparator_changes_no_result(word):
    assert interpret_frame(table(400, word, "b12_qualifier"))["status"].to_list() == ["deficiency_unlikely"]


def test_columns_of_one_analyte_keep_their_own_comparators():
    two = pd.DataFrame({"B12 [pg/mL]": [400, None], "B12 [pmol/L]": [None, 400], "age": 50, "sex": "F"})
    mixed = two.rename(columns={"B12 [pmol/L]": "cobalamin [pmol/L]"}).assign(cobalamin_operator=[None, "<"])
    assert interpret_frame(mixed)["status"].to_list() == ["deficiency_unlikely", "indeterminate"]


LONG_NAMES = ["result_operator", "Value Comparator", "qualifier", "result qualifier", "value_modifier", "sign", "bound"]


def long(operators, name, values=None):
    values = values or [400] * len(operators)
    rows = {"patient": [str(number) for number in range(len(values))], "time": "2024-03-01", "test": "B12"}
    return pd.DataFrame({**rows, "result": values, "unit": "pg/mL", name: operators, "age": 50, "sex": "F"})


@pytest.mark.parametrize("name", LONG_NAMES)
def test_a_long_table_has_comparators_under_any_of_their_names(name):
    found = interpret_long(long(["<", "=", None], name))
    assert found["status"].to_list() == ["indeterminate", "deficiency_unlikely", "deficiency_unlikely"]


def test_a_qualifier_that_is_not_a_comparator_changes_no_result():
    assert interpret_long(long(["fasting", "H"], "qualifier"))["status"].to_list() == ["deficiency_unlikely"] * 2


def test_a_qualifier_that_contradicts_its_value_leaves_the_result_out():
    draws = to_draws(long([">", ">"], "qualifier", ["<150", 2000]))
    assert draws.problem_rows()["code"].to_list() == ["conflicting_operators"]
    assert draws.wide["b12"].to_list() == [">2000"]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_qualifier_of_a_file_is_read(tmp_path, suffix):
    labs, out = tmp_path / f"labs.{suffix}", tmp_path / "out.csv"
    table = long(["<", None], "qualifier")
    table.to_csv(labs, index=False) if suffix == "csv" else table.to_parquet(labs)
    interpret_file(labs, output=out)
    assert pd.read_csv(out)["status"].to_list() == ["indeterminate", "deficiency_unlikely"]

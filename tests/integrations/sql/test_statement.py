"""A statement is made from the rules as they stand, names its steps, and says what is wrong with its columns."""

import doctest
import re
from dataclasses import replace

import duckdb
import pandas as pd
import pytest

import b12labs
from b12labs import SiteMapping, interpret_frame, to_sql
from b12labs.errors import B12LabsError
from b12labs.inputs.fields import PATIENT_FIELDS
from b12labs.integrations.sql import making
from b12labs.integrations.sql.told import told
from b12labs.limits import stratified
from b12labs.limits.stratified import limits_of
from b12labs.logic import language as logic
from b12labs.reasoning.compiled import FINDING_RULES
from b12labs.reference import analytes, context
from tests.conftest import ROOT
from tests.sql_statement import COLUMNS, UNITS, statement


def answers(table, **options):
    with duckdb.connect() as connection:
        connection.register("labs", table)
        return connection.execute(to_sql(**options)).df()


def test_the_sentence_of_a_finding_stands_above_it():
    says = FINDING_RULES["macrocytosis"].says
    _, _, after = statement().partition(f"-- {says}\n")
    assert after.partition(",\n")[0].endswith(" AS macrocytosis")


def test_the_words_of_a_truth_are_those_of_sql():
    assert "COALESCE(" in statement()
    assert re.search(r"CASE WHEN \w+ THEN 'deficient'", statement())


def test_a_changed_limit_changes_the_statement(monkeypatch):
    before = statement()
    row = stratified.limits_of("nice-ng239").guideline.limits["b12_deficient"]
    monkeypatch.setattr(stratified, "canonical", lambda analyte, value: (181.0, 181.0))
    stratified._of_key.cache_clear()
    try:
        after = statement()
    finally:
        monkeypatch.undo()
        stratified._of_key.cache_clear()
    assert row
    assert "181.0 * (1 - 1e-09)" in after
    assert after != before


def test_a_changed_rule_changes_the_statement(monkeypatch):
    before = statement()
    rule = FINDING_RULES["functional_deficiency"]
    changed = replace(rule, when=rule.when & logic.measured.hemoglobin.__lt__(42))
    monkeypatch.setitem(FINDING_RULES, "functional_deficiency", changed)
    after = statement()
    assert after != before
    assert "hemoglobin_stated < 42.0 * (1 - 1e-09)" in after


def test_the_answers_say_what_they_were_made_with():
    made = b12labs.interpret(b12="150 pg/mL").provenance
    found = answers(pd.DataFrame({"v": [150.0]}), columns={"v": "b12"}, units={"b12": "pg/mL"}).iloc[0]
    assert found["status"] == "deficient"
    assert (found["guideline"], found["rules_version"]) == ("nice-ng239", made.rules_version)
    assert (found["rules_hash"], found["b12labs_version"]) == (made.rules_hash, made.version)
    assert found["guideline_hash"] == made.guideline_hash


@pytest.mark.parametrize(
    ("value", "status", "problem"),
    [
        (float("nan"), "not_assessed", ""),
        (float("inf"), "not_assessed", "b12: not_finite"),
        (float("-inf"), "not_assessed", "b12: not_finite"),
        (-3.0, "not_assessed", "b12: negative_value"),
        (1e9, "not_assessed", "b12: implausible_value"),
        (60_000.0, "indeterminate", "b12: doubtful_unit"),
        (150.0, "deficient", ""),
    ],
)
def test_nan_and_infinity_are_what_they_are_to_interpret_frame(value, status, problem):
    table = pd.DataFrame({"v": [value]})
    framed = interpret_frame(table, columns={"v": "b12"}, units={"b12": "pg/mL"}).iloc[0]
    found = answers(table, columns={"v": "b12"}, units={"b12": "pg/mL"}).iloc[0]
    assert found["problems"] == framed["problems"] == problem
    assert found["status"] == framed["status"]
    assert problem != "" or found["status"] == status


def test_columns_of_the_table_do_not_meet_those_of_the_statement():
    table = pd.DataFrame({"status": ["final"], "b12_stated": [1], "Order": [7], "b12": [150.0], "mcv": [112.0]})
    found = answers(
        table,
        columns={"b12": "b12", "mcv": "mcv"},
        units={"b12": "pg/mL", "mcv": "fL"},
        keep=["status", "b12_stated", "Order"],
    ).iloc[0]
    assert found[["status", "b12_stated", "Order"]].to_list() == ["final", 1, 7]
    assert found["b12labs_status"] == "deficient"


def test_what_a_site_calls_things_is_understood():
    site = SiteMapping(codes={"unit": {"8845": "pg/mL"}, "sex": {"8532": "female"}}, operators={"4171756": "<"})
    table = pd.DataFrame({"v": [145.0], "u": [8845], "op": [4171756], "s": [8532], "hb": [125.0]})
    found = answers(
        table,
        columns={"v": "b12", "u": "b12_unit", "op": "b12_bound", "s": "sex", "hb": "hemoglobin"},
        units={"hemoglobin": "g/L"},
        mapping=site,
    ).iloc[0]
    assert found[["status", "anemia", "problems"]].to_list() == ["deficient", False, ""]


@pytest.mark.parametrize("cell", [True, 1, 1.0, "yes", "Y", " true "])
def test_a_term_is_yes_in_any_type(cell):
    table = pd.DataFrame({"v": [150.0], "x": [cell]})
    found = answers(
        table, columns={"v": "b12", "x": "nitrous_oxide"}, units={"b12": "pg/mL"}, findings=["nitrous_oxide"]
    )
    assert bool(found.loc[0, "nitrous_oxide"])


def test_folic_acid_is_a_medicine_where_no_unit_makes_it_a_result():
    table = pd.DataFrame({"v": [150.0], "x": ["yes"], "y": [9.0]})
    units = {"b12": "pg/mL"}
    as_term = {"columns": {"v": "b12", "x": "folic_acid"}, "units": units}
    assert answers(table, **as_term).loc[0, "problems"] == ""
    assert "folic_acid_given" in to_sql(**as_term)
    as_result = {"columns": {"v": "b12", "y": "folic_acid"}, "units": {**units, "folic_acid": "ng/mL"}}
    assert answers(table, **as_result).loc[0, "problems"] == ""
    assert "folate_given" in to_sql(**as_result)


def test_all_columns_that_there_can_be_are_fewer_than_postgresql_takes():
    site = SiteMapping()
    every = {}
    for key in analytes():
        every |= {f"{key}_1": key, f"{key}_2": f"{key}_unit", f"{key}_3": f"{key}_bound"}
    every |= {f"a_{name}": name for name in (*PATIENT_FIELDS, *context().terms)}
    asked = making.Asked(limits_of("nice-ng239"), tuple(FINDING_RULES), logic.UNKNOWN, site)
    steps, _ = making.steps_over(told(every, None, site), asked, ())
    assert 1_000 < steps.width < 1_600


@pytest.mark.parametrize("dialect", ["snowflake", "bigquery", "tsql"])
def test_a_dialect_that_is_not_run_says_so(dialect):
    assert f"not run in {dialect}" in statement(dialect=dialect).splitlines()[0]
    assert "not run" not in statement(dialect="spark")


WRONG = {
    "unknown analyte": ({"columns": {"v": "b21"}}, "did you mean 'b12'?"),
    "the other way round": ({"columns": {"b12": "v_result"}}, "put the table's column first: {'v_result': 'b12'}"),
    "unknown unit": ({"units": {"b12": "pg/ml/L"}}, "b12: unit 'pg/ml/L' is not known"),
    "no unit": ({"units": {}}, "b12: 'v' has no unit"),
    "unit of nothing": ({"units": {"b12": "pg/mL", "mma": "umol/L"}}, "units: 'mma' is not a result of this table"),
    "unknown finding": ({"findings": ["macrocytoses"]}, "did you mean 'macrocytosis'?"),
    "unknown guideline": ({"guideline": "nice-ng293"}, "did you mean 'nice-ng239'?"),
    "unknown dialect": ({"dialect": "postgress"}, "did you mean 'postgres'?"),
    "two units": ({"columns": {"b12 [pg/mL]": "b12"}, "units": {"b12": "pmol/L"}}, "has 'pmol/L'. Leave one out"),
    "two columns": ({"columns": {"v": "b12", "w": "b12"}}, "'v' and 'w' are both b12"),
    "a bound of nothing": ({"columns": {"v": "b12", "w": "mma_bound"}}, "'w' is the bound of mma"),
    "a flag": ({"columns": {"v": "b12", "w": "b12_flag"}}, "flags and intervals per row are not supported in SQL"),
    "words": ({"columns": {"v": "b12", "w": "symptoms"}}, "give each term a yes/no column"),
    "nothing": ({"columns": {"w": "sex"}, "units": {}}, "expected a column of a result"),
    "no table": ({"table": "labs; DROP TABLE labs"}, "table: expected the name of a table"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_error_says_what_was_expected(name):
    options, said = WRONG[name]
    with pytest.raises(B12LabsError) as raised:
        to_sql(**{"columns": {"v": "b12"}, "units": {"b12": "pg/mL"}, **options})
    assert said in str(raised.value)


def test_the_examples_of_the_page_and_the_docstring_run():
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.testfile(str(ROOT / "docs/sql.md"), module_relative=False, optionflags=options).failed == 0
    assert doctest.testmod(making, optionflags=options).failed == 0


def test_the_columns_of_the_snapshot_are_all_of_use():
    assert set(UNITS) <= set(COLUMNS.values())


@pytest.mark.parametrize("dialect", ["sqlite", "mysql"])
def test_a_dialect_that_reads_text_as_a_number_without_an_error_is_refused(dialect):
    with pytest.raises(B12LabsError, match="dialect: expected"):
        to_sql(columns={"b12": "b12"}, units={"b12": "pg/mL"}, dialect=dialect)


@pytest.mark.parametrize(
    "name", ["current_user", "current_schema", "session_user", "lateral", "only", "returning", "qualify"]
)
def test_a_column_called_like_a_function_or_a_word_of_sql_is_the_column(name):
    table = pd.DataFrame({name: [150.0, 600.0], "b12": [150.0, 600.0]})
    written = to_sql(columns={"b12": "b12"}, units={"b12": "pg/mL"}, keep=[name], table="labs")
    with duckdb.connect() as connection:
        connection.register("labs", table)
        found = connection.execute(written).df()
    assert sorted(found[name].to_list()) == [150.0, 600.0]

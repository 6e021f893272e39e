"""A long table is made into draws, and its draws are answered as rows of a wide table are."""

from functools import cache

import duckdb
import pandas as pd
import pytest

from b12labs import SiteMapping, to_sql
from b12labs.errors import B12LabsError
from validation.sql.comparing import differences, expected
from validation.sql.rows import made_up

OMOP = {
    "person_id": "patient",
    "measurement_datetime": "time",
    "measurement_concept_id": "test",
    "value_as_number": "value",
    "unit_source_value": "unit",
    "operator_concept_id": "operator",
}


WITH_TERM = {**OMOP, "n2o": "nitrous_oxide"}


@cache
def statement():
    return to_sql(columns=OMOP, code_system="omop", table="measurement")


def answered(rows, **options):
    table = pd.DataFrame(rows, columns=list(OMOP))
    written = to_sql(columns=OMOP, code_system="omop", table="measurement", **options) if options else statement()
    with duckdb.connect() as connection:
        connection.register("measurement", table)
        return connection.execute(f"SELECT * FROM ({written}) ORDER BY patient, day").df()


def row(result, unit="pg/mL", *, at="2024-03-01 08:30:00", operator=None, concept=3000593, person=17):
    return (person, at, concept, result, unit, operator)


def test_a_day_of_a_patient_is_a_draw():
    found = answered([row(150.0), row(410.0, at="2024-06-01 09:00:00"), row(600.0, person=18)])
    assert found["patient"].to_list() == [17, 17, 18]
    assert found["status"].to_list() == ["deficient", "deficiency_unlikely", "deficiency_unlikely"]


def test_the_latest_result_of_a_day_counts():
    found = answered([row(600.0), row(150.0, at="2024-03-01 12:00:00")])
    assert found.loc[0, ["status", "problems"]].to_list() == ["deficient", ""]


def test_results_of_one_time_that_differ_are_not_used():
    pairs = [
        (row(150.0, person=1), row(600.0, person=1)),
        (row(150.0, person=2), row(150.0, "pmol/L", person=2)),
        (row(150.0, person=3), row(150.0, operator="<", person=3)),
        (row(150.0, person=4), row(150.0, person=4)),
    ]
    found = answered([result for pair in pairs for result in pair])
    assert found["problems"].to_list() == ["b12: results_in_conflict"] * 3 + [""]
    assert found["status"].to_list() == ["not_assessed"] * 3 + ["deficient"]


def test_a_result_without_a_number_is_said_and_is_not_missing():
    later = row(150.0, at="2024-03-01 07:00:00", person=2)
    found = answered([row(None, person=1), row(None, person=2), later])
    assert found.loc[0, "problems"] == "b12: unreadable_value"
    assert found["status"].to_list() == ["not_assessed", "deficient"]


def test_codes_of_the_site_go_before():
    site = SiteMapping(
        tests={"3000593": "holotc", "77": "b12"}, codes={"unit": {"8845": "pg/mL"}}, operators={"4171756": "<"}
    )
    of_the_site, of_another_test = row(150.0, "8845", concept=77, operator=4171756), row(20.0, "pmol/L", person=18)
    found = answered([of_the_site, of_another_test], mapping=site)
    assert found.loc[0, "status"] == "deficient"
    assert found.loc[1, "problems"] == ""


def test_a_draw_is_answered_as_a_row_of_a_wide_table_is():
    rows = 400
    made = made_up(rows, 6)
    wide = [what for what in made.columns.values() if f"{what}_unit" in made.columns.values()]
    header = {what: name for name, what in made.columns.items()}
    parts = [
        pd.DataFrame(
            {
                "id": made.table["id"],
                "test": key,
                "result": made.table[f"{key}_result"],
                "unit": made.table[f"{key}_u"],
                "operator": made.table[f"{key}_op"],
            }
        ).dropna(subset="result")
        for key in wide
    ]
    people = made.table[["id", header["age"], header["sex"], header["elevation"]]]
    long = pd.concat(parts).merge(people, on="id").assign(drawn="2024-03-01")
    columns = {"id": "patient", "drawn": "time", "test": "test", "result": "value", "unit": "unit"}
    columns |= {"operator": "operator", header["age"]: "age", header["sex"]: "sex", header["elevation"]: "elevation"}
    site = SiteMapping(tests={key: key for key in wide})
    with duckdb.connect() as connection:
        connection.register("labs", long)
        got = connection.execute(to_sql(columns=columns, mapping=site, findings=True)).df()
    got = got.sort_values("patient").reset_index(drop=True)
    names = [name for key in wide for name in (key, f"{key}_unit")]
    there = made.table["id"].isin(long["id"])
    made.frame = made.frame.loc[there, [*names, "age", "sex", "elevation"]].reset_index(drop=True)
    made.units = {}
    assert len(got) == len(made.frame) > rows / 2
    assert differences(expected(made, "nice-ng239", findings=True), got) == {}


WRONG = {
    "no unit": ({"columns": {n: w for n, w in OMOP.items() if w != "unit"}}, "expected a column for 'unit'"),
    "a result": ({"columns": {**OMOP, "b12": "b12"}}, "a long table has one row per result"),
    "keep": ({"keep": ["visit"]}, "a long table, whose draws have patient and day"),
    "system": ({"code_system": "loincs"}, "did you mean 'loinc'?"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_error_says_what_was_expected(name):
    options, said = WRONG[name]
    with pytest.raises(B12LabsError) as raised:
        to_sql(**{"columns": OMOP, **options})
    assert said in str(raised.value)


def test_results_of_nobody_are_in_no_draw():
    rows = [row(150.0, person=nobody) for nobody in (None, "", "  ")]
    later = [(person, "2024-03-01 09:30:00", *rest) for person, _, *rest in rows]
    assert answered([*rows, *later, row(150.0, person="17")])["patient"].to_list() == ["17"]


#: What the rows of one draw say of nitrous oxide, and what the draw says.
WORDS = [
    (["1", "no"], True),
    (["n", "true"], True),
    (["yes", None], True),
    (["no", "0"], False),
    (["1", "unknown"], True),
    (["perhaps", "no"], None),
    ([True, False], True),
]


def test_a_term_is_yes_if_any_row_says_yes():
    rows = [
        (*row(600.0, at=f"2024-03-01 0{8 + number}:30:00", person=person), word)
        for person, (words, _) in enumerate(WORDS)
        for number, word in enumerate(words)
    ]
    table = pd.DataFrame(rows, columns=list(WITH_TERM))
    statement = to_sql(columns=WITH_TERM, code_system="omop", table="measurement")
    with duckdb.connect() as connection:
        connection.register("measurement", table)
        found = connection.execute(f"SELECT status FROM ({statement}) ORDER BY patient").df()
    expected = ["deficiency_unlikely" if term is False else "indeterminate" for _, term in WORDS]
    assert found["status"].to_list() == expected


def test_an_operator_in_a_column_of_numbers_is_read():
    found = answered([row(150.0, operator=0.0), row(400.0, operator=float("nan"), person=18)])
    assert found["problems"].to_list() == ["", ""]


def test_a_code_in_a_column_of_numbers_is_read():
    assert answered([row(150.0, concept=3000593.0), row(600.0, concept=float("nan"))])["status"].to_list() == [
        "deficient"
    ]

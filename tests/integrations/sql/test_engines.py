"""A statement says of every row what interpret_frame says of it, in a real engine, in every column."""

import os
import shutil

import pytest

from b12labs import to_sql
from b12labs.reference import guideline_keys
from validation.sql.comparing import differences, expected
from validation.sql.engines import duckdb_engine, postgres_engine, postgres_programs, spark_engine
from validation.sql.rows import made_up

ROWS = 3_000


def agree(engine, dialect, guideline, seed, *, findings=True, rows=ROWS, usual=False):
    made = made_up(rows, seed)
    made = made.of_a_usual_laboratory() if usual else made
    statement = to_sql(
        columns=made.columns, units=made.units, guideline=guideline, dialect=dialect, findings=findings, keep=["id"]
    )
    with engine(made.table) as run:
        got = run(statement).sort_values("id").reset_index(drop=True)
    wanted = expected(made, guideline, findings)
    assert wanted["status"].nunique() == 5
    assert wanted["problems"].nunique() > 50
    assert differences(wanted, got) == {}


# The columns with a unit and a bound beside them are those of even places for one seed, and the others for the other.
@pytest.mark.parametrize(
    ("guideline", "seed"), [pytest.param("nice-ng239", 1, marks=pytest.mark.long), ("obeid-traffic-light", 2)]
)
def test_duckdb_says_what_interpret_frame_says(guideline, seed):
    agree(duckdb_engine, "duckdb", guideline, seed)


@pytest.mark.parametrize("seed", [3, 4])
def test_duckdb_says_so_by_another_guideline(seed):
    keys = guideline_keys()
    agree(duckdb_engine, "duckdb", keys[seed % len(keys)], seed, findings=False, rows=1_000)


def test_every_guideline_is_written():
    for key in guideline_keys():
        assert f"'{key}' AS guideline" in to_sql(columns={"b12": "b12"}, units={"b12": "pg/mL"}, guideline=key)


@pytest.mark.long
def test_postgresql_says_what_interpret_frame_says():
    if postgres_programs() is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL's server is not installed: .ci/run installs it")
        pytest.skip("PostgreSQL's server is not installed (Debian: postgresql)")
    agree(postgres_engine, "postgres", "bsh-2014", 5, findings=False, rows=1_500)


@pytest.mark.long
def test_spark_says_what_interpret_frame_says():
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, and there is no java on the PATH")
    agree(spark_engine, "spark", "norway", 5, findings=False, rows=1_500, usual=True)

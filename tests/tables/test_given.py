"""What may be given as a table, and what comes out of it."""

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from b12labs import ColumnError, SiteMapping, interpret_frame, interpret_long, problems_of, screen_frame

LONG = {
    "patient": [1, 1, 2],
    "time": ["2024-03-01T08:00", "2024-03-01T08:00", "2024-03-02"],
    "test": ["B12", "Hb", "Sodium"],
    "value": ["145", "10", "140"],
    "unit": ["pg/mL", "g/dL", "mmol/L"],
}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_long_table_comes_out_as_it_came_in_with_its_keys(make):
    table = make(LONG)
    answer = interpret_long(table)
    assert type(answer) is type(table)
    as_pandas = answer if isinstance(answer, pd.DataFrame) else answer.to_pandas()
    assert as_pandas["patient"].dtype == "int64"
    merged = as_pandas.merge(pd.DataFrame({"patient": [1, 2], "ward": ["a", "b"]}), on="patient")
    assert merged[["patient", "status", "ward"]].to_numpy().tolist() == [[1, "deficient", "a"]]


def test_times_keep_their_type_unless_they_are_of_two_columns():
    frame = pd.DataFrame(LONG).assign(time=pd.to_datetime(LONG["time"], format="ISO8601"))
    assert interpret_long(frame)["time"].dtype == frame["time"].dtype
    parted = pd.DataFrame(LONG).assign(date="2024-03-01", time="08:30")
    assert interpret_long(parted)["time"].tolist() == ["2024-03-01 08:30"]


@pytest.mark.filterwarnings("ignore::b12labs.ColumnWarning")
@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_table_without_rows_or_without_an_analyte_has_no_draws(make):
    """A nightly job meets such a day."""
    for rows in (0, 1):
        kept = make({name: cells[2:][:rows] for name, cells in LONG.items()}) if rows else make(LONG)[:0]
        assert len(interpret_long(kept)) == 0
    assert len(interpret_frame(make({"b12 [pg/mL]": ["1"]})[:0])) == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (pl.LazyFrame({"b12": [1]}), "integrations.polars.interpret"),
        (pd.Series([1.0], name="b12 [pg/mL]"), "to_frame"),
        ({"b12 [pg/mL]": [1.0]}, "pandas.DataFrame"),
        ([{"b12 [pg/mL]": 1.0}], "pandas.DataFrame"),
        (pa.RecordBatch.from_pydict({"b12 [pg/mL]": [1.0]}), "from_batches"),
        (pd.DataFrame({("B12", "pg/mL"): [1.0]}), "Join them"),
        ("labs.csv", "interpret_file"),
        (None, "got NoneType"),
    ],
)
@pytest.mark.parametrize("reads", [interpret_frame, screen_frame, problems_of])
def test_anything_else_is_refused_with_what_to_give(reads, given, says):
    with pytest.raises(ColumnError, match=says):
        reads(given)


def test_what_a_pivot_puts_into_the_index_is_read():
    index = pd.MultiIndex.from_tuples([("a", 0.5), ("b", 70.0)], names=["patient", "age"])
    table = pd.DataFrame({"hemoglobin [g/L]": [112.0, 112.0]}, index=index)
    answer = interpret_frame(table)
    assert answer.index.equals(index)
    plain = interpret_frame(table.reset_index())
    assert answer["anemia_grade"].tolist() == plain["anemia_grade"].tolist() != [plain["anemia_grade"].iloc[1]] * 2


SITE = SiteMapping(
    tests={"V": "b12"}, units={"b12": "pmol/L"}, decimal=",", columns={"sex": ("g",)}, codes={"sex": {"1": "male"}}
)


def test_a_mapping_is_taken_wherever_a_table_is_read(tmp_path):
    wide = pd.DataFrame({"V": ["98,5"], "g": [1]})
    assert interpret_frame(wide, mapping=SITE)[["status", "problems"]].to_numpy().tolist() == [["deficient", ""]]
    (tmp_path / "site.toml").write_text('decimal = ","\n[tests]\nV = "b12"\n[units]\nb12 = "pmol/L"', encoding="utf-8")
    assert interpret_frame(wide, mapping=tmp_path / "site.toml")["status"].tolist() == ["deficient"]
    people = pd.DataFrame({"symptoms": ["numbness"], "g": [1]})
    assert screen_frame(people, mapping=SITE)["testing"].tolist() == ["judgment"]


def test_a_long_table_may_be_told_its_columns_and_units():
    table = pd.DataFrame({"P": [1], "T": ["2024-03-01"], "K": ["B12"], "W": ["98"]})
    columns = {"P": "patient", "T": "time", "K": "test", "W": "value"}
    assert interpret_long(table, columns=columns, units={"b12": "pmol/L"})["status"].tolist() == ["deficient"]
    with pytest.raises(ColumnError, match="'your name': 'test'"):
        interpret_long(table)


def test_no_test_comes_first_where_none_is_advised():
    answer = screen_frame(pd.DataFrame({"symptoms": [None, "numbness"]}))
    assert answer["first_test"].isna().tolist() == [True, False]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_every_problem_is_listed_with_its_cell(make):
    table = make({"B12 [pg/mL]": ["145", "14,5", None], "age": ["1", "old", "3"], "ckd": ["1", "3", None]})
    found = problems_of(table)
    assert type(found) is type(table)
    listed = (found if isinstance(found, pd.DataFrame) else found.to_pandas())[["row", "column", "code", "value"]]
    assert listed.to_numpy().tolist() == [
        [0, "ckd", "unreadable_yes_no", "1"],
        [1, "B12 [pg/mL]", "decimal_comma", "14,5"],
        [1, "age", "unreadable_age", "old"],
        [1, "ckd", "unreadable_yes_no", "3"],
    ]
    kinds = interpret_frame(table)["problems"]
    assert [str(kind) for kind in kinds][2] == ""

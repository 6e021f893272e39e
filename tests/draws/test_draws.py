"""Long tables: every row is in a draw or reported, and a draw is what the wide path would have read."""

import datetime as dt
import doctest
import io
import re
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import (
    ColumnError,
    ColumnWarning,
    PanelError,
    ReferenceDataError,
    SiteMapping,
    interpret_frame,
    interpret_long,
    read_mapping,
    recognize_long,
    to_draws,
)
from b12labs.files.draw_source import as_draws
from b12labs.files.options import FileReading
from b12labs.files.sources import find_source
from b12labs.inputs.measurement import measure
from b12labs.inputs.units import factor, find_unit
from b12labs.reference import analytes
from tests.conftest import ROOT

PAGE = ROOT / "docs/tables.md"
HEAD = "patient,time,test,value,unit"


def long(*rows, head=HEAD):
    return pd.read_csv(io.StringIO("\n".join([head, *rows])), dtype=str)


def codes(draws, *, used=None):
    """Return (row, code) of every problem."""
    table = draws.problem_rows()
    table = table if used is None else table[table["used"] == used]
    return list(zip(table["row"].tolist(), table["code"].tolist(), strict=True))


def balanced(draws, rows):
    """Tell whether every row is used or reported as not used, once."""
    left_out = sorted(row for row, _ in codes(draws, used=False))
    return sorted([*left_out, *np.flatnonzero(draws.used).tolist()]) == list(range(rows))


def test_the_examples_of_the_page_run(tmp_path, monkeypatch):
    text = PAGE.read_text(encoding="utf-8")
    site, hospital, *_ = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "hospital.toml").write_text(hospital, encoding="utf-8")
    (tmp_path / "site.toml").write_text(site, encoding="utf-8")
    (tmp_path / "wrong.toml").write_text(site.replace('"B12-S" = "b12"', '"B12-S" = "b21"'), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 12
    assert failed == 0


@pytest.mark.parametrize(
    "headers",
    [
        ["patient", "collected", "analyte", "result", "unit"],
        [
            "MRN",
            "Time",
            "Test",
            "Value",
            "Units",
            "Reference Low",
            "Reference High",
            "Flag",
            "Result status",
            "Age",
            "Gender",
        ],
        [
            "USUBJID",
            "LBDTC",
            "LBTESTCD",
            "LBTEST",
            "LBORRES",
            "LBORRESU",
            "LBORNRLO",
            "LBORNRHI",
            "LBNRIND",
            "AGE",
            "SEX",
        ],
        [
            "person_id",
            "measurement_date",
            "measurement_datetime",
            "measurement_source_value",
            "value_source_value",
            "value_as_number",
        ],
        [
            "subject_id",
            "charttime",
            "label",
            "value",
            "valuenum",
            "valueuom",
            "ref_range_lower",
            "ref_range_upper",
            "flag",
        ],
    ],
)
def test_long_tables_are_recognized_with_nothing_left_over(headers):
    assert recognize_long(headers).unused == ()


def test_a_wide_table_is_not_long():
    assert recognize_long(["patient", "time", "b12", "mma"]) is None
    assert recognize_long(["patient", "time", "test", "value", "B12 [pg/mL]"]) is None
    with pytest.raises(ColumnError, match="not long"):
        to_draws(pd.DataFrame({"b12": ["145 pg/mL"]}))


@pytest.mark.parametrize(
    ("headers", "mapping", "message"),
    [
        (["patient", "mrn", "time", "test", "value"], None, "patient: expected one column, got 'patient' and 'mrn'"),
        (["time", "test", "value"], None, "patient: expected a column of a long table"),
        (["patient", "test", "value"], None, "time: expected a column of a long table"),
        (
            ["patient", "time", "test", "value"],
            SiteMapping(columns={"patient": ("Patiant",)}),
            "did you mean 'patient'",
        ),
        (["patient", "time", "test", "value", "value"], None, "more than once"),
        (["patient", "time", "test", "value"], SiteMapping(columns={"time": ()}), "expected a column, got none"),
    ],
)
def test_columns_that_cannot_be_used_are_refused(headers, mapping, message):
    with pytest.raises(ColumnError, match=message):
        recognize_long(headers, mapping)


def test_a_draw_is_the_window_after_its_first_result():
    table = long(
        "A,2024-03-02T08:30,MCV,99,fL",
        "A,2024-03-01T08:30,B12,145,pg/mL",
        "A,2024-03-02T08:31,Hb,10,g/dL",
        "B,2024-03-01T08:30,B12,1,pmol/L",
    )
    draws = to_draws(table)
    assert draws.draw.tolist() == [0, 0, 1, 2]
    assert draws.wide["time"].tolist() == ["2024-03-01T08:30", "2024-03-02T08:31", "2024-03-01T08:30"]
    assert to_draws(table, window_hours=0).draw.tolist() == [1, 0, 2, 3]
    assert to_draws(table, window_hours=10**6).draw.tolist() == [0, 0, 0, 1]
    assert to_draws(table, mapping=SiteMapping(window_hours=25)).draw.tolist() == [0, 0, 0, 1]
    with pytest.raises(PanelError, match="window_hours"):
        to_draws(table, window_hours=float("nan"))


@pytest.mark.parametrize(
    ("rows", "value", "found"),
    [
        (["8,145,final", "8,145,final"], "145", [(1, "duplicate_result", False)]),
        (["8,145,final", "9,145,final"], "145", [(0, "duplicate_result", False)]),
        (["8,145,final", "9,160,final"], "160", [(0, "results_in_conflict", False), (1, "results_in_conflict", True)]),
        (["9,160,final", "8,145,final"], "160", [(0, "results_in_conflict", True), (1, "results_in_conflict", False)]),
        (
            ["8,145,final", "8,160,final"],
            "145 pg/mL or 160 pg/mL",
            [(0, "results_in_conflict", False), (1, "results_in_conflict", False)],
        ),
        (["8,145,final", "8,160,corrected"], "160", [(0, "superseded_result", False)]),
        (["8,145,C", "8,160,F"], "145", [(1, "superseded_result", False)]),
        (
            ["8,145,final", "9,UNABLE TO REPORT,final"],
            "145",
            [(0, "results_in_conflict", True), (1, "results_in_conflict", False)],
        ),
        (["8,145,final", "8,UNABLE TO REPORT,corrected"], "UNABLE TO REPORT", [(0, "superseded_result", False)]),
        (["8,145,final", "9,160,preliminary"], "145", [(1, "preliminary_result", False)]),
        (["8,145,final", "9,160,entered-in-error"], "145", [(1, "withdrawn_result", False)]),
        (["8,145,final", "9,160,cancelled"], "145", [(1, "withdrawn_result", False)]),
        (["8,145,final", "9,160,finale"], "145", [(1, "unknown_status", False)]),
        (["8,145,final", "9,,final"], "145", [(1, "no_result", False)]),
    ],
)
def test_one_result_of_an_analyte_is_used_and_the_others_are_reported(rows, value, found):
    table = long(
        *(f"A,2024-03-01T0{row[0]}:00,B12,{row[2:].replace(',', ',pg/mL,')}" for row in rows), head=f"{HEAD},status"
    )
    draws = to_draws(table)
    assert draws.wide["b12"].tolist() == [value]
    problems = draws.problem_rows()
    assert list(zip(problems["row"], problems["code"], problems["used"], strict=True)) == found
    assert balanced(draws, len(rows))


def test_preliminary_results_are_used_when_asked_for_and_give_way_to_final_ones():
    table = long(
        "A,2024-03-01T08:00,B12,145,pg/mL,final",
        "A,2024-03-01T09:00,B12,160,pg/mL,P",
        "A,2024-03-01T09:00,Hb,10,g/dL,P",
        head=f"{HEAD},status",
    )
    draws = to_draws(table, use_preliminary=True)
    assert draws.wide[["b12", "hemoglobin"]].to_numpy().tolist() == [["145", "10"]]
    assert codes(draws) == [(1, "preliminary_result"), (1, "superseded_result"), (2, "preliminary_result")]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_the_order_of_rows_decides_nothing(order):
    """179 and 180 pg/mL lie on two sides of a limit; 133 pmol/L is near both."""
    rows = ["A,2024-03-01,B12,179,pg/mL", "A,2024-03-01,B12,180,pg/mL", "A,2024-03-01,B12,133,pmol/L"]
    draws = to_draws(long(*(rows[place] for place in order)))
    assert draws.wide["b12"].tolist() == ["133 pmol/L or 179 pg/mL or 180 pg/mL"]
    assert codes(draws) == [(row, "results_in_conflict") for row in range(3)]


@pytest.mark.parametrize("order", [1, -1])
def test_of_one_result_in_two_units_the_same_one_is_used_in_any_order(order):
    draws = to_draws(long(*["A,2024-03-01,B12,200,pmol/L", "A,2024-03-01,B12,271,pg/mL"][::order]))
    assert draws.wide[["b12", "b12_unit"]].to_numpy().tolist() == [["271", "pg/mL"]]


def test_two_results_of_one_unit_within_a_percent_are_two_results():
    table = long("A,2024-03-01,B12,179,pg/mL", "A,2024-03-01,B12,180,ng/L")
    assert codes(to_draws(table)) == [(0, "results_in_conflict"), (1, "results_in_conflict")]


def test_one_number_with_two_flags_is_no_duplicate():
    table = long("A,2024-03-01,B12,145,pg/mL,L", "A,2024-03-01,B12,145,pg/mL,H", head=f"{HEAD},flag")
    assert [code for _, code in codes(to_draws(table))] == ["results_in_conflict"] * 2


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (("2024-03-01", "2024-03-02"), [["100"], ["900"]]),
        (("2024-03-01 00:00:00", "2024-03-02 00:00:00"), [["100"], ["900"]]),
        (("2024-03-01T00:00:00+01:00", "2024-03-02T00:00:00+01:00"), [["100"], ["900"]]),
        (("2024-03-01T08:30", "2024-03-02"), [["100"], ["900"]]),
        (("2024-03-01T08:30", "2024-03-02T08:00"), [["900"]]),
    ],
)
def test_two_days_without_a_time_are_two_draws(times, expected):
    """The day before and the day after an injection."""
    table = long(f"A,{times[0]},B12,100,pg/mL", f"A,{times[1]},B12,900,pg/mL")
    assert to_draws(table).wide[["b12"]].to_numpy().tolist() == expected


def test_a_longer_window_joins_days_that_lie_in_it():
    table = long(
        *(f"A,2024-03-0{day},{test}" for day, test in ((1, "B12,145,pg/mL"), (2, "Hb,10,g/dL"), (3, "MCV,99,fL")))
    )
    assert to_draws(table, window_hours=48).draw.tolist() == [0, 0, 1]


def test_a_result_of_a_day_without_a_time_may_be_the_later_one():
    table = long("A,2024-03-01,B12,100,pg/mL", "A,2024-03-01T08:30,B12,900,pg/mL")
    assert codes(to_draws(table)) == [(0, "results_in_conflict"), (1, "results_in_conflict")]
    table = long(
        "A,2024-03-01,B12,100,pg/mL,final", "A,2024-03-01T08:30,B12,900,pg/mL,corrected", head=f"{HEAD},status"
    )
    assert to_draws(table).wide["b12"].tolist() == ["900"]


@pytest.mark.parametrize("mask", ["___", "[**Name**]", "XXXX", "REDACTED"])
def test_a_value_that_was_taken_out_lets_the_number_beside_it_count(mask):
    head = "subject_id,charttime,label,value,valuenum,valueuom"
    table = long(f"A,2024-03-01,B12,{mask},145,pg/mL", f"A,2024-03-01,Hb,{mask},,g/dL", head=head)
    draws = to_draws(table)
    assert draws.wide["b12"].tolist() == ["145"]
    assert interpret_long(table)["problems"].tolist() == ["hemoglobin: unreadable_value"]


def test_one_result_in_two_units_is_one_result():
    draws = to_draws(long("A,2024-03-01,B12,271,pg/mL", "A,2024-03-01,B12,200,pmol/L"))
    assert draws.wide[["b12", "b12_unit"]].to_numpy().tolist() == [["271", "pg/mL"]]
    assert codes(draws) == [(1, "duplicate_result")]


def test_what_cannot_be_placed_is_reported_with_its_row():
    table = long(
        "A,2024-03-01,B12,145,pg/mL",
        "A,2024-03-01,Sodium,140,mmol/L",
        "A,03/04/2024,MCV,99,fL",
        "A,2024-03,MCV,99,fL",
        ",2024-03-01,MCV,99,fL",
        "A,2024-03-01,,99,fL",
        "A,2024-03-01,Sodium,141,mmol/L",
        "A,2024-03-01T08:00Z,MCV,99,fL",
        "A,2024-02-30,MCV,99,fL",
        "A,2024-03-01,Vitamin B21,9,pg/mL",
    )
    draws = to_draws(table.drop(index=7).reset_index(drop=True))
    assert codes(draws) == [
        (1, "not_an_analyte"),
        (2, "unreadable_time"),
        (3, "unreadable_time"),
        (4, "missing_patient"),
        (5, "missing_test"),
        (6, "not_an_analyte"),
        (7, "unreadable_time"),
        (8, "unknown_test"),
    ]
    names = {found.problem.code: found for found in draws.problems}
    assert (names["not_an_analyte"].problem.field, names["not_an_analyte"].rows.tolist()) == ("Sodium", [1, 6])
    assert "did you mean 'b12'?" in names["unknown_test"].problem.message
    # A time with an offset and one without cannot be compared.
    assert to_draws(table).wide["time"].tolist() == ["2024-03-01T08:00Z"]


def test_a_code_and_a_name_of_two_analytes_are_not_guessed_unless_mapped():
    table = long("A,2024-03-01,2283-0,Folate,300,ng/mL", head="patient,time,loinc,label,value,unit")
    assert codes(to_draws(table)) == [(0, "conflicting_tests")]
    assert to_draws(table, mapping=SiteMapping(tests={"Folate": "rbc_folate"})).wide["rbc_folate"].tolist() == ["300"]


def test_the_specimen_must_be_the_analytes():
    table = long(
        "A,2024-03-01,Creatinine,1,mg/dL,URINE", "A,2024-03-01,Creatinine,1,mg/dL,Serum", head=f"{HEAD},specimen"
    )
    assert codes(to_draws(table)) == [(0, "other_specimen")]


def test_an_operator_is_never_lost():
    table = long(
        "A,2024-03-01,B12,150,pg/mL,<",
        "B,2024-03-01,B12,150,pg/mL,4711",
        "C,2024-03-01,B12,150,pg/mL,0",
        head=f"{HEAD},operator",
    )
    assert to_draws(table).wide["b12"].tolist() == ["<150", "150"]
    assert codes(to_draws(table)) == [(1, "unknown_operator")]
    assert to_draws(table, mapping=SiteMapping(operators={"4711": ">="})).wide["b12"].tolist() == [
        "<150",
        ">=150",
        "150",
    ]


def test_flags_without_direction_and_loose_limits_are_noted_and_the_result_is_used():
    table = long(
        "A,2024-03-01,B12,145 "
        "pg/mL,,180,900,abnormal", "A,2024-03-01,IFAB,positive,,1,2,", "A,2024-03-01,MCV,99,fL,see note,100,H",
        head=f"{HEAD},reference_low,reference_high,flag",
    )  # fmt: skip
    draws = to_draws(table)
    assert codes(draws, used=True) == [(0, "flag_not_used"), (1, "reference_not_used"), (2, "reference_not_used")]
    assert draws.wide[["b12_unit", "b12_reference_low", "b12_flag", "mcv_flag"]].to_numpy().tolist() == [
        ["pg/mL", "180", "", "H"]
    ]
    assert interpret_long(table)["problems"].tolist() == [
        "reference: reference_not_used; reference_low: reference_not_used"
    ]


def test_what_rows_say_of_the_patient_is_carried_and_differences_are_noted():
    head = f"{HEAD},age,ageu,sex,pregnant"
    table = long("A,2024-03-01,B12,145,pg/mL,8,MONTHS,F,no", "A,2024-03-01,MCV,99,fL,9,MONTHS,M,no", head=head)
    draws = to_draws(table)
    assert draws.wide[["age", "sex", "pregnant"]].to_numpy().tolist() == [["8 MONTHS", "", "no"]]
    assert codes(draws, used=True) == [(1, "conflicting_age"), (1, "conflicting_sex")]


def test_a_unit_in_the_header_of_age_goes_along():
    table = long("A,2024-03-01,B12,145,pg/mL,8", head=f"{HEAD},age [months]")
    assert to_draws(table).wide["age [months]"].tolist() == ["8"]


def test_reticulocytes_in_percent_are_a_share_and_in_fl_a_wrong_unit():
    out = to_draws(long("A,2024-03-01,Reticulocytes,2.1,%", "B,2024-03-01,Reticulocytes,110,10*9/L")).wide
    assert out[["reticulocyte_percent", "reticulocytes"]].to_numpy().tolist() == [["2.1", ""], ["", "110"]]
    out = interpret_long(long("A,2024-03-01,Reticulocytes,2.1,fL", "A,2024-03-01,B12,145,pg/mL"))
    assert out["problems"].tolist() == ["reticulocytes: wrong_kind_of_unit"]


def test_nothing_usable_gives_no_draws_and_says_why():
    with pytest.warns(ColumnWarning, match="'Sodium' is not an analyte"):
        answer = interpret_long(long("A,2024-03-01,Sodium,140,mmol/L"))
    assert len(answer) == 0
    assert [found["code"] for found in answer.attrs["problems"]] == ["not_an_analyte"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(interpret_long(long("A,2024-03-01,Sodium,140,mmol/L").iloc[:0])) == 0


def test_every_library_gives_the_same_draws():
    table = long("A,2024-03-01,B12,145,pg/mL", "A,2024-03-01,Hb,10.4,g/dL", "B,,B12,1,pg/mL")
    expected = to_draws(table)
    for other in (pl.from_pandas(table), pl.from_pandas(table).to_arrow()):
        draws = to_draws(other)
        pd.testing.assert_frame_equal(draws.wide, expected.wide)
        assert codes(draws) == codes(expected)
    typed = pd.DataFrame(
        {
            "patient": [1.0, 1.0, None],
            "time": pd.to_datetime(["2024-03-01"] * 3),
            "test": ["B12", "Hb", "B12"],
            "value": [145, 10.4, 1],
        }
    )
    mapping = SiteMapping(units={"b12": "pg/mL", "hemoglobin": "g/dL"})
    assert to_draws(typed, mapping=mapping).wide[["patient", "b12", "hemoglobin"]].to_numpy().tolist() == [
        ["1", "145", "10.4"]
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[test]", "test: expected a key of a mapping, got 'test'; did you mean 'tests'?"),
        ("[tests]\nX = 'b21'", "tests.X: expected an analyte, got 'b21'; did you mean 'b12'?"),
        ("[tests]\nX = 'b12'\nx = 'mma'", "names that differ only in case"),
        ("[tests]\nX = 1", "tests.X: expected a text in quotes, got 1"),
        ("tests = 1", "tests: expected a table, written [tests]"),
        (
            "[columns]\ntimes = 'x'",
            "columns.times: expected a role or a field, got 'times'; did you mean 'time'?",
        ),
        ("[columns]\ntime = 1", "columns.time: expected a header or a list of headers"),
        ("[units]\nb12 = 'pg/mLL'", "units.b12: got 'pg/mLL'"),
        ("[codes.sex]\n1 = 'mael'", "codes.sex.1: sex: expected 'female', 'male' or 'unknown', got 'mael'"),
        ("[codes.pregnant]\n1 = 'perhaps'", "codes.pregnant.1: pregnant: expected yes or no, got 'perhaps'"),
        (
            "[codes.b12]\n1 = 'low'",
            "codes.b12: expected one of sex, pregnant, trimester, unit, specimen, status, flag, ",
        ),
        ("[codes]\nsex = 'F'", "codes.sex: expected a table, written [codes.sex]"),
        ("[codes.sex]\n1 = 2", "codes.sex.1: expected a text in quotes"),
        ("[operators]\nLT = 'lt'", "operators.LT: expected a comparator"),
        ("decimal = ';'", "decimal: expected the decimal sign"),
        ("window_hours = -1", "window_hours: expected a number of hours, 0 or more, got -1"),
        ("time_format = 'day'", "time_format: expected a format such as"),
        ("= 1", "file: expected TOML"),
    ],
)
def test_a_malformed_mapping_names_file_key_and_what_was_expected(tmp_path, text, message):
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=re.escape(message)) as caught:
        read_mapping(path)
    assert caught.value.file == "site.toml"


def test_files_of_long_tables_are_one_source_of_draws(tmp_path):
    long("A,2024-03-01T08:30,B12,145,pg/mL").to_csv(tmp_path / "1.csv", index=False)
    long("A,2024-03-01T09:30,B12,160,pg/mL", "A,2024-03-01,Sodium,140,mmol/L", "B,2024-03-01,MCV,99,fL").to_csv(
        tmp_path / "2.csv", index=False
    )
    source = as_draws(find_source(tmp_path), FileReading())
    ((_, table),) = source.batches()
    (block,) = source.blocks()
    assert source.columns == list(block.draws.wide.columns)
    assert len(table) == 2
    first, second = source.chunks(1)
    assert [(problem.code, draws.tolist()) for problem, draws in first.problems()] == [("results_in_conflict", [0])]
    assert list(second.problems()) == []
    assert source.counts.lines()[0] == "A long table: 2 of 4 results used, in 2 draws"
    (tmp_path / "wide").mkdir()
    (tmp_path / "wide/1.csv").write_text("b12\n145 pg/mL\n", encoding="utf-8")
    wide = find_source(tmp_path / "wide")
    assert as_draws(wide, FileReading()) is wide


_ROWS = st.tuples(
    st.sampled_from(["A", "B", ""]),
    st.sampled_from(
        ["2024-03-01", "2024-03-01T08:30", "2024-03-01T20:00", "2024-03-02T09:00", "2024-04-01", "03/04/2024", ""]
    ),
    st.sampled_from(["B12", "2132-9", "Hb", "MCV", "Sodium", ""]),
    st.sampled_from(["145", "145.0", "160", "<150", "low", "UNABLE TO REPORT", ""]),
    st.sampled_from(["pg/mL", "pmol/L", "g/dL", ""]),
    st.sampled_from(["F", "L", "abnormal", ""]),
    st.sampled_from(["", "final", "corrected", "P", "cancelled", "other"]),
)


@given(st.lists(_ROWS, max_size=12), st.booleans(), st.sampled_from([0, 12, 24, 1000]))
def test_every_row_is_used_or_reported_whatever_the_table(rows, use_preliminary, window):
    table = pd.DataFrame(rows, columns=["patient", "time", "test", "value", "unit", "flag", "status"], dtype=str)
    draws = to_draws(table, window_hours=window, use_preliminary=use_preliminary)
    assert balanced(draws, len(rows))
    cells = draws.wide.filter(regex="^(b12|hemoglobin|mcv)(_flag)?$")
    set_aside = cells.apply(
        lambda column: column.str.contains(" or ", regex=False)
    )  # results that contradict each other
    assert int(draws.used.sum()) == int(((cells != "") & ~set_aside).to_numpy().sum()) - _flagged(draws)
    assert (draws.draw[draws.used] >= 0).all()
    if len(draws.wide):
        pd.testing.assert_series_equal(
            interpret_long(table, window_hours=window, use_preliminary=use_preliminary)["status"], _status(draws)
        )


def _flagged(draws):
    """Return how many results have both a value and a flag, which the count of cells above has twice."""
    keys = [key for key in ("b12", "hemoglobin", "mcv") if key in draws.wide]
    return sum(int(((draws.wide[key] != "") & (draws.wide[f"{key}_flag"] != "")).sum()) for key in keys)


def _status(draws):
    return interpret_frame(draws.wide)["status"]


@pytest.mark.long
def test_the_cdisc_pilot_is_read_whole_and_agrees_with_its_standardized_values(shared_file):
    table = pd.read_csv(shared_file("data/cdisc_pilot_lb_b12_cbc.csv.gz"), dtype=str)
    draws = to_draws(table)
    assert draws.wide["patient"].nunique() == 254
    assert balanced(draws, len(table))
    assert {found.problem.code for found in draws.problems} == {"not_an_analyte"}
    assert (draws.wide["b12"] != "").sum() == 272
    # Spellings of the file's standardized units, which are those of CDISC terminology and not of laboratory reports.
    spelled = {"GI/L": "10*9/L", "TI/L": "10*12/L"}
    keys = {
        "VITB12": "b12",
        "HGB": "hemoglobin",
        "HCT": "hematocrit",
        "RBC": "rbc",
        "WBC": "wbc",
        "PLAT": "platelets",
        "MCV": "mcv",
        "MCHC": "mchc",
        "BILI": "bilirubin_total",
        "CREAT": "creatinine",
    }
    compared = 0
    for row in np.flatnonzero(draws.used & table["LBTESTCD"].isin(keys).to_numpy()):
        key, cells = keys[table["LBTESTCD"][row]], draws.wide.loc[draws.draw[row]]
        assert cells["patient"] == table["USUBJID"][row]
        assert (cells[key], cells[f"{key}_unit"]) == (table["LBORRES"][row], table["LBORRESU"][row])
        unit = find_unit(analytes()[key], spelled.get(table["LBSTRESU"][row], table["LBSTRESU"][row]))
        printed = measure(key, cells[key], unit=cells[f"{key}_unit"]).high / factor(key, unit.ucum)
        standard = (
            float(table["LBSTRESN"][row])
            if not pd.isna(table["LBSTRESN"][row])
            else float(table["LBSTRESC"][row].lstrip("<"))
        )
        digits = len(table["LBSTRESC"][row].partition(".")[2])
        assert printed == pytest.approx(standard, rel=0.01, abs=10.0**-digits), (row, key)
        compared += 1
    assert compared > 16_000


def test_the_cdisc_pilot_is_interpreted(shared_file):
    out = interpret_long(pd.read_csv(shared_file("data/cdisc_pilot_lb_b12_cbc.csv.gz")))
    assert (out["status"] != "not_assessed").sum() == 272
    assert out["problems"].eq("").all()


def test_patients_with_long_numbers_are_not_one_and_times_keep_their_offset():
    table = pa.table(
        {
            "patient": pa.array([9007199254740993, 9007199254740992, None]),
            "test": pa.array(["B12"] * 3).dictionary_encode(),
            "time": pa.array([dt.datetime(2024, 3, 1, 8, tzinfo=dt.UTC)] * 3).cast(pa.timestamp("us", "Europe/Berlin")),
            "value": pa.array(["145", "300", None]),
            "unit": ["pg/mL"] * 3,
        }
    )
    wide = to_draws(table).wide
    assert wide[["patient", "b12"]].to_numpy().tolist() == [["9007199254740993", "145"], ["9007199254740992", "300"]]
    assert wide["time"].tolist() == ["2024-03-01 09:00:00+01:00"] * 2
    days = table.set_column(2, "time", pa.array([dt.date(2024, 3, 1)] * 3))
    assert to_draws(days).wide["time"].tolist() == ["2024-03-01"] * 2


def test_what_a_sites_codes_mean_is_said_once_and_not_twice():
    # Spanish: M is mujer, a woman, and H hombre, a man.
    codes = {"sex": {"M": "female", "H": "male"}, "pregnant": {"1": "yes", "2": "no", "3": ""}}
    mapping = SiteMapping(columns={"pregnant": ("embarazo",)}, codes=codes)
    table = long(
        "A,2024-03-01,B12,145,pg/mL,M,1",
        "B,2024-03-01,B12,145,pg/mL,H,2.0",
        "C,2024-03-01,B12,145,pg/mL,F,3",
        head=f"{HEAD},sexo,embarazo",
    )
    draws = to_draws(table.rename(columns={"sexo": "sex"}), mapping=mapping)
    assert draws.wide[["sex", "pregnant"]].to_numpy().tolist() == [["female", "yes"], ["male", "no"], ["F", ""]]


def test_a_name_that_is_nearly_an_analytes_is_told_from_another_test():
    names = ["Vitamin B21", "Sodium", "Lymphocytes", "2132-8", "Ferritn", "Basophils"]
    draws = to_draws(long("A,2024-03-01,B12,145,pg/mL", *(f"A,2024-03-01,{name},1,x" for name in names)))
    assert [names[row - 1] for row, code in codes(draws) if code == "unknown_test"] == ["Vitamin B21", "Ferritn"]
    assert len(codes(draws)) == len(names)


STANDARD = "USUBJID,LBTESTCD,LBDTC,LBSTRESC,LBSTRESN,LBSTRESU,LBSTNRHI"


def test_cdisc_results_in_standard_units_count_where_none_is_there_as_reported():
    row = "1,VITB12,2013-12-26,<112,,pmol/L,664"
    assert to_draws(long(row, head=STANDARD)).wide.loc[0, ["b12", "b12_unit"]].tolist() == ["<112", "pmol/L"]
    both = to_draws(long(f"{row},152", head=f"{STANDARD},LBORRES"))
    assert both.wide.loc[0, ["b12", "b12_unit", "b12_reference_high"]].tolist() == ["152", "", ""]
    adam = long("1,VITB12,Vitamin B12 (pmol/L),112,2013-12-26", head="USUBJID,PARAMCD,PARAM,AVAL,ADT")
    assert to_draws(adam).wide.loc[0, ["b12", "b12_unit"]].tolist() == ["112", "pmol/L"]


def test_a_name_in_thousands_agrees_with_its_unit_and_gives_none():
    rows = ["WBC x 1000,9.8,K/mcL", "platelets x 1000,213,/uL", "Neutrophils x10^3,4.1,", "WBC x 1000000,9.8,K/mcL"]
    assert codes(to_draws(long(*(f"A,2024-03-0{day},{row}" for day, row in enumerate(rows, 1))))) == [
        (1, "conflicting_units"),
        (3, "not_an_analyte"),
    ]
    found = interpret_long(long("A,2024-03-01,Neutrophils x10^3,4.1,"))
    assert found["problems"].tolist() == ["neutrophils: missing_unit"]


def test_the_name_of_a_test_may_say_its_unit_and_the_unit_beside_must_agree():
    rows = [
        "B12 (pg/mL),100,",
        "Hb [g/dL],10,g/L",
        "MCV (fL),90,fl",
        "WBC (10*9/L),4.5 10*3/uL,",
        "Folate (ng/mL),5 nmol/L,",
    ]
    draws = to_draws(long(*(f"A,2024-03-01,{row}" for row in rows)))
    assert codes(draws) == [(1, "conflicting_units")]
    found = interpret_long(long(*(f"A,2024-03-01,{row}" for row in rows)))
    assert found["status"].tolist() == ["deficient"]
    assert "folate: conflicting_units" in found["problems"][0]
    assert draws.wide.loc[0, ["b12_unit", "mcv_unit"]].tolist() == ["pg/mL", "fl"]


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ({"specimen": "xyzzy"}, "unknown_specimen"),
        ({"status": "who knows"}, "unknown_status"),
        ({"test": "B12 mystery assay"}, "unknown_test"),
        ({"time": "yesterday"}, "unreadable_time"),
    ],
)
def test_a_marker_that_is_in_no_draw_is_spoken_of_in_that_of_its_day_or_the_last(lost, code):
    row = {"patient": "1", "test": "Vitamin B12", "value": "90", "unit": "pg/mL", "specimen": "", "status": "final"}
    count = {**row, "test": "Hemoglobin", "value": "104", "unit": "g/L"}
    rows = [{**count, "time": "2024-03-01"}, {**row, "time": "2024-03-01", **lost}, {**count, "time": "2024-05-01"}]
    table = pd.DataFrame([*rows, {**count, "patient": "2", "time": "2024-03-01"}])
    told = interpret_long(table)["problems"].tolist()
    place = 1 if code == "unreadable_time" else 0
    assert [("b12: marker_not_used" in said) for said in told] == [place == 0, place == 1, False]


@pytest.mark.parametrize(
    ("age", "sex"), [("Alter", "Geschlecht"), ("Leeftijd", "Geslacht"), ("Patient age", "Patient sex")]
)
def test_a_long_table_calls_age_and_sex_what_a_wide_one_does(age, sex):
    rows = pd.DataFrame({
        "patient": ["7"], "time": ["2024-03-01"], "test": ["B12"], "value": ["145"], "unit": ["pg/mL"], age: [3],
        sex: ["w"],
    })  # fmt: skip
    assert interpret_long(rows)["treatment_route"].tolist() == ["specialist"]

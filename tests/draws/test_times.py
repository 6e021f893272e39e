"""A time is read if it leaves no doubt, and never to a day that it does not say."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import SiteMapping, interpret_long, read_mapping, to_draws
from b12labs.draws.times import _of_any, _of_plain, as_iso


def draws(rows, columns="patient time test value unit", **options):
    return to_draws(pd.DataFrame(rows, columns=columns.split()), **options)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("20240301", "2024-03-01"),
        ("2024/03/01", "2024-03-01"),
        ("2024.03.01", "2024-03-01"),
        ("2024-3-1", "2024-03-01"),
        ("2024-03-01 8:30", "2024-03-01T08:30"),
        ("1991-01-31 0:00:00", "1991-01-31T00:00:00"),
        ("2024/03/01 8:30 PM", "2024-03-01T20:30"),
        ("202403010830", "2024-03-01T08:30"),
        ("20240301083000", "2024-03-01T08:30:00"),
        ("20240301T0830", "2024-03-01T08:30"),
        ("01-MAR-2024", "2024-03-01"),
        ("01MAR2024:08:30:00", "2024-03-01T08:30:00"),
        ("1 March 2024", "2024-03-01"),
        ("Mar 1, 2024", "2024-03-01"),
        ("2024年3月1日", "2024-03-01"),
        ("2024/03/01 08:30 +01:00", "2024-03-01T08:30+01:00"),
    ],
)
def test_a_time_that_leaves_no_doubt_is_read(text, iso):
    assert as_iso(text) == iso
    table = draws([["A", text, "B12", "145", "pg/mL"], ["A", iso, "Hb", "10", "g/dL"]])
    assert table.draw.tolist() == [0, 0]
    assert table.problems == ()


@pytest.mark.parametrize(
    "text",
    ["2024-03", "2024", "03/04/2024", "01.03.2024", "2024-02-30", "2024-13-01", "1709280000", "12", "2024-03-01 25:00",
     "01-MAR-24", "2024-03-01 8", "Friday", "2024-03-01 13:00 PM", "20241301"],
)  # fmt: skip
def test_any_other_is_reported_and_never_guessed(text):
    found = draws([["A", text, "B12", "145", "pg/mL"]])
    assert [(each.problem.code, each.rows.tolist()) for each in found.problems] == [("unreadable_time", [0])]


@pytest.mark.parametrize("clock", [("08:30", "22:30"), ("8:30", "22:30"), ("0830", "2230"), ("8:30 AM", "10:30 PM")])
@pytest.mark.parametrize("names", ["SPECIMEN_DATE SPECIMEN_TIME", "result_date result_time", "date time"])
def test_a_day_and_a_clock_in_two_columns_are_one_time(names, clock):
    rows = [["A", "2024-03-01", clock[0], "B12", "100", "pg/mL"], ["A", "2024-03-01", clock[1], "B12", "300", "pg/mL"]]
    table = draws(rows, f"patient {names} test value unit")
    assert table.wide[["time", "b12"]].to_numpy().tolist() == [[f"2024-03-01 {clock[0]}", "300"]]


def test_the_clock_of_another_day_is_no_clock():
    rows = [
        ["A", "2024-03-01", "2024-03-02 08:30", "B12", "100", "pg/mL"],
        ["B", "2024-03-01", "2024-03-01 08:30", "B12", "9", "pg/mL"],
    ]
    found = draws(rows, "patient date time test value unit")
    assert found.wide["time"].tolist() == ["2024-03-01 08:30"]
    assert [each.problem.code for each in found.problems] == ["unreadable_time"]


def test_a_clock_belongs_to_the_day_of_its_own_name():
    """The clock of the report says nothing of the specimen's day."""
    rows = [["A", "2024-03-01", "2024-03-02", "12:00", "B12", "100", "pg/mL"]]
    assert draws(rows, "patient specimen_date result_date result_time test value unit").wide["time"].tolist() == [
        "2024-03-01"
    ]


def test_a_time_that_cannot_be_read_lets_the_day_beside_it_count():
    rows = [["A", "31/01/91", "1991-01-31", "B12", "145", "pg/mL"]]
    columns = (
        "person_id measurement_datetime measurement_date measurement_source_value value_source_value unit_source_value"
    )
    assert draws(rows, columns).wide["time"].tolist() == ["1991-01-31"]


def test_a_site_may_have_several_formats_which_must_agree():
    rows = [["A", "01.03.2024 08:30", "B12", "100", "pg/mL"], ["A", "02.03.2024", "B12", "300", "pg/mL"]]
    both = SiteMapping(time_format=("%d.%m.%Y %H:%M", "%d.%m.%Y"))
    assert draws(rows, mapping=both).wide["b12"].tolist() == ["100", "300"]
    rows = [["A", day, "B12", "100", "pg/mL"] for day in ("13/04/2024", "03/04/2024", "04/04/2024")]
    found = draws(rows, mapping=SiteMapping(time_format=("%d/%m/%Y", "%m/%d/%Y")))
    assert [(each.problem.code, each.rows.tolist()) for each in found.problems] == [("unreadable_time", [1])]
    rows = [["A", "20240103", "B12", "100", "pg/mL"], ["A", "2024-03-01", "Hb", "9", "g/dL"]]
    assert draws(rows, mapping=SiteMapping(time_format="%Y%d%m")).draw.tolist() == [0, 0]


def test_times_may_be_counted(tmp_path):
    rows = [
        [1, 120, "vitamin B12", "> 2000", 2000, "pg/mL"],
        [1, 1500, "Hgb", "", 9, "g/dL"],
        [1, 4500, "vitamin B12", "", 310, "pg/mL"],
    ]
    columns = "patientunitstayid labresultoffset labname labresulttext labresult labmeasurenamesystem"
    assert draws(rows, columns).draw.tolist() == [0, 0, 1]
    (tmp_path / "site.toml").write_text('time_format = "hours"', encoding="utf-8")
    table = [["A", hours, "B12", "100", "pg/mL"] for hours in ("0", "12.5", "25")]
    assert draws(table, mapping=read_mapping(tmp_path / "site.toml")).draw.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    "export",
    [
        "PATID,SPECIMEN_DATE,LAB_LOINC,RESULT_NUM,RESULT_UNIT,RESULT_MODIFIER|A,2024-03-01,2132-9,145,pg/mL,EQ",
        "PATIENT,DATE,ENCOUNTER,CODE,DESCRIPTION,VALUE,UNITS|A,2024-03-01T08:00:00Z,e,2132-9,Cobalamin,145,pg/mL",
        "PAT_MRN_ID,SPECIMN_TAKEN_TIME,COMPONENT_NAME,ORD_VALUE,REFERENCE_UNIT|A,2024-03-01,VITAMIN B12,145,pg/mL",
    ],
)
def test_exports_with_headers_of_their_own_are_long_tables(export):
    columns, row = (line.split(",") for line in export.split("|"))
    assert interpret_long(pd.DataFrame([row], columns=columns))["status"].tolist() == ["deficient"]


def test_the_modifiers_of_pcornet_are_applied():
    columns = "PATID SPECIMEN_DATE LAB_LOINC RESULT_NUM RESULT_UNIT RESULT_MODIFIER"
    assert draws([["A", "2024-03-01", "2132-9", "150", "pg/mL", "LT"]], columns).wide["b12"].tolist() == ["<150"]
    found = draws([["A", "2024-03-01", "2132-9", "150", "pg/mL", "TX"]], columns)
    assert [each.problem.code for each in found.problems] == ["unknown_operator"]


CLOCKS = ["", "T08:30", "T00:00", "T23:59:59", "T08:30:00.123", "T08:30:00.123456", "T24:00", "T08:60", "T08:30:60"]
OFFSETS = ["", "Z", "+02:00", "-09:30", "+14:00", "+15:00", "+0200"]


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.builds(
                "{:04}-{:02}-{:02}{}{}".format,
                st.sampled_from([1677, 1899, 1900, 1999, 2000, 2024, 2025, 2199, 2200, 2262]),
                st.integers(0, 13),
                st.integers(0, 32),
                st.sampled_from(CLOCKS),
                st.sampled_from(OFFSETS),
            ),
        ),
        max_size=5,
    )
)
def test_a_time_of_a_plain_form_is_what_pandas_reads(days):
    """What pandas is not asked for is read as it would."""
    plain, by_pandas = _of_plain(days), _of_any(days)
    if plain is not None:
        assert plain[1].tolist() == by_pandas[1].tolist()
        assert plain[0].tolist() == by_pandas[0].tolist()


def test_a_few_times_of_plain_forms_are_read_without_pandas():
    assert _of_plain(["2024-03-01", "2024-03-01T08:30:00Z", None, "2023-02-29"])[1].tolist() == [
        True,
        True,
        False,
        False,
    ]
    assert _of_plain(["2024-03-01 08:30"]) is None

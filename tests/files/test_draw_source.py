"""Long files on the command line:

every row is in a draw or in the problems file, and a draw is explained as it was interpreted.
"""

import csv
import gzip
import io
import json
import sys
from contextlib import suppress

import numpy as np
import pandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b12labs import B12LabsError, ColumnError, SiteMapping, interpret_long, to_draws
from b12labs.cli.main import main
from b12labs.files.interpreting import interpret_file, read_row

HEAD = "patient,collected,test,result,unit,status,age,comment\n"
#: Rows of a long file, and the code for which each is listed; nothing for those that are used.
ROWS = (
    ("A,2024-03-01T08:00,B12,145,pg/mL,final,67,", ""),
    (",2024-03-01T08:00,B12,145,pg/mL,final,67,", "missing_patient"),
    ("A,01/03/2024,MCV,99,fL,final,67,", "unreadable_time"),
    ("A,2024-03-01T08:00,Vitamin B21,145,pg/mL,final,67,", "unknown_test"),
    ("A,2024-03-01T08:00,Sodium,140,mmol/L,final,67,", "not_an_analyte"),
    ("A,2024-03-01T08:00,MMA,UNABLE TO REPORT,umol/L,final,67,", "unreadable_value"),
    ("A,2024-03-01T08:00,Hb,10.4,g/dL,preliminary,67,", "preliminary_result"),
    ("A,2024-03-01T08:00,Hb,9.6,g/dL,final,67,", "superseded_result"),
    ("A,2024-03-01T08:00,Hb,10.5,g/dL,corrected,67,", ""),
    ("A,2024-03-01T08:00,Ferritin,88,ng/mL,final,67,", ""),
    ("A,2024-03-01T08:00,Ferritin,88,ng/mL,final,67,", "duplicate_result"),
    ("A,2024-03-01T08:00,Folate,,ng/mL,final,67,", "no_result"),
    ("B,2024-03-01T08:00,B12,145,,final,old,", "missing_unit"),
    ("A,2024-03-01T08:00,,1,x,final,67,", "missing_test"),
)


def cli(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    return code, *capsys.readouterr()


def rows(path):
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.fixture
def long(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(HEAD + "\n".join(row for row, _ in ROWS) + "\n", encoding="utf-8")
    return path


def test_every_row_that_is_not_used_is_listed_with_its_row_column_and_draw(capsys, tmp_path, long):
    code, said, _ = cli(capsys, "interpret", long, "-o", tmp_path / "out.csv", "--problems", tmp_path / "problems.csv")
    assert code == 0
    header, *found = rows(tmp_path / "problems.csv")
    assert header == ["file", "row", "column", "field", "code", "message", "draw"]
    listed = [(int(row[1]), row[4]) for row in found]
    assert [number for number, _ in listed] == sorted(number for number, _ in listed)
    assert {number: code for number, code in listed if code != "unreadable_age"} == {
        number: code for number, (_, code) in enumerate(ROWS, 1) if code
    }
    assert {row[4]: row[2] for row in found} == {
        "missing_patient": "patient",
        "unreadable_time": "collected",
        "unknown_test": "test",
        "not_an_analyte": "test",
        "missing_test": "test",
        "unreadable_value": "result",
        "preliminary_result": "status",
        "superseded_result": "result",
        "duplicate_result": "result",
        "no_result": "result",
        "missing_unit": "result",
        "unreadable_age": "age",
    }
    assert {row[4]: row[6] for row in found if row[6]} == {
        "unreadable_value": "1",
        "superseded_result": "1",
        "duplicate_result": "1",
        "missing_unit": "2",
        "unreadable_age": "2",
    }
    assert "Column not used: comment" in said
    assert "5 of 14 results used, in 2 draws" in said


@pytest.mark.parametrize("drop", [0, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13])
def test_strict_stops_at_the_first_row_that_is_not_used_and_writes_nothing(capsys, tmp_path, drop):
    kept = ROWS[drop:]
    path = tmp_path / "long.csv"
    path.write_text(HEAD + "\n".join(row for row, _ in kept) + "\n", encoding="utf-8")
    code, said, error = cli(
        capsys, "interpret", path, "-o", tmp_path / "out.csv", "--problems", tmp_path / "problems.csv", "--strict"
    )
    first = next(number for number, (_, code) in enumerate(kept, 1) if code not in ("", "not_an_analyte"))
    assert (code, said) == (2, "")
    assert f"long.csv: row {first}, column" in error
    assert [entry.name for entry in tmp_path.iterdir()] == ["long.csv"]


def test_a_test_that_is_no_analyte_does_not_stop_a_strict_run(capsys, tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(HEAD + ROWS[0][0] + "\n" + ROWS[4][0] + "\n", encoding="utf-8")
    assert cli(capsys, "interpret", path, "--strict")[0] == 0


def test_problems_of_many_parts_and_files_are_in_the_order_of_the_rows(tmp_path):
    generator = np.random.default_rng(4)
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("1.csv", "2.csv"):
        body = [
            generator.choice([row for row, _ in ROWS]).replace("A,", f"P{generator.integers(9)},", 1) for _ in range(60)
        ]
        (folder / name).write_text(HEAD + "\n".join(body) + "\n", encoding="utf-8")
    whole = interpret_file(folder, output=tmp_path / "whole.csv", problems=tmp_path / "whole-problems.csv")
    expected = rows(tmp_path / "whole-problems.csv")
    assert [int(row[1]) for row in expected[1:]] == sorted(int(row[1]) for row in expected[1:])
    assert all(row[0].endswith("1.csv" if int(row[1]) <= 60 else "2.csv") for row in expected[1:])
    for size, name in ((1, "problems.csv"), (4, "problems.csv"), (4, "problems.csv.gz")):
        done = interpret_file(folder, output=tmp_path / "out.csv", problems=tmp_path / name, part_rows=size)
        assert sorted(rows(tmp_path / name)) == sorted(expected)
        assert [row[1] for row in rows(tmp_path / name)] == [row[1] for row in expected]
        assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
        assert done.totals.status == whole.totals.status


_CELLS = st.tuples(
    st.sampled_from(["A", "B", ""]),
    st.sampled_from(["2024-03-01", "2024-03-01T08:30", "2024-03-02T09:00", "03/04/2024", ""]),
    st.sampled_from(["B12", "2132-9", "Hb", "Sodium", "a\rb", "=1,2", "Vitamin B21", ""]),
    st.sampled_from(["145", "160", "<150", "low", "UNABLE TO REPORT", "1e999", "-1", "NaN", "1\n45", "1\x0045", ""]),
    st.sampled_from(["pg/mL", "g/dL", ""]),
    st.sampled_from(["", "final", "corrected", "P", "cancelled", "other"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_CELLS, max_size=10))
def test_every_row_is_used_and_read_or_listed_whatever_the_file(tmp_path_factory, body):
    folder = tmp_path_factory.mktemp("long")
    with (folder / "long.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("patient", "time", "test", "value", "unit", "status"), *body])
    with suppress(ColumnError):  # where nothing can be used; every row is listed all the same
        interpret_file(folder / "long.csv", output=folder / "out.csv", problems=folder / "problems.csv")
    listed = {int(row[1]) for row in rows(folder / "problems.csv")[1:]}
    table = pandas.DataFrame(body, columns=["patient", "time", "test", "value", "unit", "status"], dtype=str)
    draws = to_draws(table)
    used = {row + 1 for row in np.flatnonzero(draws.used).tolist()}
    assert used | listed == set(range(1, len(body) + 1))
    if used:
        written = pandas.read_csv(folder / "out.csv", dtype=str, keep_default_na=False)
        assert written["status"].tolist() == interpret_long(table)["status"].astype(str).tolist()
        # A result that is used and not listed was read: its draw says no problem of it.
        for row in used - listed:
            problems = written["problems"][draws.draw[row - 1]]
            key = {"B12": "b12", "2132-9": "b12", "Hb": "hemoglobin"}[body[row - 1][2]]
            assert f"{key}: unreadable" not in problems
            assert f"{key}: missing_unit" not in problems


def test_the_cdisc_pilot_has_every_row_in_a_draw_or_in_the_problems(capsys, tmp_path, shared_file):
    path = shared_file("data/cdisc_pilot_lb_b12_cbc.csv.gz")
    code, said, _ = cli(capsys, "interpret", path, "-o", tmp_path / "out.csv", "--problems", tmp_path / "problems.csv")
    table = pandas.read_csv(path, dtype=str)
    draws = to_draws(table)
    listed = rows(tmp_path / "problems.csv")[1:]
    assert code == 0
    assert sorted([*(int(row[1]) - 1 for row in listed), *np.flatnonzero(draws.used).tolist()]) == list(
        range(len(table))
    )
    assert all(f"{table['LBTEST'][int(row[1]) - 1]!r}" in row[5] for row in listed)
    assert "Columns not used: STUDYID, DOMAIN, LBSEQ, LBCAT" in said
    assert cli(capsys, "interpret", path, "--strict")[0] == 0
    out = rows(tmp_path / "out.csv")
    for number in (1, 690, 1860):
        cells = dict(zip(out[0], out[number], strict=True))
        explained = json.loads(cli(capsys, "explain", path, "--row", number, "--json")[1])
        assert (explained["status"], explained["urgency"]) == (cells["status"], cells["urgency"])


def test_a_draw_is_explained_as_it_was_interpreted(capsys, tmp_path, long):
    (tmp_path / "site.toml").write_text(
        'decimal = ","\n[tests]\nVB12 = "b12"\n[units]\nb12 = "pg/mL"\n[columns]\npatient = "Fallnr"\nsex = '
        '"Geschl"\n[codes.sex]\nw = "female"\n',
        encoding="utf-8",
    )
    local = tmp_path / "local.csv"
    local.write_text(
        "Fallnr,time,test,value,Geschl\n"
        '1,2026-01-01T08:00,VB12,"120,5",w\n'
        '1,2026-01-01T20:00,VB12,"180,5",w\n'
        '2,2026-01-01,Hb,"10,4 g/dL",w\n',
        encoding="utf-8",
    )
    options = ("--mapping", tmp_path / "site.toml", "--window", 6)
    for path, arguments, count in ((long, (), 2), (long, ("--preliminary",), 2), (local, options, 3)):
        _, said, _ = cli(capsys, "interpret", path, "-o", tmp_path / "out.csv", *arguments)
        assert (
            f"One draw in full: b12labs explain {' '.join(map(str, (path, *arguments)))}".replace(" 6", " 6.0") in said
        )
        header, *body = rows(tmp_path / "out.csv")
        assert len(body) == count
        for number, row in enumerate(body, 1):
            cells = dict(zip(header, row, strict=True))
            explained = json.loads(cli(capsys, "explain", path, "--row", number, "--json", *arguments)[1])
            assert explained["status"] == cells["status"]
            problems = dict.fromkeys(f"{problem['field']}: {problem['code']}" for problem in explained["problems"])
            assert set(problems) == set(filter(None, cells["problems"].split("; ")))
            assert cli(capsys, "explain", path, "--row", number, "--compare", *arguments)[0] == 0
        assert f"draws 1 to {count}" in cli(capsys, "explain", path, "--row", count + 1, *arguments)[2]


def test_what_a_column_is_can_be_said_without_a_mapping(capsys, tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("Fallnr,Abnahme,Kode,Wert\n1,2024-03-01,B12,98\n", encoding="utf-8")
    said = [f"--column={pair}" for pair in ("Fallnr=patient", "Abnahme=time", "Kode=test", "Wert=value")]
    assert cli(capsys, "interpret", path, "-o", tmp_path / "out.csv", *said, "--unit", "b12=pmol/L")[0] == 0
    assert rows(tmp_path / "out.csv")[1][:4] == ["1", "2024-03-01", "98", "pmol/L"]
    assert "--column 'your name=time'" in cli(capsys, "interpret", path, *said[:1], *said[2:])[2]
    assert "did you mean 'b12'" in cli(capsys, "interpret", path, *said, "--unit", "b13=pmol/L")[2]
    assert "no column 'Datum'" in cli(capsys, "interpret", path, *said, "--column", "Datum=age")[2]


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz", "out.parquet"])
def test_a_long_file_of_no_rows_is_no_draws(capsys, tmp_path, name):
    (tmp_path / "long.csv").write_text(HEAD, encoding="utf-8")
    code, said, _ = cli(
        capsys,
        "interpret",
        tmp_path / "long.csv",
        "-o",
        tmp_path / name,
        "--problems",
        tmp_path / "problems.csv",
        "--strict",
    )
    assert code == 0
    assert "0 of 0 results used, in 0 draws" in said
    assert len(rows(tmp_path / "problems.csv")) == 1
    assert "has no draws" in cli(capsys, "explain", tmp_path / "long.csv", "--row", 1)[2]


def test_a_long_file_of_which_nothing_can_be_used_is_an_error_that_lists_every_row(capsys, tmp_path):
    (tmp_path / "long.csv").write_text(HEAD + "\n".join([ROWS[4][0], ROWS[1][0]]), encoding="utf-8")
    arguments = (
        "interpret",
        tmp_path / "long.csv",
        "-o",
        tmp_path / "out.csv",
        "--problems",
        tmp_path / "problems.csv",
    )
    code, _, error = cli(capsys, *arguments)
    assert code == 2
    assert "no result could be used" in error
    assert [row[1] for row in rows(tmp_path / "problems.csv")[1:]] == ["1", "2"]
    assert not (tmp_path / "out.csv").exists()
    assert "row 2, column 'patient'" in cli(capsys, *arguments, "--strict")[2]
    with pytest.raises(B12LabsError, match="no result could be used"):
        interpret_file(tmp_path / "long.csv")


def test_the_summary_as_json_counts_results_and_draws(capsys, long):
    found = json.loads(cli(capsys, "interpret", long, "--json")[1])
    assert found["unused_columns"] == ["comment"]
    assert {name: found["long_table"][name] for name in ("results", "used", "draws")} == {
        "results": 14,
        "used": 5,
        "draws": 2,
    }
    assert {
        "code": "missing_test",
        "field": "test",
        "message": "the row has no test",
        "rows": 1,
        "used": False,
    } in found["long_table"]["problems"]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffpatient,time,test,value,unit\r\nA,2024-03-01,B12,145,pg/mL\r\n",
        "größe,patient,time,test,value,unit\nü,A,2024-03-01,B12,145,pg/mL\n",
        "patient,time,test,value,unit,note,note\nA,2024-03-01,B12,145,pg/mL,1,2\n",
        'patient,time,test,value,unit\nA,"2024-03-01\n","B12\n","145\n",pg/mL\n',
        "patient,time,test,value,unit\nA,2024-03-01,B12,145,pg/mL",
    ],
)
@pytest.mark.parametrize("engine", ["pyarrow", "csv"])
def test_unusual_long_files_are_read(tmp_path, monkeypatch, content, engine):
    (tmp_path / "long.csv").write_text(content, encoding="utf-8", newline="")
    if engine == "csv":
        monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = interpret_file(tmp_path / "long.csv", output=tmp_path / "out.csv")
    assert done.totals.status == {"deficient": 1}
    assert not done.totals.problems


def test_a_sites_codes_are_read_once_where_a_code_is_another_ones_word(tmp_path):
    (tmp_path / "long.csv").write_text(
        "patient,time,test,value,unit,sex\nA,2024-03-01,Hb,125,g/L,M\nB,2024-03-01,Hb,125,g/L,H\n", encoding="utf-8"
    )
    spanish = SiteMapping(codes={"sex": {"M": "F", "H": "M"}})  # mujer, a woman; hombre, a man
    assert [read_row(tmp_path / "long.csv", row, mapping=spanish).values["sex"] for row in (1, 2)] == ["F", "M"]
    done = interpret_file(tmp_path / "long.csv", output=tmp_path / "out.csv", mapping=spanish)
    assert done.totals.truths["anemia"] == [1, 0, 1]  # 125 g/L is low for the man only

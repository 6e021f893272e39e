"""The command line: what a person reads, and what is written."""

import csv
import json
from pathlib import Path

import pytest

from b12labs.cli.main import main
from b12labs.tables.outputs import OUTPUT_COLUMNS
from tests.conftest import ROOT

LABS = ROOT / "examples/labs.csv"


def run(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def rows(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_original_cells_pass_through_untouched_then_come_ours(capsys, tmp_path):
    out = tmp_path / "out.csv"
    code, said, _ = run(capsys, "interpret", LABS, "-o", out)
    assert code == 0
    before, after = rows(LABS), rows(out)
    assert after[0] == [*before[0], *OUTPUT_COLUMNS]
    assert [row[: len(before[0])] for row in after] == before
    assert str(out) in said


def test_the_summary_says_how_many_of_what_whom_first_and_which_problems(capsys):
    said = " ".join(run(capsys, "interpret", LABS)[1].split())
    for part in (
        "48 rows",
        "Deficient",
        "Megaloblastic anemia",
        "Look first at (urgent)",
        "Problems in",
        "missing unit",
        "did you mean 'metformin'",
        "Nothing was written",
    ):
        assert part in said


def test_a_row_is_explained_and_the_report_keeps_to_80_columns(capsys):
    for number in range(1, 49):
        code, said, _ = run(capsys, "explain", LABS, "--row", number)
        assert code == 0
        assert max(map(len, said.splitlines())) <= 80, number


def test_a_row_explained_as_json_agrees_with_the_written_row(capsys, tmp_path):
    out = tmp_path / "out.csv"
    run(capsys, "interpret", LABS, "-o", out)
    header, *body = rows(out)
    for number, row in enumerate(body, 1):
        cells = dict(zip(header, row, strict=True))
        result = json.loads(run(capsys, "explain", LABS, "--row", number, "--json")[1])
        assert cells["status"] == result["status"]
        assert cells["treatment_route"] == result["treatment"]["route"]
        assert cells["next_tests"] == "; ".join(test["analyte"] for test in result["next_tests"])
        assert cells["megaloblastic_anemia"] == {True: "True", False: "False", None: ""}[result["megaloblastic_anemia"]]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("interpret", "nothing.csv"), "nothing.csv"),
        (("explain", LABS, "--row", "49"), "rows 1 to 48"),
        (("explain", LABS, "--row", "0"), "rows 1 to 48"),
        (("interpret", LABS, "--guideline", "nice-ng293"), "did you mean 'nice-ng239'"),
        (("interpret", LABS, "--unit", "b12"), "NAME=VALUE"),
        (("interpret", LABS, "--unit", "b13=pg/mL"), "did you mean 'B12'"),
        (("interpret", LABS, "--column", "nothing=b12"), "no column 'nothing'"),
        (("units", "homocystein"), "did you mean 'homocysteine'"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_line_with_exit_code_2(capsys, arguments, says):
    code, _, error = run(capsys, *arguments)
    assert code == 2
    assert says in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "expected a column of results"),
        ("b12 [pg/mL],age,Age\n1,2,3\n", "age: expected one column"),
        ("b12\n1,2,3\n", "more cells"),
        ("b12,\x00\n\xff", ""),
    ],
)
def test_a_file_that_is_no_table_of_results_is_refused(capsys, tmp_path, content, says):
    path = tmp_path / "labs.csv"
    path.write_bytes(content.encode("latin-1"))
    code, _, error = run(capsys, "interpret", path)
    assert code == 2
    assert says in error


@pytest.mark.parametrize(
    "content",
    ["b12 [pg/mL]\n", "b12 [pg/mL]\n145\n", "\ufeffB12 [pg/mL],Name\n145,Žofia\n", "status,b12 [pg/mL]\nmine,145\n"],
)
def test_small_and_unusual_files_work(capsys, tmp_path, content):
    path, out = tmp_path / "labs.csv", tmp_path / "out.csv"
    path.write_text(content, encoding="utf-8")
    code, _, error = run(capsys, "interpret", path, "-o", out)
    assert (code, error) == (0, "")
    assert len(rows(out)) == len(content.strip().splitlines())
    if "mine" in content:
        assert rows(out)[0][:3] == ["status", "b12 [pg/mL]", "b12labs_status"]


def test_a_decimal_comma_and_columns_by_hand(capsys, tmp_path):
    path, out = tmp_path / "labs.csv", tmp_path / "out.csv"
    path.write_text('Probe,"MMS"\n1,"0,62"\n', encoding="utf-8")
    code, _, _ = run(
        capsys, "interpret", path, "-o", out, "--column", "MMS=mma", "--unit", "mma=umol/L", "--decimal", ","
    )
    assert code == 0
    assert rows(out)[1][2] == "functional_deficiency"


def test_units_and_guidelines_are_listed(capsys):
    assert "pmol/L" in run(capsys, "units", "b12")[1]
    assert "homocysteine" in run(capsys, "units")[1]
    assert "nice-ng239" in run(capsys, "guidelines")[1]

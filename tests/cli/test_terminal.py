"""What is printed: color on a terminal alone, 80 columns, JSON everywhere, and nothing of a file moves the cursor."""

import csv
import io
import json
import os
import re
import sys

import pytest

from b12labs.answer.words import HEADLINES, STATUS_LABELS
from b12labs.cli.main import main
from b12labs.display.palette import STATUS_COLORS, STATUS_TERMINAL
from b12labs.display.terminal import paint_for
from b12labs.inputs.units import factor
from b12labs.reference import analytes, guideline_keys
from tests.conftest import ROOT

LABS = ROOT / "examples/labs.csv"
COLOR = re.compile("\033\\[[0-9;]*m")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def on_terminal(monkeypatch):
    """Return a function that runs a command on a terminal, and gives what it prints."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")

    def run(*arguments):
        monkeypatch.setattr(sys, "stdout", Terminal())
        assert main([str(argument) for argument in arguments]) == 0
        return sys.stdout.getvalue()

    return run


@pytest.mark.parametrize("arguments", [("interpret", LABS), ("explain", LABS, "--row", "9")])
def test_color_is_for_a_terminal_alone_and_changes_no_word(capsys, monkeypatch, on_terminal, arguments):
    painted = on_terminal(*arguments)
    assert COLOR.search(painted)
    monkeypatch.undo()
    assert main([str(argument) for argument in arguments]) == 0
    plain = capsys.readouterr().out
    assert "\033" not in plain
    assert COLOR.sub("", painted) == plain


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_color_can_be_refused(monkeypatch, on_terminal, name, value):
    monkeypatch.setenv(name, value)
    assert "\033" not in on_terminal("interpret", LABS)


def test_an_urgent_answer_and_every_status_are_marked(on_terminal):
    said = on_terminal("explain", LABS, "--row", "9")
    assert "\033[1;31mDEFICIENT in vitamin B12\033[0m" in said
    assert "\033[1;31murgent\033[0m · " in said
    assert f"  \033[{STATUS_TERMINAL['functional_deficiency']}mFunctional deficiency\033[0m " in on_terminal(
        "interpret", LABS
    )
    assert set(STATUS_TERMINAL) == set(STATUS_COLORS) == set(STATUS_LABELS) == set(HEADLINES)
    for status, headline in HEADLINES.items():
        painted = paint_for(Terminal())(headline, f"headline {status}")
        assert painted == f"\033[1;{STATUS_TERMINAL[status]}m{headline}\033[0m"


def test_json_is_never_in_color(on_terminal):
    for arguments in (
        ("interpret", LABS, "--json"),
        ("explain", LABS, "--row", "1", "--json"),
        ("report", LABS, "--json"),
        ("guidelines", "--json"),
    ):
        json.loads(on_terminal(*arguments))


def test_the_summary_keeps_to_80_columns_whatever_the_file_calls_its_columns(capsys, tmp_path):
    for path in (LABS, _odd(tmp_path)):
        assert main(["interpret", str(path)]) == 0
        said = capsys.readouterr().out
        assert max(map(len, said.splitlines())) <= 80


def test_nothing_that_a_file_says_reaches_the_terminal_as_a_command(capsys, tmp_path):
    assert main(["interpret", str(_odd(tmp_path))]) == 0
    said = capsys.readouterr().out
    assert "\033" not in said
    assert "\u202e" not in said
    assert "[2Jgone" in said


def test_what_has_ten_thousand_letters_is_named_and_not_printed_whole(capsys, tmp_path):
    path, long = tmp_path / "long.csv", "x" * 10_000
    path.write_text(f"B12 [pg/mL],MMA,{long}\n145,0.6 {long[:900]},\n", encoding="utf-8")
    for arguments in (["interpret", str(path)], ["explain", str(path), "--row", "1"]):
        assert main(arguments) == 0
        said = capsys.readouterr().out
        assert "xxxx" in said
        assert "Accepted: umol/L" in " ".join(said.split())
        assert len(said) < 5_000
        assert max(map(len, said.splitlines())) <= 80


def test_a_name_that_is_not_utf_8_or_that_colors_the_terminal_is_printed(capsys, tmp_path):
    for name in (os.fsdecode(b"caf\xe9.csv"), "red\033[31m.csv"):
        path = tmp_path / name
        try:
            path.write_text("B12 [pg/mL]\n145\n", encoding="utf-8")
        except OSError:
            pytest.skip("this file system has no such names")
        for arguments in (
            ["interpret"],
            ["interpret", "--json"],
            ["report", "-o", str(path.with_suffix(".html"))],
            ["report", "--json"],
        ):
            assert main([*arguments, str(path)]) == 0
            said = capsys.readouterr().out
            said.encode("utf-8")
            assert "\ufffd" in said
            assert "\033" not in said
        assert main(["interpret", f"{path}.gone"]) == 2
        assert "\033" not in capsys.readouterr().err


def _odd(folder):
    path = folder / "odd.csv"
    header = [
        "B12 [pg/mL]",
        "\033[2Jgone",
        "iron",
        "\u202eturned",
        *(f"a column with a long name, number {place}" for place in range(20)),
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, ["\033[2J", "", "17", "", *[""] * 20], ["145", "", "", "", *[""] * 20]])
    return path


def test_a_long_table_is_summed_up_in_80_columns(capsys, tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(
        "patient,collected,test,result,unit\nA,2024-03-01,B12,145,pg/mL\n"
        + f"A,2024-03-01,{'a test of a long name ' * 8},1,x\n",
        encoding="utf-8",
    )
    assert main(["interpret", str(path)]) == 0
    said = capsys.readouterr().out
    assert "1 of 2 results used" in said
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize(
    "arguments", [["guidelines"], ["units"], ["units", "b12"], ["rules"], ["explain", LABS, "--row", "1", "--compare"]]
)
def test_every_list_keeps_to_80_columns(capsys, arguments):
    assert main([str(argument) for argument in arguments]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_units_and_guidelines_are_listed_as_json(capsys):
    main(["units", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert {each["key"]: each["unit"] for each in listed} == {key: analyte.unit for key, analyte in analytes().items()}
    main(["units", "mma", "--json"])
    mma = json.loads(capsys.readouterr().out)
    assert {unit["ucum"]: unit["factor"] for unit in mma["accepted"]} == {
        unit["ucum"]: factor("mma", unit["ucum"]) for unit in mma["accepted"]
    }
    assert "umol/L" in {unit["ucum"] for unit in mma["accepted"]}
    main(["guidelines", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert [each["key"] for each in found] == list(guideline_keys())
    assert [each["key"] for each in found if each["default"]] == ["nice-ng239"]

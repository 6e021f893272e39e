"""The first minute on the command line: help that shows how, the nearest word, one patient without a file."""

import json
import shlex
import shutil
import subprocess

import pytest

from b12labs import compare_guidelines, differential, follow_up, interpret, screen
from b12labs.cli.main import _COMMANDS, _parser, main
from tests.conftest import ROOT

LABS = ROOT / "examples/labs.csv"
COMMANDS = [command.__name__.rpartition(".")[2].replace("_", "-") for command in _COMMANDS]
PATIENT = ["--b12", "145 pg/mL", "--mma", "0.62 umol/L", "--age", "67", "--sex", "female", "--symptoms", "ataxia"]
VALUES = {"b12": "145 pg/mL", "mma": "0.62 umol/L", "age": "67", "sex": "female", "symptoms": ["ataxia"]}


@pytest.fixture
def run(capsys):
    """Return a function that runs a command and gives its exit code, what it printed, and what it complained of."""

    def done(*arguments):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            code = stopped.code
        return code, *capsys.readouterr()

    return done


def parser_of(name):
    return next(action for action in _parser()._actions if action.choices).choices[name]


# Help


def test_without_a_command_the_help_is_shown(run):
    code, said, complained = run()
    assert (code, complained) == (0, "")
    assert all(f"  {name} " in said or f"  {name}\n" in said for name in COMMANDS)
    assert "b12labs one --b12" in said


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_has_an_example_that_is_a_command_of_its_own(run, name):
    code, said, _ = run(name, "--help")
    assert code == 0
    assert max(map(len, said.splitlines())) <= 100  # a shell line is not broken
    parser = parser_of(name)
    for example in parser.examples:
        assert example in said
        words = shlex.split(example.partition(" > ")[0].partition(" | ")[0].removeprefix('eval "$(').removesuffix(')"'))
        assert words[:2] == ["b12labs", name]
        _parser().parse_args(words[1:])


# A word that is not known


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["interpet", "labs.csv"], "expected a command, got 'interpet'; did you mean 'interpret'?"),
        (["followup", "draws.csv"], "did you mean 'follow-up'?"),
        (["interpret", "labs.csv", "--ouput", "x.csv"], "there is no option '--ouput'; did you mean '--output'?"),
        (["one", "--hb", "10 g/dL"], "did you mean '--hemoglobin'?"),
        (["one", "--vitamin-b12", "145 pg/mL"], "did you mean '--b12'?"),
        (["one", "--symptom", "ataxia"], "did you mean '--symptoms'?"),
        (["explain", "labs.csv", "--row", "1", "--audience", "patiant"], "did you mean 'patient'?"),
    ],
)
def test_a_mistyped_word_is_answered_with_the_one_that_was_meant(run, arguments, says):
    code, said, complained = run(*arguments)
    assert (code, said) == (2, "")
    assert says in complained
    assert complained.count("\n") <= 2


# One patient without a file


def test_one_patient_is_interpreted_as_by_the_library(run):
    result = interpret(**VALUES)
    assert run("one", *PATIENT)[1] == f"{result}\n"
    assert json.loads(run("one", *PATIENT, "--json")[1]) == json.loads(result.to_json())
    assert run("one", *PATIENT, "--audience", "patient")[1] == f"{result.to_text('patient')}\n"
    assert "How sure" in run("one", *PATIENT, "--certainty")[1]


def test_a_value_needs_no_quotes_and_a_unit_can_be_said_once(run):
    assert run("one", "--b12", "145", "pg/mL", "--age", "67")[1] == f"{interpret(b12='145 pg/mL', age=67)}\n"
    assert (
        run("one", "--b12", "145", "--unit", "b12=pg/mL", "--age", "67")[1] == f"{interpret(b12='145 pg/mL', age=67)}\n"
    )


def test_what_cannot_be_read_is_said_with_its_way_out(run):
    code, _, complained = run("one", "--b12", "145")
    assert code == 2
    assert "Accepted: pg/mL" in complained
    assert "such as --b12" in run("one")[2]


def test_the_other_questions_have_a_command_each(run, tmp_path):
    person = ["--age", "67", "--symptoms", "numbness", "--medicines", "metformin"]
    assert run("screen", *person)[1] == f"{screen(age=67, symptoms=['numbness'], medicines=['metformin'])}\n"
    assert run("compare", *PATIENT)[1] == f"{compare_guidelines(**VALUES)}\n"
    found = differential(symptom="joint pain", with_it="morning stiffness")
    said = run("differential", "--symptom", "joint pain", "--with-it", "morning stiffness", "--json")[1]
    assert [each["code"] for each in json.loads(said)] == [each.code for each in found]
    draws = tmp_path / "draws.csv"
    draws.write_text("when;Hb;MMA\n2026-01-05;8,8;1,9\n2026-03-10;12,6;0,21\n".replace(";", "\t"), encoding="utf-8")
    mine = ["--date", "when", "--unit", "hemoglobin=g/dL", "--unit", "mma=umol/L", "--decimal", ","]
    told = follow_up(
        [
            {"date": "2026-01-05", "hemoglobin": "8.8 g/dL", "mma": "1.9 umol/L"},
            {"date": "2026-03-10", "hemoglobin": "12.6 g/dL", "mma": "0.21 umol/L"},
        ],
        treatment_started="2026-01-06",
    )
    said = json.loads(
        run("follow-up", draws.rename(draws.with_suffix(".tsv")), *mine, "--started", "2026-01-06", "--json")[1]
    )
    assert (said["response"], said["days"]) == (told.response, told.days)
    assert "no column 'date'" in run("follow-up", draws.with_suffix(".tsv"), *mine[2:])[2]


def test_a_comparison_and_how_sure_it_is_are_both_shown(run):
    said = run("explain", LABS, "--row", "1", "--compare", "--certainty")[1]
    assert "DEFICIENT in vitamin B12" in said
    assert "How sure" in said
    assert "stabler-2013" in said
    found = json.loads(run("explain", LABS, "--row", "1", "--compare", "--certainty", "--json")[1])
    assert {"comparison", "certainty", "turning_points", "status"} <= set(found)


# A file of which nothing of an analyte can be used


@pytest.mark.parametrize(
    ("content", "first", "mended"),
    [
        ("b12,age\n145,40\n,50\n200,60\n", "in 2 rows no unit is given", ["--unit", "b12=pg/mL"]),
        ("B12 [pg/mL];age\n145,5;40\n200,5;50\n", "in 2 rows it has a decimal comma", ["--decimal", ","]),
    ],
)
def test_where_nothing_could_be_used_for_one_reason_the_option_that_mends_it_is_said_first(
    run, tmp_path, content, first, mended
):
    path = tmp_path / "labs.csv"
    path.write_text(content, encoding="utf-8")
    said = run("interpret", path)[1].splitlines()
    assert said[0].startswith("No result of B12 could be used: ")
    assert said[0].endswith(f"{first}.")
    assert shlex.join(mended).replace("'", "") in said[1]
    assert not run("interpret", path, *mended)[1].startswith("No result")


@pytest.mark.parametrize(
    "content", ["b12,age\n145 pg/mL,40\n200,60\n", "b12,age\n145 pg/mL,40\n", "b12,age\npending,40\n"]
)
def test_nothing_is_said_first_where_some_result_could_be_used_or_none_was_there(run, tmp_path, content):
    path = tmp_path / "labs.csv"
    path.write_text(content, encoding="utf-8")
    assert run("interpret", path)[1].startswith(str(path)[:20])


def test_of_a_large_file_the_parts_are_taken_together(run, tmp_path, monkeypatch):
    path = tmp_path / "labs.csv"
    path.write_text("b12,age\n" + "145 pg/mL,40\n" * 3 + "145,40\n" * 3, encoding="utf-8")
    for module in ("b12labs.files.interpreting", "b12labs.files.run", "b12labs.files.options"):
        monkeypatch.setattr(f"{module}.PART_ROWS", 3, raising=False)
    assert not run("interpret", path)[1].startswith("No result")


def test_a_column_that_was_not_used_can_be_named_by_the_option_that_is_shown(run, tmp_path):
    path = tmp_path / "labs.csv"
    path.write_text("B12 [pg/mL],Years\n145,67\n", encoding="utf-8")
    assert "To use one: --column COLUMN=WHAT, such as --column Years=age" in run("interpret", path)[1]
    assert "not used" not in run("interpret", path, "--column", "Years=age")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["serve"], "no client is configured. Give --config"),
        (["serve", "--config", "none.toml"], "none.toml: No such file"),
        (["interpret", LABS, "--mapping", "none.toml"], "none.toml: file: there is no such file"),
        (["one", "--b12", "145 pg/mL", "--sex", "male", "--pregnant", "yes"], "exclude each other; neither is used"),
        (["one", "--mcv", "112"], "'112' has no unit. Accepted: fL"),
    ],
)
def test_what_is_missing_is_said_plainly(run, arguments, says):
    code, _, complained = run(*arguments)
    assert code == 2
    assert says in complained


# Completion


def test_a_shell_is_offered_commands_and_their_options(run):
    said = run("completion", "bash")[1]
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("no bash on this machine")
    asked = f'{said}\nCOMP_WORDS=(b12labs interpret --un) COMP_CWORD=2; _b12labs; echo "${{COMPREPLY[*]}}"\n'
    asked += 'COMP_WORDS=(b12labs sc) COMP_CWORD=1; _b12labs; echo "${COMPREPLY[*]}"'
    answered = subprocess.run([shell, "-c", asked], capture_output=True, text=True, check=True).stdout.splitlines()
    assert [set(words.split()) for words in answered] == [{"--unit"}, {"screen", "schema"}]
    assert "complete -c b12labs" in run("completion", "fish")[1]

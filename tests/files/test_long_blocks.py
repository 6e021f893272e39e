"""A long table in the order of its patients is read in blocks, and says to the byte what it says read whole."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b12labs import B12LabsError
from b12labs.files import interpret_file, long_blocks, read_row
from tests.files.test_files import cli

HEAD = "patient,time,test,value,unit,sex,metformin\n"
RESULTS = st.sampled_from(
    [
        "2024-03-01T08:30,B12,145,pg/mL",
        "2024-03-01T09:30,B12,160,pg/mL",
        "2024-03-01,MMA,0.9,umol/L",
        "2024-05-01,MCV,99,fL",
        "soon,Hb,130,g/L",
        "2024-03-02,Sodium,140,mmol/L",
        "2024-03-02,Vitamin B12,hemolyzed,",
        "2024-06-01,holoTC,20,pmol/L",
    ]
)
PATIENTS = st.lists(
    st.tuples(
        st.lists(RESULTS, min_size=1, max_size=6), st.sampled_from(["F", "M", ""]), st.sampled_from(["", "yes", "no"])
    ),
    min_size=1,
    max_size=8,
)


def write(path, patients, names=None):
    names = names or [f"p{number:02}" for number in range(len(patients))]
    lines = [
        f"{name},{result},{sex},{metformin}\n"
        for name, (results, sex, metformin) in zip(names, patients, strict=True)
        for result in results
    ]
    path.write_text(HEAD + "".join(lines), encoding="utf-8")


def interpreted(path, folder):
    folder.mkdir(exist_ok=True)
    done = interpret_file(path, output=folder / "out.csv", problems=folder / "problems.csv")
    return done, (folder / "out.csv").read_bytes(), (folder / "problems.csv").read_bytes()


def said_by(path, folder):
    """Return the outputs, the counts, and what was noted; or the error."""
    try:
        done, *written = interpreted(path, folder)
    except B12LabsError as error:
        return str(error)
    totals = done.totals.model_dump()
    totals["problems"].sort(key=lambda kind: (kind["field"], kind["code"]))
    return written, totals, done.source.counts.to_dict(), done.source.notes


@settings(max_examples=40)
@given(patients=PATIENTS, block=st.integers(1, 9))
def test_blocks_say_what_the_whole_table_says(tmp_path_factory, patients, block):
    folder = tmp_path_factory.mktemp("long")
    write(folder / "long.csv", patients)
    whole = said_by(folder / "long.csv", folder / "whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_blocks, "BLOCK", block)
        assert said_by(folder / "long.csv", folder / "blocks") == whole


MANY = [(["2024-03-01,B12,145,pg/mL", "2024-03-01,MMA,0.9,umol/L"], "F", "")] * 6


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(long_blocks, "BLOCK", 3)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("names", [["a", "b", "c", "d", "e", "f"], ["8", "9", "10", "11", "100", "101"], ["a"] * 6])
def test_the_order_of_texts_or_of_numbers_will_do(tmp_path, names):
    write(tmp_path / "long.csv", MANY, names)
    done, _, _ = interpreted(tmp_path / "long.csv", tmp_path)
    assert done.source.notes == []
    assert done.totals.rows == len(set(names))


@pytest.mark.usefixtures("small")
def test_another_order_is_held_in_memory_and_said(capsys, tmp_path):
    write(tmp_path / "long.csv", MANY, ["a", "b", "c", "a", "b", "c"])
    code, said, _ = cli(capsys, "interpret", tmp_path / "long.csv", "-o", tmp_path / "out.csv")
    assert code == 0
    assert "not in the order of the patients" in " ".join(said.split())
    code, said, _ = cli(capsys, "interpret", tmp_path / "long.csv", "--json")
    assert json.loads(said)["rows"] == 3


@pytest.mark.usefixtures("small")
def test_a_row_of_a_later_block_is_explained(tmp_path):
    write(tmp_path / "long.csv", [*MANY[:5], (["2024-03-01,Hb,130,g/L", "soon,MMA,0.9,umol/L"], "M", "")])
    row = read_row(tmp_path / "long.csv", 6)
    assert row.values["hemoglobin"] == {"value": "130", "unit": "g/L"} or "130" in str(row.values["hemoglobin"])
    assert [problem.code for problem in row.problems] == ["marker_not_used"]


@pytest.mark.usefixtures("small")
def test_a_problem_of_a_later_block_names_its_own_row(tmp_path):
    write(tmp_path / "long.csv", [*MANY[:5], (["soon,MMA,0.9,umol/L", "2024-03-01,Hb,130,g/L"], "M", "")])
    with pytest.raises(B12LabsError, match=r"long.csv: row 11, column 'time'"):
        interpret_file(tmp_path / "long.csv", strict=True)
    _, _, problems = interpreted(tmp_path / "long.csv", tmp_path)
    assert [line.split(",")[1] for line in problems.decode().splitlines()[1:]] == ["11"]


@pytest.mark.usefixtures("small")
def test_a_table_of_which_nothing_can_be_used_lists_every_row(tmp_path):
    write(tmp_path / "long.csv", [(["soon,B12,145,pg/mL"] * 2, "", "")] * 4)
    with pytest.raises(B12LabsError, match="no result could be used"):
        interpret_file(tmp_path / "long.csv", problems=tmp_path / "problems.csv")
    lines = (tmp_path / "problems.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[1] for line in lines] == ["row", *map(str, range(1, 9))]


@pytest.mark.usefixtures("small")
def test_results_of_no_patient_stand_anywhere(tmp_path):
    write(tmp_path / "long.csv", MANY, ["a", "", "b", "", "c", "d"])
    done, out, _ = interpreted(tmp_path / "long.csv", tmp_path)
    assert [line.split(",")[0] for line in out.decode().splitlines()[1:]] == ["a", "b", "c", "d"]
    assert done.source.counts.to_dict()["used"] == 8

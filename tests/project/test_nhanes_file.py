"""One CSV is made of the files of a survey by the variables that are in them, and what does not fit is refused."""

import re
import runpy
import subprocess
import sys
import tomllib

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from b12labs.files import interpret_file
from tests.conftest import ROOT

SCRIPT = ROOT / "notebooks/nhanes_file.py"
FILES = {
    "people_a.XPT": {
        "SEQN": [1, 2, 3], "SDDSRVYR": [1, 1, 1], "RIAGENDR": [2, 1, 2], "RIDAGEYR": [67, 40, 12],
        "RIDEXPRG": [np.nan, np.nan, 3],
    },
    "vitamins_a.XPT": {"SEQN": [1, 3], "LBXB12": [145, 512], "LBXMMA": [0.62, 0.14], "LBXCRP": [0, 0.36]},
    "blood_a.xpt": {"SEQN": [1], "LBXHGB": [10.4], "LBXMCVSI": [112.3]},
    "people_b.xpt": {
        "SEQN": [4, 5], "SDDSRVYR": [2, 2], "RIAGENDR": [1, 2], "RIDAGEYR": [85, 33], "RIDEXPRG": [np.nan, 1],
    },
    "vitamins_b.xpt": {
        "SEQN": [5, 4], "LBXB12": [300, 190], "LBXMMA": [np.nan, 0.27], "LBXHCY": [9.78, 15.2], "LBXFOL": [12, 8.5],
        "LBXHGB": [12.1, 14], "LBXMCVSI": [90, 88.5], "LBXSCR": [0.7, 1.1],
    },
    "teeth.xpt": {"SEQN": [1, 2], "OHXDECAY": [1, 2]},
    "drugs.xpt": {"RXDDRGID": [7, 8]},
}  # fmt: skip


def folder_of(path, **changed):
    for name, columns in {**FILES, **changed}.items():
        if columns:
            pyreadstat.write_xport(pd.DataFrame(columns), path / name, file_format_version=5)
    return path


def run(folder, output):
    return subprocess.run(
        [sys.executable, SCRIPT, folder, "-o", output], capture_output=True, text=True, check=False, timeout=60
    )


def test_the_files_of_two_cycles_become_one_that_the_notebook_reads(tmp_path, monkeypatch):
    done = run(folder_of(tmp_path), tmp_path / "made.csv.gz")
    assert done.returncode == 0, done.stderr
    made = pd.read_csv(tmp_path / "made.csv.gz").set_index("SEQN")
    assert list(made.index) == [1, 3, 4, 5]  # person 2 has no result
    assert list(made["SDDSRVYR"]) == [1, 1, 2, 2]
    assert list(made["LBXB12"]) == [145, 512, 190, 300]
    assert list(made["LBXMMA"].dropna()) == [0.62, 0.14, 0.27]
    assert made["LBXHGB"].isna()[3]
    assert not {"OHXDECAY", "RXDDRGID"} & set(made)
    notebook = (ROOT / "notebooks/nhanes.py").read_text(encoding="utf-8")
    first = tmp_path / "first_cells.py"
    first.write_text(notebook.partition("# ## Every guideline")[0], encoding="utf-8")
    monkeypatch.setenv("B12LABS_NHANES", str(tmp_path / "made.csv.gz"))
    people = runpy.run_path(str(first))["people"]
    assert list(people["sex"]) == ["female", "male", "female"]
    assert list(people["pregnant"].fillna("")) == ["", "", "yes"]


def test_it_prints_what_is_missing_and_how_many_people_there_are(tmp_path):
    printed = run(folder_of(tmp_path), tmp_path / "made.csv").stdout
    assert "In no file: LBXRBF," in printed
    assert "rx_metformin" in printed
    assert "SDDSRVYR 1: 3 people; nobody has LBXHCY, LBXFOL, LBXSCR" in printed
    assert re.search(r"^SDDSRVYR 2: 2 people; nobody has LBXCRP$", printed, re.MULTILINE)
    assert "4 of 5 people have any of LBXB12, LBXMMA, LBXHCY, LBXHGB, and are written" in printed
    assert "drugs.xpt: not used, has no SEQN" in printed
    assert "teeth.xpt: not used" in printed


def test_a_zero_of_a_transport_file_is_zero(tmp_path):
    run(folder_of(tmp_path), tmp_path / "made.csv")
    assert pd.read_csv(tmp_path / "made.csv").set_index("SEQN")["LBXCRP"][1] == 0


def test_a_variable_may_be_in_two_files_if_they_agree(tmp_path):
    again = {"SEQN": [3, 1], "LBXB12": [np.nan, 145]}
    assert run(folder_of(tmp_path, **{"again.xpt": again}), tmp_path / "made.csv").returncode == 0
    assert list(pd.read_csv(tmp_path / "made.csv")["LBXB12"]) == [145, 512, 190, 300]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"again.xpt": {"SEQN": [1, 3], "LBXB12": [146, 512]}},
            "LBXB12: expected one value per person, got different values in again.xpt and vitamins_a.XPT (people: 1)",
        ),
        (
            {"blood_a.xpt": {"SEQN": [1, 1], "LBXHGB": [10.4, 10.5]}},
            "LBXHGB: expected one value per person, got different values in rows of blood_a.xpt (people: 1)",
        ),
        (
            {"blood_a.xpt": {"SEQN": [1, np.nan], "LBXHGB": [10.4, 10.5]}},
            "blood_a.xpt: expected SEQN in every row, got none in 1 rows",
        ),
        (
            {"people_b.xpt": {}},
            "SDDSRVYR: expected the cycle of each person, got none for 2 people of vitamins_b.xpt. "
            "Add the demographics file of their cycle.",
        ),
        (
            {"people_a.XPT": {}, "people_b.xpt": {}},
            "SDDSRVYR: expected the demographics file of each cycle, got no file with this variable",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path, changed, message):
    done = run(folder_of(tmp_path, **changed), tmp_path / "made.csv")
    assert done.returncode == 1
    assert done.stderr.strip() == message
    assert not (tmp_path / "made.csv").exists()


def test_what_is_not_a_transport_file_is_refused_with_its_name(tmp_path):
    (tmp_path / "page.xpt").write_text("<html>not found</html>" * 20, encoding="utf-8")
    assert run(tmp_path, tmp_path / "made.csv").stderr.startswith("page.xpt: expected a SAS transport file")
    assert "expected files that end in .XPT, got none" in run(ROOT / "docs", tmp_path / "made.csv").stderr
    assert "expected a folder, got nothing" in run(tmp_path / "elsewhere", tmp_path / "made.csv").stderr


def test_the_mapping_reads_the_file_without_the_lines_of_what_is_not_a_variable_of_the_survey(tmp_path):
    run(folder_of(tmp_path), tmp_path / "made.csv")
    lines = (ROOT / "examples/nhanes.toml").read_text(encoding="utf-8").splitlines()
    mapping = tmp_path / "mapping.toml"
    mapping.write_text("\n".join(line for line in lines if "rx_" not in line), encoding="utf-8")
    interpret_file(tmp_path / "made.csv", output=tmp_path / "interpreted.csv", mapping=mapping)
    found = pd.read_csv(tmp_path / "interpreted.csv")
    assert found["SEQN"].to_list() == [1, 3, 4, 5]
    assert found["status"].to_list()[:2] == ["deficient", "deficiency_unlikely"]


def test_it_keeps_the_variables_that_the_notebook_and_the_mapping_name():
    mapping = tomllib.loads((ROOT / "examples/nhanes.toml").read_text(encoding="utf-8"))
    notebook = re.findall(r'"((?:LB|RI)[A-Z0-9]{4,})"', (ROOT / "notebooks/nhanes.py").read_text(encoding="utf-8"))
    named = {*mapping["tests"], *mapping["columns"].values(), *notebook}
    assert set(runpy.run_path(str(SCRIPT))["VARIABLES"]) == {"SDDSRVYR", *named}

"""The notebooks run from beginning to end, and jupytext makes notebooks of them."""

import runpy

import jupytext
import pytest
from nbclient import NotebookClient

from site_pages.notebooks import notebooks
from tests.conftest import ROOT

NHANES = ROOT.parent / "shared/data/nhanes_1999_2002.csv.gz"


@pytest.fixture(autouse=True)
def beside_the_notebooks(monkeypatch):
    monkeypatch.chdir(ROOT / "notebooks")


def test_a_messy_export_becomes_a_worklist_with_every_line_used_or_explained():
    names = runpy.run_path("messy_export.py")
    used, explained = names["draws"].used, names["problems"]["row"]
    assert set(explained) == {4, 11, 13, 18, 29, 30, 40}
    assert used.sum() + len(explained) == len(names["table"])
    worklist = names["worklist"]
    assert list(worklist["patient"])[:2] == ["P007", "P012"]  # the most urgent first
    assert {"P008", "P011"} <= set(worklist["patient"])  # implausible results are not taken as normal
    assert "P001" not in set(worklist["patient"])  # treated by now
    # B12 makes deficiency unlikely, and a test that may be another marker was not read.
    assert worklist.set_index("patient")["problems"]["P009"] == "b12: marker_not_used"


@pytest.mark.skipif(not NHANES.exists(), reason="the NHANES file is not part of the project")
def test_nhanes_runs(capsys, monkeypatch):
    monkeypatch.setenv("B12LABS_NHANES", str(NHANES))
    names = runpy.run_path("nhanes.py")
    assert "8,993 adults" in capsys.readouterr().out
    assert names["neither"].sum() > names["told"].sum() / 2  # as its prose says


def test_nhanes_without_its_file_says_which_file(monkeypatch):
    monkeypatch.setenv("B12LABS_NHANES", "elsewhere.csv.gz")
    with pytest.raises(FileNotFoundError, match="elsewhere"):
        runpy.run_path("nhanes.py")


@pytest.mark.filterwarnings("default")  # what Jupyter warns of is not ours
def test_in_jupyter_the_answer_is_html_and_a_chart_a_picture_that_needs_no_network(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    notebook = jupytext.read("one_patient.py")
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    shown = [
        output.data
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    printed = "".join(
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream"
    )
    assert "MCV 112 fL above 100 fL" in printed
    assert any("DEFICIENT" in data.get("text/html", "").upper() for data in shown)
    pictures = [data["image/svg+xml"] for data in shown if "image/svg+xml" in data]
    assert len(pictures) == 2
    assert not any("http" in picture.replace("http://www.w3.org/", "") for picture in pictures)


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_jupytext_makes_a_notebook_of_it_and_back(path):
    notebook = jupytext.read(path)
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds[0] == "markdown"
    assert kinds.count("code") >= 5
    again = jupytext.reads(jupytext.writes(notebook, fmt="ipynb"), fmt="ipynb")
    assert [cell.source for cell in again.cells] == [cell.source for cell in notebook.cells]

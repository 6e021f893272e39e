"""The pages of the documentation that show the notebooks are those of today's notebooks, and of no machine."""

import re
import tempfile
from pathlib import Path

import jupytext
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from site_pages.notebooks import BEGIN, notebooks, page, without_outputs
from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = {path.stem: DOCS / "notebooks" / f"{path.stem}.md" for path in notebooks()}
HINT = "Run the notebooks and write their pages again with:  make notebooks"
MOST = 400_000


def committed(name):
    assert PAGES[name].is_file(), HINT
    return PAGES[name].read_text(encoding="utf-8")


def pictures(name):
    return sorted(set(re.findall(r'(?:src|srcset)="(\.\./images/[^"]*)"', committed(name))))


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_the_prose_and_the_code_of_a_page_are_those_of_its_notebook(path):
    notebook = jupytext.read(path)
    assert without_outputs(committed(path.stem)) == page(notebook, path.stem), HINT
    assert committed(path.stem).count(BEGIN) >= 5


def test_every_notebook_has_a_page_and_no_page_is_left_of_another():
    assert {path.stem for path in notebooks()} == {"messy_export", "nhanes", "one_patient"}
    assert sorted(PAGES.values()) == sorted((DOCS / "notebooks").iterdir())


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_of_a_page_is_there_small_and_has_words_and_no_other_is(name):
    shown = [(DOCS / "notebooks" / picture).resolve() for picture in pictures(name)]
    assert shown
    assert sorted(shown) == sorted((DOCS / "images/notebooks" / name).iterdir()), HINT
    for path in shown:
        with Image.open(path) as drawn:
            drawn.verify()
    assert all(len(words) > 40 for words in re.findall(r'<img src="[^"]*" alt="([^"]*)"', committed(name)))
    assert PAGES[name].stat().st_size + sum(path.stat().st_size for path in shown) < 2 * MOST
    assert PAGES[name].stat().st_size < MOST


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_nothing_of_the_machine_and_the_moment_that_ran_it(name):
    text = committed(name)
    assert not any(str(folder) in text for folder in (ROOT, Path.home(), tempfile.gettempdir()))
    assert re.findall(r"\b0x[0-9a-f]{6,}|\sid=|\d{2}:\d{2}:\d{2}\.\d|[0-9a-f]{8}-[0-9a-f]{4}-|<script", text) == []


def test_made_up_patients_are_said_to_be_made_up_and_shares_of_the_survey_to_be_unweighted():
    assert all("made up" in committed(name) for name in ("one_patient", "messy_export"))
    assert "Shares are unweighted" in committed("nhanes")


def test_a_table_of_pandas_has_no_style_of_its_own_and_a_warning_is_no_output(tmp_path):
    style = "<style scoped>\n td {}\n\n</style>\n"
    table = f'<div>\n{style}<table border="1" class="dataframe">\n  <td>1</td>\n</table>\n</div>'
    cell = new_code_cell("table", outputs=[new_output("display_data", data={"text/html": table})])
    notebook = new_notebook(cells=[new_markdown_cell("# Title"), cell])
    assert '<div class="frame">\n<table>\n  <td>1</td>\n</table>\n</div>' in page(notebook, "some", tmp_path)
    cell.outputs = [new_output("stream", name="stderr", text="FutureWarning: x")]
    with pytest.raises(ValueError, match="expected no warnings, got FutureWarning"):
        page(notebook, "some", tmp_path)

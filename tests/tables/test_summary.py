"""A table of interpretations at a glance:

counts that agree with its rows, whom to look at first, and the table itself left alone.
"""

import doctest
import io
import json

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from b12labs import ColumnError, interpret_frame, summarize
from b12labs.reference import analytes
from b12labs.tables.counts import summary as summarize_module
from tests.browsing import browsing, opened_browser, page_of
from tests.conftest import ROOT
from tests.display.reading import Reader, dangers
from tests.display.test_notebook import HOSTILE

LABS = pd.read_csv(ROOT / "examples/labs.csv", dtype=str)


@pytest.fixture(scope="module")
def interpreted():
    return interpret_frame(LABS)


def test_the_counts_are_those_of_the_rows(interpreted):
    summary = summarize(interpreted)
    assert summary.rows == len(LABS)
    assert {status: count for status, count in summary.status.items() if count} == interpreted[
        "status"
    ].value_counts().loc[lambda n: n > 0].to_dict()
    for code, counts in summary.truths.items():
        cells = interpreted[code]
        assert counts == {"yes": (cells == True).sum(), "no": (cells == False).sum(), "cannot_tell": cells.isna().sum()}  # noqa: E712  # a nullable column
    assert summary.urgency == {word: (interpreted["urgency"] == word).sum() for word in summary.urgency}
    assert sum(summary.urgency.values()) == len(LABS)
    assert summary.problem_rows == (interpreted["problems"] != "").sum()
    assert summary.problems["b12: missing unit"] == interpreted["problems"].str.contains("b12: missing_unit").sum()
    for key in ("mma", "folate"):
        asked = interpreted["next_tests"].str.split("; ").map(lambda tests, key=key: key in tests).sum()
        assert summary.next_tests[analytes()[key].label] == asked


def test_the_more_urgent_rows_come_first_with_the_reason(interpreted):
    worklist = summarize(interpreted).worklist
    urgencies = [each.urgency for each in worklist]
    assert urgencies == sorted(urgencies, key=["emergency", "urgent"].index)
    assert {each.urgency for each in worklist} == {"urgent"}
    first = interpreted.loc[int(worklist[0].row)]
    assert worklist[0].because == "deficient, megaloblastic anemia (moderate), tissue short of B12"
    assert (first["status"], first["anemia_grade"], worklist[0].treatment_route) == (
        "deficient",
        "moderate",
        first["treatment_route"],
    )
    assert len(worklist) == 10


def test_every_type_of_table_and_a_written_file_give_the_same_summary(interpreted):
    expected = summarize(interpreted)
    assert summarize(interpret_frame(pl.from_pandas(LABS))) == expected
    assert summarize(interpret_frame(pa.Table.from_pandas(LABS))) == expected
    written = io.StringIO(pd.concat([LABS, interpreted], axis=1).to_csv(index=False))
    assert summarize(pd.read_csv(written)) == expected
    beside = pd.concat([LABS.assign(status="taken"), interpreted.add_prefix("b12labs_")], axis=1)
    assert summarize(beside) == expected


def test_an_index_names_the_rows(interpreted):
    named = interpreted.set_axis([f"patient {place}" for place in range(len(interpreted))])
    assert summarize(named).worklist[0].row == f"patient {summarize(interpreted).worklist[0].row}"
    twice = pd.concat([named, named])
    assert summarize(twice).rows == 2 * len(named)


def test_an_empty_table_has_a_summary(interpreted):
    summary = summarize(interpreted.head(0))
    assert summary.rows == 0
    assert set(summary.status.values()) == {0}
    assert "0 rows interpreted" in str(summary)
    assert Reader(summary._repr_html_()).faults == []


@pytest.mark.parametrize(
    ("change", "says"),
    [(lambda t: t.drop(columns="urgency"), "urgency: expected a column"), (lambda t: t.assign(status="ok"), "'ok'")],
)
def test_another_table_is_refused_with_the_column_that_is_wrong(interpreted, change, says):
    with pytest.raises(ColumnError, match=says):
        summarize(change(interpreted))


def test_it_reads_as_text_as_json_and_as_html(interpreted):
    summary = summarize(interpreted)
    assert all(len(line) <= 80 for line in str(summary).splitlines())
    back = json.loads(json.dumps(summary.to_dict()))
    assert back["status"] == summary.status
    assert back["worklist"][0]["next_tests"] == list(summary.worklist[0].next_tests)
    reader = Reader(summary._repr_html_())
    assert (reader.faults, dangers(reader)) == ([], [])
    for words in (
        "48 rows interpreted",
        "Deficient",
        "Look first at",
        "Tests that would settle open questions",
        "Problems in 10 rows",
        "urgent",
    ):
        assert words in reader.text


def test_the_example_of_its_docstring_runs():
    assert doctest.testmod(summarize_module).failed == 0


def test_a_column_that_is_there_twice_is_named_and_another_is_no_fault(interpreted):
    with pytest.raises(ColumnError, match="status: expected one column, got several"):
        summarize(pd.concat([interpreted, interpreted], axis=1))
    beside = pd.concat([LABS["comment"], LABS["comment"], interpreted], axis=1)
    assert summarize(beside) == summarize(interpreted)


def test_the_labels_are_called_those_of_the_index_and_a_long_one_is_shortened(interpreted):
    summary = summarize(interpreted.set_axis([f"{'x' * 10_000}{place}" for place in range(len(interpreted))]))
    assert Reader(summary._repr_html_()).text.count("Index Urgency") == 1
    assert "Look first at, by index" in str(summary)
    assert all(len(each.row) < 70 for each in summary.worklist)


def test_hostile_labels_and_cells_stay_text(interpreted):
    worst = interpreted.set_axis([HOSTILE] * len(interpreted)).astype(
        {"treatment_route": str, "next_tests": str, "problems": str}
    )
    worst[["treatment_route", "next_tests", "problems"]] = HOSTILE
    reader = Reader(summarize(worst)._repr_html_())
    assert (reader.faults, dangers(reader)) == ([], [])
    assert "<script>window.ran=1</script>" in reader.text


@pytest.fixture
def notebook():
    """Return a function that shows an object as a notebook with the extension loaded would, and the shell."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.display_formatter.active_types = ["text/plain", "text/html"]

    def show(value):
        return shell.display_formatter.format(value)[0].get("text/html")

    shell.run_line_magic("load_ext", "b12labs")
    yield show, shell
    shell.history_manager.end_session()


def test_the_extension_shows_the_summary_above_the_table_and_leaves_the_table_alone(notebook, interpreted):
    show, _ = notebook
    for table in (interpreted, interpret_frame(pl.from_pandas(LABS))):
        shown = show(table)
        assert shown.index("48 rows interpreted") < shown.index("<table", shown.index("</section>"))
        assert shown.endswith(table._repr_html_())
    assert "48 rows interpreted" in show(interpret_frame(pa.Table.from_pandas(LABS)))
    assert type(interpreted) is pd.DataFrame


def test_the_extension_shows_every_other_table_as_before(notebook, interpreted):
    show, shell = notebook
    assert show(LABS) == LABS._repr_html_()
    twice = pd.concat([interpreted, interpreted], axis=1)
    assert show(twice) == twice._repr_html_()
    assert show(interpreted.assign(status="ok")) == interpreted.assign(status="ok")._repr_html_()
    assert show(pl.from_pandas(LABS)) == pl.from_pandas(LABS)._repr_html_()
    assert show(pa.Table.from_pandas(LABS)) is None
    shell.run_line_magic("unload_ext", "b12labs")
    assert show(interpreted) == interpreted._repr_html_()


def test_a_way_of_showing_tables_that_was_there_before_is_kept(interpreted):
    from IPython.core.formatters import HTMLFormatter

    import b12labs

    class Shell:
        class display_formatter:  # noqa: N801  # as IPython names it
            formatters = {"text/html": HTMLFormatter()}  # noqa: RUF012  # one shell, one dictionary

    own = Shell.display_formatter.formatters["text/html"]
    own.for_type(pd.DataFrame, lambda frame: f"mine of {len(frame)}")
    b12labs.load_ipython_extension(Shell)
    b12labs.load_ipython_extension(Shell)
    assert own(LABS) == "mine of 48"
    assert own(interpreted).count("48 rows interpreted") == 1
    assert own(interpreted).endswith("mine of 48")
    b12labs.unload_ipython_extension(Shell)
    assert own(interpreted) == "mine of 48"


@browsing
def test_it_is_accessible_and_fits_a_phone(interpreted):
    from axe_playwright_python.sync_playwright import Axe

    html = summarize(interpreted)._repr_html_().replace("<details>", "<details open>")
    with opened_browser() as chromium:
        for scheme in ("light", "dark"):
            with page_of(chromium, html, scheme, 400) as page:
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            with page_of(chromium, html, scheme) as page:
                serious = [
                    fault
                    for fault in Axe().run(page).response["violations"]
                    if fault["impact"] in ("serious", "critical")
                ]
                assert [(fault["id"], fault["nodes"][0]["html"]) for fault in serious] == []
                assert page.asked == []

"""The report on a whole file:

its counts are the rows', its worklist the most urgent, and whatever a file says stays text.
"""

import csv
import json
import re
import sys
from collections import Counter
from html.parser import HTMLParser

import pandas as pd
import pytest

from b12labs import interpret, interpret_frame
from b12labs.cli.main import main
from b12labs.cohort_report import CohortReport, report_file
from b12labs.cohort_report.page import SHARES
from b12labs.cohort_report.tally import FINDINGS
from b12labs.cohort_report.worklist import LISTED
from b12labs.files.interpreting import interpret_file, read_row
from b12labs.inputs.units import find_unit
from b12labs.reference.unit_labels import with_labels
from tests.browsing import browsing
from tests.conftest import ROOT

LABS = ROOT / "examples/labs.csv"
HOSTILE = "</td></table><img src=x onerror=window.ran=1><script>window.ran=1</script>' \" --> ]]> &lt;b&gt; \u202etxet"
OWN_GUIDELINE = f"""
[guideline]
key = "hostile"
title = '''{HOSTILE}'''
source = "user-file"
checked = "source"
population = {{ min_age = 18 }}
laboratory_decides = []
uses = ["bsh-2014"]
second_tests = ["mma"]
"""


def cli(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    return code, *capsys.readouterr()


def write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture(scope="module")
def expected():
    table = pd.read_csv(LABS, dtype=str)
    return interpret_frame(table, findings=True)


@pytest.mark.parametrize("part_rows", [7, 131_072])
def test_every_count_is_that_of_the_rows_however_the_file_is_cut(expected, part_rows):
    report = report_file(LABS, part_rows=part_rows)
    assert report.totals.rows == sum(report.totals.status.values()) == len(expected)
    for name, counted in (
        ("status", report.totals.status),
        ("urgency", report.urgency),
        ("treatment_route", report.treatment_route),
    ):
        assert counted == Counter(expected[name])
    assert report.anemia_grade == Counter(expected["anemia_grade"])
    assert {count.code: count.rows for count in report.findings} == {
        code: n for code in FINDINGS if (n := int(expected[code].sum()))
    }
    assert report.next_tests == Counter(test for tests in expected["next_tests"] for test in tests.split("; ") if test)
    bands = Counter()
    for band in report.by_age_and_sex:
        bands.update(band.status)
    assert bands == Counter(expected["status"])
    whole = report_file(LABS)
    for one in (report, whole):
        one.totals.problems.sort(key=lambda kind: (kind.field, kind.code))
    assert report.model_dump(exclude={"made"}) == whole.model_dump(exclude={"made"})


def test_the_worklist_has_every_urgent_row_with_why_and_the_values(expected):
    report = report_file(LABS)
    rank = {"emergency": 0, "urgent": 1, "prompt": 2}
    order = sorted((rank[word], row) for row, word in enumerate(expected["urgency"], 1) if word in rank)
    assert [(rank[entry.urgency], entry.row) for entry in report.worklist] == order
    by_row = {entry.row: entry for entry in report.worklist}
    for entry in report.worklist:
        row = expected.iloc[entry.row - 1]
        assert entry.status == row["status"]
        assert entry.because, entry.row
        result = interpret(**read_row(LABS, entry.row).values, errors="report")
        for said in entry.decided_by:
            assert any(said.startswith(f"{one.label} {with_labels(one.given)} ") for one in result.results.values()), (
                said
            )
    waits_for_nobody = "nerve signs that cannot wait"
    assert by_row[9].because == [
        f"{waits_for_nobody}: unsteady gait (ataxia)",
        "severe anemia, or hemoglobin below 80 g/L",
        "pancytopenia",
    ]
    assert "Hemoglobin 6.9 g/dL (69 g/L) below 130 g/L (WHO 2024)" in by_row[9].decided_by
    assert by_row[19].because == ["nerve symptoms or low mood: memory or thinking difficulty"]
    assert by_row[1].because == [f"{waits_for_nobody}: unsteady gait (ataxia)", "pancytopenia"]
    assert by_row[6].because == [f"{waits_for_nobody}: nitrous oxide use, lost vibration sense, numbness"]
    assert by_row[3].because == ["B12 deficiency", "treatment without waiting"]
    for entry in report.worklist:
        assert not any(" not below " in said or " not above " in said for said in entry.decided_by), (
            "a limit that was not passed decided nothing"
        )
        assert bool(entry.problems) == bool(expected["problems"].iloc[entry.row - 1])
    assert by_row[11].problems[0].startswith("mma: '937 umol/L' may be in another unit")
    listed = re.findall(r'data-label="Row">(\d+)</th>', report.to_html())
    assert list(map(int, listed)) == [row for _, row in order]


def test_a_worklist_is_bounded_and_an_emergency_at_the_end_of_the_file_comes_first(tmp_path):
    rows = [["145", "14", "", "40", "F"]] * (LISTED + 50) + [["145", "5.1", "syncope", "40", "F"]] * 3
    path = write(tmp_path / "labs.csv", ["B12 [pg/mL]", "Hb [g/dL]", "symptoms", "age", "sex"], rows)
    report = report_file(path, part_rows=100)
    assert len(report.worklist) == LISTED
    first = [(entry.urgency, entry.row) for entry in report.worklist]
    assert first[:4] == [
        ("emergency", LISTED + 51),
        ("emergency", LISTED + 52),
        ("emergency", LISTED + 53),
        ("prompt", 1),
    ]
    assert report.urgency == {"prompt": LISTED + 50, "emergency": 3}
    assert f"The first {LISTED} of {LISTED + 53} are listed" in report.to_html()


def test_no_identifier_is_in_a_report_unless_its_column_is_named(capsys, tmp_path):
    path = write(tmp_path / "labs.csv", ["Patient name", "B12 [pg/mL]"], [["Žofia Nováková", "100"], ["", "100"]])
    assert cli(capsys, "report", path, "-o", tmp_path / "without.html")[0] == 0
    assert "Žofia" not in (tmp_path / "without.html").read_text(encoding="utf-8")
    assert cli(capsys, "report", path, "-o", tmp_path / "with.html", "--identifier", "Patient name")[0] == 0
    assert "Žofia Nováková" in (tmp_path / "with.html").read_text(encoding="utf-8")
    code, _, said = cli(capsys, "report", path, "-o", tmp_path / "none.html", "--identifier", "Patient nam")
    assert code == 2
    assert "did you mean 'Patient name'" in said
    assert not (tmp_path / "none.html").exists()


LONG = [
    ["P-77", "2024-03-01T08:00", "B12", "98", "pmol/L", "81", "M"],
    ["P-77", "2024-03-01T08:00", "Hb", "6.9", "g/dL", "81", "M"],
    ["P-78", "2024-03-01T08:00", "B12", "620", "pg/mL", "40", "F"],
    ["P-78", "2024-03-02T08:00", "Sodium", "140", "mmol/L", "40", "F"],
    ["P-78", "2024-03-01T08:00", "MMA", "UNABLE", "umol/L", "40", "F"],
]
LONG_HEADER = ["Patient ID", "collected", "test", "result", "unit", "age", "sex"]


@pytest.mark.parametrize("named", ["Patient ID", "patient"])
def test_a_long_table_is_reported_by_draws(tmp_path, named):
    path = write(tmp_path / "long.csv", LONG_HEADER, LONG)
    report = report_file(path)
    assert (report.what, report.totals.rows) == ("draw", 2)
    assert [(entry.row, entry.urgency) for entry in report.worklist] == [(1, "urgent"), (2, "prompt")]
    assert {quality.analyte: quality.units for quality in report.analytes}["b12"] == {"pmol/L": 1, "pg/mL": 1}
    page = report.to_html()
    assert "P-77" not in page
    assert "A long table: 4 of 5 results used, in 2 draws" in page
    assert "&#x27;Sodium&#x27; is not an analyte" in page
    assert report_file(path, identifier=named).worklist[0].identifier == "P-77"


def test_every_cell_is_counted_as_read_not_usable_or_not_measured_and_by_its_unit(tmp_path):
    cells = [
        ["145 pg/mL", "9"],
        ["<150 ng/L", "<4"],
        ["271", ""],
        ["", "abc"],
        ["pending", "5"],
        ["high", "12"],
        ["200 furlongs", "11"],
    ]
    report = report_file(write(tmp_path / "labs.csv", ["B12", "Homocysteine [umol/L]"], cells))
    b12, homocysteine = report.analytes
    assert (b12.measured, b12.censored, b12.words, b12.unusable, b12.missing) == (3, 1, 1, 3, 1)
    assert b12.units == {"pg/mL": 1, "ng/L": 1, "": 1, "furlongs": 1}
    assert (homocysteine.measured, homocysteine.censored, homocysteine.unusable, homocysteine.missing) == (5, 1, 1, 1)
    assert homocysteine.units == {"umol/L": 5}
    assert (report.age_unknown, report.sex_unknown) == (7, 7)
    for quality in report.analytes:
        assert quality.measured + quality.unusable + quality.missing == 7


def test_a_row_with_several_unknown_words_is_one_row_with_a_problem(tmp_path):
    report = report_file(
        write(tmp_path / "labs.csv", ["B12 [pg/mL]", "symptoms"], [["145", "a1; b2; c3"], ["145", ""], ["145", "d4"]])
    )
    assert [(kind.code, kind.rows, kind.first) for kind in report.totals.problems] == [("unknown_term", 2, [1, 3])]


def test_a_unit_beside_is_counted_where_the_value_says_none(tmp_path):
    rows = [["145", "pg/mL"], ["145", "pmol/L"], ["145 ng/L", ""], ["", "pg/mL"], ["12", "furlongs"]]
    found = report_file(write(tmp_path / "labs.csv", ["B12", "B12 unit"], rows)).analytes[0]
    assert found.units == {"pg/mL": 1, "pmol/L": 1, "ng/L": 1, "furlongs": 1}


def test_the_unit_of_the_header_counts_where_the_one_beside_is_blank(tmp_path):
    found = report_file(
        write(tmp_path / "labs.csv", ["B12 [ng/L]", "B12 unit"], [["145", ""], ["145", "pmol/L"]])
    ).analytes[0]
    assert found.units == {"ng/L": 1, "pmol/L": 1}


def test_parquet_and_text_without_pyarrow_are_reported_alike(tmp_path, monkeypatch):
    import pyarrow.parquet

    table = {"B12 [pg/mL]": [145.0, None, 620.0], "age": [67, 40, 40], "sex": ["F", "F", "M"]}
    pyarrow.parquet.write_table(pyarrow.table(table), tmp_path / "labs.parquet")
    path = write(tmp_path / "labs.csv", list(table), [["145", "67", "F"], ["", "40", "F"], ["620", "40", "M"]])
    reports = [report_file(tmp_path / "labs.parquet"), report_file(path)]
    for name in [name for name in sys.modules if name.split(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr("b12labs.tables.encoding.find_spec", lambda _: None)
    monkeypatch.setattr("b12labs.tables.texts.find_spec", lambda _: None)
    reports.append(report_file(path))
    said = [report.model_dump(exclude={"input", "made"}) for report in reports]
    assert said[1] == said[2]
    assert said[0]["totals"] == said[1]["totals"]
    assert (
        said[0]["worklist"][0]["decided_by"]
        == ["B12 145 pg/mL below 180 ng/L (NG239)"]
        == said[1]["worklist"][0]["decided_by"]
    )
    assert said[0]["analytes"] == said[1]["analytes"]


def test_a_long_table_of_endless_tests_has_a_short_report(tmp_path):
    rows = [*LONG, *(["P-79", "2024-03-01T08:00", f"Test {place}", "1", "x", "", ""] for place in range(500))]
    report = report_file(write(tmp_path / "long.csv", LONG_HEADER, rows))
    long = report.long_table
    assert (long.results, long.used, long.draws) == (505, 4, 2)
    assert len(long.reasons) + long.more_reasons == 501
    assert sum(reason.rows for reason in long.reasons) + long.more_rows == 501


def test_codes_of_a_site_are_read_in_the_worklist_too(capsys, tmp_path):
    mapping = tmp_path / "site.toml"
    mapping.write_text('[codes.sex]\n1 = "male"\n2 = "female"\n', encoding="utf-8")
    path = write(tmp_path / "labs.csv", ["B12 [pg/mL]", "Hb [g/dL]", "sex"], [["145", "12.5", "1"]])
    _, said, _ = cli(capsys, "report", path, "--mapping", mapping, "--json")
    report = json.loads(said)
    assert report["totals"]["problems"] == []
    assert report["by_age_and_sex"][0]["sex"] == "male"
    assert "Hemoglobin 12.5 g/dL (125 g/L) below 130 g/L (WHO 2024)" in report["worklist"][0]["decided_by"]


def test_all_of_it_is_there_as_json(capsys):
    code, said, _ = cli(capsys, "report", LABS, "--json")
    assert code == 0
    assert CohortReport.model_validate_json(said).model_dump(exclude={"made"}) == report_file(LABS).model_dump(
        exclude={"made"}
    )


@pytest.mark.parametrize(("rows", "said"), [([], "0 rows"), ([["145", "40"]], "1 row,")])
def test_an_empty_file_and_one_row_have_a_report(tmp_path, rows, said):
    page = report_file(write(tmp_path / "labs.csv", ["B12 [pg/mL]", "age"], rows)).to_html()
    assert said in page
    assert ("No row is an emergency" in page) == (not rows)
    assert "No problems: every cell was read." in page


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((LABS,), "-o REPORT.html"),
        ((LABS, "-o", "report.pdf"), "expected a name that ends in .html"),
        (("nothing.csv", "-o", "report.html"), "no such file"),
        ((LABS, "-o", "report.html", "--guideline", "nice-ng293"), "did you mean 'nice-ng239'"),
        ((LABS, "-o", "nowhere/report.html"), "the folder nowhere does not exist"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line_and_nothing_is_written(capsys, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    code, _, said = cli(capsys, "report", *arguments)
    assert code == 2
    assert says in said
    assert list(tmp_path.iterdir()) == []


def test_an_input_is_not_written_over_and_an_earlier_report_stays_until_the_new_one_is_whole(capsys, tmp_path):
    labs = tmp_path / "labs.html"
    labs.write_text("B12 [pg/mL]\n145\n", encoding="utf-8")
    code, _, said = cli(capsys, "report", labs, "-o", labs)
    assert (code, "one of the input files" in said) == (2, True)
    assert labs.read_text(encoding="utf-8").startswith("B12")
    out = tmp_path / "report.html"
    out.write_text("earlier", encoding="utf-8")
    assert cli(capsys, "report", labs, "-o", out, "--identifier", "nobody")[0] == 2
    assert out.read_text(encoding="utf-8") == "earlier"
    assert cli(capsys, "report", labs, "-o", out)[0] == 0
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["labs.html", "report.html"]


def test_a_tally_is_not_given_to_a_run_that_may_go_on_with_an_earlier_one(tmp_path):
    with pytest.raises(TypeError, match="expected neither output nor problems"):
        interpret_file(LABS, output=tmp_path / "out.csv", tally=lambda *_: None)


class Elements(HTMLParser):
    """Collects the tags, the attributes and the text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.said = Counter(), [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_data(self, data):
        self.said.append(data)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Return a report of a file that says the same hostile words wherever a file can say anything."""
    folder = tmp_path_factory.mktemp("hostile")
    guideline = folder / "own.toml"
    guideline.write_text(OWN_GUIDELINE, encoding="utf-8")
    header = [
        "B12",
        "B12 unit",
        "MMA",
        f"MCV [{HOSTILE.replace('(', '').replace(']', '')}]",
        "age",
        "sex",
        "symptoms",
        "medicines",
        "iron",
        HOSTILE,
    ]
    rows = [
        ["100", "pg/mL", "0.9 umol/L", "", "40", "F", "ataxia", "", "7", HOSTILE],
        ["100", HOSTILE, f"0.9 {HOSTILE}", "99", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE],
        [HOSTILE, "pg/mL", HOSTILE, HOSTILE, "40", "M", f"ataxia; {HOSTILE}", HOSTILE, "yes", HOSTILE],
    ]
    path = write(folder / "a<b>&'.csv", header, rows)
    return report_file(path, guideline=str(guideline), identifier=HOSTILE, columns={header[3]: "mcv"})


def test_hostile_words_stay_text_wherever_a_file_says_them(hostile):
    assert hostile.worklist
    plain = Elements(report_file(LABS).to_html())
    found = Elements(hostile.to_html())
    assert set(found.tags) <= set(plain.tags)
    assert "script" not in found.tags
    assert "img" not in found.tags
    assert {name for name, _ in found.attributes} <= {name for name, _ in plain.attributes}
    assert "\u202e" not in hostile.to_html()
    said = "".join(found.said)
    for field in ("symptoms", "sex", "age", "medicines", "iron", "b12", "mma", "mcv"):
        assert f"{field}: " in said, field
    assert said.count("<script>window") >= 12, "a message may show the beginning alone"


def test_a_report_needs_nothing_but_itself(hostile):
    for page in (report_file(LABS).to_html(), hostile.to_html()):
        found = Elements(page)
        assert not {"script", "link", "img", "iframe", "object", "form", "base", "image", "use", "foreignobject"} & set(
            found.tags
        )
        for name, value in found.attributes:
            assert not name.startswith("on")
            assert name not in ("src", "srcset", "action", "style")
            assert name != "href" or value.startswith("#")
        styles = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
        assert "url(" not in styles
        assert "@import" not in styles
        assert "default-src 'none'" in page


def test_a_report_of_any_file_can_be_mailed(tmp_path):
    """Many kinds of problems and units, endless words, and as many columns that are not used as anybody has."""
    words = "'" * 3000
    many = [f"{words[:400]} {place}" for place in range(400)]
    header = ["ID", "B12", "B12 unit", "MMA", "age", "sex", "symptoms", "medicines", "diagnoses", *many]
    rows = [
        [
            f"{place}{words}",
            str(100 + place),
            f"unit{place}{words}",
            f"{words}{place}",
            f"{place}{words}",
            f"{words}{place}",
            f"ataxia; {words}{place}",
            f"{words}{place}",
            f"{place}{words}",
            *("" for _ in many),
        ]
        for place in range(600)
    ]
    report = report_file(write(tmp_path / "labs.csv", header, rows), identifier="ID")
    assert len(report.worklist) == LISTED
    assert len(report.analytes[0].units) <= 201
    assert len(report.to_html().encode()) < 1_500_000


def test_units_in_use_are_spellings_that_the_library_reads():
    from b12labs.reference import analytes

    report = report_file(LABS)
    mcv = next(quality for quality in report.analytes if quality.analyte == "mcv")
    assert {find_unit(analytes()["mcv"], spelling).ucum for spelling in mcv.units} == {"fL"}


def test_an_abbreviation_is_spelled_out_where_results_and_tests_are_listed():
    page = report_file(LABS).to_html()
    assert page.count("MMA<small>Methylmalonic acid, serum or plasma</small>") == 2
    assert "HoloTC<small>Holotranscobalamin (active B12)</small>" in page
    assert "<small>Hemoglobin</small>" not in page


def test_every_color_of_a_bar_is_named_in_the_header_of_its_column_and_beside_its_number():
    page = report_file(LABS).to_html()
    tables = [table for table in re.findall(r"<table.*?</table>", page, re.DOTALL) if SHARES in table]
    assert len(tables) == 3
    for table in tables:
        drawn = set(re.findall(r'<rect class="(\w+)"', table))
        head, body = table.split("</thead>")
        assert drawn <= set(re.findall(r'<i class="key (\w+)"', head))
        assert drawn <= set(re.findall(r'<i class="key (\w+)"', body))


def test_an_export_between_semicolons_has_a_report():
    report = report_file(LABS.with_name("messy_export.csv"), decimal=",")
    assert (report.what, report.totals.rows) == ("draw", 15)
    assert report.analytes[0].measured


@pytest.fixture
def visit(browser, tmp_path):
    """Return a function that opens a report from its file."""
    opened = []

    def go(report, **options):
        path = tmp_path / "report.html"
        path.write_text(report.to_html(), encoding="utf-8")
        own = browser.new_context(**options)
        opened.append(own)
        page = own.new_page()
        page.asked, page.faults = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda said: page.faults.append(said.text))
        page.goto(path.as_uri())
        return page

    yield go
    for own in opened:
        own.close()


@browsing
def test_in_a_browser_nothing_hostile_runs_and_nothing_is_asked_for(visit, hostile):
    page = visit(hostile, viewport={"width": 400, "height": 800})
    assert page.asked == [page.url]
    assert page.faults == []
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.querySelectorAll('img, script, iframe').length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


@browsing
@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 400)])
def test_axe_finds_no_fault_and_nothing_is_cut_off(visit, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(
        report_file(LABS, identifier="sample"),
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,
    )
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page).response
    assert [f"{fault['id']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]] == []
    assert "color-contrast" in {passed["id"] for passed in found["passes"]}

"""What must be true of the plots: they say what the rules say, count everybody, and need no browser."""

import doctest
import json
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from b12labs import guidelines, interpret, interpret_frame, plots
from b12labs.answer.words import STATUS_LABELS
from b12labs.display.palette import DARK, LIGHT
from b12labs.errors import B12LabsError, ColumnError, GuidelineError, PanelError
from b12labs.limits.stratified import limits_of
from tests.charts import CHARTS, labs, many, panel, visits
from tests.conftest import ROOT

HOSTILE = "<script>alert(1)</script> \"&' \x00\x1b\u202e {{x}} ]]> datum.y [b](javascript:0) ${1}"


def datasets(chart):
    """Every table of a chart that is written out, with the marks drawn from it, the regions' rectangles included."""
    spec = chart.to_dict()
    found = []

    def walk(node, data):
        data = node.get("data", data)
        if "mark" in node:
            found.append((node["mark"], spec["datasets"][data["name"]]))
        for key in ("layer", "vconcat", "hconcat"):
            for child in node.get(key, ()):
                walk(child, data)

    walk(spec, None)
    return found


def marks(chart, kind, **options):
    return [
        row
        for mark, rows in datasets(chart)
        if mark["type"] == kind and all(mark.get(k) == v for k, v in options.items())
        for row in rows
    ]


def drawn_points(chart):
    return [row for row in marks(chart, "point") if "status" in row]


def regions_of(chart):
    return [row for row in marks(chart, "rect") if "word" in row]


def word_at(regions, x, y):
    (word,) = {
        region["word"] for region in regions if region["x"] < x < region["x2"] and region["y"] < y < region["y2"]
    }
    return word


def somewhere(regions, *, log):
    """300 places of the plane that the regions make up."""
    random = np.random.default_rng(3)
    ends = [(min(region[name] for region in regions), max(region[f"{name}2"] for region in regions)) for name in "xy"]
    drawn = [random.uniform(*np.log(end), 300) if log else random.uniform(*end, 300) for end in ends]
    return np.exp(drawn) if log else np.array(drawn)


def test_a_point_says_what_interpret_says_of_that_patient():
    patients = [
        {"b12": "145 pg/mL", "mma": "0.62 umol/L", "age": 67, "sex": "female"},
        {"b12": "310 pmol/L", "mma": "0.15 umol/L", "age": 40, "sex": "male"},
        {"b12": "250 pg/mL", "mma": "410 nmol/L", "age": 51, "sex": "male"},
        {"b12": "250 pg/mL", "mma": "0.6 umol/L", "creatinine": "2.9 mg/dL", "age": 80, "sex": "female"},
    ]
    points = drawn_points(plots.b12_against_mma(pd.DataFrame(patients)))
    assert len(points) == len(patients)
    for point, patient in zip(points, patients, strict=True):
        found = interpret(**patient)
        assert point["status"] == STATUS_LABELS[found.status]
        assert point["x"] == pytest.approx(found.results["b12"].low)
        assert point["y"] == pytest.approx(found.results["mma"].low)


@pytest.mark.parametrize(
    ("guideline", "age", "sex"),
    [("nice-ng239", 67, "female"), ("mayo-cascade", None, None), ("nih-ods", 40, "male"), ("herrmann-obeid", 12, None)],
)
def test_the_regions_are_what_interpret_frame_says_of_b12_and_mma_alone(guideline, age, sex):
    regions = regions_of(plots.b12_against_mma(labs(), guideline=guideline, age=age, sex=sex))
    xs, ys = somewhere(regions, log=True)
    patient = {name: value for name, value in (("age", age), ("sex", sex)) if value is not None}
    said = interpret_frame(
        pd.DataFrame({"b12 [pg/mL]": xs, "mma [umol/L]": ys}).assign(**patient), guideline=guideline
    )["status"]
    assert [word_at(regions, x, y) for x, y in zip(xs, ys, strict=True)] == [STATUS_LABELS[status] for status in said]
    alone = interpret(b12=f"{xs[0]} pg/mL", mma=f"{ys[0]} umol/L", guideline=guideline, **patient)
    assert word_at(regions, xs[0], ys[0]) == STATUS_LABELS[alone.status]


@pytest.mark.parametrize(("age", "sex"), [(60, "female"), (40, None), (8, "male")])
def test_the_regions_of_anemia_are_what_interpret_frame_says(age, sex):
    regions = regions_of(plots.anemia_against_mcv(labs(), age=age, sex=sex))
    xs, ys = somewhere(regions, log=False)
    rows = pd.DataFrame({"mcv [fL]": xs, "hemoglobin [g/L]": ys, "age": age})
    said = interpret_frame(rows if sex is None else rows.assign(sex=sex), findings=["macrocytosis"])
    begins = {"none": "No anemia", "mild": "Mild anemia", "moderate": "Moderate anemia", "severe": "Severe anemia"}
    for x, y, grade, large in zip(xs, ys, said["anemia_grade"], said["macrocytosis"].fillna(value=False), strict=True):
        assert word_at(regions, x, y) == begins.get(grade, "Cannot tell") + (", macrocytosis" if large else "")


def test_a_guideline_file_of_ones_own_moves_the_edge(tmp_path):
    own = (ROOT / "reference_ranges/guidelines/nice-ng239.toml").read_text(encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(
        own.replace("value = 180,", "value = 212,")
        .replace("value = 133,", "value = 156,")
        .replace('"nice-ng239"\ntitle', '"own"\ntitle')
    )
    edges = {
        round(region["x2"], 3)
        for region in marks(plots.b12_against_mma(labs(), guideline=str(path), age=60, sex="female"), "rect")
    }
    assert 212 in edges
    assert 180 not in edges


@pytest.mark.parametrize(
    ("guideline", "age", "sex", "who"),
    [("nice-ng239", 67, "F", "a woman of 67 years"), ("mayo-cascade", None, None, "age and sex not given")],
)
def test_whom_the_regions_hold_for_stands_in_the_caption(guideline, age, sex, who):
    caption = " ".join(
        plots.b12_against_mma(labs(), guideline=guideline, age=age, sex=sex).to_dict()["title"]["subtitle"]
    )
    assert who in caption
    assert limits_of(guideline).guideline.title in caption


def test_a_censored_result_is_drawn_at_the_end_that_is_known_with_an_arrow():
    rows = pd.DataFrame(
        {"b12 [pg/mL]": ["<150", ">2000", "300", "310"], "mma [umol/L]": ["0.5", "0.2", "<0.10", ">1.5"]}
    )
    chart = plots.b12_against_mma(rows)
    for point, place in zip(drawn_points(chart), [(150, 0.5), (2000, 0.2), (300, 0.1), (310, 1.5)], strict=True):
        assert (point["x"], point["y"]) == pytest.approx(place)
    heads = {mark["shape"]: (rows[0]["x"], rows[0]["y"]) for mark, rows in datasets(chart) if "shape" in mark}
    assert heads["triangle-left"][0] < 150
    assert heads["triangle-right"][0] > 2000
    assert heads["triangle-down"][1] < 0.1
    assert heads["triangle-up"][1] > 1.5


def test_a_row_that_is_not_drawn_is_counted_in_the_caption():
    rows = pd.DataFrame(
        {"b12 [pg/mL]": ["145", None, "pending", "low", "400"], "mma [umol/L]": ["0.5", "0.2", "0.3", "0.4", None]}
    )
    chart = plots.b12_against_mma(rows)
    assert len(drawn_points(chart)) == 1
    assert "Not drawn, without both B12 and MMA: 4." in " ".join(chart.to_dict()["title"]["subtitle"])


@pytest.mark.parametrize("rows", [1_499, 1_501, 60_000])
def test_there_are_never_more_than_five_thousand_marks_and_nobody_is_lost(rows):
    random = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "b12 [pg/mL]": random.choice(["<150", ">2000", *map(str, range(20, 2000, 7))], rows),
            "mma [umol/L]": random.choice(
                ["<0.10", ">5", *(f"{value:.2f}" for value in np.arange(0.05, 5, 0.01))], rows
            ),
            "homocysteine [umol/L]": random.uniform(5, 60, rows),
            "creatinine [mg/dL]": random.uniform(0.5, 4, rows),
            "age": 60,
            "sex": "F",
        }
    )
    chart = plots.b12_against_mma(table)
    assert sum(len(data) for _, data in datasets(chart)) < 5_000
    assert sum(point["draws"] for point in drawn_points(chart)) == rows


def test_the_combined_index_is_that_of_interpret():
    table = panel()
    chart = plots.combined_index_classes(table, label="sample")
    dots = {row["name"]: row["low"] for row in marks(chart, "point")}
    units = {name.split(" ")[0]: name.split("[")[1][:-1] for name in table if "[" in name}
    for row in table.to_dict("records"):
        values = {
            name.split(" ")[0]: f"{cell:g}" if isinstance(cell, float) else cell
            for name, cell in row.items()
            if cell == cell and "[" in name
        }
        index = interpret(
            **{key: f"{value} {units[key]}" for key, value in values.items()}, age=row["age"]
        ).combined_index
        exact = index is not None and index.low is not None and index.low == index.high
        assert exact == (row["sample"] in dots)
        if exact:
            assert dots[row["sample"]] == pytest.approx(index.low, abs=1e-4)
    assert {row["name"] for row in marks(chart, "rule") if "name" in row} == {"S3", "S6"}


def test_the_bars_of_the_combined_index_end_where_classes_do_and_count_everybody():
    chart = plots.combined_index_classes(many(3_000))
    bars = [row for row in marks(chart, "rect") if "draws" in row]
    assert sum(bar["draws"] for bar in bars) == int((many(3_000)["age"] >= 20).sum())
    ends = {round(bar["x"], 6) for bar in bars}
    assert {edge["x"] for edge in marks(chart, "rect") if "word" in edge and edge["x"] > bars[0]["x"]} <= ends


def test_limits_over_time_are_those_of_the_patient_at_the_draw():
    table = pd.DataFrame(
        {
            "time": ["2026-01-01", "2026-06-01", "2026-09-01"],
            "b12 [pg/mL]": [300, 310, 290],
            "hemoglobin [g/L]": [125, 112, 118],
            "age": 31,
            "sex": "F",
            "trimester": ["", "2", "3"],
            "pregnant": ["no", "yes", "yes"],
        }
    )
    chart = plots.one_patient_over_time(table, time="time")
    limits = {row["time"][:10]: row["value"] for row in marks(chart, "line") if row.get("name") == "hemoglobin_low"}
    for row in table.to_dict("records"):
        strata = limits_of("nice-ng239").strata
        stratum = strata.number(strata.band(31, 31), 0, int(row["trimester"] or 0))
        assert limits[row["time"]] == limits_of("nice-ng239")["hemoglobin_low"].at(stratum, substance=False)[0]
    assert len(set(limits.values())) > 1
    statuses = [row["status"] for row in drawn_points(chart)]
    assert statuses == [STATUS_LABELS[word] for word in interpret_frame(table.drop(columns="time"))["status"]]


def test_where_the_laboratory_decides_its_own_limit_is_drawn():
    table = visits().assign(mma_reference_high=[0.4, 0.4, 0.4, None, None])
    rows = [
        row
        for row in marks(plots.one_patient_over_time(table, time="drawn"), "line")
        if row.get("name") == "mma_raised"
    ]
    assert {row["value"] for row in rows if row["time"] < "2024-11-01"} == {0.4}
    assert {row["value"] for row in rows if row["time"] > "2024-11-01"} == {0.28}
    assert rows[0]["says"] == "raised above 0.4 (laboratory)"


@pytest.mark.parametrize("cell", ["03/04/2026", "", None, "soon"])
def test_a_time_that_cannot_be_read_names_its_row(cell):
    with pytest.raises(ColumnError, match="drawn, row 2: expected a date"):
        plots.one_patient_over_time(
            visits().assign(drawn=["2024-01-10", cell, "2024-05-02", "2024-11-20", "2025-06-01"]), time="drawn"
        )


def test_status_by_age_and_sex_counts_what_interpret_frame_says():
    table = many(3_000)
    bars = pd.DataFrame(marks(plots.status_by_age_and_sex(table), "bar"))
    assert len(bars) == 2 * 7 * interpret_frame(table)["status"].nunique()
    said = bars["said"].str.extract(r"\(([\d,]+)\)")[0].fillna("0").str.replace(",", "").astype(int)
    assert said.sum() == 3_000
    assert (
        bars.groupby(bars["called"])["percent"].sum().round(6).isin([100, 200]).all()
    )  # 200 where both sexes are as many


def test_agreement_counts_every_draw_once():
    table = many(2_000)
    chart = plots.guideline_agreement(table)
    found = pd.DataFrame(
        {
            key: interpret_frame(table, guideline=key)["status"].isin(["deficient", "functional_deficiency"])
            for key in guidelines()
        }
    )
    columns = [row for row in marks(chart, "bar") if "column" in row]
    assert columns[0]["draws"] == found[found.any(axis=1)].value_counts().iloc[0]
    totals = {row["guideline"]: row["draws"] for row in marks(chart, "bar") if "guideline" in row}
    assert totals == found.sum().to_dict()
    caption = " ".join(chart.to_dict()["title"]["subtitle"])
    assert f"by none of these guidelines: {int((~found.any(axis=1)).sum()):,}." in caption


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_a_title_a_description_units_and_is_drawn_in_light_and_dark(name):
    spec = CHARTS[name](True).to_dict()
    assert spec["title"]["text"]
    assert "Data: made-up patients." in spec["title"]["subtitle"]
    assert spec["title"]["text"] in spec["description"]
    assert spec["background"] == DARK.background
    assert CHARTS[name](False).to_dict()["background"] != DARK.background
    text = json.dumps(spec)
    assert any(unit in text for unit in ("pg/mL", "g/L", "no unit", "%", '"Draws"'))
    for suffix in ("", "-dark"):
        picture = ROOT / f"docs/images/plot-{name}{suffix}.png"
        assert 5_000 < picture.stat().st_size < 120_000


def test_png_and_svg_are_written_without_a_browser_or_a_network(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("socket.socket", None)
    chart = plots.combined_index_classes(panel())
    chart.save(tmp_path / "plot.png")
    chart.save(tmp_path / "plot.svg")
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    svg = (tmp_path / "plot.svg").read_text(encoding="utf-8")
    assert "http" not in svg.replace("http://www.w3.org/", "")


def test_hostile_strings_stay_text(tmp_path):
    chart = plots.combined_index_classes(panel().assign(**{HOSTILE: [HOSTILE] * 6}), label=HOSTILE, source=HOSTILE)
    over = plots.one_patient_over_time(
        visits().rename(columns={"drawn": HOSTILE}), time=HOSTILE, name=HOSTILE, source=HOSTILE
    )
    for number, drawn in enumerate((chart, over)):
        path = tmp_path / f"{number}.svg"
        drawn.save(path)
        tree = ElementTree.parse(path)
        tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
        assert tags <= {
            "svg",
            "g",
            "path",
            "text",
            "rect",
            "line",
            "defs",
            "clipPath",
            "tspan",
            "style",
            "linearGradient",
            "stop",
        }
        said = "".join(tree.getroot().itertext())
        assert "<script>alert(1)</script>" in said
        assert "\u202e" not in said


def test_a_page_with_its_drawing_code_inside_asks_no_network(tmp_path):
    path = tmp_path / "plot.html"
    plots.combined_index_classes(panel()).save(path, inline=True)
    assert 'src="http' not in path.read_text(encoding="utf-8")


def test_the_examples_of_the_page_about_plots_run():
    failed, tried = doctest.testfile(str(ROOT / "docs/plots.md"), module_relative=False)
    assert tried >= 5
    assert not failed


def test_no_point_is_under_the_word_of_a_region_where_there_is_room_beside_it():
    words = {
        row["text"]: row
        for row in marks(plots.anemia_against_mcv(labs(), age=60, sex="female"), "text")
        if "align" in row
    }
    assert words["Moderate\nanemia,\nmacrocytosis"]["align"] == "right"


def test_where_the_rules_cannot_tell_the_plane_is_not_colored_as_anemia():
    chart = plots.anemia_against_mcv(labs(), age=60)
    fill = next(layer for layer in chart.to_dict()["layer"] if layer["mark"]["type"] == "rect")["encoding"]["color"][
        "scale"
    ]
    colors = dict(zip(fill["domain"], fill["range"], strict=True))
    assert colors["Cannot tell"] == colors["Cannot tell, macrocytosis"] == LIGHT.background
    assert colors["Mild anemia"] == LIGHT.beyond


def test_two_draws_of_one_day_have_ticks_that_differ_and_a_limit_that_is_not_drawn_is_said():
    table = pd.DataFrame({"time": ["2026-01-01T08:00", "2026-01-01T18:00"], "Hb (g/dL)": [10.4, 12.0], "age": 40})
    spec = plots.one_patient_over_time(table, time="time").to_dict()
    assert "%H" in json.dumps(spec)
    assert "is not drawn" in spec["description"]
    assert (
        "is not drawn" not in plots.one_patient_over_time(table.assign(sex="F"), time="time").to_dict()["description"]
    )


def test_numbers_beside_bars_have_room_and_no_tick_is_half_a_draw():
    wide = [plots.guideline_agreement(many(rows)).to_dict()["vconcat"][0]["width"] for rows in (60, 2_000)]
    one = plots.guideline_agreement(many(2_000).head(1).assign(**{"b12 [pg/mL]": 100})).to_dict()
    assert all(width >= 200 for width in wide)
    assert one["vconcat"][0]["layer"][0]["encoding"]["y"]["axis"]["tickCount"] == 1  # no half draw
    panel = plots.status_by_age_and_sex(many(2_000)).to_dict()["vconcat"][0]["hconcat"][0]
    domain = panel["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert 100 * panel["width"] / domain[1] == pytest.approx(80)


def test_what_cannot_be_drawn_says_why():
    with pytest.raises(ColumnError, match="expected rows to draw"):
        plots.b12_against_mma(labs().head(0))
    with pytest.raises(GuidelineError, match="nice-ng239"):
        plots.b12_against_mma(labs(), guideline="nice-239")
    with pytest.raises(PanelError, match="sex"):
        plots.b12_against_mma(labs(), sex="q")
    with pytest.raises(ColumnError, match="did you mean 'drawn'"):
        plots.one_patient_over_time(visits(), time="drawm")
    with pytest.raises(ColumnError, match="at most 500 rows"):
        plots.one_patient_over_time(many(600).assign(drawn="2026-01-01"), time="drawn")
    with pytest.raises(ColumnError, match="expected a result with a number"):
        plots.one_patient_over_time(visits()[["drawn", "age"]].assign(**{"b12 [pg/mL]": "pending"}), time="drawn")
    with pytest.raises(B12LabsError, match="did you mean 'deficient'"):
        plots.guideline_agreement(labs(), statuses=["deficent"])


def test_a_row_with_nothing_to_draw_is_drawn_as_nothing(tmp_path):
    nothing = pd.DataFrame({"b12 [pg/mL]": ["pending"], "mma [umol/L]": [None]})
    for chart in (
        plots.b12_against_mma,
        plots.combined_index_classes,
        plots.status_by_age_and_sex,
        plots.guideline_agreement,
    ):
        chart(nothing).save(tmp_path / "plot.svg")


def test_polars_and_arrow_tables_are_drawn_alike():
    import polars

    table = many(50)
    expected = datasets(plots.combined_index_classes(table))
    for same in (polars.from_pandas(table), polars.from_pandas(table).to_arrow()):
        assert datasets(plots.combined_index_classes(same)) == expected


def test_without_altair_b12labs_is_imported_and_plots_say_how_to_install_it():
    code = (
        "import sys, b12labs; from b12labs import plots; print('altair' in sys.modules); sys.modules['altair'] = "
        "None; import pandas\n"
        "try: plots.b12_against_mma(pandas.DataFrame({'b12 [pg/mL]': [145]}))\n"
        "except b12labs.B12LabsError as error: print(error.code, error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.split()[:2] == ["False", "missing_extra"], done.stderr
    assert 'pip install "b12labs[plots]"' in done.stdout

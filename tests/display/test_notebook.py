"""What a notebook shows of an interpretation:

the report's own words, whatever they are, readable by everybody, and nothing that runs.
"""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b12labs import Interpretation, interpret
from b12labs.answer.report import beside_value
from b12labs.answer.sentences import asked_tests, shown_evidence, standing
from b12labs.answer.words import HEADLINES
from b12labs.display.markup import Markup, element, joined
from b12labs.display.notebook import against, as_html, place
from b12labs.display.palette import DARK, LIGHT, STATUS_COLORS
from tests.browsing import browsing, page_of
from tests.display.patients import PATIENTS, README, interpreted
from tests.display.reading import Reader, dangers
from tests.integrations.server.test_page import OWN_GUIDELINE
from tests.strategies import GUIDELINES, patients, results

HOSTILE = '"\'><img src=x onerror="window.ran=1"><script>window.ran=1</script></style></section>&lt;b&gt;'


def words(text):
    return set(re.findall(r"[^\W_]+(?:\.\d+)?", text))


@given(results(), patients(), st.sampled_from(GUIDELINES))
@settings(max_examples=40)
def test_what_is_shown_is_well_formed_runs_nothing_and_says_every_word_of_the_report(values, patient, guideline):
    result = interpret(**values, **patient, guideline=guideline, errors="report")
    reader = Reader(result._repr_html_())
    assert reader.faults == []
    assert dangers(reader) == []
    assert not re.search(r"https?:|//|url\(|@import|javascript:", result._repr_html_())
    assert words(str(result)) - words(reader.text) == set()


@pytest.mark.parametrize("name", PATIENTS)
def test_the_sentences_of_the_report_are_shown_as_they_are(name):
    result = interpreted(name)
    shown = Reader(as_html(result)).text
    report = " ".join(str(result).split())
    for sentence in (
        HEADLINES[result.status],
        result.statement,
        *(problem.message for problem in result.problems),
        *standing(result),
    ):
        assert sentence in shown
        assert " ".join(sentence.split()) in report
    for each in asked_tests(result):
        assert f"{each.labels}: {each.asks}" in shown
    for entry in shown_evidence(result):
        assert f"{entry.label} {entry.printed} {beside_value(entry)}".strip() in shown


def test_the_verdict_comes_first_then_the_results_then_what_would_settle_it():
    shown = Reader(interpret(**README)._repr_html_()).text
    places = [
        shown.index(text)
        for text in (
            "DEFICIENT",
            "urgent",
            "Results on their scales",
            "B12 145 pg/mL",
            "▼ low",
            "0.62 µmol/L",
            "▲ high",
            "Treatment route",
            "Next:",
        )
    ]
    assert places == sorted(places)


def test_an_interpretation_that_was_stored_is_shown_as_it_was():
    result = interpreted("everything")
    assert as_html(Interpretation.model_validate_json(result.to_json())) == as_html(result)


def test_what_is_or_may_be_beyond_a_limit_is_never_folded_away():
    shown = as_html(interpreted("everything"))
    folded = " ".join(re.findall(r"<summary>\d+ more.*?</details>", shown))
    assert folded
    for mark in ("▼", "▲", "? cannot tell"):
        assert mark in shown
        assert mark not in folded


def test_an_abbreviation_is_spelled_out_beside_its_result_and_its_test():
    shown = Reader(as_html(interpret(**README))).text
    assert "MMA 0.62 µmol/L Methylmalonic acid, serum or plasma" in shown
    assert "Mean corpuscular volume" in shown
    assert "Homocysteine, total" not in shown
    asked = Reader(as_html(interpret(b12="250 pg/mL", age=40))).text
    assert "MMA, HoloTC: Is tissue short of B12? Methylmalonic acid, serum or plasma; Holotranscobalamin" in asked


@pytest.mark.parametrize(
    ("given", "says", "not_said"),
    [
        ({"b12": "145 pg/mL"}, "below 180 ng/L (NG239)", "not above"),
        ({"b12": "250 pg/mL"}, "not below 180 ng/L, not above 350 ng/L (NG239)", "1000"),
        ({"b12": "420 pg/mL"}, "above 350 ng/L (NG239)", "not "),
        ({"b12": "1420 pg/mL"}, "above 1000 pg/mL (AAFP 2025)", "not "),
        ({"mma": "0.62 umol/L"}, "above 0.28 µmol/L (Pract Neurol)", "not "),
        ({"mcv": "90 fL"}, "not above 100 fL", "112"),
    ],
)
def test_beside_a_result_stands_the_limit_that_decided_and_not_what_it_implies(given, says, not_said):
    result = interpret(**given, age=40, sex="male")
    (measured,) = result.results.values()
    said = " ".join(against(result, measured))
    assert says in said
    assert not_said not in said


def test_the_note_can_be_copied_from_a_notebook():
    result = interpreted("everything")
    html = as_html(result)
    assert "<summary>Copy for the note</summary><pre>" in html
    shown = html.partition("<summary>Copy for the note</summary><pre>")[2].partition("</pre>")[0]
    assert unescape(shown) == result.to_text("note")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"b12": "145 pg/mL"}, "low"),
        ({"b12": "250 pg/mL"}, "grey zone"),
        ({"b12": "420 pg/mL"}, "adequate"),
        ({"b12": ">420 pg/mL"}, "adequate or high"),
        ({"b12": "1420 pg/mL"}, "high"),
        ({"b12": "<300 pg/mL"}, "cannot tell"),
        ({"b12": "low"}, "low by the laboratory"),
        ({"mma": "0.2 umol/L"}, "not high"),
        ({"mcv": "90 fL"}, "within limits"),
        ({"mcv": "101 fL"}, "high"),
        ({"hemoglobin": "125 g/L"}, "cannot tell"),
        ({"hemoglobin": "131 g/L"}, "not low"),
        ({"crp": "4 mg/L"}, "no limit applied"),
        ({"intrinsic_factor_antibody": "positive"}, "positive by the laboratory"),
        ({"intrinsic_factor_antibody": "negative"}, "negative by the laboratory"),
    ],
)
def test_where_a_result_stands_is_said_in_a_word(given, says):
    (measured,) = interpret(**given, age=40).results.values()
    assert place(measured)[1] == says


def test_a_panel_with_nothing_measured_shows_no_scale_and_no_treatment():
    shown = as_html(interpret())
    assert "<figure" not in shown
    assert "No result was given." in shown
    assert "Treatment route" not in shown
    assert "No result could be used." in as_html(interpret(b12="271", errors="report"))


def test_hostile_strings_stay_text(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(OWN_GUIDELINE, encoding="utf-8")
    result = interpret(
        b12=HOSTILE,
        mma="0.62 umol/L",
        mcv=f"101 fL {HOSTILE}",
        medicines=[HOSTILE],
        sex=HOSTILE,
        age=40,
        guideline=own,
        errors="report",
    )
    fields = {"label": HOSTILE, "given": HOSTILE, "flag": None, "unit": HOSTILE}
    limits = tuple(
        limit.model_copy(update={"text": HOSTILE, "source_name": HOSTILE, "checked": HOSTILE})
        for limit in result.results["mma"].limits
    )
    measured = result.results["mma"].model_copy(update={**fields, "limits": limits})
    evidence = tuple(
        entry.model_copy(update=dict.fromkeys(("label", "value", "relation", "limit", "source_name"), HOSTILE))
        for entry in result.evidence
    )
    worst = result.model_copy(
        update={
            "results": {"mma": measured},
            "evidence": evidence,
            "statement": HOSTILE,
            "overturned_by": (HOSTILE,),
            "guideline": HOSTILE,
            "assumptions": (HOSTILE,),
            "urgency": HOSTILE,
            "version": HOSTILE,
        }
    )
    for each in (result, worst):
        reader = Reader(each._repr_html_())
        assert reader.faults == []
        assert dangers(reader) == []
        assert "<script>window.ran=1</script>" in reader.text


def test_only_what_is_made_here_is_markup():
    assert element("p", "<b>", Markup("<i>x</i>"), data_label='"') == '<p data-label="&quot;">&lt;b&gt;<i>x</i></p>'
    assert joined("a & b") == "a &amp; b"
    assert element("br") == "<br>"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_everything_it_stands_on(theme):
    def luminance(color):
        parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one, other):
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    for ground in (theme.background, theme.band, theme.beyond):
        assert contrast(theme.text, ground) >= 7
    assert contrast(theme.muted, theme.background) >= 4.5
    for color in STATUS_COLORS.values():
        assert contrast(color, theme.background) >= 2  # a word beside it says the same


@browsing
@pytest.mark.parametrize("width", [900, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overlaps_or_is_cut_off_in_a_browser_and_nothing_is_asked_of_the_network(browser, scheme, width):
    html = "".join(interpreted(name)._repr_html_() for name in PATIENTS).replace("<details>", "<details open>")
    with page_of(browser, html, scheme, width) as page:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        faults = page.evaluate(
            """() => [...document.querySelectorAll('svg.b12-strip')].flatMap(svg => {
                const room = svg.viewBox.baseVal;
                const boxes = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBBox()]);
                const apart = (a, b) => a.x + a.width <= b.x || b.x + b.width <= a.x
                    || a.y + a.height * .9 <= b.y || b.y + b.height * .9 <= a.y;
                const out = boxes.filter(([, box]) =>
                    box.x < -1 || box.x + box.width > room.width + 1 || box.y + box.height > room.height + 2);
                const crossing = boxes.flatMap(([one, box], place) =>
                    boxes.slice(place + 1).filter(([, other]) => !apart(box, other))
                        .map(([two]) => `${one} over ${two}`));
                const label = svg.getAttribute('aria-label');
                return [...out.map(([text]) => `${text} is cut off`), ...crossing].map(fault => `${label}: ${fault}`);
            })"""
        )
        assert faults == []
        assert page.asked == []


@browsing
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(browser, scheme):
    from axe_playwright_python.sync_playwright import Axe

    html = (interpret(**README)._repr_html_() + interpreted("everything")._repr_html_()).replace(
        "<details>", "<details open>"
    )
    # Two outputs of one notebook have the same name; each stands in a cell of its own there.
    html = html.replace('aria-label="B12 interpretation"', 'aria-label="B12 interpretation of the first"', 1)
    with page_of(browser, html, scheme) as page:
        serious = [
            fault for fault in Axe().run(page).response["violations"] if fault["impact"] in ("serious", "critical")
        ]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in serious] == []


@browsing
def test_a_notebooks_theme_goes_before_the_systems_and_paper_is_light_with_everything_unfolded(browser):
    def ground(page):
        return page.evaluate("getComputedStyle(document.querySelector('.b12labs')).backgroundColor")

    html = interpret(**README)._repr_html_()
    with page_of(browser, f'<div data-jp-theme-light="false">{html}</div>', "light") as page:
        assert ground(page) == "rgb(22, 24, 28)"
    with page_of(browser, f'<div data-jp-theme-light="true">{html}</div>', "dark") as page:
        assert ground(page) == "rgb(255, 255, 255)"
    with page_of(browser, html, "dark") as page:
        assert ground(page) == "rgb(22, 24, 28)"
        page.emulate_media(media="print", color_scheme="dark")
        assert ground(page) == "rgb(255, 255, 255)"
        assert page.evaluate(
            "[...document.querySelectorAll('details li, details td')].every(part => part.checkVisibility() && "
            "part.offsetHeight > 0)"
        )

"""The page, used in a real browser against the real service."""

import base64
import contextlib
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from b12labs.inputs.units import find_unit
from b12labs.integrations import page as page_module
from b12labs.integrations.page.vocabulary import vocabulary
from b12labs.integrations.server import Settings, create_app
from b12labs.reference import analytes, context
from tests.browsing import browsing

PAGE = Path(page_module.__file__).parent
HOSTILE = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
OWN_GUIDELINE = f"""
[guideline]
key = "hostile"
title = '{HOSTILE}'
source = "user-file"
checked = "source"
population = {{ min_age = 18 }}
laboratory_decides = []
uses = ["bsh-2014"]
second_tests = ["mma"]
"""


@contextlib.contextmanager
def serving(*options):
    """Serve the demo on a free port of this machine, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    process = subprocess.Popen(
        [sys.executable, "-m", "b12labs", "serve", "--demo", "--port", str(port), *options], stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            assert process.poll() is None, "the service stopped"
            with (
                contextlib.suppress(urllib.error.URLError, ConnectionError),
                urllib.request.urlopen(f"{address}ready", timeout=5),
            ):
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def address():
    with serving() as url:
        yield url


@pytest.fixture
def visit(browser, address):
    """Return a function that opens the page in a browser of its own;

    whatever the console complains of fails the test.
    """
    opened, faults = [], []

    def go(url=address, **options):
        own = browser.new_context(**options)
        opened.append(own)
        page = own.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(url)
        page.wait_for_selector("html[data-ready]")
        page.faults = faults
        return page

    yield go
    for own in opened:
        own.close()
    assert not faults


def give(page, analyte, value, unit=None):
    page.fill(f"#value-{analyte}", value)
    if unit:
        page.select_option(f"#unit-{analyte}", unit)


def answered(page, status):
    page.wait_for_selector(f'#answer[data-status="{status}"] #shown[aria-busy="false"]')
    return page.inner_text("#shown")


@browsing
def test_the_documentation_shows_every_path_without_anything_from_elsewhere(browser, address):
    asked, faults = [], []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(f"{address}docs")
    page.wait_for_selector("html[data-ready]")
    shown = page.inner_text("#paths")
    page.close()
    assert "POST /interpret" in shown
    assert "GET /ready" in shown
    assert [url for url in asked if not url.startswith(address)] == []
    assert faults == []


@browsing
def test_the_lines_for_the_note_are_those_of_the_library_and_are_copied(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.click("#example")
    answered(page, "deficient")
    page.click("#note summary")
    page.wait_for_selector("#note-lines:has-text('DEFICIENT')")
    lines = page.inner_text("#note-lines")
    assert len(lines.splitlines()) <= 8
    assert "MMA 0.62 µmol/L, above 0.28 µmol/L" in lines
    page.click("#note button")
    page.wait_for_selector("#note [role=status]:has-text('Copied.')")
    assert page.evaluate("navigator.clipboard.readText()") == lines


@browsing
def test_sources_are_numbered_where_they_are_cited_and_listed_once(visit):
    page = visit()
    page.click("#example")
    answered(page, "deficient")
    page.click("#sources summary")
    listed = [text.split(" ", 2) for text in page.locator("#sources li").all_inner_texts()]
    assert [number for number, *_ in listed] == [str(place) for place in range(1, len(listed) + 1)]
    cited = set(re.findall(r"\d+", " ".join(page.locator(".cite").all_text_contents())))
    assert cited == {number for number, *_ in listed}
    assert page.locator(".statement .cite").inner_text().strip().startswith("[1")
    assert page.locator("table .cite").first.get_attribute("title") == "NG239"


@browsing
def test_each_question_is_asked_once_with_its_tests_which_can_be_added(visit):
    page = visit()
    give(page, "b12", "250", "pg/mL")
    said = answered(page, "indeterminate")
    assert said.count("Is tissue short of B12?") == 1
    assert "Still possible" not in said
    page.click("text=Add MMA")
    assert page.locator("#value-mma").is_visible()


@browsing
def test_the_example_of_the_readme_is_answered_with_its_evidence_treatment_and_next_tests(visit):
    page = visit()
    page.click("#example")
    said = answered(page, "deficient")
    assert page.inner_text("#verdict") == "Deficient in vitamin B12"
    assert page.inner_text(".urgency") == "Urgent"
    assert "145 pg/mL below 180\u00a0ng/L" in page.inner_text("table").replace("145\u00a0", "145 ")
    assert page.inner_text(".route") == "Intramuscular"
    assert "Give B12 before or with any folic acid" in page.inner_text(".cautions")
    assert page.locator(".tests strong").all_inner_texts() == [
        "Creatinine",
        "Intrinsic-factor antibody",
        "Folate",
        "Ferritin",
    ]
    assert "Is the cause autoimmune gastritis (injections for life)?" in said
    assert "an adequate holoTC" in said.partition("Could overturn this")[2]
    assert "not pregnant" in said.partition("Assumed")[2]


@browsing
def test_the_verdict_holds_when_the_same_result_is_given_in_another_unit(visit):
    page = visit()
    give(page, "b12", "145", "pg/mL")
    page.fill("#age", "67")
    answered(page, "deficient")
    page.select_option("#unit-b12", "ng/L")
    page.wait_for_selector(".value:text-is('145\u00a0ng/L')")
    answered(page, "deficient")
    give(page, "b12", "107", "pmol/L")
    page.wait_for_selector(".value:text-is('107\u00a0pmol/L')")
    answered(page, "deficient")
    give(page, "b12", "<150", "pg/mL")
    page.wait_for_selector(".value:text-is('<150\u00a0pg/mL')")
    answered(page, "deficient")


@browsing
def test_what_was_not_measured_is_never_shown_as_normal(visit):
    page = visit()
    give(page, "b12", "420", "pg/mL")
    page.fill("#age", "40")
    answered(page, "deficiency_unlikely")
    assert page.locator(".facts dd").all_inner_texts() == ["cannot tell"] * 3
    assert "a raised MMA" in page.inner_text("#shown")


@browsing
def test_a_problem_stands_at_its_field_and_goes_when_it_is_mended(visit):
    page = visit()
    give(page, "b12", "145")
    page.fill("#value-mma", "0.62 furlongs")
    page.fill("#age", "old")
    page.wait_for_selector("#problem-age")
    for field, said in {
        "unit-b12": "has no unit",
        "value-mma": "'furlongs' is not known",
        "age": "Expected years",
    }.items():
        invalid = page.locator(f"#{field}")
        assert invalid.get_attribute("aria-invalid") == "true" or field == "age"  # the age still has the focus
        described = invalid.get_attribute("aria-describedby").split()
        assert said in " ".join(page.inner_text(f"#{part}") for part in described)
    assert page.locator(".problems li").count() == 3
    page.select_option("#unit-b12", "pg/mL")
    answered(page, "deficient")
    assert page.locator("#unit-b12").get_attribute("aria-invalid") is None
    assert page.locator("#unit-b12").get_attribute("aria-describedby") is None
    assert page.locator("#problem-value-mma").count() == 1


@browsing
def test_a_unit_still_to_come_is_asked_for_before_it_is_called_missing(visit):
    page = visit()
    give(page, "b12", "145")
    assert page.inner_text(".problem") == "Choose its unit."
    assert page.locator("[aria-invalid]").count() == 0
    page.focus("#age")
    page.wait_for_selector("#unit-b12[aria-invalid]")
    assert "has no unit" in page.inner_text(".problem")


@browsing
def test_everything_is_done_with_the_keyboard_alone(visit):
    page = visit()
    keys = page.keyboard

    def tab_to(selector):
        for _ in range(80):
            keys.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        raise AssertionError(f"the keyboard does not reach {selector}")

    assert tab_to(".skip") == "solid"
    assert tab_to("#value-b12") == "solid"
    keys.type("250")
    assert tab_to("#unit-b12") == "solid"
    keys.type("pg")
    assert tab_to("#age") == "solid"
    keys.type("40")
    tab_to("#sex")
    keys.type("male")
    tab_to("#find")
    keys.type("imbalance")
    page.wait_for_selector("#matches:has-text('press Enter')")
    keys.press("Enter")
    assert page.locator("#chosen li").all_inner_texts() == ["unsteady gait (ataxia) ×"]
    answered(page, "indeterminate")
    assert tab_to(".tests button") == "solid"
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "value-mma"
    keys.type("0.62 umol/L")
    answered(page, "functional_deficiency")


@browsing
def test_the_answer_is_spoken_once_and_shortly(visit):
    page = visit()
    page.evaluate("""() => {
        window.spoken = [];
        new MutationObserver(() => window.spoken.push(document.getElementById('spoken').textContent))
            .observe(document.getElementById('spoken'), { childList: true, characterData: true, subtree: true });
    }""")
    page.click("#example")
    answered(page, "deficient")
    page.fill("#age", "68")
    page.wait_for_selector('#shown[aria-busy="true"]')
    answered(page, "deficient")
    assert page.evaluate("window.spoken") == ["Deficient in vitamin B12. Urgent."]
    assert page.locator("#spoken").get_attribute("aria-live") == "polite"


@browsing
def test_a_term_is_found_by_any_of_its_names_and_read_under_its_field(visit):
    page = visit()
    page.fill("#find", "laughing")
    assert page.locator("#groups li:visible").all_inner_texts() == ["nitrous oxide use laughing gas"]
    page.fill("#find", "xyzzy")
    assert "No term has this name" in page.inner_text("#matches")
    page.fill("#find", "")
    assert page.locator("#groups li:visible").count() == 0
    give(page, "b12", "420", "pg/mL")
    page.click("summary:has-text('Risk factors')")
    page.check("#term-nitrous_oxide")
    answered(page, "indeterminate")
    page.click("#chosen button")
    answered(page, "deficiency_unlikely")


@browsing
def test_a_page_320_pixels_wide_is_read_without_scrolling_sideways(visit):
    page = visit(viewport={"width": 320, "height": 568})
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) == 320
    page.click("#example")
    answered(page, "deficient")
    page.fill("#value-mma", "0.62 " + "furlongs" * 20)
    page.select_option("#add", "reticulocyte_index")
    page.click("#add-button")
    page.wait_for_selector("#problem-value-mma")
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert page.evaluate(wide) == 320
    assert page.inner_text("#bar") == "Deficient in vitamin B12 · urgent · 1 problem"
    page.click("#bar")
    assert page.evaluate("document.getElementById('verdict').getBoundingClientRect().top < innerHeight")


@browsing
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(visit, scheme):
    from axe_playwright_python.sync_playwright import Axe

    # axe is put into the page as a script; without motion a color is there at once
    page = visit(color_scheme=scheme, viewport={"width": 1280, "height": 900}, bypass_csp=True, reduced_motion="reduce")
    page.click("#example")
    give(page, "creatinine", "12 furlongs")
    page.fill("#age", "old")
    page.focus("#find")
    page.wait_for_selector("#problem-age")
    answered(page, "deficient")
    page.evaluate(
        "document.querySelectorAll('#shown details, #groups details:first-child, #more').forEach(details => "
        "details.open = true)"
    )
    found = Axe().run(page).response
    assert [f"{fault['id']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]] == []
    assert "color-contrast" in {passed["id"] for passed in found["passes"]}


def test_every_color_of_a_text_has_enough_contrast_with_every_ground():
    styles = (PAGE / "page.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", part))
        for part in styles.split("@media screen and (prefers-color-scheme: dark)")[:2]
    )
    for scheme in (light, dark):
        texts = {"ink", "soft", "link", "problem", "deficient", "functional", "indeterminate", "unlikely", "none"}
        assert texts < set(scheme)
        for text in texts:
            for ground in ("ground", "raised", "sunken"):
                assert contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)
        for shape in ("edge", "focus"):
            assert contrast(scheme[shape], scheme["ground"]) >= 3, shape


def contrast(one, other):
    """Return the contrast ratio of WCAG 2.2 of two colors `#rrggbb`."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(color):
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@browsing
def test_colors_follow_the_scheme_and_motion_the_wish_for_less(visit):
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light, dark = visit(color_scheme="light"), visit(color_scheme="dark", reduced_motion="reduce")
    assert sum(int(part) for part in light.evaluate(ground)[4:-1].split(",")) > 700
    assert sum(int(part) for part in dark.evaluate(ground)[4:-1].split(",")) < 100
    moving = "getComputedStyle(document.querySelector('#shown > *')).transitionDuration"
    assert light.evaluate(moving) != "0s"
    assert dark.evaluate(moving) == "0s"


@browsing
def test_the_printed_page_says_what_was_entered_and_leaves_the_form_out(visit):
    page = visit(color_scheme="dark")
    page.click("#example")
    answered(page, "deficient")
    page.emulate_media(media="print")
    assert not page.is_visible("#form")
    assert "B12 145\u00a0pg/mL" in page.inner_text(".entered")
    assert "age 67; female; tingling (paresthesia)" in page.inner_text(".entered")
    assert page.is_visible(".not")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(252, 251, 248)"


@browsing
def test_hostile_strings_stay_text(visit, browser, tmp_path):
    (tmp_path / "hostile.toml").write_text(OWN_GUIDELINE, encoding="utf-8")
    (tmp_path / "settings.toml").write_text(
        f'guideline = "{(tmp_path / "hostile.toml").as_posix()}"\n', encoding="utf-8"
    )
    with serving("--config", str(tmp_path / "settings.toml")) as own:
        page = visit(own)
        give(page, "b12", "145", "pg/mL")
        page.fill("#value-mma", f"0.62 {HOSTILE}")
        page.fill("#age", HOSTILE)
        answered(page, "deficient")
        page.wait_for_selector("#problem-value-mma")
        assert HOSTILE in page.inner_text("#shown")
        assert "<img" in page.inner_text("#problem-value-mma")
        assert page.locator("img, main script").count() == 0
        assert page.evaluate("window.ran") is None


@browsing
def test_an_older_answer_never_follows_a_newer_question(visit):
    page = visit()
    asked = []

    def delay(route):
        asked.append(route.request.post_data)
        if len(asked) == 1:
            page.wait_for_timeout(50)
            page.fill("#value-b12", "420")
            page.wait_for_timeout(600)
        with contextlib.suppress(Exception):  # the first was given up
            route.continue_()

    page.route("**/interpret", delay)
    give(page, "b12", "145", "pg/mL")
    answered(page, "deficiency_unlikely")
    page.wait_for_timeout(300)
    assert page.get_attribute("#answer", "data-status") == "deficiency_unlikely"
    assert len(asked) == 2


@browsing
def test_an_answer_that_cannot_be_had_is_not_replaced_by_an_older_one(visit):
    page = visit()
    page.click("#example")
    answered(page, "deficient")
    page.context.set_offline(True)
    page.fill("#value-b12", "420")
    said = answered(page, "failed")
    assert "does not answer" in said
    assert "Deficient" not in said
    page.context.set_offline(False)
    page.faults.clear()  # the browser's own note of the request that failed
    page.fill("#value-b12", "146")
    answered(page, "deficient")


@browsing
def test_an_answer_that_does_not_come_is_not_waited_for_behind_an_older_one(visit):
    page = visit()
    page.clock.install()
    page.click("#example")
    page.clock.run_for(1_000)
    answered(page, "deficient")
    page.route("**/interpret", lambda route: None)
    page.fill("#value-b12", "420")
    page.clock.run_for(5_000)
    assert page.get_attribute("#shown", "aria-busy") == "true"
    page.clock.run_for(10_000)
    assert "does not answer" in answered(page, "failed")


@browsing
def test_what_the_service_refuses_is_said_in_its_words(visit):
    page = visit()
    page.evaluate("document.getElementById('guideline').append(new Option('gone', 'gone'))")
    give(page, "b12", "145 pg/mL")
    page.select_option("#guideline", "gone")
    assert "nice-ng239" in answered(page, "failed")
    page.faults.clear()  # the browser's own note of the refusal


@browsing
def test_what_is_typed_goes_to_the_service_alone_and_is_kept_nowhere(visit, address):
    page = visit()
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.click("#example")
    answered(page, "deficient")
    page.keyboard.press("Enter")
    assert set(asked) == {("POST", f"{address}interpret")}
    assert page.url == address
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate(
        "performance.getEntriesByType('resource').every(entry => entry.name.startsWith(location.origin))"
    )
    assert "on this computer and nowhere else" in page.inner_text("#where")
    page.click("#clear")
    page.wait_for_selector("text=The answer appears here")
    assert page.input_value("#value-b12") == ""
    assert "not a diagnosis" in page.inner_text(".not")


@browsing
def test_a_link_fills_the_form_again_and_its_values_leave_the_address(visit, address):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.click("#example")
    page.fill("#value-b12", "<150")
    page.select_option("#guideline", "bsh-2014")
    answered(page, "deficient")
    assert "#" not in page.url
    page.click("text=A link to this panel")
    assert "Anyone who has the link can read them" in page.inner_text("#link")
    page.click("text=Copy the link")
    page.wait_for_selector("#link [role=status]:has-text('Copied.')")
    link = page.evaluate("navigator.clipboard.readText()")
    other = visit(link)
    answered(other, "deficient")
    assert other.url == address
    assert other.input_value("#value-b12") == "<150"
    assert other.input_value("#unit-b12") == "pg/mL"
    assert other.input_value("#guideline") == "bsh-2014"
    assert other.is_checked("#term-metformin")
    assert other.inner_text("#from-link") == "Filled in from a link. Check every value."


@browsing
def test_a_link_that_was_made_up_fills_in_what_is_known_and_runs_nothing(visit, address):
    sent = {"results": {"b12": [HOSTILE, "pg/mL"], "sodium": ["1", ""]}, "patient": {"form": "x"}, "terms": ["gone"]}
    packed = base64.urlsafe_b64encode(json.dumps(sent).encode()).decode().rstrip("=")
    page = visit(f"{address}#panel={packed}")
    assert page.input_value("#value-b12") == HOSTILE
    assert "3 entries left out as unknown here" in page.inner_text("#from-link")
    assert page.evaluate("window.ran") is None
    broken = visit(f"{address}#panel=%%%")
    assert broken.inner_text("#from-link") == "The link contains no readable entries."


def test_the_page_is_served_in_the_demo_alone_and_runs_nothing_from_elsewhere():
    from starlette.testclient import TestClient

    assert TestClient(create_app(Settings())).get("/").status_code == 404
    client = TestClient(create_app(Settings(demo=True)))
    sent = client.get("/")
    policy = dict(part.strip().split(" ", 1) for part in sent.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["form-action"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "style=" not in sent.text
    assert "onclick" not in sent.text
    for file in PAGE.iterdir():
        if file.suffix in (".css", ".js", ".svg"):
            assert client.get(f"/page/{file.name}").content == file.read_bytes()
    assert client.get("/page/vocabulary.py").status_code == 404


def test_the_vocabulary_offers_only_what_is_accepted_and_all_of_it():
    offered = vocabulary(Settings())
    assert [analyte.key for analyte in offered.analytes] == list(analytes())
    assert {term.key: term.field for term in offered.terms} == {
        term.key: term.field for term in context().terms.values()
    }
    for analyte in offered.analytes:
        for unit in analyte.units:
            assert find_unit(analytes()[analyte.key], unit.ucum).ucum == unit.ucum
        assert analyte.units[0].usual
    assert offered.headlines["deficient"] == "Deficient in vitamin B12"
    assert offered.headlines["not_assessed"] == "B12 not assessed"

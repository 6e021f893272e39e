"""The page without a server answers as Python does: every field, for every vignette and published case."""

import json

import pytest

from b12labs.integrations.interpreting import respond
from b12labs.integrations.options import Options
from tests.browsing import browsing
from tests.static_page.test_static_page import opened
from validation.published_cases import read_case

pytestmark = [pytest.mark.long, browsing]

ASK = """async (panels) => {
    const { answered } = await import("./page/service.js");
    return Promise.all(panels.map((panel) => answered("interpret", panel)));
}"""
PANELS = [
    {"b12": "145 pg/mL", "mma": "0.62 umol/L", "age": 67, "sex": "female", "symptoms": ["ataxia"]},
    {"b12": "<150 pg/mL", "pregnant": "yes", "age": 30, "guideline": "bsh-2014"},
    {
        "b12": {"value": "250", "unit": "pg/mL", "reference_low": 200, "reference_high": 900},
        "mcv": 71,
        "age": "5 months",
    },
    {"b12": "145", "mma": "0.3 furlong", "hemoglobin": "10,4 g/dL", "decimal": ",", "unreported_context": "unknown"},
    {"platelets": "72 10*9/L", "ldh": "640 U/L", "haptoglobin": "<0.1 g/L", "reticulocytes": "210 10*9/L", "age": 45},
    {},
]


@pytest.fixture(scope="module")
def page(browser, address):
    context = browser.new_context()
    page = opened(context, address)
    page.wait_for_selector("html[data-python]")
    yield page
    context.close()


def held(panels, page):
    texts = [json.dumps(panel) for panel in panels]
    expected = [json.loads(respond(text.encode(), Options())) for text in texts]
    found = page.evaluate(ASK, [json.loads(text) for text in texts])
    for panel, here, there in zip(panels, expected, found, strict=True):
        assert there == here, panel
    return len(found)


def test_panels_are_answered_as_by_python(page):
    assert held(PANELS, page) == len(PANELS)


def test_every_vignette_and_published_case_is_answered_as_by_python(page, shared_file):
    vignettes = json.loads(shared_file("cases/vignettes.json").read_text(encoding="utf-8"))
    panels = [entry["inputs"] for entry in vignettes if entry.get("call", "interpret") == "interpret"]
    for name in ("published_cases", "published_cases_2"):
        cases = json.loads(shared_file(f"cases/{name}.json").read_text(encoding="utf-8"))
        panels += [read_case(case)[0] for case in cases]
    panels = [{key: value for key, value in panel.items() if key != "errors"} for panel in panels]
    assert held(panels, page) >= 60

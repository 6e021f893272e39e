"""What a notebook shows survives a cleaner of HTML that takes inline SVG out, if its pictures are images."""

import base64
import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from b12labs import audit, interpret, interpret_frame, summarize
from tests.browsing import browsing, page_of
from tests.display.patients import PATIENTS, interpreted
from tests.display.reading import Reader

SVG = "{http://www.w3.org/2000/svg}svg"
HOSTILE = "'\"><script>window.ran=1</script>&lt;"
LABS = pd.DataFrame({"B12 [pg/mL]": ["145", "<150", "250", "pending"], "age": 40})


def shown(name):
    return summarize(interpret_frame(LABS)) if name == "table" else interpreted(name)


def pictures(html):
    return [
        base64.b64decode(each["src"].removeprefix("data:image/svg+xml;base64,")).decode()
        for each in Reader(html).named("img")
    ]


@pytest.mark.parametrize("name", [*PATIENTS, "table"])
def test_as_images_the_same_pictures_and_words_are_there_and_no_inline_drawing(name):
    result = shown(name)
    inline, cleaned = result.to_html(), result.to_html(images="data")
    assert inline == result._repr_html_()
    assert "<svg" in inline
    assert "<svg" not in cleaned
    reader = Reader(cleaned)
    assert reader.faults == []
    drawn = [ET.fromstring(each) for each in pictures(cleaned)]  # our own
    assert len(drawn) == len(Reader(inline).named("svg"))
    assert {each.tag for each in drawn} == {SVG}
    assert [each["alt"] for each in reader.named("img")] == [each.get("aria-label", "") for each in drawn]
    assert all(each["width"] and each["height"] for each in reader.named("img"))
    without = re.sub(r"<svg.*?</svg>", "", inline, flags=re.DOTALL)
    assert reader.text == Reader(without).text


def test_what_was_sent_stays_text_in_an_image():
    result = interpret(b12=f"145 pg/mL {HOSTILE}", mma=f"0.62{HOSTILE} umol/L", errors="report")
    result = result.model_copy(
        update={"results": {key: each.model_copy(update={"given": HOSTILE}) for key, each in result.results.items()}}
    )
    for page in (result.to_html(images="data"), interpret(mcv=90, errors="report").to_html(images="data")):
        assert Reader(page).faults == []
        assert Reader(page).named("script") == []
        for each in pictures(page):
            assert not list(ET.fromstring(each).iter("{http://www.w3.org/2000/svg}script"))  # our own


def test_an_audit_is_html_too():
    found = audit(pd.DataFrame({"B12 [pg/mL]": ["145"], "Vitamin B21": ["1"]}))
    assert found.to_html() == found._repr_html_()


@browsing
@pytest.mark.parametrize("name", ["readme", "table"])
def test_a_browser_draws_every_image_as_large_as_the_drawing(browser, name):
    sizes = []
    for images, tag in (("inline", "section svg"), ("data", "section img")):
        with page_of(browser, shown(name).to_html(images=images)) as page:
            measured = "all => all.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height].map(Math.round))"
            sizes.append(page.eval_on_selector_all(tag, measured))
            assert page.evaluate("[...document.images].every(each => each.complete && each.naturalWidth > 0)")
    assert sizes[0]
    assert sizes[0] == sizes[1]

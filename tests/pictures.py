"""Writes the pictures of docs/images that show a notebook, a report and the plots, in light and dark:

`make pictures`, with Chromium.
"""

import io
import sys
from pathlib import Path

import pandas as pd
from PIL import Image

from b12labs import interpret_frame, summarize
from b12labs.cohort_report import report_file
from tests.browsing import opened_browser, page_of
from tests.charts import CHARTS
from tests.conftest import ROOT
from tests.display.patients import interpreted

LABS = ROOT / "examples/labs.csv"
#: What is in each picture of a notebook, and how wide it is.
NOTEBOOKS = {"notebook": ("readme", 900), "notebook-censored": ("censored", 400), "notebook-table": ("table", 900)}
#: The top of the report, and its worklist; what lies between is left out, so that one small picture shows both.
REPORT = {"width": 1000, "height": 975}
LEFT_OUT = "#found table ~ *, #first p, #first .urgent tbody tr:nth-child(n+3) { display: none }"


def content(name):
    if name == "table":
        return summarize(interpret_frame(pd.read_csv(LABS, dtype=str)))._repr_html_()
    return interpreted(name)._repr_html_()


def notebooks(chromium, scheme, folder):
    for picture, (name, width) in NOTEBOOKS.items():
        with page_of(chromium, content(name), scheme, width) as page:
            shot = Image.open(io.BytesIO(page.locator(".b12labs").screenshot()))
            shot.convert("RGB").quantize(255, dither=Image.Dither.NONE).save(
                folder / f"{picture}-{scheme}.png", optimize=True
            )


def report(chromium, scheme, folder):
    page = chromium.new_page(viewport=REPORT, color_scheme=scheme, device_scale_factor=0.85)
    page.set_content(report_file(LABS).to_html())
    page.add_style_tag(content=LEFT_OUT)
    page.screenshot(path=folder / f"report-{scheme}.png", clip={"x": 0, "y": 0, **REPORT})
    page.close()


def plots(folder):
    for name, chart in CHARTS.items():
        for dark in (False, True):
            path = folder / f"plot-{name}{'-dark' if dark else ''}.png"
            chart(dark).save(path, scale_factor=1)
            Image.open(path).convert("RGB").save(path, optimize=True)


def main(folder):
    plots(folder)
    with opened_browser() as chromium:
        for scheme in ("light", "dark"):
            notebooks(chromium, scheme, folder)
            report(chromium, scheme, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/images")

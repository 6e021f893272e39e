"""Make the pictures of the report in docs/images: `python -m tests.report_pictures`, with Chromium."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from b12labs.cohort_report import report_file
from tests.test_cohort_report import CHROMIUM, QUIET

ROOT = Path(__file__).parents[1]
#: The top of the page, and the worklist: what is seen first, one under the other.
SIZE = {"width": 1000, "height": 975}


def main() -> None:
    page_file = ROOT / "report-for-pictures.html"
    page_file.write_text(report_file(ROOT / "examples/labs.csv").to_html(), encoding="utf-8")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport=SIZE, color_scheme=scheme, device_scale_factor=0.85)
                page.goto(page_file.as_uri())
                # What lies between is left out, so that one small picture shows both.
                page.add_style_tag(content="#found table ~ *, #first p, #first .emergency tbody tr:nth-child(n+2), #first .urgent { display: none }")
                page.screenshot(path=ROOT / f"docs/images/report-{scheme}.png", clip={"x": 0, "y": 0, **SIZE})
            browser.close()
    finally:
        page_file.unlink()


if __name__ == "__main__":
    main()

"""A browser for what notebooks show, without any network."""

import contextlib

from tests.test_page import CHROMIUM, QUIET, browsing

__all__ = ["browser", "browsing", "page_of"]

BACKGROUND = {"light": "#ffffff", "dark": "#111111"}


@contextlib.contextmanager
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            yield chromium
        finally:
            chromium.close()


@contextlib.contextmanager
def page_of(chromium, html, scheme="light", width=900):
    """Open HTML as the output of a notebook's cell; what it asks the network for is in `page.asked`."""
    page = chromium.new_page(viewport={"width": width, "height": 300}, color_scheme=scheme)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    try:
        page.set_content(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Notebook</title></head>'
            f'<body style="margin:8px;background:{BACKGROUND[scheme]}"><main><h1 hidden>Notebook</h1><h2 hidden>Cell</h2>{html}</main></body></html>'
        )
        yield page
    finally:
        page.close()

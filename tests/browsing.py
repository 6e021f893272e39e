"""A browser for what is looked at, without any network."""

import contextlib
import os
import shutil

import pytest

CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
browsing = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CI") != "true",
    reason="Chromium is not installed here (apt-get install chromium)",
)
#: Without these Chromium asks its maker's hosts for updates while it runs.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

BACKGROUND = {"light": "#ffffff", "dark": "#111111"}


@contextlib.contextmanager
def opened_browser():
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
            f'<body style="margin:8px;background:{BACKGROUND[scheme]}"><main><h1 hidden>Notebook</h1><h2 '
            f"hidden>Cell</h2>{html}</main></body></html>"
        )
        yield page
    finally:
        page.close()

"""The page without a server, in a real browser: Python answers there, and nothing is sent anywhere."""

import shutil

import pytest

from tests.browsing import browsing
from tests.static_page.hosting import hosted

pytestmark = [pytest.mark.long, browsing]

#: ms in which Python starts even on a machine that does other things; `make page` says how long it takes.
PATIENCE = 180_000


def opened(context, address):
    """Open the page, and collect what it asks for and what the console complains of."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.asked, page.faults = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda said: page.faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    return page


def answered(page, status):
    page.wait_for_selector(f'#answer[data-status="{status}"] #shown[aria-busy="false"]')
    return page.inner_text("#shown")


def test_a_panel_typed_while_python_loads_is_answered_in_the_browser_and_nothing_is_asked_for_afterwards(
    browser, address
):
    context = browser.new_context()
    page = opened(context, address)
    page.click("#example")
    assert "loading into this browser" in page.inner_text("#loading")
    assert "Deficient in vitamin B12" in answered(page, "deficient")
    page.wait_for_selector("html[data-offline]")
    assert all(url.startswith(address) for url in page.asked)
    page.asked.clear()
    page.fill("#value-b12", "420")
    page.fill("#value-mma", "")
    page.fill("#value-homocysteine", "")
    answered(page, "indeterminate")
    assert page.asked == []
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.faults == []
    context.close()


def test_it_opens_and_answers_without_a_connection(browser, built):
    context = browser.new_context()
    with hosted(built) as address:
        opened(context, address).wait_for_selector("html[data-offline]")
    page = opened(context, address)  # the host is gone
    page.click("#example")
    answered(page, "deficient")
    assert page.faults == []
    context.close()


def test_it_works_under_any_path_and_says_in_words_what_did_not_come(browser, built, tmp_path):
    folder = tmp_path / "labs/b12"
    shutil.copytree(built, folder)
    (folder / "python/python_stdlib.zip").unlink()
    context = browser.new_context()
    with hosted(tmp_path, "labs/b12/") as address:
        page = opened(context, address)
        said = answered_with_failure(page)
    assert "could not be loaded into this browser: python_stdlib.zip did not come (404)" in said
    assert page.is_hidden("#loading")
    context.close()


def answered_with_failure(page):
    page.wait_for_selector('#answer[data-status="failed"]')
    return page.inner_text("#shown")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_while_it_loads_and_when_it_has_answered(browser, address, scheme):
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    page = opened(context, address)
    page.click("#example")
    assert page.is_visible("#loading")
    assert faults(page) == []
    answered(page, "deficient")
    page.evaluate("document.querySelectorAll('#shown details').forEach(details => details.open = true)")
    assert faults(page) == []
    context.close()


def faults(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response
    return [f"{fault['id']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]]


def test_it_can_be_installed(browser, address):
    context = browser.new_context()
    page = opened(context, address)
    page.wait_for_selector("html[data-offline]")
    session = context.new_cdp_session(page)
    assert session.send("Page.getAppManifest")["errors"] == []
    faults_ = {fault["errorId"] for fault in session.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert faults_ == {"in-incognito"}  # as every context of a test is
    context.close()

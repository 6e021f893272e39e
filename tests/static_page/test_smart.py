"""The page in an EHR: launched there or alone, it reads the record into the browser and interprets it there."""

import shutil
from types import MappingProxyType
from urllib.parse import urlencode

import pytest

from static_page.building import add_smart, keep_offline
from static_page.servers import Server, read_servers
from tests.browsing import browsing
from tests.integrations.page.test_record import WOMAN, result
from tests.static_page.ehr import CLIENT, Ehr, running
from tests.static_page.hosting import hosted
from tests.static_page.test_static_page import faults

PATIENCE = 180_000
DEFICIENT = [
    {**WOMAN, "name": [{"family": "كوهين", "given": ["מרים"]}]},
    result("2132-9", 145, "pg/mL", "2024-03-01"),
    result("13964-2", 0.62, "umol/L", "2024-03-01"),
    result("718-7", 10.4, "g/dL", "2024-03-01"),
]
METFORMIN = {
    "resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order",
    "subject": {"reference": "Patient/1"}, "authoredOn": "2020-01-01",
    "medicationCodeableConcept": {"text": "metformin"},
}  # fmt: skip


@pytest.fixture
def opened(browser, built, tmp_path):
    """Return a function that opens the page beside an EHR; all of it is on this machine."""
    contexts, pages = [], []

    def go(ehr, launch="launch", options=MappingProxyType({}), **choices):
        folder = tmp_path / "page"
        shutil.copytree(built, folder)
        server = Server(name="Loopback EHR", iss=f"{ehr.url}/fhir", client_id=CLIENT, **choices)
        add_smart(folder, [server])
        keep_offline(folder)
        own = browser.new_context(**options)
        contexts.append(own)
        page = own.new_page()
        page.set_default_timeout(PATIENCE)
        page.asked, page.faults = [], []
        page.on("console", lambda said: page.faults.append(said.text))
        pages.append(page)
        page.on("request", lambda request: page.asked.append((request.method, request.url)))
        hosting = hosted(folder)
        page.address = hosting.__enter__()
        contexts.append(hosting)
        query = {"iss": f"{ehr.url}/fhir", "launch": launch} if launch else {}
        page.goto(f"{page.address}smart.html?{urlencode(query)}")
        return page

    yield go
    assert [fault for page in pages for fault in page.faults if "Content Security Policy" in fault] == []
    for each in reversed(contexts):
        each.__exit__(None, None, None)


def shown(page, status):
    page.wait_for_selector(f'#answer[data-status="{status}"]')
    return page.inner_text("main")


@browsing
@pytest.mark.long
def test_an_ehr_launches_the_page_which_reads_the_record_and_says_what_it_means(opened):
    with running(Ehr([*DEFICIENT, METFORMIN])) as ehr:
        page = opened(ehr, options={"bypass_csp": True})  # for axe, which is put in as a script
        said = shown(page, "deficient")
        asked = ehr.authorized[0]
    assert asked["launch"] == "launch"
    assert set(asked["scope"].split()) == {
        "launch", "patient/Patient.r", "patient/Observation.rs", "patient/Condition.rs", "patient/MedicationRequest.rs",
        "patient/Procedure.rs", "patient/AllergyIntolerance.rs",
    }  # fmt: skip
    assert "Deficient in vitamin B12" in said
    assert "מרים كوهين" in page.inner_text("bdi")
    assert "born 1957-03-21, female" in said
    assert faults(page) == []
    assert "metformin" in said
    assert page.url == f"{page.address}smart.html"
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert all(url.startswith((page.address, f"{ehr.url}/")) for _, url in page.asked)
    assert {method for method, url in page.asked if "/fhir/" in url} == {"GET"}


@browsing
@pytest.mark.long
def test_it_is_opened_alone_and_signs_in(opened):
    with running(Ehr(DEFICIENT)) as ehr:
        page = opened(ehr, launch=None, scopes="v1", context=["Condition"])
        page.click("text=Sign in at Loopback EHR")
        shown(page, "deficient")
        assert ehr.authorized[0]["scope"] == "launch/patient patient/Patient.read patient/Observation.read patient/Condition.read"  # fmt: skip  # noqa: E501


@browsing
@pytest.mark.long
def test_what_is_refused_or_over_is_said_in_words_and_nothing_is_read(opened):
    with running(Ehr(DEFICIENT, consent=False)) as ehr:
        page = opened(ehr)
        assert "refused at the sign-in: the clinician said no. Nothing was read." in shown(page, "failed")
        assert ehr.asked == []
        page.goto(f"{page.address}smart.html?code=stolen&state=guessed")
        assert "did not begin in this window" in shown(page, "failed")
        page.goto(f"{page.address}smart.html?iss=https://evil.example.org&launch=1")
        assert "not set up for https://evil.example.org" in shown(page, "failed")
        assert not any("evil" in url for method, url in page.asked if "smart.html" not in url)
        ehr.pkce = False
        page.goto(f"{page.address}smart.html?{urlencode({'iss': f'{ehr.url}/fhir', 'launch': '1'})}")
        assert "PKCE" in shown(page, "failed")


@browsing
@pytest.mark.long
def test_an_expired_token_is_said_in_words(opened):
    with running(Ehr(DEFICIENT, expired=True)) as ehr:
        assert "The sign-in has expired. Open b12labs again from the record." in shown(opened(ehr), "failed")


@browsing
@pytest.mark.long
def test_a_record_without_results_of_b12_concludes_nothing(opened):
    with running(Ehr([DEFICIENT[0], result("718-7", 13.9, "g/dL", "2024-03-01")])) as ehr:
        assert "B12 not assessed" in shown(opened(ehr), "not_assessed")


@browsing
@pytest.mark.long
def test_a_record_without_any_result_concludes_nothing(opened):
    with running(Ehr([DEFICIENT[0], result("2951-2", 140, "mmol/L", "2024-03-01")])) as ehr:
        said = shown(opened(ehr), "not_assessed")
    assert "no laboratory result that b12labs reads" in said
    assert "1 result of other tests ignored" in said


@browsing
@pytest.mark.long
def test_500_results_in_pages_are_all_read_and_what_was_refused_is_unknown(opened):
    months = [f"{2015 + place // 12}-{place % 12 + 1:02}-01" for place in range(100)]
    results = [
        result(code, value, unit, month)
        for month in months
        for code, value, unit in (
            ("2132-9", 145, "pg/mL"), ("718-7", 10.4, "g/dL"), ("787-2", 112, "fL"), ("2951-2", 140, "mmol/L"),
            ("2823-3", 4.1, "mmol/L"),
        )
    ]  # fmt: skip
    results[-5]["valueQuantity"]["code"] = "furlong"
    with running(Ehr([WOMAN, *results], without=("Condition",))) as ehr:
        page = opened(ehr)
        said = shown(page, "not_assessed")
        assert len([path for path in ehr.asked if path.startswith("/fhir/Observation")]) == 5
    assert "100 blood draws" in said
    assert "200 results of other tests ignored" in said
    assert "conditions: Loopback EHR answered with 403. Its content is taken as unknown." in said
    page.click("#unused summary")
    assert "'furlong'" in page.inner_text("#unused")
    page.select_option("#draw", index=1)
    assert "Deficient in vitamin B12" in shown(page, "deficient")


def test_a_file_of_servers_is_checked(tmp_path):
    file = tmp_path / "smart.toml"
    file.write_text('[[servers]]\nname = "A"\niss = "https://a.example.org/fhir/"\nclient_id = "c"\n')
    (server,) = read_servers(file)
    assert server.iss == "https://a.example.org/fhir"
    assert server.origins() == {"https://a.example.org"}
    for wrong in ('iss = "http://a.example.org"', 'iss = "https://a.example.org"\nconnect = ["https://*.example.org"]',
                  'iss = "https://a.example.org"\nwrite = true'):  # fmt: skip
        file.write_text(f'[[servers]]\nname = "A"\nclient_id = "c"\n{wrong}\n')
        with pytest.raises(ValueError, match=r"iss|connect|write"):
            read_servers(file)
    file.write_text("")
    with pytest.raises(ValueError, match="servers"):
        read_servers(file)

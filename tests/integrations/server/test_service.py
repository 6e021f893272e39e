"""The service in front of the interpretation: what it lets in, what it tells, what it logs and records."""

import json
import logging
import re

import pytest
from fastapi.testclient import TestClient

from b12labs.integrations.server import Settings, create_app
from b12labs.integrations.server.settings import Client, Records, RequestLimits
from tests.integrations.cds_hooks.requests import (
    LOW,
    NORMAL,
    bundle,
    check_card,
    medication,
    observation,
    ordering,
    patient_view,
)
from tests.integrations.server.test_auth import ISSUER, KEYS

JSON = {"content-type": "application/json"}
ALL = ("/interpret", "/v1/interpret", "/cds-services/b12-patient-view", "/cds-services/b12-patient-view/feedback")


@pytest.fixture
def client():
    with TestClient(create_app(Settings(demo=True)), raise_server_exceptions=False) as client:
        yield client


def call(client, service, request, **more):
    return client.post(f"/cds-services/{service}", content=json.dumps(request), headers=JSON, **more)


def test_the_reference_client_gets_its_cards_and_sends_back_what_was_done_with_them(client):
    assert len(client.get("/cds-services", headers={"accept": "application/json+fhir"}).json()["services"]) == 3
    (card,) = call(client, "b12-patient-view", patient_view(*LOW)).json()["cards"]
    check_card(card)
    assert call(client, "b12-order-select", ordering("order-select", LOW, medication("Folic acid"))).json()["cards"]
    assert call(client, "b12-order-sign", ordering("order-sign", LOW, medication("Folic acid"))).json()["cards"]
    accepted = {
        "card": card["uuid"],
        "outcome": "accepted",
        "acceptedSuggestions": [{"id": card["suggestions"][0]["uuid"]}],
    }
    reason = {"reason": card["overrideReasons"][0], "userComment": "she takes it already"}
    overridden = {
        "card": card["uuid"],
        "outcome": "overridden",
        "overrideReason": reason,
        "outcomeTimestamp": "2026-11-20T09:00:00Z",
    }
    answered = client.post(ALL[3], content=json.dumps({"feedback": [accepted, overridden]}), headers=JSON)
    assert answered.status_code == 200


def test_feedback_reaches_the_host_without_the_comment():
    told = []
    with TestClient(create_app(Settings(demo=True), feedback=told.append)) as client:
        card = call(client, "b12-patient-view", patient_view(*LOW)).json()["cards"][0]
        item = {
            "card": card["uuid"],
            "outcome": "overridden",
            "overrideReason": {"reason": card["overrideReasons"][0], "userComment": "Canary"},
        }
        odd = {"card": card["uuid"], "outcome": "overridden", "overrideReason": {"reason": {"code": "Canary"}}}
        client.post(ALL[3], content=json.dumps({"feedback": [item, odd]}), headers=JSON)
    same = {"service": "b12-patient-view", "card": card["uuid"], "outcome": "overridden"}
    assert told == [{**same, "reason": "action-completed"}, {**same, "reason": "other"}]


@pytest.mark.parametrize(
    ("sent", "status", "where"),
    [
        ({}, 400, "feedback"),
        ([], 400, "feedback"),
        ({"feedback": [5]}, 400, "feedback[0]"),
        ({"feedback": [{"card": "Canary", "outcome": "accepted"}]}, 400, "feedback[0].card"),
        (
            {"feedback": [{"card": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "outcome": "ignored"}]},
            400,
            "feedback[0].outcome",
        ),
        ({"feedback": [{}] * 1001}, 413, "feedback"),
    ],
)
def test_malformed_feedback_is_refused_by_the_member_that_is(client, sent, status, where):
    answered = client.post(ALL[3], content=json.dumps(sent), headers=JSON)
    assert (answered.status_code, answered.json()["issue"][0]["expression"]) == (status, [where])
    assert "Canary" not in answered.text


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/json; charset=utf-8", "content-encoding": "gzip"}, 415),
        ({"content-type": "application/json", "content-length": "99999999"}, 413),
        ({"content-type": "application/json", "content-length": "9" * 5000}, 413),
        ({"content-type": "application/json", "content-length": "-5"}, 413),
    ],
)
def test_a_body_of_another_kind_or_too_long_is_not_read(client, path, headers, status):
    answered = client.post(path, content=b"{}", headers=headers)
    assert answered.status_code == status
    assert answered.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/fhir+json", "application/json+fhir"]
)
def test_json_by_any_of_its_names_is_read(client, kind):
    assert client.post("/interpret", content=b"{}", headers={"content-type": kind}).status_code == 200


def test_a_body_is_counted_also_where_its_length_is_not_declared():
    with TestClient(create_app(Settings(demo=True, limits=RequestLimits(body_bytes=1000)))) as client:
        parts = (b" " * 400 for _ in range(4))
        assert client.post("/interpret", content=parts, headers=JSON).status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("GET", "/interpret", 405), ("POST", "/cds-services/none", 404)],
)
def test_a_path_or_method_that_does_not_exist_is_refused_with_an_outcome(client, method, path, status):
    answered = client.request(
        method, path, content=json.dumps(patient_view()) if method == "POST" else None, headers=JSON
    )
    assert answered.status_code == status
    assert answered.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("path", ["/cds-services", *ALL])
def test_no_cache_keeps_an_answer(client, path):
    answered = client.get(path) if path == "/cds-services" else client.post(path, content=b"{}", headers=JSON)
    assert answered.headers["cache-control"] == "no-store"
    assert answered.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/page/page.css", "/health", "/nothing", "/openapi.json", "/vocabulary"]
)
def test_every_page_and_answer_has_the_headers_that_browsers_and_caches_obey(client, path):
    answered = client.get(path)
    assert answered.headers["cache-control"] == "no-store"
    assert answered.headers["x-content-type-options"] == "nosniff"
    assert answered.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["/", "/health", "/ready", "/cds-services", "/nothing", "/interpret"])
def test_head_is_answered_as_get_without_a_body(client, path):
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("path", ["/cds-services/", "/health/", "/interpret/", "/health//", "/docs/"])
def test_nobody_is_sent_elsewhere(client, path):
    answered = client.get(path, headers={"host": "attacker.example.org"}, follow_redirects=False)
    assert answered.status_code in (404, 405)
    assert "location" not in answered.headers


def test_the_documentation_is_served_where_it_is_asked_for(tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(KEYS))
    clients = [Client(issuer=ISSUER, jwks=tmp_path / "keys.json", audience=["a"])]
    for docs, status in ((False, 404), (True, 200)):
        client = TestClient(create_app(Settings(clients=clients, docs=docs)))
        for path in ("/docs", "/openapi.json", "/vocabulary"):
            assert client.get(path).status_code == status
    assert client.get("/redoc").status_code == 404
    assert client.get("/").status_code == 404


# Browsers

EHR = "https://ehr.example.org"
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization, content-type"}


@pytest.mark.parametrize("path", ["/cds-services", *ALL])
def test_a_browser_of_a_listed_origin_may_call_every_path(path):
    with TestClient(create_app(Settings(demo=True, origins=(EHR,)))) as client:
        asked = client.options(path, headers={"origin": EHR, **PREFLIGHT})
        assert asked.status_code == 200
        assert asked.headers["access-control-allow-origin"] == EHR
        assert "Origin" in asked.headers["vary"]
        assert "access-control-allow-credentials" not in asked.headers
        refused = client.options(path, headers={"origin": "https://elsewhere.example.org", **PREFLIGHT})
        assert "access-control-allow-origin" not in refused.headers
        answered = client.request(
            "GET" if path == "/cds-services" else "POST", path, headers={"origin": EHR, **JSON}, content=b"{}"
        )
        assert answered.headers["access-control-allow-origin"] == EHR
        assert "Origin" in answered.headers["vary"]


def test_no_browser_may_call_unless_its_origin_is_listed(client):
    for method in ("GET", "OPTIONS"):
        answered = client.request(method, "/cds-services", headers={"origin": EHR, **PREFLIGHT})
        assert not [name for name in answered.headers if name.startswith("access-control")]


# Records of decisions


def recorded(request, **records):
    made = []
    with TestClient(create_app(Settings(demo=True, records=Records(**records)), decisions=made.append)) as client:
        assert call(client, "b12-patient-view", request).status_code == 200
    return made


def test_a_record_says_what_was_decided_by_which_rules_and_limits_and_nothing_of_the_patient():
    (record,) = recorded(patient_view(*LOW))
    assert record["service"] == "b12-patient-view"
    assert (record["status"], record["guideline"], record["measured"]) == (
        "deficient",
        "nice-ng239",
        ["b12", "hemoglobin", "mcv", "mma"],
    )
    low = (
        record["rules"]["low_total_b12"] if "low_total_b12" in record["rules"] else next(iter(record["rules"].values()))
    )
    assert set(low) == {"state", "because"}
    because = [entry for rule in record["rules"].values() for entry in rule["because"] if entry.get("analyte") == "b12"]
    assert {
        "analyte": "b12",
        "relation": "below",
        "limit": "180 ng/L",
        "source": "nice-ng239",
        "checked": "secondary",
    } in because
    text = json.dumps(record)
    assert not any(told in text for told in ("145", "0.62", "p1", "Observation", "2026-11-03", "Canaryname", "1957"))
    assert len(record["configuration"]) == 16


def test_a_record_has_the_rules_that_held_and_the_codes_of_those_left_open():
    """A rule that is in neither did not hold: it is of the version that the record names."""
    (record,) = recorded(patient_view(*LOW))
    assert {"low_total_b12", "b12_deficiency"} <= record["rules"].keys()
    assert all(rule["state"] is True for rule in record["rules"].values())
    assert record["open_rules"]
    assert not set(record["open_rules"]) & record["rules"].keys()
    assert "low_holotc" in record["open_rules"]
    assert "adequate_b12" not in {*record["rules"], *record["open_rules"]}


def test_a_record_has_values_and_references_where_the_host_wants_them():
    (record,) = recorded(patient_view(*LOW), values=True, references=True)
    assert record["results"]["b12"] == {"low": 145.0, "high": 145.0, "unit": "pg/mL"}
    assert record["sources"]["b12"] == "Observation/b12-2026-11-03"


def test_the_record_of_the_same_request_is_the_same():
    assert json.dumps(recorded(patient_view(*LOW))) == json.dumps(recorded(patient_view(*LOW)))


# Logs


def canaries():
    """Return requests, good and refused, on every path, with a canary in every place that may hold patient data."""
    odd = observation("b12", 145, "pg/mL", note=[{"text": "Canary"}], identifier=[{"value": "Canary"}])
    odd["id"] = "Canary-1"
    odd["valueQuantity"] = {"value": 145, "unit": "Canary"}
    view = patient_view(odd, observation("mma", 0.62, "umol/L"), fhirAuthorization={"access_token": "Canary"})
    view["prefetch"]["patient"]["id"] = view["context"]["patientId"] = "Canary-p1"
    for entry in view["prefetch"]["results"]["entry"]:
        entry["resource"]["subject"]["reference"] = "Patient/Canary-p1"
    view["prefetch"]["conditions"] = bundle(
        {"resourceType": "Condition", "subject": {"reference": "Patient/Canary-p1"}, "code": {"text": "Canary"}}
    )
    wrong = {**view, "context": {**view["context"], "patientId": "Canary-p2"}}
    sign = ordering("order-sign", NORMAL, medication("Canary folic acid", note=[{"text": "Canary"}]))
    comment = {"card": "Canary", "outcome": "overridden", "overrideReason": {"userComment": "Canary"}}
    good = {**comment, "card": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"}
    panel = {
        "b12": "145 Canary",
        "age": "Canary",
        "sex": "Canary",
        "symptoms": ["Canary"],
        "Canary": 1,
        "folate": {"value": 1, "Canary": 2},
    }
    return [
        ("/cds-services/b12-patient-view", view),
        ("/cds-services/b12-patient-view", wrong),
        ("/cds-services/b12-patient-view", {"Canary": 1, "hook": "Canary"}),
        ("/cds-services/b12-patient-view", {**view, "prefetch": {"patient": {"resourceType": "Canary"}}}),
        ("/cds-services/b12-order-sign", sign),
        ("/cds-services/Canary", view),
        ("/Canary?patient=Canary", view),
        ("/interpret?name=Canary", panel),
        ("/interpret", {**panel, "guideline": "Canary"}),
        ("/interpret", ["Canary"]),
        ("/interpret", '{"Canary": 1, "Canary": 2'),
        ("/interpret", '{"Canary-1": 1, "Canary-1": 2}'),
        ("/cds-services/b12-order-sign/feedback", {"feedback": [comment]}),
        ("/cds-services/b12-order-sign/feedback", {"feedback": [good]}),
    ]


def told(where):
    return [line for line in where.lower().splitlines() if "canary" in line]


def test_no_log_of_any_library_holds_what_was_sent(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    # The test's own client logs what it calls.
    for name in ("httpx", "httpx2", "httpcore", "httpcore2"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    records = []

    def fails(record):
        records.append(record)
        raise ValueError(f"Canary {record}")

    seen = set()
    for sink in (records.append, fails):
        with TestClient(create_app(Settings(demo=True), decisions=sink), raise_server_exceptions=False) as client:
            for path, body in canaries():
                content = body if isinstance(body, str) else json.dumps(body)
                seen.add(
                    client.post(path, content=content, headers={**JSON, "authorization": "Bearer Canary"}).status_code
                )
    assert seen == {200, 400, 404, 412, 422, 500}
    assert re.search(r"request [0-9a-f]{32}: POST /cds-services/\{service\}, 200", caplog.text)
    assert "failed: ValueError at fails:" in caplog.text
    assert told(caplog.text) == []
    assert told("".join(capfd.readouterr())) == []
    assert told(json.dumps(records)) == []


@pytest.mark.parametrize(("path", "body"), canaries())
def test_a_refusal_repeats_nothing_that_was_sent(client, path, body):
    answered = client.post(path, content=body if isinstance(body, str) else json.dumps(body), headers=JSON)
    if answered.status_code >= 400:
        assert told(answered.text) == []

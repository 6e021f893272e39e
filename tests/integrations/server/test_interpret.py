"""POST /interpret: a panel as JSON, its interpretation as JSON."""

import json

import pytest
from fastapi.testclient import TestClient

import b12labs
from b12labs.integrations.server import Settings, create_app

PANEL = {
    "b12": "145 pg/mL",
    "mma": {"value": "0.62", "unit": "umol/L"},
    "hemoglobin": "10.4 g/dL",
    "mcv": "112 fL",
    "age": 67,
    "sex": "female",
    "symptoms": ["ataxia"],
    "medicines": ["metformin"],
}


@pytest.fixture(scope="module")
def client():
    with TestClient(create_app(Settings(demo=True))) as client:
        yield client


def post(client, body, path="/interpret"):
    return client.post(
        path,
        content=body if isinstance(body, bytes) else json.dumps(body),
        headers={"content-type": "application/json"},
    )


def test_a_panel_over_http_is_interpreted_as_in_python(client):
    answered = post(client, {**PANEL, "guideline": "aafp-2025", "formulary": "us", "unreported_context": "unknown"})
    expected = b12labs.interpret(**PANEL, guideline="aafp-2025", formulary="us", unreported_context="unknown")
    assert answered.status_code == 200
    assert answered.text == expected.to_json()


def test_the_lines_for_the_note_are_answered_where_they_are_asked_for(client):
    answered = post(client, {**PANEL, "answer": "note"})
    assert answered.json() == {"note": b12labs.interpret(**PANEL).to_text("note")}
    refused = post(client, {**PANEL, "answer": "notes"})
    assert refused.status_code == 422
    assert "did you mean 'note'" in refused.text


def test_a_value_that_cannot_be_read_is_reported_and_the_rest_interpreted(client):
    result = post(client, {**PANEL, "folate": 12, "b13": "145 pg/mL"}).json()
    assert result["status"] == "deficient"
    assert {(problem["code"], problem["field"]) for problem in result["problems"]} == {
        ("missing_unit", "folate"),
        ("unknown_field", "b13"),
    }


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        (b"{", 400, None),
        ([PANEL], 422, None),
        ("145 pg/mL", 422, None),
        ({"guideline": "no-such"}, 422, "guideline"),
        ({"guideline": "/etc/own.toml"}, 422, "guideline"),
        ({"guideline": ["nice-ng239"]}, 422, "guideline"),
        ({"formulary": "fr"}, 422, "formulary"),
        ({"units": ["pg/mL"]}, 422, "units"),
        ({"symptoms": ["secret"] * 500}, 422, None),
        ({f"secret{place}": 1 for place in range(500)}, 422, None),
    ],
)
def test_what_is_no_panel_is_refused_by_an_outcome_that_repeats_nothing_given(client, body, status, where):
    answered = post(client, body)
    assert answered.status_code == status
    issue = answered.json()["issue"][0]
    assert answered.json()["resourceType"] == "OperationOutcome"
    assert issue.get("expression") == ([where] if where else None)
    assert not any(given in answered.text for given in ("no-such", "/etc", "secret"))


@pytest.mark.parametrize("body", [PANEL, {**PANEL, "folate": 12, "guideline": "nhg"}, {}])
def test_the_first_version_of_the_path_answers_what_holds_and_everything_where_it_is_asked_for(client, body):
    values = {name: value for name, value in body.items() if name != "guideline"}
    expected = b12labs.interpret(**values, guideline=body.get("guideline", "nice-ng239"), errors="report")
    for query in ("", "?detail=holds"):
        assert post(client, body, f"/v1/interpret{query}").text == expected.to_json(detail="holds")
    assert post(client, body, "/v1/interpret?detail=full").text == expected.to_json()


@pytest.mark.parametrize("query", ["detail=Full", "detail=secret", "detail=", "detail=full&detail=holds"])
def test_another_detail_is_refused_by_its_name(client, query):
    answered = post(client, PANEL, f"/v1/interpret?{query}")
    assert (answered.status_code, answered.json()["issue"][0]["expression"]) == (422, ["detail"])
    assert "secret" not in answered.text


def test_a_service_is_healthy_and_ready(client):
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json()["guideline"] == "nice-ng239"

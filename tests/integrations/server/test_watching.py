"""How the service tells of itself: ready, metrics, log, request ids; and nothing of a patient in any of them."""

import json
import re
import sys

import pytest

from tests.integrations.cds_hooks.requests import LOW, observation, patient_view
from tests.integrations.server.serving import serving
from tests.integrations.server.test_service import canaries, told

METRICS = "metrics = true\n"
ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    pytest.importorskip("prometheus_client")
    with serving(tmp_path_factory.mktemp("watched"), METRICS, "--log-format", "json", demo=True) as running:
        yield running


def counted(running, name, /, **labels):
    """Return the value of a metric."""
    text = running.call("GET", "/metrics")[2].decode()
    found = [
        float(line.rpartition(" ")[2])
        for line in text.splitlines()
        if re.match(rf"{name}(\{{|\s)", line) and all(f'{key}="{value}"' in line for key, value in labels.items())
    ]
    return sum(found)


# Ready


def test_ready_tells_the_version_and_the_guideline(service):
    status, _, body = service.call("GET", "/ready")
    assert status == 200
    assert json.loads(body)["guideline"] == "nice-ng239"


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_service_whose_records_cannot_be_written_is_not_ready_and_says_why_its_calls_fail(tmp_path):
    pytest.importorskip("prometheus_client")
    with serving(tmp_path, METRICS + "[records]\nfile = '/dev/full'\n") as service:
        status, _, body = service.call("GET", "/ready")
        assert status == 503
        assert json.loads(body)["issue"][0]["diagnostics"] == "not ready: records"
        assert counted(service, "b12labs_ready", part="records") == 0
        assert counted(service, "b12labs_ready", part="rules") == 1
        status, _, body = service.signed("POST", "/interpret", {"b12": "145 pg/mL"})
        assert (status, json.loads(body)["issue"][0]["diagnostics"]) == (
            503,
            "the decision cannot be recorded, so it is not given",
        )
        assert service.call("GET", "/health")[0] == 200


def test_a_service_that_cannot_remember_tokens_is_not_ready(tmp_path):
    with serving(tmp_path, "used_tokens = 'used.sqlite'\n") as service:
        assert service.call("GET", "/ready")[0] == 200
        base = tmp_path / "used.sqlite"
        import sqlite3
        import time

        with sqlite3.connect(base) as held:
            held.execute("DROP TABLE used")
            held.execute("DROP TABLE held")
        time.sleep(1.1)
        status, _, body = service.call("GET", "/ready")
        assert (status, json.loads(body)["issue"][0]["diagnostics"]) == (503, "not ready: used tokens")
        assert service.signed("POST", "/interpret", {"b12": "145 pg/mL"})[0] == 503


# Request ids


@pytest.mark.parametrize("sent", [ID, "01234567-89ab-cdef-0123-456789abcdef"])
def test_the_request_id_of_a_proxy_comes_back_and_is_in_the_log(service, sent):
    assert service.call("GET", "/health", x_request_id=sent)[1]["x-request-id"] == sent
    assert sent in service.logged(sent)


@pytest.mark.parametrize("sent", ["", "MRN7654321", "7654321", "Canary", ID + "0", "a" * 5000])
def test_an_id_that_may_name_a_patient_is_not_repeated(service, sent):
    own = service.call("GET", "/health", x_request_id=sent)[1]["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", own)
    assert not sent or sent not in service.log.read_text(encoding="utf-8")


# Metrics


def test_requests_cards_decisions_refusals_and_what_was_not_read_are_counted(service):
    before = {
        name: counted(service, name)
        for name in ("b12labs_cards_total", "b12labs_decisions_total", "b12labs_unread_total", "b12labs_refusals_total")
    }
    odd = observation("mma", 0.62, "furlongs")
    service.call("POST", "/cds-services/b12-patient-view", patient_view(*LOW, odd))
    service.call("POST", "/interpret", {"b12": "145 pg/mL", "folate": "much"})
    service.call("POST", "/interpret", "[")
    assert counted(service, "b12labs_cards_total", service="b12-patient-view") > before["b12labs_cards_total"]
    assert counted(service, "b12labs_decisions_total") > before["b12labs_decisions_total"]
    assert counted(service, "b12labs_unread_total", problem="unreadable_value") >= 1
    assert counted(service, "b12labs_unread_total", service="b12-patient-view") >= 1
    assert counted(service, "b12labs_refusals_total", kind="structure") >= 1
    assert counted(service, "b12labs_requests_total", route="/interpret", status="200") >= 1
    assert counted(service, "b12labs_request_seconds_count", route="/interpret") >= 2


def test_a_connection_that_is_cut_off_is_counted(service):
    before = counted(service, "b12labs_refusals_total", kind="too-long")
    with service.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nx: " + b"a" * 50_000)
        assert connection.recv(1000).startswith(b"HTTP/1.1 431")
    assert counted(service, "b12labs_refusals_total", kind="too-long") == before + 1


# Log


def test_every_line_of_the_json_log_is_one_object_and_a_request_has_its_parts(service):
    service.call("POST", "/interpret", {"b12": "145 pg/mL"}, x_request_id=ID[::-1])
    lines = [json.loads(line) for line in service.logged(ID[::-1]).splitlines() if line[:1] == "{"]
    (line,) = [line for line in lines if line.get("request") == ID[::-1]]
    assert (line["route"], line["status"], line["method"]) == ("/interpret", 200, "POST")
    assert line["ms"] > 0


def test_nothing_that_was_sent_is_in_a_log_a_metric_or_a_record(tmp_path):
    pytest.importorskip("prometheus_client")
    settings = METRICS + "[records]\nfile = 'decisions.ndjson'\n"
    with serving(tmp_path, settings, "--log-format", "json", demo=True) as service:
        seen = set()
        for path, body in canaries():
            headers = {"authorization": "Bearer Canary", "x_request_id": "Canary", "cookie": "Canary"}
            seen.add(service.call("POST", path, body, **headers)[0])
        assert {200, 400, 404, 412, 422} <= seen
        metrics = service.call("GET", "/metrics")[2].decode()
    assert told(metrics) == []
    assert told(service.log.read_text(encoding="utf-8")) == []
    assert told((tmp_path / "decisions.ndjson").read_text(encoding="utf-8")) == []

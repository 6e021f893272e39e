"""Several processes are one service: one set of used tokens, of records and of limits, whichever of them is killed."""

import json
import os
import signal
import time

import pytest

from b12labs import cli
from tests.integrations.cds_hooks.requests import LOW, patient_view
from tests.integrations.server.serving import AUDIENCE, serving
from tests.integrations.server.test_auth import ISSUER, KEYS, token
from tests.integrations.server.test_service import canaries, told

SETTINGS = """
used_tokens = "used.sqlite"
metrics = true
[records]
file = "decisions.ndjson"
"""
TWO = ("--workers", "2", "--log-format", "json")


pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    pytest.importorskip("prometheus_client")
    return tmp_path_factory.mktemp("workers")


@pytest.fixture(scope="module")
def service(folder):
    with serving(folder, SETTINGS, *TWO) as running:
        until = time.monotonic() + 60
        while len(running.processes()) < 2 and time.monotonic() < until:
            time.sleep(0.1)
        yield running


def interpret(service, given, **options):
    return service.call("POST", "/interpret", {"b12": "145 pg/mL"}, authorization=f"Bearer {given}", **options)[0]


def test_two_processes_serve_and_a_token_is_used_once_by_either(service):
    assert len(service.processes()) == 2
    once = token(aud=AUDIENCE)
    assert [interpret(service, once) for _ in range(20)] == [200] + [401] * 19


def test_every_answer_of_either_is_a_whole_line_of_one_file(service, folder):
    ids, answering = [], set()
    while len(answering) < 2 and len(ids) < 2_000:  # the system chooses which of them takes a connection
        ids += (more := [f"{number:032x}" for number in range(len(ids), len(ids) + 50)])
        assert {interpret(service, token(aud=AUDIENCE), x_request_id=each) for each in more} == {200}
        logged = [json.loads(line) for line in service.logged(ids[-1]).splitlines() if line[:1] == "{"]
        answering = {line["process"] for line in logged if line.get("request") in ids}
    assert len(answering) == 2
    lines = [json.loads(line) for line in (folder / "decisions.ndjson").read_text(encoding="utf-8").splitlines()]
    assert set(ids) <= {line["request"] for line in lines}


def test_metrics_are_of_all_processes(service):
    text = service.call("GET", "/metrics")[2].decode()
    asked = {service.call("GET", "/metrics")[2].decode().count("b12labs_ready") for _ in range(10)}
    assert len(asked) == 1
    assert 'b12labs_requests_total{method="POST",route="/interpret",status="200"}' in text


def test_nothing_that_was_sent_is_in_the_logs_metrics_or_records_of_any_process(service, folder):
    for path, body in canaries() * 2:
        given = token(aud=AUDIENCE, sub="Canary")
        service.call("POST", path, body, authorization=f"Bearer {given}", x_request_id="Canary")
    assert told(service.log.read_text(encoding="utf-8")) == []
    assert told(service.call("GET", "/metrics")[2].decode()) == []
    assert told((folder / "decisions.ndjson").read_text(encoding="utf-8")) == []


def test_a_worker_that_is_killed_is_replaced_and_its_tokens_stay_used(service):
    once = token(aud=AUDIENCE)
    assert interpret(service, once) == 200
    killed = service.processes()[0]
    os.kill(killed, signal.SIGKILL)
    until = time.monotonic() + 60
    while (killed in service.processes() or len(service.processes()) < 2) and time.monotonic() < until:
        time.sleep(0.1)
    for _ in range(10):
        assert interpret(service, once) == 401
        assert service.signed("POST", "/cds-services/b12-patient-view", patient_view(*LOW))[0] == 200


def test_a_restart_lets_no_used_token_in(tmp_path):
    once = token(aud=AUDIENCE)
    for expected in (200, 401):
        with serving(tmp_path, 'used_tokens = "used.sqlite"\n') as running:
            assert interpret(running, once) == expected


def test_workers_that_could_not_share_used_tokens_are_not_started(tmp_path, capsys):
    (tmp_path / "keys.json").write_text(json.dumps(KEYS), encoding="utf-8")
    settings = f"[[clients]]\nissuer = '{ISSUER}'\njwks = 'keys.json'\naudience = ['a']\n"
    (tmp_path / "b12.toml").write_text(settings, encoding="utf-8")
    assert cli.main(["serve", "--config", str(tmp_path / "b12.toml"), "--workers", "2"]) == 2
    assert 'used_tokens = "used-tokens.sqlite"' in capsys.readouterr().err


def test_there_is_at_least_one_worker(capsys):
    assert cli.main(["serve", "--demo", "--workers", "0"]) == 2
    assert "--workers: expected 1 or more, got 0" in capsys.readouterr().err

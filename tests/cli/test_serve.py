"""`b12labs serve` as a process of its own, over HTTP."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from b12labs import interpret
from tests.integrations.cds_hooks.requests import LOW, check_card, medication, ordering, patient_view
from tests.integrations.server.test_auth import EC, ISSUER, KEYS, URL, token
from tests.integrations.server.test_service import canaries, told

#: How long any answer may take, however hostile the request.
LONGEST = 5
PATHS = ("/interpret", "/cds-services/b12-patient-view", "/cds-services/b12-patient-view/feedback", "/v1/interpret")


class Service:
    def __init__(self, folder, *options):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.output = folder / "output.txt"
        with self.output.open("wb") as output:
            command = [sys.executable, "-m", "b12labs", "serve", "--port", str(self.port), *options]
            self.process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONDEVMODE": ""}
            )
        until = time.monotonic() + 30
        while True:
            try:
                assert self.call("GET", "/ready")[0] == 200
                return
            except OSError:
                assert self.process.poll() is None, self.output.read_text()
                assert time.monotonic() < until
                time.sleep(0.05)

    def call(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(method, path, content, {"Content-Type": "application/json", **headers})
            answered = connection.getresponse()
            return answered.status, answered.read()
        finally:
            connection.close()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        return self.output.read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=["1", "2"], ids=["one process", "two"])
def demo(request, tmp_path_factory):
    service = Service(tmp_path_factory.mktemp("demo"), "--demo", "--workers", request.param)
    yield service
    service.stop()


def test_the_demo_answers_every_path(demo):
    status, body = demo.call("POST", "/interpret", {"b12": "145 pg/mL", "age": 67})
    assert (status, json.loads(body)["status"]) == (200, "deficient")
    assert demo.call("GET", "/health")[0] == 200
    compact = demo.call("POST", "/v1/interpret", {"b12": "145 pg/mL", "age": 67})[1]
    whole = demo.call("POST", "/v1/interpret?detail=full", {"b12": "145 pg/mL", "age": 67})[1]
    assert compact.decode() == interpret(b12="145 pg/mL", age=67).to_json(detail="holds")
    assert whole == body
    assert len(json.loads(demo.call("GET", "/cds-services")[1])["services"]) == 3
    for service, request in (
        ("b12-patient-view", patient_view(*LOW)),
        ("b12-order-sign", ordering("order-sign", LOW, medication("Folic acid"))),
    ):
        status, body = demo.call("POST", f"/cds-services/{service}", request)
        assert status == 200
        for card in json.loads(body)["cards"]:
            check_card(card)
    document = json.loads(demo.call("GET", "/openapi.json")[1])
    assert "/interpret" in document["paths"]
    assert demo.call("GET", "/docs")[0] == 200


def test_the_demo_says_that_it_has_no_authentication(demo):
    assert "Demo, without authentication, on this machine only" in demo.output.read_text(encoding="utf-8")


#: Numbers that would take minutes or much memory, each of which spoils its own value.
NUMBERS = {"a far exponent": b"1E9999999", "a far exponent downwards": b"1E-9999999", "many digits": b"9" * 5000}
HOSTILE = {
    "NaN": b'{"b12": NaN}',
    "Infinity": b'{"b12": -Infinity}',
    "a member twice": b'{"b12": 1, "b12": 2}',
    "half a character": b'{"b12": "\\ud800"}',
    "no UTF-8": b'{"b12": "\xff"}',
    "UTF-16": '{"b12": 1}'.encode("utf-16"),
    "deep arrays": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "nothing": b"",
    "no JSON": b"b12=145",
    "NUL": b'{"b12": "145\x00 pg/mL"}',
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_refused_at_once(demo, path, name):
    status, body = demo.call("POST", path, HOSTILE[name])
    assert status == 400
    assert json.loads(body)["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_cannot_be_read_spoils_only_its_own_value(demo, name):
    status, body = demo.call("POST", "/interpret", b'{"mma": ' + NUMBERS[name] + b', "b12": "145 pg/mL"}')
    told = json.loads(body)
    assert (status, told["status"]) == (200, "deficient")
    assert [problem["field"] for problem in told["problems"]] == ["mma"]


FLOODS = {
    "names": ("/interpret", {f"name{place}": "1" for place in range(50_000)}, 422),
    "words": ("/interpret", {"symptoms": ["nonsense"] * 50_000}, 422),
    "words in one text": ("/interpret", {"symptoms": "a;" * 500_000}, 422),
    "one long word": ("/interpret", {"symptoms": "a" * 1_000_000}, 200),
    "one long value": ("/interpret", {"b12": "1" * 1_000_000}, 200),
    "one long name": ("/interpret", {"b" * 1_000_000: "1"}, 200),
    "many digits in a text": ("/interpret", {"b12": "9" * 100_000 + " pg/mL"}, 200),
    "a far exponent in a text": ("/interpret", {"b12": "1e9999999 pg/mL"}, 200),
    "resources": (PATHS[1], patient_view(*[{"resourceType": "Basic"}] * 6000), 413),
    "orders": ("/cds-services/b12-order-sign", ordering("order-sign", LOW, *[medication("Folic acid")] * 600), 413),
    "long texts of orders": (
        "/cds-services/b12-order-sign",
        ordering("order-sign", LOW, *[medication("x y " * 1000)] * 400),
        200,
    ),
    "results that are none": (PATHS[1], patient_view(*[LOW[0]] * 3000), 200),
    "feedback": (PATHS[2], {"feedback": [{}] * 100_000}, 413),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_refused_or_answered_in_time(demo, name):
    path, request, expected = FLOODS[name]
    status, body = demo.call("POST", path, request)
    assert status == expected, body[:300]


def raw(service, *parts, wait=0.0):
    with socket.create_connection(("127.0.0.1", service.port), timeout=LONGEST) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(wait)
        return connection.recv(65536).partition(b"\r\n")[0].decode()


HEAD = b"POST /interpret HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ((HEAD + b"Content-Length: 3000000\r\n\r\n",), "413"),
        ((HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n",), "4"),
        (
            (
                HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
                b"10000\r\n" + b" " * 65536 + b"\r\n" + b"1ffff0\r\n" + b" " * 2097136 + b"\r\n0\r\n\r\n",
            ),
            "413",
        ),
        ((HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00",), "415"),
        ((b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",), "400"),
    ],
)
def test_a_body_that_is_too_long_or_no_http_is_refused(demo, sent, status):
    assert raw(demo, *sent).split(" ")[1].startswith(status)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "jwks.json").write_text(json.dumps(KEYS), encoding="utf-8")
    (folder / "b12.toml").write_text(
        f'url = "{URL}"\n[[clients]]\nissuer = "{ISSUER}"\njwks = "jwks.json"\n[limits]\nread_seconds = '
        f'0.5\n[records]\nfile = "decisions.jsonl"\n',
        encoding="utf-8",
    )
    service = Service(folder, "--config", str(folder / "b12.toml"))
    service.folder = folder
    yield service
    if service.process.poll() is None:
        service.stop()


def bearer(path):
    return {"Authorization": f"Bearer {token(EC, aud=URL + path)}"}


def test_a_body_that_comes_too_slowly_is_given_up(guarded):
    head = HEAD + f"Authorization: Bearer {token(aud=URL + '/interpret')}\r\nContent-Length: 100\r\n\r\n".encode()
    assert raw(guarded, head, b"{", wait=0.1).split(" ")[1] == "408"


def test_a_process_tells_and_keeps_nothing_of_what_was_sent(guarded):
    seen = []
    for path, body in canaries():
        content = body.encode() if isinstance(body, str) else body
        seen.append(guarded.call("POST", path, content, **bearer(path.partition("?")[0]))[0])
        guarded.call("POST", path, content, Authorization="Bearer Canary")
    assert {200, 400, 404, 412, 422} <= set(seen)
    guarded.call("GET", "/cds-services?Canary", Canary="Canary")
    raw(guarded, b"Canary Canary\r\n\r\n")
    output = guarded.stop()
    assert "POST /interpret, 200" in output
    assert told(output) == []
    records = Path(guarded.folder / "decisions.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["service"] for line in records.splitlines()] == [
        "b12-patient-view",
        "b12-order-sign",
        "interpret",
    ]
    assert told(records) == []

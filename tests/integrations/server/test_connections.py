"""Nothing that a stranger sends grows or stalls the service: every attack over real connections, without a token."""

import contextlib
import http.client
import json
import time

import pytest

from tests.integrations.server.serving import ended, serving

LIMITS = "[limits]\nread_seconds = 2\nsilent_seconds = 1.5\nconnections = 60\n"


@pytest.fixture(scope="module", params=[1, pytest.param(2, marks=pytest.mark.long)], ids=["one process", "two workers"])
def service(request, tmp_path_factory):
    """Serve in one process, and in two that share the limits."""
    used, workers = "used_tokens = 'used.sqlite'\n", ("--workers", str(request.param))
    with serving(tmp_path_factory.mktemp("service"), used + LIMITS, *workers) as running:
        yield running


def pour(connection, beginning, part, megabytes):
    """Send a beginning and then parts without end; return the megabytes that the service let in, and its answer."""
    sent = 0
    with contextlib.suppress(OSError):
        connection.sendall(beginning)
        while sent < megabytes * 1e6:
            connection.sendall(part)
            sent += len(part)
    connection.settimeout(3)
    with contextlib.suppress(OSError):
        return sent / 1e6, connection.recv(4096)
    return sent / 1e6, b""


ENDLESS = {
    "many headers": (b"GET /health HTTP/1.1\r\n", b"x-a: " + b"a" * 1000 + b"\r\n"),
    "one header": (b"GET /health HTTP/1.1\r\nx-a: ", b"a" * 65536),
    "the name of a header": (b"GET /health HTTP/1.1\r\n", b"a" * 65536),
    "an address": (b"GET /", b"a" * 65536),
    "empty lines": (b"", b"\r\n" * 4096),
    "trailers": (
        b"POST /interpret HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        b"x-a: " + b"a" * 500 + b"\r\n",
    ),
    "the extension of a chunk": (b"POST /interpret HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a" * 65536),
    "requests in a row": (b"", b"GET /health HTTP/1.1\r\n\r\n" * 400),
    "a body": (b"POST /interpret HTTP/1.1\r\nContent-Length: 400000000\r\n\r\n", b"a" * 65536),
    "a body in parts": (b"POST /interpret HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 8000),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_three_hundred_megabytes_without_a_token_leave_no_memory_behind(service, kind):
    before, began = service.resident(), time.monotonic()
    with service.connect() as connection:
        pour(connection, *ENDLESS[kind], megabytes=300)
    assert time.monotonic() - began < 10
    assert service.resident() - before < 25
    assert service.call("GET", "/health")[0] == 200


def test_headers_that_are_too_long_are_told_so(service):
    with service.connect() as connection:
        headers = b"x-a: " + b"a" * 30_000 + b"\r\nx-b: " + b"a" * 3000
        _, said = pour(connection, b"GET /health HTTP/1.1\r\n" + headers, b"", 0)
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert b"cache-control: no-store" in head
    assert b"x-content-type-options: nosniff" in head
    assert json.loads(body)["issue"][0]["code"] == "too-long"


def test_headers_of_an_ordinary_proxy_with_a_long_token_are_read(service):
    headers = {"authorization": "Bearer " + "a" * 8000, "cookie": "b" * 8000, "x-forwarded-for": "192.0.2.1"}
    assert service.call("GET", "/health", **headers)[0] == 200


def test_what_is_no_http_is_refused_with_an_outcome_that_no_cache_keeps(service):
    with service.connect() as connection:
        _, said = pour(connection, b"HELLO\r\n\r\n", b"", 0)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"OperationOutcome" in said
    assert b"cache-control: no-store" in said


def test_while_500_silent_connections_stand_every_call_is_answered(service):
    silent = [service.connect() for _ in range(500)]
    try:
        for _ in range(20):
            began = time.monotonic()
            assert service.call("GET", "/health")[0] == 200
            assert service.signed("POST", "/interpret", {"b12": "145 pg/mL"})[0] == 200
            assert time.monotonic() - began < 1
    finally:
        for connection in silent:
            connection.close()


@pytest.mark.parametrize("said", [b"", b"G", b"GET /health HTTP/1.1\r\nx-a: b\r\n"])
def test_a_connection_that_does_not_go_on_is_closed_within_seconds(service, said):
    with service.connect() as connection:
        connection.sendall(said)
        assert ended(connection, 5)


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET /health HTTP/1.1\r\nx-a: ",
        b"POST /interpret HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
    ],
)
def test_a_request_that_arrives_a_byte_at_a_time_is_closed_by_its_first_byte(service, beginning):
    """`read_seconds` is counted from the first byte, however often another one comes."""
    began = time.monotonic()
    with service.connect() as connection, contextlib.suppress(ConnectionError):
        connection.sendall(beginning)
        while time.monotonic() - began < 8:
            connection.sendall(b"a")
            time.sleep(0.1)
    assert 1.5 < time.monotonic() - began < 5


def test_an_answer_that_is_not_taken_does_not_hold_its_connection(tmp_path):
    with serving(tmp_path, LIMITS, demo=True) as service, service.connect(timeout=0.5) as connection:
        ask = b"GET /vocabulary HTTP/1.1\r\nHost: a\r\n\r\n"
        with contextlib.suppress(OSError):
            for _ in range(200):
                connection.sendall(ask)
                time.sleep(0.02)
        time.sleep(4)  # and nothing is read: what waits in between is cut off
        read = 0
        with contextlib.suppress(OSError):
            while part := connection.recv(1 << 20):
                read += len(part)
        assert read < 200 * 76_000 / 2
        assert ended(connection, 1)


def test_slow_bodies_do_not_keep_others_waiting(service):
    slow = [service.connect() for _ in range(100)]
    head = b"POST /interpret HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    try:
        for connection in slow:
            connection.sendall(head)
        assert service.call("GET", "/health")[0] == 200
        assert service.signed("POST", "/interpret", {"b12": "145 pg/mL"})[0] == 200
    finally:
        for connection in slow:
            connection.close()


def test_calls_on_one_connection_after_another_are_answered_as_before(service):
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=5)
    with contextlib.closing(connection):
        for number in range(50):
            connection.request("POST", "/nothing", "x" * 5000 * (number % 2))
            answered = connection.getresponse()
            assert (answered.status, answered.will_close) == (404, False)
            answered.read()

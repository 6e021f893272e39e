"""nginx with the shipped configuration in front of the service: TLS, limits, what outside may not see, real calls."""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from tests.integrations.cds_hooks.requests import LOW, patient_view
from tests.integrations.server.serving import AUDIENCE, serving
from tests.integrations.server.test_auth import token

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
MISSING = [tool for tool in ("nginx", "openssl") if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING) and os.environ.get("CI") != "true", reason=f"{', '.join(MISSING)}: not installed here"
)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def nginx(folder, *services, rate="200r/s"):
    """Run nginx with the shipped configuration, of which only names of machines, port and files are others."""
    port, tls = free_port(), folder / "tls"
    tls.mkdir()
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=cds.example.org"]
    command += ["-addext", "subjectAltName=DNS:cds.example.org"]
    command += ["-keyout", tls / "privkey.pem", "-out", tls / "fullchain.pem"]
    subprocess.run(command, check=True, capture_output=True)
    text = CONFIGURATION.read_text(encoding="utf-8")
    servers = "\n".join(f"    server 127.0.0.1:{service.port};" for service in services)
    for before, after in (
        ("    server b12labs:8080;", servers),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/nginx/tls", str(tls)),
        ("rate=200r/s", f"rate={rate}"),
        ("/dev/stdout", str(folder / "access.log")),
        ("/dev/stderr", str(folder / "error.log")),
    ):
        assert before in text
        text = text.replace(before, after)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ {places} include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-p", folder])
    try:
        for _ in range(100):
            assert process.poll() is None, (folder / "error.log").read_text()
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.1)
        yield Front(port, folder)
    finally:
        process.terminate()
        process.wait(20)


class Front:
    def __init__(self, port, folder):
        self.port, self.folder = port, folder
        self.context = ssl.create_default_context(cafile=folder / "tls" / "fullchain.pem")

    def connect(self):
        return self.context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), 10), server_hostname=HOST)

    def call(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        connection.sock = self.connect()
        try:
            sent = body if body is None or isinstance(body, str) else json.dumps(body)
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, sent, {"content-type": "application/json", **given})
            answered = connection.getresponse()
            return answered.status, dict(answered.getheaders()), answered.read()
        finally:
            connection.close()


HOST = "cds.example.org"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    settings = "used_tokens = 'used.sqlite'\ndocs = true\n"
    with serving(tmp_path_factory.mktemp("service"), settings, "--workers", "2", "--log-format", "json") as running:
        yield running


@pytest.fixture(scope="module")
def front(tmp_path_factory, service):
    with nginx(tmp_path_factory.mktemp("nginx"), service) as running:
        yield running


def signed(front, path, body, given=None):
    return front.call("POST", path, body, authorization=f"Bearer {given or token(aud=AUDIENCE)}")


def test_a_real_call_goes_through_with_its_card_and_its_request_id(front, service):
    status, headers, body = signed(front, "/cds-services/b12-patient-view", patient_view(*LOW))
    assert status == 200
    assert json.loads(body)["cards"]
    assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])
    assert headers["x-request-id"] in service.logged(headers["x-request-id"])
    time.sleep(0.5)
    assert headers["x-request-id"] in (front.folder / "access.log").read_text(encoding="utf-8")
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["cache-control"] == "no-store"


def test_a_call_without_a_token_is_refused_by_the_service(front):
    assert front.call("POST", "/interpret", {"b12": "145 pg/mL"})[0] == 401


@pytest.mark.parametrize("path", ["/metrics", "/ready", "/docs", "/openapi.json", "/vocabulary", "/page/page.css"])
def test_what_is_not_for_outside_is_not_there(front, service, path):
    assert front.call("GET", path)[0] == 404
    assert path == "/metrics" or service.call("GET", path)[0] == 200


def test_nothing_but_tls_is_spoken_and_no_old_version_of_it(front):
    with socket.create_connection(("127.0.0.1", front.port), 10) as plain:
        plain.sendall(b"GET /health HTTP/1.1\r\nHost: cds.example.org\r\n\r\n")
        assert plain.recv(1000).startswith(b"HTTP/1.1 400 ")
    old = ["openssl", "s_client", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-connect", f"127.0.0.1:{front.port}"]
    assert subprocess.run(old, check=False, stdin=subprocess.DEVNULL, capture_output=True, timeout=20).returncode != 0
    with front.connect() as connection:
        assert connection.version() == "TLSv1.3"


def test_headers_and_bodies_that_are_too_long_do_not_reach_the_service(front):
    assert front.call("GET", "/health", x="a" * 20_000)[0] == 400
    assert signed(front, "/interpret", "x" * 2_200_000)[0] == 413


def test_no_address_or_query_is_in_the_access_log(front):
    front.call("GET", "/health?patient=Canary")
    front.call("GET", "/Canary")
    assert "Canary" not in (front.folder / "access.log").read_text(encoding="utf-8")
    assert "Canary" not in (front.folder / "error.log").read_text(encoding="utf-8")


def test_an_address_that_asks_too_often_is_told_to_wait(tmp_path, service):
    with nginx(tmp_path, service, rate="1r/s") as front:
        seen = [front.call("GET", "/health")[0] for _ in range(260)]
    assert seen[0] == 200
    assert 429 in seen


@pytest.mark.long
def test_of_two_machines_every_writing_of_a_token_goes_to_the_one_that_knows_it(tmp_path):
    """Only the payload is signed as it is written: blanks, and the last bits of the signature, can be changed."""
    folders = [tmp_path / name for name in ("one", "other", "nginx")]
    for folder in folders:
        folder.mkdir()
    with serving(folders[0]) as one, serving(folders[1]) as other, nginx(folders[2], one, other) as front:
        for _ in range(20):
            given = token(aud=AUDIENCE)
            assert signed(front, "/interpret", {"b12": "145 pg/mL"}, given)[0] == 200
            for again in (given, f" {given}", f"  {given}  "):
                assert signed(front, "/interpret", {"b12": "145 pg/mL"}, again)[0] == 401
        time.sleep(1)  # a line of the log is written after its answer
        used = [each.log.read_text(encoding="utf-8").count("/interpret, 200") for each in (one, other)]
    assert sum(used) == 20
    assert min(used) > 0

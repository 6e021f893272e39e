"""The service as it is run: a process of its own on a free port of this machine, spoken to over real connections."""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.integrations.server.test_auth import ISSUER, KEYS, token

AUDIENCE = "https://cds.example.org"


@dataclass
class Service:
    port: int
    process: subprocess.Popen
    log: Path

    def connect(self, timeout=10):
        """Return a connection that has said nothing yet."""
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def call(self, method, path, body=None, timeout=10, **headers):
        """Return the status, the headers and the body of an answer, by a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            sent = body if body is None or isinstance(body, bytes | str) else json.dumps(body)
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, sent, {"content-type": "application/json", **given})
            answered = connection.getresponse()
            return answered.status, dict(answered.getheaders()), answered.read()
        finally:
            connection.close()

    def signed(self, method, path, body=None, **options):
        """Call with a token of its own."""
        return self.call(method, path, body, authorization=f"Bearer {token(aud=AUDIENCE)}", **options)

    def logged(self, text):
        """Return the log once it has a text: a line is written after its answer."""
        until = time.monotonic() + 10
        while text not in (log := self.log.read_text(encoding="utf-8")) and time.monotonic() < until:
            time.sleep(0.05)
        return log

    def processes(self):
        """Return the processes that serve: this one, or its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        workers = [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
        return workers or [self.process.pid]

    def resident(self):
        """Return the resident memory of all that serve, in MB."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.processes())
        return pages * 4096 / 1e6


@contextlib.contextmanager
def serving(folder, settings="", *options, demo=False):
    """Serve with a settings file, of one client unless it names its own, or the demo, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "keys.json").write_text(json.dumps(KEYS), encoding="utf-8")
    client = f"[[clients]]\nissuer = '{ISSUER}'\njwks = 'keys.json'\naudience = ['{AUDIENCE}']\n"
    alone = demo or "[[clients]]" in settings
    (folder / "b12.toml").write_text(settings + ("" if alone else "\n" + client), encoding="utf-8")
    log = folder / "log.txt"
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "b12labs", "serve", "--config", str(folder / "b12.toml"), "--port", str(port)]
            + ["--demo"] * demo
            + list(options),
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    service = Service(port, process, log)
    try:
        for _ in range(300):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            with contextlib.suppress(OSError, http.client.HTTPException):
                service.call("GET", "/health", timeout=2)
                break
            time.sleep(0.1)
        yield service
    finally:
        process.terminate()
        process.wait(20)


def ended(connection, within):
    """Tell whether the other side ends a connection within some seconds, whatever it says before."""
    connection.settimeout(within)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True

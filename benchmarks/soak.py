"""Run the service at full speed for minutes, with two workers, and kill one of them every half minute.

Errors may occur only on connections that were cut, no token may be accepted twice, and every answered request must be
in the decision records. Run as `make soak`, or `python -m benchmarks.soak --seconds 120`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

ISSUER, AUDIENCE = "https://ehr.example.org/fhir", "https://cds.example.org"
KEY = ec.generate_private_key(ec.SECP384R1())
SETTINGS = f"""
used_tokens = "used.sqlite"
[[clients]]
issuer = "{ISSUER}"
jwks = "keys.json"
audience = ["{AUDIENCE}"]
[limits]
tokens = 1000000
[records]
file = "decisions.ndjson"
file_bytes = 20000000
"""
TESTS = ("2132-9", "pg/mL", 145), ("718-7", "g/dL", 10.1), ("787-2", "fL", 104), ("13964-2", "umol/L", 0.62)


def token() -> str:
    """Return a new token."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 60, "jti": str(uuid.uuid4())}
    return jwt.encode(claims, KEY, "ES384", headers={"kid": "soak"})


def patient_view(observations: int) -> bytes:
    """Return a call of patient-view with this number of results."""

    def result(number: int) -> dict[str, Any]:
        code, unit, value = TESTS[number % len(TESTS)]
        return {
            "resourceType": "Observation",
            "id": f"o{number}",
            "status": "final",
            "subject": {"reference": "Patient/p"},
            "effectiveDateTime": f"2026-{1 + number // 28 % 12:02}-{1 + number % 28:02}T08:00:00Z",
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": unit},
        }

    entries = [{"resource": result(number)} for number in range(observations)]
    empty = {"resourceType": "Bundle", "type": "searchset"}
    call = {
        "hook": "patient-view",
        "hookInstance": str(uuid.uuid4()),
        "context": {"patientId": "p", "userId": "Practitioner/1"},
        "prefetch": {
            "patient": {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1957-03-21"},
            "results": {**empty, "entry": entries},
            **dict.fromkeys(("blood", "medications", "conditions"), empty),
        },
    }
    return json.dumps(call).encode()


CALLS = (("/cds-services/b12-patient-view", patient_view(65)), ("/interpret", b'{"b12": "145 pg/mL", "age": 67}'))


class Client(threading.Thread):
    """Calls without a pause, on one connection until it is cut."""

    def __init__(self, port: int, until: float) -> None:
        super().__init__()
        self._port, self._until = port, until
        self.answered: list[str] = []
        self.seconds: list[float] = []
        self.used: list[str] = []
        self.cut, self.replayed = 0, 0
        self.wrong: list[str] = []

    def run(self) -> None:
        connection = self._connection()
        while time.monotonic() < self._until:
            again = bool(self.used) and random.random() < 0.1
            given = random.choice(self.used[-2000:]) if again else token()
            own, (path, body) = uuid.uuid4().hex, random.choice(CALLS)
            headers = {"authorization": f"Bearer {given}", "content-type": "application/json", "x-request-id": own}
            began = time.monotonic()
            try:
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                told = answer.read()
            except (OSError, http.client.HTTPException):
                self.cut += 1
                connection.close()
                connection = self._connection()
                continue
            if again:
                self.replayed += 1
                if answer.status != 401:
                    self.wrong.append(f"a used token was answered {answer.status}")
            elif answer.status == 200:
                self.seconds.append(time.monotonic() - began)
                self.answered.append(own)
                self.used.append(given)
            else:
                self.wrong.append(f"{answer.status} {told[:200]!r}")
        connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)


def children(pid: int) -> list[int]:
    """Return the workers of a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [int(child) for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def resident(pids: list[int]) -> float:
    """Return the resident memory of processes, in MB."""
    pages = 0
    for pid in pids:
        try:
            pages += int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
        except (OSError, IndexError):
            continue
    return pages * 4096 / 1e6


def soak(folder: Path, seconds: float, clients: int, every: float) -> int:
    """Run the service and its clients, and return the number of faults."""
    jwk = {**jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "soak", "alg": "ES384"}
    (folder / "keys.json").write_text(json.dumps({"keys": [jwk]}), encoding="utf-8")
    (folder / "b12.toml").write_text(SETTINGS, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--config", str(folder / "b12.toml"), "--port", str(port), "--workers", "2", "--log-format", "json"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "b12labs", "serve", *options], stdout=log, stderr=log)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.2)
        until = time.monotonic() + seconds
        threads = [Client(port, until) for _ in range(clients)]
        for thread in threads:
            thread.start()
        kills, memory = 0, []
        next_kill = time.monotonic() + every
        while time.monotonic() < until:
            time.sleep(1)
            memory.append(resident(children(process.pid)))
            if time.monotonic() > next_kill and children(process.pid):
                os.kill(random.choice(children(process.pid)), signal.SIGKILL)
                kills, next_kill = kills + 1, time.monotonic() + every
        for thread in threads:
            thread.join()
    finally:
        process.terminate()
        process.wait(30)
    return report(folder, threads, seconds, kills, memory)


def report(folder: Path, threads: list[Client], seconds: float, kills: int, memory: list[float]) -> int:
    """Print the measurements, and return the number of faults."""
    lines = [line for path in folder.glob("decisions*.ndjson") for line in path.read_bytes().splitlines()]
    recorded = {json.loads(line)["request"] for line in lines}
    answered = [own for thread in threads for own in thread.answered]
    taken = [took for thread in threads for took in thread.seconds]
    missing = len(set(answered) - recorded)
    wrong = [what for thread in threads for what in thread.wrong]
    cut, replayed = sum(thread.cut for thread in threads), sum(thread.replayed for thread in threads)
    times = statistics.quantiles(taken, n=100)
    print(f"{len(answered):,} answered in {seconds:g} s ({len(answered) / seconds:.0f}/s), {kills} workers killed")
    print(f"p50 {times[49] * 1000:.1f} ms, p99 {times[98] * 1000:.1f} ms, worst {max(taken) * 1000:.0f} ms")
    print(f"connections cut: {cut}; used tokens sent again: {replayed}; other than expected: {len(wrong)} {wrong[:3]}")
    print(f"records: {len(lines):,} whole lines; answered and not recorded: {missing}")
    first, last = memory[min(10, len(memory) - 1)], memory[-1]
    print(f"resident memory of both workers: {first:.0f} MB at first, {last:.0f} MB at last")
    return len(wrong) + missing


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--every", type=float, default=30, help="seconds between two kills")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return min(soak(Path(folder), options.seconds, options.clients, options.every), 1)


if __name__ == "__main__":
    sys.exit(main())

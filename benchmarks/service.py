"""Load `b12labs serve` on this machine.

It measures the interpretations per second of one process, the time of each, and the growth of its memory.

    python -m benchmarks.service [--seconds 600] [--clients 2] [--hook] [--path /v1/interpret]

Each client is a process with one open connection. It sends panels of `benchmarks.data` (with `--hook`, calls of
`b12-patient-view`) one after another, and counts answers other than 200. The exit code is 1 if there was any.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks import data, timing

#: Different requests that a client sends in turn.
REQUESTS = 200
LONGEST = 30


def main() -> int:
    """Run the load, and print the results."""
    parser = argparse.ArgumentParser(description="Load b12labs serve on this machine.")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--hook", action="store_true", help="call b12-patient-view rather than POST /interpret")
    parser.add_argument("--path", default="/interpret", help="such as /v1/interpret, which answers compactly")
    options = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = timing.b12labs("serve", "--demo", "--port", str(port))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            failed = _load(server.pid, port, options)
        finally:
            server.terminate()
    return int(failed > 0)


def _load(server: int, port: int, options: argparse.Namespace) -> int:
    """Run the clients, print their results, and return the number of failed requests."""
    sent = [_request(panel, options.path, hook=options.hook) for panel in data.patients(REQUESTS)]
    _client(port, sent, 2.0, None)  # fills caches
    before, memory = _processor(server), [_memory(server)]
    ends = [multiprocessing.Pipe(duplex=False) for _ in range(options.clients)]
    clients = [multiprocessing.Process(target=_client, args=(port, sent, options.seconds, end)) for _, end in ends]
    for client in clients:
        client.start()
    while not all(receiver.poll(1.0) for receiver, _ in ends):
        memory.append(_memory(server))
    answers = [receiver.recv() for receiver, _ in ends]
    took = sorted(seconds for each, _ in answers for seconds in each)
    failed: int = sum(errors for _, errors in answers)
    cuts = statistics.quantiles(took, n=100)
    print(
        f"{len(took)} requests in {options.seconds:g} s by {options.clients} clients: "
        f"{len(took) / options.seconds:.0f} a second, {failed} failed"
    )
    print(f"p50 {cuts[49] * 1000:.2f} ms, p99 {cuts[98] * 1000:.2f} ms, longest {took[-1] * 1000:.1f} ms")
    print(f"server: {(_processor(server) - before) / len(took) * 1000:.3f} ms of processor a request")
    print(f"memory: {memory[0]} MB at the start, {max(memory)} MB at most, {memory[-1]} MB at the end")
    return failed


def _request(row: dict[str, str | int], path: str, *, hook: bool) -> bytes:
    panel = data.as_values(row)
    body = json.dumps(panel).encode()
    if hook:
        path, body = "/cds-services/b12-patient-view", json.dumps(_patient_view(panel)).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
        f"{len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _patient_view(panel: dict[str, Any]) -> dict[str, Any]:
    """Return a panel as a call of the hook."""
    from b12labs.reference import analytes

    results = []
    for key, given in panel.items():
        if key in analytes() and analytes()[key].loinc and isinstance(given, str) and not given.startswith("<"):
            value, _, unit = given.partition(" ")
            results.append(
                {
                    "resource": {
                        "resourceType": "Observation",
                        "id": key,
                        "status": "final",
                        "subject": {"reference": "Patient/p1"},
                        "code": {"coding": [{"system": "http://loinc.org", "code": analytes()[key].loinc[0]}]},
                        "effectiveDateTime": "2026-11-03T08:30:00Z",
                        "valueQuantity": {
                            "value": float(value),
                            "unit": unit,
                            "system": "http://unitsofmeasure.org",
                            "code": unit,
                        },
                    }
                }
            )
    return {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"patientId": "p1", "userId": "Practitioner/1"},
        "prefetch": {
            "patient": {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1957-03-21"},
            "results": {"resourceType": "Bundle", "type": "searchset", "entry": results},
        },
    }


def _client(port: int, requests: list[bytes], seconds: float, end: Connection | None) -> None:
    """Send requests one after another. Send the seconds of each and the number of other answers than 200 to `end`."""
    took: list[float] = []
    errors, until = 0, time.perf_counter() + seconds
    with socket.create_connection(("127.0.0.1", port), timeout=LONGEST) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (began := time.perf_counter()) < until:
            connection.sendall(requests[len(took) % len(requests)])
            errors += not _answered(connection)
            took.append(time.perf_counter() - began)
    if end is not None:
        end.send((took, errors))


def _answered(connection: socket.socket) -> bool:
    """Read one answer, and return whether it was a 200."""
    read = connection.recv(1 << 20)
    while b"\r\n\r\n" not in read:
        read += connection.recv(1 << 20)
    head, _, body = read.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    left = length - len(body)
    while left > 0:
        left -= len(connection.recv(1 << 20))
    return head.startswith(b"HTTP/1.1 200")


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the service did not start")


def _processor(pid: int) -> float:
    """Return the seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    """Return the resident megabytes of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) // 1024


if __name__ == "__main__":
    raise SystemExit(main())

"""Run functions in forked processes, each with limits of time and memory."""

from __future__ import annotations

import json
import os
import resource
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: The most memory of a child, in bytes.
MOST_MEMORY = 4 << 30
#: Seconds of the clock for a second of computing: other work may share the machine.
CLOCK = 30
#: The result of a child that was ended or crashed.
NO_END = {"by": "no end, or a crash"}


@dataclass
class _Running:
    what: Any
    log: Path
    ends: float
    since: float
    computed: int = -1

    def is_still(self, process: int, most: float) -> bool:
        """Return whether a child has computed nothing for more than `most` seconds, so that it waits in vain."""
        computed = _computed(process)
        if computed is None or computed > self.computed:
            self.computed, self.since = computed or 0, time.monotonic()
        return time.monotonic() - self.since > most


def forked(
    jobs: Sequence[tuple[Any, Callable[[], Any], float | None]],
    workers: int,
    clock: float = CLOCK,
    still: float = float("inf"),
) -> Iterator[tuple[Any, Any]]:
    """Run jobs in children, `workers` at once, and yield the purpose and the result of each.

    A child that takes more than `clock` times its limit, or computes nothing for `still` seconds, is ended.
    """
    waiting, running = list(reversed(jobs)), dict[int, _Running]()
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            while waiting and len(running) < workers:
                what, run, limit = waiting.pop()
                log = Path(folder, str(len(waiting)))
                ends = time.monotonic() + clock * limit if limit else float("inf")
                running[_fork(run, log, limit)] = _Running(what, log, ends, time.monotonic())
            process = _ended(running, still)
            done = running.pop(process)
            yield done.what, json.loads(done.log.read_text(encoding="utf-8")) if done.log.exists() else NO_END


def _computed(process: int) -> int | None:
    """Return the computing time of a process in ticks, or None if the system does not report it."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[11]) + int(fields[12])


def _ended(running: dict[int, _Running], still: float) -> int:
    """Wait for a child to end, end a child that is too slow, and return its process."""
    while True:
        for process, child in running.items():
            if os.waitpid(process, os.WNOHANG)[0]:
                return process
            if time.monotonic() > child.ends or child.is_still(process, still):
                os.killpg(process, signal.SIGKILL)
                os.waitpid(process, 0)
                return process
        time.sleep(0.02)


def _fork(run: Callable[[], Any], log: Path, seconds: float | None = None) -> int:
    """Run a function in a child that writes its result to a file as JSON, and return the process."""
    process = os.fork()
    if process:
        return process
    os.setsid()
    null = os.open(f"{log}.out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(null, 1)
    os.dup2(null, 2)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    if seconds is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    try:
        log.write_text(json.dumps(run()), encoding="utf-8")
    except BaseException as error:  # a mutant may break anything, and the parent must be informed
        log.write_text(json.dumps({"error": repr(error)[:500]}), encoding="utf-8")
    finally:
        os._exit(0)

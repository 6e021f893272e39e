"""Tries mutants, each in a process forked from this one."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from mutants.child import fork, run_tests, try_mutant
from mutants.mutant import ROOT, Mutant
from mutants.record import Record, Recorder

#: A mutant may take so many times the time of its tests; then it runs for ever, which is noticed.
PATIENCE, LEAST_SECONDS = 4, 10
#: Seconds of the clock for a second of computing: other work may share the machine.
CLOCK = 30


@dataclass(frozen=True)
class Trial:
    """A mutant, and the test that killed it; none where it survives."""

    mutant: Mutant
    by: str | None


@dataclass
class _Running:
    what: Any
    log: Path
    ends: float


def tree_hash(*folders: str) -> str:
    """Return a hash of the files of folders."""
    found = hashlib.sha256()
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in {".py", ".toml", ".csv"}:
                found.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def recorded(files: Sequence[str], workers: int) -> Record:
    """Return what the tests of files enter; it is made once for a state of the code and of a file of tests."""
    state = tree_hash("src", "reference_ranges")
    kept = ROOT / ".cache/mutants"
    kept.mkdir(parents=True, exist_ok=True)
    missing = [file for file in files if not _kept(kept, file, state).exists()]
    jobs = [(file, partial(_record, file), None) for file in missing]
    for file, result in _forked(jobs, workers):
        if "error" in result:
            raise SystemExit(f"{file}: {result['error']}")
        _kept(kept, file, state).write_text(json.dumps(result), encoding="utf-8")
    record = Record({}, {}, [], [])
    for file in files:
        part = json.loads(_kept(kept, file, state).read_text(encoding="utf-8"))
        record.seconds.update(part["seconds"])
        record.shared.extend(part["shared"])
        record.failed.extend(part["failed"])
        for function, tests in part["entered"].items():
            record.entered.setdefault(function, []).extend(tests)
    if record.failed:
        raise SystemExit("These tests fail without any mutant:\n" + "\n".join(record.failed))
    return record


def _kept(folder: Path, file: str, state: str) -> Path:
    return folder / f"{hashlib.sha256(f'{state} {file}'.encode() + (ROOT / file).read_bytes()).hexdigest()[:24]}.json"


def _record(file: str) -> dict[str, Any]:
    recorder = Recorder()
    run_tests([file], recorder)
    return recorder.record()


def trials(chosen: Sequence[tuple[Mutant, list[str]]], seconds: dict[str, float], workers: int) -> Iterator[Trial]:
    """Try mutants with their tests."""
    jobs = []
    for mutant, tests in chosen:
        limit = LEAST_SECONDS + PATIENCE * sum(seconds[test] for test in tests)
        jobs.append((mutant, partial(_tried, mutant, tests), limit))
    for mutant, result in _forked(jobs, workers):
        if "error" in result:
            raise SystemExit(f"{mutant}\n{result['error']}")
        yield Trial(mutant, result["by"])


def _tried(mutant: Mutant, tests: Sequence[str]) -> dict[str, Any]:
    return {"by": next(iter(try_mutant(mutant, tests)), None)}


def _forked(jobs: Sequence[tuple[Any, Callable[[], Any], float | None]], workers: int) -> Iterator[tuple[Any, Any]]:
    """Run jobs in children, so many at once, and yield what each was for and what it says."""
    waiting, running = list(reversed(jobs)), dict[int, _Running]()
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            while waiting and len(running) < workers:
                what, run, limit = waiting.pop()
                log = Path(folder, str(len(waiting)))
                ends = time.monotonic() + CLOCK * limit if limit else float("inf")
                running[fork(run, log, limit)] = _Running(what, log, ends)
            process = _ended(running)
            done = running.pop(process)
            yield done.what, json.loads(done.log.read_text(encoding="utf-8")) if done.log.exists() else {"by": "time"}


def _ended(running: dict[int, _Running]) -> int:
    """Wait for a child; one that waits for ever is ended."""
    while True:
        for process, child in running.items():
            if os.waitpid(process, os.WNOHANG)[0]:
                return process
            if time.monotonic() > child.ends:
                os.killpg(process, signal.SIGKILL)
                os.waitpid(process, 0)
                return process
        time.sleep(0.02)

"""Try mutants, each in a process forked from this one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from mutants.child import run_tests, try_anew
from mutants.forking import forked
from mutants.mutant import ROOT, Mutant
from mutants.packages import PACKAGES
from mutants.ready import Job, try_all
from mutants.record import Record, Recorder

#: A mutant may take this many times the time of its tests. Beyond that it is taken as endless, and so as noticed.
PATIENCE, LEAST_SECONDS = 4, 10


@dataclass(frozen=True)
class Trial:
    """A mutant, and the test that killed it, or None if it survives."""

    mutant: Mutant
    by: str | None


def tree_hash(*folders: str) -> str:
    """Return a hash of the files in some folders."""
    found = hashlib.sha256()
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in {".py", ".toml", ".csv"}:
                found.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def recorded(files: Sequence[str], workers: int) -> Record:
    """Return the record of the tests in files, made once for each state of the code and of a file of tests."""
    state = tree_hash("src", "reference_ranges")
    kept = ROOT / ".cache/mutants"
    kept.mkdir(parents=True, exist_ok=True)
    missing = [file for file in files if not _kept(kept, file, state).exists()]
    jobs = [(file, partial(_record, file), None) for file in missing]
    for file, result in forked(jobs, workers):
        if "error" in result:
            raise SystemExit(f"{file}: {result['error']}")
        _kept(kept, file, state).write_text(json.dumps(result), encoding="utf-8")
    record = Record({}, {}, set(), [])
    for file in files:
        part = json.loads(_kept(kept, file, state).read_text(encoding="utf-8"))
        tests = list(part["seconds"])
        record.seconds.update(part["seconds"])
        record.shared.update(part["shared"])
        record.failed.extend(part["failed"])
        for function, places in part["entered"].items():
            record.entered.setdefault(function, []).extend(tests[place] for place in places)
    if record.failed:
        raise SystemExit("These tests fail without any mutant:\n" + "\n".join(record.failed))
    return record


def _kept(folder: Path, file: str, state: str) -> Path:
    return folder / f"{hashlib.sha256(f'{state} {file}'.encode() + (ROOT / file).read_bytes()).hexdigest()[:24]}.json"


def _record(file: str) -> dict[str, Any]:
    recorder = Recorder()
    run_tests([file], recorder)
    return recorder.record()


def trials(chosen: Mapping[str, Sequence[Mutant]], record: Record, workers: int) -> Iterator[Trial]:
    """Try the mutants of packages: those of functions in a ready process, then the others and survivors in new ones."""
    anew: list[Job] = []
    ready: list[tuple[list[Job], Callable[[], Any], None]] = []
    for package, mutants in chosen.items():
        jobs: list[Job] = []
        for mutant in mutants:
            tests = record.tests_of(mutant, PACKAGES[package].test_files())
            limit = LEAST_SECONDS + PATIENCE * sum(record.seconds[test] for test in tests)
            (jobs if record.is_alone(mutant) else anew).append((mutant, tests, limit))
        size = -(-len(jobs) // workers) or 1
        parts = [jobs[place : place + size] for place in range(0, len(jobs), size)]
        ready += [(part, partial(try_all, part), None) for part in parts]
    for jobs, result in forked(ready, workers):
        if "error" in result:
            raise SystemExit(result["error"])
        for job, by in zip(jobs, result, strict=True):
            if by:
                yield Trial(job[0], by)
            else:
                anew.append(job)
    work = [(mutant, partial(_tried, mutant, tests), limit) for mutant, tests, limit in anew]
    for mutant, result in forked(work, workers):
        if "error" in result:
            raise SystemExit(f"{mutant}\n{result['error']}")
        yield Trial(mutant, result["by"])


def _tried(mutant: Mutant, tests: Sequence[str]) -> dict[str, Any]:
    return {"by": try_anew(mutant, tests)}

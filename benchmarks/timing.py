"""Measure seconds so that two things can be compared.

They take turns on the same cores, and their medians are divided.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

CORES = 2
PROC = Path("/proc")


class UnavailableError(Exception):
    """A measurement lacks a package, a program or a system file, named in the message."""


def clock(job: Callable[[], object]) -> Callable[[], float]:
    """Return a job that returns its own seconds."""

    def timed() -> float:
        start = time.perf_counter()
        job()
        return time.perf_counter() - start

    return timed


def processor(job: Callable[[], object]) -> Callable[[], float]:
    """Return a job that returns the processor's seconds of all threads of this process."""

    def timed() -> float:
        start = time.process_time()
        job()
        return time.process_time() - start

    return timed


def interleaved(jobs: Mapping[str, Callable[[], float]], repeats: int) -> dict[str, list[float]]:
    """Return the results of every job, run by run.

    Jobs take turns, so that other work on the machine affects all of them. The first turn fills caches and is not
    counted, unless `repeats` is 1.
    """
    found: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(repeats + (repeats > 1)):
        for name, job in jobs.items():
            found[name].append(job())
        if repeats > 1 and not turn:
            found = {name: [] for name in jobs}
    return found


def ratio(found: Mapping[str, Sequence[float]], over: str, under: str) -> float:
    """Return the median of one job over the median of another."""
    return statistics.median(found[over]) / statistics.median(found[under])


def can_pin() -> bool:
    """Return whether this system lets a process choose its cores."""
    return hasattr(os, "sched_setaffinity")


def cores() -> list[int]:
    """Return the cores that this process may use, or all cores if the system does not say."""
    return sorted(os.sched_getaffinity(0)) if can_pin() else list(range(os.cpu_count() or 1))


@contextmanager
def on_cores(count: int) -> Iterator[None]:
    """Restrict processes started in this context to the first `count` of this thread's cores."""
    if not can_pin():
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run a command. Raises `RuntimeError` with its error output if it fails."""
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, env=environment
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-500:]}")


def cpu_seconds(command: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """Return the processor time, user and system, of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command, environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak_memory(command: Sequence[str], *, pause: float = 0.05) -> float:
    """Return the peak memory, in bytes, of a command and the processes that it starts.

    It is read from /proc while the command runs. The peak that `wait4` reports is not used: it includes the memory of
    the process that started the command.
    """
    if not (PROC / "self/smaps_rollup").exists():
        raise UnavailableError("peak memory is read from /proc/PID/smaps_rollup, which this system does not have")
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            held = sum(_kilobytes(PROC / f"{pid}/smaps_rollup", "Pss:") for pid in _tree(process.pid))
            most = max(most, held, _kilobytes(PROC / f"{process.pid}/status", "VmHWM:"))
            time.sleep(pause)
        said = process.stderr.read().decode() if process.stderr else ""
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said.strip()[-500:]}")
    return most * 1024


def _tree(pid: int) -> list[int]:
    """Return a process and all that it started."""
    found = [pid]
    for parent in found:
        for listed in (PROC / f"{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in listed.read_text().split()]
            except OSError:  # ended meanwhile
                continue
    return found


def _kilobytes(path: Path, key: str) -> int:
    try:
        lines = path.read_text().splitlines()
    except OSError:  # ended meanwhile
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(key)), 0)


def b12labs(*arguments: str | Path) -> list[str]:
    """Return the command line of b12labs, run by this Python."""
    return [sys.executable, "-m", "b12labs", *(str(argument) for argument in arguments)]

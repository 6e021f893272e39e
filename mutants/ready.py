"""A process that has imported the package and collected its tests, and forks for each mutated function.

Nothing is imported again, so that most mutants take no longer than the test that kills them. Only the effects of the
function itself are seen. Effects on import, or in a cache, need a process that imports everything again.
"""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from mutants.child import Chosen, put_in_place, run_tests
from mutants.forking import NO_END, forked
from mutants.mutant import ROOT, Mutant

#: Seconds of the clock for a second of computing, before a mutant is tried in a new process.
PATIENT = 6
#: Seconds in which a child that computes nothing waits for a thread of a test that ran before its fork.
STILL = 10
#: A mutant, its tests in order, and the seconds that it may take.
Job = tuple[Mutant, Sequence[str], float]


def try_all(jobs: Sequence[Job]) -> list[str | None]:
    """Try mutants of functions one after another, and return the failed test of each, or None."""
    ready = Ready(jobs)
    run_tests(list(dict.fromkeys(test.partition("::")[0] for _, tests, _ in jobs for test in tests)), ready)
    if len(ready.by) != len(jobs):
        raise RuntimeError(f"only {len(ready.by)} of {len(jobs)} mutants were tried: {ready.failed}")
    return ready.by


class Ready(Chosen):
    """A plugin of pytest that tries mutants instead of running the tests."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        super().__init__(list(dict.fromkeys(test for _, tests, _ in jobs for test in tests)))
        self.jobs, self.by = jobs, list[str | None]()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run one test of each file, to load the data that all tests read, and try the mutants."""
        for item in {item.path: item for item in reversed(session.items)}.values():
            runtestprotocol(item, log=False, nextitem=None)
        items = {item.nodeid: item for item in session.items}
        functions = _functions()
        gc.freeze()
        work = [
            (mutant, partial(_try, mutant, [items[test] for test in tests], functions), limit)
            for mutant, tests, limit in self.jobs
        ]
        for mutant, result in forked(work, 1, clock=PATIENT, still=STILL):
            if "error" in result:
                raise RuntimeError(f"{mutant}: {result['error']}")
            # A child may wait in vain for a thread of an earlier test: a mutant that does not end is tried again.
            by = None if result == NO_END else result["by"]
            if by is None:
                print(mutant, flush=True)  # so that it can be read while the others are tried
            self.by.append(by)
        return True


def _try(mutant: Mutant, items: Sequence[pytest.Item], functions: dict[Any, list[FunctionType]]) -> dict[str, Any]:
    if mutant.module in sys.modules:
        _replace(mutant, functions)
    else:
        put_in_place(mutant)
    for item in items:
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=None)):
            return {"by": item.nodeid}
    return {"by": None}


def _functions() -> dict[Any, list[FunctionType]]:
    """Return every function of the package by the place of its code."""
    found = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__module__ and each.__module__.startswith("b12labs"):
            found[_place(each.__code__)].append(each)
    return found


def _place(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _replace(mutant: Mutant, functions: dict[Any, list[FunctionType]]) -> None:
    """Give the live functions the mutated code."""
    module = mutant.made()
    assert isinstance(module, CodeType)
    for code in _within(module):
        if code.co_qualname == mutant.place.removesuffix("()"):
            for function in functions[str(ROOT / mutant.file), code.co_qualname, code.co_firstlineno]:
                function.__code__ = code


def _within(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _within(constant)

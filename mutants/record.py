"""The functions that each test enters, and its time: only tests that can notice a mutant are run."""

from __future__ import annotations

import ast
import sys
import threading
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from itertools import accumulate
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from mutants.child import Chosen
from mutants.mutant import ROOT, Mutant
from mutants.packages import BOOKKEEPING

SOURCE = f"{ROOT}/src/"
#: Seconds of computing, those of the record included; a test that takes longer is not run with a mutant.
SLOWEST = 1.5
#: Seconds of tests for each mutant, besides those of the witnesses. Tests that enter its module, and the quickest, come
#: first.
ENOUGH = 24


@dataclass(frozen=True)
class Record:
    """The seconds of each test, the tests that enter each function, and the functions shared by several tests.

    Work on import, or kept in a cache, is shared with the tests that follow.
    """

    seconds: dict[str, float]
    entered: dict[str, list[str]]
    shared: set[str]
    failed: list[str]

    def is_alone(self, mutant: Mutant) -> bool:
        """Return whether a mutant is noticed only by tests that enter its function."""
        function = f"{mutant.file}:{mutant.place}"
        return function in self.entered and function not in self.shared

    def tests_of(self, mutant: Mutant, files: Sequence[str]) -> list[str]:
        """Return the tests that can notice a mutant, in the order of their run.

        Tests that enter a function notice its code. Tests that enter a module notice a name with an underscore. Else,
        the witnesses of the file come first, then the tests that enter the module.
        """
        allowed = set(files)
        every = [test for test, took in self.seconds.items() if took < SLOWEST and test.partition("::")[0] in allowed]
        function = f"{mutant.file}:{mutant.place}"
        near = set(self.entered.get(function, ()))
        if near and function not in self.shared:
            every = [test for test in every if test in near]
        elif not near:
            near = {
                test for name, tests in self.entered.items() if name.startswith(f"{mutant.file}:") for test in tests
            }
        own = mutant.file.rpartition("/")[2].partition(".")[0]

        def order(test: str) -> tuple[bool, bool, float]:
            return not ("witness" in test and own in test), test not in near, self.seconds[test]

        every.sort(key=lambda test: (test not in near, self.seconds[test]))
        quick = bisect_right(list(accumulate(self.seconds[test] for test in every)), ENOUGH)
        return sorted(every[:quick] + [test for test in every[quick:] if "witness" in test], key=order)


class Recorder(Chosen):
    """A plugin of pytest that makes the record."""

    def __init__(self) -> None:
        super().__init__(())
        self.cached = {name for file in sorted((ROOT / "src").rglob("*.py")) for name in _cached(file)}
        self.names: dict[CodeType, str] = {}
        self.seen: set[CodeType] = set()
        self.seconds: dict[str, float] = {}
        self.entered: dict[str, list[str]] = defaultdict(list)
        self.shared: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep every test except those that compare changed code with lists."""
        items[:] = [item for item in items if not any(name in item.nodeid for name in BOOKKEEPING)]

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Iterator[None]:
        """Record the functions entered while files of tests are imported: all of their tests share them."""
        with self._noted():
            result = yield
        self.shared.update({self._name(code) for code in self.seen} - {""})
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Record the functions that a test and its fixtures enter."""
        _empty_bounded_caches()
        began = time.process_time()
        with self._noted():
            result = yield
        self.seconds[item.nodeid] = round(time.process_time() - began, 3)
        for name in {self._name(code) for code in self.seen} - {""}:
            self.entered[name].append(item.nodeid)
        return result

    @contextmanager
    def _noted(self) -> Iterator[None]:
        self.seen = set()
        threading.settrace(self._enter)
        sys.settrace(self._enter)
        try:
            yield
        finally:
            sys.settrace(None)
            threading.settrace(None)

    def _enter(self, frame: FrameType, event: str, argument: Any) -> None:  # noqa: ARG002 - the signature that sys.settrace calls
        """Record a function that is entered; lines are not followed."""
        code = frame.f_code
        if code in self.seen:
            return
        self.seen.add(code)
        name = self._name(code)
        above: FrameType | None = frame
        while name and above is not None and name not in self.shared:
            holder = self._name(above.f_code)
            if holder in self.cached or holder.endswith(":<module>()"):
                self.shared.add(name)
            above = above.f_back

    def _name(self, code: CodeType) -> str:
        """Return the file and the function of some code, as a mutant names them; empty outside the package."""
        if code not in self.names:
            inside = code.co_filename.startswith(SOURCE)
            function = code.co_qualname.partition(".<locals>")[0]
            self.names[code] = f"{code.co_filename.removeprefix(f'{ROOT}/')}:{function}()" if inside else ""
        return self.names[code]

    def record(self) -> dict[str, Any]:
        """Return the record, ready for JSON: tests by their place in `seconds`."""
        places = {test: place for place, test in enumerate(self.seconds)}
        return {
            "seconds": self.seconds,
            "entered": {name: [places[test] for test in tests] for name, tests in self.entered.items()},
            "shared": sorted(self.shared),
            "failed": self.failed,
        }


def _cached(file: Path) -> Iterator[str]:
    """Yield the functions of a file that cache their results without limit."""
    place = file.relative_to(ROOT).as_posix()

    def walk(node: ast.AST, within: str) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                yield from walk(child, f"{within}{child.name}.")
            elif isinstance(child, ast.FunctionDef) and {"cache", "cached_property"} & set(
                map(ast.unparse, child.decorator_list)
            ):
                yield f"{place}:{within}{child.name}()"

    yield from walk(ast.parse(file.read_text(encoding="utf-8")), "")


def _empty_bounded_caches() -> None:
    """Empty the bounded caches, so that each test enters all functions that it needs."""
    for name, module in list(sys.modules.items()):
        if name.startswith("b12labs"):
            for kept in vars(module).values():
                if isinstance(kept, _lru_cache_wrapper) and kept.cache_parameters()["maxsize"] is not None:
                    kept.cache_clear()

"""The work of a forked process: put the mutant in the place of the file, and run the tests."""

from __future__ import annotations

import importlib
import os
import sys
import tomllib
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from itertools import pairwise
from types import CodeType
from typing import Any

import pytest

from mutants.mutant import ROOT, Mutant

#: Imported once, before the first fork. b12labs itself is imported by each child, since rules are made on import.
HEAVY = (
    "hypothesis.strategies",
    "numpy",
    "pandas",
    "narwhals",
    "polars",
    "pyarrow.parquet",
    "pyarrow.csv",
    "pydantic.json_schema",
    "pint",
    "fastapi",
    "jsonschema_rs",
)
#: The files of the chosen tests hold other tests too. Plugins of the environment are not loaded.
OPTIONS = (
    "-q",
    "--no-header",
    "--tb=line",
    "-p",
    "no:cacheprovider",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)
#: The places at which the tests are divided into batches; most mutants are killed in the first batch.
BATCHES = (0, 6, 60, None)


def warm() -> None:
    """Import the modules that every child needs, and set the environment of its tests."""
    os.environ |= {"HYPOTHESIS_PROFILE": "mutants", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    sys.dont_write_bytecode = True
    for name in HEAVY:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    if any(name.partition(".")[0] == "b12labs" for name in sys.modules):
        raise RuntimeError("b12labs is imported already, so that a mutant cannot take its place")


class Chosen:
    """A plugin of pytest: the chosen tests in their order, and the one that failed."""

    def __init__(self, chosen: Sequence[str]) -> None:
        self.order = {test: place for place, test in enumerate(chosen)}
        self.failed: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the chosen tests, and those in place of one that is gone: its name may contain a mutated value."""
        gone = {_function(test) for test in self.order.keys() - {item.nodeid for item in items}}
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order or _function(item.nodeid) in gone),
            key=lambda item: self.order.get(item.nodeid, len(self.order)),
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember the first failure."""
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember a file of tests that cannot be imported."""
        if report.failed:
            self.failed.append(report.nodeid)


def _function(test: str) -> str:
    """Return the name of a test without its parameters."""
    return test.partition("[")[0]


def run_tests(files: Sequence[str], plugin: Chosen, *options: str) -> None:
    """Run the tests of files. The plugin holds those that fail."""
    code = int(pytest.main([*OPTIONS, *options, *files], plugins=[plugin]))
    if code not in {0, 1, 2}:
        raise RuntimeError(f"pytest ended with {code}")
    if code and not plugin.failed:
        plugin.failed.append("while the tests were collected")


def try_anew(mutant: Mutant, tests: Sequence[str]) -> str | None:
    """Put a mutant in its place before its module is imported, run tests, and return the first that fails."""
    put_in_place(mutant)
    for begin, end in pairwise(BATCHES):
        if batch := tests[begin:end]:
            plugin = Chosen(batch)
            run_tests(list(dict.fromkeys(test.partition("::")[0] for test in batch)), plugin, "-x")
            if plugin.failed:
                return plugin.failed[0]
    return None


def put_in_place(mutant: Mutant) -> None:
    """Arrange that the mutated module is imported, or the mutated numbers are read, instead of the file."""
    made = mutant.made()
    if isinstance(made, str):
        _read_instead((ROOT / mutant.file).read_text(encoding="utf-8"), made)
    else:
        sys.meta_path.insert(0, _Finder(mutant.module, str(ROOT / mutant.file), made))


def _read_instead(text: str, mutated: str) -> None:
    loads = tomllib.loads

    def changed(given: str, /, **options: Any) -> dict[str, Any]:
        return loads(mutated if given == text else given, **options)

    tomllib.loads = changed
    # Data that were made ready from the unchanged file would be taken instead of it.
    ready: Any = importlib.import_module("b12labs.reference.ready")
    ready._ready = dict


class _Finder(MetaPathFinder):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:  # noqa: ARG002 - the signature that Python calls
        if name != self.name:
            return None
        loader = _Loader(name, self.path)
        loader.code = self.code
        return spec_from_file_location(name, self.path, loader=loader)


class _Loader(SourceFileLoader):
    code: CodeType

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - the signature that Python calls
        return self.code

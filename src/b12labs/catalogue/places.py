"""Where a rule stands: the file of the rules in which it is written, and the tests that name it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from b12labs import rules
from b12labs.logic.language import Question, Truth, Verdict

__all__ = ["naming_tests", "rule_files"]


def rule_files(listed: Iterable[object]) -> dict[int, ModuleType]:
    """Return by a rule's identity the file that has it without importing it.

    Rules made in a loop are found in its tuples.
    """
    modules = [value for value in vars(rules).values() if inspect.ismodule(value)]
    imported = {module.__name__: _imported(module) for module in modules}
    own = [
        (module, value)
        for module in modules
        for name, value in vars(module).items()
        if name not in imported[module.__name__]
    ]
    homes: dict[int, ModuleType] = {}
    for module, value in own:
        if isinstance(value, Truth | Verdict | Question):
            homes.setdefault(id(value), module)
    for module, value in own:
        for rule in value if isinstance(value, tuple) else ():
            homes.setdefault(id(rule), module)
    return {id(rule): homes.get(id(rule), rules) for rule in listed}


def _imported(module: ModuleType) -> set[str]:
    tree = ast.parse(inspect.getsource(module))
    return {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def naming_tests(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return by name the tests that mention it as a whole string or as an attribute, as `file::function`.

    A table at the top of the file counts for the tests that use it. The tests are those of the source checkout; an
    installed package has none.
    """
    checkout = Path(__file__).resolve().parents[3]
    if folder is None and not (checkout / "pyproject.toml").is_file():
        return {}
    found: dict[str, list[str]] = {}
    for path in sorted((folder or checkout / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tables = {name: statement for statement in tree.body for name in _assigned(statement)}
        for function in tree.body:
            if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
                for name in _mentioned(function, tables):
                    found.setdefault(name, []).append(f"{path.name}::{function.name}")
    return {name: tuple(tests) for name, tests in found.items()}


def _assigned(statement: ast.stmt) -> Iterator[str]:
    targets = (
        statement.targets
        if isinstance(statement, ast.Assign)
        else [statement.target]
        if isinstance(statement, ast.AnnAssign)
        else []
    )
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id


def _mentioned(function: ast.stmt, tables: dict[str, ast.stmt]) -> set[str]:
    mentioned: set[str] = set()
    waiting, seen = [function], {id(function)}
    while waiting:
        for node in ast.walk(waiting.pop()):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                mentioned.add(node.value)
            elif isinstance(node, ast.Attribute):
                mentioned.add(node.attr)
            elif isinstance(node, ast.Name) and node.id in tables and id(tables[node.id]) not in seen:
                seen.add(id(tables[node.id]))
                waiting.append(tables[node.id])
    return mentioned

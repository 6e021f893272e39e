"""The file of the rules in which a rule is written, and the tests that assert it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from b12labs import rules
from b12labs.logic.language import Question, Truth, Verdict
from b12labs.reference import analytes

__all__ = ["asserting_tests", "rule_files"]

#: Tests of packages below the rules cannot assert a rule.
_BELOW = {"inputs", "limits", "logic", "reference"}
_OF_NEXT_TESTS = {"next_tests", "first_test"}


def rule_files(listed: Iterable[object]) -> dict[int, ModuleType]:
    """Return the file that defines each rule, by the rule's identity.

    Rules made in a loop are found in the tuples of the file.
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


def asserting_tests(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return the tests that assert each rule, by its code, as `file::function`.

    A test asserts a rule if one of its `assert` statements names the rule, or uses a table or a parameter that does.
    Inputs are ignored. The name of an analyte is used only beside `next_tests`, or if it is the first word of a row.
    The tests are those of the source checkout; an installed package has none.
    """
    checkout = Path(__file__).resolve().parents[3]
    if folder is None and not (checkout / "pyproject.toml").is_file():
        return {}
    found: dict[str, list[str]] = {}
    top = folder or checkout / "tests"
    for path in sorted(top.rglob("test_*.py")):
        if path.relative_to(top).parts[0] in _BELOW:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tables: dict[str, ast.AST] = {name: statement for statement in tree.body for name in _assigned(statement)}
        for function in tree.body:
            if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
                for name in _asserted(function, tables):
                    found.setdefault(name, []).append(f"{path.name}::{function.name}")
    return {name: tuple(tests) for name, tests in found.items()}


def _assigned(statement: ast.AST) -> Iterator[str]:
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


def _asserted(function: ast.FunctionDef, tables: dict[str, ast.AST]) -> set[str]:
    """Return the names in a test's asserts, and in the tables that the test runs over if it asserts anything."""
    tables = tables | {name: node for node in ast.walk(function) for name in _assigned(node)}
    asserts = [node for node in ast.walk(function) if isinstance(node, ast.Assert)]
    loops = [node.iter for node in ast.walk(function) if isinstance(node, ast.For | ast.comprehension)]
    asserted: set[str] = set()
    waiting: list[ast.AST] = [*asserts, *function.decorator_list, *loops] if asserts else []
    seen: set[str] = set()
    while waiting:
        root = waiting.pop()
        words, names = _words(root), {node.id for node in ast.walk(root) if isinstance(node, ast.Name)}
        asserted |= words if words & _OF_NEXT_TESTS else words - analytes().keys() | _first_of_rows(root)
        waiting += [tables[name] for name in names & tables.keys() - seen]
        seen |= names
    return asserted


def _first_of_rows(root: ast.AST) -> set[str]:
    """Return the first word of every row of a table: the code before the inputs."""
    rows = [node.elts[0] for node in ast.walk(root) if isinstance(node, ast.Tuple) and len(node.elts) > 1]
    return {first.value for first in rows if isinstance(first, ast.Constant) and isinstance(first.value, str)}


def _words(root: ast.AST) -> set[str]:
    """Return the strings and attributes of an expression, without inputs: keys, values and arguments by name."""
    words: set[str] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
        elif isinstance(node, ast.Attribute):
            words.add(node.attr)
        if not isinstance(node, ast.Dict | ast.keyword):
            waiting += ast.iter_child_nodes(node)
    return words

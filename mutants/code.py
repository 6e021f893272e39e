"""The mutants of a module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from types import CodeType

from mutants.mutant import ROOT, Mutant, told_apart
from mutants.operators import changes

#: Options of dataclasses, fields, caches and zip(): none of them changes an answer.
UNTOUCHED = {"frozen", "slots", "kw_only", "compare", "repr", "eq", "order", "hash", "init", "maxsize", "strict"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def code_mutants(file: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of the text."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    yield from told_apart(
        Mutant(file, place, ast.unparse(old), ast.unparse(new), old.lineno, partial(_compiled, tree, old, new, file))
        for place, old, new in _walk(tree, "module")
    )


def _compiled(tree: ast.Module, old: ast.expr, new: ast.expr, file: str) -> CodeType:
    _Replace(old, ast.copy_location(new, old)).visit(tree)
    return compile(ast.fix_missing_locations(tree), str(ROOT / file), "exec", dont_inherit=True)


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _walk(node: ast.AST, place: str) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """Yield the changes within a node, each with its function or assigned name."""
    yield from ((place, old, new) for old, new in changes(node))
    inside = _name_within(node, place)
    for child in _children(node):
        yield from _walk(child, inside)


def _name_within(node: ast.AST, place: str) -> str:
    """Return the place of the nodes within a node."""
    if isinstance(node, Definition) and not place.endswith("()"):
        name = node.name if place == "module" else f"{place}.{node.name}"
        return name if isinstance(node, ast.ClassDef) else f"{name}()"
    if place == "module" and isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if place == "module" and isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return place


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the children of a node, except types, decorators, errors, assertions and untouched options."""
    left_out: list[ast.AST | None] = []
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            left_out = [node.returns, *node.decorator_list]
        case ast.ClassDef():
            left_out = [*node.decorator_list]
        case ast.AnnAssign() | ast.arg():
            left_out = [node.annotation]
        case ast.FormattedValue():
            left_out = [node.format_spec]
        case ast.Subscript(slice=ast.Constant()):  # the index is changed with the whole subscript
            left_out = [node.slice]
        case ast.keyword() if node.arg in UNTOUCHED:
            return
        case ast.Raise() | ast.Assert() | ast.Subscript(value=ast.Name(id="Literal")):
            return
    yield from (child for child in ast.iter_child_nodes(node) if all(child is not other for other in left_out))

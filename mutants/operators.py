"""The changes of expressions: each is one that a person could have written by mistake."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeVar

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
#: These calls are replaced by their first argument: the defeater then also holds while it is unknown.
UNWRAPPED = {"certain"}

Node = TypeVar("Node", bound=ast.expr)


def changes(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield pairs of an expression directly at a node and its replacement."""
    match node:
        case ast.Compare():
            yield from ((node, changed) for changed in _comparisons(node))
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node, ast.BoolOp(other, node.values)
        case ast.BinOp() if type(node.op) in ARITHMETIC and not (_is_text(node) or _is_type(node)):
            yield node, ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            yield node, node.operand
        case ast.Subscript(slice=ast.Constant(value=int(place)) as index):
            yield index, ast.Constant(place - 1 if place else 1)
        case ast.Constant(value=bool()):
            yield node, ast.Constant(not node.value)
        case ast.Constant(value=int() | float()):
            assert isinstance(node.value, int | float)
            yield node, ast.Constant(node.value + 1)
            yield node, ast.Constant(node.value - 1)
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield node, ast.Call(ast.Name(CALLS[name], ast.Load()), node.args, node.keywords)
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in UNWRAPPED:
            yield node, first
        case ast.If() | ast.IfExp() | ast.While() if _is_plain(node.test):
            yield node.test, ast.UnaryOp(ast.Not(), node.test)
        case ast.comprehension():
            yield from ((test, ast.UnaryOp(ast.Not(), test)) for test in node.ifs if _is_plain(test))


def _comparisons(node: ast.Compare) -> Iterator[ast.Compare]:
    for place, op in enumerate(node.ops):
        other = COMPARISONS[type(op)]()
        yield ast.Compare(node.left, [*node.ops[:place], other, *node.ops[place + 1 :]], node.comparators)


def _is_plain(test: ast.expr) -> bool:
    """Whether a condition is not changed already by changing its comparison."""
    constant = isinstance(test, ast.Constant) or (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING")
    return not constant and not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp)


def _is_text(node: ast.BinOp) -> bool:
    """Whether texts or lists are joined, for which no other operator works."""
    sides = (node.left, node.right)
    return any(
        isinstance(side, ast.JoinedStr | ast.List | ast.Tuple)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in sides
    )


def _is_type(node: ast.BinOp) -> bool:
    """Whether types are joined: `X | None`, `int | float`."""
    if not isinstance(node.op, ast.BitOr):
        return False
    sides = (node.left, node.right)
    return any(
        (isinstance(side, ast.Constant) and side.value is None)
        or (
            isinstance(side, ast.Name) and (side.id[0].isupper() or side.id in {"str", "int", "float", "bool", "bytes"})
        )
        for side in sides
    )

"""A rule in words: `MCV > mcv_high`, `low_holotc and not raised_mma`, `at least 2 of: ...`, `unless certain: ...`.

A named finding inside another rule is written by its code. An expression too long for a line becomes an indented list.
"""

from __future__ import annotations

from b12labs.logic.language import (
    OPEN_QUESTION,
    Arithmetic,
    AtLeast,
    Certain,
    Choice,
    Coefficient,
    Combine,
    Compare,
    Constant,
    Expression,
    Finding,
    Inferred,
    Limit,
    Measured,
    Not,
    Reported,
    Verdict,
)
from b12labs.logic.operations import flag_key
from b12labs.logic.scalars import ANYTHING
from b12labs.reasoning.next_tests import measured_in
from b12labs.reference import analytes
from b12labs.text import interval

__all__ = ["in_words", "laid_out"]

_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^", "hull": "to"}

_BINDS = {"hull": 0, "add": 1, "sub": 1, "mul": 2, "div": 2, "pow": 3}

_OPPOSITE = {"<": ">=", ">": "<="}

_WIDTH = 100


def in_words(node: Expression) -> str:
    """Return an expression on one line."""
    match node:
        case Finding(code=code) | Verdict(code=code):
            return code
        case Reported(name=name):
            return _reported(name)
        case Compare() if node is OPEN_QUESTION:
            return "left open"
        case Compare(operator=operator, left=left, right=right):
            return f"{_quantity(left)} {operator} {_quantity(right)}"
        case Not(part=Compare(operator=operator, left=left, right=right)):
            return f"{_quantity(left)} {_OPPOSITE[operator]} {_quantity(right)}"
        case Not(part=part):
            return f"not {_inside(part)}"
        case Certain(part=part):
            return f"certain({in_words(part)})"
        case AtLeast(count=count, parts=parts):
            return f"at least {count} of: {'; '.join(in_words(part) for part in parts)}"
        case Combine(operator="or", parts=parts):
            return " or ".join(_inside(part) for part in parts)
        case Combine(parts=parts):
            exceptions = [part for part in parts if _defeater(part) is not None]
            plain = [part for part in parts if part not in exceptions]
            if not plain:
                return " and ".join(_inside(part) for part in parts)
            unless = "".join(f", unless certain: {_inside(_defeater(part))}" for part in exceptions)
            return " and ".join(_inside(part) for part in plain) + unless
    return _quantity(node)


def _defeater(node: Expression) -> Expression | None:
    """Return the x that overturns a part written `~certain(x)`, or None for any other part."""
    return node.part.part if isinstance(node, Not) and isinstance(node.part, Certain) else None


def _inside(node: Expression | None) -> str:
    assert node is not None
    text = in_words(node)
    return f"({text})" if isinstance(node, Combine | AtLeast) else text


def _reported(name: str) -> str:
    if name in ("female", "pregnant") or name.startswith("series:"):
        return name.removeprefix("series:")
    if name.startswith("guideline:"):
        return f"by {name.removeprefix('guideline:')}"
    if name.startswith("word:"):
        return f"{analytes()[name.removeprefix('word:')].label} is given as a word alone"
    if name.startswith("unverified:"):
        return f"{analytes()[name.removeprefix('unverified:')].label} could not be used as given"
    group = name.removeprefix("group:")
    return f"reported({name})" if group == name else f"reported any({group})"


def _quantity(node: Expression) -> str:
    match node:
        case Measured(key=key):
            return analytes()[key].label if key in analytes() else key
        case Inferred(primary=primary):
            return _quantity(primary)
        case Limit(name=name) | Coefficient(name=name):
            return name
        case Constant(low=low, high=high):
            return "unknown" if (low, high) == ANYTHING else interval(low, high)
        case Choice(condition=condition, when_true=yes, when_false=no):
            return f"({_quantity(yes)} if {in_words(condition)}, else {_quantity(no)})"
        case Arithmetic(operator="sub", parts=(value, adjustment)) if flag_key(value) and not measured_in(adjustment):
            return f"adjusted {_quantity(value).removeprefix('adjusted ')}"
        case Arithmetic(operator="log10", parts=parts):
            return f"log10({_quantity(parts[0])})"
        case Arithmetic(operator=operator, parts=parts) if operator in _SIGNS:
            left, right = parts
            tight = _BINDS[operator]
            return (
                f"{_bracketed(left, tight)} {_SIGNS[operator]} "
                f"{_bracketed(right, tight + (operator in ('sub', 'div', 'pow')))}"
            )
        case Arithmetic(operator=operator, parts=parts):
            return f"{operator}({', '.join(_quantity(part) for part in parts)})"
    raise TypeError(f"{type(node).__name__} is not an expression of the rule language")


def _bracketed(node: Expression, tight: int) -> str:
    """Return a quantity, in brackets if it binds less tightly than the operator around it."""
    loose = isinstance(node, Arithmetic) and _BINDS.get(node.operator, tight) < tight
    return f"({_quantity(node)})" if loose else _quantity(node)


def laid_out(node: Expression, *, before: str = "", indent: int = 0) -> str:
    """Return an expression on one line if it fits, else as an indented list of its parts."""
    text = f"{'  ' * indent}{before}{in_words(node)}"
    match node:
        case Finding() | Verdict() | Compare() | Reported() | Not(part=Compare()):
            return text
        case _ if len(text) <= _WIDTH:
            return text
        case Not(part=Certain(part=part)):
            return laid_out(part, before=f"{before}unless certain: ", indent=indent)
        case Not(part=part):
            return laid_out(part, before=f"{before}not ", indent=indent)
        case Certain(part=part):
            return laid_out(part, before=f"{before}certain: ", indent=indent)
        case AtLeast(count=count, parts=parts):
            head = f"at least {count} of:"
        case Combine(operator=operator, parts=parts):
            head = "all of:" if operator == "and" else "any of:"
        case _:
            return text
    return "\n".join([f"{'  ' * indent}{before}{head}", *(_part(part, indent + 1) for part in parts)])


def _part(node: Expression, indent: int) -> str:
    defeater = _defeater(node)
    return (
        laid_out(node, indent=indent)
        if defeater is None
        else laid_out(defeater, before="unless certain: ", indent=indent)
    )

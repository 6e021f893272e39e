"""A program for one patient as one Python function: the same steps, without a call per step.

It is written from the steps, so that no rule is written twice. Property tests check it against the steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from b12labs.logic.language import (
    TOLERANCE,
    Arithmetic,
    AtLeast,
    Certain,
    Choice,
    Coefficient,
    Combine,
    Compare,
    Constant,
    Expression,
    Inferred,
    Limit,
    Measured,
    Not,
    Reported,
    Verdict,
)
from b12labs.logic.operations import Inputs, by_flag, flag_key
from b12labs.logic.scalars import ANYTHING, Pair, Plain, _shifted, exactly, is_ordinary

if TYPE_CHECKING:
    from b12labs.logic.program import Program

__all__ = ["Caution", "Straight", "caution_of", "straight"]

#: Returns the value of every step.
Straight = Callable[[Inputs], list[Any]]

#: Returns the value of a rule with each `certain(x)` that is not held read as plain `x`, and each of these x.
Caution = Callable[[Sequence[Any], frozenset[int]], tuple[int, tuple[int, ...]]]

#: The names that the functions use.
_USED: dict[str, Any] = {
    "plain": Plain,
    "by_flag": by_flag,
    "shifted": _shifted,
    "many": lambda inputs, names: getattr(inputs, "reported_each", partial(map, inputs.reported))(names),
    "INF": math.inf,
    "ANYTHING": ANYTHING,
}


def straight(program: Program, coefficient: Callable[[str], float]) -> Straight:
    """Return the function of a whole program; the coefficients of formulas are the same for every patient."""
    writer = _Writer(program, coefficient)
    body = [line for slot in range(len(program.steps)) for line in writer.lines(slot)]
    asked = f"[{', '.join(f'v{slot}' for slot in writer.reported)}] = many(inputs, {(*writer.reported.values(),)!r})"
    # Inputs have only the methods that their rules use: those of follow-up have no limits.
    called = [name for name in ("measured", "limit", "flag") if any(f"{name}(" in line for line in body)]
    head = [
        *(f"{name} = inputs.{name}" for name in called),
        f"flagged = {{key for key in {sorted(writer.flagged)!r} if inputs.flag(key)}}",
        *([asked] if writer.reported else ()),
    ]
    every = ", ".join(f"v{slot}" for slot in range(len(program.steps)))
    made: Straight = _compiled("inputs", [*head, *body, f"return [{every}]"], writer.constants)
    return made


def caution_of(program: Program, root: Expression) -> Caution:
    """Return the function of a rule that reads each `certain(x)` as plain `x`, except those that are held."""
    names: dict[int, str] = {}
    lines, parts = [], []

    def named(slot: int) -> str:
        return names.get(slot, f"values[{slot}]")

    for slot in program.below(root):
        step = program.steps[slot]
        here = [named(part) for part in step.parts]
        if step.is_defeater:
            parts.append(here[0])
            lines.append(f"c{slot} = values[{slot}] if {slot} in held else {here[0]}")
        elif any(part in names for part in step.parts):
            lines.append(f"c{slot} = {_truth(step.node, here)}")
        else:
            continue
        names[slot] = f"c{slot}"
    if isinstance(root, Verdict):
        lines += ["possible, reach = 0, 2"]
        for place, case in enumerate(root.cases):
            holds = named(program.slot(case.when))
            lines += [f"if reach and {holds}: possible |= {1 << place}", f"if 2 - {holds} < reach: reach = 2 - {holds}"]
        lines += [f"if reach: possible |= {1 << len(root.cases)}"]
    else:
        lines += [f"possible = {named(program.slot(root))}"]
    made: Caution = _compiled(
        "values, held", [*lines, f"return possible, ({''.join(f'{part}, ' for part in parts)})"], {}
    )
    return made


def _compiled(takes: str, lines: Iterable[str], constants: dict[str, Any]) -> Any:
    made: dict[str, Any] = {**_USED, **constants}
    exec("\n ".join([f"def function({takes}):", *lines]), made)  # written here, from the rules alone
    return made["function"]


def _truth(node: Expression, parts: Sequence[str]) -> str:
    """Return Python code for a truth that is made of truths (0, 1 or 2)."""
    distinct = list(dict.fromkeys(parts))
    match node:
        case Combine(operator="and"):
            return f"{' and '.join(distinct)} and ({' & '.join(distinct)} & 2 or 1)"
        case Combine():
            return f"({' | '.join(distinct)}) & 2 or {' | '.join(distinct)}"
        case Not():
            return f"2 - {parts[0]}"
        case Certain():
            return f"{parts[0]} & 2"
        case AtLeast(count=count):
            return f"plain.at_least({count}, ({', '.join(parts)},))"
    raise TypeError(f"{type(node).__name__} is not made of truths")


class _Writer:
    """Writes each step as lines that set `v` and the slot's number; for a quantity, also its ends `a` and `b`."""

    def __init__(self, program: Program, coefficient: Callable[[str], float]) -> None:
        self.program, self.coefficient = program, coefficient
        #: The quantities that are the same for every patient, by slot and by name.
        self.same: dict[int, Pair] = {}
        self.constants: dict[str, Any] = {}
        #: The terms asked for, by slot, and the analytes whose flag is used.
        self.reported: dict[int, str] = {}
        self.flagged: set[str] = set()

    def lines(self, slot: int) -> list[str]:
        step = self.program.steps[slot]
        node = step.node
        if isinstance(node, Reported):
            self.reported[slot] = node.name
            return []
        if isinstance(node, Compare):
            return self._compared(slot, node, *step.parts)
        if step.is_truth:
            return [f"v{slot} = {_truth(node, [f'v{part}' for part in step.parts])}"]
        same = self._same(node, step.parts)
        if same is not None:
            self.same[slot] = self.constants[f"v{slot}"] = same
            return []
        return [f"a{slot}, b{slot} = v{slot} = {self._quantity(node, step.parts)}"]

    def _same(self, node: Expression, parts: Sequence[int]) -> Pair | None:
        if isinstance(node, Coefficient):
            return exactly(self.coefficient(node.name))
        if isinstance(node, Constant):
            return node.low, node.high
        if isinstance(node, Arithmetic) and all(part in self.same for part in parts):
            return Plain.arithmetic(node.operator, self.same[parts[0]], self.same[parts[1]])
        return None

    def _end(self, name: str, slot: int) -> str:
        if slot not in self.same:
            return f"{name}{slot}"
        return repr(self.same[slot]["ab".index(name)]).replace("inf", "INF")

    def _quantity(self, node: Expression, parts: Sequence[int]) -> str:
        match node:
            case Measured(key=key):
                return f"measured({key!r})"
            case Limit(name=name):
                return f"limit({name!r})"
            case Inferred(primary=primary):
                self.flagged.add(primary.key)
                unknown = f"v{parts[0]} == ANYTHING and {primary.key!r} not in flagged"
                return f"v{parts[1]} if {unknown} else v{parts[0]}"
            case Choice():
                return f"plain.choose(v{parts[0]}, v{parts[1]}, v{parts[2]})"
            case Arithmetic(operator="add"):
                return self._ends("+", parts, "ab", "ab")
            case Arithmetic(operator="sub"):
                return self._ends("-", parts, "ab", "ba")
            case Arithmetic(operator="mul") if (by := self._factor(parts)) is not None:
                return ", ".join(f"{end}{by[0]} * {factor!r}" for end, factor in zip("ab", by[1], strict=True))
            case Arithmetic(operator="div") if (divisor := self._ordinary(parts[1])) is not None:
                return f"a{parts[0]} / {divisor[1]!r}, b{parts[0]} / {divisor[0]!r}"
            case Arithmetic(operator=operator):
                return f"plain.arithmetic({operator!r}, v{parts[0]}, v{parts[1]})"
        raise TypeError(f"{type(node).__name__} is not a quantity")

    def _factor(self, parts: Sequence[int]) -> tuple[int, Pair] | None:
        """Return the slot of one factor, and the other factor if it is the same for all and not a special case."""
        for part, other in (tuple(parts), tuple(reversed(parts))):
            if (factor := self._ordinary(other)) is not None:
                return part, factor
        return None

    def _ordinary(self, slot: int) -> Pair | None:
        """Return a quantity if it is the same for all patients and not a special case in a product, else None."""
        pair = self.same.get(slot)
        return pair if pair is not None and is_ordinary(pair) else None

    def _ends(self, sign: str, parts: Sequence[int], left: str, right: str) -> str:
        pairs = zip(left, right, strict=True)
        return ", ".join(f"{self._end(one, parts[0])} {sign} {self._end(other, parts[1])}" for one, other in pairs)

    def _compared(self, slot: int, node: Compare, left: int, right: int) -> list[str]:
        below = node.operator == "<"
        share = -TOLERANCE if below else TOLERANCE
        sign, ends = ("<", ("b", "a")) if below else (">", ("a", "b"))
        bounds = [self._bound(end, right, share) for end in reversed(ends)]
        first, second = (f"({self._end(end, left)} {sign} {bound})" for end, bound in zip(ends, bounds, strict=True))
        lines = [f"v{slot} = {first} + {second}"]
        key = flag_key(node.left)
        if key is not None and isinstance(node.right, Limit):
            self.flagged.add(key)
            said = f"by_flag(v{slot}, flag({key!r}), inputs, {node.operator!r}, {node.right.name!r})"
            lines.append(f"if {key!r} in flagged: v{slot} = {said}")
        return lines

    def _bound(self, end: str, slot: int, share: float) -> str:
        """Return an end of the right-hand quantity, moved by the tolerance; limits are not negative."""
        if slot in self.same:
            return repr(_shifted(self.same[slot]["ab".index(end)], share)).replace("inf", "INF")
        if isinstance(self.program.steps[slot].node, Limit):
            return f"{end}{slot} * {1 + share!r}"
        return f"shifted({end}{slot}, {share!r})"

"""The expressions that rules are made of: quantities (intervals), and truths, which have three values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn

__all__ = [
    "FALSE",
    "INF",
    "OPEN_END",
    "TOLERANCE",
    "TRUE",
    "UNKNOWN",
    "Arithmetic",
    "AtLeast",
    "Certain",
    "Choice",
    "Coefficient",
    "Combine",
    "Compare",
    "Constant",
    "Expression",
    "Inferred",
    "Limit",
    "Measured",
    "Not",
    "Quantity",
    "Reported",
    "Truth",
    "TruthValue",
    "quantity",
]

#: The upper end of an interval without an upper bound.
INF = math.inf

TruthValue = Literal[0, 1, 2]

FALSE: TruthValue = 0
UNKNOWN: TruthValue = 1
TRUE: TruthValue = 2

#: A value within this share of a limit is on the limit: it is float noise (0.1 + 0.2), not a result. Laboratories print
#: far fewer digits.
TOLERANCE = 1e-9

#: How far the open end of a censored value lies inside its bound: more than TOLERANCE, so that `<150` is below 150.
OPEN_END = 1e-8


class Expression:
    """A node of a rule. Nodes are equal only if they are the same object; rules share them freely."""

    #: The members of a node, in order: each kind is a dataclass.
    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __bool__(self) -> NoReturn:
        raise TypeError("a rule is neither true nor false while it is written: use & for and, | for or, ~ for not")

    @property
    def children(self) -> tuple[Expression, ...]:
        """The expressions that this one is made of."""
        return ()

    @property
    def own(self) -> tuple[object, ...]:
        """The members other than parts: a name, an operator, a count, numbers."""
        values = (getattr(self, name) for name in self.__match_args__)
        return tuple(value for value in values if not isinstance(value, Expression | tuple))

    def walk(self) -> Iterator[Expression]:
        """Yield this expression and everything below it, each node once."""
        seen: set[int] = set()
        waiting: list[Expression] = [self]
        while waiting:
            node = waiting.pop()
            if id(node) not in seen:
                seen.add(id(node))
                yield node
                waiting.extend(node.children)


class Quantity(Expression):
    """An interval-valued expression: a measured value, a limit, or something computed from them."""

    def __lt__(self, other: Quantity | float) -> Truth:
        return Compare("<", self, quantity(other))

    def __gt__(self, other: Quantity | float) -> Truth:
        return Compare(">", self, quantity(other))

    def __le__(self, other: Quantity | float) -> Truth:
        return ~(self > other)

    def __ge__(self, other: Quantity | float) -> Truth:
        return ~(self < other)

    def __add__(self, other: Quantity | float) -> Quantity:
        return Arithmetic("add", (self, quantity(other)))

    def __sub__(self, other: Quantity | float) -> Quantity:
        return Arithmetic("sub", (self, quantity(other)))

    def __mul__(self, other: Quantity | float) -> Quantity:
        return Arithmetic("mul", (self, quantity(other)))

    def __truediv__(self, other: Quantity | float) -> Quantity:
        return Arithmetic("div", (self, quantity(other)))

    def __pow__(self, other: Quantity | float) -> Quantity:
        return Arithmetic("pow", (self, quantity(other)))


class Truth(Expression):
    """A three-valued expression."""

    def __and__(self, other: Truth) -> Truth:
        return Combine("and", (*_flat(self, "and"), *_flat(other, "and")))

    def __or__(self, other: Truth) -> Truth:
        return Combine("or", (*_flat(self, "or"), *_flat(other, "or")))

    def __invert__(self) -> Truth:
        return Not(self)


def _flat(node: Truth, operator: str) -> tuple[Truth, ...]:
    return node.parts if isinstance(node, Combine) and node.operator == operator else (node,)


def quantity(value: Quantity | float) -> Quantity:
    """Return the value as an expression."""
    return value if isinstance(value, Quantity) else Constant(float(value), float(value))


@dataclass(frozen=True, eq=False)
class Measured(Quantity):
    """The patient's result of one analyte (or age, or elevation), in its canonical unit."""

    key: str


@dataclass(frozen=True, eq=False)
class Limit(Quantity):
    """A decision limit of the chosen guideline, by name."""

    name: str


@dataclass(frozen=True, eq=False)
class Coefficient(Quantity):
    """A coefficient of a published formula, `formula.name` of formulas.toml."""

    name: str


@dataclass(frozen=True, eq=False)
class Constant(Quantity):
    """A number, or an interval of numbers, written in the rule itself: 0, 1, or a unit's scale."""

    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Arithmetic(Quantity):
    """Interval arithmetic on quantities that are not negative.

    Add, sub, mul, div, pow, minimum, maximum, hull, log10.
    """

    operator: str
    parts: tuple[Quantity, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        return self.parts


@dataclass(frozen=True, eq=False)
class Choice(Quantity):
    """One quantity if the condition holds, another if it does not, and any value between if it is unknown."""

    condition: Truth
    when_true: Quantity
    when_false: Quantity

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.condition, self.when_true, self.when_false)


@dataclass(frozen=True, eq=False)
class Inferred(Quantity):
    """A result if it is measured, else the bounds that other results set. `ask` is the test to ask for."""

    primary: Measured
    inferred: Quantity
    ask: str

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.primary, self.inferred)


@dataclass(frozen=True, eq=False)
class Compare(Truth):
    """Whether the left quantity is below (or above) the right one."""

    operator: str
    left: Quantity
    right: Quantity

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, eq=False)
class Combine(Truth):
    """All of the parts (`and`), or any of them (`or`)."""

    operator: str
    parts: tuple[Truth, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        return self.parts


@dataclass(frozen=True, eq=False)
class Not(Truth):
    """The opposite; unknown stays unknown."""

    part: Truth

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.part,)


@dataclass(frozen=True, eq=False)
class Certain(Truth):
    """TRUE if the part is TRUE with the results known now, else FALSE.

    `named` names in words the finding that could still overturn the rule.
    """

    part: Truth
    named: str

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.part,)


@dataclass(frozen=True, eq=False)
class AtLeast(Truth):
    """At least `count` of the parts."""

    count: int
    parts: tuple[Truth, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        return self.parts


@dataclass(frozen=True, eq=False)
class Reported(Truth):
    """A context term, or any term of a group (`group:NAME`), is reported; also `female` and `pregnant`."""

    name: str

"""The rule language: intervals, three-valued expressions, findings, verdicts.

A laboratory value is an interval, a clinical question has three answers (`TRUE`, `UNKNOWN`, `FALSE`; Kleene's strong
logic on 2, 1, 0), and a rule is a value: an expression that can be evaluated over columns or for one patient,
explained, and listed.

    macrocytosis = finding("macrocytosis", when=measured.mcv > limit.mcv_high, says="Red cells are large.")

`&`, `|` and `~` combine; `and`, `or` and `not` raise, because Python would decide them while the rule is being written.
`certain(x)` is TRUE only when x is TRUE with what is known now, and otherwise FALSE: it is how a defeater is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Literal, NoReturn

FALSE, UNKNOWN, TRUE = 0, 1, 2

#: Where a report prints a finding that holds.
Printed = Literal["first", "also", ""]

#: A value within this share of a limit is on the limit: it is float noise (0.1 + 0.2), not a result. Laboratories print
#: far fewer digits.
TOLERANCE = 1e-9

#: How far inside its bound the open end of a censored value lies: more than TOLERANCE, so that `<150` is below 150.
OPEN_END = 1e-8


class Expression:
    """A node of a rule. Identity is what equality means here; nodes are shared freely between rules."""

    def __bool__(self) -> NoReturn:
        raise TypeError("a rule is neither true nor false while it is written: use & for and, | for or, ~ for not")

    @property
    def children(self) -> tuple[Expression, ...]:
        """The expressions that this one is made of."""
        return ()

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
    """One quantity where the condition holds, another where it does not, anything between where it is unknown."""

    condition: Truth
    when_true: Quantity
    when_false: Quantity

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.condition, self.when_true, self.when_false)


@dataclass(frozen=True, eq=False)
class Inferred(Quantity):
    """A result where it is measured, and what other results bound it to where it is not.

    `ask` is the test to ask for.
    """

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
    """TRUE where the part is TRUE with what is known now, else FALSE.

    `named` says in words what could still overturn.
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


@dataclass(frozen=True, eq=False)
class Finding(Truth):
    """A named truth with its sentence; used in other rules like any truth.

    `says` is the sentence where it holds, `label` its name in running text. `sources` are what it rests on besides the
    sources of the limits it compares with. `printed` says whether a report prints the sentence under its headline:
    before the others, after them, or (blank) not.
    """

    code: str
    when: Truth
    says: str
    label: str
    sources: tuple[str, ...] = ()
    printed: Printed = ""

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.when,)


@dataclass(frozen=True, eq=False)
class Case:
    """One outcome of a verdict, when it applies, and its sentence."""

    outcome: str
    when: Truth
    says: str


@dataclass(frozen=True, eq=False)
class Otherwise:
    """The outcome where no case applies, and its sentence."""

    outcome: str
    says: str


@dataclass(frozen=True, eq=False)
class Verdict(Expression):
    """An ordered list of cases, the first that applies; its value is the set of outcomes still possible.

    `otherwise` is the outcome where no case applies. Sources are those of the findings that its cases rest on.
    """

    code: str
    cases: tuple[Case, ...]
    otherwise: Otherwise
    sources: tuple[str, ...] = ()

    @property
    def children(self) -> tuple[Expression, ...]:
        return tuple(case.when for case in self.cases)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome, in the order of the cases; the place of each is its bit in the evaluated set."""
        return (*(case.outcome for case in self.cases), self.otherwise.outcome)

    @property
    def sentences(self) -> dict[str, str]:
        """The sentence of every outcome."""
        return {**{case.outcome: case.says for case in self.cases}, self.otherwise.outcome: self.otherwise.says}


@dataclass(frozen=True, eq=False)
class Question:
    """A question that tests could answer.

    The open measurements of `about` are asked for where `asked` holds, or always.
    """

    code: str
    asks: str
    about: Truth | Verdict
    asked: Truth | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Cause:
    """One cause.

    `established` settles it, where anything in a panel can. Each of `speaks_for` and `speaks_against` is a truth with
    its words; `settled_by` names what would settle it.
    """

    code: str
    label: str
    established: Truth | None
    speaks_for: tuple[tuple[Truth, str], ...]
    settled_by: str
    sources: tuple[str, ...]
    speaks_against: tuple[tuple[Truth, str], ...] = ()


class _Measurements:
    """`measured.mcv`: the node of an analyte, made once."""

    def __init__(self) -> None:
        self._made: dict[str, Measured] = {}

    def __getattr__(self, key: str) -> Measured:
        if key.startswith("_"):
            raise AttributeError(key)
        return self._made.setdefault(key, Measured(key))


class _Limits:
    """`limit.mcv_high`: the node of a limit, made once."""

    def __init__(self) -> None:
        self._made: dict[str, Limit] = {}

    def __getattr__(self, name: str) -> Limit:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._made.setdefault(name, Limit(name))


measured = _Measurements()

limit = _Limits()


def finding(
    code: str,
    *,
    when: Truth,
    says: str,
    label: str | None = None,
    sources: tuple[str, ...] = (),
    printed: Printed = "",
) -> Finding:
    """Name a truth, with the sentence that says it."""
    return Finding(code, when, says, label or code.replace("_", " "), sources, printed)


def findings_of(modules: Iterable[ModuleType]) -> dict[ModuleType, tuple[Finding, ...]]:
    """Return the findings that each module defines, in the order of definition.

    Each module comes after those that it imports from, so that a finding belongs to the first that has it.
    """
    homes: dict[Finding, ModuleType] = {}
    listed = tuple(modules)
    for module in listed:
        for value in vars(module).values():
            if isinstance(value, Finding):
                homes.setdefault(value, module)
    return {module: tuple(rule for rule, home in homes.items() if home is module) for module in listed}


def certain(part: Truth, named: str | None = None) -> Certain:
    """Return TRUE only where the part holds with what is known now; what may overturn later is named."""
    if named is None:
        named = part.label if isinstance(part, Finding) else ""
    return Certain(part, named)


def at_least(count: int, *parts: Truth) -> AtLeast:
    """Return whether at least so many of the parts hold."""
    return AtLeast(count, parts)


def unless(part: Truth, defeater: Truth, named: str | None = None) -> Truth:
    """Return the part, overturned by the defeater once that is certain."""
    return part & ~certain(defeater, named)


def reported(name: str) -> Reported:
    """Return whether a context term is reported."""
    return Reported(name)


def reported_any(group: str) -> Reported:
    """Return whether any context term of a group is reported."""
    return Reported(f"group:{group}")


def choose(condition: Truth, when_true: Quantity | float, when_false: Quantity | float) -> Quantity:
    """Return one quantity or the other by a condition."""
    return Choice(condition, quantity(when_true), quantity(when_false))


def minimum(left: Quantity, right: Quantity | float) -> Quantity:
    """Return the smaller quantity."""
    return Arithmetic("minimum", (left, quantity(right)))


def maximum(left: Quantity, right: Quantity | float) -> Quantity:
    """Return the larger quantity."""
    return Arithmetic("maximum", (left, quantity(right)))


def log10(value: Quantity) -> Quantity:
    """Return the logarithm to base ten."""
    return Arithmetic("log10", (value, value))


def between(low: Quantity, high: Quantity) -> Quantity:
    """Return the interval from one quantity to another."""
    return Arithmetic("hull", (low, high))


#: Nothing is known of this quantity.
ANYTHING = Constant(0.0, float("inf"))

"""The rule language: intervals, three-valued expressions, findings, verdicts.

A laboratory value is an interval, a clinical question has three answers (`TRUE`, `UNKNOWN`, `FALSE`; Kleene's strong
logic on 2, 1, 0), and a rule is a value: an expression that can be evaluated over columns or for one patient,
explained, and listed.

    macrocytosis = finding("macrocytosis", when=measured.mcv > limit.mcv_high, says="Red cells are large.")

`&`, `|` and `~` combine; `and`, `or` and `not` raise, because Python would decide them while the rule is being written.
`certain(x)` is TRUE only if x is TRUE with the results known now, and otherwise FALSE: defeaters are written with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from b12labs.logic.expressions import (
    FALSE,
    INF,
    OPEN_END,
    TOLERANCE,
    TRUE,
    UNKNOWN,
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
    Quantity,
    Reported,
    Truth,
    TruthValue,
    quantity,
)

__all__ = [
    "ANYTHING",
    "FALSE",
    "OPEN_END",
    "OPEN_QUESTION",
    "TOLERANCE",
    "TRUE",
    "UNKNOWN",
    "Arithmetic",
    "AtLeast",
    "Case",
    "Cause",
    "Certain",
    "Choice",
    "Coefficient",
    "Combine",
    "Compare",
    "Constant",
    "Expression",
    "Finding",
    "Inferred",
    "Limit",
    "Measured",
    "Not",
    "Otherwise",
    "Printed",
    "Quantity",
    "Question",
    "Reported",
    "Truth",
    "TruthValue",
    "Verdict",
    "at_least",
    "between",
    "by_guideline",
    "certain",
    "choose",
    "finding",
    "findings_of",
    "given_in_words",
    "limit",
    "log10",
    "maximum",
    "measured",
    "minimum",
    "quantity",
    "reported",
    "reported_any",
    "unverified",
]

#: The place in which a report prints a finding that holds.
Printed = Literal["first", "also", "beside", ""]


@dataclass(frozen=True, eq=False)
class Finding(Truth):
    """A named truth with its sentence; used in other rules like any truth.

    `says` is the sentence printed if it holds, `label` its name in running text. `sources` are cited in addition to
    those of its limits. `printed` is the place of the sentence under a report's headline: before the others (`first`),
    after them (`also`), with the other causes of symptoms (`beside`), or blank for none.
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
    """One outcome of a verdict, its condition and its sentence."""

    outcome: str
    when: Truth
    says: str


@dataclass(frozen=True, eq=False)
class Otherwise:
    """The outcome if no case applies, and its sentence."""

    outcome: str
    says: str


@dataclass(frozen=True, eq=False)
class Verdict(Expression):
    """An ordered list of cases, of which the first that applies decides; its value is the set of possible outcomes.

    `otherwise` is the outcome if no case applies. `sources` are those of the findings in its cases.
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
        """Every outcome, in the order of the cases; its position is its bit in the evaluated set."""
        return (*(case.outcome for case in self.cases), self.otherwise.outcome)

    @property
    def sentences(self) -> dict[str, str]:
        """The sentence of every outcome."""
        return {**{case.outcome: case.says for case in self.cases}, self.otherwise.outcome: self.otherwise.says}


@dataclass(frozen=True, eq=False)
class Question:
    """A question that tests could answer.

    The open measurements of `about` are asked for if `asked` holds, or always if it is None. The analytes of `again`
    are asked for even if they were measured.
    """

    code: str
    asks: str
    about: Truth | Verdict
    asked: Truth | None = None
    sources: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Cause:
    """One cause of deficiency.

    `established` is the truth that settles it, or None if no panel can. `speaks_for` and `speaks_against` are the
    evidence, each a truth with its words; `settled_by` names the test that would settle it.
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
    """Return a finding: a truth with a name and a sentence."""
    return Finding(code, when, says, label or code.replace("_", " "), sources, printed)


def findings_of(modules: Iterable[ModuleType]) -> dict[ModuleType, tuple[Finding, ...]]:
    """Return the findings that each module defines, in the order of definition.

    Give each module after those that it imports from: a finding belongs to the first module that has it.
    """
    homes: dict[Finding, ModuleType] = {}
    listed = tuple(modules)
    for module in listed:
        for value in vars(module).values():
            if isinstance(value, Finding):
                homes.setdefault(value, module)
    return {module: tuple(rule for rule, home in homes.items() if home is module) for module in listed}


def certain(part: Truth, named: str | None = None) -> Certain:
    """Return TRUE only if the part holds with the results known now; `named` names it as a possible defeater."""
    if named is None:
        named = part.label if isinstance(part, Finding) else ""
    return Certain(part, named)


def at_least(count: int, *parts: Truth) -> AtLeast:
    """Return whether at least `count` of the parts hold."""
    return AtLeast(count, parts)


def reported(name: str) -> Reported:
    """Return whether a context term is reported."""
    return Reported(name)


def given_in_words(key: str) -> Reported:
    """Return whether only the laboratory's word for a result (low, normal, high) is known."""
    return Reported(f"word:{key}")


def unverified(key: str) -> Reported:
    """Return whether a result cannot be used as given: it was set aside, or may be in another unit."""
    return Reported(f"unverified:{key}")


def reported_any(group: str) -> Reported:
    """Return whether any context term of a group is reported."""
    return Reported(f"group:{group}")


def by_guideline(key: str) -> Reported:
    """Return whether the chosen guideline is the one of this key."""
    return Reported(f"guideline:{key}")


def choose(condition: Truth, when_true: Quantity | float, when_false: Quantity | float) -> Quantity:
    """Return one quantity if a condition holds, else the other."""
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
ANYTHING = Constant(0.0, INF)
#: UNKNOWN whatever is measured: a question that results of this kind do not settle.
OPEN_QUESTION: Truth = ANYTHING > 1

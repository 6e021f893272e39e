"""compare_guidelines(): one panel by every guideline, and the number on which each different conclusion depends."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Unpack

from b12labs.inputs.numbers import Decimal
from b12labs.inputs.options import Errors, UnreportedContext, reports_errors, unreported_truth
from b12labs.inputs.panel import Panel
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.stratified import Limits, limits_of
from b12labs.logic.language import Compare, Expression, Limit, TruthValue
from b12labs.logic.open import outcomes
from b12labs.logic.program import Values
from b12labs.logic.scalars import ANYTHING, Pair
from b12labs.patient.explanation import evidence, limit_text
from b12labs.patient.inputs import PatientInputs
from b12labs.patient.interpretation import Interpretation, interpret_panel
from b12labs.patient.panel_values import PanelValues
from b12labs.reasoning.compiled import FINDING_RULES, VERDICT_RULES, program
from b12labs.reasoning.next_tests import measured_in
from b12labs.reference import analytes, guideline_keys
from b12labs.reference.unit_labels import with_labels
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.site_mapping.panels import panel_of
from b12labs.text import WIDTH, StrPath, against, as_words

__all__ = ["Comparison", "GuidelineConclusion", "compare_guidelines"]

_KEY = 21


@dataclass(frozen=True)
class GuidelineConclusion:
    """The conclusion of one guideline.

    `differs_on` is empty if its conclusion is that of the guideline compared with.
    """

    key: str
    title: str
    status: str
    treatment_route: str
    functional_deficiency: bool | None
    differs_on: str = ""


@dataclass(frozen=True)
class Comparison:
    """The conclusions of all guidelines on one panel; the guideline compared with comes first.

    `print` shows a table 80 columns wide.
    """

    rows: tuple[GuidelineConclusion, ...]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries, for a table or JSON."""
        return [asdict(row) for row in self.rows]

    def __str__(self) -> str:
        lines = [_line("Guideline", "Status", "Functional", "Treatment route")]
        for row in self.rows:
            key = row.key if len(row.key) < _KEY else f"{row.key[: _KEY - 2]}…"
            functional = {True: "yes", False: "no", None: "cannot tell"}[row.functional_deficiency]
            lines.append(_line(key, as_words(row.status), functional, as_words(row.treatment_route)))
            if row.differs_on:
                lines += textwrap.wrap(row.differs_on, WIDTH, initial_indent="    ", subsequent_indent="      ")
        return "\n".join(
            [*lines, "", f"Under a guideline: the number on which it differs from {self.rows[0].key[:_KEY]}."]
        )


def _line(key: str, status: str, functional: str, route: str) -> str:
    return f"{key:<{_KEY}}{status:<23}{functional:<13}{route}".rstrip()


def compare_guidelines(
    panel: Panel | Mapping[str, Any] | None = None,
    *,
    guideline: StrPath = DEFAULT_GUIDELINE,
    units: dict[str, str] | None = None,
    decimal: Decimal | None = None,
    mapping: SiteMapping | StrPath | None = None,
    errors: Errors = "raise",
    unreported_context: UnreportedContext = "absent",
    **values: Unpack[PanelValues],
) -> Comparison:
    """Interpret one patient's results by every guideline, and compare each with `guideline`.

    The arguments are those of `interpret`. The others are compared with `guideline`, a key or the path of a guideline
    file.

    >>> from b12labs import compare_guidelines
    >>> found = compare_guidelines(b12="195 pg/mL", age=67, sex="female")
    >>> {row.key: row.differs_on for row in found.rows}["uptodate"]
    'B12 195 pg/mL below 200 pg/mL'

    """
    unreported, report = unreported_truth(unreported_context), reports_errors(errors)
    panel = panel_of(panel, values, units=units, decimal=decimal, mapping=mapping, report=report)
    first = _Side(panel, limits_of(guideline), unreported)
    others = (_Side(panel, limits_of(key), unreported) for key in guideline_keys() if key != guideline)
    return Comparison((first.row(), *(other.row(first) for other in others)))


class _Side:
    """One guideline applied to the panel."""

    def __init__(self, panel: Panel, limits: Limits, unreported: TruthValue) -> None:
        self.panel, self.limits = panel, limits
        self.unreported = unreported
        self.result: Interpretation = interpret_panel(panel, limits, unreported=unreported)
        self.inputs = PatientInputs(panel, limits, unreported=unreported)
        self.values = program().run(self.inputs)
        self.concludes = (self.result.status, self.result.treatment.route, self.result.functional_deficiency)

    def row(self, other: _Side | None = None) -> GuidelineConclusion:
        status, route, functional = self.concludes
        differs_on = "" if other is None or self.concludes == other.concludes else self._differs_on(other)
        own = self.limits.guideline
        return GuidelineConclusion(own.key, own.title, status, route, functional, differs_on)

    def _differs_on(self, other: _Side) -> str:
        """Return the number that alone changes one conclusion into the other, else the first number that differs."""
        differing: dict[str, Compare] = {}
        for node, name in _limited():
            if self.values.of(node) != other.values.of(node):
                differing.setdefault(name, node)
        if not differing:
            return f"written for {self.limits.guideline.population.min_age:g} years and over"
        decisive = (
            name
            for name in differing
            if _decided(program().run(_OneLimitOf(self, other, name))) == _decided(self.values)
        )
        return self._text(differing[next(decisive, next(iter(differing)))])

    def _text(self, node: Compare) -> str:
        for entry in evidence(node, self.values):
            return f"{entry.label} {entry.printed} {entry.against}"
        assert isinstance(node.right, Limit)
        key = measured_in(node.left)[0]
        given = f"{analytes()[key].label} {with_labels(self.inputs.result(key).given)}".strip()
        limit = with_labels(limit_text(key, node.right.name, self.inputs))
        if not limit:
            return f"{given}: no limit for this patient"
        if self.inputs.limit(node.right.name) == ANYTHING:
            return f"{given}: its limit depends on the age, sex or trimester, which is not given"
        return f"{given} {against('undecided against', limit)}"


class _OneLimitOf(PatientInputs):
    """The other guideline's inputs with one limit of this guideline."""

    def __init__(self, this: _Side, other: _Side, name: str) -> None:
        super().__init__(other.panel, other.limits, unreported=other.unreported)
        self._this, self._name = this.inputs, name

    def limit(self, name: str) -> Pair:
        return self._this.limit(name) if name == self._name else super().limit(name)


def _decided(values: Values) -> tuple[Any, ...]:
    verdicts = (VERDICT_RULES["status"], VERDICT_RULES["treatment_route"])
    return (*(outcomes(verdict, values) for verdict in verdicts), values.of(FINDING_RULES["functional_deficiency"]))


def _limited() -> Iterator[tuple[Compare, str]]:
    """Yield the comparisons of results with a limit, in the order of the status verdict's rules, then the route's."""
    seen: set[int] = set()

    def walk(node: Expression) -> Iterator[tuple[Compare, str]]:
        if id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, Compare) and isinstance(node.right, Limit) and measured_in(node.left):
            yield node, node.right.name
        for child in node.children:
            yield from walk(child)

    for code in ("status", "treatment_route"):
        yield from walk(VERDICT_RULES[code])

"""The rule catalogue: every finding, verdict and question as data, read from the rules themselves.

An entry cannot differ from the rule that is evaluated: its expression, inputs and limits are taken from that rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import Any, Literal

from b12labs import rules
from b12labs.catalogue.places import asserting_tests, rule_files
from b12labs.catalogue.wording import in_words, laid_out
from b12labs.errors import PanelError, did_you_mean
from b12labs.limits.strata import SEXES
from b12labs.limits.stratified import Limits, limits_of
from b12labs.logic.language import Coefficient, Expression, Finding, Limit, Measured, Question, Reported, Verdict
from b12labs.logic.scalars import ANYTHING
from b12labs.reference import (
    analytes,
    context,
    formulas,
    guideline_keys,
    load_profile,
    profile_keys,
    sources,
)
from b12labs.reference.frozen import Answered
from b12labs.text import as_words

__all__ = [
    "ADULT_AGE",
    "CatalogueCase",
    "CatalogueEntry",
    "GuidelineLimit",
    "RuleSource",
    "catalogue",
    "listed_rules",
    "rule_entries",
]

Rule = Finding | Verdict | Question

Kind = Literal["finding", "verdict", "question"]

#: Limits are shown for a woman of this age who is not pregnant.
ADULT_AGE = 40.0


class RuleSource(Answered):
    """One source of a rule."""

    key: str
    short: str


class GuidelineLimit(Answered):
    """One limit of a guideline for a woman of `ADULT_AGE` who is not pregnant, as printed.

    `values` is empty if the guideline gives none. `laboratory_decides` says that the laboratory's own interval, if
    known, comes first.
    """

    name: str
    analyte: str
    means: str
    guideline: str
    values: tuple[str, ...]
    laboratory_decides: bool
    source: str
    source_name: str
    checked: str
    note: str


class CatalogueCase(Answered):
    """One outcome of a verdict: its sentence, and its condition on one line (`expression`) and laid out (`layout`)."""

    outcome: str
    says: str
    expression: str
    layout: str


class CatalogueEntry(Answered):
    """One rule. `module` is its file; `asked` is the condition on which a question is asked.

    `inputs`, `context` and `patient` include those of the findings inside it; `limits` and `formulas` are its own.
    """

    code: str
    kind: Kind
    module: str
    topic: str
    label: str
    meaning: str
    expression: str
    layout: str
    asked: str = ""
    cases: tuple[CatalogueCase, ...] = ()
    findings: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    patient: tuple[str, ...] = ()
    limits: tuple[GuidelineLimit, ...] = ()
    formulas: tuple[str, ...] = ()
    sources: tuple[RuleSource, ...] = ()
    tests: tuple[str, ...] = ()


def listed_rules() -> tuple[Rule, ...]:
    """Return every rule that `b12labs.rules` lists, each once."""
    found: dict[int, Rule] = {}
    for name in rules.__all__:
        for rule in getattr(rules, name):
            if isinstance(rule, Finding | Verdict | Question):
                found.setdefault(id(rule), rule)
    return tuple(found.values())


def catalogue(guidelines: Iterable[str] | None = None) -> tuple[CatalogueEntry, ...]:
    """Return every rule's entry, with limits by the guidelines of these keys, or by all guidelines."""
    chosen = [limits_of(key) for key in (guideline_keys() if guidelines is None else guidelines)]
    return _entries(listed_rules(), chosen)


def rule_entries(code: str) -> tuple[CatalogueEntry, ...]:
    """Return the entries of one code: a finding or verdict, and a question with the same code.

    Raises `PanelError` (`unknown_rule`), with the nearest code, if no rule has the code.
    """
    listed = listed_rules()
    found = [rule for rule in listed if rule.code == code]
    if not found:
        hint = did_you_mean(code, (rule.code for rule in listed))
        raise PanelError(f"rules: expected the code of a rule, got {code!r}{hint}", code="unknown_rule", field="rules")
    return _entries(found, [limits_of(key) for key in guideline_keys()])


def _entries(listed: Sequence[Rule], guidelines: list[Limits]) -> tuple[CatalogueEntry, ...]:
    files, tests = rule_files(listed), _asserting()
    return tuple(_entry(rule, files[id(rule)], guidelines, tests.get(rule.code, ())) for rule in listed)


@cache
def _asserting() -> dict[str, tuple[str, ...]]:
    """Return the tests by rule, read once: this reads every test file of the checkout."""
    return asserting_tests()


def _entry(rule: Rule, home: ModuleType, guidelines: list[Limits], tests: tuple[str, ...]) -> CatalogueEntry:
    roots, own = _roots(rule), list(_own_nodes(rule))
    below = [node for root in roots for node in root.walk()]
    limits = tuple(_limit(node.name, each) for node in own if isinstance(node, Limit) for each in guidelines)
    coefficients = dict.fromkeys(node.name.partition(".")[0] for node in own if isinstance(node, Coefficient))
    used = [formulas()[name] for name in coefficients if name in formulas()]
    findings = [node for node in own if isinstance(node, Finding)]
    return CatalogueEntry(
        code=rule.code,
        kind="finding" if isinstance(rule, Finding) else "verdict" if isinstance(rule, Verdict) else "question",
        module=home.__name__.rpartition(".")[2],
        topic=(home.__doc__ or "").strip().splitlines()[0],
        tests=tests,
        findings=tuple(sorted({node.code for node in findings})),
        inputs=tuple(
            key for key in analytes() if any(isinstance(node, Measured) and node.key == key for node in below)
        ),
        context=_context(below),
        patient=_patient(below),
        limits=limits,
        formulas=tuple(formula.title for formula in used),
        sources=tuple(RuleSource(key=key, short=sources()[key].short) for key in _cited(rule, guidelines)),
        **_wording(rule),
    )


def _wording(rule: Rule) -> dict[str, Any]:
    match rule:
        case Finding(label=label, says=says, when=when):
            return {"label": label, "meaning": says, "expression": in_words(when), "layout": laid_out(when)}
        case Question(asks=asks, about=about, asked=asked):
            where = "always" if asked is None else in_words(asked)
            return {
                "label": asks,
                "meaning": asks,
                "expression": in_words(about),
                "layout": laid_out(about),
                "asked": where,
            }
        case Verdict(code=code, cases=cases, otherwise=otherwise):
            listed = [
                CatalogueCase(outcome=c.outcome, says=c.says, expression=in_words(c.when), layout=laid_out(c.when))
                for c in cases
            ]
            last = CatalogueCase(
                outcome=otherwise.outcome, says=otherwise.says, expression="otherwise", layout="otherwise"
            )
            meaning = f"The first that applies of: {', '.join(dict.fromkeys(rule.outcomes))}."
            label, text = as_words(code), "the first case that applies"
            return {"label": label, "meaning": meaning, "expression": text, "layout": text, "cases": (*listed, last)}


def _roots(rule: Rule) -> tuple[Expression, ...]:
    if isinstance(rule, Question):
        return (rule.about,) if rule.asked is None else (rule.about, rule.asked)
    return rule.children


def _cited(rule: Rule, guidelines: list[Limits]) -> tuple[str, ...]:
    """Return a rule's own sources, then those of its limits and formulas.

    If it has none, return the sources of the findings inside it.
    """
    own = (*rule.sources, *_numbers_from(_own_nodes(rule), guidelines))
    if own:
        return tuple(dict.fromkeys(own))
    named = [node for node in _own_nodes(rule) if isinstance(node, Finding | Verdict)]
    return tuple(dict.fromkeys(key for node in named for key in _cited(node, guidelines)))


def _numbers_from(nodes: Iterable[Expression], guidelines: list[Limits]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Limit):
            yield from (source for each in guidelines if (source := _limit(node.name, each).source))
        elif isinstance(node, Coefficient) and (formula := formulas().get(node.name.partition(".")[0])):
            yield formula.source


def _own_nodes(rule: Rule) -> Iterator[Expression]:
    """Yield the parts of a rule in reading order, each once, without the parts of the named rules that it uses."""
    seen: set[int] = set()
    waiting = list(reversed(_roots(rule)))
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            if not isinstance(node, Finding | Verdict):
                waiting.extend(reversed(node.children))


def _context(nodes: list[Expression]) -> tuple[str, ...]:
    reported = {node.name for node in nodes if isinstance(node, Reported)} - {"female", "pregnant"}
    names = {name for name in reported if not name.startswith(("series:", "guideline:", "unverified:", "word:"))}
    groups = context().groups
    return tuple(
        sorted(
            f"{group} ({groups[group]})" if (group := name.removeprefix("group:")) != name else name for name in names
        )
    )


def _patient(nodes: list[Expression]) -> tuple[str, ...]:
    """Return the facts about the patient that a rule uses, or by which one of its limits differs."""
    names = {node.name for node in nodes if isinstance(node, Limit)}
    used = {node.key for node in nodes if isinstance(node, Measured)} | {
        node.name for node in nodes if isinstance(node, Reported)
    }
    rows = [
        row
        for key in profile_keys()
        for name, listed in load_profile(key).limits.items()
        if name in names
        for row in listed
    ]
    matters = {
        "age": "age" in used or any(row.age != ANYTHING for row in rows),
        "sex": "female" in used or any(row.sex for row in rows),
        "pregnancy": "pregnant" in used or any(row.pregnancy for row in rows),
        "elevation": "elevation" in used,
    }
    return tuple(name for name, does in matters.items() if does)


def _limit(name: str, limits: Limits) -> GuidelineLimit:
    own = limits.guideline
    if name not in limits.by_name:  # the guideline's own lower age
        return GuidelineLimit(
            name=name,
            analyte="age",
            means="below it, the guideline does not apply",
            guideline=own.key,
            values=(f"{own.population.min_age:g} years",),
            laboratory_decides=False,
            source=own.source,
            source_name=sources()[own.source].short,
            checked=own.checked,
            note="",
        )
    limit = limits[name]
    stratum = limits.strata.number(limits.strata.band(ADULT_AGE, ADULT_AGE), SEXES.index("female"), 0)
    row = next((row for _, row in limits.rows(name, stratum)), None)
    return GuidelineLimit(
        name=name,
        analyte=limit.analyte,
        means=analytes()[limit.analyte].limits[name].means,
        guideline=own.key,
        values=tuple(value.text for value in row.values) if row else (),
        laboratory_decides=limit.laboratory_decides,
        source=row.source if row else "",
        source_name=sources()[row.source].short if row else "",
        checked=row.checked if row else "",
        note=row.note or "" if row else "",
    )

"""Cards about orders, in the words of the rules.

Folic acid, nitrous oxide, a B12 level under treatment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from b12labs.answer.parts import Statement
from b12labs.inputs.vocabulary import term_groups
from b12labs.integrations.cds_hooks import detail
from b12labs.integrations.cds_hooks.cards import Assessed, Maker, summary
from b12labs.integrations.cds_hooks.orders import Ordered
from b12labs.logic.language import Finding
from b12labs.reasoning.compiled import B12_MARKERS
from b12labs.rules import advice, confounders

__all__ = ["order_cards"]

#: The term of an order, the rule about it, and the opening of the card.
_RISKS: tuple[tuple[str, Finding, str], ...] = (
    ("folic_acid", advice.folate_before_b12, "Folic acid is being ordered"),
    ("nitrous_oxide", confounders.nitrous_oxide, "Nitrous oxide is being ordered"),
)
_STANDING = {
    "deficient": "results fit B12 deficiency",
    "functional_deficiency": "results fit a functional B12 deficiency",
    "indeterminate": "results leave B12 deficiency open",
}
#: The levels that taking B12 changes.
_LEVELS = ("b12", "holotc")


def order_cards(orders: Ordered, assessed: Sequence[Assessed], maker: Maker) -> list[dict[str, Any]]:
    """Return the cards that the orders call for."""
    measured = [one for one in assessed if one.result.status != "not_assessed"]
    # Several draws may each have the newest result of a marker: deficiency is possible if one of them leaves it open.
    possible = next((one for one in measured if one.result.status in _STANDING), None)
    cards = []
    for term, rule, opening in _RISKS:
        if term not in orders.terms:
            continue
        if possible is not None:
            cards.append(_with_results(term, rule, opening, orders, possible, maker))
        elif not measured or maker.data.unused:
            cards.append(_without_results(term, rule, opening, orders, maker))
    treated = "group:recent_b12" in term_groups(
        {*orders.terms, *(term for one in assessed for term in one.draw.panel.terms)}
    )
    if treated and orders.tests & set(_LEVELS):
        cards.append(_level_under_treatment(measured, maker))
    return cards


def _with_results(
    term: str, rule: Finding, opening: str, orders: Ordered, possible: Assessed, maker: Maker
) -> dict[str, Any]:
    result, draw = possible.result, possible.draw
    tests = tuple(test.analyte for test in result.next_tests if test.analyte not in orders.tests)
    line = summary(f"{opening}; {_STANDING[result.status]}", possible, maker.data)
    return maker.card(
        f"{term}|{draw.time}", line, "warning", detail.of_results(result, draw, maker.data, _words(rule)), tests
    )


def _without_results(term: str, rule: Finding, opening: str, orders: Ordered, maker: Maker) -> dict[str, Any]:
    none = "" if maker.data.unused else "The data received has no result of a marker of B12 status."
    unused = detail.problems(detail.of_markers(maker.data))
    text = detail.joined(_words(rule), none, unused, detail.closing(maker.data, maker.guideline.title))
    line = f"{opening}, and no B12 result {'could be used' if unused else 'is in the data received'}"
    ordered_already = bool(orders.tests & set(B12_MARKERS))
    return maker.card(f"{term}|none", line, "info", text, () if ordered_already or unused else ("b12",))


def _level_under_treatment(measured: Sequence[Assessed], maker: Maker) -> dict[str, Any]:
    tables = [detail.table_of(one.result, one.draw, maker.data) for one in measured[:1]]
    text = detail.joined(_words(confounders.recent_b12), *tables, detail.closing(maker.data, maker.guideline.title))
    return maker.card(
        "level", "A B12 level is being ordered while B12 is taken: it rises whatever the tissue stores", "info", text
    )


def _words(rule: Finding) -> str:
    """Return the sentence of a rule, with its sources."""
    return detail.said(Statement(code=rule.code, text=rule.says, sources=rule.sources))

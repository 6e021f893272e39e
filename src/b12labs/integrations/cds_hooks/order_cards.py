"""Cards about what is being ordered, in the words of the rules: folic acid, nitrous oxide, a B12 level under treatment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from b12labs.integrations.cds_hooks import detail
from b12labs.integrations.cds_hooks.cards import Assessed, Maker, summary
from b12labs.integrations.cds_hooks.options import Options
from b12labs.integrations.cds_hooks.orders import Ordered
from b12labs.interpretation import Statement
from b12labs.limits import bound
from b12labs.logic import Finding
from b12labs.one_patient import B12_MARKERS
from b12labs.rules import advice, confounders
from b12labs.vocabulary import term_groups

__all__ = ["order_cards"]

#: What is ordered, what the rules say to it, and how the card opens.
_RISKS: tuple[tuple[str, Finding, str], ...] = (
    ("folic_acid", advice.folate_before_b12, "Folic acid is being ordered"),
    ("nitrous_oxide", confounders.nitrous_oxide, "Nitrous oxide is being ordered"),
)
_STANDING = {
    "deficient": "results fit B12 deficiency",
    "functional_deficiency": "results fit a functional B12 deficiency",
    "indeterminate": "results leave B12 deficiency open",
}
#: The levels that B12 taken moves.
_LEVELS = ("b12", "holotc")


def order_cards(orders: Ordered, assessed: Sequence[Assessed], maker: Maker, options: Options) -> list[dict[str, Any]]:
    """Return the cards that the orders call for."""
    measured = [one for one in assessed if one.result.status != "not_assessed"]
    # Several draws may each have the newest result of a marker: deficiency is possible where one of them leaves it so.
    possible = next((one for one in measured if one.result.status in _STANDING), None)
    cards = []
    for term, rule, opening in _RISKS:
        if term in orders.terms and (possible is not None or not measured):
            cards.append(_risk(term, rule, opening, orders, possible, maker, options))
    treated = "group:recent_b12" in term_groups({*orders.terms, *(term for one in assessed for term in one.draw.panel.terms)})
    if treated and orders.tests & set(_LEVELS):
        cards.append(_level_under_treatment(measured, maker, options))
    return cards


def _risk(term: str, rule: Finding, opening: str, orders: Ordered, possible: Assessed | None, maker: Maker, options: Options) -> dict[str, Any]:
    sentence = detail.said(Statement(code=rule.code, text=rule.says, sources=rule.sources))
    if possible is None:
        known = maker.tests_to_suggest(("b12",))
        tests = () if orders.tests & set(B12_MARKERS) else known
        text = "\n\n".join([sentence, "No result that tells about B12 is in the data received.", detail.closing(maker.received.missing)])
        return maker.card(f"{term}|none", f"{opening}, and no B12 result is in the data received", "info", text, _source(options), tests)
    result = possible.result
    tests = maker.tests_to_suggest(tuple(test.analyte for test in result.next_tests if test.analyte not in orders.tests))
    text = detail.of_results(
        result, possible.draw, maker.received.missing, incomplete=maker.incomplete, elsewhere=maker.elsewhere, opening=sentence
    )  # fmt: skip
    line = summary(f"{opening}; {_STANDING[result.status]}", possible)
    return maker.card(f"{term}|{possible.draw.time}", line, "warning", text, detail.guideline_source(result), tests)


def _level_under_treatment(measured: Sequence[Assessed], maker: Maker, options: Options) -> dict[str, Any]:
    rule = confounders.recent_b12
    parts = [detail.said(Statement(code=rule.code, text=rule.says, sources=rule.sources))]
    parts += [detail.basis(one.result, one.draw) for one in measured[:1]]
    parts.append(detail.closing(maker.received.missing))
    line = "A B12 level is being ordered while B12 is taken: it rises whatever tissue holds"
    return maker.card("level", line, "info", "\n\n".join(part for part in parts if part), _source(options))


def _source(options: Options) -> str:
    return bound(options.guideline).guideline.source

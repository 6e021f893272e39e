"""The names: every analyte with its units, codes and limits, every context term with its codes, the bibliography."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite

from b12labs.catalogue.entries import CatalogueEntry, catalogue
from b12labs.catalogue.page import place_of
from b12labs.inputs.units import accepted_units, factor
from b12labs.reference import CONTEXT_FIELDS, Analyte, Doubt, Term, analytes, context, sources, units
from site_pages.headings import slug

__all__ = ["page"]

_HEAD = """# Nomenclature

Every name that b12labs reads and prints: analytes with their units and codes, context terms, and sources. `make generated` makes this page from
`reference_ranges/`.

- A **key** is the name of a column or keyword: `interpret(b12="145 pg/mL")`. Any synonym, in any case, is read as the same.
- **Units** are UCUM. The canonical unit comes first, and the factor turns a value into it. Other spellings of these units are read too. A spelling that
  looks like another unit is refused with the reason. `b12labs units b12` lists them.
- **Values outside the plausible window** are set aside with a problem, since the unit is then more likely wrong than the patient. The window is not a
  reference interval; those are in [the rules](rules.md), by guideline.
- **A number that would be ordinary in the neighboring unit** is read as both, and its unit is asked for first. Either case makes the answer at least
  prompt.
- `[source]`, `[secondary]`, `[derived]`, `[unconfirmed]` and `[design]` mark how a number was checked:
  [how it decides](how-it-decides.md#every-answer-can-be-read-back).

Codes of laboratory tests are LOINC's; see NOTICE for its terms of use.
"""


def page() -> str:
    """Return docs/nomenclature.md."""
    rules = catalogue([])
    lines = [_HEAD, "## Analytes", "", "| analyte | key | canonical unit | LOINC |", "|---|---|---|---|"]
    lines += [
        f"| [{each.name}](#{slug(each.name)}) | `{each.key}` | {_unit(each.unit)} | {', '.join(each.loinc)} |"
        for each in analytes().values()
    ]
    for each in analytes().values():
        lines += ["", *_analyte(each, rules)]
    lines += [
        "",
        "## Context",
        "",
        "Facts from the patient's history. A term is read by its key or any synonym. The rules ask for a group of terms.",
    ]
    for name in CONTEXT_FIELDS:
        terms = [term for term in context().terms.values() if term.field == name]
        lines += [
            "",
            f"### {name.replace('_', ' ').capitalize()}",
            "",
            "| term | key | codes | groups |",
            "|---|---|---|---|",
        ]
        lines += [f"| {term.label} | `{term.key}` | {', '.join(term.codes)} | {_groups(term)} |" for term in terms]
    lines += ["", "## Sources", "", "| key | short | source |", "|---|---|---|"]
    lines += [f"| `{source.key}` | {source.short} | {_cited(source.key)} |" for source in sources().values()]
    return "\n".join(lines) + "\n"


def _analyte(each: Analyte, rules: tuple[CatalogueEntry, ...]) -> Iterator[str]:
    yield f"### {each.name}\n"
    yield f"Key `{each.key}`, printed as {each.label}. Also read as: {', '.join(each.synonyms)}.\n"
    usual = dict.fromkeys((each.unit, *each.usual))
    yield f"- Units: {'; '.join(_with_factor(each, unit) for unit in usual)}."
    others = [unit for unit in accepted_units(each) if unit not in usual]
    if others:
        yield f"- Read too: {', '.join(_unit(unit) for unit in others)}."
    if each.molar_mass:
        mass = each.molar_mass
        yield f"- Molar mass: {mass.value:g} {mass.unit} ({mass.of}), {_short(mass.source)} [{mass.checked}]."
    words = " It may be reported as positive or negative." if each.qualitative else ""
    plausible = each.plausible
    yield (
        f"- Plausible: {plausible.low:g} to {plausible.high:g} {_unit(each.unit)}, {_short(plausible.source)} "
        f"[{plausible.checked}].{words}"
    )
    if each.doubt:
        yield f"- Read as both if its unit is in doubt: {_doubt(each.doubt)}."
    if each.limits:
        yield "- Limits that a guideline may give:"
        yield from (f"    - `{name}`: {limit.means}." for name, limit in each.limits.items())
    using = [
        rule for rule in rules if rule.kind == "finding" and set(re.findall(r"\w+", rule.expression)) & set(each.limits)
    ]
    if using:
        yield "- Rules that compare it:"
        yield from (f"    - {rule.meaning} [`{rule.code}`]({place_of(rule)})" for rule in using)


def _doubt(doubt: Doubt) -> str:
    ends = (
        f"above {doubt.above:g}" if doubt.above >= 0 else "",
        f"from {doubt.at_least:g}" if doubt.at_least else "",
        f"below {doubt.below:g}" if isfinite(doubt.below) else "",
        f"up to {doubt.at_most:g}" if isfinite(doubt.at_most) else "",
    )
    other = _unit(doubt.reads) if doubt.reads else "a thousandth"
    return f"{' and '.join(filter(None, ends))} {_unit(doubt.units[0])}, which may be {other}"


def _with_factor(each: Analyte, unit: str) -> str:
    return _unit(unit) if unit == each.unit else f"{_unit(unit)} × {factor(each.key, unit):.6g}"


def _unit(ucum: str) -> str:
    known = {unit.ucum for unit in units().units}
    return f"`{ucum}`" if ucum in known else ucum


def _groups(term: Term) -> str:
    return "; ".join(context().groups[group] for group in term.groups)


def _short(key: str) -> str:
    return sources()[key].short


def _cited(key: str) -> str:
    source = sources()[key]
    parts = [source.authors, source.title, source.publisher, str(source.year) if source.year else None]
    text = ". ".join(part.rstrip(".") for part in parts if part)
    link = source.url or (f"https://doi.org/{source.doi}" if source.doi else None)
    return f"{text}. <{link}>" if link else f"{text}."

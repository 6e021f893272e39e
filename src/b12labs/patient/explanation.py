"""The reason for a rule's outcome, from the rule itself: the comparisons that decided it, their limits and sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from b12labs.answer.parts import Evidence, Statement
from b12labs.inputs.measurement import Measurement
from b12labs.inputs.units import factor
from b12labs.limits.stratified import Limits
from b12labs.logic.language import TRUE, UNKNOWN, AtLeast, Combine, Compare, Expression, Finding, Limit, Reported
from b12labs.logic.operations import flag_key
from b12labs.logic.program import Truths, Values
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.next_tests import measured_in
from b12labs.reference import analytes, context, sources
from b12labs.text import interval

__all__ = ["LABORATORY", "evidence", "laboratory_limit", "limit_text", "printed_limit", "relation", "statements"]

#: The source of a limit that the laboratory gave.
LABORATORY = {"source": "laboratory", "source_name": "laboratory", "checked": "as reported"}


def evidence(node: Expression, values: Values) -> tuple[Evidence, ...]:
    """Return the evidence that decided a rule, one entry per comparison; context terms are marked as reported."""
    return tuple(_evidence(values.program.slot(node), values).values())


def statements(rules: Iterable[Finding], values: Truths) -> tuple[Statement, ...]:
    """Return the sentences of the findings that hold."""
    return tuple(
        Statement(code=rule.code, text=rule.says, sources=rule.sources) for rule in rules if values.of(rule) == TRUE
    )


Entries = dict[tuple[str, str, str], Evidence]

_NOTHING: Entries = {}


def _evidence(slot: int, values: Values) -> Entries:
    """Return the evidence that decided a slot, by analyte (or the reported term), relation and limit.

    Many rules share parts; each part is explained once.
    """
    found: Entries | None = values.explained.get(slot)
    if found is None:
        found = values.explained[slot] = _found(slot, values)
    return found


def _found(slot: int, values: Values) -> Entries:
    truths = values.values
    truth, step = truths[slot], values.program.steps[slot]
    node = step.node
    if truth == UNKNOWN:
        return _NOTHING
    if len(step.parts) == 1:
        return _evidence(step.parts[0], values)
    if isinstance(node, Compare):
        return _by_limit(_compared(node, values))
    if isinstance(node, Reported):
        return _by_limit(_reported(node, values)) if truth == TRUE else _NOTHING
    # One part that fails is enough to refute "all of", one that holds to establish "any of".
    is_enough = isinstance(node, Combine) and (node.operator == "and") != (truth == TRUE)
    if is_enough or isinstance(node, AtLeast):
        return _together([part for part in step.parts if truths[part] == truth], values)
    return _together(step.parts, values)


def _by_limit(entries: Iterable[Evidence]) -> Entries:
    return {(entry.analyte or entry.label, entry.relation, entry.limit): entry for entry in entries}


def _together(slots: Sequence[int], values: Values) -> Entries:
    """Return the entries of several parts; the first of two entries about the same limit is kept."""
    found = _NOTHING
    for slot in slots:
        part = _evidence(slot, values)
        if part and part is not found:
            found = {**found, **part, **found} if found else part
    return found


def _reported(leaf: Reported, values: Values) -> Iterator[Evidence]:
    if leaf.name == "female":
        return
    inputs = _of_patient(values)
    terms = context().terms
    if leaf.name == "pregnant":
        names = ["pregnancy"]
    else:
        group = leaf.name.removeprefix("group:")
        names = [
            terms[key].label for key in sorted(inputs.panel.terms) if key == leaf.name or group in terms[key].groups
        ]
    for name in names:
        yield Evidence(
            analyte="",
            label=name,
            value="",
            relation="reported",
            limit="",
            source="",
            source_name="as given",
            checked="",
        )


def _of_patient(values: Values) -> PatientInputs:
    assert isinstance(values.inputs, PatientInputs)
    return values.inputs


def relation(leaf: Compare, *, holds: bool) -> str:
    """Return how the left quantity compares with the right one: `below`, `not above`."""
    return f"{'' if holds else 'not '}{'below' if leaf.operator == '<' else 'above'}"


def _compared(leaf: Compare, values: Values) -> Iterator[Evidence]:
    inputs, flagged = _of_patient(values), flag_key(leaf.left)
    results = inputs.panel.results
    shown = [key for key in measured_in(leaf.left) if key in results]
    if not shown:
        return
    stands = relation(leaf, holds=values.of(leaf) == TRUE)
    for key in shown[:1] if flagged in shown else shown:
        result = results[key]
        label = analytes()[key].label
        if not result.measured and result.flag:
            yield Evidence(
                analyte=key,
                label=label,
                value=result.given,
                relation="by the laboratory's interval",
                limit="",
                **LABORATORY,
            )
            return
        value = result.given
        if key != flagged:
            low, high = values.of(leaf.left)
            value = f"{result.given} (so {_label(leaf.left)} {interval(low, high, '.3g')}{_unit(leaf.left)})"
        yield _against(key, label, value, stands, leaf.right, inputs)


def _label(node: Expression) -> str:
    key = flag_key(node)
    return analytes()[key].label if key else "the ratio"


def _unit(node: Expression) -> str:
    """Return the unit of a quantity, after a space; empty for a ratio."""
    key = flag_key(node)
    return f" {analytes()[key].unit}" if key else ""


def _against(key: str, label: str, value: str, relation: str, right: Expression, inputs: PatientInputs) -> Evidence:
    if not isinstance(right, Limit) or right.name not in inputs.limits.by_name:
        return Evidence(
            analyte=key,
            label=label,
            value=value,
            relation=relation,
            limit="a fixed number of the rule",
            source="b12labs-design",
            source_name=sources()["b12labs-design"].short,
            checked="design",
        )
    result = inputs.result(key)
    if inputs.limits[right.name].laboratory_decides and (own := inputs.own_interval(right.name)) is not None:
        return Evidence(
            analyte=key, label=label, value=value, relation=relation, limit=laboratory_limit(own, result), **LABORATORY
        )
    printed = _limit_members(inputs.limits, right.name, inputs.stratum, result.substance)
    return Evidence.of_members({"analyte": key, "label": label, "value": value, "relation": relation, **printed})


@lru_cache(maxsize=4096)
def _limit_members(limits: Limits, name: str, stratum: int, substance: bool) -> dict[str, str]:
    """Return the members of evidence that describe a limit."""
    if not limits.rows(name, stratum):
        return {"limit": "", **LABORATORY, "note": ""}
    members = ("limit", "source", "source_name", "checked", "note")
    return dict(zip(members, printed_limit(limits, name, stratum, substance=substance), strict=True))


def laboratory_limit(own: float, result: Measurement) -> str:
    """Return an end of the laboratory's own interval in the unit in which the result was reported."""
    return f"{own / (factor(result.analyte, result.unit) if result.unit else 1.0):g} {result.unit}".strip()


def limit_text(key: str, name: str, inputs: PatientInputs) -> str:
    """Return the limit that applies to a patient's result of an analyte, as it is printed.

    The text is empty if there is none.
    """
    own, result = inputs.own_interval(name), inputs.result(key)
    if inputs.limits[name].laboratory_decides and own is not None:
        return laboratory_limit(own, result)
    if not inputs.limits.rows(name, inputs.stratum):
        return ""
    return printed_limit(inputs.limits, name, inputs.stratum, substance=result.substance)[0]


@lru_cache(maxsize=4096)
def printed_limit(limits: Limits, name: str, stratum: int, *, substance: bool) -> tuple[str, str, str, str, str]:
    """Return a limit as its guideline prints it, with its source by key and name, `checked`, and its note."""
    limit = limits[name]
    texts = sorted({limit.text(cell, substance=substance) for cell in limits.strata.cells(stratum)} - {""})
    rows = limits.rows(name, stratum)
    profile, row = rows[0]
    is_made_of_two = all(len(limits.matches(name, *cell)) > 1 for cell in limits.strata.cells(stratum))
    named = rows[:2] if is_made_of_two else rows[:1]
    short = " and ".join(dict.fromkeys(sources()[each.source].short for _, each in named))
    checked = "derived" if is_made_of_two else row.checked
    note = row.note or ""
    if profile.key != limits.guideline.key and name in limits.guideline.laboratory_decides:
        note = "; ".join(part for part in (note, f"{sources()[limits.guideline.source].short} gives no number") if part)
    return " or ".join(texts), row.source, short, checked, note

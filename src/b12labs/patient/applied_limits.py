"""The limits that one patient's result was compared with: those in a picture of the result."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, lru_cache
from typing import Literal

from b12labs.answer.parts import AppliedLimit, bounded
from b12labs.inputs.measurement import Measurement
from b12labs.limits.stratified import Limits
from b12labs.logic.language import FALSE, TRUE, UNKNOWN, Compare, Limit
from b12labs.logic.operations import flag_key
from b12labs.logic.program import Values
from b12labs.patient.explanation import LABORATORY, laboratory_limit, printed_limit
from b12labs.patient.inputs import PatientInputs
from b12labs.reference import analytes, limit_names
from b12labs.rules import FINDINGS

__all__ = ["STATES", "applied_limits", "compared", "comparisons"]


#: A truth as an answer holds it.
STATES: dict[int, bool | None] = {TRUE: True, UNKNOWN: None, FALSE: False}


@cache
def comparisons() -> dict[str, Compare]:
    """Return the comparison with each limit of the rules, by the limit's name.

    A comparison that is a finding by itself takes precedence.
    """
    leaves = [rule.when for rule in FINDINGS] + [node for rule in FINDINGS for node in rule.when.walk()]
    found: dict[str, Compare] = {}
    for node in leaves:
        if (
            isinstance(node, Compare)
            and isinstance(node.right, Limit)
            and flag_key(node.left) == limit_names().get(node.right.name)
        ):
            found.setdefault(node.right.name, node)
    return found


@cache
def _unconditional(key: str) -> tuple[str, ...]:
    """Return the limits that hold for every patient.

    Each is a finding by itself, or an end of the laboratory's own interval.
    """
    alone = {rule.when for rule in FINDINGS if isinstance(rule.when, Compare)}
    names = [name for name in analytes()[key].limits if name in comparisons()]
    plain = [
        name
        for name in names
        if comparisons()[name] in alone or analytes()[key].limits[name].laboratory in ("low", "high")
    ]
    # Other limits apply only under a condition, such as inflammation. An analyte with only such limits shows them all.
    return tuple(plain or names)


def applied_limits(key: str, values: Values, decided: Collection[tuple[str, str]]) -> tuple[AppliedLimit, ...]:
    """Return the limits that a result was compared with, in the analyte's order.

    `decided` holds the (analyte, limit) pairs of the evidence.
    """
    inputs = values.inputs
    assert isinstance(inputs, PatientInputs)
    result, found = inputs.result(key), []
    if not result.measured:
        return ()
    for name, comparison, holds_for_all, decides, printed in _limits_of(
        key, inputs.limits, inputs.stratum, result.substance
    ):
        if result.flag and inputs.flag_decides(name):
            continue
        state = STATES[values.of(comparison)]
        own = inputs.own_interval(name) if decides else None
        if own is not None:
            limit = _of_laboratory(name, own, result, state)
        elif printed:
            limit = printed[state]
        else:
            continue
        if holds_for_all or (key, limit.text) in decided:
            found.append(limit)
    return tuple(found)


@lru_cache(maxsize=4096)
def _limits_of(
    key: str, limits: Limits, stratum: int, substance: bool
) -> tuple[tuple[str, Compare, bool, bool, dict[bool | None, AppliedLimit]], ...]:
    """Return an analyte's limits, each with its comparison and whether it holds for every patient.

    Then follow whether the laboratory decides, and the limit as printed, by the state of the result; empty if it has
    none.
    """
    return tuple(
        (
            name,
            comparisons()[name],
            name in _unconditional(key),
            limits[name].laboratory_decides,
            {state: _of_guideline(limits, name, stratum, substance, state) for state in STATES.values()}
            if limits.rows(name, stratum)
            else {},
        )
        for name in analytes()[key].limits
        if name in comparisons() and limits.standing_in(name) == name
    )


def _of_laboratory(name: str, own: float, result: Measurement, holds: bool | None) -> AppliedLimit:
    text = laboratory_limit(own, result)
    return AppliedLimit(
        name=name, side=_side(name), low=own, high=own, text=text, unit=result.unit, holds=holds, **LABORATORY
    )


def _of_guideline(limits: Limits, name: str, stratum: int, substance: bool, holds: bool | None) -> AppliedLimit:
    low, high = limits[name].at(stratum, substance=substance)
    text, source, source_name, checked, note = printed_limit(limits, name, stratum, substance=substance)
    return AppliedLimit(
        name=name,
        side=_side(name),
        low=low,
        high=bounded(high),
        text=text,
        unit=text.rpartition(" ")[2],
        holds=holds,
        source=source,
        source_name=source_name,
        checked=checked,
        note=note,
    )


def _side(name: str) -> Literal["below", "above"]:
    return "below" if comparisons()[name].operator == "<" else "above"


def compared(key: str, values: Values) -> tuple[float, float] | None:
    """Return the value that is compared with the limits, if it is not the result itself.

    It is hemoglobin minus the effect of elevation and smoking.
    """
    inputs = values.inputs
    assert isinstance(inputs, PatientInputs)
    result = inputs.result(key)
    first = _first_comparison(key)
    if first is None or not result.measured:
        return None
    pair: tuple[float, float] = values.of(first.left)
    return None if pair == (result.low, result.high) else pair


@cache
def _first_comparison(key: str) -> Compare | None:
    return next((comparisons()[name] for name in analytes()[key].limits if name in comparisons()), None)

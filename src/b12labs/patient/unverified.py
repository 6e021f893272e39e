"""Results that cannot be used unchanged, and their urgency if they are real."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from b12labs.answer.answers import VERDICTS
from b12labs.answer.parts import Unverified
from b12labs.inputs.measurement import Measurement
from b12labs.inputs.panel import Panel
from b12labs.limits.stratified import Limits
from b12labs.logic.language import TruthValue
from b12labs.logic.open import outcomes, single_outcome
from b12labs.logic.program import Program
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.compiled import B12_MARKERS, VERDICT_RULES, status_statement
from b12labs.reference import analytes
from b12labs.reference.unit_labels import with_labels
from b12labs.rules.unverified import UNVERIFIED, unverified_result
from b12labs.text import printable, shortened

__all__ = ["unverified_results", "with_unverified"]


def unverified_results(panel: Panel, limits: Limits, unreported: TruthValue) -> tuple[Unverified, ...]:
    """Return every result of a panel that takes part in the answer and cannot be used unchanged."""
    return tuple(
        _doubtful(panel, limits, panel.results[key], unreported)
        if key in panel.results
        else _set_aside(panel, limits, key, unreported)
        for key in UNVERIFIED
        if panel.is_unverified(key)
    )


def with_unverified(status: str, found: tuple[Unverified, ...]) -> str:
    """Return the sentence of a status, with the results that could not be used."""
    set_aside = [_in_a_sentence(each.label) for each in found if not each.other]
    doubtful = [_in_a_sentence(each.label) for each in found if each.other]
    # A marker that was given and set aside was measured.
    lost = status == "not_assessed" and any(each.analyte in B12_MARKERS for each in found)
    return " ".join(
        [
            *([] if lost else [status_statement(status)]),
            *_given(set_aside, "could not be used."),
            *_given(doubtful, "may be in another unit."),
        ]
    )


def _in_a_sentence(label: str) -> str:
    """Return a label inside a sentence: `platelets`, but `MCV` and `HoloTC` unchanged."""
    return label.lower() if label[1:].islower() else label


def _given(labels: list[str], what: str) -> list[str]:
    # Labels of cells are plural: "the platelets that were given".
    were = "was" if len(labels) == 1 and not labels[0].endswith("s") else "were"
    return [f"The {' and '.join(labels)} that {were} given {what}"] if labels else []


def _set_aside(panel: Panel, limits: Limits, key: str, unreported: TruthValue) -> Unverified:
    analyte, given = analytes()[key], shortened(printable(panel.set_aside[key]))
    edges = (analyte.plausible.low, analyte.plausible.high)
    real = (Measurement(key, edge, edge, analyte.unit, given) for edge in edges)
    worst = min((_urgency(panel, limits, each, unreported) for each in real), key=_rank)
    said = (
        f"{analyte.label} {with_labels(given)} was set aside and could not be used. "
        f"Verify it with the laboratory first. If it is real, the urgency is at most {worst}."
    )
    return _unverified(key, given, "", worst, said)


def _doubtful(panel: Panel, limits: Limits, result: Measurement, unreported: TruthValue) -> Unverified:
    given = shortened(printable(result.given))
    readings = (result.as_it_stands(), result.in_the_other_unit())
    stated, other = (_urgency(panel, limits, reading, unreported) for reading in readings)
    one, two = with_labels(given), with_labels(result.other)
    worse, better = sorted(((stated, one), (other, two)), key=lambda reading: _rank(reading[0]))
    if_real = f"{worse[0].capitalize()} if it is {worse[1]}, {better[0]} if it is {better[1]}."
    if stated == other:
        if_real = f"{stated.capitalize()} in either unit."
    said = f"{analytes()[result.analyte].label} {one} may be {two}. Verify its unit with the laboratory first."
    return _unverified(result.analyte, given, result.other, worse[0], f"{said} {if_real}")


def _unverified(key: str, given: str, other: str, urgency: str, said: str) -> Unverified:
    return Unverified(
        analyte=key,
        label=analytes()[key].label,
        given=given,
        other=other,
        urgency=urgency,  # type: ignore[arg-type]  # pydantic checks the word
        statement=said,
        sources=unverified_result.sources,
    )


@cache
def _program() -> Program:
    return Program([VERDICT_RULES["urgency"]])


def _urgency(panel: Panel, limits: Limits, result: Measurement, unreported: TruthValue) -> str:
    """Return the urgency of a panel with this result in it."""
    key = result.analyte
    real = replace(
        panel,
        results={**panel.results, key: result},
        set_aside={other: given for other, given in panel.set_aside.items() if other != key},
    )
    values = _program().run(PatientInputs(real, limits, unreported=unreported))
    decided = single_outcome(VERDICT_RULES["urgency"], outcomes(VERDICT_RULES["urgency"], values), at_least=True)
    return VERDICTS["urgency"].word(decided)


def _rank(urgency: str) -> int:
    """Return the rank of an urgency, the most urgent first."""
    return VERDICT_RULES["urgency"].outcomes.index(urgency)

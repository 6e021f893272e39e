"""The probability of each status if the person's own levels are drawn around the results."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from b12labs.answer.answers import VERDICTS
from b12labs.inputs.panel import Panel
from b12labs.inputs.variation import Variation, probability_below
from b12labs.limits.stratified import Limits
from b12labs.logic.language import TRUE, UNKNOWN, Compare, Limit, TruthValue
from b12labs.logic.open import single_outcome
from b12labs.logic.operations import flag_key
from b12labs.logic.program import Values
from b12labs.logic.scalars import Pair
from b12labs.patient.certainty.model import LimitDoubt
from b12labs.patient.explanation import limit_text, relation
from b12labs.patient.inputs import PatientInputs
from b12labs.patient.rows import possible_statuses
from b12labs.reference import analytes
from b12labs.rules.b12_status import status as status_verdict

__all__ = ["doubts", "probabilities"]


def doubts(exact: Values, known: dict[str, Variation]) -> list[LimitDoubt]:
    """Return every result with every limit that affects the status, if both are single numbers.

    The most doubtful pair comes first.
    """
    inputs = exact.inputs
    assert isinstance(inputs, PatientInputs)
    found: dict[tuple[str, str], LimitDoubt] = {}
    for slot in exact.program.below(status_verdict):
        leaf = exact.program.steps[slot].node
        if not isinstance(leaf, Compare) or not isinstance(leaf.right, Limit):
            continue
        key = flag_key(leaf.left)
        if key is None or key not in known or not inputs.result(key).measured:
            continue
        (low, high), (least, most) = exact.of(leaf.left), exact.of(leaf.right)
        if low != high or least != most or exact.values[slot] == UNKNOWN:
            continue
        if inputs.flag(key) and inputs.flag_decides(leaf.right.name):
            continue  # the distance from the laboratory's own limit is unknown
        # The result varies. If something is subtracted from it, such as for elevation, the limit is raised as much.
        value = inputs.result(key).low
        below = probability_below(least + value - low, value, known[key].spread)
        holds = exact.values[slot] == TRUE
        other = 1 - below if (leaf.operator == "<") == holds else below
        found[key, leaf.right.name] = LimitDoubt(
            analyte=key,
            label=analytes()[key].label,
            value=inputs.result(key).given,
            relation=relation(leaf, holds=holds),
            limit=limit_text(key, leaf.right.name, inputs),
            other_side=round(other, 4),
        )
    return sorted(found.values(), key=lambda doubt: -doubt.other_side)


@lru_cache(maxsize=8)
def _normals(seed: int, samples: int) -> Any:
    import numpy

    return dict(
        zip(analytes(), numpy.random.default_rng(seed).standard_normal((len(analytes()), samples)), strict=True)
    )


def probabilities(
    panel: Panel, limits: Limits, unreported: TruthValue, known: dict[str, Variation], samples: int, seed: int
) -> dict[str, float]:
    """Return the share of draws with each status, the most frequent first."""
    import numpy

    normals = _normals(seed, samples)
    drawn: dict[str, Pair] = {}
    for key, result in panel.results.items():
        if result.measured and key in known:
            factor = numpy.exp(known[key].spread * normals[key])
            low = result.low * factor
            drawn[key] = (low, low if result.low == result.high else result.high * factor)
    possible = possible_statuses(panel, limits, drawn, samples, unreported=unreported)
    shares: dict[str, float] = {}
    for bits, count in enumerate(numpy.bincount(possible).tolist()):
        if count:
            status = VERDICTS["status"].word(single_outcome(status_verdict, bits))
            shares[status] = shares.get(status, 0.0) + count / samples
    return dict(sorted(shares.items(), key=lambda share: -share[1]))

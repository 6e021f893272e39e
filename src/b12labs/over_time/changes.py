"""The changes between two draws that exceed variation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from b12labs.inputs.variation import Variation, reference_change
from b12labs.logic.expressions import INF
from b12labs.logic.scalars import ANYTHING, Pair
from b12labs.over_time.series import D, Draw, SeriesDraw
from b12labs.reference import analytes
from b12labs.reference.frozen import Answered
from b12labs.reference.unit_labels import with_labels

__all__ = [
    "Change",
    "change_of",
    "changes_before_and_after",
    "changes_since_last",
    "judged_change",
    "pairs_before_and_after",
]


class Change(Answered):
    """The change of one analyte between two draws.

    `change` is a share of the first result, or None if one of the two is not a single number. `fall` and `rise` are
    the reference change values, or None if no variation is known. `real` is whether the change exceeds variation, or
    None if that is unknown; `why` is then the reason.
    """

    analyte: str
    label: str
    before: str
    before_date: date
    after: str
    after_date: date
    change: float | None
    fall: float | None
    rise: float | None
    real: bool | None
    direction: str
    why: str = ""
    sources: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = {True: f"a real {self.direction}", False: "no real change", None: f"cannot tell: {self.why}"}[self.real]
        share = "" if self.change is None else f" ({self.change:+.0%})"
        return f"{self.label}: {with_labels(self.before)} -> {with_labels(self.after)}{share}, {said}"


class JudgedChange(NamedTuple):
    """The interval of the second result as a share of the first, and the judgment of that change."""

    low: float
    high: float
    fall: float | None
    rise: float | None
    real: bool | None
    direction: str
    why: str


def changes_before_and_after(
    draws: Sequence[SeriesDraw], started: date, known: Mapping[str, Variation]
) -> list[Change]:
    """Return the change of each analyte from its last value before treatment to its last after the start."""
    return [change_of(key, before, last, known) for key, before, last in pairs_before_and_after(draws, started)]


def pairs_before_and_after(draws: Sequence[D], started: date) -> Iterator[tuple[str, D, D]]:
    """Yield each analyte with the draws of its last value before treatment and of its last after the start.

    If it has none before treatment, its first draw after the start is used.
    """
    for key in analytes():
        held = [draw for draw in draws if draw.result(key) is not None]
        if len(held) < 2:
            continue
        earlier = [draw for draw in held if draw.when <= started]
        before = earlier[-1] if earlier else held[0]
        if held[-1] is not before:
            yield key, before, held[-1]


def changes_since_last(draws: list[SeriesDraw], known: Mapping[str, Variation]) -> list[Change]:
    """Return the change of each analyte from its second last value to its last."""
    held = {key: [draw for draw in draws if draw.result(key) is not None][-2:] for key in analytes()}
    return [change_of(key, two[0], two[1], known) for key, two in held.items() if len(two) == 2]


def change_of(key: str, before: SeriesDraw, after: SeriesDraw, known: Mapping[str, Variation]) -> Change:
    """Return the change of an analyte between two draws that both measured it."""
    judged = judged_change(key, before, after, known)
    return Change(
        analyte=key,
        label=analytes()[key].label,
        before=before.panel.results[key].given,
        before_date=before.when,
        after=after.panel.results[key].given,
        after_date=after.when,
        change=judged.low - 1 if judged.low == judged.high else None,
        fall=judged.fall,
        rise=judged.rise,
        real=judged.real,
        direction=judged.direction,
        why=judged.why,
        sources=known[key].sources if key in known else (),
    )


def judged_change(key: str, before: Draw, after: Draw, known: Mapping[str, Variation]) -> JudgedChange:
    """Judge the change of an analyte between two draws that both measured it."""
    one, other = before.result(key) or ANYTHING, after.result(key) or ANYTHING
    variation = known.get(key)
    fall, rise = reference_change(variation) if variation else (None, None)
    low, high = _ratio(one, other)
    return JudgedChange(low, high, fall, rise, *_judged(low, high, fall, rise, before.laboratory, after.laboratory))


def _ratio(one: Pair, other: Pair) -> Pair:
    """Return the interval of the second result as a share of the first."""
    low = other[0] / one[1] if one[1] > 0 and other[0] > 0 else 0.0
    high = other[1] / one[0] if one[0] > 0 else INF
    return low, high


def _judged(
    low: float, high: float, fall: float | None, rise: float | None, laboratory: str, other: str
) -> tuple[bool | None, str, str]:
    direction = "rise" if low > 1 else "fall" if high < 1 else "none" if low == high == 1 else "unknown"
    if laboratory != other and laboratory and other:
        return None, direction, "the laboratory changed, and so may the method"
    if fall is None or rise is None:
        return None, direction, "no variation of this analyte is known"
    if low > 1 + rise or high < 1 + fall:
        return True, direction, ""
    if low >= 1 + fall and high <= 1 + rise:
        return False, direction, ""
    return None, direction, "a result is not a single number, and its interval leaves it open"

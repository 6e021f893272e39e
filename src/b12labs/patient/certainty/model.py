"""The certainty of an interpretation, as data and in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Annotated

from b12labs.answer.by_name import Named
from b12labs.answer.citing import cite
from b12labs.patient.turning_points import TurningPoint
from b12labs.reference import analytes
from b12labs.reference.frozen import Answered
from b12labs.text import WIDTH, as_words

__all__ = ["Certainty", "LimitDoubt", "VerdictCertainty", "as_text"]

_HEAD = {
    True: "The status is robust: another draw would give the same.",
    False: "The status is borderline: another draw might give another.",
}

NOTE = "Reflects only measurement and day-to-day variation, not the probability of disease."


class LimitDoubt(Answered):
    """One result and one limit that affects the status.

    `other_side` is the probability that the person's own level is on the other side of the limit.
    """

    analyte: str
    label: str
    value: str
    relation: str
    limit: str
    other_side: float


class VerdictCertainty(Answered):
    """One verdict: `possible` are the outcomes of another draw, and `repeat` the analytes to measure again.

    `robust` is None if the verdict is undecided, or depends on a marker of B12 with no published variation.
    """

    code: str
    decided: str | None
    robust: bool | None
    possible: tuple[str, ...] = ()
    repeat: tuple[str, ...] = ()

    @property
    def unsaid(self) -> str:
        """Return the reason why it is neither robust nor borderline."""
        return (
            "undecided"
            if self.decided is None
            else "unknown, because it depends on a result with no published variation"
        )


class Certainty(Answered):
    """The certainty of the status and of every other verdict.

    `probabilities` are of each status, over draws around the results. They are empty if no marker of B12 could be
    drawn, or if the status depends on one that could not. `unknown_variation` names the analytes without a known
    variation or without a number; they were taken as exact. `sources` are those of the variations used.
    """

    robust: bool | None
    repeat: tuple[str, ...]
    probabilities: dict[str, float]
    limits: tuple[LimitDoubt, ...]
    verdicts: Annotated[dict[str, VerdictCertainty], Named()]
    unknown_variation: tuple[str, ...]
    sources: tuple[str, ...]
    samples: int
    note: str = NOTE

    def __str__(self) -> str:
        said = {True: "robust", False: "borderline", None: self.verdicts["status"].unsaid}[self.robust]
        shares = f" ({self.shares})" if self.probabilities else ""
        again = f"; repeat {', '.join(analytes()[key].label for key in self.repeat)}" if self.repeat else ""
        exact = (
            f" Taken as exact: {', '.join(analytes()[key].label for key in self.unknown_variation)}."
            if self.unknown_variation
            else ""
        )
        return f"{said}{again}{shares}.{exact} {self.note}"

    @property
    def shares(self) -> str:
        """The probabilities in words; those that round to 0 % are left out."""
        return ", ".join(
            f"{as_words(status)} {share:.0%}" for status, share in self.probabilities.items() if share >= 0.005
        )


def as_text(certainty: Certainty, points: Iterable[TurningPoint]) -> str:
    """Return the lines on the certainty of the status, and on the values at which it would turn."""
    said = [
        _HEAD[certainty.robust]
        if certainty.robust is not None
        else f"Robustness of the status: {certainty.verdicts['status'].unsaid}."
    ]
    if certainty.repeat:
        said.append(f"Measure again: {', '.join(analytes()[key].label for key in certainty.repeat)}.")
    if certainty.probabilities:
        said.append(f"In {certainty.samples} draws around these results: {certainty.shares} {cite(certainty.sources)}.")
    if certainty.unknown_variation:
        said.append(
            f"Taken as exact, because no variation is known: "
            f"{', '.join(analytes()[key].label for key in certainty.unknown_variation)}."
        )
    said += [*(f"{point}." for point in points), certainty.note]
    lines = [
        line for text in said for line in textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
    ]
    return "\n".join(["How sure", *lines])

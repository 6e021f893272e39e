"""How sure an interpretation is, as text for a terminal (80 columns): under the report, where it is asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from b12labs.answer.report import cite
from b12labs.patient.certainty import Certainty
from b12labs.patient.turning_points import TurningPoint
from b12labs.reference import analytes
from b12labs.text import WIDTH

__all__ = ["as_text"]

_HEAD = {
    True: "The status is robust: another draw would say the same.",
    False: "The status is borderline: another draw might say otherwise.",
}


def as_text(certainty: Certainty, points: Iterable[TurningPoint]) -> str:
    """Return the lines on how sure the status is, and where it would turn."""
    said = [
        _HEAD[certainty.robust]
        if certainty.robust is not None
        else f"Of the status: {certainty.verdicts['status'].unsaid}."
    ]
    if certainty.repeat:
        said.append(f"Measure again: {', '.join(analytes()[key].label for key in certainty.repeat)}.")
    if certainty.probabilities:
        said.append(f"Of {certainty.samples} draws around these results: {certainty.shares} {cite(certainty.sources)}.")
    if certainty.unknown_variation:
        said.append(
            f"Taken as exact, since no variation is known: "
            f"{', '.join(analytes()[key].label for key in certainty.unknown_variation)}."
        )
    said += [*(f"{point}." for point in points), certainty.note]
    lines = [
        line for text in said for line in textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
    ]
    return "\n".join(["How sure", *lines])

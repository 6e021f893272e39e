"""A follow-up as text for a terminal, 80 columns: the answer, what changed, what to think of, what is next."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from b12labs.report import NOTE, WIDTH, cite

if TYPE_CHECKING:
    from b12labs.over_time import FollowUp

__all__ = ["as_text"]


def as_text(found: FollowUp) -> str:
    """Return the report on a follow-up."""
    lines = [f"{found.response.replace('_', ' ').upper()} after {found.days} days: {found.statement}"]
    lines += [f"{said.text} {cite(said.sources)}" for said in found.because]
    parts = [
        ("Changes since before treatment", [str(change) for change in found.changes]),
        ("To think of", [f"{said.text} {cite(said.sources)}" for said in found.consider]),
        ("Remember", [f"{said.text} {cite(said.sources)}" for said in found.remember]),
        ("Next", [f"{check.when}: {check.what} {cite([check.source])}" for check in found.next_checks]),
        ("Problems", [problem.message for problem in found.problems]),
        ("Assumed", list(found.assumptions)),
    ]
    shown = [line for text in lines for line in textwrap.wrap(text, WIDTH, subsequent_indent="  ")]
    for title, texts in parts:
        if texts:
            shown += ["", title, *(line for text in texts for line in textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    "))]
    return "\n".join([*shown, "", NOTE])

"""An answer without the findings that do not hold (nine tenths of it), for a client that shows it."""

from __future__ import annotations

from typing import Literal

from b12labs.answer.parts import Answer, Finding
from b12labs.record import members_of

__all__ = ["CompactAnswer", "Detail", "compact"]

#: How much of an answer is written: everything, or only the findings that hold.
Detail = Literal["full", "holds"]


class CompactAnswer(Answer):
    """An interpretation without the findings that do not hold.

    `findings` has those that hold, with their evidence. `open_findings` are the codes of those that the results leave
    open. Any other finding of the rules that made it (`provenance`) does not hold.
    """

    findings: dict[str, Finding]
    open_findings: tuple[str, ...]


def compact(answer: Answer) -> CompactAnswer:
    """Return an answer without the findings that do not hold."""
    added = answer.model_extra or {}
    members = {name: getattr(answer, name) for name in members_of(type(answer)) if name != "findings"}
    # A compact answer that was read back has its open findings by code alone.
    still_open = [code for code, state in answer.states.items() if state is None] + [*added.get("open_findings", ())]
    found = {"findings": {each.code: each for each in answer.holding()}, "open_findings": tuple(still_open)}
    return CompactAnswer.model_construct(**{**added, **members, **found})

"""An answer without the findings that do not hold, which are nine tenths of it: what a client needs to show it."""

from __future__ import annotations

from typing import Literal

from b12labs.answer.parts import Answer, Finding

__all__ = ["CompactAnswer", "Detail", "compact"]

#: How much of an answer is written: everything, or of the findings those that hold.
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
    members = dict(answer)
    holding = {code: found for code, found in answer.findings.items() if found.state}
    still_open = [code for code, found in answer.findings.items() if found.state is None]
    # One that was compact when it was read back knows the open findings by their codes alone.
    still_open += members.get("open_findings", ())
    return CompactAnswer.model_construct(**{**members, "findings": holding, "open_findings": tuple(still_open)})

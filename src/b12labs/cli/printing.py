"""What commands print: JSON, and lists of names in 80 columns."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

from b12labs.text import WIDTH

if TYPE_CHECKING:
    from b12labs.patient.interpretation import Audience, Interpretation

__all__ = ["listed", "painted_report", "print_json"]


def print_json(data: Any) -> None:
    """Print data as JSON."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def painted_report(result: Interpretation, audience: Audience) -> str:
    """Return the report for an audience, in color where standard output is a terminal that takes it."""
    from b12labs.answer.report import as_text
    from b12labs.display.terminal import paint_for

    return as_text(result, paint_for()) if audience == "clinician" else result.to_text(audience=audience)


def listed(name: str, words: str, width: int) -> str:
    """Return a name and what it is, in 80 columns."""
    return textwrap.fill(f"{name:<{width - 1}} {words}", WIDTH, subsequent_indent=" " * width, break_on_hyphens=False)

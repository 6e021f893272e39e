"""Printing for commands: an answer or JSON, the summary of a file, and lists of names in 80 columns."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

from b12labs.cli.way_out import ways_out
from b12labs.text import WIDTH, printable

if TYPE_CHECKING:
    from b12labs.reference.frozen import Answered
    from b12labs.tables.counts.totals import Totals

__all__ = ["listed", "print_answer", "print_json", "print_totals", "print_written"]


def print_json(data: Any) -> None:
    """Print data as JSON."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def print_answer(answer: Answered, *, as_json: bool) -> None:
    """Print an answer as text or as JSON."""
    if as_json:
        print_json(answer.model_dump(mode="json"))
    else:
        print(answer)


def print_totals(totals: Totals, name: str, guideline: str, unused: tuple[str, ...], what: str) -> None:
    """Print the summary of a file, after the options that would make unusable analytes usable."""
    from b12labs.display.terminal import paint_for
    from b12labs.tables.counts.totals import as_lines

    paint = paint_for()
    lines = as_lines(totals, name, guideline, unused, what=what, paint=paint)
    print("\n".join([*ways_out(totals, what, paint), *lines]))


def print_written(to: str, about: str) -> None:
    """Print the path of the output, and its size."""
    from b12labs.display.terminal import paint_for

    print(f"\n{paint_for()('Written:', 'heading')} {printable(to)} ({about})")


def listed(name: str, words: str, width: int) -> str:
    """Return a name and its description, in 80 columns."""
    return textwrap.fill(f"{name:<{width - 1}} {words}", WIDTH, subsequent_indent=" " * width, break_on_hyphens=False)

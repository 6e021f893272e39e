"""Color on a terminal only: a pipe, a file and `NO_COLOR` (https://no-color.org) get plain words."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from b12labs.display.palette import STATUS_TERMINAL
from b12labs.text import Paint, plain

__all__ = ["paint_for"]

BOLD, RED, YELLOW = "1", "1;31", "33"
#: The color of a word by its role; a role that is not listed keeps the terminal's color.
_COLORS = {
    "heading": BOLD,
    "emergency": RED,
    "urgent": RED,
    "problem": YELLOW,
    **{f"status {status}": color for status, color in STATUS_TERMINAL.items()},
    **{f"headline {status}": f"1;{color}" for status, color in STATUS_TERMINAL.items()},
}


def paint_for(stream: TextIO | None = None) -> Paint:
    """Return the function that writes words to a stream: in color if the stream is a terminal with color."""
    return _painted if _takes_color(stream or sys.stdout) else plain


def _takes_color(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _painted(text: str, role: str) -> str:
    color = _COLORS.get(role)
    return f"\033[{color}m{text}\033[0m" if color else text

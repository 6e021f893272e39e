"""Color on a terminal, and nowhere else: a pipe, a file and `NO_COLOR` (https://no-color.org) get the plain words."""

from __future__ import annotations

import os
import re
import sys
from functools import partial
from typing import TextIO

from b12labs.answer.words import HEADLINES, STATUS_LABELS
from b12labs.display.palette import STATUS_TERMINAL

__all__ = ["colored"]

BOLD, RED, YELLOW = "1", "1;31", "33"
_STATUSES = {STATUS_LABELS[status]: code for status, code in STATUS_TERMINAL.items()}
_HEADLINES = {headline: f"1;{STATUS_TERMINAL[status]}" for status, headline in HEADLINES.items()}
#: What is colored in the texts of `explain` and of the summary: a pattern, and the color of its first group.
_RULES = [
    *((re.compile(rf"^({re.escape(headline)})", re.MULTILINE), code) for headline, code in _HEADLINES.items()),
    *((re.compile(rf"^  ({status}) +[\d,]+ .*%$", re.MULTILINE), code) for status, code in _STATUSES.items()),
    (re.compile(r"^.* ((?:emergency|urgent) · )", re.MULTILINE), RED),
    (re.compile(r"^(Look first at \(emergency\)|Look first at \(urgent\)|then at \(urgent\))", re.MULTILINE), RED),
    (re.compile(r"^(Decided by|Treatment route:|Cause|Next|Columns?(?= )|Written:)", re.MULTILINE), BOLD),
    (re.compile(r"^(Problems? (?:\([a-z_]+\):|in))", re.MULTILINE), YELLOW),
]


def colored(text: str, stream: TextIO | None = None) -> str:
    """Return a text of the command line as its stream shows it: in color where that is a terminal that takes it."""
    return _painted(text) if _takes_color(stream or sys.stdout) else text


def _takes_color(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _painted(text: str) -> str:
    for pattern, code in _RULES:
        text = pattern.sub(partial(_around, code), text)
    return text


def _around(code: str, found: re.Match[str]) -> str:
    start, end = (place - found.start() for place in found.span(1))
    whole = found[0]
    return f"{whole[:start]}\033[{code}m{whole[start:end]}\033[0m{whole[end:]}"

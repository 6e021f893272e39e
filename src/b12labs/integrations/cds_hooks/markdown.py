"""Texts from outside inside Markdown: shown literally; nothing in them acts as a tag, a link or markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

__all__ = ["escape", "fits", "one_line", "table"]

_MARKUP = re.compile(r"[\\`*_\[\]#|~]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
#: Texts that renderers turn into a link by themselves. A space prevents that, and the text stays readable.
_LINKS = re.compile(
    r"(?<=\w)(?=:/)|(?<=\w)(?=\.[^\W\d_]{2})|(?<=@)(?=\w)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)", re.IGNORECASE
)
#: The longest part of one text that is shown, in characters.
LONGEST = 300


def one_line(text: str, longest: int = LONGEST) -> str:
    """Return a text on one line, shortened, without control characters and marks that change the writing direction."""
    kept = text
    if not text.isprintable():  # which it is, as nearly always, if it has none of these
        kept = "".join(
            " " if char.isspace() else char
            for char in text
            if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
        )
    line = _LINKS.sub(" ", " ".join(kept.split()))
    return line if len(line) <= longest else line[: longest - 3] + "..."


def escape(text: str, longest: int = LONGEST) -> str:
    """Return a text as Markdown that shows it."""
    line = _MARKUP.sub(r"\\\g<0>", one_line(text, longest))
    return re.sub("[&<>]", lambda sign: _ENTITIES[sign[0]], line)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; every cell is escaped, and an empty one is a dash."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(escape(cell) or "-" for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def fits(text: str, longest: int) -> bool:
    """Return whether a text is short enough, in UTF-16 code units (as JavaScript counts)."""
    return len(text.encode("utf-16-le")) // 2 <= longest

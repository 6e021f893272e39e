"""Make cells that a spreadsheet would run as a formula safe in a CSV, and restore them.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line end (or the full-width forms of the signs) gets an
apostrophe before it. A cell that begins with apostrophes before one of those gets one more. Plain numbers, such as
`-3` or `+2.5`, are unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["may_change", "original_cell", "safe_cell", "safe_cells"]

_SIGNS = "=+\\-@\t\r\n＝＋－＠"
_RISKY = re.compile(f"'*[{_SIGNS}]")
_MADE_SAFE = re.compile(f"'+[{_SIGNS}]")
_NUMBER = re.compile(r"[+-](\d+(?:[.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)
#: The first characters of cells that may have to change; most cells are ruled out by this alone.
_FIRST = frozenset("'=+-@\t\r\n＝＋－＠")


def safe_cell(cell: str) -> str:
    """Return a cell as text that no spreadsheet runs as a formula.

    >>> safe_cell("=1+1"), safe_cell("-3"), safe_cell("'=1+1"), safe_cell("'80s")
    ("'=1+1", '-3', "''=1+1", "'80s")
    """
    return f"'{cell}" if _RISKY.match(cell) and not _NUMBER.fullmatch(cell) else cell


def original_cell(cell: str) -> str:
    """Undo `safe_cell`.

    >>> original_cell("'=1+1"), original_cell("-3")
    ('=1+1', '-3')
    """
    return cell[1:] if _MADE_SAFE.match(cell) else cell


def may_change(text: bytes) -> bool:
    """Return whether `safe_cell` could change any of a column's cells, joined as UTF-8."""
    return any(sign.encode() in text for sign in _FIRST)


def safe_cells(cells: Iterable[str]) -> list[str]:
    """Return a column's cells made safe."""
    return [safe_cell(cell) if cell[:1] in _FIRST else cell for cell in cells]

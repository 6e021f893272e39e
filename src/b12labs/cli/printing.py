"""What commands print: JSON, and lists of names in 80 columns."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from b12labs.text import WIDTH

__all__ = ["listed", "print_json"]


def print_json(data: Any) -> None:
    """Print data as JSON."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def listed(name: str, words: str, width: int) -> str:
    """Return a name and what it is, in 80 columns."""
    return textwrap.fill(f"{name:<{width - 1}} {words}", WIDTH, subsequent_indent=" " * width, break_on_hyphens=False)

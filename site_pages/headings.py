"""The address of a heading, the same on the site and where the Markdown is read as it is."""

from __future__ import annotations

import re

__all__ = ["slug"]


def slug(heading: str) -> str:
    """Return the anchor of a heading."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())

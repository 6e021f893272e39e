"""The anchor of a heading, the same on the site and in viewers of the Markdown."""

from __future__ import annotations

import re

__all__ = ["slug"]


def slug(heading: str) -> str:
    """Return the anchor of a heading."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())

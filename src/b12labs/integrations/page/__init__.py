"""The page for one patient: a form that interprets while the user types.

Its files are the same whether a service answers them or Python in the browser. They hold no patient data.
"""

from __future__ import annotations

from importlib import resources

__all__ = ["TYPES", "files"]

#: The media type of each kind of file.
TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def files() -> dict[str, bytes]:
    """Return every file of the page by its name."""
    entries = resources.files(__name__).iterdir()
    return {entry.name: entry.read_bytes() for entry in entries if entry.name.rpartition(".")[2] in TYPES}

"""The text of the reference files, and the digest of each file that this process has read.

A file may be edited in place while the process runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from b12labs.errors import ReferenceDataError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["Edition", "changes", "directory", "edition", "file_names", "text_of"]

#: The digest of the content that was read, by path.
_READ: dict[str, str] = {}

#: How often a file was read again with another content.
_CHANGES = [0]

#: The files that were read, each with its digest.
Edition = frozenset[tuple[str, str]]


@cache
def directory() -> Traversable:
    """Return the folder of the reference data: in the package (or its zip), or at the top of a checkout."""
    here = Path(__file__).resolve()
    for candidate in (here.parents[1] / "reference_ranges", here.parents[3] / "reference_ranges"):
        if candidate.is_dir():
            return candidate
    from importlib import resources  # 5 ms, which only a package in a zip pays

    zipped = resources.files("b12labs").joinpath("reference_ranges")
    if zipped.is_dir():
        return zipped
    raise ReferenceDataError(
        "reference_ranges", "folder", "expected in the package or at the top of the checkout, found in neither"
    )


def text_of(path: Traversable) -> str:
    """Return a file's text, and remember its digest; line ends are the same on every platform."""
    return _content(path).decode("utf-8")


def _content(path: Traversable) -> bytes:
    content = path.read_bytes().replace(b"\r\n", b"\n")
    read = hashlib.sha256(content).hexdigest()
    if _READ.setdefault(str(path), read) != read:
        _READ[str(path)] = read
        _CHANGES[0] += 1
    return content


def changes() -> int:
    """Return how often a file was read again with another content: results made of all files are then outdated."""
    return _CHANGES[0]


def file_names(folder: Traversable) -> tuple[str, ...]:
    """Return the names of the data files of a folder and its subfolders, in a fixed order."""
    return tuple(sorted(_names(folder, "")))


def _names(folder: Traversable, above: str) -> Iterator[str]:
    for path in folder.iterdir():
        if path.is_dir():
            yield from _names(path, f"{above}{path.name}/")
        elif path.name.endswith((".toml", ".csv")):
            yield above + path.name


def edition(folder: Traversable) -> Edition:
    """Return the digest of every data file as it was read; a file that was not yet read is read now."""
    found = []
    for name in file_names(folder):
        path = folder / name
        if str(path) not in _READ:
            _content(path)
        found.append((name, _READ[str(path)]))
    return frozenset(found)

"""A guideline file of the user's own, chosen by its path.

It has the format of the files of `reference_ranges/guidelines/`. A limit that neither the file nor the profiles under
its `uses` give comes from the default guideline and that guideline's profiles, so that every rule has its limit.
"""

from __future__ import annotations

import os
from pathlib import Path

from b12labs.errors import GuidelineError, ReferenceDataError, did_you_mean
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.reference import Guideline, guideline_keys, load_profile, profile_keys, read_guideline
from b12labs.text import StrPath

__all__ = ["existing", "is_own", "read_own", "text_of"]


def text_of(key: StrPath) -> str:
    """Return a guideline's key or path as text."""
    return os.fspath(key) if isinstance(key, os.PathLike) else str(key)


def is_own(key: StrPath) -> bool:
    """Return whether a guideline is named by the path of a file rather than by its key."""
    return text_of(key).endswith(".toml")


def existing(key: StrPath) -> Path:
    """Return the path of a user's guideline file; raises `GuidelineError` if there is no such file."""
    path = Path(text_of(key))
    if not path.is_file():
        hint = did_you_mean(path.stem, guideline_keys()) or "."
        raise GuidelineError(
            f"guideline: {text_of(key)!r}: there is no such file (looked for {path.absolute()}){hint}"
            f" Accepted: the path of a guideline file ending in .toml, or one of {', '.join(guideline_keys())}",
            code="no_such_file",
            field="guideline",
        )
    return path.resolve()


def read_own(path: Path) -> Guideline:
    """Read a user's guideline file and complete its `uses`.

    Raises `ReferenceDataError`, with the file and the key, for the first fault.
    """
    read = read_guideline(path)
    if read.key in profile_keys():
        raise ReferenceDataError(
            path.name,
            "guideline.key",
            f"expected a key of its own, got {read.key!r}, the key of a guideline of b12labs",
        )
    completed = dict.fromkeys((*read.uses, DEFAULT_GUIDELINE, *load_profile(DEFAULT_GUIDELINE).uses))
    return read.model_copy(update={"uses": tuple(completed)})

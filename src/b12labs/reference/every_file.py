"""Every file of the reference data with its content, for the ready file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from b12labs.reference import files
from b12labs.reference.bedside import bedside
from b12labs.reference.loaded import directory, file_names
from b12labs.reference.ready import RECORD, read_record

__all__ = ["contents"]

#: The readers of the files that have types of their own, by the name in the ready file.
_TYPED = {
    "analytes": files.analytes,
    "units": files.units,
    "context": files.context,
    "sources": files.sources,
    "formulas": files.formulas,
    "plain_words": files.plain_words,
    "treatment": files.treatment,
    "bedside": bedside,
}
#: The files of these readers, which nothing else reads.
_OF_TYPED = {
    *("analytes.toml", "units.toml", "context.toml", "sources.toml", "formulas.toml", "plain.toml", "treatment.toml"),
    "differential.toml",
}


def contents() -> Iterator[tuple[str, Any]]:
    """Yield the name and the content of everything: records if it has types, else file by file."""
    yield from ((name, read()) for name, read in _TYPED.items())
    yield from ((f"guidelines/{key}", files.load_profile(key)) for key in files.profile_keys())
    yield RECORD, read_record()
    for name in file_names(directory()):
        if name.endswith(".csv"):
            yield name, files.csv_rows(directory() / name)
        elif name not in _OF_TYPED and not name.startswith("guidelines/"):
            yield name, files.read_toml(directory() / name)

"""The fingerprint and the version of the rules, numbers and sentences in this process.

`rules_version.toml` holds the version, and the digests of everything at the time of that version. A file that was
edited since then has another digest; only then is it read for its numbers and sentences.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from typing import Any

from b12labs.limits.stratified import Limits
from b12labs.provenance.record_parts import digest, of_model
from b12labs.provenance.rule_parts import deciding_rules, said_by_rules
from b12labs.reference import directory
from b12labs.reference.loaded import Edition, changes, edition
from b12labs.reference.ready import RECORD, read_record, ready
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["EDITED", "Fingerprint", "Record", "fingerprint", "guideline_hash", "mapping_hash", "recorded", "taken_anew"]

#: The suffix of the version if rules, numbers or sentences are not those of the version.
EDITED = "+edited"


@dataclass(frozen=True)
class Fingerprint:
    """The fingerprint of an answer: `rules` is the hash of rules and numbers, `sentences` that of printed text."""

    rules_version: str
    rules: str
    sentences: str


@dataclass(frozen=True)
class Record:
    """The committed file: a version, its hashes, and by file the digests of its bytes, numbers and sentences."""

    rules_version: str = "none"
    rules: str = ""
    sentences: str = ""
    files: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)


@cache
def recorded() -> Record:
    """Return the committed record."""
    read = ready(RECORD, read_record)
    files = {name: tuple(digests) for name, digests in read.pop("files", {}).items()}
    return Record(**read, files=files)


def fingerprint() -> Fingerprint:
    """Return the fingerprint of the rules and files loaded in this process, computed again if a file is read again."""
    return _fingerprint(changes())


@lru_cache(maxsize=2)
def _fingerprint(_changes: int) -> Fingerprint:
    record = recorded()
    taken = _taken(edition(directory()), record)
    same = (taken.rules, taken.sentences) == (record.rules, record.sentences)
    return Fingerprint(record.rules_version + ("" if same else EDITED), taken.rules, taken.sentences)


def taken_anew() -> Record:
    """Return the record of the loaded rules and files, without trusting the committed one."""
    return _taken(edition(directory()), Record(rules_version=recorded().rules_version))


def _taken(files: Edition, known: Record) -> Record:
    """Return the hashes of rules and files. A file with the recorded bytes has the recorded digests."""
    parts: dict[str, tuple[str, str, str]] = {}
    for name, read in sorted(files):
        listed = known.files.get(name)
        parts[name] = listed if listed and listed[0] == read[:32] else _read_anew(name, read)
    return Record(
        known.rules_version,
        digest([deciding_rules(), [(name, decides) for name, (_, decides, _) in parts.items()]]),
        digest([said_by_rules(), [(name, said) for name, (_, _, said) in parts.items()]]),
        parts,
    )


def _read_anew(name: str, read: str) -> tuple[str, str, str]:
    from b12labs.provenance.file_parts import digests_of  # the readers of all files are needed only here

    decides, said = digests_of(name)
    return read[:32], decides[:32], said[:32]


@lru_cache(maxsize=64)
def guideline_hash(limits: Limits) -> str:
    """Return the hash of a guideline's deciding content, also for a user's own guideline."""
    return of_model(limits.guideline)[0]


def mapping_hash(mapping: SiteMapping) -> str:
    """Return the hash of a site's mapping, or a blank text if the mapping is empty."""
    return "" if mapping == SiteMapping() else hashlib.sha256(ascii(_sorted(asdict(mapping))).encode()).hexdigest()


def _sorted(value: Any) -> Any:
    return [(key, _sorted(value[key])) for key in sorted(value)] if isinstance(value, dict) else value

"""The base of every record, which is checked when it is read and never changed afterwards.

A record from a file of b12labs or of a user has only known fields. An answer outlives the version that wrote it: it
keeps the fields that a later version added.
"""

from __future__ import annotations

from b12labs.record import Record

__all__ = ["Answered", "Frozen", "Kept"]


class Frozen(Record):
    """A record of known members."""


class Answered(Frozen, extra="allow"):
    """A part of an answer: members added by a later version are kept when it is read back and written again."""


class Kept(Record, extra="allow", frozen=False):
    """A part of an answer that is counted up; members added by a later version are kept as well."""

    __hash__ = None  # type: ignore[assignment]  # a record that changes has no hash

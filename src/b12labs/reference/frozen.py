"""What every record is: checked when it is read and never changed afterwards.

Of known fields only where it comes from a file of ours or a user's; with what a later version added where it is an
answer, which outlives the version that wrote it.
"""

from __future__ import annotations

from b12labs.record import Record

__all__ = ["Answered", "Frozen", "Kept"]


class Frozen(Record):
    """A record of known members."""


class Answered(Frozen, extra="allow"):
    """A part of an answer: members that a later version added are kept when it is read back and written again."""


class Kept(Record, extra="allow", frozen=False):
    """A part of an answer that is counted up; members that a later version added are kept as well."""

    __hash__ = None  # type: ignore[assignment]  # what changes has no hash

"""What every record is: checked when it is made and never changed afterwards.

Of known fields only where it comes from a file of ours or a user's; with what a later version added where it is an
answer, which outlives the version that wrote it.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Answered", "Frozen", "Kept"]


class Frozen(BaseModel):
    """A record; its checks are built when it is first made, so that an import costs nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Answered(Frozen):
    """A part of an answer: members that a later version added are kept when it is read back and written again."""

    model_config = ConfigDict(extra="allow")


class Kept(BaseModel):
    """A part of an answer that is counted up; members that a later version added are kept as well."""

    model_config = ConfigDict(extra="allow")

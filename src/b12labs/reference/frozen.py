"""What every record is: checked when it is made, of known fields only, and never changed afterwards."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Frozen"]


class Frozen(BaseModel):
    """A record; its checks are built when it is first made, so that an import costs nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

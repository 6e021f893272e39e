"""What a host chooses, as a model of pydantic: checked when it is made."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Checked"]


class Checked(BaseModel):
    """Settings of known names; their checks are built when they are first made, so that an import costs nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

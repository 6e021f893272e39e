"""Settings of a host as a model of pydantic, checked when it is made."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Checked"]


class Checked(BaseModel):
    """Settings with known names; their checks are built at first use, so that an import costs nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

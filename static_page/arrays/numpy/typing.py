"""Names of types that are only written beside arrays."""

from __future__ import annotations

__all__ = ["NDArray"]


class NDArray:
    """An array of some type."""

    def __class_getitem__(cls, kind: object) -> type[NDArray]:
        return cls

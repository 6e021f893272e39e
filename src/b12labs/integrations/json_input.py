"""JSON from outside, read strictly."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from b12labs.errors import B12LabsError

__all__ = ["JsonInputError", "read_json"]


class JsonInputError(B12LabsError):
    """A text that is no JSON that we read."""


def _refuse(_: str) -> None:
    raise JsonInputError("the body holds NaN or Infinity", code="not_finite")


def read_json(data: bytes | str, *, max_bytes: int = 2 * 1024 * 1024) -> Any:
    """Return what a JSON text holds, numbers as Decimal; raises `JsonInputError`."""
    assert len(data) <= max_bytes
    try:
        return json.loads(data, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        if isinstance(error, JsonInputError):
            raise
        raise JsonInputError("the body is no JSON", code="unreadable_json") from None

"""Reading a request's body, within limits of kind, size and time."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server.settings import RequestLimits

__all__ = ["read_body"]

#: JSON, and FHIR's names for it; the older one is still sent.
_KINDS = {"application/json", "application/fhir+json", "application/json+fhir"}


async def read_body(request: Request, limits: RequestLimits) -> bytes:
    """Return a request's body.

    Raises `Refusal`: 415 if it is of another kind, 413 if it is too long, 408 if it is too slow, 400 if it is cut off.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _KINDS:
        raise Refusal(415, f"expected {' or '.join(sorted(_KINDS))}", where="Content-Type")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refusal(415, "expected a body that is not compressed", where="Content-Encoding")
    too_long = Refusal(413, f"expected a body of at most {limits.body_bytes} bytes", headers={"connection": "close"})
    declared = request.headers.get("content-length", "0")
    if not (declared.isascii() and declared.isdigit() and len(declared) < 16) or int(declared) > limits.body_bytes:
        raise too_long
    parts, length = [], 0
    try:
        async with asyncio.timeout_at(_began(request) + limits.read_seconds):
            async for part in request.stream():
                parts.append(part)
                length += len(part)
                if length > limits.body_bytes:
                    raise too_long
    except TimeoutError:
        raise Refusal(
            408, f"the request did not arrive within {limits.read_seconds:g} seconds", headers={"connection": "close"}
        ) from None
    except ClientDisconnect:
        raise Refusal(400, "the connection ended within the body") from None
    return b"".join(parts)


def _began(request: Request) -> float:
    """Return the time of a request's first byte by the loop's clock, or the present if the server does not give it."""
    told: dict[str, float] = request.scope.get("extensions", {}).get("b12labs", {})
    return told.get("began", asyncio.get_running_loop().time())

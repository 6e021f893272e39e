"""How a body is read: of one kind, not longer than allowed, and within a time."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server.settings import RequestLimits

__all__ = ["read_body"]

#: JSON, and FHIR's names for it; the older one is still sent.
_KINDS = {"application/json", "application/fhir+json", "application/json+fhir"}


async def read_body(request: Request, limits: RequestLimits) -> bytes:
    """Return a request's body; raises `Refusal` (408, 413, 415) where it is of another kind, too long, or too slow."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _KINDS:
        raise Refusal(415, f"a body of {' or '.join(sorted(_KINDS))} is read", where="Content-Type")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refusal(415, "a compressed body is not read", where="Content-Encoding")
    too_long = Refusal(413, f"a body of at most {limits.body_bytes} bytes is read", headers={"connection": "close"})
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
    """Return when the first byte of a request came, as far as the server tells, by the clock of the loop."""
    told: dict[str, float] = request.scope.get("extensions", {}).get("b12labs", {})
    return told.get("began", asyncio.get_running_loop().time())

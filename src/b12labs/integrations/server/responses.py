"""Responses of the service: JSON that no cache keeps."""

from __future__ import annotations

import json

from starlette.responses import Response

from b12labs.integrations.outcomes import Refusal, outcome

__all__ = ["CLOSING", "HEADERS", "answer", "refused"]

#: No cache keeps an answer, and no browser reads it as another content type than its own.
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
#: The end of the head of a refusal that the protocol itself writes; the connection is closed after it.
CLOSING = (
    "".join(
        f"{name}: {value}\r\n"
        for name, value in {**HEADERS, "content-type": "application/json", "connection": "close"}.items()
    ).encode()
    + b"\r\n"
)


def answer(body: bytes, status: int = 200) -> Response:
    """Return a response whose body is JSON text."""
    return Response(body, status, media_type="application/json")


def refused(refusal: Refusal) -> Response:
    """Return the response to a refused request."""
    body = json.dumps(outcome(refusal.status, refusal.why, refusal.where)).encode()
    return Response(body, refusal.status, media_type="application/json", headers=refusal.headers)

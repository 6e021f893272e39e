"""Responses of the service: JSON that no cache keeps."""

from __future__ import annotations

import json

from starlette.responses import Response

from b12labs.integrations.outcomes import Refusal, outcome

__all__ = ["CLOSING", "answer", "refused"]

_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
#: The end of the head of a refusal that no application writes, after which the connection is closed.
CLOSING = (
    "".join(
        f"{name}: {value}\r\n"
        for name, value in {**_HEADERS, "content-type": "application/json", "connection": "close"}.items()
    ).encode()
    + b"\r\n"
)


def answer(body: bytes, status: int = 200) -> Response:
    """Return a response of JSON already written."""
    return Response(body, status, media_type="application/json", headers=_HEADERS)


def refused(refusal: Refusal) -> Response:
    """Return the response to a request that is not served."""
    body = json.dumps(outcome(refusal.status, refusal.why, refusal.where)).encode()
    return Response(body, refusal.status, media_type="application/json", headers={**_HEADERS, **refusal.headers})

"""The limit of requests at once: further requests are answered 503, except health probes."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server.responses import refused

__all__ = ["PROBES", "Gate"]

#: Answered even when the service is full.
PROBES = frozenset({"/health", "/ready", "/metrics"})


class Gate:
    """ASGI middleware: admits at most `most` requests at once."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self._most = most
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")) in PROBES:
            await self.app(scope, receive, send)
            return
        if self._inside >= self._most:
            full = Refusal(503, "the service has too many requests at once; try again", headers=_LATER)
            await refused(full)(scope, receive, send)
            return
        self._inside += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._inside -= 1


_LATER = {"retry-after": "1"}

"""Headers that every answer has for browsers and caches, and answers to HEAD without a body."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from b12labs.integrations.server.responses import HEADERS

__all__ = ["Frame"]

_ALWAYS = {name.encode(): value.encode() for name, value in HEADERS.items()}


class Frame:
    """ASGI middleware: adds the headers that an answer lacks, and answers HEAD like GET without a body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message["headers"])
                names = {name.lower() for name, _ in own}
                message = {**message, "headers": own + [pair for pair in _ALWAYS.items() if pair[0] not in names]}
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A copy, because the server reads the method of its own scope.
        await self.app({**scope, "method": "GET"} if head else scope, receive, framed)

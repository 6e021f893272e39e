"""What goes around every request.

One line in the log without anything that was sent, and no error that tells what it was about.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from itertools import count
from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from b12labs.integrations.outcomes import Refusal

__all__ = ["Guard", "guarded", "log"]

log = logging.getLogger("b12labs.server")
Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that answers 500 where it fails.

    The message of an exception may hold what was sent, and servers and their telemetry print it. So it ends here, and
    only its kind and the places in the code are logged.
    """

    async def call(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (Refusal, HTTPException):
            raise
        except Exception as error:  # whatever it is, it must not reach a log that prints it
            log.error("a request failed: %s at %s", type(error).__name__, _places(error))
        raise Refusal(500, "the service failed; its log says where")

    return call


class Guard:
    """ASGI middleware: logs the number of a request, its method, route and status, and how long it took."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, began, status = next(self._numbers), perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            # Of the path only the route is known to be ours.
            route = getattr(scope.get("route"), "path", "no route")
            log.info(
                "request %d: %s %s, %d, %.1f ms", number, _method(scope), route, status, (perf_counter() - began) * 1000
            )


def _method(scope: Scope) -> str:
    method = str(scope.get("method"))
    return method if method in ("GET", "POST", "OPTIONS", "HEAD") else "other"


def _places(error: BaseException) -> str:
    return " < ".join(
        f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(error.__traceback__)[-4:])
    )

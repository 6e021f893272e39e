"""What goes around every request: one line in the log without anything that was sent, and no error that tells what it was about."""

from __future__ import annotations

import logging
import traceback
from itertools import count
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server.responses import refused

__all__ = ["Guard"]

log = logging.getLogger("b12labs.server")


class Guard:
    """ASGI middleware: logs the number of a request, its route, status and duration, and answers 500 where the service fails.

    The message of an exception may hold what was sent, so that only its kind and the places in the code are logged.
    """

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
        except Exception as error:  # whatever it is, it must not reach a log that prints it
            log.error("request %d failed: %s at %s", number, type(error).__name__, _places(error))
            if not status:
                await refused(Refusal(500, "the service failed; its log says where"))(scope, receive, noting)
        # Of the path only the route is known to be ours.
        route = getattr(scope.get("route"), "path", "no route")
        log.info("request %d: %s %s, %d, %.1f ms", number, _method(scope), route, status, (perf_counter() - began) * 1000)


def _method(scope: Scope) -> str:
    method = str(scope.get("method"))
    return method if method in ("GET", "POST", "OPTIONS", "HEAD") else "other"


def _places(error: BaseException) -> str:
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(error.__traceback__)[-4:]))

"""Logging and error handling of every request.

Each request gets one line in the log, which repeats nothing that was sent. No error reveals data that was sent.
"""

from __future__ import annotations

import logging
import os
import re
import traceback
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from time import perf_counter

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from b12labs.integrations.outcomes import Refusal

__all__ = ["Guard", "guarded", "log", "request_id"]

log = logging.getLogger("b12labs.server")
#: The request that is being answered.
request_id: ContextVar[str] = ContextVar("request_id", default="")
#: A UUID, with or without hyphens, as proxies make them. Any other id may identify a person, and is not repeated.
_ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
Answered = Callable[[str, str, int, float], None]
Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that answers 500 if it fails.

    The message of an exception may hold data that was sent, and servers and their telemetry print it. So the exception
    ends here, and only its type and the places in the code are logged.
    """

    async def call(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (Refusal, HTTPException):
            raise
        except Exception as error:  # no exception may reach a log that prints its message
            log.error("request %s failed: %s at %s", request_id.get(), type(error).__name__, _places(error))
        raise Refusal(500, "the service failed; its log says where")

    return call


class Guard:
    """ASGI middleware: gives a request its id, and logs it with its method, route, status and duration.

    `answered` is called with the same facts, without the id.
    """

    def __init__(self, app: ASGIApp, answered: Answered | None = None) -> None:
        self.app = app
        self._answered = answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = perf_counter(), 0
        sent = Headers(scope=scope).get("x-request-id", "")
        own = sent if len(sent) <= 36 and _ID.fullmatch(sent) else os.urandom(16).hex()
        request_id.set(own)

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", own.encode())]}
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            # The rest of the path may be a client's own words; only the route is ours.
            route = getattr(scope.get("route"), "path", "no route")
            method, seconds = _method(scope), perf_counter() - began
            told = {"request": own, "method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            log.info("request %s: %s %s, %d, %.1f ms", *told.values(), extra={"told": told})
            if self._answered is not None:
                self._answered(route, method, status, seconds)


def _method(scope: Scope) -> str:
    method = str(scope.get("method"))
    return method if method in ("GET", "POST", "OPTIONS", "HEAD") else "other"


def _places(error: BaseException) -> str:
    return " < ".join(
        f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(error.__traceback__)[-4:])
    )

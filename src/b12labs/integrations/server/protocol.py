"""Limits on the bytes and the waiting time of a connection, added to the HTTP of uvicorn and httptools.

httptools keeps all bytes until a header is complete, and uvicorn waits for that without end. Here the bytes that are
not body are counted, and the connection of a client that stops sending is closed.
"""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from b12labs.integrations.outcomes import kind_of, outcome
from b12labs.integrations.server.responses import CLOSING
from b12labs.integrations.server.settings import RequestLimits

__all__ = ["BoundedProtocol", "bounded_protocol"]

#: Bytes that are parsed at a time, so that the limit is checked within one chunk of the network, too.
_PIECE = 16 * 1024
#: Requests of one connection that may wait for the answer to the one before them.
_WAITING = 16
#: Seconds for the application to answer 408 before its connection is closed.
_GRACE = 1.0
_PHRASES = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


def bounded_protocol(limits: RequestLimits) -> Any:
    """Return the protocol that `uvicorn.run` takes as `http`."""
    return partial(BoundedProtocol, limits=limits)


class BoundedProtocol(HttpToolsProtocol):
    """One connection. A new one is always admitted; if there are too many, the longest waiting one is closed."""

    def __init__(self, *given: Any, limits: RequestLimits, **options: Any) -> None:
        super().__init__(*given, **options)
        self._limits = limits
        #: Bytes of the message being received that are not body.
        self._unread = 0
        #: When the first byte of the message being received came, if there is one.
        self._began: float | None = None
        #: Since when the client has not taken the data written to it.
        self._stalled: float | None = None
        self._since = self.loop.time()
        self._spoken = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> bool:
        """Whether it is the client's turn: to send something, to continue, or to take its answer."""
        if self._stalled is not None or self._began is not None:
            return True
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self._since = self.loop.time()
        if len(self.connections) > self._limits.connections:
            self._make_room()
        self._check()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._spoken = True
        for start in range(0, len(data), _PIECE):
            if self.transport.is_closing():
                return
            if self._began is None:
                self._began = self.loop.time()
            piece = data[start : start + _PIECE]
            self._unread += len(piece)
            super().data_received(piece)
            if self._unread > self._limits.header_bytes:
                self._refuse(431, f"expected a request line and headers of at most {self._limits.header_bytes} bytes")
            elif len(self.pipeline) > _WAITING:
                self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._began is None:
            self._began = self.loop.time()
        self.scope["extensions"] = {"b12labs": {"began": self._began}}

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        # Twice, so that the framing of a body's chunks is not counted as headers.
        self._unread = max(0, self._unread - 2 * len(body))

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._began = None
        self._unread = 0
        self._since = self.loop.time()

    def pause_writing(self) -> None:
        self._stalled = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stalled = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        del msg
        self._refuse(400, "expected an HTTP request")

    def _make_room(self) -> None:
        others = [each for each in self.connections if isinstance(each, BoundedProtocol) and each is not self]
        waiting = [each for each in others if each.waiting]
        if waiting:
            longest = min(waiting, key=lambda each: each._since)
            self.connections.discard(longest)
            longest.transport.abort()
            self._count("no room")

    def _check(self) -> None:
        """Close the connection if it has waited too long for its client; otherwise check again later."""
        now, limits = self.loop.time(), self._limits
        if self.transport.is_closing() and self._stalled is None:
            return
        if self._stalled is not None and now - self._stalled > limits.read_seconds:
            self.transport.abort()
            self._count("answer not taken")
            return
        if self._began is not None and now - self._began > limits.read_seconds + _GRACE:
            self._refuse(408, f"the request did not arrive within {limits.read_seconds:g} seconds")
            return
        if not self._spoken and now - self._since > limits.silent_seconds:
            self.transport.close()
            self._count("silent")
            return
        self._timer = self.loop.call_later(min(1.0, limits.read_seconds / 4, limits.silent_seconds / 4), self._check)

    def _refuse(self, status: int, why: str) -> None:
        """Answer if no other answer is being sent, and close the connection."""
        if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            body = json.dumps(outcome(status, why)).encode()
            head = f"HTTP/1.1 {status} {_PHRASES[status]}\r\ncontent-length: {len(body)}\r\n"
            self.transport.write(head.encode() + CLOSING + body)
        self._count(kind_of(status))
        self.transport.close()

    def _count(self, kind: str) -> None:
        count = self.app_state.get("refused")
        if count is not None:
            count(kind)

"""A .zst file read where pyarrow is not installed.

By the package zstandard, whose own reader takes a file that was cut off for whole.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO, Any

__all__ = ["ZstdFrames"]

BLOCK = 1 << 16


class ZstdFrames(io.RawIOBase):
    """The bytes of a file's frames, one after the other; raises `EOFError` where the last one has no end."""

    def __init__(self, raw: IO[bytes], frame: Callable[[], Any]) -> None:
        self.raw = raw
        self.new_frame = frame
        self.frame: Any = None
        self.ready = memoryview(b"")
        self.left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while not self.ready:
            given = self.left or self.raw.read(BLOCK)
            if not given:
                if self.frame is not None:
                    raise EOFError("the compressed file was cut off")
                return 0
            self.frame = self.frame or self.new_frame()
            self.ready, self.left = memoryview(self.frame.decompress(given)), b""
            if self.frame.eof:
                self.left, self.frame = self.frame.unused_data, None
        taken = min(len(into), len(self.ready))
        into[:taken] = self.ready[:taken]
        self.ready = self.ready[taken:]
        return taken

"""The progress of a long run, as one line on a terminal: rows, rows per second, time left. Silent anywhere else."""

from __future__ import annotations

import sys
import time
from typing import TextIO

__all__ = ["Progress"]

WIDTH = 24

PAUSE = 0.2


class Progress:
    """A line that is redrawn in place."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.shown = self.stream.isatty()
        self.drawn = 0.0
        self.start: tuple[float, int, float] | None = None

    def __call__(self, rows: int, fraction: float) -> None:
        """Show that `rows` rows, this fraction of the input, are done.

        The rate leaves out rows that were done before the first call.
        """
        now = time.monotonic()
        if self.start is None:
            self.start = now, rows, fraction
        if not self.shown or now - self.drawn < PAUSE:
            return
        self.drawn = now
        began, rows_before, fraction_before = self.start
        rate = (rows - rows_before) / max(now - began, 1e-9)
        done = fraction - fraction_before
        left = "" if done <= 0 else f", {_clock((now - began) * (1 - fraction) / done)} left"
        bar = "#" * round(WIDTH * fraction)
        self.stream.write(f"\r[{bar:<{WIDTH}}] {100 * fraction:3.0f} %  {rows:,} rows, {rate:,.0f} rows/s{left}\033[K")
        self.stream.flush()

    def close(self) -> None:
        """Clear the line."""
        if self.shown and self.drawn:
            self.stream.write("\r\033[K")
            self.stream.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"

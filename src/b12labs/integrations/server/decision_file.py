"""The file of decision records: any number of processes append whole lines to it, before the answer is given.

A full file is renamed with the time of its end. No file is ever deleted here.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server.guard import log, request_id

try:
    import fcntl
except ModuleNotFoundError:  # on Windows, only one process may serve
    fcntl = None  # type: ignore[assignment]

__all__ = ["DecisionFile"]

_BLANK = b" " * 4096


class DecisionFile:
    """Appends decisions to a file, one JSON object per line; a file that would exceed `most` bytes is renamed.

    Raises `OSError` if the file cannot be opened.
    """

    def __init__(self, path: Path, most: int) -> None:
        self._path, self._most = path, most
        # The lock of the file is shared by all threads of a process.
        self._threads = Lock()
        self._file = self._opened()

    def __call__(self, record: dict[str, Any]) -> None:
        """Append one record. Raises `Refusal` (503) if it cannot be written: no answer is given without a record."""
        told = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "request": request_id.get(), **record}
        line = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        try:
            with self._locked():
                self._append(line)
        except OSError as error:
            log.error("a decision cannot be recorded: %s", os.strerror(error.errno or 0))
            raise Refusal(503, "the decision cannot be recorded, so it is not given") from None

    def check(self) -> None:
        """Raise `OSError` unless a record could be written now."""
        with self._locked():
            if not self._is_regular():
                os.write(self._file, b"")
                return
            beside = self._path.with_name(self._path.name + ".check")
            try:
                tried = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                try:
                    if os.write(tried, _BLANK) != len(_BLANK):
                        raise OSError(f"{beside}: no space left")
                finally:
                    os.close(tried)
            finally:
                beside.unlink(missing_ok=True)

    def _append(self, line: bytes) -> None:
        if not self._is_regular():
            os.write(self._file, line)
            return
        size = self._whole()
        if fcntl is not None and size and size + len(line) > self._most:
            self._set_aside()
            size = self._whole()
        written = os.write(self._file, line)
        if written != len(line):
            os.ftruncate(self._file, size)
            raise OSError(28, "no space left for a whole line")

    def _whole(self) -> int:
        """Cut off a line that a killed process left unfinished (its answer was never given); return the length."""
        size = os.fstat(self._file).st_size
        if size == 0 or os.pread(self._file, 1, size - 1) == b"\n":
            return size
        start, end = max(0, size - self._most), size
        kept = start + os.pread(self._file, end - start, start).rfind(b"\n") + 1
        os.ftruncate(self._file, kept)
        log.warning("the end of a decision record was cut off: its process ended while it was written")
        return kept

    def _set_aside(self) -> None:
        at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        self._path.rename(self._path.with_name(f"{self._path.stem}-{at}{self._path.suffix}"))
        self._lock_current()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the file for this thread of this process."""
        with self._threads:
            if fcntl is None or not self._is_regular():
                yield
                return
            self._lock_current()
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _lock_current(self) -> None:
        """Lock the file of this name; if it was renamed, open the new one."""
        while True:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            if self._is_current():
                return
            os.close(self._file)  # this also releases the lock
            self._file = self._opened()

    def _is_current(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._file), self._path.stat())
        except FileNotFoundError:
            return False

    def _is_regular(self) -> bool:
        return stat.S_ISREG(os.fstat(self._file).st_mode)

    def _opened(self) -> int:
        return os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)

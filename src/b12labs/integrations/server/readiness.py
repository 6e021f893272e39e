"""The readiness of the service: every part that a call needs, tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic

from b12labs.integrations.server.guard import log

__all__ = ["Readiness"]

#: Seconds for which an answer is kept: frequent probes do not try the parts more often.
_STANDS = 1.0


class Readiness:
    """Tries each part of the service; a part that raises is not ready."""

    def __init__(self, checks: Mapping[str, Callable[[], object]]) -> None:
        self._checks = dict(checks)
        self._failing: tuple[str, ...] = ()
        self._tried = -_STANDS

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that are tried."""
        return tuple(self._checks)

    def failing(self) -> tuple[str, ...]:
        """Return the parts that are not ready."""
        if monotonic() - self._tried >= _STANDS:
            before = self._failing
            self._failing = tuple(part for part, check in self._checks.items() if not _passes(part, check))
            self._tried = monotonic()
            if before and not self._failing:
                log.warning("ready again: %s", ", ".join(before))
        return self._failing


def _passes(part: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception as error:  # any exception means that the part is not ready
        log.warning("not ready: %s (%s)", part, type(error).__name__)
        return False
    return True

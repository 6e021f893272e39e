"""The findings of an answer, each made with its evidence when it is read: most are never read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from b12labs.answer.by_name import ByName, refuse_name
from b12labs.answer.parts import Finding

__all__ = ["Findings"]


class Findings(Mapping[str, Finding]):
    """Findings by code: `states` holds whether each holds, and `make` makes one with its evidence."""

    def __init__(self, states: Mapping[str, bool | None], make: Callable[[str], Finding]) -> None:
        self.states = states
        self._make = make
        self._made: dict[str, Finding] = {}
        self._holding: list[Finding] | None = None

    def __getitem__(self, code: str) -> Finding:
        found = self._made.get(code)
        if found is None:
            if code not in self.states:
                refuse_name(code, self.states)
            found = self._made[code] = self._make(code)
        return found

    def __contains__(self, code: object) -> bool:
        return code in self.states

    def __iter__(self) -> Iterator[str]:
        return iter(self.states)

    def __len__(self) -> int:
        return len(self.states)

    def holding(self) -> list[Finding]:
        """Return the findings that hold."""
        if self._holding is None:
            self._holding = [self[code] for code, state in self.states.items() if state]
        return self._holding

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return ByName, (dict(self),)

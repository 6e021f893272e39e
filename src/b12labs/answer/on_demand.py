"""An answer whose members are made when they are asked for: most readers look at a few of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from b12labs.answer.by_name import ByName
from b12labs.answer.findings import Findings
from b12labs.answer.parts import Answer
from b12labs.errors import did_you_mean
from b12labs.record import Record, members_of

__all__ = ["OnDemand"]

#: Where a record keeps its members.
_MEMBERS = Record.__dict__["__dict__"]
#: Under which name they hold what makes those that are not there yet.
_MAKER = "_maker"


class OnDemand(Answer):
    """An answer that may be made of a maker, which has a member of the answer under each of its names.

    A member is made when it is asked for, and all of them where the answer is looked at as a whole: compared, copied,
    pickled or written. All of that reads `__dict__`, pydantic's own code included.
    """

    @classmethod
    def of_maker(cls, maker: object) -> Self:
        """Return an answer that takes its members from a maker."""
        return cls.of_members({_MAKER: maker})

    @property
    def states(self) -> Mapping[str, bool | None]:
        """Whether each finding holds, by its code; no evidence is looked for."""
        found = self.findings
        return found.states if isinstance(found, Findings) else super().states

    def holds(self, code: str) -> bool | None:
        """Tell whether a finding holds; None where the results cannot tell, or its version did not know the finding."""
        found = self.findings
        return found.states.get(code) if isinstance(found, Findings) else super().holds(code)

    if not TYPE_CHECKING:  # a type checker takes any attribute to be there

        def __getattr__(self, name: str) -> Any:
            members = _MEMBERS.__get__(self)
            if _MAKER in members and name in members_of(type(self)):
                return members.setdefault(name, getattr(members[_MAKER], name))
            try:
                return super().__getattr__(name)
            except AttributeError as error:
                there = {*members_of(type(self)), *(each for each in dir(type(self)) if each[0] != "_")}
                hint = "" if name[0] == "_" else did_you_mean(name, sorted(there))
                raise AttributeError(f"{error}{hint}") from None

        @property
        def __dict__(self) -> dict[str, Any]:
            members = _MEMBERS.__get__(self)
            if _MAKER in members:
                members = {name: getattr(self, name) for name in members_of(type(self))}
                members["findings"] = ByName(members["findings"])
                _MEMBERS.__set__(self, members)
            return members

        @__dict__.setter
        def __dict__(self, members: dict[str, Any]) -> None:
            _MEMBERS.__set__(self, members)

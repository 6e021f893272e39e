"""An answer whose members are made when they are read: most readers use a few of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from b12labs.answer.by_name import ByName
from b12labs.answer.findings import Findings
from b12labs.answer.parts import Answer
from b12labs.errors import did_you_mean
from b12labs.record import Record, members_of

__all__ = ["OnDemand"]

#: The slot in which a record keeps its members.
_MEMBERS = Record.__dict__["__dict__"]
#: The name under which the members hold their maker.
_MAKER = "_maker"


class OnDemand(Answer):
    """An answer that may be built from a maker, which has each member of the answer as an attribute.

    A member is made when it is read. All are made when the answer is used as a whole: compared, copied, pickled or
    written. All of these read `__dict__`, and so does pydantic's own code.
    """

    @classmethod
    def of_maker(cls, maker: object) -> Self:
        """Return an answer that takes its members from a maker."""
        return cls.of_members({_MAKER: maker})

    @property
    def states(self) -> Mapping[str, bool | None]:
        """Whether each finding holds, by its code; this makes no evidence."""
        found = self.findings
        return found.states if isinstance(found, Findings) else super().states

    def holds(self, code: str) -> bool | None:
        """Return whether a finding holds; None if the results leave it open or its version did not have the finding."""
        found = self.findings
        return found.states.get(code) if isinstance(found, Findings) else super().holds(code)

    if not TYPE_CHECKING:  # a type checker would accept any attribute

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

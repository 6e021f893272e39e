"""Members of an answer by name; an unknown name is an error with the nearest match."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from b12labs.errors import UnknownNameError
from b12labs.inputs.words.hints import meant_name
from b12labs.text import shown

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler

__all__ = ["ByName", "Named", "refuse_name"]

T = TypeVar("T")


class ByName(dict[str, T]):
    """Members of an answer by name; an unknown name raises `UnknownNameError`."""

    def __missing__(self, name: object) -> NoReturn:
        refuse_name(name, self)


class Named:
    """An annotation that turns a dictionary into a `ByName` when it is read back."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(ByName, handler(source))


#: How many names a message lists.
_MOST = 12


def refuse_name(name: object, names: Iterable[str]) -> NoReturn:
    """Raise `UnknownNameError` with the nearest name, or with the names that exist."""
    there = tuple(names)
    hint = meant_name(name, there)
    listed = f"There are {', '.join(map(repr, there))}" if there else "There are none"
    more = "" if hint and len(there) > _MOST else f"{'' if hint else '.'} {listed}"
    raise UnknownNameError(f"there is no {shown(name)}{hint}{more}", code="unknown_name", field=str(name))

"""The problems of an answer, which keep members that a later version added."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Annotated, Any

from b12labs.inputs.panel import Problem

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler

__all__ = ["KeptProblem"]

_KNOWN = frozenset(each.name for each in fields(Problem))


@dataclass(frozen=True, slots=True)
class _Later(Problem):
    """A problem of a later version, with the members that this version does not know."""

    more: Mapping[str, Any] = field(default_factory=dict, hash=False)


def _read(given: Any, read: Callable[[Any], Problem]) -> Problem:
    if not isinstance(given, Mapping):
        return read(given)
    problem = read({name: value for name, value in given.items() if name in _KNOWN})
    more = {name: value for name, value in given.items() if name not in _KNOWN}
    return _Later(problem.code, problem.field, problem.message, more) if more else problem


def _written(problem: Problem, write: Callable[[Problem], dict[str, Any]]) -> dict[str, Any]:
    if not isinstance(problem, _Later):
        return write(problem)
    return {**write(Problem(problem.code, problem.field, problem.message)), **problem.more}


class _Keeping:
    """An annotation by which pydantic keeps a problem's unknown members."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        from pydantic import WrapSerializer, WrapValidator

        return handler.generate_schema(Annotated[source, WrapValidator(_read), WrapSerializer(_written)])


#: A problem as an answer holds it.
KeptProblem = Annotated[Problem, _Keeping()]

"""A record that is a pydantic model to whoever asks for one, and is made without pydantic.

To import pydantic takes longer than everything else that one interpretation needs. So a record is an object with its
members; what checks, writes and describes it is a model of pydantic with the same members, made when it is needed.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NoReturn, Self, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from pydantic import BaseModel, GetCoreSchemaHandler, TypeAdapter
    from pydantic.fields import FieldInfo

__all__ = ["Record", "Within", "as_json", "each", "members_of", "required_of"]

T = TypeVar("T")

#: Where a member stands that has no default.
_REQUIRED: Any = object()


class _Each:
    """A default that is made for each record."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def each(*, default_factory: Callable[[], T]) -> T:
    """Return a default that is made anew for each record, such as an empty list."""
    return _Each(default_factory)  # type: ignore[return-value]  # as of `dataclasses.field`: what the member will hold


class Within:
    """What a value must satisfy, as an annotation: the words of `pydantic.Field`, such as `ge=0, strict=True`."""

    def __init__(self, **bounds: Any) -> None:
        self.bounds = bounds

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        from typing import Annotated

        from pydantic import Field

        return handler.generate_schema(Annotated[source, Field(**self.bounds)])


class _OfModel:
    """A member of the class that pydantic's model of it has."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type[Record]) -> Any:
        return getattr(owner.as_model(), self.name)


@dataclass_transform(kw_only_default=True, field_specifiers=(each,))
class Record:
    """A record with named members: those of its annotations.

    Made by its name it takes what it is given, once the names are right; `model_validate` checks everything. What
    `_checked` does is done there too, after the members were checked.
    """

    __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_private__", "_given")

    if TYPE_CHECKING:
        model_fields: ClassVar[dict[str, FieldInfo]]
        model_config: ClassVar[dict[str, Any]]
        __pydantic_private__: Any
        __pydantic_extra__: dict[str, Any] | None
        _given: set[str]
    else:
        model_fields, model_config = _OfModel(), _OfModel()

        @property
        def __pydantic_serializer__(self) -> Any:
            return self._adapter().serializer

    #: Every member in order, with its default.
    _usual: ClassVar[dict[str, Any]] = {}
    _required: ClassVar[frozenset[str]] = frozenset()
    _factories: ClassVar[dict[str, Callable[[], Any]]] = {}
    #: What becomes of members that are not known, and whether a member can be set.
    _extra: ClassVar[Literal["forbid", "allow"]] = "forbid"
    _frozen: ClassVar[bool] = True

    def __init_subclass__(cls, *, extra: Literal["forbid", "allow", None] = None, frozen: bool | None = None) -> None:
        super().__init_subclass__()
        cls._extra = cls._extra if extra is None else extra
        cls._frozen = cls._frozen if frozen is None else frozen
        cls._usual = {**cls._usual, **{name: cls._taken(name) for name in cls._own()}}
        cls._required = frozenset(name for name, usual in cls._usual.items() if usual is _REQUIRED)
        cls._factories = {name: usual.make for name, usual in cls._usual.items() if isinstance(usual, _Each)}

    @classmethod
    def _own(cls) -> list[str]:
        return [name for name, kind in cls.__annotations__.items() if name[0] != "_" and "ClassVar" not in str(kind)]

    @classmethod
    def _taken(cls, name: str) -> Any:
        """Take a default from the class, where it would be found in the place of a member that is not made yet."""
        if name not in cls.__dict__:
            return _REQUIRED
        usual = cls.__dict__[name]
        delattr(cls, name)
        return usual

    def __init__(self, **given: Any) -> None:
        kind = type(self)
        members: dict[str, Any] = {**kind._usual, **given}
        count = len(kind._usual)
        if len(members) != count or (len(given) != count and not kind._required <= given.keys()):
            members = self._apart(members)
        else:
            _set_extra(self, _NOTHING)
        for name, make in kind._factories.items():
            if name not in given:
                members[name] = make()
        _set_members(self, members)

    @classmethod
    def of_members(cls, members: dict[str, Any]) -> Self:
        """Return a record of all of its members, in order and as they are."""
        made = cls.__new__(cls)
        _set_members(made, members)
        _set_extra(made, _NOTHING)
        return made

    def _apart(self, members: dict[str, Any]) -> dict[str, Any]:
        """Keep what is not known apart; raises `TypeError` where something lacks, or is not known and not allowed."""
        kind = type(self)
        lacking = [name for name, value in members.items() if value is _REQUIRED]
        added = {name: value for name, value in members.items() if name not in kind._usual}
        if lacking or (added and kind._extra == "forbid"):
            wrong = f"lacks {', '.join(lacking)}" if lacking else f"has no member {', '.join(added)}"
            raise TypeError(f"{kind.__name__} {wrong}")
        _set_extra(self, added)
        return {name: members[name] for name in kind._usual}

    # What pydantic reads of an object and writes into it.

    @property
    def __pydantic_fields_set__(self) -> set[str]:
        return getattr(self, "_given", None) or {*type(self)._usual, *(self.__pydantic_extra__ or ())}

    @__pydantic_fields_set__.setter
    def __pydantic_fields_set__(self, given: set[str]) -> None:
        _set(self, "_given", given)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: GetCoreSchemaHandler) -> Any:
        schema = handler(cls.as_model())
        within: Any = handler.resolve_ref_schema(schema)
        while within["type"] != "model":
            within = within["schema"]
        within["cls"] = cls
        return schema

    @classmethod
    def as_model(cls) -> type[BaseModel]:
        """Return the model of pydantic with the same members, made once."""
        return _model_of(cls)  # type: ignore[arg-type]  # a class has a hash, whatever its records have

    @classmethod
    def _adapter(cls) -> TypeAdapter[Self]:
        return _adapter_of(cls)  # type: ignore[arg-type]  # likewise

    # What pydantic's models offer.

    @classmethod
    def model_validate(cls, obj: Any, **how: Any) -> Self:
        """Return a record of data that are checked; raises `pydantic.ValidationError`."""
        return cls._adapter().validate_python(obj, **how)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **how: Any) -> Self:
        """Return a record of JSON that is checked; raises `pydantic.ValidationError`."""
        return cls._adapter().validate_json(json_data, **how)

    @classmethod
    def model_json_schema(cls, **how: Any) -> dict[str, Any]:
        """Return the JSON Schema of the record."""
        return cls._adapter().json_schema(**how)

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """Return a record of data that are not checked."""
        return cls(**values)

    def model_dump(self, **how: Any) -> dict[str, Any]:
        """Return the record as a dictionary; `mode="json"` as JSON holds it."""
        found: dict[str, Any] = self._adapter().dump_python(self, **how)
        return found

    def model_dump_json(self, **how: Any) -> str:
        """Return the record as JSON."""
        return self._adapter().dump_json(self, **how).decode()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some members changed, which are not checked."""
        copied = copy.deepcopy(self) if deep else copy.copy(self)
        known = {name: value for name, value in (update or {}).items() if name in self._usual}
        added = {**(self.__pydantic_extra__ or {}), **{k: v for k, v in (update or {}).items() if k not in known}}
        _set_members(copied, {**self.__dict__, **copied.__dict__, **known})
        copied.__pydantic_extra__ = added
        return copied

    @property
    def model_extra(self) -> dict[str, Any] | None:
        """The members that this version does not know."""
        return None if self._extra == "forbid" else self.__pydantic_extra__

    @property
    def model_fields_set(self) -> set[str]:
        """The members that were given."""
        return self.__pydantic_fields_set__

    # What every object offers.

    def _whole(self) -> dict[str, Any]:
        return {**self.__dict__, **(self.__pydantic_extra__ or {})}

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield from self._whole().items()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Record) and self._whole() == other._whole()

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self)})"

    def __str__(self) -> str:
        return " ".join(f"{name}={value!r}" for name, value in self)

    def __getattr__(self, name: str) -> Any:
        if name == "__pydantic_extra__":  # it was made by way of its class alone
            return _NOTHING
        added = {} if name[0] == "_" else self.__pydantic_extra__ or {}
        if name in added:
            return added[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name[0] == "_":
            _set(self, name, value)
        elif self._frozen:
            self._refuse(name, value)
        elif name in self._usual:
            self.__dict__[name] = value
        else:
            self.__pydantic_extra__ = {**(self.__pydantic_extra__ or {}), name: value}

    def __delattr__(self, name: str) -> None:
        self._refuse(name, None)

    def _refuse(self, name: str, value: Any) -> NoReturn:
        from pydantic_core import ValidationError

        fault: Any = {"type": "frozen_instance", "loc": (name,), "input": value}
        raise ValidationError.from_exception_data(type(self).__name__, [fault])

    def __getstate__(self) -> tuple[Any, ...]:
        return self.__dict__, *(getattr(self, name, None) for name in Record.__slots__[1:])

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _set_members(self, dict(state[0]))
        for name, value in zip(Record.__slots__[1:], state[1:], strict=True):
            if value is not None:
                _set(self, name, value)


def members_of(kind: type[Record]) -> Collection[str]:
    """Return the names of a record's members, in order."""
    return kind._usual.keys()


def as_json(record: Record, *, indent: int | None = None) -> str:
    """Return as JSON a record of texts, whole numbers, lists and dictionaries of these, and records of them.

    Anything else is written by pydantic (`model_dump_json`).
    """
    apart = None if indent is not None else (",", ":")
    return json.dumps(record, default=dict, ensure_ascii=False, indent=indent, separators=apart)


def required_of(kind: type[Record]) -> frozenset[str]:
    """Return the names of the members that have no default."""
    return kind._required


_set = object.__setattr__

#: What a record holds beside its members, if nothing: the same for all, and never changed.
_NOTHING: dict[str, Any] = {}

#: Sets the members of a record, also where its class has another way to them.
_set_members: Callable[[Any, dict[str, Any]], None] = Record.__dict__["__dict__"].__set__
_set_extra: Callable[[Any, dict[str, Any]], None] = Record.__dict__["__pydantic_extra__"].__set__


@cache
def _adapter_of(kind: type[T]) -> TypeAdapter[T]:
    """Return what checks, writes and describes the records of a class."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


@cache
def _model_of(cls: type[Record]) -> type[BaseModel]:
    """Return the model of a class: of the base's model, with the members that the class adds."""
    from pydantic import BaseModel, ConfigDict, Field, model_validator

    if cls is Record:
        return BaseModel
    (base,) = (each for each in cls.__bases__ if issubclass(each, Record))
    added = {name: usual for name, usual in cls._usual.items() if name in cls._own() and usual is not _REQUIRED}
    content: dict[str, Any] = {
        name: Field(default_factory=usual.make) if isinstance(usual, _Each) else usual for name, usual in added.items()
    }
    if "_checked" in vars(cls):
        content["_checked"] = model_validator(mode="after")(vars(cls)["_checked"])
    kind: Any = type(BaseModel)
    made: type[BaseModel] = kind(
        cls.__name__,
        (base.as_model(),),
        {
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__doc__": cls.__doc__,
            "__annotations__": {name: cls.__annotations__[name] for name in cls._own()},
            "model_config": ConfigDict(frozen=cls._frozen, extra=cls._extra, defer_build=True),
            **content,
        },
    )
    return made

"""Records: plain objects that act as pydantic models only when one is needed.

Importing pydantic takes longer than everything else that one interpretation needs. So a record is an object with its
members. A pydantic model with the same members checks, writes and describes it, and is made on first use.
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

#: Marks a member that has no default.
_REQUIRED: Any = object()


class _Each:
    """A default that is made for each record."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def each(*, default_factory: Callable[[], T]) -> T:
    """Return a default that is made for each record, such as an empty list."""
    return _Each(default_factory)  # type: ignore[return-value]  # typed as the member's value, like `dataclasses.field`


class Within:
    """Bounds of a value, as an annotation: keywords of `pydantic.Field`, such as `ge=0, strict=True`."""

    def __init__(self, **bounds: Any) -> None:
        self.bounds = bounds

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        from typing import Annotated

        from pydantic import Field

        return handler.generate_schema(Annotated[source, Field(**self.bounds)])


class _OfModel:
    """A class attribute that is read from the record's pydantic model."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type[Record]) -> Any:
        return getattr(owner.as_model(), self.name)


@dataclass_transform(kw_only_default=True, field_specifiers=(each,))
class Record:
    """A record whose members are its annotations.

    The constructor checks names only; `model_validate` also checks the values, and then runs `_checked`.
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
    #: Whether unknown members are allowed, and whether members are read-only.
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
        """Take a default off the class, since it would hide a member that is not made yet."""
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
        """Return a record from all of its members, in order and unchanged."""
        made = cls.__new__(cls)
        _set_members(made, members)
        _set_extra(made, _NOTHING)
        return made

    def _apart(self, members: dict[str, Any]) -> dict[str, Any]:
        """Separate unknown members; raise `TypeError` if a member is missing, or unknown and not allowed."""
        kind = type(self)
        lacking = [name for name, value in members.items() if value is _REQUIRED]
        added = {name: value for name, value in members.items() if name not in kind._usual}
        if lacking or (added and kind._extra == "forbid"):
            wrong = f"lacks {', '.join(lacking)}" if lacking else f"has no member {', '.join(added)}"
            raise TypeError(f"{kind.__name__} {wrong}")
        _set_extra(self, added)
        return {name: members[name] for name in kind._usual}

    # The attributes that pydantic reads from an object and writes to it.

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
        """Return the pydantic model with the same members, made once."""
        return _model_of(cls)  # type: ignore[arg-type]  # a class is hashable, even if its records are not

    @classmethod
    def _adapter(cls) -> TypeAdapter[Self]:
        return _adapter_of(cls)  # type: ignore[arg-type]  # likewise

    # The interface of pydantic's models.

    @classmethod
    def model_validate(cls, obj: Any, **how: Any) -> Self:
        """Return a record of checked data; raise `pydantic.ValidationError` if the data are invalid."""
        return cls._adapter().validate_python(obj, **how)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **how: Any) -> Self:
        """Return a record of checked JSON; raise `pydantic.ValidationError` if it is invalid."""
        return cls._adapter().validate_json(json_data, **how)

    @classmethod
    def model_json_schema(cls, **how: Any) -> dict[str, Any]:
        """Return the JSON Schema of the record."""
        return cls._adapter().json_schema(**how)

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """Return a record of unchecked data."""
        return cls(**values)

    def model_dump(self, **how: Any) -> dict[str, Any]:
        """Return the record as a dictionary, with the types of JSON if `mode="json"`."""
        found: dict[str, Any] = self._adapter().dump_python(self, **how)
        return found

    def model_dump_json(self, **how: Any) -> str:
        """Return the record as JSON."""
        return self._adapter().dump_json(self, **how).decode()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some members changed; the changes are not checked."""
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

    # The interface of every object.

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
        if name == "__pydantic_extra__":  # made by `__new__` alone
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
    """Return a record as JSON if it holds only texts, whole numbers, lists, dictionaries and records of these.

    `model_dump_json` writes any other record.
    """
    apart = None if indent is not None else (",", ":")
    return json.dumps(record, default=dict, ensure_ascii=False, indent=indent, separators=apart)


def required_of(kind: type[Record]) -> frozenset[str]:
    """Return the names of the members that have no default."""
    return kind._required


_set = object.__setattr__

#: The extra members of a record that has none: shared by all records, and never changed.
_NOTHING: dict[str, Any] = {}

#: Set the members of a record, even if its class overrides `__dict__`.
_set_members: Callable[[Any, dict[str, Any]], None] = Record.__dict__["__dict__"].__set__
_set_extra: Callable[[Any, dict[str, Any]], None] = Record.__dict__["__pydantic_extra__"].__set__


@cache
def _adapter_of(kind: type[T]) -> TypeAdapter[T]:
    """Return the pydantic adapter that checks, writes and describes the records of a class."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


@cache
def _model_of(cls: type[Record]) -> type[BaseModel]:
    """Return the model of a class: the base's model with the members that the class adds."""
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

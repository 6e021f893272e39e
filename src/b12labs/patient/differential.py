"""What speaks for B12 and what for the alternatives, given how symptoms present: an explanation, never a score.

>>> from b12labs import differential
>>> for alternative in differential(side="one", place="outer thigh"):
...     print(alternative)
sciatica (a nerve root pressed, often by a disc or stenosis)
  for it: side one
  does not explain: place outer thigh
  test: straight-leg raise, MRI
meralgia paresthetica (the lateral femoral cutaneous nerve pressed)
  for it: side one, place outer thigh
  test: pelvic compression test
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from b12labs.errors import ContextError, ReferenceDataError, did_you_mean
from b12labs.inputs.vocabulary import plain
from b12labs.reference import directory, read_toml

__all__ = ["FEATURES", "Alternative", "differential"]

FEATURES = ("side", "place", "onset", "character", "triggers", "with_it")


class Alternative(BaseModel):
    """One condition: what reported speaks for it, and what reported it does not explain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    label: str
    cause: str
    area: str
    test: str
    speaks_for: tuple[str, ...]
    not_explained: tuple[str, ...]
    source: str
    checked: str

    def __str__(self) -> str:
        lines = [f"{self.label} ({self.cause})"]
        if self.speaks_for:
            lines.append(f"  for it: {', '.join(self.speaks_for)}")
        if self.not_explained:
            lines.append(f"  does not explain: {', '.join(self.not_explained)}")
        return "\n".join([*lines, f"  test: {self.test}"])


class _Condition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    cause: str
    test: str
    area: str


class _Word(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    synonyms: tuple[str, ...]
    fits: tuple[str, ...]


class _Tables(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    checked: str
    conditions: dict[str, _Condition]
    side: dict[str, _Word]
    place: dict[str, _Word]
    onset: dict[str, _Word]
    character: dict[str, _Word]
    triggers: dict[str, _Word]
    with_it: dict[str, _Word]


@cache
def _tables() -> _Tables:
    try:
        return TypeAdapter(_Tables).validate_python(read_toml(directory() / "differential.toml"))
    except ValidationError as error:
        fault = error.errors()[0]
        raise ReferenceDataError("differential.toml", ".".join(map(str, fault["loc"])), fault["msg"]) from None


def _word(feature: str, given: str) -> tuple[str, _Word]:
    words: dict[str, _Word] = getattr(_tables(), feature)
    names = {plain(name): key for key, word in words.items() for name in (key, *word.synonyms)}
    key = names.get(plain(given))
    if key is None:
        hint = did_you_mean(plain(given), names) or "."
        raise ContextError(
            f"{feature}: {given!r} is not known{hint} Known: {', '.join(words)}", code="unknown_feature", field=feature
        )
    return key, words[key]


def _given(value: Any) -> list[str]:
    several = isinstance(value, Iterable) and not isinstance(value, str)
    return [] if value is None else list(map(str, value)) if several else [str(value)]


def differential(
    *,
    side: str | None = None,
    place: str | Iterable[str] | None = None,
    onset: str | None = None,
    character: str | Iterable[str] | None = None,
    triggers: str | Iterable[str] | None = None,
    with_it: str | Iterable[str] | None = None,
) -> tuple[Alternative, ...]:
    """Explain what the reported features of leg symptoms or joint pain fit.

    Each argument is one word or several (`place=["feet", "hands"]`). Every condition that at least one feature fits is
    returned, in the order of the tables, with what speaks for it and what it does not explain. Raises `ContextError`
    for a feature that is not known.
    """
    features: dict[str, Any] = dict(zip(FEATURES, (side, place, onset, character, triggers, with_it), strict=True))
    reported = [(feature, *_word(feature, word)) for feature, value in features.items() for word in _given(value)]
    tables = _tables()
    found: list[Alternative] = []
    for code, condition in tables.conditions.items():
        fitting = [
            f"{feature.replace('_', ' ')} {key.replace('_', ' ')}"
            for feature, key, word in reported
            if code in word.fits
        ]
        other = [
            f"{feature.replace('_', ' ')} {key.replace('_', ' ')}"
            for feature, key, word in reported
            if code not in word.fits
        ]
        if fitting:
            found.append(
                Alternative(
                    code=code,
                    label=condition.label,
                    cause=condition.cause,
                    area=condition.area,
                    test=condition.test,
                    speaks_for=tuple(fitting),
                    not_explained=tuple(other),
                    source=tables.source,
                    checked=tables.checked,
                )
            )
    return tuple(found)

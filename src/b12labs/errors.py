"""Exceptions with fields: one root class, and a few kinds under it.

Every message names the field, the expected value, the value that it got, and the nearest match. In a batch, an error
becomes a `Problem` of its row, and the batch continues.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin

T = TypeVar("T")

__all__ = [
    "B12LabsError",
    "ColumnError",
    "ColumnWarning",
    "ContextError",
    "GuidelineError",
    "MeasurementError",
    "MissingExtraError",
    "PanelError",
    "ReferenceDataError",
    "UnknownNameError",
    "checked_option",
    "checked_path",
    "checked_several",
    "checked_texts",
    "checked_word",
    "did_you_mean",
    "expected_word",
    "extra",
    "nearest",
    "shown_given",
    "suggestion",
    "warn_user",
]


def nearest(given: str, accepted: Iterable[str], alike: float = 0.6) -> str | None:
    """Return the accepted name most similar to `given`, or None if its similarity is below `alike` (0 to 1)."""
    by_folded = {name.casefold(): name for name in accepted}
    longest = max(map(len, by_folded), default=0)
    if 2 * longest < alike * (longest + len(given)):  # no name is similar enough; comparing is slow
        return None
    import difflib  # only an unknown name needs it

    match = difflib.get_close_matches(given.casefold(), by_folded, n=1, cutoff=alike)
    return by_folded[match[0]] if match else None


def did_you_mean(given: object, accepted: Iterable[str]) -> str:
    """Return the end of a message, `; did you mean 'x'?`, or an empty text if no accepted name is similar to `given`.

    A name is also similar if it, or one of its words, begins with `given`.

    >>> did_you_mean("nice", ["bsh-2014", "nice-ng239"]), did_you_mean("ng239", ["bsh-2014", "nice-ng239"])
    ("; did you mean 'nice-ng239'?", "; did you mean 'nice-ng239'?")
    """
    text, names = str(given), tuple(accepted)
    return suggestion(nearest(text, names) or _beginning(text.casefold(), names))


def _beginning(text: str, names: Iterable[str]) -> str | None:
    """Return the shortest name that begins with the text, else the shortest with a word that begins with it."""
    if len(text) < 3:
        return None
    shortest = sorted(names, key=len)
    whole = (name for name in shortest if name.casefold().startswith(text))
    words = (name for name in shortest if any(word.startswith(text) for word in re.split(r"[\W_]+", name.casefold())))
    return next(whole, None) or next(words, None)


def suggestion(near: str | None) -> str:
    """Return the end of a message that suggests a name, or an empty text if there is none."""
    return f"; did you mean {near!r}?" if near else ""


class B12LabsError(ValueError):
    """Root of every error that b12labs raises on input it cannot read.

    `code` is stable, for programs; `field` names the analyte, column or context field, if there is one.
    """

    def __init__(self, message: str, *, code: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, dict(self.__dict__)))


def _rebuild(kind: type[B12LabsError], message: str, state: dict[str, object]) -> B12LabsError:
    """Rebuild an error from its pickle, as when a worker process returns it."""
    error = kind.__new__(kind)
    error.args = (message,)
    error.__dict__.update(state)
    return error


class MeasurementError(B12LabsError):
    """A result that cannot be read: no unit, an unknown unit, a value that is not a number, or an implausible value.

    `kept` is the result itself if only its flag or its reference interval could not be read; a batch continues with it.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        field: str | None = None,
        given: str = "",
        accepted: tuple[str, ...] = (),
        kept: object = None,
    ) -> None:
        super().__init__(message, code=code, field=field)
        self.given = given
        self.accepted = accepted
        self.kept = kept


class ContextError(B12LabsError):
    """A symptom, risk factor, medicine or diagnosis that the vocabulary does not know.

    `kept` holds the terms that the word may mean; a batch continues with them.
    """

    def __init__(self, message: str, *, code: str, field: str | None = None, kept: object = None) -> None:
        super().__init__(message, code=code, field=field)
        self.kept = kept


class PanelError(B12LabsError):
    """A value of the patient or the draw that cannot be read: age, sex, pregnancy, or an unknown analyte."""

    @classmethod
    def conflict(cls, field: str, why: str) -> PanelError:
        """Return the error of statements that exclude each other."""
        return cls(f"{field}: {why}", code="conflict", field=field)


def checked_word(field: str, given: T, accepted: Any) -> T:
    """Return an option's word if it belongs to a `Literal` type (or is None, if the type allows that).

    Every public function calls it for each option that is a word: an unchecked word would act as another one.
    Raises `PanelError` (`unknown_` and the field).

    >>> checked_word("formulary", "US", Literal["uk", "us"])
    Traceback (most recent call last):
    ...
    b12labs.errors.PanelError: formulary: expected 'uk' or 'us', got 'US'; did you mean 'us'?
    """
    if type(given) is str and given in getattr(accepted, "__args__", ()):  # the usual case
        return given
    words = _words(accepted)
    if isinstance(given, str | int | None) and not isinstance(given, bool) and given in words:
        return given
    raise PanelError(f"{field}: {expected_word(given, words)}", code=f"unknown_{field}", field=field)


def checked_option(field: str, given: T, expected: str, *, holds: bool) -> T:
    """Return an option if it is of the expected kind; raise `PanelError` (`unreadable_` and the field) if not."""
    if not holds:
        got = shown_given(given)
        raise PanelError(f"{field}: expected {expected}, got {got}", code=f"unreadable_{field}", field=field)
    return given


def shown_given(given: object) -> str:
    """Return a value as a message repeats it: plain values and collections literally, any other object by its type."""
    plain = given is None or isinstance(given, str | bytes | int | float | list | tuple | dict | os.PathLike)
    kind = type(given).__name__
    return f"{given!r:.80}" if plain else f"{'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind}"


def checked_several(field: str, given: Iterable[T] | None, expected: str) -> list[T]:
    """Return several values as a list; raise `PanelError` for a text, a table, a mapping or a single value."""
    is_table = type(given).__name__ in ("DataFrame", "LazyFrame", "Table")
    several: list[T] = []
    try:
        holds = given is not None and not is_table and not isinstance(given, str | bytes | Mapping)
        several = list(given) if holds and given is not None else []
    except TypeError:  # a numpy array of no dimension fails only here
        holds = False
    checked_option(field, given, expected, holds=holds)
    return several


def checked_path(field: str, given: object) -> Path:
    """Return a path that was given as text or as an `os.PathLike`; raise `PanelError` for anything else."""
    path = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    checked_option(
        field, given, "a path, as text or an os.PathLike", holds=isinstance(path, str) and path.strip() != ""
    )
    return Path(str(path))


def checked_texts(field: str, given: T, expected: str) -> T:
    """Return an option that is a dictionary from text to text, or None; raise `PanelError` for anything else."""
    holds = given is None or (
        isinstance(given, Mapping) and all(isinstance(text, str) for pair in given.items() for text in pair)
    )
    return checked_option(field, given, expected, holds=holds)


def expected_word(given: object, words: Collection[object]) -> str:
    """Return `expected 'uk' or 'us', got 'UK'; did you mean 'uk'?`."""
    *others, last = map(repr, words)
    hint = did_you_mean(given, (word for word in words if isinstance(word, str)))
    return f"expected {', '.join(others)} or {last}, got {given!r:.80}{hint}"


def _words(accepted: Any) -> tuple[Any, ...]:
    """Return the words of a `Literal` type, with None last if it is optional."""
    parts = get_args(accepted)
    if get_origin(accepted) is Literal:
        return parts
    return tuple(word for part in parts for word in ((None,) if part is NoneType else get_args(part)))


class MissingExtraError(B12LabsError, ImportError):
    """An optional package that is not installed; the message has the command that installs it."""


@contextmanager
def extra(
    name: str, what: str, *, package: str | None = None, code: str = "missing_extra", otherwise: str = ""
) -> Iterator[None]:
    """Import packages of an extra; raise `MissingExtraError` if one is missing.

    `what` needs the package. `package` is its name if the import does not show it. `otherwise` is a way without it.

    >>> with extra("plots", "plots"):
    ...     import no_such_package
    Traceback (most recent call last):
    ...
    b12labs.errors.MissingExtraError: plots needs no_such_package, which is not installed: pip install "b12labs[plots]"
    """
    try:
        yield
    except ImportError as error:
        missing = (error.name or name).partition(".")[0]
        if isinstance(error, MissingExtraError) or missing == "b12labs":
            raise
        package, install = package or missing, f'pip install "b12labs[{name}]"'
        why = f"{what} needs {package}, which is not installed: {install}{otherwise}"
        raise MissingExtraError(why, code=code, field=package) from None


class UnknownNameError(B12LabsError, KeyError):
    """No finding, result or other part of an answer has that name."""

    def __str__(self) -> str:  # KeyError would quote the message
        return self.message


class GuidelineError(B12LabsError):
    """A guideline that does not exist."""


class ColumnError(B12LabsError):
    """A table whose columns cannot be used: none recognized, or two for one analyte."""


class ColumnWarning(UserWarning):
    """A column of a table is not used, although its name suggests a result, the patient or the context."""


def warn_user(message: str, kind: type[Warning]) -> None:
    """Warn at the line of the user's own code that led here."""
    frame, level = sys._getframe(), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "b12labs":
        frame, level = frame.f_back, level + 1
    warnings.warn(message, kind, stacklevel=level)


class ReferenceDataError(B12LabsError):
    """A malformed file of `reference_ranges/`: the message names the file, the key and the expected content."""

    def __init__(self, file: str, key: str, expected: str) -> None:
        super().__init__(f"{file}: {key}: {expected}", code="reference_data", field=key)
        self.file = file
        self.key = key
        self.expected = expected

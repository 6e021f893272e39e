"""The ready file: reference data that were read and checked before, so that a start does not read them again.

A wheel contains the ready file, written when the wheel was built. Otherwise it is written at first use, in the folder
of compiled modules, unless Python is set not to write these. It is used only if every data file, and the code that
reads them, is unchanged: a file that was edited in place is read again. It is JSON, one line per data file.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from functools import cache, wraps
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar, cast

from b12labs.errors import ReferenceDataError
from b12labs.record import Record
from b12labs.reference.loaded import directory, edition
from b12labs.version import __version__

__all__ = ["FILE", "RECORD", "as_lines", "as_ready", "name_of", "read_record", "ready"]

T = TypeVar("T")

#: The name of the file, beside this module in a wheel.
FILE = "ready.jsonl"
#: The committed record of the version of the rules, in the package.
RECORD = "rules_version.toml"
#: The member that marks a JSON object as a record, and names its class.
_KIND = "$"
_MARK = f'"{_KIND}":'.encode()
_HERE = Path(__file__)
#: Holds an item once this process has tried to write the ready file.
_TRIED: list[bool] = []


def ready(name: str, read: Callable[[], T]) -> T:
    """Return the content under a name in the ready file, else the result of `read`, which may raise."""
    content = _ready().get(name.encode())
    if content is not None:
        digest, _, line = content.partition(b"\t")
        if digest == _digest(line):
            return cast(T, _parsed(line))
    found = read()
    _keep()
    return found


def as_ready(name: str) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """Return a decorator for a function that reads a file: ready content of that name is returned instead, if any."""

    def of(read: Callable[[], T]) -> Callable[[], T]:
        return wraps(read)(lambda: ready(name, read))

    return of


def name_of(path: Any) -> str:
    """Return the name of a data file within the folder of the reference data; blank for any other file."""
    folder = f"{directory()}{os.sep}"
    return str(path).removeprefix(folder).replace(os.sep, "/") if str(path).startswith(folder) else ""


@cache
def _ready() -> dict[bytes, bytes]:
    """Return, by name, a digest and the content it is of; {} if no ready file was made from the present files."""
    for path in (_HERE.with_name(FILE), _kept()):
        try:
            made_of, *lines = path.read_bytes().split(b"\n")
        except OSError:  # not there, or not of this system
            continue
        if made_of and made_of == _made_of():
            return dict(line.partition(b"\t")[::2] for line in lines)
    return {}


def _kept() -> Path:
    return Path(cache_from_source(str(_HERE))).with_name(FILE)


@cache
def _made_of() -> bytes:
    """Return the digest of the data files and of the code that reads them."""
    code = [*sorted(_HERE.parent.glob("*.py")), _HERE.parents[1] / "record.py", _HERE.parents[1] / RECORD]
    try:
        read = [_digest(path.read_bytes().replace(b"\r\n", b"\n")) for path in code]
    except OSError:  # a package in a zip, or without its sources
        return b""
    return _digest(ascii((__version__, sorted(edition(directory())), read)).encode())


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def as_lines(contents: Iterable[tuple[str, Any]]) -> bytes:
    """Return the ready file: a line per content, with its name and digest."""
    lines = [_made_of()]
    for name, content in contents:
        line = json.dumps(_plain(content), ensure_ascii=False, separators=(",", ":")).encode()
        lines.append(b"\t".join((name.encode(), _digest(line), line)))
    return b"\n".join(lines)


def _keep() -> None:
    """Write the ready file if none fits and it can be written; tried once per process."""
    if _TRIED or sys.dont_write_bytecode or not _made_of() or _ready():
        return
    _TRIED.append(True)
    from b12labs.reference.every_file import contents

    path = _kept()
    beside = path.with_name(f"{FILE}.{os.getpid()}")
    try:
        lines = as_lines(contents())
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(lines)
        beside.replace(path)
    except (OSError, ReferenceDataError):  # a data file that is not needed here may be unreadable
        return


def read_record() -> dict[str, Any]:
    """Return the record of the version of the rules; {} in a checkout in which it is not written yet."""
    import pkgutil
    import tomllib

    try:
        content = pkgutil.get_data("b12labs", RECORD)
    except OSError:
        content = None
    return tomllib.loads(content.decode("utf-8")) if content else {}


def _plain(value: Any) -> Any:
    """Return records as JSON objects that name their class."""
    if isinstance(value, Record):
        return {_KIND: type(value).__name__, **{name: _plain(member) for name, member in value}}
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    return [_plain(member) for member in value] if isinstance(value, list | tuple) else value


def _parsed(line: bytes) -> Any:
    return json.loads(line, object_hook=_record) if _MARK in line else json.loads(line)


def _record(read: dict[str, Any]) -> Any:
    """Return the record of a JSON object; a list in JSON becomes a tuple in a record."""
    kind = read.pop(_KIND, None)
    for name, value in read.items():
        if type(value) is list:
            read[name] = tuple(value)
    return read if kind is None else _class(kind).of_members(read)


@cache
def _class(name: str) -> type[Record]:
    from b12labs.reference import models

    if not hasattr(models, name):
        from b12labs.reference import bedside

        return cast(type[Record], getattr(bedside, name))
    return cast(type[Record], getattr(models, name))

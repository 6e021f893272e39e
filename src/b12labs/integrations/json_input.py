"""One strict reader for JSON from outside.

It refuses some texts that the standard library accepts: duplicate members, NaN and Infinity, lone surrogates, and
unlimited depth. Decimals keep their digits as `Decimal`. A number with more than 18 significant digits or a large
exponent (which can take minutes to expand) is read as `UNREAD_NUMBER`: it spoils its own value and no other.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from b12labs.errors import B12LabsError

__all__ = ["MAX_BYTES", "MAX_DEPTH", "UNREAD_NUMBER", "JsonInputError", "read_json"]

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 64
DIGITS = 18
EXPONENT = 20
#: The longest text of a number within both limits: `0.` and zeros before the digits, and zeros after them.
_LONGEST = 64

#: A text, so that it is neither a number nor missing.
UNREAD_NUMBER = f"a number of more than {DIGITS} digits, or an exponent beyond {EXPONENT}"

_BRACES = bytes.maketrans(b"[]", b"{}")
_NO_STRUCTURE = bytes(set(range(256)) - set(b'[]{}":'))
_STRING = re.compile(rb'"[^"]*"')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_NAME = re.compile(r"[A-Za-z_]{1,40}", re.ASCII)


class JsonInputError(B12LabsError):
    """JSON that cannot be read. The message repeats no value; `field` is the member if one can be named.

    `code`: `too_large`, `not_utf8`, `not_json`, `too_deep`, `duplicate_member`, `not_a_number`, `lone_surrogate`.
    """


def read_json(data: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """Read a JSON text: objects as dicts, whole numbers as ints, other numbers as `Decimal` with their digits.

    Raises `JsonInputError`. A byte order mark at the beginning is ignored, as RFC 8259 allows.

    >>> read_json('{"value": 118.00}')
    {'value': Decimal('118.00')}
    >>> read_json('{"status": "final", "status": "preliminary"}')
    Traceback (most recent call last):
    ...
    b12labs.integrations.json_input.JsonInputError: the member 'status' is there twice in one object
    """
    raw, text = _decoded(data, max_bytes)
    brackets, written = _structure(raw)
    if _is_deeper(brackets, max_depth):
        raise JsonInputError(f"nested deeper than {max_depth} levels", code="too_deep")
    # Counting the kept members costs a third of the time of checking the pairs of every object.
    kept = 0

    def count(members: dict[str, Any]) -> dict[str, Any]:
        nonlocal kept
        kept += len(members)
        return members

    numbers: dict[str, Any] = {"parse_float": _decimal, "parse_int": _whole, "parse_constant": _constant}
    try:
        read = json.loads(text, object_hook=count, **numbers)
        if kept != written:
            json.loads(text, object_pairs_hook=_refuse_twice, **numbers)
    except json.JSONDecodeError as error:
        raise JsonInputError(
            f"not JSON: {_reason(error.msg)} at line {error.lineno}, column {error.colno}", code="not_json"
        ) from None
    except RecursionError:
        raise JsonInputError(f"nested deeper than {max_depth} levels", code="too_deep") from None
    if _SURROGATE.search(text):
        _refuse_lone_surrogates(read)
    return read


def _decoded(data: bytes | str, max_bytes: int) -> tuple[bytes, str]:
    """Return the input as bytes and as text; the limit is in bytes of UTF-8."""
    if len(data) > max_bytes:
        raise JsonInputError(f"larger than {max_bytes} bytes", code="too_large")
    try:
        raw = data.encode() if isinstance(data, str) else bytes(data)
        text = data if isinstance(data, str) else raw.decode()
    except UnicodeError as error:
        raise JsonInputError(f"not UTF-8: {error.reason} at {error.start}", code="not_utf8") from None  # type: ignore[attr-defined]  # both kinds have it
    if len(raw) > max_bytes:
        raise JsonInputError(f"larger than {max_bytes} bytes", code="too_large")
    return raw, text.removeprefix("\ufeff")


def _structure(raw: bytes) -> tuple[bytes, int]:
    """Return the brackets of a text outside strings, and the number of members written in its objects.

    First all characters but quotes, brackets and colons are removed, then the strings. Two adjacent quotes may be the
    end of one string and the beginning of the next; removing both leaves the rest as much inside or outside as before.
    """
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    structure = _STRING.sub(b"", raw.translate(_BRACES, _NO_STRUCTURE).replace(b'""', b""))
    return structure.translate(None, b":"), structure.count(b":")


def _is_deeper(brackets: bytes, max_depth: int) -> bool:
    """Return whether brackets are nested deeper, by removing the innermost pairs once per level.

    The text need not be valid JSON.
    """
    for _ in range(max_depth):
        inner = brackets.replace(b"{}", b"")
        if len(inner) == len(brackets):
            break
        brackets = inner
    return brackets.count(b"{") > max_depth or b"{}" in brackets


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a duplicate member; the message names it, unless its name could be data."""
    seen: dict[str, Any] = {}
    for name, value in pairs:
        if name in seen:
            named = name if _NAME.fullmatch(name) else None
            what = f"the member {named!r}" if named else "a member"
            raise JsonInputError(f"{what} is there twice in one object", code="duplicate_member", field=named)
        seen[name] = value
    return seen


def _decimal(text: str) -> Decimal | str:
    if len(text) <= DIGITS and "e" not in text and "E" not in text:
        return Decimal(text)
    exponent = re.split("[eE]", text)[1] if "e" in text.lower() else "0"
    if len(text) > _LONGEST or len(exponent) > 4 or abs(int(exponent)) > EXPONENT:
        return UNREAD_NUMBER
    number = Decimal(text)
    beyond = len(number.as_tuple().digits) > DIGITS or (number and abs(number.adjusted()) > EXPONENT)
    return UNREAD_NUMBER if beyond else number


def _whole(text: str) -> int | str:
    return UNREAD_NUMBER if len(text) > DIGITS + text.startswith("-") else int(text)


def _constant(text: str) -> NoReturn:
    raise JsonInputError(f"{text} is not a JSON number", code="not_a_number")


def _refuse_lone_surrogates(read: Any) -> None:
    """Refuse half of a character: it cannot be written as UTF-8 again."""
    texts: list[Any] = [read]
    while texts:
        node = texts.pop()
        if isinstance(node, dict):
            texts.extend(node)
            texts.extend(node.values())
        elif isinstance(node, list):
            texts.extend(node)
        elif isinstance(node, str):
            try:
                node.encode()
            except UnicodeEncodeError:
                raise JsonInputError("a text holds half of a surrogate pair", code="lone_surrogate") from None


def _reason(message: str) -> str:
    """Return the parser's reason, which quotes nothing of the text."""
    return message[:1].lower() + message[1:].split(":", maxsplit=1)[0].removesuffix(" at")

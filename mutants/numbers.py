"""The mutants of a file of `reference_ranges/`: each number one more and one less in its last place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from mutants.mutant import ROOT, Mutant, told_apart

#: A string, a comment, a date, a key or a number: only the last is changed.
TOKEN = re.compile(
    r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|\d{4}-\d\d-\d\d|[A-Za-z_][\w.-]*'
    r"|(?P<number>[-+]?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)"
)
TABLE = re.compile(r"^\[+(.+?)\]+", re.MULTILINE)


def number_mutants(file: str) -> Iterator[Mutant]:
    """Yield every mutant of a TOML file, in the order of the text."""
    return told_apart(_numbers(file))


def _numbers(file: str) -> Iterator[Mutant]:
    text = (ROOT / file).read_text(encoding="utf-8")
    for token in TOKEN.finditer(text):
        number = token["number"]
        for changed in _beside(number) if number and not _is_a_key(text, token) else ():
            begin, end = text.rfind("\n", 0, token.start()) + 1, text.find("\n", token.end())
            after = text[begin : token.start()] + changed + text[token.end() : end]
            mutated = text[:begin] + after + text[end:]
            table = TABLE.findall(text, 0, token.start())
            line = text.count("\n", 0, begin) + 1
            place = table[-1] if table else "top"
            yield Mutant(file, place, text[begin:end].strip(), after.strip(), line, partial(str, mutated))


def _is_a_key(text: str, token: re.Match[str]) -> bool:
    return text[token.end() :].lstrip(" ").startswith(("=", ".")) or text[token.start() - 1] == "."


def _beside(number: str) -> Iterator[str]:
    """Yield a number one more and one less in its last printed place, but not 0 less one."""
    mantissa, mark, exponent = number.replace("_", "").partition("e")
    value = Decimal(mantissa)
    step = Decimal(1).scaleb(int(value.as_tuple().exponent))
    yield f"{value + step}{mark}{exponent}"
    if value != 0:
        yield f"{value - step}{mark}{exponent}"

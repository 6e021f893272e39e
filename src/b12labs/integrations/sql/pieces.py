"""Pieces of SQL, each with its text, the last step that it reads, and how tightly it binds.

They are written in the dialect of PostgreSQL, which `statement.py` translates into another. For a truth, NULL is the
third answer. For a quantity, NULL is an unknown end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = [
    "DOUBLE",
    "NO",
    "Piece",
    "between",
    "case_of",
    "column",
    "infix",
    "matched",
    "negated",
    "number",
    "word",
    "words",
    "written",
]

DOUBLE = "DOUBLE PRECISION"

#: How tightly an operator binds, the tightest first; any other compares.
_BINDS = {"*": 1, "/": 1, "+": 2, "-": 2, "||": 2, "NOT": 4, "AND": 5, "OR": 6}
_COMPARED = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """An expression. `level` is the last step whose columns it reads; `plain` is True for a name or a literal."""

    text: str
    level: int = 0
    binds: int = 0
    plain: bool = False

    def within(self, binds: int) -> str:
        """Return the text as an operand of an operator that binds so tightly."""
        return f"({self.text})" if self.binds >= binds else self.text


def column(name: str, level: int = 0) -> Piece:
    """Return a column of a step."""
    return Piece(name, level, plain=True)


def number(value: float) -> Piece:
    """Return a number as a literal; all numbers are finite."""
    return Piece(repr(float(value)), plain=value >= 0, binds=0 if value >= 0 else _BINDS["-"])


def word(text: str) -> Piece:
    """Return a text as a literal."""
    quoted = text.replace("'", "''")
    return Piece(f"'{quoted}'", plain=True)


#: An unknown truth.
NO = Piece("CAST(NULL AS BOOLEAN)", plain=True)


def written(template: str, *parts: Piece) -> Piece:
    """Return a call or a CASE with its parts filled in."""
    return Piece(template.format(*(part.text for part in parts)), _level(parts))


def infix(operator: str, *parts: Piece) -> Piece:
    """Return parts with an operator between them."""
    binds = _BINDS.get(operator, _COMPARED)
    if len(parts) == 1:
        return parts[0]
    # Brackets keep the order of arithmetic, so that it rounds as Python does.
    texts = [
        part.text if part.binds == binds and operator in ("AND", "OR", "||") else part.within(binds) for part in parts
    ]
    return Piece(f" {operator} ".join(texts), _level(parts), binds)


def negated(part: Piece) -> Piece:
    """Return the opposite of a truth."""
    binds = _BINDS["NOT"]
    return Piece(f"NOT {part.within(binds)}", part.level, binds)


def matched(part: Piece, answers: Mapping[str, str], otherwise: str = "NULL") -> Piece:
    """Return the answer for each value that a part can have; values and answers are given as SQL.

    Each value is compared separately, because DuckDB makes a join of every long list.
    """
    whens = " ".join(f"WHEN {value} THEN {answer}" for value, answer in answers.items())
    return Piece(f"CASE {part.text} {whens} ELSE {otherwise} END", part.level)


def words(texts: Iterable[str], answer: str) -> dict[str, str]:
    """Return the same answer for several texts, for `matched`."""
    return {word(text).text: answer for text in texts}


def between(part: Piece, low: float, high: float) -> Piece:
    """Return whether a number is between two others, inclusive."""
    return infix("BETWEEN", part, Piece(f"{number(low).text} AND {number(high).text}"))


def case_of(cases: Sequence[tuple[Piece, str | None]], otherwise: str | None) -> Piece:
    """Return the text of the first case that holds."""

    def said(text: str | None) -> str:
        return "NULL" if text is None else word(text).text

    whens = " ".join(f"WHEN {piece.text} THEN {said(text)}" for piece, text in cases)
    return Piece(f"CASE {whens} ELSE {said(otherwise)} END", _level(piece for piece, _ in cases))


def _level(parts: Iterable[Piece]) -> int:
    return max((part.level for part in parts), default=0)

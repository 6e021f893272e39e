"""A statement of named steps, each of which adds columns to the one before."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from b12labs.integrations.sql.pieces import Piece, column

__all__ = ["Statement", "Step"]

#: The length of a line.
_WIDTH = 100

#: The dialects whose planner would write the columns of one step into the next, over and over.
_FENCED = ("postgres", "redshift", "materialize", "risingwave")


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    piece: Piece
    level: int
    says: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step before the others: its columns, and the source of its SELECT."""

    name: str
    columns: list[tuple[str, Piece]]
    source: str

    def text(self, dialect: str) -> str:
        """Return the SQL of the step."""
        listed = ",\n".join(_listed(name, piece, "", dialect) for name, piece in self.columns)
        return f"{self.name} AS (\n  SELECT\n{listed}\n  FROM {self.source}\n)"


class Statement:
    """The columns of all steps; the columns of one step read those of earlier ones."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        #: Names that only a column with a name of its `own` may have.
        self._reserved = set(reserved)
        self._columns: list[_Column] = []
        self._by_text: dict[str, Piece] = {}
        self._names: set[str] = set()
        self._parts: list[tuple[str, int]] = []
        self._floor = 0

    def begin(self, part: str) -> None:
        """Begin a part of the statement, whose columns come after all earlier ones."""
        self._floor = max((each.level for each in self._columns), default=0)
        self._parts.append((part, self._floor))

    def put(self, name: str, piece: Piece, says: str = "", *, own: bool = False) -> Piece:
        """Add a column and return it; an expression is not added twice, unless it has a name of its `own`."""
        if not own and piece.text in self._by_text:
            return self._by_text[piece.text]
        free, number = name, 1
        while free in self._names or (not own and free in self._reserved):
            number += 1
            free = f"{name}_{number}"
        self._names.add(free)
        level = max(piece.level, self._floor) + 1
        self._columns.append(_Column(free, piece, level, says))
        return self._by_text.setdefault(piece.text, column(free, level))

    def held(self, piece: Piece, name: str) -> Piece:
        """Return a piece that may be written twice: a name or a literal, or a column made of it."""
        return piece if piece.plain else self.put(name, piece)

    @property
    def width(self) -> int:
        """The number of columns of the last step; PostgreSQL allows 1,664."""
        return len(self._columns)

    def text(self, dialect: str, source: str, answers: list[tuple[str, Piece, str]], first: Sequence[Step] = ()) -> str:
        """Return the statement: the steps from a source, and the answers from the last step.

        In PostgreSQL an OFFSET keeps each step a step. Without it the planner writes the columns of one step into the
        next, over and over.
        """
        fence = "\n  OFFSET 0" if dialect in _FENCED else ""
        steps, before = [step.text(dialect) for step in first], source
        for level in sorted({each.level for each in self._columns}):
            name = self._step_name(level)
            here = [each for each in self._columns if each.level == level]
            listed = ",\n".join(_listed(each.name, each.piece, each.says, dialect) for each in here)
            carried = "    *,\n" if before != source else ""
            steps.append(f"{name} AS (\n  SELECT\n{carried}{listed}\n  FROM {before}{fence}\n)")
            before = name
        last = ",\n".join(_listed(name, piece, says, dialect, indent=2) for name, piece, says in answers)
        return f"WITH {', '.join(steps)}\nSELECT\n{last}\nFROM {before}\n"

    def _step_name(self, level: int) -> str:
        part, floor = next(each for each in reversed(self._parts) if each[1] < level)
        later = [other for _, other in self._parts if other > floor]
        only_one = (later[0] if later else max(each.level for each in self._columns)) == floor + 1
        return part if only_one else f"{part}_{level - floor}"


def _listed(name: str, piece: Piece, says: str, dialect: str, *, indent: int = 4) -> str:
    """Return a column with its sentence above it."""
    margin = " " * indent
    comment = [f"{margin}-- {line}" for line in textwrap.wrap(says, 116 - indent)]
    text = "*" if name == "*" else _in_dialect(piece.text, dialect)
    text = text if text == name else f"{text} AS {name}"
    return "\n".join([*comment, textwrap.indent(text, margin)])


#: The places at which a CASE may be broken into lines: before its keywords, outside a text.
_CASES = re.compile(r" (?=(?:WHEN|THEN|ELSE|END|AND|OR)\b)(?=(?:[^']*'[^']*')*[^']*$)")


def _in_dialect(text: str, dialect: str) -> str:
    """Return an expression in a dialect: on one line if it is short, a CASE on few lines, any other by its parts."""
    import sqlglot

    parsed: Any = sqlglot.parse_one(text, read="postgres")
    short: str = parsed.sql(dialect)
    if len(short) < _WIDTH:
        return short
    if short.startswith("CASE"):
        return _filled(_CASES.split(short))
    return str(parsed.sql(dialect, pretty=True, max_text_width=_WIDTH))


def _filled(parts: Iterable[str]) -> str:
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part) > _WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {part}" if lines[-1] else part
    return "\n".join(lines)

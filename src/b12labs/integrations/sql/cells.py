"""Cells of a table as SQL: numbers, words, yes and no."""

from __future__ import annotations

import re
from collections.abc import Mapping

from b12labs.integrations.sql.pieces import DOUBLE, Piece, matched, word, written

__all__ = ["as_number", "as_words", "coded", "missing_to", "quoted"]

_SIMPLE = re.compile(r"[a-z_][a-z0-9_]*")
#: Words that stand for themselves in some dialect, and are quoted where they are names.
_KEYWORDS = frozenset({
    "all", "and", "any", "as", "asc", "between", "by", "case", "cast", "check", "column", "create", "cross",
    "current_date", "date", "default", "desc", "distinct", "else", "end", "except", "exists", "false", "for",
    "from", "full", "grant", "group", "having", "in", "inner", "interval", "into", "is", "join", "key", "left",
    "like", "limit", "natural", "not", "null", "offset", "on", "or", "order", "outer", "primary", "references",
    "right", "row", "rows", "select", "session", "some", "table", "then", "time", "timestamp", "to", "true",
    "union", "unique", "user", "using", "value", "values", "when", "where", "window", "with", "year",
})  # fmt: skip


def quoted(name: str) -> str:
    """Return a column of the user's as it is written; what is no simple word in small letters is quoted."""
    if _SIMPLE.fullmatch(name) and name not in _KEYWORDS:
        return name
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def as_number(name: str) -> Piece:
    """Return a cell as a number; NaN, which some tables have for what is missing, is NULL."""
    return Piece(f"NULLIF(CAST({quoted(name)} AS {DOUBLE}), CAST('NaN' AS {DOUBLE}))")


def as_words(name: str, codes: Mapping[str, str]) -> Piece:
    """Return a cell as text, with what the site's codes in it mean."""
    return coded(Piece(f"TRIM(CAST({quoted(name)} AS VARCHAR))"), codes)


def coded(text: Piece, codes: Mapping[str, str]) -> Piece:
    """Return a text, and the meaning of a code in its place; a table of numbers may have 2 as 2.0."""
    if not codes:
        return text
    meant = {code: word(text).text for code, text in codes.items()}
    as_numbers = {word(f"{code}.0").text: text for code, text in meant.items()}
    return matched(text, as_numbers | {word(code).text: said for code, said in meant.items()}, text.text)


def missing_to(piece: Piece, otherwise: str) -> Piece:
    """Return a piece, and something else where it is NULL."""
    return written(f"COALESCE({{}}, {otherwise})", piece)

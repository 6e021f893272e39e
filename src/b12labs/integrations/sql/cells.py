"""Cells of a table as SQL: numbers, words, yes and no."""

from __future__ import annotations

import re
from collections.abc import Mapping

from b12labs.integrations.sql.pieces import DOUBLE, Piece, matched, word, written

__all__ = ["as_number", "as_numbers", "as_words", "coded", "missing_to", "quoted"]

_WHOLE = re.compile(r"-?\d+", re.ASCII)
_SIMPLE = re.compile(r"[a-z_][a-z0-9_]*")
#: Keywords of some dialect, which are quoted if they are names.
_KEYWORDS = frozenset({
    "all", "analyse", "analyze", "and", "anti", "any", "array", "as", "asc", "between", "both", "by", "case", "cast",
    "check", "collate", "column", "constraint", "create", "cross", "current_catalog", "current_database",
    "current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "date",
    "day", "default", "deferrable", "desc", "describe", "distinct", "else", "end", "except", "exists", "false",
    "fetch", "filter", "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "hour", "ignore",
    "ilike", "in", "initially", "inner", "intersect", "interval", "into", "is", "isnull", "join", "key", "lateral",
    "leading", "left", "like", "limit", "localtime", "localtimestamp", "macro", "map", "minute", "month", "natural",
    "not", "notnull", "null", "offset", "on", "only", "or", "order", "outer", "over", "overlaps", "partition",
    "pivot", "placing", "positional", "primary", "qualify", "range", "references", "returning", "right", "row",
    "rows", "sample", "second", "select", "semi", "session", "session_user", "show", "similar", "some", "struct",
    "summarize", "symmetric", "system_user", "table", "tablesample", "then", "time", "timestamp", "to", "trailing",
    "true", "union", "unique", "unpivot", "user", "using", "value", "values", "variadic", "verbose", "when", "where",
    "window", "with", "year",
})  # fmt: skip


def quoted(name: str) -> str:
    """Return a column of the user's table as written in SQL, in quotes unless it is a simple word in small letters."""
    if _SIMPLE.fullmatch(name) and name not in _KEYWORDS:
        return name
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def as_number(name: str) -> Piece:
    """Return a cell as a number; NaN, which some tables use for a missing value, is NULL."""
    return Piece(f"NULLIF(CAST({quoted(name)} AS {DOUBLE}), CAST('NaN' AS {DOUBLE}))")


def as_words(name: str, codes: Mapping[str, str]) -> Piece:
    """Return a cell as text, with the meanings of the site's codes in their place."""
    return coded(Piece(f"TRIM(CAST({quoted(name)} AS VARCHAR))"), codes)


def coded(text: Piece, codes: Mapping[str, str]) -> Piece:
    """Return a text, or its meaning if it is a code."""
    if not codes:
        return text
    meant = {code: word(text).text for code, text in codes.items()}
    return matched(text, as_numbers(meant) | {word(code).text: said for code, said in meant.items()}, text.text)


def as_numbers(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to codes in the form of a column of numbers with a missing value: 2 as 2.0."""
    return {word(f"{code}.0").text: answer for code, answer in answers.items() if _WHOLE.fullmatch(code)}


def missing_to(piece: Piece, otherwise: str) -> Piece:
    """Return a piece, or something else if it is NULL."""
    return written(f"COALESCE({{}}, {otherwise})", piece)

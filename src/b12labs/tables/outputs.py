"""The output columns of an interpretation: words by code, truths as bits, and their forms in pandas, Arrow and CSV."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from b12labs.answer.answers import ANSWERS
from b12labs.logic.columns.running import unpacked
from b12labs.tables.arrow_arrays import from_bits, from_numbers, from_words

__all__ = [
    "OUTPUT_COLUMNS",
    "Column",
    "Truths",
    "TruthsDtype",
    "Words",
    "as_arrow",
    "as_pandas",
    "as_text",
    "output_names",
]

#: The pandas type of truths that may be missing: two bytes per row, or two bits.
TruthsDtype = Literal["boolean", "bool[pyarrow]"]

#: The columns of an interpretation, in order. Findings follow if they are asked for.
OUTPUT_COLUMNS = tuple(row.code for row in ANSWERS)


@dataclass
class Words:
    """A column of words: every row's place in the list of distinct words, -1 if it has none."""

    codes: npt.NDArray[np.signedinteger[Any]]
    words: list[str]
    #: Whether it is free text, such as a list of problems. Otherwise pandas holds it as categories.
    free: bool = False

    def objects(self) -> npt.NDArray[Any]:
        """Return every row's word, None if it has none."""
        return np.array([*self.words, None], dtype=object).take(self.codes)

    def rows_with(self, word: str) -> npt.NDArray[np.int64]:
        """Return the numbers of the rows with this word."""
        return (
            np.flatnonzero(self.codes == self.words.index(word)) if word in self.words else np.empty(0, dtype=np.int64)
        )

    def counts(self) -> dict[str | None, int]:
        """Return the number of rows with each word."""
        found = np.bincount(self.codes + 1, minlength=len(self.words) + 1).tolist()
        return {word: count for word, count in zip((None, *self.words), found, strict=True) if count}


@dataclass
class Truths:
    """A column of truths as bits, 64 rows per machine word.

    `holding` marks the rows in which the truth holds, `open` those in which it is open.
    """

    holding: npt.NDArray[np.uint64]
    open: npt.NDArray[np.uint64]
    rows: int

    @property
    def holds(self) -> npt.NDArray[np.bool_]:
        """The rows in which it holds."""
        return _by_row(self.holding, self.rows)

    @property
    def unknown(self) -> npt.NDArray[np.bool_]:
        """The rows in which it is open."""
        return _by_row(self.open, self.rows)


def _by_row(words: npt.NDArray[np.uint64], rows: int) -> npt.NDArray[np.bool_]:
    # Zeros cost nothing until they are written to, and most findings hold in no row.
    return unpacked(words, rows).view(np.bool_) if words.any() else np.zeros(rows, dtype=bool)


Column = Words | Truths


def output_names(taken: list[str], ours: list[str]) -> list[str]:
    """Return the names of the interpretation's columns, prefixed with `b12labs_` if the table already has the name."""
    return [f"b12labs_{name}" if name in taken else name for name in ours]


def as_pandas(column: Column, truths: TruthsDtype = "boolean") -> Any:
    """Return a column as a pandas array: categories, free text, or truths that may be missing."""
    import pandas

    if isinstance(column, Truths):
        if truths == "bool[pyarrow]":
            return pandas.arrays.ArrowExtensionArray(as_arrow(column))
        return pandas.arrays.BooleanArray(column.holds, column.unknown)
    if not column.free:
        return pandas.Categorical.from_codes(column.codes, pandas.Index(column.words, dtype="str"), validate=False)
    if find_spec("pyarrow") is None:
        return pandas.array(column.objects(), dtype="str")
    return pandas.array(as_arrow(column).dictionary_decode(), dtype="str")


def as_arrow(column: Column) -> Any:
    """Return a column as an Arrow array: dictionary-encoded text, or nullable boolean."""
    import pyarrow

    if isinstance(column, Truths):
        return from_bits(column.holding, column.open, column.rows)
    codes = from_numbers(column.codes.astype(np.int32, copy=False), column.codes < 0)
    return pyarrow.DictionaryArray.from_arrays(codes, from_words(column.words))


def as_text(column: Column) -> npt.NDArray[Any]:
    """Return a column as the cells of a CSV: words, `True`, `False`, or blank if missing."""
    if isinstance(column, Words):
        return np.array([*column.words, ""], dtype=object).take(column.codes)
    return np.array(["False", "True", ""], dtype=object).take(np.where(column.unknown, 2, column.holds))

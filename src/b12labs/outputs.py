"""The columns of an interpretation as they come out: words by code, truths by number, and what tables make of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["OUTPUT_COLUMNS", "Column", "Words", "as_arrow", "as_pandas", "as_text", "output_names"]

#: The columns of an interpretation, in order; findings follow when they are asked for.
OUTPUT_COLUMNS = (
    "status", "functional_deficiency", "megaloblastic_anemia", "anemia", "anemia_grade", "treatment_route", "urgency", "next_tests", "problems",
)  # fmt: skip


@dataclass
class Words:
    """A column of words: every row's place in the list of distinct ones. None is a missing word."""

    codes: npt.NDArray[np.int32]
    words: list[str | None]
    #: Free text, such as a list of problems: text in every table, where a verdict's words are categories in pandas.
    free: bool = False

    def objects(self) -> npt.NDArray[Any]:
        """Return every row's word."""
        return np.array([*self.words, None], dtype=object)[self.codes]

    def counts(self) -> dict[str | None, int]:
        """Return how many rows have each word."""
        found = np.bincount(self.codes, minlength=len(self.words))
        counts: dict[str | None, int] = {}
        for word, count in zip(self.words, found.tolist(), strict=True):
            if count:
                counts[word] = counts.get(word, 0) + count
        return counts


#: A truth column is int8: 2 TRUE, 1 UNKNOWN, 0 FALSE.
Column = Words | npt.NDArray[np.int8]


def output_names(taken: list[str], ours: list[str]) -> list[str]:
    """Return the names of the interpretation's columns; one that the table has already gets `b12labs_` before it."""
    return [f"b12labs_{name}" if name in taken else name for name in ours]


def as_pandas(column: Column) -> Any:
    """Return a column as pandas holds it: categories, free text, or nullable boolean."""
    import pandas

    if isinstance(column, Words):
        if column.free:
            return pandas.array(column.objects(), dtype="str")
        distinct = list(dict.fromkeys(word for word in column.words if word is not None))
        places = {word: place for place, word in enumerate(distinct)}
        codes = np.array([-1 if word is None else places[word] for word in column.words], dtype=np.int32)
        return pandas.Categorical.from_codes(codes[column.codes], pandas.Index(distinct, dtype="str"))
    return pandas.arrays.BooleanArray(column == 2, column == 1)


def as_arrow(column: Column) -> Any:
    """Return a column as an Arrow array: dictionary-encoded text, or nullable boolean."""
    import pyarrow

    if isinstance(column, Words):
        missing = np.array([word is None for word in column.words], dtype=bool)
        mask = missing[column.codes] if missing.any() else None
        words = ["" if word is None else word for word in column.words]
        return pyarrow.DictionaryArray.from_arrays(pyarrow.array(column.codes, mask=mask), pyarrow.array(words, pyarrow.string()))
    return pyarrow.array(column == 2, mask=column == 1)


def as_text(column: Column) -> npt.NDArray[Any]:
    """Return a column as the cells of a CSV: words, `True`, `False`, and nothing where missing."""
    if isinstance(column, Words):
        return np.array(["" if word is None else word for word in column.words] + [""], dtype=object)[column.codes]
    return np.array(["False", "", "True"], dtype=object)[column]

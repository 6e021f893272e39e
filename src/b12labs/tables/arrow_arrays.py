"""Arrow arrays from numpy arrays and lists of text, and back, without loading pandas.

`pyarrow.array` and `to_numpy` load pandas to check for its types. That takes longer than all else at the start of
`b12labs interpret`. An array put together from its buffers needs no pandas.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["from_bits", "from_numbers", "from_texts", "from_words", "numbers_of"]


def numbers_of(array: Any, kind: type[np.generic]) -> npt.NDArray[Any]:
    """Return an Arrow array of numbers of this kind, none missing, as a numpy array that shares its memory."""
    buffer = array.buffers()[1]
    return (
        np.empty(0, dtype=kind)
        if buffer is None
        else np.frombuffer(buffer, dtype=kind)[array.offset : array.offset + len(array)]
    )


def from_numbers(values: npt.NDArray[Any], missing: npt.NDArray[np.bool_] | None = None) -> Any:
    """Return numbers as an Arrow array that shares their memory, null in the rows of `missing`."""
    import pyarrow

    held = np.ascontiguousarray(values)
    return pyarrow.Array.from_buffers(
        pyarrow.from_numpy_dtype(held.dtype), len(held), [_bits_where_known(missing), pyarrow.py_buffer(held)]
    )


def from_bits(values: npt.NDArray[np.uint64], missing: npt.NDArray[np.uint64], rows: int) -> Any:
    """Return truths, given as bits, as an Arrow array that shares their memory, null in the rows of `missing`."""
    import pyarrow

    known = pyarrow.py_buffer(~missing) if missing.any() else None
    return pyarrow.Array.from_buffers(pyarrow.bool_(), rows, [known, pyarrow.py_buffer(values)])


def from_texts(texts: list[str]) -> Any:
    """Return texts as an Arrow array of `large_string`."""
    import pyarrow

    return _texts(texts, pyarrow.large_string(), np.int64)


def from_words(words: list[str]) -> Any:
    """Return a few words as an Arrow array of `string`."""
    import pyarrow

    return _texts(words, pyarrow.string(), np.int32)


def _texts(texts: list[str], kind: Any, of_ends: type[np.generic]) -> Any:
    import pyarrow

    cells = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, cells)], dtype=of_ends)
    return pyarrow.Array.from_buffers(
        kind, len(cells), [None, pyarrow.py_buffer(ends), pyarrow.py_buffer(b"".join(cells))]
    )


def _bits_where_known(missing: npt.NDArray[np.bool_] | None) -> Any:
    return None if missing is None or not missing.any() else _bits(~missing)


def _bits(truths: npt.NDArray[np.bool_]) -> Any:
    import pyarrow

    return pyarrow.py_buffer(np.packbits(truths, bitorder="little"))

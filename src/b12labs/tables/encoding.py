"""The distinct cells of a column, and a code for every row: a cell that occurs a million times is read once."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from b12labs.tables.arrow_arrays import from_numbers, numbers_of

__all__ = [
    "Coded",
    "Codes",
    "Floats",
    "Ints",
    "codes_of",
    "combined",
    "distinct_numbers",
    "distinct_objects",
    "encoded",
    "rows_by_code",
]

Floats = npt.NDArray[np.float64]

Ints = npt.NDArray[np.int64]

Codes = npt.NDArray[np.signedinteger[Any]]


class Coded(NamedTuple):
    """A column as `codes_of` returns it, not to be encoded again."""

    codes: Codes
    cells: list[Any]


def codes_of(cells: Any) -> tuple[Codes, list[Any]]:
    """Return a code for every cell and the distinct cells, None for a missing cell.

    The distinct cells may include a few that do not occur. `cells` is a numpy array, a pandas array or Series, or an
    Arrow array; it is encoded by its own library.
    """
    if isinstance(cells, Coded):
        return cells
    codes, distinct = encoded(cells)
    return codes, distinct if isinstance(distinct, list) else distinct.to_pylist()


def encoded(cells: Any) -> tuple[Codes, Any]:
    """Return the codes, and the distinct cells as a list, or as an Arrow array if the cells are one."""
    values = getattr(cells, "array", cells)
    if getattr(getattr(values, "dtype", None), "storage", None) == "pyarrow":  # text of pandas
        import pyarrow

        values = pyarrow.array(values)
    if hasattr(values, "dictionary_encode"):
        return _encoded_by_arrow(values)
    if isinstance(values, np.ndarray) and values.dtype == np.int64:
        return _of_integers(values)
    import pandas

    if isinstance(values, pandas.arrays.NumpyExtensionArray):
        values = np.asarray(values)
        if values.dtype == np.int64:
            return _of_integers(values)
    if isinstance(values, np.ndarray) and values.dtype == object:
        return distinct_objects(values)
    try:
        codes, distinct = pandas.factorize(values)
    except NotImplementedError:  # lists of Arrow
        return np.arange(len(values)), list(values)
    found: list[Any] = distinct.tolist()
    if len(codes) and codes.min() < 0:
        codes = np.where(codes < 0, len(found), codes)
        found.append(None)
    return codes, found


#: Integers below this are their own codes: 0 and 1 for no and yes, or an age.
_SMALL = 256


def _of_integers(values: npt.NDArray[np.int64]) -> tuple[Codes, list[Any]]:
    if len(values) and values.min() >= 0 and values.max() < _SMALL:
        return values, list(range(int(values.max()) + 1))
    codes, distinct = distinct_numbers(values)
    return codes, distinct.tolist()


_PANDAS = find_spec("pandas") is not None
#: The types that pandas infers from cells that are texts or missing.
_TEXTS = ("string", "empty")


def distinct_objects(cells: Any) -> tuple[Ints, list[Any]]:
    """Return a code for every cell of an array of objects and the distinct cells, None for a missing cell.

    pandas compares cells of different types with each other: `True` equals 1, and an object that equals everything
    replaces a text with the same hash. Before pandas 3, a text ends at a zero byte. A browser has no pandas.
    """
    if not _PANDAS:
        return _by_type(cells)
    import pandas

    if pandas.__version__.startswith("2.") or pandas.api.types.infer_dtype(cells, skipna=True) not in _TEXTS:
        return _by_type(cells)
    codes, texts = pandas.factorize(cells)
    found: list[Any] = texts.tolist()
    if len(codes) and codes.min() < 0:
        codes = np.where(codes < 0, len(found), codes)
        found.append(None)
    return codes.astype(np.int64, copy=False), found


def _by_type(cells: Any) -> tuple[Ints, list[Any]]:
    """Give one code to equal cells of one type."""
    places: dict[tuple[Any, ...] | None, int] = {}
    codes = np.empty(len(cells), dtype=np.int64)
    found: list[Any] = []
    for row, cell in enumerate(cells.tolist()):
        missing = cell is None or (isinstance(cell, float) and cell != cell)
        try:
            # 0.0 and -0.0 are equal, but are printed differently.
            key = (type(cell), cell, str(cell)) if isinstance(cell, float) and cell == 0 else (type(cell), cell)
            code = places.setdefault(None if missing else key, len(found))
        except TypeError:  # lists and other cells that cannot be hashed
            code = len(found)
        if code == len(found):
            found.append(None if missing else cell)
        codes[row] = code
    return codes, found


def distinct_numbers(numbers: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return a code for every number, and the distinct numbers, with NaN if any is missing.

    Arrow encodes them, so that a file is interpreted without loading pandas.
    """
    if find_spec("pyarrow") is None:
        import pandas

        codes, distinct = pandas.factorize(numbers)
        if len(codes) and codes.min() < 0:
            return np.where(codes < 0, len(distinct), codes), np.append(distinct, np.nan)
        return codes, distinct
    encoded = from_numbers(numbers).dictionary_encode()
    return numbers_of(encoded.indices, np.int32), numbers_of(encoded.dictionary, numbers.dtype.type)


def _encoded_by_arrow(cells: Any) -> tuple[Codes, Any]:
    """Return the codes and the distinct cells of an Arrow array, plain or dictionary-encoded."""
    import pyarrow

    try:
        encoded = cells if pyarrow.types.is_dictionary(cells.type) else cells.dictionary_encode(null_encoding="encode")
    except NotImplementedError:  # lists and structures
        return np.arange(len(cells)), cells.to_pylist()
    if isinstance(encoded, pyarrow.ChunkedArray):
        encoded = encoded.combine_chunks()
    distinct, codes = encoded.dictionary, encoded.indices
    if codes.type != pyarrow.int32():  # a cast loads pyarrow.compute, which takes 0.05 s
        codes = codes.cast(pyarrow.int32())
    if codes.null_count:
        codes = codes.fill_null(len(distinct))
        distinct = pyarrow.concat_arrays([distinct, pyarrow.nulls(1, distinct.type)])
    return numbers_of(codes, np.int32), distinct


def rows_by_code(codes: Codes, count: int) -> Callable[[int], Ints]:
    """Return a function from code to row numbers, sorting at most once."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(count + 1))
    return lambda code: order[starts[code] : starts[code + 1]]


def combined(parts: list[tuple[Codes, list[Any]]]) -> tuple[Ints, Callable[[int], tuple[Any, ...]]]:
    """Return one code for every combination of cells, and a function from it to the cells."""
    place = parts[0][0].astype(np.int64)
    size = max(len(parts[0][1]), 1)
    steps: list[Ints | None] = [None]
    for codes, distinct in parts[1:]:
        shrunk = None
        if size * len(distinct) > np.iinfo(np.int64).max:  # codes of all possible combinations do not fit
            shrunk, place = np.unique(place, return_inverse=True)
            size = len(shrunk)
        steps.append(shrunk)
        place = place * max(len(distinct), 1) + codes
        size *= max(len(distinct), 1)

    def cells_at(code: int) -> tuple[Any, ...]:
        found: list[Any] = []
        for (_, distinct), shrunk in zip(reversed(parts[1:]), reversed(steps[1:]), strict=True):
            code, last = divmod(code, max(len(distinct), 1))
            found.append(distinct[last])
            code = code if shrunk is None else int(shrunk[code])
        return (parts[0][1][code], *reversed(found))

    return place, cells_at

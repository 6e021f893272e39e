"""Read the distinct texts of a column many at a time, if they are numbers with the same words around them.

`<150 pg/mL` and `<200 pg/mL` differ only in their number. The words around it are read once, by the parser of one
patient's values, and the numbers are converted together. Texts that are less plain, or that the parser would refuse,
are left to the parser.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.errors import B12LabsError
from b12labs.inputs.numbers import Decimal, bounds, is_plain, read_number, unit_of
from b12labs.inputs.units import factor, is_substance
from b12labs.reference import analytes
from b12labs.tables.arrow_arrays import from_texts, numbers_of

__all__ = ["Texts", "read_texts"]

#: Words without a digit or decimal sign, a number that a float holds exactly as printed, and words that do not continue
#: the number.
_SHAPE = r"^(?P<before>[^0-9.,]*)(?P<number>[0-9]{1,15}(?:[%s][0-9]{1,15})?)(?P<after>(?:[^0-9.,eE](?s:.)*)?)$"


@dataclass
class Texts:
    """The bounds, in the canonical unit, of the distinct cells that were read; `read` marks them."""

    read: npt.NDArray[np.bool_]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    substance: npt.NDArray[np.bool_]

    @classmethod
    def unread(cls, count: int) -> Texts:
        """Return `count` cells, none of them read: not measured."""
        return cls(np.zeros(count, dtype=bool), np.zeros(count), np.full(count, np.inf), np.zeros(count, dtype=bool))


def read_texts(key: str, cells: Any, unit: str | None, decimal: Decimal) -> Texts:
    """Read the plain cells among one analyte's distinct cells, a list or an Arrow array. Without pyarrow, read none."""
    found = Texts.unread(len(cells))
    if find_spec("pyarrow") is None:
        return found
    import pyarrow
    from pyarrow import compute

    texts = cells
    if isinstance(cells, list):
        try:
            texts = from_texts([cell if isinstance(cell, str) else "" for cell in cells])
        except UnicodeEncodeError:  # a cell has half a surrogate pair, which Arrow cannot hold
            return found
    if not (pyarrow.types.is_string(texts.type) or pyarrow.types.is_large_string(texts.type)):
        return found
    parts = compute.extract_regex(texts, _SHAPE % decimal)
    places = numbers_of(compute.indices_nonzero(parts.is_valid()), np.uint64).astype(np.int64)
    if not len(places):
        return found
    before, printed, after = parts.drop_null().flatten()
    numbers = numbers_of(compute.replace_substring(printed, decimal, ".").cast("float64"), np.float64)
    before, after = before.dictionary_encode(), after.dictionary_encode()
    around = numbers_of(before.indices, np.int32) * np.int64(len(after.dictionary)) + numbers_of(
        after.indices, np.int32
    )
    order = np.argsort(around, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(around[order])) + 1):
        _read_alike(found, key, str(texts[places[group[0]]]), places[group], numbers[group], unit, decimal)
    return found


def _read_alike(
    found: Texts,
    key: str,
    text: str,
    places: npt.NDArray[np.int64],
    numbers: npt.NDArray[np.float64],
    unit: str | None,
    decimal: Decimal,
) -> None:
    """Read cells that differ from `text` only in their number, or none if the parser would refuse them all."""
    analyte = analytes()[key]
    try:
        comparator, _, stated = read_number(analyte, text.strip(), decimal)
        measured_in = unit_of(analyte, stated, unit, text)
    except B12LabsError:
        return
    values = numbers * factor(key, measured_in.ucum)
    plain = is_plain(analyte, comparator, measured_in, values)
    places = places[plain]
    found.low[places], found.high[places] = bounds(comparator, values[plain])
    found.substance[places] = is_substance(measured_in)
    found.read[places] = True

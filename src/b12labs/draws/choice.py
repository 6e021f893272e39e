"""Which of several results of one analyte in a draw is used; every other is reported.

One that can be read comes before one that cannot (unless a correction says so), a final one before a preliminary one,
then the latest, then the corrected one. Where that leaves two that differ, none is used.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from b12labs.draws.cells import Ints, LongRows, distinct_cells
from b12labs.draws.rows import CORRECTED, PRELIMINARY
from b12labs.errors import MeasurementError
from b12labs.inputs.measurement import measure
from b12labs.inputs.numbers import Decimal

__all__ = ["AGREE", "choose"]

#: The share by which the same result in two units may differ: laboratories round each.
AGREE = 0.01


def choose(read: LongRows, draw: Ints, decimal: Decimal) -> None:
    """Leave one result of every analyte in every draw, and report the others."""
    group = np.where(read.usable, draw * len(read.keys) + read.analyte, -1)
    codes, counts = np.unique(group, return_inverse=True, return_counts=True)[1:]
    rows = np.flatnonzero((group >= 0) & (counts[codes] > 1))
    if not len(rows):
        return
    low, high, readable = _intervals(read, rows, decimal)
    corrected = read.standing[rows] == CORRECTED
    rank = (-rows, corrected, read.time[rows], read.standing[rows] > PRELIMINARY, readable | corrected)
    order = np.lexsort((*rank, group[rows]))
    last = np.append(group[rows][order][1:] != group[rows][order][:-1], True)
    chosen = np.empty(len(rows), dtype=np.int64)
    chosen[order] = order[last][np.cumsum(np.append(0, last[:-1]))]
    itself = chosen == np.arange(len(rows))
    value, unit = read.text["value"][rows], read.text["unit"][rows]
    same = (value == value[chosen]) & (unit == unit[chosen])
    same |= readable & readable[chosen] & _close(low, low[chosen]) & _close(high, high[chosen]) & np.isfinite(low)
    tied = ~itself & ~same
    for key in rank[1:]:
        tied &= key == key[chosen]
    stuck = np.isin(group[rows], group[rows][tied])
    superseded = (
        ~stuck
        & ~same
        & (
            ((read.time[rows] == read.time[rows][chosen]) & corrected[chosen] & ~corrected)
            | (read.standing[rows] == PRELIMINARY)
        )
    )
    conflict = ~stuck & ~same & ~superseded
    winner = np.isin(np.arange(len(rows)), chosen[conflict])

    def by_analyte(mask: Any, code: str, message: str, *, used: bool = False) -> None:
        for place in np.unique(read.analyte[rows[mask]]).tolist():
            marked = np.zeros(read.rows, dtype=bool)
            marked[rows[mask & (read.analyte[rows] == place)]] = True
            read.note(marked, code, read.keys[place], f"{read.keys[place]}: {message}", used=used)

    by_analyte(
        stuck, "results_in_conflict", "results of one draw differ, and none is later or corrected; none was used"
    )
    by_analyte(~stuck & same & ~itself, "duplicate_result", "the same result is there more than once; used once")
    by_analyte(superseded, "superseded_result", "a correction or a final result took its place")
    by_analyte(conflict, "results_in_conflict", "results of one draw differ; the later was used, not this one")
    by_analyte(winner, "results_in_conflict", "results of one draw differ; the later, this one, was used", used=True)
    read.usable[rows[stuck | ~itself]] = False


def _intervals(read: LongRows, rows: Ints, decimal: Decimal) -> tuple[Any, Any, Any]:
    """Read every distinct result once: its bounds, NaN where it is a word, and whether it can be read."""
    codes, distinct = distinct_cells(
        _together(read.analyte[rows], read.text["value"][rows], read.text["unit"][rows], read.text["flag"][rows])
    )
    found = []
    for place, value, unit, flag in distinct:
        try:
            result = measure(
                read.keys[place], {"value": value or None, "unit": unit or None, "flag": flag or None}, decimal=decimal
            )
            measured = result is not None and result.measured
            found.append(
                (result.low, result.high, True)
                if result is not None and measured
                else (np.nan, np.nan, result is not None)
            )
        except MeasurementError:
            found.append((np.nan, np.nan, False))
    low, high, readable = (np.array(part)[codes] for part in zip(*found, strict=True))
    return low, high, readable


def _together(*columns: Any) -> Any:
    tuples = np.empty(len(columns[0]), dtype=object)
    tuples[:] = list(zip(*columns, strict=True))
    return tuples


def _close(one: Any, other: Any) -> Any:
    return np.isclose(one, other, rtol=AGREE, atol=0)

"""Choose among several results of one analyte in a draw, and report the others.

A readable result comes before an unreadable one, unless the unreadable one is a correction. Then a final result comes
before a preliminary one, then the latest, then the corrected one. If two that differ are left, none is used.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from b12labs.draws.cells import DAY, Ints, LongRows, Mask, distinct_cells
from b12labs.draws.rows import CORRECTED, PRELIMINARY
from b12labs.errors import MeasurementError
from b12labs.inputs.flags import FLAG_PLACES
from b12labs.inputs.measurement import measure
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.several import agree, unit_size

__all__ = ["choose"]


def choose(read: LongRows, draw: Ints, decimal: Decimal) -> None:
    """Keep one result of every analyte in every draw, and report the others."""
    group = np.where(read.usable, draw * len(read.keys) + read.analyte, -1)
    codes, counts = np.unique(group, return_inverse=True, return_counts=True)[1:]
    rows = np.flatnonzero((group >= 0) & (counts[codes] > 1))
    if not len(rows):
        return
    chosen, stuck, same = _chosen(read, rows, group[rows], _intervals(read, rows, decimal))
    itself = chosen == np.arange(len(rows))
    corrected = read.standing[rows] == CORRECTED
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
    by_analyte(~stuck & same & ~itself, "duplicate_result", "the same result appears more than once; it is used once")
    by_analyte(superseded, "superseded_result", "a corrected or a final result replaced it")
    by_analyte(conflict, "results_in_conflict", "results of one draw differ; the later was used, not this one")
    by_analyte(winner, "results_in_conflict", "results of one draw differ; the later, this one, was used", used=True)
    read.usable[rows[stuck | ~itself]] = False
    read.contradictory = rows[stuck]


def _chosen(read: LongRows, rows: Ints, group: Ints, found: _Found) -> tuple[Ints, Mask, Mask]:
    """Return for every result the place of the chosen one, whether none can be chosen, and whether they are equal."""
    corrected = read.standing[rows] == CORRECTED
    # If results are alike in all else, their spelling decides, not the order of the rows.
    rank = (
        -rows,
        -found.spelled,
        corrected,
        read.time[rows],
        read.standing[rows] > PRELIMINARY,
        found.readable | corrected,
    )
    order = np.lexsort((*rank, group))
    last = np.append(group[order][1:] != group[order][:-1], True)
    chosen = np.empty(len(rows), dtype=np.int64)
    chosen[order] = order[last][np.cumsum(np.append(0, last[:-1]))]
    itself = chosen == np.arange(len(rows))
    same = _are_same(found, chosen)
    text = [read.text[name][rows] for name in ("value", "unit", "flag")]
    same |= (
        (text[0] == text[0][chosen]) & (text[1] == text[1][chosen]) & ((text[0] != "") | (text[2] == text[2][chosen]))
    )
    same &= ~_flags_differ(found.flag, chosen)
    as_good = (rank[-1] == rank[-1][chosen]) & (rank[-2] == rank[-2][chosen])
    level = as_good & (corrected == corrected[chosen]) & (read.time[rows] == read.time[rows][chosen])
    # A result with a day but no time may be the later one of that day.
    lasts = read.time[rows] + np.where(read.whole_day[rows], DAY, 0)
    level |= as_good & (read.time[rows][chosen] < lasts) & ~(corrected[chosen] & ~corrected)
    tied = level & ~itself & ~same
    tied |= level & same & _differ_in_one_unit(group, found, level & same)
    stuck = np.isin(group, group[tied])
    return chosen, stuck, same


class _Found(NamedTuple):
    """Every result as read: its bounds (NaN if it is a word), and whether it can be read.

    `unit` is one number for all spellings of a unit. `spelled` is the place of its text among all texts. `flag` is 0 if
    there is none.
    """

    low: Any
    high: Any
    readable: Any
    unit: Any
    spelled: Any
    flag: Any


def _intervals(read: LongRows, rows: Ints, decimal: Decimal) -> _Found:
    """Read every distinct result once."""
    codes, distinct = distinct_cells(
        _together(read.analyte[rows], read.text["value"][rows], read.text["unit"][rows], read.text["flag"][rows])
    )
    found, sizes = [], dict[tuple[str, bool, float] | None, int]()
    for place, value, unit, flag in distinct:
        try:
            result = measure(
                read.keys[place], {"value": value or None, "unit": unit or None, "flag": flag or None}, decimal=decimal
            )
            if result is None or not result.measured:
                found.append((np.nan, np.nan, result is not None, -1, FLAG_PLACES[result.flag if result else None]))
                continue
            unit_place = sizes.setdefault(unit_size(result), len(sizes))
            found.append((result.low, result.high, True, unit_place, FLAG_PLACES[result.flag]))
        except MeasurementError:
            found.append((np.nan, np.nan, False, -1, 0))
    low, high, readable, of_unit, of_flag = (np.array(part)[codes] for part in zip(*found, strict=True))
    texts = [(place, unit, value, flag) for place, value, unit, flag in distinct]
    order = np.empty(len(texts), dtype=np.int64)
    order[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return _Found(low, high, readable, of_unit, order[codes], of_flag)


def _together(*columns: Any) -> Any:
    tuples = np.empty(len(columns[0]), dtype=object)
    tuples[:] = list(zip(*columns, strict=True))
    return tuples


def _are_same(found: _Found, chosen: Ints) -> Any:
    """Return which results agree with the chosen one: equal numbers in one unit, or within `AGREE` in another."""
    low, high, unit = found.low, found.high, found.unit
    in_one_unit = unit == unit[chosen]
    with np.errstate(invalid="ignore"):
        return agree(low, low[chosen], in_one_unit=in_one_unit) & agree(high, high[chosen], in_one_unit=in_one_unit)


def _flags_differ(flag: Any, chosen: Ints) -> Any:
    return (flag > 0) & (flag[chosen] > 0) & (flag != flag[chosen])


def _differ_in_one_unit(group: Ints, found: _Found, mask: Any) -> Any:
    """Return which results of a draw differ from another in the same unit, though both are near the chosen one."""
    differs = np.zeros(len(group), dtype=bool)
    places = np.flatnonzero(mask & (found.unit >= 0))
    if not len(places):
        return differs
    _, codes = np.unique(np.stack([group[places], found.unit[places]]), axis=1, return_inverse=True)
    codes = codes.reshape(-1)
    for end in (found.low[places], found.high[places]):
        least, most = np.full(codes.max() + 1, np.inf), np.full(codes.max() + 1, -np.inf)
        np.minimum.at(least, codes, end)
        np.maximum.at(most, codes, end)
        with np.errstate(invalid="ignore"):
            differs[places] |= ~agree(most, least, in_one_unit=True)[codes]
    return differs

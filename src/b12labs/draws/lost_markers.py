"""Results of B12 markers that are in no draw and not used. If they were not reported, they would look normal.

Each is a problem of the patient's draw on the same day, or else of the patient's last draw.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from b12labs.draws.cells import DAY, Ints, LongRows
from b12labs.inputs.panel import Problem
from b12labs.reasoning.compiled import B12_MARKERS

__all__ = ["LOST_MARKER", "NO_LOSS", "lost_marker", "lost_markers"]

#: The code of the problem of a draw.
LOST_MARKER = "marker_not_used"
#: Problems that lose no result: there was none, it was withdrawn, or another replaced it.
NO_LOSS = frozenset({"no_result", "withdrawn_result", "superseded_result", "duplicate_result", "own_output"})


def lost_marker(key: str, problem: Problem) -> Problem:
    """Return the problem of a draw for a marker's result that was sent but not used."""
    return Problem(LOST_MARKER, key, f"{key}: a result was sent but is not used: {problem.message}")


def lost_markers(read: LongRows, draw: Ints, first: Ints) -> Iterator[tuple[Problem, Ints]]:
    """Yield the problems of lost markers, with their draws. `first` holds the first row of every draw, in order."""
    if not len(first):
        return
    markers = [place for place, key in enumerate(read.keys) if key in B12_MARKERS]
    patients, days = read.patient[first], read.time[first] // DAY
    for found in list(read.problems):
        if found.used or found.problem.code in NO_LOSS:
            continue
        rows = found.rows[(draw[found.rows] < 0) & np.isin(read.meant[found.rows], markers)]
        for place in np.unique(read.meant[rows]).tolist():
            lost = rows[read.meant[rows] == place]
            drawn = [_draw_of(read.patient[row], read.time[row] // DAY, patients, days) for row in lost.tolist()]
            told = np.unique(np.array([number for number in drawn if number >= 0], dtype=np.int64))
            if len(told):
                yield lost_marker(read.keys[place], found.problem), told


def _draw_of(patient: int, day: int, patients: Ints, days: Ints) -> int:
    """Return the patient's draw on a day, else the last draw, or -1 if the patient has none."""
    start, end = (int(np.searchsorted(patients, patient, side=side)) for side in ("left", "right"))
    if start == end:
        return -1
    same = start + int(np.searchsorted(days[start:end], day))
    return same if same < end and days[same] == day else end - 1

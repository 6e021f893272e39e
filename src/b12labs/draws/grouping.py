"""Group the results of a long table into draws: one row per draw, one column per analyte, as printed.

A draw is a patient's results from its first one to `window_hours` after it. A day without a time of day (or at
midnight) is in the window only if all of it is. Two calendar days are therefore two draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from b12labs.draws.cells import Ints, LongProblem, LongRows, Texts
from b12labs.draws.choice import choose
from b12labs.draws.columns import LongColumns, not_long, recognize_long
from b12labs.draws.lost_markers import lost_markers
from b12labs.draws.rows import read_rows
from b12labs.errors import PanelError, checked_word
from b12labs.inputs.numbers import OR, Decimal
from b12labs.inputs.panel import Problem
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.header_names import find_field
from b12labs.site_mapping.mapping import SiteMapping, is_window
from b12labs.tables.given import headers_of
from b12labs.text import StrPath

__all__ = ["BESIDE", "WINDOW_HOURS", "Draws", "problem_kind", "problem_kinds", "to_draws"]

WINDOW_HOURS = 24.0

_DAY = 86_400

#: The columns of a result in the wide table, besides its value.
BESIDE = ("unit", "flag", "reference_low", "reference_high")


@dataclass(frozen=True, eq=False)
class Draws:
    """The draws of a long table.

    `wide` has one row per draw: patient, time, results as printed, age and sex; `cells` holds its columns. `draw` is
    each long row's row of `wide`, -1 if it is in no draw. `used` marks the long rows whose result is in `wide`.
    `analyte` is each long row's place in `keys`, -1 if its test is not an analyte. `problems` holds all problems of
    rows. `origin` holds, for the columns of results and of the patient, the long row of every cell, -1 if it is blank.
    `columns` holds the recognized columns of the long table, `decimal` its decimal sign.
    """

    cells: dict[str, Texts]
    draw: Ints
    used: npt.NDArray[np.bool_]
    analyte: Ints
    keys: list[str]
    problems: tuple[LongProblem, ...]
    origin: dict[str, Ints]
    columns: LongColumns
    decimal: Decimal = "."
    #: The problems of draws about results of B12 markers that are in no draw, with the draws by number.
    lost: tuple[tuple[Problem, Ints], ...] = ()

    @cached_property
    def wide(self) -> Any:
        """The draws as a pandas DataFrame of texts."""
        import pandas

        return pandas.DataFrame(self.cells, dtype="str")

    def problem_rows(self) -> Any:
        """Return the problems as a pandas DataFrame, one row per row of the long table.

        Its columns are `row` (from 0), `field`, `code`, `message` and `used`.
        """
        import pandas

        counts = [len(found.rows) for found in self.problems]
        parts = {
            name: np.repeat(np.array([getattr(found.problem, name) for found in self.problems], dtype=object), counts)
            for name in _PARTS
        }
        rows = np.concatenate([found.rows for found in self.problems]) if self.problems else np.empty(0, dtype=np.int64)
        table = pandas.DataFrame(
            {"row": rows, **parts, "used": np.repeat([found.used for found in self.problems], counts).astype(bool)}
        )
        return table.sort_values("row", kind="stable", ignore_index=True)

    def problems_of_draws(self) -> Iterator[tuple[Problem, Ints]]:
        """Yield the problems of results in a draw, with the draws by number: each code and field once per draw.

        Flags without a direction are left out. MIMIC's `abnormal`, beside every result outside its interval, would hide
        the other problems.
        """
        seen: dict[tuple[str, str], Ints] = {}
        for found in self.problems:
            if found.problem.code == "flag_not_used":
                continue
            kind = found.problem.code, found.problem.field
            before = seen.get(kind, np.array([-1], dtype=np.int64))
            draws = np.setdiff1d(self.draw[found.rows], before)
            if draws.size:
                seen[kind] = np.union1d(before, draws)
                yield found.problem, draws
        yield from self.lost


_PARTS = ("field", "code", "message")


def to_draws(
    table: Any,
    columns: LongColumns | None = None,
    *,
    window_hours: float | None = None,
    mapping: SiteMapping | StrPath | None = None,
    decimal: Decimal | None = None,
    use_preliminary: bool = False,
) -> Draws:
    """Group a long table (pandas, polars, pyarrow, or a dict of columns) into draws.

    `window_hours` and `decimal` default to the mapping's, else to 24 hours and a decimal point. `choose` decides which
    of several results is used. Raises `ColumnError` if the table is not long.
    """
    checked_word("decimal", decimal, Decimal | None)
    mapping = as_mapping(mapping)
    if columns is None:
        columns = recognize_long(list(table) if isinstance(table, dict) else headers_of(table), mapping)
    if columns is None:
        raise not_long(list(table) if isinstance(table, dict) else headers_of(table))
    hours = next(given for given in (window_hours, mapping.window_hours, WINDOW_HOURS) if given is not None)
    if not is_window(hours):
        raise PanelError(
            f"window_hours: expected a number of hours, 0 or more, got {hours!r}",
            code="unreadable_window",
            field="window_hours",
        )
    decimal = decimal or mapping.decimal or "."
    read = read_rows(table, columns, mapping, use_preliminary=use_preliminary, decimal=decimal)
    draw, first = _group(read, hours)
    choose(read, draw, decimal)
    cells, origin = _widen(read, columns, draw, first)
    lost = tuple(lost_markers(read, draw, first))
    problems = tuple(read.problems)
    return Draws(cells, draw, read.usable, read.analyte, read.keys, problems, origin, columns, decimal, lost)


def _group(read: LongRows, hours: float) -> tuple[Ints, Ints]:
    """Return the draw of every row, -1 for none, and the first row of every draw.

    Draws are in the order of patients, then of time.
    """
    rows = np.flatnonzero(read.usable)
    rows = rows[np.lexsort((rows, read.time[rows], read.patient[rows]))]
    draw = np.full(read.rows, -1, dtype=np.int64)
    if not len(rows):
        return draw, rows
    time = read.time[rows] - read.time[rows].min()
    window = int(min(hours * 3600, float(time.max() // 1_000_000 + 2 * _DAY)))
    # One axis holds all patients, further apart than a window, so that one search finds the end of every window. It is
    # in seconds, because in microseconds it may need more than 64 bits.
    seconds = time // 1_000_000
    axis = read.patient[rows] * (int(seconds.max()) + window + 2) + seconds
    after = np.searchsorted(axis, axis + window, side="right")
    # A day without a time of day joins only if all of it is in the window; the same day always joins.
    days = np.flatnonzero(read.whole_day[rows])
    outside = np.searchsorted(axis[days], np.maximum(axis, axis + window - _DAY), side="right")
    after = np.minimum(after, np.append(days, len(rows))[outside])
    beyond = np.maximum(after, np.searchsorted(axis, axis, side="right")).tolist()
    starts, place = [], 0
    while place < len(rows):
        starts.append(place)
        place = beyond[place]
    marks = np.zeros(len(rows), dtype=np.int64)
    marks[starts] = 1
    draw[rows] = np.cumsum(marks) - 1
    return draw, rows[starts]


def _widen(read: LongRows, columns: LongColumns, draw: Ints, first: Ints) -> tuple[dict[str, Texts], dict[str, Ints]]:
    """Return the columns of the wide table (analytes that occur, with their units and flags) and its cells' rows."""
    wide: dict[str, Texts] = {"patient": read.text["patient"][first], "time": read.text["time"][first]}
    origin: dict[str, Ints] = {"patient": first}
    for place in np.unique(read.analyte[draw >= 0]).tolist():
        key = read.keys[place]
        rows = np.flatnonzero(read.usable & (read.analyte == place))
        origin[key] = np.full(len(first), -1, dtype=np.int64)
        origin[key][draw[rows]] = rows
        for name in ("value", *BESIDE):
            column = np.full(len(first), "", dtype=object)
            column[draw[rows]] = read.text[name][rows]
            wide[key if name == "value" else f"{key}_{name}"] = column
        _set_aside(read, draw, place, wide[key])
    for key, name in {"age": "age", "sex": "sex", **columns.carried}.items():
        if (read.text[name] != "").any():
            title = (
                name if find_field(name) == key else key
            )  # a header that only the mapping knows would not be recognized
            wide[title], origin[title] = _carry(read, key, name, draw, first)
    return wide, origin


def _set_aside(read: LongRows, draw: Ints, place: int, column: Texts) -> None:
    """Write contradictory results into an analyte's column: none of them is used, but the cell is not missing."""
    rows = read.contradictory[read.analyte[read.contradictory] == place]
    said: dict[int, list[str]] = {}
    for row in rows.tolist():
        parts = (read.text[name][row] for name in ("value", "unit", "flag"))
        said.setdefault(int(draw[row]), []).append(" ".join(filter(None, parts)))
    for drawn, texts in said.items():
        column[drawn] = OR.join(sorted(set(texts)))


def _carry(read: LongRows, key: str, name: str, draw: Ints, first: Ints) -> tuple[Any, Ints]:
    """Return a patient column of every draw, from the first result that has it, and the rows of its cells.

    Sex is left blank if the results of a draw disagree.
    """
    cells = read.text[name]
    said = np.flatnonzero((draw >= 0) & (cells != ""))
    said = said[np.lexsort((said, read.time[said], draw[said]))]
    draws, firsts = np.unique(draw[said], return_index=True)
    column, origin = np.full(len(first), "", dtype=object), np.full(len(first), -1, dtype=np.int64)
    column[draws], origin[draws] = cells[said[firsts]], said[firsts]
    differs = np.zeros(read.rows, dtype=bool)
    differs[said] = cells[said] != column[draw[said]]
    blank = key == "sex"
    for used in (True, False):
        read.note(
            differs & (read.usable == used),
            f"conflicting_{key}",
            key,
            f"{key}: results of one draw disagree; " + ("taken as unknown" if blank else "the first was used"),
            used=used,
        )
    if blank:
        column[np.unique(draw[differs])] = ""
    return column, origin


def problem_kinds(draws: Draws) -> list[dict[str, Any]]:
    """Return every kind of problem with its number of rows, for a program."""
    return [problem_kind(found.problem, len(found.rows), used=found.used) for found in draws.problems]


def problem_kind(problem: Problem, rows: int, *, used: bool) -> dict[str, Any]:
    """Return one kind of problem, with its number of rows and whether their results are used, for a program."""
    return {
        "code": problem.code,
        "field": problem.field,
        "message": problem.message,
        "rows": rows,
        "used": used,
    }

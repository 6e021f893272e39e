"""The problems of a long table by its own rows: the file, row and column, and the row's draw.

Each is listed once: a result in no draw, an unreadable result in a draw, and any other problem of a row.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import heapq
import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import numpy as np

from b12labs.draws.cells import Ints
from b12labs.draws.grouping import Draws
from b12labs.files.csv_rows import row_writer
from b12labs.files.layout import usual_separator
from b12labs.files.long_blocks import DrawBlock
from b12labs.files.writing import PROBLEM_COLUMNS, packed
from b12labs.inputs.panel import Problem
from b12labs.site_mapping.headers import Headers
from b12labs.spreadsheet import safe_cells

__all__ = ["LONG_PROBLEM_COLUMNS", "Found", "lines_by_row", "problem_lines", "rows_of_draws", "rows_of_results"]

#: `draw` is the row of the interpretation, 1 for the first; blank if the row is in no draw.
LONG_PROBLEM_COLUMNS = (*PROBLEM_COLUMNS, "draw")

#: A problem, the column that it concerns, and the rows of the long table that have it, from 0.
Found = tuple[Problem, str, Ints]

_OF_TESTS = ("missing_test", "conflicting_tests", "unknown_test", "not_an_analyte")


def rows_of_results(draws: Draws, first: int, count: int) -> Iterator[Found]:
    """Yield the problems of the rows in `count` draws from `first` on; if `first` is 0, also of the rows in no draw."""
    for found in draws.problems:
        draw = draws.draw[found.rows]
        inside = (draw >= first) & (draw < first + count) | (draw < 0) & (first == 0)
        if inside.any():
            yield found.problem, _column(draws, found.problem), found.rows[inside]


def rows_of_draws(
    draws: Draws, problems: Sequence[tuple[Problem, Ints]], columns: Headers, first: int
) -> Iterator[Found]:
    """Yield the problems met in reading and interpreting the draws from `first` on, at the long rows they concern.

    A problem of a whole draw, such as a contradictory blood count, is at its first row. Problems of results in
    `problems` are skipped, including contradictory results: `rows_of_results` yields them by row.
    """
    known = {id(found.problem) for found in draws.problems} | {id(problem) for problem, _ in draws.lost}
    titles = columns.by_field()
    for problem, places in problems:
        if id(problem) not in known and problem.code != "results_in_conflict":
            rows = draws.origin["patient"][places + first]
            title = titles.get(problem.field)
            if title is not None:
                own = draws.origin[title][places + first]
                rows = np.where(own < 0, rows, own)
            yield problem, _column(draws, problem), rows


def _column(draws: Draws, problem: Problem) -> str:
    """Return the header of the column that a problem concerns, or a blank text if it concerns several."""
    roles = {str(role): headers for role, headers in draws.columns.roles.items()}
    if problem.code in _OF_TESTS:
        return roles["test"][-1]  # the name, which messages quote, comes after the code
    if problem.field in draws.columns.carried:
        return draws.columns.carried[problem.field]
    if problem.field == "blood_count":
        return ""
    role = "reference_low" if problem.field == "reference" else problem.field
    return roles.get(role, roles["value"])[0]


def problem_lines(found: Sequence[Found], block: DrawBlock, path: Path, *, header: bool) -> bytes:
    """Return the problems of a block as a part of their CSV, each once, by row."""
    files, draws = block.origins, block.draws
    starts = np.array([start for _, start in files], dtype=np.int64)
    kinds: dict[tuple[str, str, str, str], int] = {}
    keys = [
        (kinds.setdefault((column, problem.field, problem.code, problem.message), len(kinds)), rows)
        for problem, column, rows in found
    ]
    tails = [_as_text(kind, path) for kind in kinds]
    places = (
        np.unique(np.concatenate([rows * len(kinds) + kind for kind, rows in keys]))
        if keys
        else np.empty(0, dtype=np.int64)
    )
    rows, numbers = np.divmod(places, max(len(kinds), 1))
    names, sign = [_as_text((name,), path) for name, _ in files], usual_separator(path)
    within = np.searchsorted(starts, rows + block.first_row, side="right") - 1
    each = zip(within.tolist(), rows.tolist(), numbers.tolist(), draws.draw[rows].tolist(), strict=True)
    lines = [
        sign.join(
            (
                names[file],
                str(block.first_row + row + 1),
                tails[kind],
                str(block.first_draw + draw + 1) if draw >= 0 else "",
            )
        )
        for file, row, kind, draw in each
    ]
    return packed(
        "".join(f"{line}\n" for line in ([sign.join(LONG_PROBLEM_COLUMNS)] if header else []) + lines).encode(), path
    )


def _as_text(cells: Sequence[str], path: Path) -> str:
    """Return cells as a line of a CSV, without its line end."""
    text = io.StringIO(newline="")
    row_writer(text.write, path).writerow(safe_cells(cells))
    return text.getvalue()[:-1]


def lines_by_row(parts: Sequence[Path], file: IO[bytes], path: Path) -> None:
    """Merge the parts of a problems file into one, by row.

    A part has the problems of its draws, whose rows may be anywhere in the long table.
    """
    is_packed = path.suffix.lower() == ".gz"
    with ExitStack() as stack:

        def lines(part: Path) -> Iterator[list[str]]:
            raw: Any = stack.enter_context(gzip.GzipFile(part) if is_packed else part.open("rb"))
            return csv.reader(io.TextIOWrapper(raw, encoding="utf-8", newline=""), delimiter=usual_separator(path))

        readers = [lines(part) for part in parts]
        whole: Any = stack.enter_context(gzip.GzipFile("", "wb", 6, file, mtime=0)) if is_packed else file
        writer = row_writer(codecs.getwriter("utf-8")(whole).write, path)
        writer.writerow(next(readers[0]))
        merged = heapq.merge(*readers, key=_row)
        writer.writerows(merged)


def _row(line: list[str]) -> int:
    return int(line[LONG_PROBLEM_COLUMNS.index("row")])

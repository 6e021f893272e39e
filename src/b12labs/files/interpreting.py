"""Interpret files (`interpret_file`), or read one of their rows (`read_row`)."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

import numpy as np

from b12labs.errors import B12LabsError, ColumnError, checked_option, checked_path
from b12labs.files.chunks import Chunk, cells, row_of
from b12labs.files.draw_source import DrawChunk, DrawSource, as_draws, refuse_unusable
from b12labs.files.options import PART_ROWS, FileOptions, FileReading, FileReadingOptions, RunOptions
from b12labs.files.parquet_rows import is_parquet
from b12labs.files.parts import Parts
from b12labs.files.run import FileRun, Tally
from b12labs.files.sheets import is_sheet
from b12labs.files.sources import Source, find_source
from b12labs.files.writing import check_output, unwritable
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.panel import Problem
from b12labs.site_mapping.headers import Headers, doubtful_words, numeric_terms, recognize, row_values
from b12labs.tables.counts.totals import Totals, as_lines
from b12labs.tables.encoding import codes_of
from b12labs.tables.options import takes
from b12labs.text import StrPath

__all__ = ["FileOutcome", "FileRow", "interpret_file", "read_row", "recognized", "values_at"]


Given = StrPath | Sequence[StrPath]


@dataclass(repr=False)
class FileOutcome:
    """The outcome of a run: its files, the recognized columns, and the counts of all rows."""

    source: Source
    columns: Headers
    totals: Totals
    guideline: str

    def __str__(self) -> str:
        """Return the summary that `b12labs interpret` prints."""
        what = "draw" if isinstance(self.source, DrawSource) else "row"
        return "\n".join(as_lines(self.totals, self.source.name, self.guideline, self.unused, what=what))

    __repr__ = __str__

    @property
    def unused(self) -> tuple[str, ...]:
        """The headers of the input that were not used."""
        return self.source.long.unused if isinstance(self.source, DrawSource) else self.columns.unused

    @property
    def doubtful(self) -> str:
        """The possible content of unused columns, in words; blank if their names suggest none."""
        return doubtful_words(self.columns)


@dataclass
class FileRow:
    """One row of an input, or one draw of a long table.

    It holds the values for `interpret`, the decimal sign of its numbers, and the problems met in reading it.
    """

    values: dict[str, Any]
    decimal: Decimal
    problems: list[Problem]


@takes(FileOptions, RunOptions)
def interpret_file(
    given: Given,
    *,
    output: StrPath | None = None,
    problems: StrPath | None = None,
    progress: Callable[[int, float], None] | None = None,
    note: Callable[[str], None] | None = None,
    tally: Tally | None = None,
    **options: Unpack[FileOptions],
) -> FileOutcome:
    """Interpret a file, a folder, a pattern such as `labs/*.csv`, or several like files, in bounded memory.

    Parameters
    ----------
    given
        CSV or TSV (also .gz and .zst), Parquet, or a spreadsheet (.xlsx, .ods).
    output
        The file for the rows with their interpretation: .csv, .tsv (also .gz) or .parquet.
    problems
        The file for every problem, as CSV.
    guideline, units, columns, decimal, findings, unreported_context, certainty
        As in `interpret_frame`. For a long table, `columns` maps header to role: `{"Kode": "test"}`.
    mapping
        A site's own names, columns, units and codes (`site_mapping.read_mapping`).
    window_hours
        The length of a draw of a long table, in hours; by default the mapping's, or 24.
    use_preliminary
        Use the preliminary results of a long table that have no final one.
    encoding, skip_lines, sheet
        The encoding of a CSV, if it is not UTF-8 (`cp1252`); the number of lines above its header; the sheet to read.
    raw_text
        Leave cells unchanged that a spreadsheet would run as a formula. By default they get an apostrophe
        (`spreadsheet.safe_cell`).
    strict
        Raise the first problem, and write nothing.
    progress
        Called with the number of rows done, and their fraction of the input.
    note
        Called with a message when an earlier run is continued or discarded.
    part_rows
        The number of rows in memory at a time.
    tally
        Another count of the rows, called part by part. Only without output and problems, because a continued run does
        not interpret its first parts again.

    """
    output = None if output is None else checked_path("output", output)
    problems = None if problems is None else checked_path("problems", problems)
    run_options = RunOptions(output=output, problems=problems, **options)
    if tally and (output or problems):
        raise TypeError("tally: expected neither output nor problems, got one of them")
    source = find_source(given, **run_options.layout)
    _check_targets(source, output, problems)
    checked = run_options.checked()
    source = as_draws(source, run_options)
    found = recognized(source, run_options)
    if run_options.strict and found.doubtful:
        first = next(iter(found.doubtful))
        raise ColumnError(f"{source.name}: {doubtful_words(found)}", code="unused_column", field=first)
    run = FileRun(source, found, run_options, checked, progress=progress, tally=tally)
    target = output or problems
    if target is None:
        return FileOutcome(source, found, run.whole(), checked.limits.guideline.key)
    try:
        parts = Parts(target, {"input": run.identity, "options": run_options.identity()})
    except OSError as error:
        raise unwritable(target, error) from error
    if note and parts.discarded:
        note("an unfinished run had another input, or other arguments or rules; starting again")
    elif note and parts.done:
        note(f"continuing an unfinished run after row {sum(part.rows for part in parts.done)}")
    run.parts = parts
    try:
        totals = run.whole()
    except OSError as error:
        parts.close()
        raise unwritable(target, error, after=sum(part.rows for part in parts.done)) from error
    except B12LabsError:  # the input or the arguments must change, so no later run can continue from here
        parts.remove()
        raise
    except BaseException:
        parts.close()
        raise
    parts.remove()
    return FileOutcome(source, found, totals, checked.limits.guideline.key)


@takes(FileReadingOptions, FileReading)
def read_row(given: Given, number: int, **reading: Unpack[FileReadingOptions]) -> FileRow:
    """Return one row of an input as named values.

    Number 1 is the first row under the header, or the first draw of a long table. The other arguments are those of
    `interpret_file`. Raises `B12LabsError` if there is no such row.
    """
    options = FileReading(**reading)
    is_row = isinstance(number, int) and not isinstance(number, bool)
    checked_option("number", number, "the number of a row", holds=is_row)
    source = as_draws(find_source(given, **options.layout), options)
    if isinstance(source, DrawSource):
        refuse_unusable(source)
    found = recognized(source, options)
    rows = 0
    for chunk in source.chunks(PART_ROWS):
        rows = chunk.first + chunk.rows
        if chunk.first < number <= rows:
            problems = (
                [problem for problem, draws in chunk.problems() if number - chunk.first - 1 in draws]
                if isinstance(chunk, DrawChunk)
                else []
            )
            return FileRow(
                values_at(found, chunk, number - chunk.first - 1),
                options.decimal_sign,
                problems,
            )
    what = "draws" if isinstance(source, DrawSource) else "rows"
    there = f"{what} 1 to {rows}" if rows else f"no {what}"
    raise B12LabsError(
        f"--row: expected a row of the file, got {number}; it has {there}", code="no_such_row", field="--row"
    )


def values_at(found: Headers, chunk: Chunk, place: int) -> dict[str, Any]:
    """Return the row at a place of a chunk as values for `interpret`."""
    return row_values(found, row_of(chunk, place, found.names()))


def recognized(source: Source, reading: FileReading, *, results: bool = True) -> Headers:
    """Recognize the columns by the header; `results` requires a column of results.

    The columns of a table of draws have b12labs' own names, so the site's mapping is not needed.
    """
    if isinstance(source, DrawSource):
        found = recognize(source.columns) if source.counts.draws else Headers()
    else:
        found = recognize(
            source.columns, mapping=reading.columns, units=reading.units, results=results, site=reading.site
        )
        if not is_parquet(source.files[0]) and not is_sheet(source.files[0]):
            source.coded = frozenset(found.names())
    found.numeric = _NumericTerms(source, found)
    return found


class _NumericTerms:
    """The columns named like context terms that hold numbers: the meaning of 1 and 0 depends on the whole column.

    The input is read for this when it is first asked. If all cells are words, it is never asked.
    """

    def __init__(self, source: Source, found: Headers) -> None:
        self._source, self._found = copy.copy(source), found  # a pass of its own, beside the running one
        self._looking = threading.Lock()
        self._numeric: frozenset[str] | None = None

    def __contains__(self, header: object) -> bool:
        with self._looking:
            if self._numeric is None:
                self._numeric = self._looked_through()
        return header in self._numeric

    def _looked_through(self) -> frozenset[str]:
        numeric: set[str] = set()
        names = list(dict.fromkeys(self._found.terms.values()))
        for _, table in self._source.batches(names) if names else ():
            numeric |= numeric_terms(self._found, lambda name, part=table: _distinct(cells(part, name)))  # type: ignore[misc]  # a default, to bind it
        return frozenset(numeric)


def _distinct(held: Any) -> list[Any]:
    codes, distinct = codes_of(held)
    there = np.bincount(codes, minlength=len(distinct)) > 0
    return [cell for cell, is_there in zip(distinct, there, strict=True) if is_there]


def _check_targets(source: Source, output: Path | None, problems: Path | None) -> None:
    inputs = {path.resolve() for path in source.files}
    for option, path in (("output", output), ("problems", problems)):
        if path is None:
            continue
        check_output(path, option=option)
        if path.resolve() in inputs:
            raise B12LabsError(
                f"{option} {path}: this is one of the input files. Name another file",
                code="output_is_input",
                field=option,
            )
    if output and problems and output.resolve() == problems.resolve():
        raise B12LabsError(
            f"output and problems are both {output}. Name two files", code="same_output", field="problems"
        )

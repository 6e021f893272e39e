"""Files in, files out: rows of laboratory results of any number, and the same rows with their interpretation.

The input streams through memory in parts of `PART_ROWS` rows. Cells are read as text (in Parquet as they are) and written back as they were;
the columns of the interpretation follow the input's own. A run that was stopped goes on where it was (`file_parts`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from b12labs import __version__
from b12labs.columns import codes_of
from b12labs.errors import B12LabsError, ColumnError
from b12labs.file_parts import Parts, write_whole
from b12labs.file_sources import Source, find_source
from b12labs.file_tables import Chunk, cells, in_chunks, row_of
from b12labs.file_writing import check_output, is_parquet, joined_parquet, joined_text, part_bytes, problem_bytes
from b12labs.limits import BoundGuideline, bound
from b12labs.long_files import DrawSource, as_draws, raise_first, refuse_unusable
from b12labs.long_problems import lines_by_row, problem_lines, rows_of_draws, rows_of_results
from b12labs.measurement import Decimal
from b12labs.one_patient import DEFAULT_GUIDELINE
from b12labs.panel import Problem
from b12labs.reading import read_cohort
from b12labs.rows import CohortOutcome, Findings, interpret_cohort
from b12labs.site_mapping import SiteMapping, recognize_wide
from b12labs.tables import Columns, is_other_number, recognize, row_values
from b12labs.totals import Totals

__all__ = ["FileOutcome", "FileRow", "interpret_file", "read_row"]

PART_ROWS = 131_072
Given = Path | str | Sequence[Path | str]


@dataclass
class FileOutcome:
    """What an input came to: its files, what its columns were taken for, and the counts of all rows."""

    source: Source
    columns: Columns
    totals: Totals

    @property
    def unused(self) -> tuple[str, ...]:
        """The headers of the input that were not used."""
        return self.source.draws.columns.unused if isinstance(self.source, DrawSource) else self.columns.unused


@dataclass
class FileRow:
    """One row of an input (of a long table, one draw): the values that `interpret` takes, how its numbers are written, and problems met before."""

    values: dict[str, Any]
    decimal: Decimal
    problems: list[Problem]


def interpret_file(
    given: Given,
    *,
    output: Path | None = None,
    problems: Path | None = None,
    guideline: str = DEFAULT_GUIDELINE,
    units: dict[str, str] | None = None,
    columns: dict[str, str] | None = None,
    decimal: Decimal | None = None,
    mapping: SiteMapping | None = None,
    window_hours: float | None = None,
    use_preliminary: bool = False,
    findings: Findings = False,
    raw_text: bool = False,
    strict: bool = False,
    progress: Callable[[int, float], None] | None = None,
    note: Callable[[str], None] | None = None,
    part_rows: int = PART_ROWS,
) -> FileOutcome:
    """Interpret a file, a folder, a pattern such as `labs/*.csv`, or several files with the same columns, in bounded memory.

    Parameters
    ----------
    given
        CSV or TSV in UTF-8 (also .gz and .zst), or Parquet.
    output
        Where to write the rows with their interpretation: .csv, .tsv (also .gz) or .parquet.
    problems
        Where to write every problem, as a CSV.
    guideline, units, columns, decimal, findings
        As in `interpret_frame`; of a long table, `columns` is from header to role: `{"Kode": "test"}`.
    mapping
        A site's own names, columns, units and codes (`site_mapping.read_mapping`).
    window_hours
        How long a draw of a long table is; the mapping's, or 24, where it is not given.
    use_preliminary
        Use a preliminary result of a long table where there is no final one.
    raw_text
        Leave cells that a spreadsheet would run as a formula; without it they get an apostrophe (`spreadsheet.safe_cell`).
    strict
        Raise the first problem, and write nothing.
    progress
        Called with the rows done and the fraction of the input that they are.
    note
        Called with what happened besides: going on with an earlier run, or discarding it.
    part_rows
        How many rows are in memory at a time.

    """
    mapping = mapping or SiteMapping()
    source = find_source(given)
    _check_targets(source, output, problems)
    limits = bound(guideline)
    source = as_draws(
        source, mapping=mapping, columns=columns, units=units, window_hours=window_hours, decimal=decimal, use_preliminary=use_preliminary
    )
    decimal = decimal or mapping.decimal or "."
    found = _recognized(source, mapping, columns, units)
    arguments = {
        "version": __version__, "guideline": guideline, "guideline_file": _digest(guideline), "units": units or {}, "columns": columns or {},
        "mapping": repr(mapping), "window_hours": window_hours, "use_preliminary": use_preliminary,
        "decimal": decimal, "findings": findings if isinstance(findings, bool) else list(findings), "raw_text": raw_text, "strict": strict,
        "part_rows": part_rows, "output": output.name if output else "", "problems": problems.name if problems else "", "writer": _arrow_version(),
    }  # fmt: skip
    identity = source.identity()
    run = _Run(source, found, limits, output, problems, decimal, findings, raw_text, strict, _coded(found, source, mapping))
    if isinstance(source, DrawSource) and not len(source.draws.wide):
        run.refuse_unusable(source)
    target = output or problems
    if target is None:
        totals = Totals()
        for chunk in _chunks(source, part_rows, progress):
            totals.add(run.part(chunk)[0])
        _hold_unchanged(source, identity)
        return FileOutcome(source, found, totals)
    parts = Parts(target, {"input": identity, "arguments": arguments})
    try:
        totals = _with_parts(run, parts, part_rows, progress, note or (lambda _: None))
        _hold_unchanged(source, identity)
        if problems:
            parts.move_to(problems, lambda file: run.join_problems(parts.paths("problems"), file, problems))
        if output:
            join = joined_parquet if is_parquet(output) else joined_text
            parts.move_to(output, lambda file: join(parts.paths("rows"), file))
    except B12LabsError:  # the input or the arguments must change, so no later run could go on from here
        parts.remove()
        raise
    except BaseException:
        parts.close()
        raise
    parts.remove()
    return FileOutcome(source, found, totals)


@dataclass
class _Run:
    """What is done with every chunk of one run."""

    source: Source
    found: Columns
    limits: BoundGuideline
    output: Path | None
    problems: Path | None
    decimal: Decimal
    findings: Findings
    raw_text: bool
    strict: bool
    #: Of the columns that hold codes, what these mean.
    coded: dict[str, Callable[[Any], Any]]

    def part(self, chunk: Chunk) -> tuple[Totals, dict[str, bytes]]:
        """Interpret a chunk; return its counts, and what is written of it."""
        cohort = read_cohort(lambda name: self._cells(chunk, name), chunk.rows, self.found, self.limits, decimal=self.decimal)
        if isinstance(self.source, DrawSource):
            for problem, draws in self.source.problems_within(chunk.first, chunk.rows):
                cohort.problems.add(problem, draws)
        outcome = interpret_cohort(cohort, self.limits, findings=self.findings)
        written: dict[str, bytes] = {}
        first = chunk.first == 0
        if self.output:
            names = self.source.columns
            written["rows"] = part_bytes(chunk, names, outcome.columns, self.output, raw_text=self.raw_text, header=first)
        problems = self._problems(chunk, outcome, header=first)
        if self.problems:
            written["problems"] = problems
        totals = Totals.of(outcome, chunk.rows, chunk.first)
        for header in self.found.terms.values():
            totals.count_numbers(header, _other_numbers(self._cells(chunk, header)))
        return totals, written

    def refuse_unusable(self, source: DrawSource) -> None:
        """Raise where no row of a long table could be used; with the reason of every row in the problems file."""
        found = list(rows_of_results(source.draws, 0, 0))
        if self.strict:
            raise_first(source, found)
        if self.problems and found:
            content = problem_lines(found, source.draws, source.origins, self.problems, header=True)
            write_whole(self.problems, lambda file: file.write(content))
        refuse_unusable(source)

    def join_problems(self, parts: list[Path], file: IO[bytes], path: Path) -> None:
        """Write the problems of all parts."""
        if isinstance(self.source, DrawSource) and len(parts) > 1:
            lines_by_row(parts, file, path)
        else:
            joined_text(parts, file)

    def _cells(self, chunk: Chunk, name: str) -> Any:
        held = cells(chunk.table, name)
        return self.coded[name](held) if name in self.coded else held

    def _problems(self, chunk: Chunk, outcome: CohortOutcome, *, header: bool) -> bytes:
        """Return a chunk's problems as they are written; with `strict`, raise that of the lowest row."""
        if not (self.strict or self.problems):
            return b""
        if isinstance(self.source, DrawSource):
            draws = self.source.draws
            by_row = [*rows_of_results(draws, chunk.first, chunk.rows), *rows_of_draws(draws, outcome.problems.found, self.found, chunk.first)]
            if self.strict:
                raise_first(self.source, by_row)
            return problem_lines(by_row, draws, self.source.origins, self.problems, header=header) if self.problems else b""
        if self.strict:
            _raise_first(chunk, outcome)
        return problem_bytes(chunk, outcome, _columns_of_fields(self.found), self.problems, header=header) if self.problems else b""


def _with_parts(run: _Run, parts: Parts, part_rows: int, progress: Callable[[int, float], None] | None, note: Callable[[str], None]) -> Totals:
    totals = Totals()
    for part in parts.done:
        totals.add(part)
    if parts.discarded:
        note("an unfinished run was there, of another input or with other arguments; starting anew")
    elif totals.rows:
        note(f"going on with an unfinished run, after row {totals.rows}")
    done = len(parts.done)
    for number, chunk in enumerate(_chunks(run.source, part_rows, progress, totals.rows)):
        if number >= done:
            counts, written = run.part(chunk)
            parts.finish(counts, written)
            totals.add(counts)
    return totals


def _chunks(source: Source, size: int, progress: Callable[[int, float], None] | None, done: int = 0) -> Iterator[Chunk]:
    """Yield the input's chunks, and tell the progress of those that are not done already."""
    if progress and not done:
        progress(0, 0.0)
    for chunk in in_chunks(source.batches(), size):
        yield chunk
        if progress and chunk.first + chunk.rows >= done:
            progress(chunk.first + chunk.rows, min(source.read / max(source.size, 1), 1.0))


def _recognized(source: Source, mapping: SiteMapping, columns: dict[str, str] | None, units: dict[str, str] | None) -> Columns:
    """Recognize the columns by the header. What a site calls them is in a table of draws no longer."""
    if not isinstance(source, DrawSource):
        return recognize_wide(source.columns, mapping, columns=columns, units=units)
    return recognize(source.columns) if len(source.draws.wide) else Columns()


def _coded(found: Columns, source: Source, mapping: SiteMapping) -> dict[str, Callable[[Any], Any]]:
    """Return, for the columns of a wide table that hold a site's codes, what puts their meaning into the cells."""
    if isinstance(source, DrawSource):  # read so already
        return {}

    def meaning(key: str) -> Callable[[Any], Any]:
        def read(held: Any) -> Any:
            places, distinct = codes_of(held)
            return np.array([*(mapping.word(key, cell) for cell in distinct), None], dtype=object)[places]

        return read

    return {header: meaning(key) for key, header in {**found.patient, **found.terms}.items() if key in mapping.codes}


def _other_numbers(held: Any) -> int:
    """Count the numbers in a column named like a context term that are no yes or no, and so say nothing."""
    places, distinct = codes_of(held)
    other = np.array([cell is not None and is_other_number(cell) for cell in distinct], dtype=bool)
    return int(np.count_nonzero(other[places])) if len(distinct) else 0


def read_row(
    given: Given,
    number: int,
    *,
    columns: dict[str, str] | None = None,
    units: dict[str, str] | None = None,
    decimal: Decimal | None = None,
    mapping: SiteMapping | None = None,
    window_hours: float | None = None,
    use_preliminary: bool = False,
) -> FileRow:
    """Return one row of an input as named values; 1 is the first row under the header, or the first draw of a long table.

    The arguments are those of `interpret_file`.
    """
    mapping = mapping or SiteMapping()
    source = as_draws(
        find_source(given), mapping=mapping, columns=columns, units=units, window_hours=window_hours, decimal=decimal, use_preliminary=use_preliminary
    )
    if isinstance(source, DrawSource):
        refuse_unusable(source)
    found = _recognized(source, mapping, columns, units)
    rows = 0
    for chunk in in_chunks(source.batches(), PART_ROWS):
        rows = chunk.first + chunk.rows
        if chunk.first < number <= rows:
            row = row_of(chunk, number - chunk.first - 1)
            for header, meaning in _coded(found, source, mapping).items():
                row[header] = meaning(np.array([row[header]], dtype=object))[0]
            problems = [problem for problem, _ in source.problems_within(number - 1, 1)] if isinstance(source, DrawSource) else []
            return FileRow(row_values(found, row), decimal or mapping.decimal or ".", problems)
    what = "draws" if isinstance(source, DrawSource) else "rows"
    there = f"{what} 1 to {rows}" if rows else f"no {what}"
    raise B12LabsError(f"--row: {number} was given, and the file has {there}", code="no_such_row", field="--row")


def _raise_first(chunk: Chunk, outcome: CohortOutcome) -> None:
    """Raise the problem of the lowest row, where there is one."""
    found = [(int(rows.min()), problem) for problem, rows in outcome.problems.found]
    if found:
        row, problem = min(found, key=lambda pair: pair[0])
        raise B12LabsError(f"{chunk.file_of(row)}: row {chunk.first + row + 1}: {problem.message}", code=problem.code, field=problem.field)


def _columns_of_fields(found: Columns) -> dict[str, str]:
    return {**{key: analyte.value for key, analyte in found.analytes.items()}, **found.patient, **found.context, **found.terms}


def _check_targets(source: Source, output: Path | None, problems: Path | None) -> None:
    inputs = {path.resolve() for path in source.files}
    for option, path in (("output", output), ("problems", problems)):
        if path is None:
            continue
        check_output(path, option=option)
        if path.resolve() in inputs:
            raise B12LabsError(f"{option} {path}: this is one of the files to read; write to another", code="output_is_input", field=option)
    if output and problems and output.resolve() == problems.resolve():
        raise B12LabsError(f"output and problems are both {output}; name two files", code="same_output", field="problems")


def _hold_unchanged(source: Source, identity: list[list[Any]]) -> None:
    if source.identity() != identity:
        raise ColumnError(f"{source.name}: the input changed while it was read; run again when it is complete", code="input_changed")


def _digest(guideline: str) -> str:
    path = Path(guideline)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _arrow_version() -> str:
    try:
        import pyarrow
    except ImportError:
        return "none"
    return str(pyarrow.__version__)

"""Files in, files out: rows of laboratory results of any number, and the same rows with their interpretation.

The input streams through memory in parts of `PART_ROWS` rows. Cells are read as text (in Parquet as they are) and written back as they were;
the columns of the interpretation follow the input's own. A run that was stopped goes on where it was (`file_parts`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from b12labs import __version__
from b12labs.errors import B12LabsError, ColumnError
from b12labs.file_parts import Parts
from b12labs.file_pipeline import pipeline
from b12labs.file_sources import Source, find_source, kind_of
from b12labs.file_tables import Chunk, cells, in_chunks, row_of
from b12labs.file_writing import ParquetRows, TextRows, check_output, is_parquet, joined_text, problem_bytes
from b12labs.limits import BoundGuideline, bound
from b12labs.long_files import DrawSource, as_draws
from b12labs.measurement import Decimal
from b12labs.one_patient import DEFAULT_GUIDELINE
from b12labs.reading import read_cohort
from b12labs.rows import CohortOutcome, Findings, interpret_cohort
from b12labs.site_mapping import SiteMapping
from b12labs.tables import Columns, recognize
from b12labs.totals import Totals

__all__ = ["FileOutcome", "interpret_file", "read_row"]

PART_ROWS = 131_072
Given = Path | str | Sequence[Path | str]


@dataclass
class FileOutcome:
    """What an input came to: its files, what its columns were taken for, and the counts of all rows."""

    source: Source
    columns: Columns
    totals: Totals


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
        As in `interpret_frame`.
    mapping
        A site's own names, columns and units of a long table (`site_mapping.read_mapping`).
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
    source = as_draws(find_source(given), mapping=mapping, window_hours=window_hours, decimal=decimal, use_preliminary=use_preliminary)
    decimal = decimal or (mapping.decimal if mapping else None) or "."
    _check_targets(source, output, problems)
    limits = bound(guideline)
    found = recognize(source.columns, mapping=columns, units=units)
    if not isinstance(source, DrawSource) and kind_of(source.files[0]) != "parquet":
        source.coded = frozenset(found.headers())
    arguments = {
        "version": __version__, "guideline": guideline, "guideline_file": _digest(guideline), "units": units or {}, "columns": columns or {},
        "mapping": repr(mapping), "window_hours": window_hours, "use_preliminary": use_preliminary,
        "decimal": decimal, "findings": findings if isinstance(findings, bool) else list(findings), "raw_text": raw_text, "strict": strict,
        "part_rows": part_rows, "output": output.name if output else "", "problems": problems.name if problems else "", "writer": _arrow_version(),
    }  # fmt: skip
    run = _Run(source, found, limits, output, problems, decimal, findings, raw_text, strict, part_rows, progress)
    target = output or problems
    if target is None:
        return FileOutcome(source, found, run.whole())
    parts = Parts(target, {"input": run.identity, "arguments": arguments})
    if note and parts.discarded:
        note("an unfinished run was there, of another input or with other arguments; starting anew")
    elif note and parts.done:
        note(f"going on with an unfinished run, after row {sum(part.rows for part in parts.done)}")
    run.parts = parts
    try:
        totals = run.whole()
    except B12LabsError:  # the input or the arguments must change, so no later run could go on from here
        parts.remove()
        raise
    except BaseException:
        parts.close()
        raise
    parts.remove()
    return FileOutcome(source, found, totals)


@dataclass
class _Part:
    """A number of rows on their way through a run, and how far into the input they reach."""

    number: int
    chunk: Chunk
    fraction: float


@dataclass
class _Run:
    """One run over an input: what is done with every part of it."""

    source: Source
    found: Columns
    limits: BoundGuideline
    output: Path | None
    problems: Path | None
    decimal: Decimal
    findings: Findings
    raw_text: bool
    strict: bool
    part_rows: int
    progress: Callable[[int, float], None] | None
    parts: Parts | None = None

    def __post_init__(self) -> None:
        self.identity = self.source.identity()

    def whole(self) -> Totals:
        """Interpret the input, and give the outputs their names."""
        totals = Totals()
        done = sum(part.rows for part in self.parts.done) if self.parts else 0
        with self._rows() as rows, closing(pipeline(self._read(), self._interpret, lambda *given: self._finish(rows, *given))) as finished:
            if self.progress and not done:
                self.progress(0, 0.0)
            for part, counts in finished:
                totals.add(counts)
                if self.progress and totals.rows >= done:
                    self.progress(totals.rows, part.fraction)
            if self.source.identity() != self.identity:
                raise ColumnError(f"{self.source.name}: the input changed while it was read; run again when it is complete", code="input_changed")
            if self.problems and self.parts:
                with self.parts.whole(self.problems) as file:
                    joined_text(self.parts.paths("problems"), file)
        return totals

    def _read(self) -> Iterator[_Part]:
        for number, chunk in enumerate(in_chunks(self.source.batches(), self.part_rows)):
            yield _Part(number, chunk, min(self.source.read / max(self.source.size, 1), 1.0))

    def _interpret(self, part: _Part) -> CohortOutcome | None:
        """Interpret a part; None where an earlier run has."""
        if self.parts and part.number < len(self.parts.done):
            return None
        chunk = part.chunk
        cohort = read_cohort(lambda name: cells(chunk.table, name), chunk.rows, self.found, self.limits, decimal=self.decimal)
        if isinstance(self.source, DrawSource):
            for problem, draws in self.source.problems_within(chunk.first, chunk.rows):
                cohort.problems.add(problem, draws)
        outcome = interpret_cohort(cohort, self.limits, findings=self.findings)
        if self.strict:
            _raise_first(chunk, outcome)
        return outcome

    def _finish(self, rows: Rows | None, part: _Part, outcome: CohortOutcome | None) -> Totals:
        """Keep and write what a part came to; return its counts."""
        chunk = part.chunk
        if outcome is None:
            assert self.parts
            if rows:
                rows.add(chunk, self.parts.path(part.number, "rows").read_bytes())
            return self.parts.done[part.number]
        counts = Totals.of(outcome, chunk.rows, chunk.first)
        if not self.parts:
            return counts
        kept: dict[str, bytes] = {}
        if rows:
            kept["rows"] = rows.content(chunk, outcome.columns)
        if self.problems:
            kept["problems"] = problem_bytes(chunk, outcome, _columns_of_fields(self.found), self.problems, header=chunk.first == 0)
        self.parts.finish(counts, kept)
        if rows:
            rows.add(chunk, kept["rows"])
        return counts

    @contextmanager
    def _rows(self) -> Iterator[Rows | None]:
        """Give what writes the rows of the output, if there is one."""
        if not self.parts or not self.output:
            yield None
            return
        names = self.source.columns
        with self.parts.whole(self.output) as file:
            to_parquet = is_parquet(self.output)
            rows: Rows = (
                ParquetRows(file, names, coded=bool(self.source.coded)) if to_parquet else TextRows(file, self.output, names, raw_text=self.raw_text)
            )
            with closing(rows):
                yield rows


Rows = TextRows | ParquetRows


def read_row(
    given: Given, number: int, *, mapping: dict[str, str] | None = None, units: dict[str, str] | None = None
) -> tuple[Columns, dict[str, Any]]:
    """Return what the columns of an input are taken for, and one row of it; 1 is the first row under the header."""
    source = find_source(given)
    found = recognize(source.columns, mapping=mapping, units=units)
    rows = 0
    for chunk in in_chunks(source.batches(), PART_ROWS):
        rows = chunk.first + chunk.rows
        if chunk.first < number <= rows:
            return found, row_of(chunk, number - chunk.first - 1)
    raise B12LabsError(f"--row: {number} was given, and the file has rows 1 to {rows}", code="no_such_row", field="--row")


def _raise_first(chunk: Chunk, outcome: CohortOutcome) -> None:
    """Raise the problem of the lowest row, where there is one."""
    found = [(int(rows.min()), problem) for problem, rows in outcome.problems.found]
    if found:
        row, problem = min(found, key=lambda pair: pair[0])
        raise B12LabsError(f"{chunk.file_of(row)}: row {chunk.first + row + 1}: {problem.message}", code=problem.code, field=problem.field)


def _columns_of_fields(found: Columns) -> dict[str, str]:
    return {**{key: analyte.value for key, analyte in found.analytes.items()}, **found.patient, **found.context}


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


def _digest(guideline: str) -> str:
    path = Path(guideline)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _arrow_version() -> str:
    try:
        import pyarrow
    except ImportError:
        return "none"
    return str(pyarrow.__version__)

"""One run over an input: read, interpret and write its parts, and name the outputs when they are complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from b12labs.errors import B12LabsError, ColumnError
from b12labs.files.chunks import Chunk, cells
from b12labs.files.draw_problems import Found, lines_by_row, problem_lines, rows_of_draws, rows_of_results
from b12labs.files.draw_source import DrawChunk, DrawSource, raise_first, refuse_unusable
from b12labs.files.made_with import PARQUET_KEY, beside, made_with
from b12labs.files.options import RunOptions
from b12labs.files.parquet_rows import is_parquet
from b12labs.files.parts import Parts
from b12labs.files.pipeline import pipeline
from b12labs.files.sources import Source
from b12labs.files.writing import ParquetRows, TextRows, joined_text, problem_bytes
from b12labs.record import as_json
from b12labs.site_mapping.headers import Headers
from b12labs.tables.cohort import Cohort
from b12labs.tables.counts.totals import Totals
from b12labs.tables.options import CheckedOptions
from b12labs.tables.reading import read_cohort
from b12labs.tables.rows import CohortOutcome, interpret_cohort

__all__ = ["FileRun", "Tally"]

Rows = TextRows | ParquetRows

#: Another count of the parts of a run, in order. It is called with the run, and a part's rows, raw, as read and as
#: interpreted.
Tally = Callable[["FileRun", Chunk, Cohort, CohortOutcome], None]


@dataclass
class _Part:
    """A part of the rows on its way through a run, with the fraction of the input up to its end."""

    number: int
    chunk: Chunk
    fraction: float
    #: The rows as read, while they are interpreted and counted.
    cohort: Cohort | None = None


@dataclass
class FileRun:
    """A run over every part of an input. For the options, `progress` and `tally`, see `interpret_file`."""

    source: Source
    found: Headers
    options: RunOptions
    checked: CheckedOptions
    progress: Callable[[int, float], None] | None = None
    tally: Tally | None = None
    #: The finished parts; without them nothing is written.
    parts: Parts | None = None

    def __post_init__(self) -> None:
        self.identity = self.source.identity()

    def whole(self) -> Totals:
        """Interpret the whole input, name the outputs, and return the totals."""
        if isinstance(self.source, DrawSource) and self.source.counts.is_unusable:
            self._refuse_unusable(self.source)
        totals = Totals()
        done = sum(part.rows for part in self.parts.done) if self.parts else 0
        with (
            self._rows() as rows,
            closing(pipeline(self._read(), self._interpret, lambda *given: self._finish(rows, *given))) as finished,
        ):
            if self.progress and not done:
                self.progress(0, 0.0)
            for part, counts in finished:
                totals.add(counts)
                if self.progress and totals.rows >= done:
                    self.progress(totals.rows, part.fraction)
            if self.source.identity() != self.identity:
                raise ColumnError(
                    f"{self.source.name}: the input changed while it was read. Run again when it is complete",
                    code="input_changed",
                )
            if self.options.problems and self.parts:
                self._join_problems(self.parts, self.options.problems)
        return totals

    def _read(self) -> Iterator[_Part]:
        for number, chunk in enumerate(self.source.chunks(self.options.part_rows)):
            yield _Part(number, chunk, min(self.source.read / max(self.source.size, 1), 1.0))

    def _interpret(self, part: _Part) -> CohortOutcome | None:
        """Return the interpretation of a part, or None if an earlier run interpreted it."""
        if self.parts and part.number < len(self.parts.done):
            return None
        chunk, checked = part.chunk, self.checked
        column = partial(cells, chunk.table)
        cohort = part.cohort = read_cohort(column, chunk.rows, self.found, checked.limits, decimal=checked.decimal)
        if isinstance(chunk, DrawChunk):
            for problem, draws in chunk.problems():
                cohort.problems.add(problem, draws)
        outcome = interpret_cohort(cohort, checked)
        if self.options.strict and isinstance(chunk, DrawChunk):
            raise_first(chunk.block, self._by_row(chunk, outcome))
        elif self.options.strict:
            _raise_first(chunk, outcome)
        return outcome

    def _finish(self, rows: Rows | None, part: _Part, outcome: CohortOutcome | None) -> Totals:
        """Keep and write the interpretation of a part, and return its counts."""
        chunk = part.chunk
        if outcome is None:
            assert self.parts
            if rows:
                rows.add(chunk, self.parts.path(part.number, "rows").read_bytes())
            return self.parts.done[part.number]
        counts = Totals.of(outcome, chunk.rows, chunk.first)
        if self.tally and part.cohort:
            self.tally(self, chunk, part.cohort, outcome)
        part.cohort = None
        if not self.parts:
            return counts
        kept: dict[str, bytes] = {}
        if rows:
            kept["rows"] = rows.content(chunk, outcome.columns)
        if self.options.problems:
            kept["problems"] = self._problem_bytes(chunk, outcome, self.options.problems)
        self.parts.finish(counts, kept)
        if rows:
            rows.add(chunk, kept["rows"])
        return counts

    @contextmanager
    def _rows(self) -> Iterator[Rows | None]:
        """Yield the writer of the output's rows, or None without an output."""
        if not self.parts or not self.options.output:
            yield None
            return
        names, output = self.source.columns, self.options.output
        said = made_with(self.options, self.checked.limits, names, draws=isinstance(self.source, DrawSource))
        to_parquet = is_parquet(output)
        with self.parts.whole(output) as file:
            rows: Rows = (
                ParquetRows(file, names, coded=bool(self.source.coded), metadata={PARQUET_KEY: as_json(said)})
                if to_parquet
                else TextRows(file, output, names, raw_text=self.options.raw_text)
            )
            with closing(rows):
                yield rows
        if not to_parquet:
            with self.parts.whole(beside(output)) as file:
                file.write(as_json(said, indent=1).encode() + b"\n")

    def _by_row(self, chunk: DrawChunk, outcome: CohortOutcome) -> list[Found]:
        """Return the problems of some draws by the rows of their block of the long table."""
        draws = chunk.block.draws
        of_draws = rows_of_draws(draws, outcome.problems.found, self.found, chunk.start)
        return [*rows_of_results(draws, chunk.start, chunk.rows), *of_draws]

    def _problem_bytes(self, chunk: Chunk, outcome: CohortOutcome, path: Path) -> bytes:
        if isinstance(chunk, DrawChunk):
            return problem_lines(self._by_row(chunk, outcome), chunk.block, path, header=chunk.is_first)
        return problem_bytes(chunk, outcome, self.found.by_field(), path, header=chunk.is_first)

    def _join_problems(self, parts: Parts, path: Path) -> None:
        paths = parts.paths("problems")
        with parts.whole(path) as file:
            if isinstance(self.source, DrawSource) and len(paths) > 1:
                lines_by_row(paths, file, path)
            else:
                joined_text(paths, file)

    def _refuse_unusable(self, source: DrawSource) -> None:
        """Raise the error of a long table without a usable row, and write the reason of every row as problems."""
        path, parts = self.options.problems, self.parts
        lines = bytearray()
        for block in source.blocks():
            found = list(rows_of_results(block.draws, 0, 0))
            if self.options.strict:
                raise_first(block, found)
            if path and parts:
                lines += problem_lines(found, block, path, header=not lines)
        if lines and path and parts:
            with parts.whole(path) as file:
                file.write(lines)
        refuse_unusable(source)


def _raise_first(chunk: Chunk, outcome: CohortOutcome) -> None:
    """Raise the problem of the first row that has one, if any."""
    found = [(int(rows.min()), problem) for problem, rows in outcome.problems.found]
    if found:
        row, problem = min(found, key=lambda pair: pair[0])
        raise B12LabsError(
            f"{chunk.file_of(row)}: row {chunk.first + row + 1}: {problem.message}",
            code=problem.code,
            field=problem.field,
        )

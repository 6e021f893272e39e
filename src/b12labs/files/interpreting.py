"""Files in, files out: rows of laboratory results of any number, and the same rows with their interpretation.

The input streams through memory in parts of `PART_ROWS` rows (`files.run`). Cells are read as text (in Parquet as they
are) and written back as they were; the columns of the interpretation follow the input's own. A run that was stopped
goes on where it was (`files.parts`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from b12labs.draws.site_mapping import SiteMapping, recognize_wide
from b12labs.errors import B12LabsError, checked_word
from b12labs.files.chunks import Chunk, in_chunks, row_of
from b12labs.files.draw_source import DrawSource, as_draws, refuse_unusable
from b12labs.files.parts import Parts
from b12labs.files.run import FileRun, Tally
from b12labs.files.sources import Source, find_source, kind_of
from b12labs.files.writing import check_output
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.panel import Problem
from b12labs.limits.stratified import DEFAULT_GUIDELINE, limits_of
from b12labs.tables.headers import Headers, recognize, row_values
from b12labs.tables.rows import Findings
from b12labs.tables.totals import Totals
from b12labs.version import __version__

__all__ = ["FileOutcome", "FileRow", "interpret_file", "read_row", "values_at"]

PART_ROWS = 131_072

Given = Path | str | Sequence[Path | str]


@dataclass
class FileOutcome:
    """What an input came to: its files, what its columns were taken for, and the counts of all rows."""

    source: Source
    columns: Headers
    totals: Totals

    @property
    def unused(self) -> tuple[str, ...]:
        """The headers of the input that were not used."""
        return self.source.draws.columns.unused if isinstance(self.source, DrawSource) else self.columns.unused


@dataclass
class FileRow:
    """One row of an input (of a long table, one draw).

    The values that `interpret` takes, how its numbers are written, and problems met before.
    """

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
    certainty: bool = False,
    raw_text: bool = False,
    strict: bool = False,
    progress: Callable[[int, float], None] | None = None,
    note: Callable[[str], None] | None = None,
    part_rows: int = PART_ROWS,
    tally: Tally | None = None,
) -> FileOutcome:
    """Interpret a file, a folder, a pattern such as `labs/*.csv`, or several like files, in bounded memory.

    Parameters
    ----------
    given
        CSV or TSV in UTF-8 (also .gz and .zst), or Parquet.
    output
        Where to write the rows with their interpretation: .csv, .tsv (also .gz) or .parquet.
    problems
        Where to write every problem, as a CSV.
    guideline, units, columns, decimal, findings, certainty
        As in `interpret_frame`; of a long table, `columns` is from header to role: `{"Kode": "test"}`.
    mapping
        A site's own names, columns, units and codes (`site_mapping.read_mapping`).
    window_hours
        How long a draw of a long table is; the mapping's, or 24, where it is not given.
    use_preliminary
        Use a preliminary result of a long table where there is no final one.
    raw_text
        Leave cells that a spreadsheet would run as a formula; without it they get an apostrophe
        (`spreadsheet.safe_cell`).
    strict
        Raise the first problem, and write nothing.
    progress
        Called with the rows done and the fraction of the input that they are.
    note
        Called with what happened besides: going on with an earlier run, or discarding it.
    part_rows
        How many rows are in memory at a time.
    tally
        What else counts the rows, part by part; without output and problems, as a run that goes on does not interpret
        its first parts again.

    """
    checked_word("decimal", decimal, Decimal | None)
    if tally and (output or problems):
        raise TypeError("a run that is tallied writes nothing")
    mapping = mapping or SiteMapping()
    source = find_source(given)
    _check_targets(source, output, problems)
    limits = limits_of(guideline)
    source = as_draws(
        source,
        mapping=mapping,
        columns=columns,
        units=units,
        window_hours=window_hours,
        decimal=decimal,
        use_preliminary=use_preliminary,
    )
    decimal = decimal or mapping.decimal or "."
    found = _recognized(source, mapping, columns, units)
    if not isinstance(source, DrawSource) and kind_of(source.files[0]) != "parquet":
        source.coded = frozenset(found.names())
    arguments = {
        "version": __version__,
        "guideline": guideline,
        "guideline_file": _digest(guideline),
        "units": units or {},
        "columns": columns or {},
        "mapping": repr(mapping),
        "window_hours": window_hours,
        "use_preliminary": use_preliminary,
        "decimal": decimal,
        "findings": findings if isinstance(findings, bool) else list(findings),
        "certainty": certainty,
        "raw_text": raw_text,
        "strict": strict,
        "part_rows": part_rows,
        "output": output.name if output else "",
        "problems": problems.name if problems else "",
        "writer": _arrow_version(),
    }
    site_codes = (
        {} if isinstance(source, DrawSource) else mapping.headers_of_codes(found)
    )  # of a long table they were read with the results
    run = FileRun(
        source,
        found,
        limits,
        output,
        problems,
        decimal,
        mapping,
        site_codes,
        findings,
        raw_text,
        strict,
        part_rows,
        progress,
        tally=tally,
        certainty=certainty,
    )
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
    """Return one row of an input as named values.

    1 is the first row under the header, or the first draw of a long table.

    The arguments are those of `interpret_file`.
    """
    checked_word("decimal", decimal, Decimal | None)
    mapping = mapping or SiteMapping()
    source = as_draws(
        find_source(given),
        mapping=mapping,
        columns=columns,
        units=units,
        window_hours=window_hours,
        decimal=decimal,
        use_preliminary=use_preliminary,
    )
    if isinstance(source, DrawSource):
        refuse_unusable(source)
    found = _recognized(source, mapping, columns, units)
    rows = 0
    for chunk in in_chunks(source.batches(), PART_ROWS):
        rows = chunk.first + chunk.rows
        if chunk.first < number <= rows:
            problems = (
                [problem for problem, _ in source.problems_within(number - 1, 1)]
                if isinstance(source, DrawSource)
                else []
            )
            return FileRow(
                values_at(source, found, mapping, chunk, number - chunk.first - 1),
                decimal or mapping.decimal or ".",
                problems,
            )
    what = "draws" if isinstance(source, DrawSource) else "rows"
    there = f"{what} 1 to {rows}" if rows else f"no {what}"
    raise B12LabsError(f"--row: {number} was given, and the file has {there}", code="no_such_row", field="--row")


def values_at(source: Source, found: Headers, mapping: SiteMapping, chunk: Chunk, place: int) -> dict[str, Any]:
    """Return the row at a place of a chunk as the values that `interpret` takes."""
    row = row_of(chunk, place, found.names())
    if not isinstance(source, DrawSource):  # of a long table codes were read with the results
        row |= {header: mapping.word(field, row[header]) for header, field in mapping.headers_of_codes(found).items()}
    return row_values(found, row)


def _recognized(
    source: Source, mapping: SiteMapping, columns: dict[str, str] | None, units: dict[str, str] | None
) -> Headers:
    """Recognize the columns by the header. What a site calls them is in a table of draws no longer."""
    if not isinstance(source, DrawSource):
        return recognize_wide(source.columns, mapping, columns=columns, units=units)
    return recognize(source.columns) if len(source.draws.wide) else Headers()


def _check_targets(source: Source, output: Path | None, problems: Path | None) -> None:
    inputs = {path.resolve() for path in source.files}
    for option, path in (("output", output), ("problems", problems)):
        if path is None:
            continue
        check_output(path, option=option)
        if path.resolve() in inputs:
            raise B12LabsError(
                f"{option} {path}: this is one of the files to read; write to another",
                code="output_is_input",
                field=option,
            )
    if output and problems and output.resolve() == problems.resolve():
        raise B12LabsError(
            f"output and problems are both {output}; name two files", code="same_output", field="problems"
        )


def _digest(guideline: str) -> str:
    path = Path(guideline)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _arrow_version() -> str:
    try:
        import pyarrow
    except ImportError:
        return "none"
    return str(pyarrow.__version__)

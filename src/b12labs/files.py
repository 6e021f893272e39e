"""Files in, files out: a CSV of laboratory results, and the same rows with their interpretation.

Cells are read as text and written back as they were; the columns of the interpretation follow the file's own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas

from b12labs.errors import ColumnError
from b12labs.limits import bound
from b12labs.measurement import Decimal
from b12labs.outputs import as_text, output_names
from b12labs.reading import read_cohort
from b12labs.rows import CohortOutcome, Findings, interpret_cohort
from b12labs.tables import Columns, recognize

__all__ = ["FileOutcome", "interpret_file", "read_table", "write_table"]


@dataclass
class FileOutcome:
    """A file's rows, what its columns were taken for, and the interpretation."""

    table: pandas.DataFrame
    columns: Columns
    outcome: CohortOutcome

    def combined(self) -> pandas.DataFrame:
        """Return the file's own columns, untouched and in order, then the interpretation's; a taken name gets `b12labs_` before it."""
        columns = self.outcome.columns
        names = output_names(list(self.table.columns), list(columns))
        ours = {name: as_text(column) for name, column in zip(names, columns.values(), strict=True)}
        return pandas.concat([self.table, pandas.DataFrame(ours, index=self.table.index, dtype="str")], axis=1)


def read_table(path: Path) -> pandas.DataFrame:
    """Read a CSV (or TSV) as text, every cell as it stands; raises `ColumnError` where it is no table."""
    try:
        table = pandas.read_csv(path, dtype="str", keep_default_na=False, sep="\t" if path.suffix in (".tsv", ".tab") else ",", encoding="utf-8-sig")
    except pandas.errors.EmptyDataError:
        raise ColumnError(f"{path}: the file is empty; a header line and rows were expected", code="empty_file") from None
    except (pandas.errors.ParserError, UnicodeDecodeError) as error:
        raise ColumnError(f"{path}: not readable as CSV in UTF-8; {str(error).strip()}", code="unreadable_file") from None
    if not isinstance(table.index, pandas.RangeIndex):
        raise ColumnError(f"{path}: rows have more cells than the header", code="unreadable_file")
    return table


def interpret_file(
    path: Path,
    *,
    guideline: str,
    units: dict[str, str] | None = None,
    columns: dict[str, str] | None = None,
    decimal: Decimal = ".",
    findings: Findings = False,
) -> FileOutcome:
    """Read and interpret a file; see `interpret_frame` for the arguments."""
    table = read_table(path)
    limits = bound(guideline)
    found = recognize(table.columns, mapping=columns, units=units)

    def column(name: str) -> Any:
        return table[name].to_numpy(dtype=object)

    cohort = read_cohort(column, len(table), found, limits, decimal=decimal)
    return FileOutcome(table, found, interpret_cohort(cohort, limits, findings=findings))


def write_table(table: pandas.DataFrame, path: Path) -> None:
    """Write a CSV whole or not at all: under another name first, then moved into place."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        table.to_csv(unfinished, index=False, encoding="utf-8", sep="\t" if path.suffix in (".tsv", ".tab") else ",")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)

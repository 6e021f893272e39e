"""Interpret a table's rows again, and compare the answers with those in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from b12labs.errors import B12LabsError
from b12labs.files.chunks import in_chunks
from b12labs.files.interpreting import interpret_file
from b12labs.files.made_with import TableProvenance
from b12labs.files.sources import Source, find_source
from b12labs.provenance.fingerprint import mapping_hash
from b12labs.provenance.model import Provenance
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import IGNORE
from b12labs.text import StrPath, count_of

__all__ = ["SHOWN", "Rerun", "rerun_table"]

SHOWN = 10
ROWS = 65_536
#: The options of a run that are used again. The layout is that of the table, not of its input.
_GIVEN_AGAIN = (
    *("units", "columns", "decimal", "findings", "unreported_context", "certainty", "raw_text"),
    *("window_hours", "use_preliminary"),
)


@dataclass(frozen=True)
class Rerun:
    """The numbers of rows interpreted again and of rows whose answers differ, with the columns of the first of them.

    `why_not` is the reason why nothing was interpreted again.
    """

    rows: int = 0
    different: int = 0
    first: tuple[tuple[int, tuple[str, ...]], ...] = ()
    why_not: str = ""
    #: The kind of the rows, such as `row` or `Observation`.
    of: str = "row"

    def __str__(self) -> str:
        if self.why_not:
            return f"Not interpreted again: {self.why_not}"
        if not self.different:
            return f"Interpreted again: {count_of(self.rows, self.of)}, all the same."
        shown = "; ".join(f"{self.of} {row} ({', '.join(columns)})" for row, columns in self.first)
        more = f"; and {self.different - len(self.first):,} more" if self.different > len(self.first) else ""
        return (
            f"Interpreted again: {count_of(self.rows, self.of)}, {self.different:,} with other answers: {shown}{more}."
        )


def rerun_table(path: Path, made: Provenance, *, guideline: StrPath | None, mapping: Path | None) -> Rerun:
    """Interpret the rows of a table again, with the options that it was made with."""
    why_not = _why_not(made, guideline, mapping)
    if why_not:
        return Rerun(why_not=why_not)
    assert isinstance(made, TableProvenance)
    before = find_source(path)
    ours = before.columns[made.input_columns :]
    options = {name: _plain(made.options[name]) for name in _GIVEN_AGAIN if name in made.options}
    options["columns"] = {**(options.get("columns") or {}), **dict.fromkeys(ours, IGNORE)}
    with TemporaryDirectory(prefix="b12labs-") as folder:
        again = Path(folder) / f"again{''.join(path.suffixes[-2:])}"
        interpret_file(
            path, output=again, guideline=str(guideline or made.guideline), mapping=as_mapping(mapping), **options
        )
        return _compared(before, find_source(again), ours)


def _why_not(made: Provenance, guideline: StrPath | None, mapping: Path | None) -> str:
    """Return why a document cannot be interpreted again, or a blank text if it can."""
    if not isinstance(made, TableProvenance):
        return "it does not hold all of its input; a table does, and so does FHIR together with its results."
    if made.rows_are == "draw":
        return "its rows were made from a long table; interpret that table again."
    if "keep" in made.options:
        return "it holds only some of the columns of its input; interpret the input again."
    if "guideline_file" in made.options and guideline is None:
        return f"it was made with a guideline file, {made.options['guideline_file']}; give it as --guideline."
    asked = str(made.options.get("mapping", ""))
    if asked and mapping is None:
        return "it was read with a site's mapping; give its file as --mapping."
    if mapping is not None and mapping_hash(as_mapping(mapping)) != asked:
        raise B12LabsError(
            f"--mapping: expected the mapping that the table was read with, got another, {mapping}",
            code="another_mapping",
            field="--mapping",
        )
    return ""


def _compared(before: Source, after: Source, ours: list[str]) -> Rerun:
    """Compare the columns of the interpretation; the second table has the old ones and the new ones."""
    pairs = {name: f"b12labs_{name}" for name in ours if f"b12labs_{name}" in after.columns}
    gone = tuple(name for name in ours if name not in pairs)
    rows = different = 0
    first: list[tuple[int, tuple[str, ...]]] = []
    for one, other, count in _side_by_side(before, after):
        differing: dict[int, list[str]] = {row: list(gone) for row in range(count)} if gone else {}
        for name, again in pairs.items():
            for row, (was, now) in enumerate(zip(_cells(one, name), _cells(other, again), strict=True)):
                if was != now:
                    differing.setdefault(row, []).append(name)
        first += [(rows + row + 1, tuple(differing[row])) for row in sorted(differing)[: SHOWN - len(first)]]
        rows, different = rows + count, different + len(differing)
    return Rerun(rows, different, tuple(first))


def _side_by_side(before: Source, after: Source) -> Iterator[tuple[Any, Any, int]]:
    both = zip(in_chunks(before.batches(), ROWS), in_chunks(after.batches(), ROWS), strict=True)
    yield from ((one.table, other.table, one.rows) for one, other in both)


def _cells(table: Any, name: str) -> list[Any]:
    return list(table[name].tolist() if hasattr(table, "iloc") else table.column(name).to_pylist())


def _plain(value: Any) -> Any:
    """Return an option as it was given, with numbers and tuples instead of JSON's types."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return tuple(_plain(each) for each in value)
    return float(value) if isinstance(value, Decimal) else value

"""Files of an export by their kind: tables, FHIR resources, bulk exports and HL7 v2 messages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from b12labs.errors import B12LabsError
from b12labs.export_audit.messages import count_fhir, count_hl7v2, count_ndjson
from b12labs.export_audit.tables import count_long, count_wide, name_columns
from b12labs.export_audit.tally import Tally
from b12labs.files.chunks import cells, in_chunks
from b12labs.files.draw_source import long_table
from b12labs.files.interpreting import recognized
from b12labs.files.options import PART_ROWS, FileReading
from b12labs.files.sources import Source, find_source, is_table
from b12labs.integrations.json_input import read_json
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.stratified import limits_of
from b12labs.text import count_of

__all__ = ["count_files"]

_BULK = (".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz")
_HL7 = (".hl7", ".er7", ".hl7v2")
_LARGEST = 64 * 1024 * 1024


def count_files(tally: Tally, paths: Iterable[Path], reading: FileReading) -> None:
    """Count files and folders of files; files of tables with the same columns are read together."""
    given = list(paths)
    files = [file for path in given for file in _files_in(path)]
    several = len(files) > 1
    tables: dict[tuple[str, ...], list[Path]] = {}
    bulk: list[Path] = []
    messages: list[str | bytes] = []
    for file in files:
        kind = _kind_of(file)
        try:
            if kind == "bulk":
                bulk.append(file)
            elif kind == "fhir":
                found = read_json(file.read_bytes(), max_bytes=_LARGEST)
                count_fhir(tally, found, **_of_messages(reading))
                tally.inputs.append(f"{file.name}, FHIR")
            elif kind == "hl7":
                messages.append(file.read_bytes())
            else:
                tables.setdefault(tuple(find_source(file, **reading.layout).columns), []).append(file)
        except B12LabsError as error:
            if not several:
                raise
            tally.besides[error.code] += 1
    if bulk:
        count_ndjson(tally, bulk, **_of_messages(reading))
        tally.inputs.append(_named(bulk, "a FHIR bulk export"))
    if messages:
        count_hl7v2(tally, messages, **_of_messages(reading))
        tally.inputs.append(count_of(len(messages), "file") + " of HL7 v2")
    for alike in tables.values():
        _count_tables(tally, find_source(alike, **reading.layout), reading)


def _of_messages(reading: FileReading) -> dict[str, Any]:
    return {
        "mapping": reading.site,
        "window_hours": reading.window_hours,
        "use_preliminary": reading.use_preliminary,
    }


def _named(files: list[Path], kind: str) -> str:
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"{files[0].name}{more}, {kind}"


def _files_in(path: Path) -> list[Path]:
    """Return a file, or the readable files directly in a folder; a pattern is returned unchanged."""
    if not path.is_dir():
        return [path]
    inside = sorted(entry for entry in path.iterdir() if entry.is_file() and not entry.name.startswith("."))
    return [file for file in inside if is_table(file) or file.name.lower().endswith((*_BULK, *_HL7, ".json"))]


def _kind_of(file: Path) -> str:
    """Return the kind of a file by the ending of its name, or by the beginning of a text."""
    name = file.name.lower()
    if name.endswith(_BULK):
        return "bulk"
    if name.endswith(".json"):
        return "fhir"
    if name.endswith(_HL7):
        return "hl7"
    if name.endswith(".txt") and file.is_file():
        with file.open("rb") as start:
            if start.read(100).lstrip(b"\xef\xbb\xbf\x0b \t\r\n")[:3] in (b"MSH", b"FHS", b"BHS"):
                return "hl7"
    return "table"


def _count_tables(tally: Tally, source: Source, reading: FileReading) -> None:
    limits = limits_of(DEFAULT_GUIDELINE)
    long = long_table(source, reading)
    tally.inputs.append(_named(source.files, "a long table" if long else "a wide table"))
    if long:
        count_long(
            tally,
            long.table,
            long.columns,
            long.mapping,
            limits,
            window_hours=reading.window_hours,
            decimal=reading.decimal,
            use_preliminary=reading.use_preliminary,
        )
        return
    found = recognized(source, reading, results=False)
    name_columns(tally, found)
    for chunk in in_chunks(source.batches(), PART_ROWS):
        column = partial(cells, chunk.table)
        count_wide(tally, column, chunk.rows, found, limits, decimal=reading.decimal_sign)

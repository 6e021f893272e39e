"""A bulk export: folders of NDJSON files, one resource per line, read patient by patient in bounded memory.

The lines of a patient lie anywhere in the files. Lines are first dealt to parts by patient, on disk if they do not fit
in memory. Then each part is read as a whole. Only Medications, which belong to no patient, are held throughout.
"""

from __future__ import annotations

import gzip
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from typing import IO, Any

from b12labs.errors import PanelError, checked_path, checked_several
from b12labs.inputs.panel import Problem
from b12labs.integrations.fhir.contexts import CONTEXT_KINDS, UNREAD_MEDICINES
from b12labs.integrations.fhir.reading import read
from b12labs.integrations.fhir.shapes import Json, node, text
from b12labs.integrations.json_input import MAX_BYTES, JsonInputError, read_json
from b12labs.integrations.lab_results import Reading
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.text import StrPath

__all__ = ["read_ndjson", "resources_by_patient"]

#: The most bytes of lines in one part, roughly, if patients have similar amounts of data.
PART_BYTES = 32 * 1024 * 1024
_PARTS = 256
_ENDINGS = (".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz")
#: Resources that belong to a patient, or to none; `read` reports those that it does not read.
_DEALT = frozenset(
    {
        "Patient",
        "Observation",
        "DiagnosticReport",
        "Specimen",
        "OperationOutcome",
        *UNREAD_MEDICINES,
        "Parameters",
        *CONTEXT_KINDS,
    }
)
_PATIENT = re.compile(r"(?:.*/)?(Patient/[A-Za-z0-9.-]{1,64})(?:/_history/.*)?")
_Problems = list[tuple[str, Problem]]


def read_ndjson(
    paths: StrPath | Iterable[StrPath],
    *,
    window_hours: float | None = None,
    mapping: SiteMapping | StrPath | None = None,
    use_preliminary: bool = False,
) -> Iterator[Reading]:
    """Read NDJSON files of FHIR resources, or folders of them.

    Yields a `Reading` for every patient, then one with the problems of lines that cannot be read.

    Files end in `.ndjson` or `.jsonl`, plain or `.gz`, in any order and with any mix of resources. A line that cannot
    be read is a problem with its file and line. `window_hours`, `mapping` and `use_preliminary` are as in `read`.

    Raises `PanelError`: `no_files` if there is no such file, `unreadable_file` if a `.gz` file is cut off or damaged.
    """
    problems: _Problems = []
    site = as_mapping(mapping)
    for resources in resources_by_patient(paths, problems):
        yield read(resources, window_hours=window_hours, mapping=site, use_preliminary=use_preliminary)
    if problems:
        yield Reading(problems=tuple(problems))


def resources_by_patient(paths: StrPath | Iterable[StrPath], problems: _Problems) -> Iterator[list[Json]]:
    """Yield the resources of every patient, as `read_ndjson` reads them; add unreadable lines to `problems`."""
    files = list(_files(paths))
    parts = min(
        _PARTS, 1 + sum(path.stat().st_size * (8 if path.suffix == ".gz" else 1) for path in files) // PART_BYTES
    )
    medications: list[Json] = []
    with ExitStack() as stack:
        for part in _deal(_lines(files, problems), parts, medications, stack):
            yield from _patients(part, medications)


def _files(paths: StrPath | Iterable[StrPath]) -> Iterator[Path]:
    one = isinstance(paths, str | PathLike)
    several = [paths] if one else checked_several("paths", paths, "a path, or several")  # type: ignore[arg-type]  # not one
    for path in (checked_path("paths", each) for each in several):
        inside = sorted(one for one in path.iterdir() if one.name.endswith(_ENDINGS)) if path.is_dir() else [path]
        if not inside or not path.exists():
            raise PanelError(
                f"{path}: expected NDJSON files ({', '.join(_ENDINGS)}), found none",
                code="no_files",
                field="paths",
            )
        yield from inside


def _lines(files: Iterable[Path], problems: _Problems) -> Iterator[tuple[bytes, Json]]:
    """Yield every line with its resource; the lines that cannot be read become problems."""
    for path in files:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(_whole_lines(path, file.readline), 1):
                if line.strip():
                    try:
                        resource = read_json(line)
                    except JsonInputError as error:
                        problems.append(
                            (f"{path.name}, line {number}", Problem(error.code, "line", f"{error.message}; not read"))
                        )
                        continue
                    kind = resource.get("resourceType") if isinstance(resource, dict) else None
                    if not isinstance(kind, str):
                        problems.append(
                            (
                                f"{path.name}, line {number}",
                                Problem("not_a_resource", "line", "expected a FHIR resource; not read"),
                            )
                        )
                    elif kind == "Bundle":
                        why = "expected one resource per line, got a Bundle; not read"
                        problems.append((f"{path.name}, line {number}", Problem("not_read", kind, why)))
                    elif kind in _DEALT or kind == "Medication":
                        yield line, resource


def _whole_lines(path: Path, readline: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield the lines of a file; a line that is too long is cut off just beyond the limit."""
    try:
        while line := readline(MAX_BYTES + 2):
            part = line
            while part and not part.endswith(b"\n"):
                part = readline(MAX_BYTES)
            yield line
    except (EOFError, zlib.error, gzip.BadGzipFile):
        message = f"{path.name}: expected a complete .gz file, got one that is cut off or damaged; nothing was read"
        raise PanelError(message, code="unreadable_file", field="paths") from None


def _deal(
    lines: Iterable[tuple[bytes, Json]], parts: int, medications: list[Json], stack: ExitStack
) -> list[list[Json] | IO[bytes]]:
    """Deal the lines to parts by patient; the only part is held in memory, several are files."""
    if parts == 1:
        held: list[Json] = []
        for _, resource in lines:
            (medications if resource["resourceType"] == "Medication" else held).append(resource)
        return [held]
    files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(parts)]  # noqa: SIM115  # the stack closes them
    for line, resource in lines:
        if resource["resourceType"] == "Medication":
            medications.append(resource)
        else:
            files[zlib.crc32(_patient(resource).encode()) % parts].write(line.rstrip(b"\r\n") + b"\n")
    return list(files)


def _patient(resource: Json) -> str:
    """Return the key that brings the resources of a patient together; `read` decides whose they are."""
    if resource.get("resourceType") == "Patient":
        return f"Patient/{text(resource.get('id'))}"
    reference = text(node(resource.get("subject") or resource.get("patient")).get("reference"))
    match = _PATIENT.fullmatch(reference)
    return match[1] if match else reference


def _patients(part: list[Json] | IO[bytes], medications: list[Json]) -> Iterator[list[Json]]:
    """Yield the resources of every patient of a part, in the order of their first lines."""
    by_patient: dict[str, list[Json]] = {}
    if not isinstance(part, list):
        part.seek(0)
    for one in part:
        resource: Any = one if isinstance(one, dict) else read_json(one)
        by_patient.setdefault(_patient(resource), []).append(resource)
    for resources in by_patient.values():
        drugs = medications if any("medicationReference" in one for one in resources) else []
        yield [*resources, *drugs]

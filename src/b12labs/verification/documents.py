"""Read the provenance of the documents in a file: tables, JSON answers, FHIR resources, cards, records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from b12labs.errors import B12LabsError
from b12labs.files.made_with import PARQUET_KEY, TableProvenance, beside
from b12labs.files.parquet_rows import is_parquet, parquet_metadata
from b12labs.files.writing import WRITTEN
from b12labs.integrations.fhir.made_with import provenance_in
from b12labs.integrations.fhir.shapes import is_own, items, node
from b12labs.integrations.json_input import read_json
from b12labs.provenance.model import Provenance

__all__ = ["Said", "said_in"]

_LINES = (".ndjson", ".jsonl")


@dataclass(frozen=True)
class Said:
    """The kind and the provenance of one document; `made` is None if it has no provenance."""

    kind: str
    made: Provenance | None


def said_in(path: Path) -> list[Said]:
    """Return the kind and provenance of every document in a file.

    Raises `B12LabsError` if the file does not exist, cannot be read, or has no document made by b12labs.
    """
    if not path.is_file():
        raise B12LabsError(f"{path}: there is no such file", code="no_such_file")
    if is_parquet(path) or path.name.lower().endswith(WRITTEN):
        return [Said("table", _of_table(path))]
    found = [said for document in _documents(path) for said in _of_document(path, document)]
    if not found:
        raise B12LabsError(
            f"{path}: expected a table, an interpretation, FHIR resources, cards or decision records of b12labs, got "
            "none of them",
            code="not_ours",
        )
    return found


def _of_table(path: Path) -> Provenance | None:
    if is_parquet(path):
        said = parquet_metadata(path).get(PARQUET_KEY.encode())
        return None if said is None else _checked(path, _json(path, said), TableProvenance)
    side = beside(path)
    return _checked(side, _json(side, side.read_bytes()), TableProvenance) if side.is_file() else None


def _documents(path: Path) -> Iterator[Any]:
    if path.name.lower().endswith(_LINES):
        with path.open("rb") as lines:
            for line in lines:
                if line.strip():
                    yield _json(path, line)
        return
    yield _json(path, path.read_bytes())


def _json(path: Path, content: bytes) -> Any:
    try:
        return read_json(content, max_bytes=len(content))
    except B12LabsError as error:
        raise B12LabsError(f"{path}: expected a table, or JSON; {error}", code="unreadable_file") from None


def _of_document(path: Path, document: Any) -> Iterator[Said]:
    if isinstance(document, list):
        for each in document:
            yield from _of_document(path, each)
        return
    part = node(document)
    if "resourceType" in part:
        yield from _of_resource(path, part)
    elif "cards" in part:
        for card in items(part["cards"]):
            extension = node(node(card.get("source")).get("extension"))
            yield Said("card", _checked(path, extension.get("b12labs-provenance"), Provenance))
    elif "rules_hash" in part:
        yield Said("provenance", _checked(path, part, Provenance))
    elif "version" in part and "guideline" in part:
        kind = "decision record" if "configuration" in part else "interpretation" if "statement" in part else "report"
        yield Said(kind, _checked(path, part.get("provenance"), Provenance))


def _of_resource(path: Path, resource: dict[str, Any]) -> Iterator[Said]:
    if resource["resourceType"] == "Bundle":
        for entry in items(resource.get("entry")):
            yield from _of_document(path, entry.get("resource"))
    elif is_own(resource) and resource["resourceType"] in ("Observation", "Provenance"):
        yield Said(f"FHIR {resource['resourceType']}", provenance_in(resource))


def _checked(path: Path, said: Any, kind: type[Provenance]) -> Provenance | None:
    try:
        return None if said is None else kind.model_validate(said)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise B12LabsError(
            f"{path}: the provenance cannot be read: {where} is missing or has another type",
            code="unreadable_provenance",
        ) from None

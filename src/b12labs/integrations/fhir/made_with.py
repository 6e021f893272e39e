"""The software, rules and options of an interpretation, as a FHIR Device in the Observation and the Provenance."""

from __future__ import annotations

import json
from typing import Any

from b12labs.answer.parts import Answer
from b12labs.integrations.fhir.shapes import Json, code_of, codings, items, text
from b12labs.provenance.model import Provenance
from b12labs.record import required_of

__all__ = ["device", "made_by", "provenance_in"]

_ID = "b12labs"
_SYSTEM = "urn:b12labs:provenance"
_OPTIONS = "urn:b12labs:option"


def made_by(result: Answer) -> dict[str, Any]:
    """Return the reference to the contained Device."""
    return {"reference": f"#{_ID}", "type": "Device", "display": result.made_by}


def device(result: Answer) -> dict[str, Any]:
    """Return the software, its rules and its options as a Device; each hash is a version."""
    said: dict[str, Any] = {"version": result.version}
    options: dict[str, Any] = {}
    if result.provenance is not None:
        said, options = result.provenance.model_dump(exclude={"options"}), result.provenance.options
    return {
        "resourceType": "Device",
        "id": _ID,
        "deviceName": [{"name": "b12labs", "type": "other"}],
        "version": [{"type": _coded(_SYSTEM, name), "value": str(value)} for name, value in said.items() if value],
        "property": [
            {"type": _coded(_OPTIONS, name), "valueCode": [{"text": _text(value)}]} for name, value in options.items()
        ],
    }


def provenance_in(resource: Json) -> Provenance | None:
    """Return the provenance that a resource contains, or None if it contains none."""
    for held in items(resource.get("contained")):
        if held.get("resourceType") == "Device" and held.get("id") == _ID:
            said = {_code(part): text(part.get("value")) for part in items(held.get("version"))}
            options = {
                _code(part): _value(text(value.get("text")))
                for part in items(held.get("property"))
                for value in items(part.get("valueCode"))
            }
            return Provenance(**said, options=options) if required_of(Provenance) <= said.keys() else None
    return None


def _code(part: Json) -> str:
    return next((code_of(coding.get("code")) for coding in codings(part.get("type"))), "")


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _value(said: str) -> Any:
    """Return the value of an option: lists, mappings and booleans are written as JSON, words literally."""
    return json.loads(said) if said.startswith(("{", "[")) or said in ("true", "false") else said

"""StructureDefinitions of the Observations that b12labs writes and reads: their differences from FHIR R4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["profiles"]

_OBSERVATION = "http://hl7.org/fhir/StructureDefinition/Observation"


def profiles(base: str) -> Iterator[dict[str, Any]]:
    """Yield the profile of the interpretation that is written, and that of a result that is read."""
    yield _profile(base, "interpretation", "Interpretation", "An interpretation, as b12labs writes it", [
        _element("meta.tag", minimum=1, pattern={"patternCoding": _coding("urn:b12labs:output", "interpretation")}),
        _element("status", pattern={"fixedCode": "preliminary"}),
        _element("code", pattern={"patternCodeableConcept": _code("urn:b12labs:observation", "b12-interpretation")}),
        _element("value[x]", types=["CodeableConcept"], bound=_set(base, "Status")),
        _element("method", minimum=1, bound=_set(base, "Guideline")),
        _element("device", minimum=1),
        _element("derivedFrom"),
        _element("component"),
    ])  # fmt: skip
    yield _profile(base, "result", "Result", "A result, as b12labs reads it", [
        _element("status", short="final, amended and corrected are used; preliminary only if asked for"),
        _element("modifierExtension", most="0", short="an unknown one excludes the result"),
        _element("code", short="a code of the value set, or a known name", bound=_set(base, "ReadTests")),
        _element("subject", short="without one, the result belongs to the patient of the report that lists it"),
        _element("effective[x]", types=["dateTime", "Period", "instant"]),
        _element("value[x]", types=["Quantity", "CodeableConcept", "string", "integer", "Range"]),
        _element("dataAbsentReason"),
        _element("interpretation"),
        _element("specimen"),
        _element("referenceRange"),
        _element("component"),
    ])  # fmt: skip


def _profile(base: str, identity: str, name: str, title: str, elements: list[dict[str, Any]]) -> dict[str, Any]:
    urn = base.startswith("urn:")
    return {
        "id": f"b12labs-{identity}",
        "url": f"{base}:StructureDefinition:{identity}" if urn else f"{base}/StructureDefinition/b12labs-{identity}",
        "name": f"B12labs{name}",
        "title": title,
        "status": "active",
        "publisher": "b12labs",
        "fhirVersion": "4.0.1",
        "kind": "resource",
        "abstract": False,
        "type": "Observation",
        "baseDefinition": _OBSERVATION,
        "derivation": "constraint",
        "differential": {"element": [{"id": "Observation", "path": "Observation"}, *elements]},
    }


def _element(
    path: str,
    *,
    minimum: int | None = None,
    most: str = "",
    short: str = "",
    types: list[str] | None = None,
    pattern: dict[str, Any] | None = None,
    bound: str = "",
) -> dict[str, Any]:
    """Return one element of a differential: how a profile narrows that element of an Observation."""
    found: dict[str, Any] = {"id": f"Observation.{path}", "path": f"Observation.{path}"}
    if short:
        found["short"] = short
    if minimum is not None:
        found["min"] = minimum
    if most:
        found["max"] = most
    if types:
        found["type"] = [{"code": code} for code in types]
    found |= pattern or {}
    if not most:
        found["mustSupport"] = True
    if bound:
        found["binding"] = {"strength": "preferred" if "readtests" in bound.lower() else "required", "valueSet": bound}
    return found


def _code(system: str, code: str) -> dict[str, Any]:
    return {"coding": [_coding(system, code)]}


def _coding(system: str, code: str) -> dict[str, Any]:
    return {"system": system, "code": code}


def _set(base: str, name: str) -> str:
    return f"{base}:ValueSet:{name}" if base.startswith("urn:") else f"{base}/ValueSet/b12labs-{name.lower()}"

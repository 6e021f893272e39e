"""The parts of FHIR resources as plain dicts from outside.

A part that does not have the expected shape is read as missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = [
    "ATC",
    "ICD_10",
    "OWN_TAG",
    "RXNORM",
    "UCUM",
    "Json",
    "code_of",
    "codes_in",
    "codings",
    "in_error",
    "is_own",
    "items",
    "names_of",
    "node",
    "references",
    "text",
    "unknown_rules",
]

Json = dict[str, Any]

UCUM = ("http://unitsofmeasure.org", "urn:oid:2.16.840.1.113883.6.8")
ICD_10 = ("http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cm")
ATC = "http://www.whocc.no/atc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
#: The system of the tag that marks output of b12labs, so that it is never read back as a laboratory's result.
OWN_TAG = "urn:b12labs:output"

_EMPTY: Json = {}


def node(value: Any) -> Json:
    """Return an object, or an empty one if there is none."""
    return value if isinstance(value, dict) else _EMPTY


def items(value: Any) -> list[Json]:
    """Return the objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return a text without white space around it, blank if there is none."""
    return value.strip() if isinstance(value, str) else ""


def code_of(value: Any) -> str:
    """Return a code exactly as written, blank if there is none: codes are not repaired."""
    return value if isinstance(value, str) else ""


def codings(concept: Any) -> list[Json]:
    """Return the codings of a CodeableConcept."""
    return items(concept.get("coding")) if isinstance(concept, dict) else []


def codes_in(concept: Any, *systems: str) -> list[str]:
    """Return the codes of a CodeableConcept in these systems."""
    return [
        code for coding in codings(concept) if coding.get("system") in systems and (code := text(coding.get("code")))
    ]


def names_of(concept: Any) -> list[str]:
    """Return the names of a CodeableConcept: its text, then the displays of its codings."""
    named = (text(node(concept).get("text")), *(text(coding.get("display")) for coding in codings(concept)))
    return list(dict.fromkeys(filter(None, named)))


def unknown_rules(part: Json) -> str:
    """Return the element by which a sender may change the meaning of a part, blank if there is none.

    `implicitRules` and `modifierExtension` must not be ignored, and b12labs knows none of them.
    """
    if part.get("modifierExtension"):
        return "modifierExtension"
    return "implicitRules" if part.get("implicitRules") or part.get("_implicitRules") else ""


def is_own(resource: Json) -> bool:
    """Return whether b12labs wrote a resource."""
    meta = resource.get("meta")
    return (
        isinstance(meta, dict) and "tag" in meta and any(tag.get("system") == OWN_TAG for tag in items(meta.get("tag")))
    )


def in_error(resource: Json) -> bool:
    """Return whether a resource was entered in error."""
    return resource.get("status") == "entered-in-error"


def references(value: Any) -> Iterator[str]:
    """Yield the references in a list."""
    for item in items(value):
        reference = text(item.get("reference"))
        if reference:
            yield reference

"""The queries that the client is asked to run, and the resources that it sent.

The templates use only features that servers share: equality of tokens and references, `_sort`, `_count`, and no
parameter twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from b12labs.integrations.options import Options
from b12labs.integrations.outcomes import Refusal
from b12labs.reasoning.compiled import B12_MARKERS
from b12labs.reference import analytes

__all__ = ["BLOOD", "Received", "entries", "names", "received", "templates"]

_PATIENT = "{{context.patientId}}"
#: Without the patient and results of B12 there is nothing to interpret.
REQUIRED = ("patient", "results")
#: The label of the results of all other analytes, if they are asked for by codes.
BLOOD = "blood count and chemistry"
#: If one of these is missing, the interpretation reports that it was not received.
_LABELS = {"blood": BLOOD, "conditions": "conditions", "medications": "medicines"}


def templates(options: Options) -> dict[str, str]:
    """Return the queries by key, as CDS Hooks prefetch templates."""
    queries = {"patient": f"Patient/{_PATIENT}"}
    search = f"Observation?patient={_PATIENT}"
    if options.prefetch == "codes":
        # Two queries: the many blood counts of a ward would push a B12 result of last month off the page.
        queries["results"] = f"{search}&code={_codes(markers=True)}&_sort=-date&_count=50"
        queries["blood"] = f"{search}&code={_codes(markers=False)}&_sort=-date&_count=100"
    else:
        queries["results"] = f"{search}&category=laboratory&_sort=-date&_count=200"
    queries["conditions"] = f"Condition?patient={_PATIENT}&clinical-status=active"
    queries["medications"] = f"MedicationRequest?patient={_PATIENT}&status=active"
    return queries


def _codes(*, markers: bool) -> str:
    return ",".join(
        code for key, analyte in analytes().items() if (key in B12_MARKERS) == markers for code in analyte.loinc
    )


@dataclass(frozen=True, slots=True)
class Received:
    """The resources that were sent; `missing` names in words the data that was asked for and not received."""

    resources: tuple[dict[str, Any], ...]
    missing: tuple[str, ...]
    #: The client searched, and has no patient or no results.
    nothing: bool


def received(prefetch: Any, options: Options) -> Received:
    """Return the resources that were sent.

    Raises `Refusal`: 412 if a required one was not sent, 400 if `prefetch` is malformed, 413 if it is too large.
    """
    given = {} if prefetch is None else prefetch
    if not isinstance(given, dict):
        raise Refusal(400, "expected an object", where="prefetch")
    resources: list[dict[str, Any]] = []
    missing: list[str] = []
    nothing = False
    for key in templates(options):
        value = given.get(key)
        lacking = "it was not sent" if key not in given else _fault(value)
        if lacking and key in REQUIRED:
            raise Refusal(
                412,
                f"{key} is required, but {lacking}; this service does not query the FHIR server",
                where=f"prefetch.{key}",
            )
        if lacking:
            missing.append(_LABELS[key])
        elif value is None or (value["resourceType"] == "Bundle" and not value.get("entry")):
            nothing = nothing or key in REQUIRED
        else:
            resources.append(value)
    count = sum(1 for resource in resources for _ in entries(resource))
    if count > options.entries:
        raise Refusal(413, f"expected at most {options.entries} resources", where="prefetch")
    return Received(tuple(resources), tuple(missing), nothing)


def entries(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the resources of a Bundle that are objects, or the resource itself if it is not a Bundle."""
    if resource.get("resourceType") != "Bundle":
        yield resource
        return
    held = resource.get("entry")
    for entry in held if isinstance(held, list) else []:
        inner = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(inner, dict):
            yield inner


def names(concept: Any) -> Iterator[str]:
    """Yield every code, display and text of a CodeableConcept, or the display of a Reference.

    Each text is cut to the length of a name.
    """
    if not isinstance(concept, dict):
        return
    codings = concept.get("coding")
    for part in (
        [*(coding for coding in codings if isinstance(coding, dict)), concept]
        if isinstance(codings, list)
        else [concept]
    ):
        yield from (
            text[:300]
            for name in ("code", "display", "text")
            if isinstance(text := part.get(name), str) and text.strip()
        )


def _fault(value: Any) -> str:
    """Return why a key's value cannot be used, blank if it can; None means that the client has nothing."""
    if value is None:
        return ""
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        return "it is not a FHIR resource"
    if not isinstance(value.get("entry", []), list):
        return "its entries are not a list"
    for inner in entries(value):
        if inner.get("resourceType") == "OperationOutcome" and _failed(inner):
            return "it came as the OperationOutcome of a query that failed"
    return ""


def _failed(outcome: dict[str, Any]) -> bool:
    """Return whether an outcome reports a failure; an unreadable one does."""
    issues = outcome.get("issue")
    severities = (
        [issue.get("severity") if isinstance(issue, dict) else None for issue in issues]
        if isinstance(issues, list)
        else [None]
    )
    return any(severity not in ("warning", "information", "success") for severity in severities)

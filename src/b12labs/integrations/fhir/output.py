"""An interpretation as FHIR R4 resources.

An Observation, and if asked for, a Provenance and a preliminary DiagnosticReport.

Resources are dictionaries whose decimals are `decimal.Decimal` with the printed digits; `to_json` keeps them. The same
draw and interpretation give the same bytes: no clock, nothing random. Every resource carries `TAG`, so that `read`
recognizes output of b12labs and does not use it.

The codes are those of b12labs. The only code of SNOMED CT is a finding, never a disorder: results alone are not a
diagnosis. Notes, which are Markdown, repeat no text from outside.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from b12labs.answer.report import as_text
from b12labs.answer.sentences import summary
from b12labs.answer.words import HEADLINES, NOTE
from b12labs.errors import PanelError
from b12labs.inputs.panel import PATIENT_FIELDS
from b12labs.integrations.fhir.made_with import device, made_by
from b12labs.integrations.fhir.output_components import (
    BELOW_REFERENCE_RANGE,
    TERMINOLOGY,
    Resource,
    absent,
    components,
    concept,
    is_below_reference_range,
    outcome,
    spaced,
    without_blanks,
)
from b12labs.integrations.fhir.shapes import OWN_TAG
from b12labs.patient.interpretation import Interpretation
from b12labs.reference import CONTEXT_FIELDS, analytes

if TYPE_CHECKING:
    from b12labs.integrations.lab_results import Draw

__all__ = ["TAG", "as_resources", "to_json"]

#: Marks a resource that b12labs wrote.
TAG = {"system": OWN_TAG, "code": "interpretation"}
TITLE = "Interpretation of vitamin B12 status"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, TAG["system"])
_NAMED_IN_PROBLEMS = frozenset((*analytes(), *PATIENT_FIELDS, *CONTEXT_FIELDS, "blood_count"))

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_TIME = re.compile(
    r"\d{4}(?:-\d\d(?:-\d\d(?:[T ](?P<clock>(?:[01]\d|2[0-3]):[0-5]\d)"
    r"(?P<seconds>:(?:[0-5]\d|60)(?:\.\d+)?)?(?P<zone>Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?)?)?",
    re.ASCII,
)


def _referring(kind: str) -> re.Pattern[str]:
    """Return the pattern of a reference to a resource of this type."""
    return re.compile(
        rf"(?:https?://[^\s#?]+/)?{kind}/{_ID.pattern}(?:/_history/{_ID.pattern})?|urn:(?:uuid|oid):[0-9A-Fa-f.-]+"
    )


#: The place of a result within an Observation; a reference names the whole Observation.
_COMPONENT = re.compile(r"\.component\[\d+\]$")
_PATIENT, _OBSERVATION = _referring("Patient"), _referring("Observation")


def as_resources(
    draw: Draw,
    result: Interpretation,
    *,
    patient_reference: str | None = None,
    issued: str | None = None,
    report: bool = False,
    ids: Mapping[str, str] | None = None,
) -> list[Resource]:
    """Return a draw's interpretation as FHIR R4 resources.

    The Observation, then the DiagnosticReport if `report` is True, then the Provenance if `issued` is given.

    Parameters
    ----------
    draw
        The draw whose panel was interpreted; `derivedFrom` names the sources of its results.
    result
        The interpretation of `draw.panel`.
    patient_reference
        The subject, such as `Patient/123`. By default it is `draw.patient`: as a reference if it is one, otherwise as
        an identifier, because a medical record number is not a resource's id.
    issued
        The date and time of writing, with zone, such as `2026-11-22T10:00:00Z`. A Provenance requires it.
    report
        Whether to add a DiagnosticReport with the text report. It is `preliminary`: the person responsible makes it
        final.
    ids
        The ids of the resources by type, such as `{"Observation": "b12-1"}`. By default an id is computed from the
        content, so that writing the same resource twice (`PUT Observation/ID`) leaves one.

    Raises `PanelError`: `wrong_draw` if the interpretation is of other results, `unreadable_time`, `unreadable_id`,
    `unreadable_reference`.

    """
    _refuse_another_draw(draw, result)
    if issued is not None and not _is_instant(issued):
        raise PanelError(
            "issued: expected a date and time with its zone, such as 2026-11-22T10:00:00Z",
            code="unreadable_time",
            field="issued",
        )
    sources = _sources(draw)
    effective, local = _effective(draw.time)
    shared = {
        "meta": {"tag": [TAG]},
        "status": "preliminary",
        "code": concept("urn:b12labs:observation", "b12-interpretation", TITLE, TITLE),
        "subject": _subject(draw, patient_reference),
        "effectiveDateTime": effective,
    }
    resources = [_identified("Observation", _observation(draw, result, shared, sources, local), ids, issued=issued)]
    if report:
        observed = [_reference(resources[0]), *(source for source in sources if "reference" in source)]
        resources.append(_identified("DiagnosticReport", _report(draw, result, shared, observed), ids, issued=issued))
    if issued is not None:
        targets = [_reference(resource) for resource in resources]
        resources.append(_identified("Provenance", _provenance(result, targets, sources, issued), ids))
    return resources


def _status(result: Interpretation) -> Resource | None:
    """Return the status as a coded value; None if no marker was measured."""
    return None if result.status == "not_assessed" else outcome("status", result.status, HEADLINES[result.status])


def _observation(draw: Draw, result: Interpretation, shared: Resource, sources: list[Resource], local: str) -> Resource:
    status = _status(result)
    return {
        **shared,
        "contained": [device(result)],
        "category": [concept(f"{TERMINOLOGY}/observation-category", "laboratory", "Laboratory")],
        **({"valueCodeableConcept": status} if status else {"dataAbsentReason": absent(result.statement)}),
        "note": [{"text": text} for text in _notes(result, local)],
        "method": {
            "coding": [{"system": "urn:b12labs:guideline", "code": result.guideline}],
            "text": result.guideline_title,
        },
        "device": made_by(result),
        "derivedFrom": sources,
        "component": list(components(draw.panel, result)),
    }


def _report(draw: Draw, result: Interpretation, shared: Resource, observed: list[Resource]) -> Resource:
    status = _status(result)
    missed = {"coding": [BELOW_REFERENCE_RANGE], "text": "B12 is below the laboratory's own reference interval"}
    below = [missed] if is_below_reference_range(draw.panel, result) else []
    return {
        **shared,
        "category": [concept(f"{TERMINOLOGY}/v2-0074", "LAB", "Laboratory")],
        "result": observed,
        "conclusion": " ".join(said.text for said in summary(result)),
        "conclusionCode": [*([status] if status else []), *below],
        "presentedForm": [_text_report(result)],
    }


def _provenance(result: Interpretation, targets: list[Resource], sources: list[Resource], issued: str) -> Resource:
    return {
        "meta": {"tag": [TAG]},
        "contained": [device(result)],
        "target": targets,
        "recorded": issued,
        "agent": [
            {
                "type": concept(f"{TERMINOLOGY}/provenance-participant-type", "assembler", "Assembler"),
                "who": made_by(result),
            }
        ],
        "entity": [{"role": "source", "what": source} for source in sources],
    }


def to_json(resource: Any) -> str:
    """Return a resource (or a list of them) as JSON; decimals keep their digits."""
    if isinstance(resource, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{to_json(value)}" for name, value in resource.items()) + "}"
    if isinstance(resource, list):
        return "[" + ",".join(map(to_json, resource)) + "]"
    return str(resource) if isinstance(resource, Decimal) else json.dumps(resource, ensure_ascii=False)


def _refuse_another_draw(draw: Draw, result: Interpretation) -> None:
    given = {key: (read.given, read.low) for key, read in draw.panel.results.items()}
    if given != {key: (read.given, read.low) for key, read in result.results.items()}:
        raise PanelError("draw: expected the interpreted draw; the results differ", code="wrong_draw", field="draw")


def _identified(kind: str, content: Resource, ids: Mapping[str, str] | None, *, issued: str | None = None) -> Resource:
    """Return a resource with its id.

    The id does not depend on the time of issue: the same interpretation, written again, has the same id.
    """
    content = without_blanks(content)
    unique = uuid.uuid5(_NAMESPACE, kind + to_json(content))
    own = (ids or {}).get(kind, str(unique))
    if not _ID.fullmatch(own):
        raise PanelError(
            f"ids: expected up to 64 letters, digits, '-' and '.' for {kind}", code="unreadable_id", field="ids"
        )
    identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{unique}"}
    named = {} if kind == "Provenance" else {"identifier": [identifier]}
    return without_blanks({"resourceType": kind, "id": own, **named, **content, "issued": issued})


def _reference(resource: Resource) -> Resource:
    return {"reference": f"{resource['resourceType']}/{resource['id']}"}


def _subject(draw: Draw, reference: str | None) -> Resource:
    if reference is not None and not _PATIENT.fullmatch(reference):
        raise PanelError(
            "patient_reference: expected a reference such as 'Patient/123'",
            code="unreadable_reference",
            field="patient_reference",
        )
    patient = draw.patient.strip()
    if reference is not None or _PATIENT.fullmatch(patient):
        return {"reference": reference or patient}
    return {"identifier": {"value": patient}} if patient else {}


def _sources(draw: Draw) -> list[Resource]:
    """Return the sources of the results: references to Observations, or names such as `OBX 5`."""
    sources = (_COMPONENT.sub("", draw.sources.get(key, "").strip()) for key in draw.panel.results)
    named = dict.fromkeys(name for name in sources if name)
    return [{"reference": name} if _OBSERVATION.fullmatch(name) else {"display": name} for name in named]


def _is_instant(text: str) -> bool:
    try:
        return "T" in text and _effective(text) == (text, "")
    except PanelError:
        return False


def _effective(text: str) -> tuple[str, str]:
    """Return the time of the draw in FHIR's format, and the local time if FHIR cannot express it.

    FHIR allows no time without a zone, so such a time is written as a date.
    """
    if not text.strip():
        return "", ""
    found, day = _TIME.fullmatch(text.strip()), text.strip()[:10]
    if found is None or not _is_day(day):
        raise PanelError(
            "time: expected a date or time of ISO 8601, such as 2026-11-20T08:30:00+01:00",
            code="unreadable_time",
            field="time",
        )
    clock, zone = found["clock"], found["zone"]
    if not clock or not zone:
        return day, f"{day} {clock}" if clock else ""
    return (
        f"{day}T{clock}{found['seconds'] or ':00'}{zone if zone == 'Z' or ':' in zone else f'{zone[:3]}:{zone[3:]}'}",
        "",
    )


def _is_day(day: str) -> bool:
    try:
        return date.fromisoformat((day + "-01-01")[:10]) is not None
    except ValueError:
        return False


def _notes(result: Interpretation, local: str) -> Iterator[str]:
    """Yield the notes on the interpretation, in b12labs's own sentences."""
    yield " ".join(said.text for said in summary(result))
    if local:
        yield f"Drawn at {local}, in a time zone that was not given."
    if result.status == "indeterminate" and "status" in result.possible:
        yield f"Still possible: {spaced(result.possible['status'])}."
    if result.overturned_by:
        yield f"Could overturn this: {'; '.join(result.overturned_by)}."
    if result.next_tests:
        yield f"Tests that would settle open questions: {', '.join(test.label for test in result.next_tests)}."
    problems = dict.fromkeys((problem.field, problem.code) for problem in result.problems)
    if problems:
        named = ((field if field in _NAMED_IN_PROBLEMS else "another field", code) for field, code in problems)
        yield f"Not used, or in doubt: {spaced(dict.fromkeys(f'{field} ({code})' for field, code in named))}."
    yield f"Assumed: {'; '.join(result.assumptions)}."
    yield NOTE


def _text_report(result: Interpretation) -> Resource:
    data = base64.b64encode(as_text(result).encode()).decode("ascii")
    return {"contentType": "text/plain; charset=utf-8", "language": "en", "data": data, "title": TITLE}

"""FHIR resources and HL7 v2 messages as an audit counts them: their readers' reports beside the sent texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from b12labs.export_audit.tally import MISSING, USED, Kind, Tally
from b12labs.integrations import fhir, hl7v2
from b12labs.integrations.fhir.bundles import Collected, Entry, collect
from b12labs.integrations.fhir.contexts import CONTEXT_KINDS
from b12labs.integrations.fhir.ndjson import resources_by_patient
from b12labs.integrations.fhir.shapes import Json, code_of, codings, items, names_of, node, text
from b12labs.integrations.fhir.values import NO_VALUE, quantity_unit, value_of
from b12labs.integrations.hl7v2.results import Order, Results, orders_of
from b12labs.integrations.hl7v2.segments import split
from b12labs.integrations.hl7v2.values import unit_of
from b12labs.integrations.lab_results import Reading
from b12labs.reference import analytes
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["count_fhir", "count_hl7v2", "count_ndjson"]

_PLACE = re.compile(r"(?:message \d+ )?OBX \d+")


@dataclass(frozen=True, slots=True)
class _Sent:
    """One result of a message: its place, the place of its container, and its texts."""

    source: str
    within: str = ""
    test: tuple[str, ...] = ()
    unit: str = ""
    specimen: str = ""
    status: str = ""


def count_fhir(
    tally: Tally, resources: Any, mapping: SiteMapping | None, *, window_hours: float | None, use_preliminary: bool
) -> None:
    """Count the results of FHIR resources, and the medicines and diagnoses beside them."""
    given = [resources] if isinstance(resources, dict) else list(resources)
    reading = fhir.read(given, window_hours=window_hours, mapping=mapping, use_preliminary=use_preliminary)
    found = collect(given)
    sent = [each for entry in found.entries if entry.kind == "Observation" for each in _observed(found, entry)]
    left = _count(tally, reading, sent)
    for entry in found.entries:
        if entry.kind in CONTEXT_KINDS:
            _count_context(tally, found, entry, left.pop(entry.source, []))
    tally.besides.update(code for codes in left.values() for code in codes)


def count_ndjson(
    tally: Tally,
    paths: Iterable[Path],
    mapping: SiteMapping | None,
    *,
    window_hours: float | None,
    use_preliminary: bool,
) -> None:
    """Count a bulk export, patient by patient."""
    problems: list[Any] = []
    for resources in resources_by_patient(paths, problems):
        count_fhir(tally, resources, mapping, window_hours=window_hours, use_preliminary=use_preliminary)
    tally.besides.update(problem.code for _, problem in problems)


def count_hl7v2(
    tally: Tally,
    messages: list[str | bytes],
    mapping: SiteMapping | None,
    *,
    window_hours: float | None,
    use_preliminary: bool,
) -> None:
    """Count the OBX segments of HL7 v2 messages."""
    reading = hl7v2.read(messages, window_hours=window_hours, mapping=mapping, use_preliminary=use_preliminary)
    orders = orders_of([split(message) for message in messages], Results(), mapping or SiteMapping())
    left = _count(tally, reading, [each for order in orders for each in _in_segments(order)])
    for source, codes in left.items():
        if _PLACE.fullmatch(source):  # an observation that is not a whole segment
            tally.result(codes[0])
        else:
            tally.besides.update(codes)


def _count(tally: Tally, reading: Reading, sent: Iterable[_Sent]) -> dict[str, list[str]]:
    """Count results by the reading's reports on their places; return its reports on other places."""
    used: dict[str, list[str]] = defaultdict(list)
    lost: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for draw in reading.draws:
        for key, source in draw.sources.items():
            used[source].append(key)
    for source, problem in reading.problems:
        lost[source].append((problem.code, problem.field if problem.field in analytes() else ""))
    named: set[str] = set()
    for each in sent:
        named |= {each.source, each.within}
        if used[each.source]:
            outcome, key = USED, used[each.source].pop()
        else:
            # Two resources of one name have one problem each. If a result has none, its container's problem applies.
            said = lost[each.source] or lost[each.within]
            outcome, key = (said.pop(0) if len(said) > 1 else said[0]) if said else (MISSING, "")
        tally.result(outcome)
        tally.text("test", each.test, outcome, key)
        tally.text("unit", (each.unit,), outcome, key)
        tally.text("specimen", (each.specimen,), outcome)
        tally.text("status", (each.status,), outcome)
    return {source: [code for code, _ in said] for source, said in lost.items() if said and source not in named}


def _observed(found: Collected, entry: Entry) -> Iterator[_Sent]:
    """Yield an Observation's own result and that of each of its components; a mere group has no result."""
    resource = entry.resource
    specimen, status = _specimen(found, entry), code_of(resource.get("status"))
    components = items(resource.get("component"))
    grouped = bool(components or resource.get("hasMember"))
    if not grouped or value_of(resource) is not NO_VALUE or resource.get("interpretation"):
        yield _Sent(entry.source, "", _called(resource.get("code")), _unit(resource), specimen, status)
    for number, component in enumerate(components):
        place = f"{entry.source}.component[{number}]"
        yield _Sent(place, entry.source, _called(component.get("code")), _unit(component), specimen, status)


def _called(concept: Any) -> tuple[str, ...]:
    """Return the first code of a concept and its first name."""
    codes = [code for coding in codings(concept) if (code := text(coding.get("code")))]
    return (*codes[:1], *names_of(concept)[:1])


def _unit(part: Json) -> str:
    quantity = node(part.get("valueQuantity"))
    unit = quantity_unit(quantity)
    return unit if isinstance(unit, str) else text(quantity.get("unit"))


def _specimen(found: Collected, entry: Entry) -> str:
    reference = node(entry.resource.get("specimen")).get("reference")
    specimen = found.find(reference, entry) if isinstance(reference, str) else None
    called = _called(specimen.resource.get("type")) if specimen is not None else ()
    return next(iter(called[::-1]), text(node(entry.resource.get("specimen")).get("display")))


def _count_context(tally: Tally, found: Collected, entry: Entry, codes: list[str]) -> None:
    kind: Kind = "diagnoses" if entry.kind == "Condition" else "medicines"
    concept = entry.resource.get("code") if kind == "diagnoses" else entry.resource.get("medicationCodeableConcept")
    reference = node(entry.resource.get("medicationReference")).get("reference")
    if concept is None and isinstance(reference, str) and (target := found.find(reference, entry)) is not None:
        concept = target.resource.get("code")
    tally.text(kind, _called(concept), codes[0] if codes else USED)


def _in_segments(order: Order) -> Iterator[_Sent]:
    """Yield the results of an order's observations."""
    request = order.request
    source = next(iter([part for part in request.subcomponents(15) if part]), "") if request else ""
    for place, segment in order.observations:
        parts = [*segment.components(segment.repetitions(3)[0]), *[""] * 9]
        specimen = next((said for each in order.specimens if (said := each.part(4, 2) or each.part(4))), source)
        status = segment.part(11) or (request.part(25) if request else "")
        yield _Sent(place, "", (parts[0], parts[1]), unit_of(segment), specimen, status)

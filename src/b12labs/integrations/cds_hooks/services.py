"""The services: `b12-patient-view`, `b12-order-sign`, `b12-order-select`.

Each hook has its own id, because clients key services by id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from b12labs.errors import B12LabsError, did_you_mean
from b12labs.inputs.options import unreported_truth
from b12labs.inputs.panel import Problem
from b12labs.integrations.cds_hooks.cards import MOST_CARDS, Assessed, Maker, result_card, unused_card
from b12labs.integrations.cds_hooks.detail import Data
from b12labs.integrations.cds_hooks.order_cards import order_cards
from b12labs.integrations.cds_hooks.orders import ordered
from b12labs.integrations.cds_hooks.prefetch import Received, received, templates
from b12labs.integrations.cds_hooks.unused import unused_markers
from b12labs.integrations.decisions import Recording
from b12labs.integrations.options import Options, mapping_of
from b12labs.integrations.outcomes import Refusal
from b12labs.limits.stratified import Limits, limits_of
from b12labs.patient.interpretation import interpret_panel
from b12labs.provenance.fingerprint import mapping_hash
from b12labs.provenance.model import provenance_of
from b12labs.reasoning.compiled import B12_MARKERS

if TYPE_CHECKING:
    from b12labs.integrations.lab_results import Draw, Reading

__all__ = ["EXAMPLE", "HOOKS", "discovery", "respond"]

#: Hook by service.
HOOKS = {"b12-patient-view": "patient-view", "b12-order-sign": "order-sign", "b12-order-select": "order-select"}
_SAYS = {
    "b12-patient-view": "Reports vitamin B12 results that are low or indeterminate, and the tests that would settle "
    "the question.",
    "b12-order-sign": "Warns if folic acid or nitrous oxide is ordered and a B12 deficiency is possible, or if a B12 "
    "level is ordered while B12 is taken.",
    "b12-order-select": "As b12-order-sign, for the orders selected.",
}
#: Anyone else who opens the record, a patient or a relative, is shown nothing that is for clinicians.
_CLINICIANS = ("Practitioner/", "PractitionerRole/")
#: A request about no real patient, to call a service with when it starts.
EXAMPLE = {
    "hook": "patient-view",
    "hookInstance": "00000000-0000-0000-0000-000000000000",
    "context": {"patientId": "example", "userId": "Practitioner/example"},
    "prefetch": {
        "patient": {"resourceType": "Patient", "id": "example"},
        "results": {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "2132-9"}]},
            "subject": {"reference": "Patient/example"},
            "valueQuantity": {"value": 145, "system": "http://unitsofmeasure.org", "code": "pg/mL"},
        },
    },
}
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)


def discovery(options: Options) -> dict[str, Any]:
    """Return the services, as `GET /cds-services` answers."""
    services = [
        {
            "hook": hook,
            "title": f"Vitamin B12: {hook.replace('-', ' ')}",
            "description": _SAYS[name],
            "id": name,
            "prefetch": templates(options),
            "usageRequirements": "The client sends all data as prefetch; this service does not query the FHIR server.",
            "version": "2.0.1",
        }
        for name, hook in HOOKS.items()
    ]
    return {"services": services}


@dataclass(frozen=True, slots=True)
class _Request:
    hook_instance: str
    patient: str
    clinician: bool
    context: dict[str, Any]
    prefetch: Any


def respond(
    service: str, request: Any, options: Options, *, today: date | None = None, recorder: Recording | None = None
) -> dict[str, Any]:
    """Answer a call of a service with cards; the list is empty if there is nothing to report.

    `request` is the parsed JSON of the call. `today` is needed only with `options.days`. The same request gives the
    same answer.

    Raises `Refusal`: 404 if there is no such service, 400 or 413 if the request is malformed or too large, 412 if
    required data was not sent, 422 if a resource belongs to another patient.
    """
    if service not in HOOKS:
        hint = did_you_mean(service, HOOKS) or "."
        raise Refusal(404, f"there is no such service{hint} There are {', '.join(HOOKS)}")
    read = _read(request, HOOKS[service])
    orders = None
    if service != "b12-patient-view":
        selected = service == "b12-order-select"
        orders = ordered(read.context, selected=selected, mapping=mapping_of(options.mapping))
    if not read.clinician or (orders is not None and not (orders.terms or orders.tests)):
        return {"cards": []}
    sent = received(read.prefetch, options)
    if sent.nothing and orders is None:
        return {"cards": []}
    reading = _reading(sent, read.patient, options)
    limits = limits_of(options.guideline)
    assessed = [_assess(draw, limits, options) for draw in _of_interest(reading.draws, options, today)]
    if recorder is not None:
        recorder.unread(service, (problem.code for _, problem in reading.problems))
        for one in assessed:
            recorder.record(one.result, service=service, sources=one.draw.sources)
    formulary = options.formulary or limits.guideline.formulary
    asked = {"unreported_context": options.unreported_context, "formulary": formulary}
    made_with = provenance_of(limits, {**asked, **_how_read(options)})
    data = _data(sent, reading, options)
    maker = Maker(read.hook_instance, service, read.patient, limits.guideline, made_with, data)
    if orders is not None:
        cards = order_cards(orders, assessed, maker)
    else:
        cards = [card for one in assessed if (card := result_card(one, maker)) is not None]
        if not cards and (unused := unused_card(maker)) is not None:
            cards = [unused]
    cards.sort(key=lambda card: card["indicator"] != "warning")
    return {"cards": cards[:MOST_CARDS]}


def _how_read(options: Options) -> dict[str, Any]:
    """Return the options of reading that change the content of a card."""
    mapping = mapping_hash(mapping_of(options.mapping))
    return {
        "window_hours": options.window_hours,
        "use_preliminary": options.use_preliminary,
        **({"mapping": mapping} if mapping else {}),
    }


def _read(request: Any, hook: str) -> _Request:
    """Check the members that every call has; other members are not read, and tokens are not kept."""
    if not isinstance(request, dict):
        raise Refusal(400, "expected an object")
    if request.get("hook") != hook:
        raise Refusal(400, f"expected {hook}", where="hook")
    instance = request.get("hookInstance")
    if not isinstance(instance, str) or not 0 < len(instance) <= 100:
        raise Refusal(400, "expected a UUID", where="hookInstance")
    context = request.get("context")
    if not isinstance(context, dict):
        raise Refusal(400, "expected an object", where="context")
    patient, user = context.get("patientId"), context.get("userId")
    if not isinstance(patient, str) or not _ID.fullmatch(patient):
        raise Refusal(400, "expected the id of a Patient, such as 1288992", where="context.patientId")
    if not isinstance(user, str) or not user:
        raise Refusal(400, "expected a reference, such as Practitioner/123", where="context.userId")
    return _Request(instance, patient, user.startswith(_CLINICIANS), context, request.get("prefetch"))


def _reading(sent: Received, patient: str, options: Options) -> Reading:
    from b12labs.integrations import fhir

    try:
        return fhir.read(
            sent.resources,
            patient=patient,
            window_hours=options.window_hours,
            mapping=mapping_of(options.mapping),
            use_preliminary=options.use_preliminary,
        )
    except B12LabsError as error:
        why = (
            "a resource belongs to another patient than context.patientId"
            if error.code == "wrong_patient"
            else f"cannot be read ({error.code})"
        )
        raise Refusal(422, why, where="prefetch") from None


def _data(sent: Received, reading: Reading, options: Options) -> Data:
    notes: dict[str, list[Problem]] = {}
    for source, note in reading.notes:
        notes.setdefault(source, []).append(note)
    return Data(
        missing=sent.missing,
        incomplete=reading.incomplete,
        elsewhere={key: draw.time for draw in sorted(reading.draws, key=_when) for key in draw.panel.results},
        unused=unused_markers(sent.resources, reading, mapping_of(options.mapping)),
        notes={source: tuple(found) for source, found in notes.items()},
    )


def _assess(draw: Draw, limits: Limits, options: Options) -> Assessed:
    result = interpret_panel(
        draw.panel,
        limits,
        unreported=unreported_truth(options.unreported_context),
        formulary=options.formulary,
        reading=_how_read(options),
    )
    return Assessed(draw, result)


def _of_interest(draws: Iterable[Draw], options: Options, today: date | None) -> list[Draw]:
    """Return, newest first, the draws with the newest result of a B12 marker, and the newest draw."""
    newest_first = sorted((draw for draw in draws if _recent(draw, options, today)), key=_when, reverse=True)
    seen: set[str] = set()
    chosen = []
    for place, draw in enumerate(newest_first):
        new = {key for key in B12_MARKERS if key in draw.panel.results} - seen
        if new or place == 0:
            chosen.append(draw)
            seen |= new
    return chosen


def _when(draw: Draw) -> tuple[datetime, str]:
    """Return a key that orders draws by time; a draw dated by month or year comes before all others."""
    try:
        time = datetime.fromisoformat(draw.time)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC), draw.time
    return time if time.tzinfo else time.replace(tzinfo=UTC), draw.time


def _recent(draw: Draw, options: Options, today: date | None) -> bool:
    if options.days is None or today is None or not draw.time:
        return True
    day = draw.time[:10]
    return day >= (today - timedelta(days=options.days)).isoformat()[: len(day)]

"""The services: `b12-patient-view`, `b12-order-sign`, `b12-order-select`.

One id a hook, because clients key services by their id.
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
    "b12-patient-view": "Says what vitamin B12 results leave to settle: a low or indeterminate panel, and the tests "
    "that would settle it.",
    "b12-order-sign": "Speaks up where folic acid or nitrous oxide meets a B12 deficiency that is possible, or a B12 "
    "level cannot be read.",
    "b12-order-select": "As b12-order-sign, for the orders selected.",
}
#: Whoever else opens the record, a patient or a relative, is shown nothing that is for clinicians.
_CLINICIANS = ("Practitioner/", "PractitionerRole/")
#: A request of nobody, to call a service with at its start.
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
    """Return the services that there are, as `GET /cds-services` answers."""
    services = [
        {
            "hook": hook,
            "title": f"Vitamin B12: {hook.replace('-', ' ')}",
            "description": _SAYS[name],
            "id": name,
            "prefetch": templates(options),
            "usageRequirements": "Everything is sent as prefetch; this service does not query the FHIR server.",
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
    """Answer a call of a service with cards, none where there is nothing to say.

    `request` is the JSON that was sent, read. `today` is needed only with `options.days`. The same request gives the
    same answer.

    Raises `Refusal`: 404 where there is no such service, 400 and 413 where the request is malformed or too large, 412
    where what is needed was not sent, 422 where resources are of another patient.
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
    """Return the options of reading, which bear on what a card says."""
    mapping = mapping_hash(mapping_of(options.mapping))
    return {
        "window_hours": options.window_hours,
        "use_preliminary": options.use_preliminary,
        **({"mapping": mapping} if mapping else {}),
    }


def _read(request: Any, hook: str) -> _Request:
    """Check what every call has; what is not needed is not looked at, and tokens are not kept."""
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
            "a resource is of another patient than context.patientId"
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
    """Return, newest first, the draws that have the newest result of a B12 marker, and the newest of all."""
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
    """Order draws by time; one of a month or a year comes before every day."""
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

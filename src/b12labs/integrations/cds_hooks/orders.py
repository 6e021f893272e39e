"""The terms and tests that draft orders name.

Drafts are unfinished, so an order that cannot be read is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from b12labs.inputs.context.medicines import is_denied
from b12labs.inputs.tests import recognize_test
from b12labs.inputs.vocabulary import find_terms
from b12labs.integrations.cds_hooks.prefetch import entries, names
from b12labs.integrations.outcomes import Refusal
from b12labs.site_mapping.concepts import read_sent
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["Ordered", "ordered"]

#: The elements of each kind of order that name the medicine, test or procedure.
_WHAT = {
    "MedicationRequest": ("medicationCodeableConcept", "medicationReference"),
    "ServiceRequest": ("code",),
    "Procedure": ("code",),
}
#: Statuses of an order of any kind that has ended or never existed.
_ENDED = ("cancelled", "completed", "entered-in-error", "not-done", "revoked", "stopped")
#: More orders than anyone signs at once.
MOST = 500


@dataclass(frozen=True, slots=True)
class Ordered:
    """Context terms (`folic_acid`) and analytes (`b12`) that the orders name."""

    terms: frozenset[str]
    tests: frozenset[str]


def ordered(context: dict[str, Any], *, selected: bool, mapping: SiteMapping) -> Ordered:
    """Read `draftOrders`, with the site's own names first; with `selected`, only those among `selections`.

    Raises `Refusal` (400, 413, 422).
    """
    bundle = context.get("draftOrders")
    if not isinstance(bundle, dict):
        raise Refusal(400, "expected a Bundle", where="context.draftOrders")
    orders = list(entries(bundle)) if bundle.get("resourceType") == "Bundle" else []
    if selected:
        chosen = context.get("selections")
        if not isinstance(chosen, list):
            raise Refusal(400, "expected a list", where="context.selections")
        named = {name for name in chosen if isinstance(name, str)}
        orders = [order for order in orders if f"{order.get('resourceType')}/{order.get('id')}" in named]
    if len(orders) > MOST:
        raise Refusal(413, f"expected at most {MOST} orders", where="context.draftOrders")
    local = mapping.analytes_by_name()
    terms: set[str] = set()
    tests: set[str] = set()
    for order in orders:
        _refuse_other_patient(order, context["patientId"])
        if order.get("doNotPerform") is True or order.get("status") in _ENDED:
            continue
        for concept in _concepts(order):
            terms |= _terms(concept, mapping)
        for text in _texts(order):
            if order.get("resourceType") != "ServiceRequest":
                continue
            key = local.get(text.strip().casefold()) or recognize_test(text).analyte
            if key is not None:
                tests.add(key)
    return Ordered(frozenset(terms), frozenset(tests))


def _terms(concept: dict[str, Any], mapping: SiteMapping) -> frozenset[str]:
    """Return the context terms of an order, read as a medicine that is taken is read.

    If that reads nothing and no word denies it, a name among other words is enough: silence about a risk would be
    worse.
    """
    codings = concept.get("coding")
    coded = [coding for coding in codings if isinstance(coding, dict)] if isinstance(codings, list) else []
    pairs = [(str(coding.get("code") or ""), str(coding.get("system") or "")) for coding in coded]
    texts = list(names({**concept, "coding": [{**coding, "code": ""} for coding in coded]}))
    told = read_sent(mapping, pairs, texts, "medicines")
    if told.terms or not told.unread or any(map(is_denied, texts)):
        return told.terms
    return frozenset(term.key for text in texts for term in find_terms(text))


def _concepts(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every CodeableConcept, or Reference with its display, that names the ordered item."""
    held = order.get("contained")
    medications = [
        each.get("code")
        for each in (held if isinstance(held, list) else [])
        if isinstance(each, dict) and each.get("resourceType") == "Medication"
    ]
    own = (order.get(name) for name in _WHAT.get(str(order.get("resourceType")), ()))
    yield from (concept for concept in (*own, *medications) if isinstance(concept, dict))


def _texts(order: dict[str, Any]) -> Iterator[str]:
    """Yield every code, display and text that names the ordered item."""
    for concept in _concepts(order):
        yield from names(concept)


def _refuse_other_patient(order: dict[str, Any], patient: str) -> None:
    subject = order.get("subject")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    if isinstance(reference, str) and reference.partition("/_history")[0].rpartition("/")[2] != patient:
        raise Refusal(422, "an order belongs to another patient than context.patientId", where="context.draftOrders")

"""What is being ordered.

The terms and tests that drafts name. Drafts are unfinished, so what cannot be read is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from b12labs.inputs.tests import recognize_test
from b12labs.inputs.vocabulary import find_terms
from b12labs.integrations.cds_hooks.prefetch import entries, names
from b12labs.integrations.outcomes import Refusal

__all__ = ["Ordered", "ordered"]

#: Where each kind of order says what is ordered.
_WHAT = {
    "MedicationRequest": ("medicationCodeableConcept", "medicationReference"),
    "ServiceRequest": ("code",),
    "Procedure": ("code",),
}
#: Statuses of an order that ends, or never was: of any kind of order.
_ENDED = ("cancelled", "completed", "entered-in-error", "not-done", "revoked", "stopped")
#: More orders than anybody signs at once.
MOST = 500


@dataclass(frozen=True, slots=True)
class Ordered:
    """Context terms (`folic_acid`) and analytes (`b12`) that the orders name."""

    terms: frozenset[str]
    tests: frozenset[str]


def ordered(context: dict[str, Any], *, selected: bool) -> Ordered:
    """Read `draftOrders`; with `selected` only those among `selections`. Raises `Refusal` (400, 413, 422)."""
    bundle = context.get("draftOrders")
    if not isinstance(bundle, dict):
        raise Refusal(400, "a Bundle was expected", where="context.draftOrders")
    orders = list(entries(bundle)) if bundle.get("resourceType") == "Bundle" else []
    if selected:
        chosen = context.get("selections")
        if not isinstance(chosen, list):
            raise Refusal(400, "a list was expected", where="context.selections")
        named = {name for name in chosen if isinstance(name, str)}
        orders = [order for order in orders if f"{order.get('resourceType')}/{order.get('id')}" in named]
    if len(orders) > MOST:
        raise Refusal(413, f"at most {MOST} orders are read", where="context.draftOrders")
    terms: set[str] = set()
    tests: set[str] = set()
    for order in orders:
        _refuse_other_patient(order, context["patientId"])
        if order.get("doNotPerform") is True or order.get("status") in _ENDED:
            continue
        for text in _texts(order):
            terms |= _terms(text)
            key = recognize_test(text).analyte if order.get("resourceType") == "ServiceRequest" else None
            if key is not None:
                tests.add(key)
    return Ordered(frozenset(terms), frozenset(tests))


@lru_cache(maxsize=1024)
def _terms(text: str) -> frozenset[str]:
    return frozenset(term.key for term in find_terms(text))


def _texts(order: dict[str, Any]) -> Iterator[str]:
    """Yield every code, display and text of what is ordered."""
    for name in _WHAT.get(str(order.get("resourceType")), ()):
        yield from names(order.get(name))
    contained = order.get("contained")
    for held in contained if isinstance(contained, list) else []:
        if isinstance(held, dict) and held.get("resourceType") == "Medication":
            yield from names(held.get("code"))


def _refuse_other_patient(order: dict[str, Any], patient: str) -> None:
    subject = order.get("subject")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    if isinstance(reference, str) and reference.partition("/_history")[0].rpartition("/")[2] != patient:
        raise Refusal(422, "an order is of another patient than context.patientId", where="context.draftOrders")

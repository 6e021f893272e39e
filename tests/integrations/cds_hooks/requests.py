"""Requests as EHRs send them, in the shapes of the official reference client, and a check of every card."""

import copy
import json
import uuid

PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "gender": "female",
    "birthDate": "1957-03-21",
    "name": [{"family": "Canaryname", "given": ["Ann"]}],
}
CODES = {
    "b12": "2132-9",
    "mma": "13964-2",
    "homocysteine": "13965-9",
    "hemoglobin": "718-7",
    "mcv": "787-2",
    "folate": "2284-8",
    "holotc": "72160-5",
}
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"


def observation(key, value, unit, *, day="2026-11-03", patient="p1", **more):
    return {
        "resourceType": "Observation",
        "id": f"{key}-{day}",
        "status": "final",
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": CODES[key]}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": f"{day}T08:30:00Z",
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
        **more,
    }


def bundle(*resources, **more):
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": resource} for resource in resources],
        **more,
    }


LOW = (
    observation("b12", 145, "pg/mL"),
    observation("mma", 0.62, "umol/L"),
    observation("hemoglobin", 10.4, "g/dL"),
    observation("mcv", 112, "fL"),
)
NORMAL = (observation("b12", 620, "pg/mL"), observation("mma", 0.15, "umol/L"))
BETWEEN = (observation("b12", 250, "pg/mL"),)


def prefetch(*results, **more):
    return {
        "patient": PATIENT,
        "results": bundle(*results),
        "blood": bundle(),
        "conditions": bundle(),
        "medications": bundle(),
        **more,
    }


def patient_view(*results, **more):
    """Return what the reference client sends: no encounter, an unsigned FHIR server, no authorization."""
    request = {
        "hookInstance": INSTANCE,
        "hook": "patient-view",
        "fhirServer": "https://launch.example.org/fhir",
        "context": {"patientId": "p1", "userId": "Practitioner/COREPRACTITIONER1"},
        "prefetch": prefetch(*results),
    }
    return copy.deepcopy({**request, **more})


def medication(name, number=1, **more):
    """Return a draft as the reference client sends it: no intent, and maybe no medication at all."""
    order = {
        "resourceType": "MedicationRequest",
        "id": f"request-{number}",
        "status": "draft",
        "subject": {"reference": "Patient/p1"},
        **more,
    }
    return {**order, "medicationCodeableConcept": {"text": name}} if name else order


def ordering(hook, results, *orders, selections=None, **more):
    """Return order-select or order-sign with draft orders in a Bundle that has no type."""
    drafts = {"resourceType": "Bundle", "entry": [{"resource": order} for order in orders]}
    context = {"patientId": "p1", "userId": "Practitioner/COREPRACTITIONER1", "draftOrders": drafts}
    if hook == "order-select":
        context["selections"] = (
            [f"{order['resourceType']}/{order['id']}" for order in orders] if selections is None else selections
        )
    return {**patient_view(*results), "hook": hook, "context": context, **more}


def check_card(card):
    """Assert what the Inferno CRD server tests ask of a card, and what this service promises beyond."""
    assert isinstance(card["summary"], str)
    assert 0 < len(card["summary"].encode("utf-16-le")) // 2 < 140
    assert card["indicator"] in ("info", "warning")
    assert isinstance(card["source"]["label"], str)
    assert card["source"]["label"]
    assert set(card["source"]["topic"]) >= {"code", "system"}
    assert card["source"].get("url", "https://").startswith("https://")
    assert str(uuid.UUID(card["uuid"])) == card["uuid"]
    assert isinstance(card["detail"], str)
    assert set(card) <= {
        "uuid",
        "summary",
        "detail",
        "indicator",
        "source",
        "suggestions",
        "selectionBehavior",
        "overrideReasons",
    }
    for reason in card["overrideReasons"]:
        assert all(reason[name] for name in ("code", "system", "display"))
    assert ("suggestions" in card) == ("selectionBehavior" in card)
    assert card.get("selectionBehavior", "any") in ("any", "at-most-one")
    for suggestion in card.get("suggestions", ()):
        assert suggestion["label"]
        assert str(uuid.UUID(suggestion["uuid"])) == suggestion["uuid"]
        for action in suggestion["actions"]:
            assert action["type"] == "create"
            assert action["description"]
            resource = action["resource"]
            assert (resource["resourceType"], resource["status"], resource["intent"]) == (
                "ServiceRequest",
                "draft",
                "proposal",
            )
            assert resource["code"]["coding"][0]["system"] == "http://loinc.org"
            assert resource["subject"]["reference"].startswith("Patient/")
    _no_empty_member(card)


def _no_empty_member(node):
    assert node not in (None, "", [], {}), json.dumps(node)
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _no_empty_member(inner)

"""FHIR resources as tests write them: what a laboratory would send, with what differs by name."""

from decimal import Decimal

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
V3 = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
#: Analyte -> LOINC code and name.
TESTS = {
    "b12": ("2132-9", "Cobalamin (Vitamin B12) [Mass/volume] in Serum or Plasma"),
    "holotc": ("72160-5", "Holotranscobalamin II [Moles/volume] in Serum or Plasma"),
    "mma": ("13964-2", "Methylmalonate [Moles/volume] in Serum or Plasma"),
    "homocysteine": ("13965-9", "Homocysteine [Moles/volume] in Serum or Plasma"),
    "folate": ("2284-8", "Folate [Mass/volume] in Serum or Plasma"),
    "hemoglobin": ("718-7", "Hemoglobin [Mass/volume] in Blood"),
    "mcv": ("787-2", "MCV [Entitic mean volume] in Red Blood Cells by Automated count"),
    "gastrin": ("15072-2", "Gastrin"),
    "creatinine": ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma"),
}


def concept(code, system=LOINC, **more):
    return {"coding": [{"system": system, "code": code}], **more}


def quantity(value, unit, **more):
    return {"value": Decimal(str(value)), "unit": unit, "system": UCUM, "code": unit, **more}


def observation(name="b12", value="145", unit="pg/mL", **more):
    """Return a final Observation of patient 7; `more` are its other members, None takes one away."""
    code, display = TESTS[name]
    resource = {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code, "display": display}]},
        "subject": {"reference": "Patient/7"},
        "effectiveDateTime": "2024-03-01T08:30:00Z",
        "valueQuantity": quantity(value, unit),
        **more,
    }
    return {key: member for key, member in resource.items() if member is not None}


def bundle(*resources, kind="searchset", **more):
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": resource} for resource in resources], **more}


def patient(**more):
    return {"resourceType": "Patient", "id": "7", "gender": "female", "birthDate": "1957-01-15", **more}


def condition(**more):
    return {
        "resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/7"},
        "clinicalStatus": concept("active", "http://terminology.hl7.org/CodeSystem/condition-clinical"),
        "verificationStatus": concept("confirmed", "http://terminology.hl7.org/CodeSystem/condition-ver-status"),
        "code": concept("D51.0", "http://hl7.org/fhir/sid/icd-10"), **more,
    }  # fmt: skip


def statement(**more):
    return {
        "resourceType": "MedicationStatement", "id": "m", "subject": {"reference": "Patient/7"}, "status": "active",
        "medicationCodeableConcept": concept("A10BA02", "http://www.whocc.no/atc"), **more,
    }  # fmt: skip


def request(**more):
    return {
        "resourceType": "MedicationRequest",
        "id": "r",
        "subject": {"reference": "Patient/7"},
        "status": "active",
        "intent": "order",
        "authoredOn": "2023-01-01",
        "medicationCodeableConcept": concept("A10BA02", "http://www.whocc.no/atc"),
        **more,
    }

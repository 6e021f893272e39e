"""The treatment route: the first that applies."""

from __future__ import annotations

from validation.oracle.patient import Patient
from validation.oracle.status import antibody
from validation.oracle.story import DECIDING_ANEMIA, EITHER_ROUTE, LASTING_CAUSES, MALABSORPTION, NERVE_SYMPTOMS
from validation.oracle.truth import Truth, sure

__all__ = ["route"]


def route(patient: Patient, said: dict[str, Truth], verdict: str, severe: Truth) -> str:
    """Return the suggested route of B12, `none`, or `undetermined`."""
    deficient = verdict in ("deficient", "functional_deficiency")
    lasting = patient.has(*LASTING_CAUSES) or antibody(patient)
    offered = deficient or sure(said["do_not_wait"]) or lasting
    if not offered:
        return "none" if verdict == "deficiency_unlikely" else "undetermined"
    symptomatic = sure(said["moderate_anemia"]) and patient.has(*DECIDING_ANEMIA)
    bad = sure(severe) or sure(said["pancytopenia"]) or symptomatic
    if patient.has("cobalamin_allergy") or (patient.pregnant and bad):
        return "specialist"
    nerves = patient.has(*NERVE_SYMPTOMS)
    if lasting or nerves or patient.has("nitrous_oxide", "adherence_doubt") or bad:
        return "intramuscular"
    if patient.age is not None and patient.age < 16:
        return "specialist"
    if patient.has(*EITHER_ROUTE) or sure(said["suspected_megaloblastic_anemia"]):
        return "oral_or_intramuscular"
    absorbed = patient.has("vegan_diet") and not patient.has(*MALABSORPTION)
    moderate = sure(said["moderate_anemia"]) and sure(said["megaloblastic_anemia"])
    return "oral_or_intramuscular" if moderate and not absorbed else "oral"

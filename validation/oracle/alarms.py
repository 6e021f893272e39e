"""The alarms: microangiopathy, antifolates, the urgency, and treatment that starts before results."""

from __future__ import annotations

from validation.oracle.blood import adjusted, hemoglobin
from validation.oracle.patient import Patient
from validation.oracle.status import antibody
from validation.oracle.story import (
    ANTIFOLATES,
    CORD_SIGNS,
    EMERGENCY_ANEMIA,
    LASTING_CAUSES,
    MACROCYTOSIS_CAUSES,
    NERVE_SIGNS,
    NERVE_SYMPTOMS,
    URGENT_NERVE_SIGNS,
)
from validation.oracle.truth import Range, Truth, above, below, no, sure

__all__ = ["alarms", "urgency"]


def alarms(patient: Patient, said: dict[str, Truth], verdict: str) -> dict[str, Truth]:
    """Return the alarms, which use only certain statements."""
    out: dict[str, Truth] = {}
    platelets, count = patient.value("platelets"), patient.value("neutrophils")
    film = patient.has("schistocytes_seen")
    ldh, liver = sure(said["raised_ldh"]), patient.has("liver_disease")
    haptoglobin = sure(said["low_haptoglobin"]) and not liver
    signs = [ldh, haptoglobin, sure(said["raised_reticulocytes"]), film]
    high_ldh = sure(above(patient.value("ldh"), Range(2 * 199, 2 * 280)))
    two = sum(signs) >= 2 and (sure(below(platelets, 100)) or (film and sure(said["thrombocytopenia"])))
    one = sure(below(platelets, 50)) and not sure(no(said["anemia"])) and (any(signs[1:]) or high_ldh)
    reticulocytes = sure(no(above(patient.value("reticulocytes"), 100)))
    fits = sure(said["b12_certainly_low"]) and reticulocytes and not film and sure(no(below(platelets, 50)))
    out["tma"] = two or one
    out["possible_ttp"] = (two or one) and not fits
    lines = [
        sure(below(patient.value("wbc"), 3.5)) or sure(below(count, 1.6)),
        sure(below(platelets, 140)),
        sure(below(hemoglobin(patient), adjusted(patient, Range(80, 80)))),
    ]
    taken = patient.has(*ANTIFOLATES)
    out["antifolate_toxicity_suspected"] = toxic = taken and any(lines)
    worse = sure(below(count, 1.0)) or sure(below(platelets, 50)) or patient.has("fever", "sore_mouth")
    out["antifolate_toxicity_urgent"] = toxic and (worse or sure(said["two_low_lines"]))
    out["suspected_megaloblastic_anemia"] = _suspected(patient, said, verdict)
    lasting = patient.has(*LASTING_CAUSES) or antibody(patient)
    kept = patient.has("b12_injections_now") and not patient.has("new_or_progressive")
    anemia = sure(said["anemia"]) and sure(said["megaloblastic_picture"])
    out["do_not_wait"] = (
        sure(out["suspected_megaloblastic_anemia"])
        or patient.has(*CORD_SIGNS)
        or (patient.has("nitrous_oxide") and patient.has(*NERVE_SYMPTOMS))
        or (lasting and (anemia or (patient.has(*NERVE_SYMPTOMS) and not kept)))
    )
    return out


def _suspected(patient: Patient, said: dict[str, Truth], verdict: str) -> bool:
    """Return whether megaloblastic anemia is suspected so strongly that treatment does not wait."""
    adequate = sure(said["adequate_total_b12"]) or sure(said["adequate_holotc"])
    adequate = adequate or verdict == "deficiency_unlikely"
    marrow = sure(said["marrow_disease_possible"]) and not sure(said["b12_deficiency"])
    if not sure(said["anemia"]) or adequate or sure(said["raised_reticulocytes"]) or marrow:
        return False
    if sure(said["marked_macrocytosis"]) or sure(said["hypersegmented_neutrophils"]):
        return True
    if sure(said["ineffective_erythropoiesis"]):
        return True
    second = sure(said["two_low_lines"])
    moderate = sure(said["moderate_anemia"])
    large = sure(said["macrocytosis"]) and (moderate or second)
    few = sure(said["picture_of_low_cells"]) and moderate
    return (large or few) and not patient.has(*MACROCYTOSIS_CAUSES)


def _mma_of_age_alone(patient: Patient, said: dict[str, Truth]) -> bool:
    """Return whether the only support for deficiency is an MMA that is usual at this age, without symptoms."""
    if patient.age is None or patient.age < 50 or patient.symptoms or not said["status_functional"]:
        return False
    if sure(said["raised_homocysteine"]):
        return False
    limit = 0.46 if patient.age >= 65 else 0.36
    return sure(no(above(patient.value("mma"), limit)))


def urgency(patient: Patient, said: dict[str, Truth], verdict: str, severe: Truth) -> str:
    """Return the urgency: the first that applies."""
    platelets = patient.value("platelets")
    if sure(said["possible_ttp"]) or (sure(severe) and patient.has(*EMERGENCY_ANEMIA)):
        return "emergency"
    possible = verdict != "deficiency_unlikely" or sure(said["copper_deficiency_suspected"])
    nerves = patient.has(*URGENT_NERVE_SIGNS)
    felt = patient.has(*NERVE_SYMPTOMS) and patient.has("nitrous_oxide", "new_or_progressive")
    pregnant = patient.pregnant and (
        sure(said["moderate_anemia"]) or sure(below(platelets, 100)) or sure(said["two_low_lines"])
    )
    alarm = any(
        sure(said[code])
        for code in (
            "tma",
            "pancytopenia",
            "severe_neutropenia",
            "severe_thrombocytopenia",
            "blasts",
            "antifolate_toxicity_urgent",
        )
    )
    if patient.has(*CORD_SIGNS) or (possible and (nerves or felt)) or sure(severe) or alarm or pregnant:
        return "urgent"
    symptoms = {"paresthesia", "numbness", "neuropathic_pain", "cognitive_difficulty", "restless_legs", "low_mood"}
    alone = sure(below(platelets, 100)) and not sure(said["two_low_lines"])
    alone = alone and not patient.has("liver_disease")
    deficient = sure(said["b12_deficiency"]) and not _mma_of_age_alone(patient, said)
    if deficient or sure(said["do_not_wait"]) or sure(said["two_low_lines"]) or alone:
        return "prompt"
    if (possible and patient.has(*symptoms, *NERVE_SIGNS)) or sure(said["antifolate_toxicity_suspected"]):
        return "prompt"
    return "routine"

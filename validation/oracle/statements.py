"""All statements on a patient, without those that the facts and rules leave open."""

from __future__ import annotations

from typing import Any

from validation.oracle.alarms import alarms, urgency
from validation.oracle.blood import anemia_grade, blood
from validation.oracle.markers import markers
from validation.oracle.patient import Patient
from validation.oracle.picture import copper, picture, severe
from validation.oracle.status import antibody, certain_levels, deficiency, status
from validation.oracle.story import BINDING_PROTEIN, CORD_SIGNS, LASTING_CAUSES
from validation.oracle.treatment import route
from validation.oracle.truth import all_of, any_of, no, sure

__all__ = ["answer"]

#: The facts give these limits for adults only.
_FOR_ADULTS = (
    "leukopenia", "neutropenia", "severe_neutropenia", "thrombocytopenia", "severe_thrombocytopenia", "two_low_lines",
    "pancytopenia", "raised_rdw", "marked_macrocytosis", "raised_homocysteine", "homocysteine_counts",
    "raised_urine_mma", "low_holotc", "adequate_holotc", "copper_deficiency_suspected", "raised_ldh",
)  # fmt: skip
_OF_FOLATE = ("folate_deficiency", "homocysteine_counts", "functional_deficiency")
_OF_ACTION = (
    "urgency", "treatment_route", "do_not_wait", "suspected_megaloblastic_anemia", "possible_ttp",
    "antifolate_toxicity_suspected", "antifolate_toxicity_urgent",
)  # fmt: skip
_OF_PICTURE = (
    "megaloblastic_picture", "megaloblastic_anemia", "marrow_disease_possible", "masked_macrocytosis", "hemolysis",
    "ineffective_erythropoiesis", "copper_deficiency_suspected", "status", "b12_deficiency",
    "mild_cytopenias", *_OF_ACTION,
)  # fmt: skip
_OF_STATUS = (
    "status", "b12_deficiency", "megaloblastic_anemia", "b12_certainly_low", "copper_deficiency_suspected", *_OF_ACTION,
)  # fmt: skip


def answer(patient: Patient) -> dict[str, Any]:
    """Return every statement of the oracle on a patient that the facts and rules decide."""
    said: dict[str, Any] = {**markers(patient), **blood(patient)}
    said["anemia_grade"] = anemia_grade(said)
    said["iron_deficiency"] = None
    said |= certain_levels(patient, said)
    said |= picture(patient, said)
    explained = any_of(said["b12_certainly_low"], said["folate_deficiency"], said["iron_deficiency"])
    said["copper_deficiency_suspected"] = copper(patient, said, explained)
    said["status"] = status(patient, said)
    said["b12_deficiency"] = deficiency(said["status"])
    said["status_functional"] = said["status"] == "functional_deficiency"
    # If B12 is certainly adequate and folate was not measured, copper deficiency may explain the blood picture.
    folate = said["folate_deficiency"]
    if said["copper_deficiency_suspected"] and sure(said["b12_certainly_adequate"]):
        folate = sure(folate)
    said["megaloblastic_anemia"] = all_of(
        said["anemia"], said["megaloblastic_picture"], any_of(said["b12_deficiency"], folate)
    )
    worst = severe(patient, said)
    said |= alarms(patient, said, said["status"])
    said["urgency"] = urgency(patient, said, said["status"], worst)
    said["treatment_route"] = route(patient, said, said["status"], worst)
    del said["iron_deficiency"], said["tma"], said["picture_of_low_cells"], said["status_functional"]
    for code in _unsettled(patient, said):
        said.pop(code, None)
    return said


def _unsettled(patient: Patient, said: dict[str, Any]) -> list[str]:
    """Return the statements that are not compared on this patient; settled.md gives the reasons."""
    codes: list[str] = []
    counted = ("wbc", "neutrophils", "platelets", "rdw", "reticulocytes", "ldh")
    if not patient.adult:
        codes += _OF_STATUS if patient.has(*BINDING_PROTEIN) else []
        codes += [*_FOR_ADULTS, *_OF_ACTION]
        codes += _OF_PICTURE if any(patient.measured(each) for each in counted) else []
        codes += ["functional_deficiency"] if patient.has("nitrous_oxide") else []
        codes += ["mma_counts", "functional_deficiency"] if patient.measured("urine_mma_ratio") else []
        codes += [*_OF_FOLATE, *_OF_PICTURE] if patient.measured("rbc_folate") else []
        if patient.measured("homocysteine"):
            codes += [*_OF_FOLATE, *_OF_PICTURE, "b12_certainly_low", "b12_certainly_adequate"]
    if patient.measured("folate") and patient.measured("rbc_folate"):
        codes += [*_OF_FOLATE, *_OF_PICTURE, "b12_certainly_low", "b12_certainly_adequate"]
    if patient.pregnant and patient.guideline in ("herrmann-obeid", "stabler-2013", "pregnancy-bc-2019"):
        codes += ["low_total_b12", *_OF_PICTURE, "b12_certainly_low", "b12_certainly_adequate"]
    lowered = patient.pregnant or patient.has(*BINDING_PROTEIN)
    if lowered and said["low_total_b12"] is not False and patient.measured("holotc"):
        # By the rules, holoTC decides, but an adequate one also leaves the status open. A censored one may decide.
        open_mma = said["adequate_holotc"] is True and not sure(no(said["raised_mma"]))
        codes += [*_OF_STATUS, *_OF_PICTURE] if said["low_holotc"] is None or open_mma else []
    if patient.has("nitrous_oxide") and said["low_total_b12"] is True and said["adequate_holotc"] is True:
        codes += _OF_STATUS  # deficient or functional deficiency
    if said["b12_deficiency"] is not True and (patient.has(*LASTING_CAUSES) or antibody(patient)):
        codes += ["megaloblastic_anemia"]  # presumed
    if antibody(patient) and said["status"] == "deficiency_unlikely":
        codes += ["treatment_route"]
    copper = said["copper_deficiency_suspected"] and patient.has(*CORD_SIGNS)
    if copper and said["b12_certainly_adequate"]:
        codes += _OF_STATUS
    if said["possible_ttp"]:
        codes += ["suspected_megaloblastic_anemia", "do_not_wait", "treatment_route"]
    if said["hemolysis"] is True or (patient.has("schistocytes_seen") and said["thrombocytopenia"] is not False):
        codes += ["urgency"]
    return codes

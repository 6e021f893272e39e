"""The status: deficient, functional deficiency, unlikely, indeterminate, not assessed; first that applies."""

from __future__ import annotations

from validation.oracle.marker_limits import LOW_FOR_PREGNANCY
from validation.oracle.patient import Patient
from validation.oracle.story import BINDING_PROTEIN, CORD_SIGNS, MACROCYTOSIS_CAUSES, RECENT_DOSE
from validation.oracle.truth import Truth, all_of, any_of, no, sure

__all__ = ["certain_levels", "status"]

MARKERS = ("b12", "holotc", "mma", "homocysteine", "urine_mma_ratio")


def antibody(patient: Patient) -> bool:
    """Return whether intrinsic-factor antibody is positive."""
    return patient.has("intrinsic_factor_antibody:positive")


def certain_levels(patient: Patient, said: dict[str, Truth]) -> dict[str, Truth]:
    """Return whether B12 is certainly adequate, and certainly low, by the level and the metabolites."""
    mma_fine = sure(no(said["raised_mma"]))
    raised = sure(said["raised_mma"]) or (sure(said["raised_homocysteine"]) and not mma_fine)
    doubt = antibody(patient) or raised or patient.has("nitrous_oxide", "autoimmune_gastritis", *RECENT_DOSE)
    adequate = sure(said["adequate_total_b12"]) or sure(said["adequate_holotc"])
    if sure(said["low_total_b12"]) or sure(said["low_holotc"]):
        adequate = False
    low = _low_holotc(patient, said) if patient.measured("holotc") else False
    if patient.measured("b12"):
        low = any_of(low, low_b12(patient, said, said["mma_counts"], None))
    return {
        "b12_certainly_adequate": adequate and not doubt,
        "b12_certainly_low": sure(low) or sure(said["functional_deficiency"]),
    }


def _lowered(patient: Patient) -> bool:
    return patient.pregnant or patient.has(*BINDING_PROTEIN)


def low_b12(patient: Patient, said: dict[str, Truth], metabolites: Truth, megaloblastic: Truth) -> Truth:
    """Return whether a low total B12 is used; the metabolites and the blood picture support it."""
    low = said["low_total_b12"]
    not_raised = sure(no(said["raised_mma"])) and sure(no(said["raised_homocysteine"]))
    if not_raised and sure(no(said["low_holotc"])):
        return False if sure(low) else low  # discordant
    if _lowered(patient) and patient.measured("holotc"):
        return all_of(low, said["low_holotc"])  # holoTC decides
    if sure(said["adequate_holotc"]) and not sure(said["mma_counts"]):
        return all_of(low, False if sure(no(said["raised_mma"])) else None)
    if not _lowered(patient):
        return low
    # The second trimester's limit is also used for other causes of a low binding protein.
    trimesters = ["second"]
    if patient.pregnant:
        trimesters = [patient.trimester] if patient.trimester else list(LOW_FOR_PREGNANCY)
    far = {patient.below("b12", LOW_FOR_PREGNANCY[each]) for each in trimesters}
    support = any_of(metabolites, megaloblastic, far.pop() if len(far) == 1 else None)
    return all_of(low, sure(support) or None)


def voided(patient: Patient, said: dict[str, Truth]) -> bool:
    """Return whether an adequate or grey level does not make deficiency unlikely."""
    mma, homocysteine = sure(no(said["raised_mma"])), sure(no(said["raised_homocysteine"]))
    cord = patient.has(*CORD_SIGNS)
    nitrous = patient.has("nitrous_oxide")
    explained = (
        sure(said["folate_deficiency"])
        or patient.has(*MACROCYTOSIS_CAUSES)
        or sure(said["copper_deficiency_suspected"])
        or sure(said["raised_reticulocytes"])
        or sure(said["marrow_disease_possible"])
        or sure(said["mild_cytopenias"])
    )
    unexplained = sure(said["anemia"]) and sure(said["megaloblastic_picture"]) and not explained
    not_counted = (sure(said["raised_mma"]) and not sure(said["mma_counts"])) or sure(said["raised_homocysteine"])
    if patient.has(*RECENT_DOSE):
        return True
    if patient.age is not None and patient.age < 1 and patient.symptoms and not mma:
        return True  # in an infant with symptoms a level excludes nothing
    if not (nitrous or antibody(patient) or not_counted or unexplained or cord):
        return False
    return not (mma and (homocysteine or not (nitrous or cord)))


def status(patient: Patient, said: dict[str, Truth]) -> str:
    """Return the status."""
    if sure(low_level(patient, said)):
        return "deficient"
    if sure(said["functional_deficiency"]):
        return "functional_deficiency"
    adequate = sure(said["adequate_total_b12"]) or sure(said["adequate_holotc"])
    grey = any(
        patient.measured(marker) and sure(no(said[f"low_{name}"]))
        for marker, name in (("b12", "total_b12"), ("holotc", "holotc"))
    ) and sure(no(said["raised_mma"]))
    low = low_level(patient, said)
    open_low = low is None and any_of(said["low_total_b12"], said["low_holotc"]) is True
    against = discordant_holotc(patient, said) and sure(said["low_holotc"])
    if (adequate or grey) and not (open_low or against or sure(said["raised_urine_mma"]) or voided(patient, said)):
        return "deficiency_unlikely"
    return "indeterminate" if any(patient.measured(marker) for marker in MARKERS) else "not_assessed"


def discordant_holotc(patient: Patient, said: dict[str, Truth]) -> bool:
    """Return whether an adequate total B12 and normal metabolites would contradict a low holoTC."""
    fine = sure(no(said["raised_mma"])) and sure(no(said["raised_homocysteine"]))
    doubt = antibody(patient) or patient.has("nitrous_oxide", "autoimmune_gastritis", *RECENT_DOSE)
    return sure(said["adequate_total_b12"]) and fine and not doubt


def low_level(patient: Patient, said: dict[str, Truth]) -> Truth:
    """Return whether the level is low, by total B12 or holoTC."""
    raised = any_of(said["raised_mma"], said["raised_homocysteine"])
    return any_of(low_b12(patient, said, raised, said["megaloblastic_picture"]), _low_holotc(patient, said))


def _low_holotc(patient: Patient, said: dict[str, Truth]) -> Truth:
    return all_of(said["low_holotc"], not discordant_holotc(patient, said))


def deficiency(verdict: str) -> Truth:
    """Return whether there is deficiency of either kind: no if the status is that it is unlikely."""
    if verdict in ("deficient", "functional_deficiency"):
        return True
    if verdict == "deficiency_unlikely":
        return False
    return None

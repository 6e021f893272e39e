"""The blood picture: hemolysis, masked macrocytosis, and signs of megaloblastic blood formation."""

from __future__ import annotations

from validation.oracle.blood import adjusted, hemoglobin, mcv
from validation.oracle.patient import Patient
from validation.oracle.story import ANTIFOLATES, COPPER_RISKS, MACROCYTOSIS_CAUSES, NERVE_SIGNS, RECENT_DOSE
from validation.oracle.truth import Range, Truth, above, all_of, any_of, at_least, below, no, sure

__all__ = ["picture"]

#: The lower end of MCV in adults is between these (facts, 16).
_MCV_LOW = Range(80, 83)


def _small(patient: Patient) -> Truth:
    return below(mcv(patient), _MCV_LOW) if patient.adult else None


def picture(patient: Patient, said: dict[str, Truth]) -> dict[str, Truth]:
    """Return the statements on the blood picture; `said` holds those of blood.py and markers.py."""
    out: dict[str, Truth] = {}
    out["hypersegmented_neutrophils"] = above(patient.value("hypersegmented_neutrophils"), 5)
    out["raised_reticulocytes"] = sure(above(patient.value("reticulocytes"), 100))
    out["raised_ldh"] = above(patient.value("ldh"), Range(199, 280))
    out["low_haptoglobin"] = below(patient.value("haptoglobin"), Range(0.30, 0.45))
    schistocytes = patient.has("schistocytes_seen")
    out["hemolysis"], out["ineffective_erythropoiesis"] = _hemolysis(patient, out, schistocytes)
    out["masked_macrocytosis"] = _masked(patient, said, out)
    out["macrocytosis_otherwise_explained"] = all_of(
        said["macrocytosis"], any_of(patient.has(*MACROCYTOSIS_CAUSES), out["raised_reticulocytes"])
    )
    out["blasts"] = patient.has("blasts_seen")
    severe = sure(said["severe_neutropenia"]) or sure(below(patient.value("platelets"), 30))
    out["film_today"] = out["blasts"] or severe
    low = said["b12_certainly_low"]
    fine = said["b12_certainly_adequate"]
    not_by_lack = patient.has(*ANTIFOLATES) or out["film_today"]
    answering = sure(out["raised_reticulocytes"]) and not patient.has(*RECENT_DOSE, "folic_acid")
    otherwise = sure(_small(patient)) or answering or sure(fine) or (not_by_lack and not sure(low))
    out["picture_of_low_cells"] = all_of(said["two_low_lines"], not otherwise)
    out["megaloblastic_picture"] = any_of(
        said["macrocytosis"],
        sure(out["hypersegmented_neutrophils"]),
        out["masked_macrocytosis"],
        sure(out["ineffective_erythropoiesis"]),
        out["picture_of_low_cells"],
    )
    more_than_mild = any_of(
        below(patient.value("wbc"), 3),
        below(patient.value("neutrophils"), 1),
        below(patient.value("platelets"), 100),
        below(hemoglobin(patient), adjusted(patient, Range(100, 100))),
    )
    unexplained = sure(said["two_low_lines"]) and sure(fine) and sure(no(said["folate_deficiency"]))
    out["mild_cytopenias"] = unexplained and not sure(more_than_mild) and not out["film_today"]
    out["marrow_disease_possible"] = out["film_today"] or (unexplained and sure(more_than_mild))
    return out


def _hemolysis(patient: Patient, out: dict[str, Truth], schistocytes: bool) -> tuple[Truth, Truth]:
    """Return hemolysis, and red cells destroyed in the marrow: the same signs without a reticulocyte response."""
    raised = above(patient.value("reticulocytes"), 100)
    signs = at_least(2, out["raised_ldh"], out["low_haptoglobin"], out["raised_reticulocytes"], schistocytes, None)
    in_marrow = all_of(out["raised_ldh"], any_of(out["low_haptoglobin"], None), no(raised))
    return all_of(signs, not (sure(no(raised)) and not schistocytes)), in_marrow


def _masked(patient: Patient, said: dict[str, Truth], out: dict[str, Truth]) -> Truth:
    """Return whether large cells may hide behind an MCV that is not raised."""
    size = mcv(patient)
    normal = all_of(no(said["macrocytosis"]), no(_small(patient)))
    hides = any_of(said["iron_deficiency"], patient.has("recent_transfusion"), sure(out["ineffective_erythropoiesis"]))
    small = _small(patient)
    cells = patient.value("rbc")
    mentzer = Range(size.low / cells.high, size.high / cells.low if cells.low else float("inf"))
    thalassemia = any_of(patient.has("thalassemia"), sure(all_of(small, below(mentzer, 13))))
    return all_of(said["raised_rdw"], any_of(all_of(normal, hides), all_of(no(said["macrocytosis"]), thalassemia)))


def copper(patient: Patient, said: dict[str, Truth], explained: Truth) -> bool:
    """Return whether copper deficiency is suspected: a risk of it, with low cells or nerve signs."""
    low = sure(said["leukopenia"]) or sure(said["neutropenia"]) or patient.has(*NERVE_SIGNS)
    return patient.has(*COPPER_RISKS) and (low or (sure(said["anemia"]) and not sure(explained)))


def severe(patient: Patient, said: dict[str, Truth]) -> Truth:
    """Return whether anemia is severe: WHO's, or below 80 g/L in any adult."""
    return any_of(
        said["severe_anemia"], all_of(patient.adult, below(hemoglobin(patient), adjusted(patient, Range(80, 80))))
    )

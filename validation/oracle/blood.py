"""Anemia and its grade, the cell lines and their sizes."""

from __future__ import annotations

from validation.oracle.blood_limits import MCV_HIGH_CHILDREN, WHO_AGE, WHO_PREGNANCY, WHO_SEX, elevation_adjustment
from validation.oracle.patient import Patient
from validation.oracle.truth import EVERYTHING, Range, Truth, above, all_of, any_of, at_least, below, no, sure

__all__ = ["adjusted", "anemia_grade", "blood", "hemoglobin", "mcv"]

#: The addition of WHO 2024 for a smoker, in g/L: 3 to 6 by the amount smoked (facts, 6.3), which a panel does not have.
_SMOKING = (3.0, 6.0)


def hemoglobin(patient: Patient) -> Range:
    """Return hemoglobin in g/L, else hematocrit times an MCHC of 300 to 370 g/L."""
    if patient.measured("hemoglobin") or not patient.measured("hematocrit"):
        return patient.value("hemoglobin")
    share = patient.value("hematocrit").times(0.01)
    return Range(share.low * 300, share.high * 370, share.low_open, share.high_open)


def mcv(patient: Patient) -> Range:
    """Return MCV in fL, else hematocrit by red cells."""
    if patient.measured("mcv"):
        return patient.value("mcv")
    if not (patient.measured("hematocrit") and patient.measured("rbc")):
        return EVERYTHING
    share, cells = patient.value("hematocrit").times(10), patient.value("rbc")
    low = share.low / cells.high
    high = share.high / cells.low if cells.low else float("inf")
    return Range(low, high, share.low_open or cells.high_open, share.high_open or cells.low_open)


def _who_limits(patient: Patient) -> list[Range] | None:
    """Return the limits of anemia, moderate anemia and severe anemia, or None if WHO gives none."""
    if patient.pregnant:
        grades = [grade for name, grade in WHO_PREGNANCY.items() if patient.trimester in (None, name)]
    elif patient.age is not None and patient.age < 15:
        grades = [grade for start, end, grade in WHO_AGE if start <= patient.age < end]
    else:
        grades = [grade for name, grade in WHO_SEX.items() if patient.sex in (None, name)]
    if not grades:
        return None
    return [adjusted(patient, Range(min(each), max(each))) for each in zip(*grades, strict=True)]


def adjusted(patient: Patient, limit: Range) -> Range:
    """Return a limit of hemoglobin, adjusted for elevation and smoking."""
    height = elevation_adjustment(patient.elevation or 0)
    least, most = _SMOKING if patient.has("smoking") else (0.0, 0.0)
    return Range(limit.low + height + least, limit.high + height + most)


def _mcv_high(patient: Patient) -> Range:
    if patient.age is not None:
        for start, end, limit in MCV_HIGH_CHILDREN:
            if start <= patient.age < end:
                return limit
    return Range(100, 100)


def blood(patient: Patient) -> dict[str, Truth]:
    """Return the statements on hemoglobin, red cells, white cells and platelets."""
    said: dict[str, Truth] = {}
    limits = _who_limits(patient)
    value = hemoglobin(patient)
    for name, place in (("anemia", 0), ("moderate_anemia", 1), ("severe_anemia", 2)):
        said[name] = below(value, limits[place]) if limits else None
    size = mcv(patient)
    said["macrocytosis"] = above(size, _mcv_high(patient))
    said["marked_macrocytosis"] = above(size, 115)
    said["raised_rdw"] = above(patient.value("rdw"), Range(14.5, 15))
    said["leukopenia"] = below(patient.value("wbc"), 4.0)
    said["neutropenia"] = below(patient.value("neutrophils"), 1.5)
    said["severe_neutropenia"] = below(patient.value("neutrophils"), 0.5)
    said["thrombocytopenia"] = below(patient.value("platelets"), 150)
    said["severe_thrombocytopenia"] = below(patient.value("platelets"), 50)
    # Alarms use only certain statements: a normal white count is not left open for unmeasured neutrophils.
    white = any_of(said["leukopenia"], sure(said["neutropenia"]))
    # In pregnancy, platelets of 100 to 150 are not used.
    gestational = all_of(patient.pregnant, no(below(patient.value("platelets"), 100)), said["thrombocytopenia"])
    platelets = all_of(said["thrombocytopenia"], no(gestational))
    said["two_low_lines"] = at_least(2, said["anemia"], white, platelets)
    said["pancytopenia"] = all_of(said["anemia"], white, platelets)
    if not patient.adult:
        said["raised_rdw"] = said["marked_macrocytosis"] = None  # the facts give the limits of adults
    return said


def anemia_grade(said: dict[str, Truth]) -> str | None:
    """Return the grade, or None if more than one is possible."""
    if said["severe_anemia"] is True:
        return "severe"
    if said["moderate_anemia"] is True and said["severe_anemia"] is False:
        return "moderate"
    if said["anemia"] is True and said["moderate_anemia"] is False:
        return "mild"
    return "none" if said["anemia"] is False else None

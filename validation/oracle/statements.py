"""All statements on a patient, and those that are left out because the facts and rules do not settle them."""

from __future__ import annotations

from typing import Any

from validation.oracle.blood import anemia_grade, blood
from validation.oracle.markers import markers
from validation.oracle.patient import Patient

__all__ = ["answer"]

#: The facts give these limits for adults only.
_FOR_ADULTS = (
    "leukopenia", "neutropenia", "severe_neutropenia", "thrombocytopenia", "severe_thrombocytopenia", "two_low_lines",
    "pancytopenia", "raised_rdw", "marked_macrocytosis", "raised_homocysteine", "homocysteine_counts",
    "raised_urine_mma", "low_holotc", "adequate_holotc",
)  # fmt: skip
_OF_FOLATE = ("folate_deficiency", "homocysteine_counts", "functional_deficiency")
_OF_KIDNEY = ("reduced_kidney_function", "severely_reduced_kidney_function", "mma_counts", *_OF_FOLATE[1:])


def answer(patient: Patient) -> dict[str, Any]:
    """Return every statement of the oracle on a patient that the facts and rules settle."""
    said: dict[str, Any] = {**markers(patient), **blood(patient)}
    said["anemia_grade"] = anemia_grade(said)
    for code in _unsettled(patient):
        said.pop(code, None)
    return said


def _unsettled(patient: Patient) -> list[str]:
    """Return the statements that are not compared on this patient; settled.md gives the reasons."""
    codes: list[str] = []
    if not patient.adult:
        codes += _FOR_ADULTS
        codes += ["functional_deficiency"] if patient.has("nitrous_oxide") else []
        codes += ["mma_counts", "functional_deficiency"] if patient.measured("urine_mma_ratio") else []
        codes += _OF_FOLATE if patient.measured("rbc_folate") else []
    if patient.measured("folate") and patient.measured("rbc_folate"):
        codes += _OF_FOLATE
    kidney = patient.measured("egfr") or patient.measured("creatinine")
    if kidney and patient.has("chronic_kidney_disease", "end_stage_kidney_disease"):
        codes += _OF_KIDNEY
    if patient.pregnant and patient.guideline in ("herrmann-obeid", "stabler-2013", "pregnancy-bc-2019"):
        codes += ["low_total_b12"]
    return codes

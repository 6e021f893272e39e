"""Levels of B12 and holoTC, the metabolites, and the effects of the kidney and folate on them."""

from __future__ import annotations

from validation.oracle.blood_limits import ckd_epi_2021
from validation.oracle.marker_limits import (
    AGE_CENTILE,
    B12_ADEQUATE,
    B12_DEFICIENT,
    HOLOTC_ADEQUATE,
    HOLOTC_DEFICIENT,
    HOMOCYSTEINE,
    MMA,
    MMA_CHILDREN,
    OWN,
    PREGNANCY,
    Limit,
)
from validation.oracle.patient import Patient
from validation.oracle.truth import EVERYTHING, Range, Truth, above, all_of, any_of, below, no, sure

__all__ = ["egfr", "markers"]

TRIMESTERS = ("first", "second", "third")
_KIDNEY_DISEASE = ("chronic_kidney_disease", "end_stage_kidney_disease")
_PLACE = {"b12": 0, "holotc": 1, "mma": 2}


def limit_of(patient: Patient, analyte: str, usual: Limit) -> list[Limit]:
    """Return the limits that may apply.

    If a guideline has no limit, the laboratory's own interval decides, if it is printed. In pregnancy, the guideline's
    own limit comes first, then the pregnancy profile's, then the fallback (rules, first page). If the trimester is
    unknown, any of them may apply.
    """
    if patient.guideline in OWN[analyte]:
        return [usual]
    if not patient.pregnant:
        return [_laboratory(patient, analyte) or usual]
    trimesters = [patient.trimester] if patient.trimester else list(TRIMESTERS)
    return [PREGNANCY[each][_PLACE[analyte]] if each in PREGNANCY else usual for each in trimesters]


def _laboratory(patient: Patient, analyte: str) -> Limit | None:
    """Return the end of the laboratory's own interval: the lower end for a level, the upper end for a metabolite."""
    if analyte not in patient.intervals:
        return None
    end = patient.intervals[analyte][0 if analyte in ("b12", "holotc") else 1]
    return ((end, end, patient.values[analyte][1]),)


def _agreed(truths: list[Truth]) -> Truth:
    return truths[0] if all(truth is truths[0] for truth in truths) else None


def egfr(patient: Patient) -> Range:
    """Return the eGFR: as reported, else from creatinine. A reported kidney disease limits an unknown eGFR."""
    known = _measured_egfr(patient)
    for limit, terms in ((30, ("end_stage_kidney_disease",)), (60, _KIDNEY_DISEASE)):
        if patient.has(*terms) and not sure(no(below(known, limit))):
            return Range(known.low, min(known.high, limit), known.low_open, known.high_open or known.high >= limit)
    return known


def _measured_egfr(patient: Patient) -> Range:
    if patient.measured("egfr"):
        return patient.value("egfr")
    if patient.measured("creatinine") and patient.adult:
        creatinine = patient.value("creatinine")
        sexes = [patient.sex] if patient.sex else ["female", "male"]
        ages = [patient.age] if patient.age is not None else [18.0, float("inf")]
        lows = [ckd_epi_2021(creatinine.high, age, sex) for age in ages for sex in sexes]
        highs = [
            ckd_epi_2021(creatinine.low, age, sex) if creatinine.low else float("inf") for age in ages for sex in sexes
        ]
        return Range(min(lows), max(highs), creatinine.high_open, creatinine.low_open)
    return EVERYTHING


def _centile(patient: Patient) -> Limit | None:
    """Return the 2.5th centiles of total B12 for the age, below the age range of NG239 (facts, 1.1)."""
    for start, end, least, most in AGE_CENTILE:
        if patient.age is not None and start <= patient.age < end:
            return ((least, most, "pmol/L"),)
    return None


def _both(adult: Truth, child: Truth) -> Truth:
    """Return the answer by both limits, or None if the value is beyond the adults' limit alone."""
    return None if adult is True and child is False else all_of(adult, child)


def _raised_mma(patient: Patient) -> Truth:
    for start, end, least, most in MMA_CHILDREN:
        if patient.age is not None and start <= patient.age < end:
            return patient.above("mma", ((least, most, "umol/L"),))
    if patient.guideline == "norway":
        usual: Limit = ((0.28, 0.28, "umol/L"),)
        if patient.age is None:
            usual = ((0.28, 0.36, "umol/L"),)
        elif patient.age >= 50:
            usual = ((0.36, 0.36, "umol/L"),)
        return patient.above("mma", usual)
    return _agreed([patient.above("mma", limit) for limit in limit_of(patient, "mma", MMA[patient.guideline])])


def _mma_counts(patient: Patient, raised: Truth, urine: Truth) -> Truth:
    """Return whether a raised MMA is used: not if reduced kidney function may explain it, unless urine confirms it."""
    kidney = egfr(patient)
    mma = patient.value("mma")
    beyond: Truth = True
    if sure(below(kidney, 60)):
        marked = 0.72 if patient.guideline == "norway" else 0.75
        beyond = any_of(above(mma, 2 if sure(below(kidney, 30)) else marked), urine)
    if patient.guideline == "denmark":
        beyond = all_of(beyond, any_of(above(mma, 0.75), patient.symptoms))
    return all_of(raised, beyond)


def _folate_deficiency(patient: Patient) -> Truth:
    """Return whether folate is low, by serum or red cells, whichever is measured (facts, 5)."""
    # BSH and guidelines that fall back on it use 340. The AAFP falls back on the megaloblastic basis of Pfeiffer 2016.
    red_cells: Limit = ((305, 305, "nmol/L"),) if "aafp" in patient.guideline else ((340, 340, "nmol/L"),)
    limits: dict[str, Limit] = {"folate": ((7, 7, "nmol/L"),), "rbc_folate": red_cells}
    measured = [patient.below(analyte, limit) for analyte, limit in limits.items() if patient.measured(analyte)]
    return any_of(*measured) if measured else None


def markers(patient: Patient) -> dict[str, Truth]:
    """Return the statements on B12, holoTC, MMA, homocysteine, the kidney and folate."""
    said: dict[str, Truth] = {}
    key = patient.guideline
    b12_limits = limit_of(patient, "b12", B12_DEFICIENT[key])
    said["low_total_b12"] = _agreed([patient.below("b12", limit) for limit in b12_limits])
    said["adequate_total_b12"] = patient.above("b12", B12_ADEQUATE[key])
    centile = _centile(patient)
    if centile:
        # B12 is low below both the adults' limit and the centile, and adequate above both. Between them it is open.
        said["low_total_b12"] = _both(said["low_total_b12"], patient.below("b12", centile))
        said["adequate_total_b12"] = _both(said["adequate_total_b12"], patient.above("b12", centile))
    said["high_b12"] = patient.above("b12", ((1000, 1000, "pg/mL"), (738, 738, "pmol/L")))
    holotc_limits = limit_of(patient, "holotc", HOLOTC_DEFICIENT[key])
    said["low_holotc"] = _agreed([patient.below("holotc", limit) for limit in holotc_limits])
    said["adequate_holotc"] = patient.above("holotc", HOLOTC_ADEQUATE[key])
    if _centile(patient):
        said["low_holotc"] = said["adequate_holotc"] = None  # no centile of children is given
    kidney = egfr(patient)
    said["reduced_kidney_function"] = below(kidney, 60)
    said["severely_reduced_kidney_function"] = below(kidney, 30)
    said["folate_deficiency"] = _folate_deficiency(patient)
    said["raised_mma"] = raised = _raised_mma(patient)
    said["raised_urine_mma"] = urine = patient.above("urine_mma_ratio", ((1.45, 1.45, "umol/mmol"),))
    if not patient.adult:
        said["raised_urine_mma"] = urine = None  # its limit is for adults
    said["mma_counts"] = counts = _mma_counts(patient, raised, urine)
    own = None if key in OWN["homocysteine"] else _laboratory(patient, "homocysteine")
    homocysteine = patient.above("homocysteine", own or HOMOCYSTEINE[key]) if patient.adult else None
    said["raised_homocysteine"] = homocysteine
    nitrous_oxide = patient.has("nitrous_oxide")
    explained = (
        sure(said["folate_deficiency"])
        or sure(said["reduced_kidney_function"])
        or (sure(no(raised)) and not nitrous_oxide)
    )
    said["homocysteine_counts"] = all_of(homocysteine, not explained)
    said["functional_deficiency"] = any_of(counts, all_of(said["homocysteine_counts"], nitrous_oxide))
    return said

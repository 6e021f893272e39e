"""The quantities that the rules compare: results as measured, or bounds from other results if one is missing."""

from b12labs.logic.language import (
    ANYTHING,
    Coefficient,
    Inferred,
    Quantity,
    between,
    choose,
    maximum,
    measured,
    minimum,
    reported,
)

female = reported("female")

# Hemoglobin from the hematocrit, over the plausible range of MCHC; MCV from hematocrit and red cells (1 % of 10*12/L is
# 10 fL).
_mchc = between(Coefficient("red_cell_indices.mchc_low"), Coefficient("red_cell_indices.mchc_high"))
hemoglobin = Inferred(measured.hemoglobin, measured.hematocrit * _mchc / 100, ask="hemoglobin")
mcv = Inferred(measured.mcv, measured.hematocrit / measured.rbc * 10, ask="mcv")

# Reticulocytes per volume from their share, over red cells that hematocrit, hemoglobin and MCV bound.
hematocrit = Inferred(measured.hematocrit, measured.hemoglobin / _mchc * 100, ask="hematocrit")
rbc = Inferred(measured.rbc, hematocrit / measured.mcv * 10, ask="rbc")
reticulocytes = Inferred(measured.reticulocytes, measured.reticulocyte_percent * rbc * 10, ask="reticulocytes")

# WHO limits hold at sea level for people who do not smoke: the effect of elevation and smoking is subtracted before
# comparing.
_elevation = measured.elevation * Coefficient(
    "elevation.linear"
) + measured.elevation * measured.elevation * Coefficient("elevation.quadratic")
_smoking = choose(reported("smoking"), between(Coefficient("smoking.least"), Coefficient("smoking.most")), 0)
adjusted_hemoglobin = hemoglobin - _elevation - _smoking


def _ckd_epi(sex: str) -> Quantity:
    ratio = measured.creatinine / Coefficient(f"ckd_epi_2021.kappa_{sex}")
    small = minimum(ratio, 1) ** Coefficient(f"ckd_epi_2021.alpha_{sex}")
    large = maximum(ratio, 1) ** Coefficient("ckd_epi_2021.beta")
    return Coefficient("ckd_epi_2021.scale") * small * large * Coefficient("ckd_epi_2021.per_year") ** measured.age


estimated_gfr = choose(
    measured.age >= Coefficient("ckd_epi_2021.min_age"),
    choose(female, _ckd_epi("female") * Coefficient("ckd_epi_2021.female"), _ckd_epi("male")),
    ANYTHING,
)
egfr = Inferred(measured.egfr, estimated_gfr, ask="creatinine")

# Indirect bilirubin is total minus direct.
bilirubin_indirect = Inferred(
    measured.bilirubin_indirect, measured.bilirubin_total - measured.bilirubin_direct, ask="bilirubin_indirect"
)

infant = measured.age < Coefficient("infant.age")

b12, holotc, mma, homocysteine = measured.b12, measured.holotc, measured.mma, measured.homocysteine
__all__ = [
    "adjusted_hemoglobin",
    "b12",
    "bilirubin_indirect",
    "egfr",
    "female",
    "hematocrit",
    "hemoglobin",
    "holotc",
    "homocysteine",
    "infant",
    "mcv",
    "mma",
    "rbc",
    "reticulocytes",
]

"""Whether the blood count contradicts itself: misread, mislabeled or mixed up."""

from b12labs.logic.language import Coefficient, certain, finding, measured
from b12labs.rules.quantities import hemoglobin

_least, _most = Coefficient("red_cell_consistency.least"), Coefficient("red_cell_consistency.most")
_hematocrit = measured.mcv * measured.rbc / 10
_hemoglobin_by_cell = measured.mch * measured.rbc
_hemoglobin_by_volume = measured.mchc * measured.hematocrit / 100
inconsistent_blood_count = finding(
    "inconsistent_blood_count",
    when=certain(measured.hematocrit < _hematocrit * _least, "a hematocrit that contradicts MCV and red cells")
    | certain(measured.hematocrit > _hematocrit * _most, "a hematocrit that contradicts MCV and red cells")
    | certain(measured.hemoglobin < _hemoglobin_by_cell * _least, "a hemoglobin that contradicts MCH and red cells")
    | certain(measured.hemoglobin > _hemoglobin_by_cell * _most, "a hemoglobin that contradicts MCH and red cells")
    | certain(measured.hemoglobin < _hemoglobin_by_volume * _least, "a hemoglobin that contradicts MCHC and hematocrit")
    | certain(measured.hemoglobin > _hemoglobin_by_volume * _most, "a hemoglobin that contradicts MCHC and hematocrit")
    | certain(
        measured.hematocrit < hemoglobin / Coefficient("red_cell_indices.mchc_high") * 100 * _least,
        "a hematocrit that contradicts hemoglobin",
    )
    | certain(
        measured.hematocrit > hemoglobin / Coefficient("red_cell_indices.mchc_low") * 100 * _most,
        "a hematocrit that contradicts hemoglobin",
    ),
    says="The blood count contradicts itself (hematocrit, MCV, red cells, hemoglobin, MCH, MCHC): check units and "
    "sample before using it.",
    sources=("b12labs-design",),
    printed="also",
)

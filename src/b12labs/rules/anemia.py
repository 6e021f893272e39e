"""The blood picture: anemia and its grade, red-cell size, shortages of other cells, folate and iron."""

from b12labs.logic.language import (
    Case,
    Coefficient,
    Otherwise,
    Verdict,
    at_least,
    certain,
    finding,
    limit,
    measured,
    reported,
    reported_any,
)
from b12labs.rules.quantities import adjusted_hemoglobin, bilirubin_indirect, hemoglobin, mcv, reticulocytes

anemia = finding(
    "anemia",
    when=adjusted_hemoglobin < limit.hemoglobin_low,
    says="Hemoglobin is below the limit for age, sex and pregnancy: anemia.",
)
moderate_anemia = finding(
    "moderate_anemia",
    when=adjusted_hemoglobin < limit.hemoglobin_moderate,
    says="Anemia is at least moderate.",
    label="moderate or severe anemia",
)
severe_anemia = finding(
    "severe_anemia",
    when=adjusted_hemoglobin < limit.hemoglobin_severe,
    says="Anemia is severe.",
)
macrocytosis = finding(
    "macrocytosis",
    when=mcv > limit.mcv_high,
    says="Red cells are larger than the limit for age.",
)
marked_macrocytosis = finding(
    "marked_macrocytosis",
    when=mcv > limit.mcv_marked,
    says="Macrocytosis is marked, as in B12 or folate deficiency and with some medicines.",
    sources=("hematology-texts",),
)
raised_rdw = finding(
    "raised_rdw",
    when=measured.rdw > limit.rdw_high,
    says="Red cells vary in size more than they should.",
    label="raised RDW",
)
hypersegmented_neutrophils = finding(
    "hypersegmented_neutrophils",
    when=measured.hypersegmented_neutrophils > limit.hypersegmentation,
    says="Neutrophils are hypersegmented, an early sign of megaloblastic blood formation.",
)
neutropenia = finding("neutropenia", when=measured.neutrophils < limit.neutrophils_low, says="Neutrophils are low.")
leukopenia = finding("leukopenia", when=measured.wbc < limit.wbc_low, says="White cells are low.")
thrombocytopenia = finding("thrombocytopenia", when=measured.platelets < limit.platelets_low, says="Platelets are low.")
# A white cell count without a differential is not left open for the neutrophils' sake.
low_white_cells = leukopenia | certain(neutropenia)
severe_neutropenia = finding(
    "severe_neutropenia",
    when=measured.neutrophils < limit.neutrophils_severe,
    says="Neutrophils are severely low: infection threatens.",
)
severe_thrombocytopenia = finding(
    "severe_thrombocytopenia",
    when=measured.platelets < limit.platelets_severe,
    says="Platelets are severely low: bleeding threatens.",
)
pancytopenia = finding(
    "pancytopenia",
    when=anemia & thrombocytopenia & low_white_cells,
    says="Red cells, white cells and platelets are all low: pancytopenia.",
    printed="first",
)

raised_reticulocytes = finding(
    "raised_reticulocytes",
    when=certain(reticulocytes > limit.reticulocytes_raised, "raised reticulocytes")
    | certain(measured.reticulocyte_percent > limit.reticulocyte_percent_raised, "a raised share of reticulocytes")
    | certain(measured.reticulocyte_index > limit.reticulocyte_index_raised, "a raised reticulocyte index"),
    says="Reticulocytes are raised: the marrow is answering.",
)
hemolysis = finding(
    "hemolysis",
    when=(measured.ldh > limit.ldh_raised)
    & ((bilirubin_indirect > limit.bilirubin_indirect_raised) | (measured.haptoglobin < limit.haptoglobin_low)),
    says="LDH is raised with indirect bilirubin raised or haptoglobin low: red cells are being destroyed.",
    sources=("hematology-texts",),
)
# Any one sign is enough to raise an alarm; hemolysis itself needs two.
sign_of_hemolysis = (
    certain(measured.ldh > limit.ldh_raised, "a raised LDH")
    | certain(measured.haptoglobin < limit.haptoglobin_low, "a low haptoglobin")
    | certain(bilirubin_indirect > limit.bilirubin_indirect_raised, "a raised indirect bilirubin")
    | certain(measured.bilirubin_total > limit.bilirubin_total_raised, "a raised total bilirubin")
    | reported("schistocytes_seen")
)
ineffective_erythropoiesis = finding(
    "ineffective_erythropoiesis",
    when=hemolysis
    & ~raised_reticulocytes
    & (
        ~(reticulocytes > limit.reticulocytes_raised)
        | ~(measured.reticulocyte_percent > limit.reticulocyte_percent_raised)
        | ~(measured.reticulocyte_index > limit.reticulocyte_index_raised)
    ),
    says="Red cells are destroyed without a reticulocyte response, as when they die in the marrow: ineffective "
    "erythropoiesis.",
    sources=("hematology-texts",),
    printed="also",
)

raised_crp = finding(
    "raised_crp",
    when=measured.crp > limit.crp_raised,
    says="CRP is raised: inflammation lifts ferritin.",
    label="raised CRP",
    sources=("who-ferritin-2020",),
)
iron_deficiency = finding(
    "iron_deficiency",
    when=(measured.ferritin < limit.ferritin_low)
    | (
        (measured.ferritin < limit.ferritin_low_inflamed)
        & (raised_crp | (measured.transferrin_saturation < limit.transferrin_saturation_low))
    ),
    says="Ferritin, read with inflammation and transferrin saturation, shows that iron is short too.",
)
low_red_cell_folate = measured.rbc_folate < limit.rbc_folate_deficient
folate_deficiency = finding(
    "folate_deficiency",
    when=certain(low_red_cell_folate, "a low red cell folate")
    | ((measured.folate < limit.folate_deficient) & ~certain(~low_red_cell_folate, "a normal red cell folate")),
    says="Folate is low: folate deficiency, which causes the same anemia.",
)

possible_thalassemia = finding(
    "possible_thalassemia",
    when=reported("thalassemia")
    | (
        certain(mcv < limit.mcv_low, "a small MCV")
        & certain(mcv / measured.rbc < Coefficient("mentzer.index"), "a low Mentzer index")
    ),
    says="Many small red cells (MCV divided by red cell count is low), or a known diagnosis, point to thalassemia.",
    sources=("hematology-texts",),
)
masked_macrocytosis = finding(
    "masked_macrocytosis",
    when=~macrocytosis
    & raised_rdw
    & (iron_deficiency | possible_thalassemia | reported("recent_transfusion") | certain(ineffective_erythropoiesis)),
    says="MCV is not raised, yet red cells vary in size and something that makes them small is present: large cells "
    "may be hidden.",
    sources=("hematology-texts",),
    printed="also",
)
macrocytosis_otherwise_explained = finding(
    "macrocytosis_otherwise_explained",
    when=macrocytosis & (reported_any("macrocytosis_cause") | certain(raised_reticulocytes)),
    says="Macrocytosis has another possible explanation: a medicine, alcohol, liver or thyroid disease, marrow "
    "disease or reticulocytes.",
    sources=("savage-2000",),
    printed="also",
)
megaloblastic_picture = finding(
    "megaloblastic_picture",
    when=macrocytosis
    | masked_macrocytosis
    | at_least(2, anemia, thrombocytopenia, low_white_cells)
    | certain(hypersegmented_neutrophils)
    | certain(ineffective_erythropoiesis),
    says="The blood count fits megaloblastic blood formation.",
    sources=("hematology-texts",),
)

# A count that contradicts itself is misread, mislabelled or mixed up.
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

anemia_grade = Verdict(
    "anemia_grade",
    (
        Case("severe", severe_anemia, "Anemia is severe."),
        Case("moderate", moderate_anemia, "Anemia is moderate."),
        Case("mild", anemia, "Anemia is mild."),
    ),
    Otherwise("none", "There is no anemia."),
    sources=("who-2024",),
)

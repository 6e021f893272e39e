"""The blood picture: anemia and its grade, red-cell size, shortages of other cells, folate and iron."""

from b12labs.logic import Case, Coefficient, Otherwise, Verdict, at_least, certain, finding, limit, measured, reported, reported_any
from b12labs.rules.quantities import adjusted_hemoglobin, mcv

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
    says="Macrocytosis is marked; few causes other than B12 or folate deficiency and medicines go so far.",
    sources=("savage-2000",),
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
pancytopenia = finding(
    "pancytopenia",
    when=anemia & thrombocytopenia & (leukopenia | neutropenia),
    says="Red cells, white cells and platelets are all low: pancytopenia.",
)

raised_reticulocytes = finding(
    "raised_reticulocytes",
    when=(measured.reticulocytes > limit.reticulocytes_raised) | (measured.reticulocyte_percent > limit.reticulocyte_percent_raised),
    says="Reticulocytes are raised: the marrow is answering.",
)
hemolysis = finding(
    "hemolysis",
    when=(measured.ldh > limit.ldh_raised)
    & ((measured.bilirubin_indirect > limit.bilirubin_indirect_raised) | (measured.haptoglobin < limit.haptoglobin_low)),
    says="LDH is raised with indirect bilirubin raised or haptoglobin low: red cells are being destroyed.",
    sources=("hematology-texts",),
)
ineffective_erythropoiesis = finding(
    "ineffective_erythropoiesis",
    when=hemolysis & ~raised_reticulocytes,
    says="Red cells are destroyed without a reticulocyte response, as when they die in the marrow: ineffective erythropoiesis.",
    sources=("hematology-texts",),
)

raised_crp = finding("raised_crp", when=measured.crp > limit.crp_raised, says="CRP is raised: inflammation lifts ferritin.", label="raised CRP")
iron_deficiency = finding(
    "iron_deficiency",
    when=(measured.ferritin < limit.ferritin_low)
    | ((measured.ferritin < limit.ferritin_low_inflamed) & (raised_crp | (measured.transferrin_saturation < limit.transferrin_saturation_low))),
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
    when=reported("thalassemia") | certain(mcv / measured.rbc < Coefficient("mentzer.index"), "a low Mentzer index"),
    says="Many small red cells (MCV divided by red cell count is low), or a known diagnosis, point to thalassemia.",
    sources=("hematology-texts",),
)
masked_macrocytosis = finding(
    "masked_macrocytosis",
    when=~macrocytosis & raised_rdw & (iron_deficiency | possible_thalassemia | reported("recent_transfusion") | certain(ineffective_erythropoiesis)),
    says="MCV is not raised, yet red cells vary in size and something that makes them small is present: large cells may be hidden.",
    sources=("hematology-texts",),
)
macrocytosis_otherwise_explained = finding(
    "macrocytosis_otherwise_explained",
    when=macrocytosis & (reported_any("macrocytosis_cause") | certain(raised_reticulocytes)),
    says="Macrocytosis has another possible explanation: a medicine, alcohol, liver or thyroid disease, marrow disease or reticulocytes.",
    sources=("savage-2000",),
)
megaloblastic_picture = finding(
    "megaloblastic_picture",
    when=macrocytosis
    | masked_macrocytosis
    | at_least(2, anemia, thrombocytopenia, leukopenia | neutropenia)
    | certain(hypersegmented_neutrophils)
    | certain(ineffective_erythropoiesis),
    says="The blood count fits megaloblastic blood formation.",
    sources=("hematology-texts",),
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

FINDINGS = (
    anemia, moderate_anemia, severe_anemia, macrocytosis, marked_macrocytosis, raised_rdw, hypersegmented_neutrophils, neutropenia, leukopenia,
    thrombocytopenia, pancytopenia, raised_reticulocytes, hemolysis, ineffective_erythropoiesis, raised_crp, iron_deficiency, folate_deficiency,
    possible_thalassemia, masked_macrocytosis, macrocytosis_otherwise_explained, megaloblastic_picture,
)  # fmt: skip

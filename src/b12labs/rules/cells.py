"""Large red cells, low cells, and findings on the blood film."""

from b12labs.logic.language import at_least, certain, finding, limit, measured, reported
from b12labs.rules.anemia import anemia, moderate_anemia
from b12labs.rules.quantities import mcv

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
small_cells = mcv < limit.mcv_low
certainly_small_cells = certain(small_cells, "a small MCV")
raised_rdw = finding(
    "raised_rdw",
    when=measured.rdw > limit.rdw_high,
    says="Red cells vary in size more than normal.",
    label="raised RDW",
)
hypersegmented_neutrophils = finding(
    "hypersegmented_neutrophils",
    when=measured.hypersegmented_neutrophils > limit.hypersegmentation,
    says="Neutrophils are hypersegmented, an early sign of megaloblastic blood formation.",
)
schistocytes = finding(
    "schistocytes",
    when=reported("schistocytes_seen")
    | certain(measured.schistocytes > limit.schistocytes_raised, "schistocytes on the blood film"),
    says="Red cells are fragmented on the blood film (schistocytes).",
    label="schistocytes on the blood film",
    sources=("ustma",),
)
blasts = finding(
    "blasts",
    when=reported("blasts_seen") | certain(measured.blasts > limit.blasts_raised, "blasts in the blood"),
    says="There are blasts in the blood.",
    label="blasts in the blood",
    sources=("hematology-texts",),
)

neutropenia = finding("neutropenia", when=measured.neutrophils < limit.neutrophils_low, says="Neutrophils are low.")
leukopenia = finding("leukopenia", when=measured.wbc < limit.wbc_low, says="White cells are low.")
thrombocytopenia = finding("thrombocytopenia", when=measured.platelets < limit.platelets_low, says="Platelets are low.")
# A white cell count without a differential is not left open because neutrophils are missing.
low_white_cells = leukopenia | certain(neutropenia)
severe_neutropenia = finding(
    "severe_neutropenia",
    when=measured.neutrophils < limit.neutrophils_severe,
    says="Neutrophils are severely low: there is a risk of infection.",
)
severe_thrombocytopenia = finding(
    "severe_thrombocytopenia",
    when=measured.platelets < limit.platelets_severe,
    says="Platelets are severely low: there is a risk of bleeding.",
)
moderate_thrombocytopenia = measured.platelets < limit.platelets_moderate
moderate_neutropenia = measured.neutrophils < limit.neutrophils_moderate
very_low_platelets = certain(measured.platelets < limit.platelets_marrow, "platelets below 30")

# In pregnancy platelets fall a little by themselves, and are not taken as a second low line.
gestational_thrombocytopenia = finding(
    "gestational_thrombocytopenia",
    when=(reported("pregnant") | reported("gestational_thrombocytopenia"))
    & thrombocytopenia
    & ~moderate_thrombocytopenia,
    says="Platelets are as low as is common in pregnancy (100 to 150): they are not taken as a sign of deficiency.",
    label="platelets as low as is common in pregnancy",
    sources=("gestational-thrombocytopenia",),
    printed="also",
)
low_platelets = thrombocytopenia & ~gestational_thrombocytopenia
two_low_lines = finding(
    "two_low_lines",
    when=at_least(2, anemia, low_platelets, low_white_cells),
    says="At least two of red cells, white cells and platelets are low.",
    label="two low cell lines",
    sources=("hematology-texts",),
)
pancytopenia = finding(
    "pancytopenia",
    when=anemia & low_platelets & low_white_cells,
    says="Red cells, white cells and platelets are all low: pancytopenia.",
    printed="first",
)

low_blood_in_pregnancy = finding(
    "low_blood_in_pregnancy",
    when=reported("pregnant")
    & (certain(moderate_anemia) | certain(moderate_thrombocytopenia, "platelets below 100") | certain(two_low_lines)),
    says="In pregnancy anemia is at least moderate, or platelets are below 100, or two cell lines are low.",
    label="low blood cells in pregnancy",
    sources=("who-2024", "b12labs-design"),
)

# B12 deficiency seldom explains large red cells alone.
large_cells_alone = finding(
    "large_cells_alone",
    when=macrocytosis & ~anemia,
    says="Red cells are large, and there is no anemia: alcohol, liver or thyroid disease and medicines explain this "
    "more often than B12. Check liver tests and TSH.",
    label="large red cells without anemia",
    sources=("savage-2000",),
    printed="also",
)

"""The reported conditions that weaken or explain a result, each with its effect on the marker."""

from b12labs.logic.language import certain, finding, reported, reported_any
from b12labs.rules.cells import macrocytosis
from b12labs.rules.confounders import certainly_reduced
from b12labs.rules.iron_and_folate import folate_deficiency
from b12labs.rules.levels import adequate, low_holotc, low_total_b12
from b12labs.rules.metabolites import raised_homocysteine, raised_mma
from b12labs.rules.picture import raised_tsh

homocysteine_raised_by_other_things = finding(
    "homocysteine_raised_by_other_things",
    when=raised_homocysteine & (reported_any("raises_homocysteine") | certain(raised_tsh)),
    says="A medicine, thyroid disease or nitrous oxide reported here raises homocysteine by itself.",
    label="another cause of raised homocysteine",
    sources=("carmel-2003",),
    printed="also",
)
homocysteine_raised_by_kidney = finding(
    "homocysteine_raised_by_kidney",
    when=raised_homocysteine & certainly_reduced,
    says="Homocysteine is raised, but reduced kidney function may explain it: it is not evidence of B12 deficiency.",
    label="a raised homocysteine that the kidney may explain",
    sources=("carmel-2003", "b12labs-design"),
    printed="also",
)
homocysteine_raised_by_folate = finding(
    "homocysteine_raised_by_folate",
    when=raised_homocysteine & folate_deficiency,
    says="Homocysteine is raised, but the low folate may explain it: it is not evidence of B12 deficiency.",
    label="a raised homocysteine that folate may explain",
    sources=("carmel-2003",),
    printed="also",
)
homocysteine_sample = finding(
    "homocysteine_sample",
    when=raised_homocysteine & ~certain(raised_mma),
    says="Homocysteine is falsely high if the sample was not put on ice or separated within an hour.",
    label="a raised homocysteine, which sample handling can cause",
    sources=("arup",),
    printed="also",
)
bacterial_overgrowth = finding(
    "bacterial_overgrowth",
    when=reported("bacterial_overgrowth"),
    says="Bacteria in the small bowel take up B12, and can themselves raise MMA.",
    sources=("carmel-2003",),
    printed="also",
)
volume_depletion = finding(
    "volume_depletion",
    when=raised_mma & (reported("diarrhea") | reported("nausea")),
    says="Volume depletion, as with vomiting or diarrhea, can raise MMA.",
    label="possible volume depletion",
    sources=("carmel-2003",),
    printed="also",
)
thyroid_disease = finding(
    "thyroid_disease",
    when=(reported("hypothyroidism") | reported("autoimmune_thyroid_disease") | certain(raised_tsh))
    & (raised_homocysteine | raised_mma | macrocytosis | low_total_b12 | low_holotc),
    says="Thyroid disease raises homocysteine, MMA and MCV. Autoimmune thyroid disease is associated with autoimmune "
    "gastritis.",
    sources=("practical-neurology-n2o", "nice-ng239"),
    printed="also",
)
high_b12_disease = finding(
    "high_b12_disease",
    when=adequate & (reported("liver_disease") | reported("myeloproliferative_disease")),
    says="Liver and myeloproliferative disease raise total B12 and can hide a deficiency.",
    label="a disease that raises B12",
    sources=("aafp-2025",),
    printed="also",
)
low_b12_disease = finding(
    "low_b12_disease",
    when=low_total_b12 & reported_any("lowers_total_b12"),
    says="Myeloma and HIV infection lower total B12 without deficiency: holoTC or MMA decides.",
    label="a disease that lowers total B12",
    sources=("carmel-2003",),
    printed="also",
)

"""What else moves the numbers: each confounder as a finding with its effect on each marker."""

from b12labs.logic.language import Coefficient, certain, finding, limit, measured, reported, reported_any
from b12labs.rules.quantities import egfr

reduced_kidney_function = finding(
    "reduced_kidney_function",
    when=(egfr < limit.egfr_reduced) | reported_any("kidney_disease"),
    says="Kidney function is reduced, which itself raises MMA and homocysteine.",
    sources=("b12labs-design",),
)
severely_reduced_kidney_function = finding(
    "severely_reduced_kidney_function",
    when=(egfr < limit.egfr_severely_reduced) | reported_any("kidney_failure"),
    says="Kidney function is severely reduced: raised MMA and homocysteine cannot be taken at face value, and are "
    "not used alone.",
    sources=("b12labs-design",),
    printed="also",
)
nitrous_oxide = finding(
    "nitrous_oxide",
    when=reported("nitrous_oxide"),
    says="Nitrous oxide inactivates B12: serum B12 and holoTC are often normal while tissue is deficient.",
    label="nitrous oxide use",
    sources=("practical-neurology-n2o",),
    printed="also",
)
recent_b12 = finding(
    "recent_b12",
    when=reported_any("recent_b12"),
    says="A recent B12 dose or supplement raises serum B12 and holoTC whatever tissue holds.",
    label="a recent B12 dose or supplement",
    sources=("mayo-cascade",),
    printed="also",
)
intrinsic_factor_antibody = finding(
    "intrinsic_factor_antibody",
    when=measured.intrinsic_factor_antibody > limit.intrinsic_factor_antibody_positive,
    says="Intrinsic-factor antibody is present: it settles autoimmune gastritis, and can make serum B12 read falsely "
    "normal.",
    label="a positive intrinsic-factor antibody",
    sources=("nejm-2012-if", "mayo-cascade"),
    printed="also",
)
medicine_lowers_b12 = finding(
    "medicine_lowers_b12",
    when=reported_any("lowers_b12"),
    says="A medicine taken lowers B12 over time.",
    label="a medicine that lowers B12",
    sources=("mhra-2022", "aafp-2025"),
)
binding_protein_lowered = finding(
    "binding_protein_lowered",
    when=reported("pregnant") | reported_any("changes_binding_protein"),
    says="In pregnancy and on combined contraceptives total B12 falls without deficiency: holoTC decides where it is "
    "measured.",
    label="pregnancy or a combined contraceptive",
    sources=("bsh-2014", "nice-ng239"),
    printed="also",
)
adult_limits_not_valid = finding(
    "adult_limits_not_valid",
    when=measured.age < limit.adult_age,
    says="Adult limits are not valid at this age: age-specific limits are used where they exist, and a specialist "
    "should interpret the rest.",
    label="an age below the guideline's",
    sources=("denmark",),
    printed="also",
)
very_high_b12 = finding(
    "high_b12",
    when=measured.b12 > limit.b12_high,
    says="Total B12 is high: most often supplements or injections; otherwise liver, kidney or blood disease.",
    label="high B12",
    sources=("aafp-2025",),
)
unexplained_high_b12 = finding(
    "unexplained_high_b12",
    when=very_high_b12 & ~reported_any("recent_b12"),
    says="Total B12 is high and no B12 intake is reported: repeat it, and look for liver, kidney, blood or "
    "solid-tumor disease.",
    label="high B12 without a reported intake",
    sources=("aafp-2025",),
    printed="also",
)
certainly_reduced = certain(reduced_kidney_function)
certainly_severely_reduced = certain(severely_reduced_kidney_function)

high_b12_explained = finding(
    "high_b12_explained",
    when=very_high_b12 & reported_any("recent_b12"),
    says="The high total B12 is explained by the B12 taken or injected; it says nothing about tissue.",
    label="a high B12 explained by treatment",
    sources=("aafp-2025",),
    printed="also",
)
pregnancy = finding(
    "pregnancy",
    when=reported("pregnant"),
    says="In pregnancy hemoglobin limits are lower, total B12 falls, and MMA is less affected.",
    sources=("pregnancy-bc-2019", "who-2024"),
)
older_age = finding(
    "older_age",
    when=measured.age >= Coefficient("older.age"),
    says="At this age MMA runs higher, and food-bound B12 is absorbed less.",
    sources=("iom-1998", "nice-ng239"),
)
homocysteine_raised_by_other_things = finding(
    "homocysteine_raised_by_other_things",
    when=reported_any("raises_homocysteine"),
    says="A medicine, thyroid disease or nitrous oxide reported here raises homocysteine by itself.",
    label="another cause of raised homocysteine",
    sources=("carmel-2003",),
)
homocysteine_sample = finding(
    "homocysteine_sample",
    when=measured.homocysteine > limit.homocysteine_raised,
    says="A homocysteine sample not put on ice or separated within an hour reads too high.",
    label="a raised homocysteine, which sample handling can cause",
    sources=("arup",),
)
bacterial_overgrowth = finding(
    "bacterial_overgrowth",
    when=reported("bacterial_overgrowth"),
    says="Small-bowel bacteria take up B12, and can raise MMA themselves.",
    sources=("carmel-2003",),
)
thyroid_disease = finding(
    "thyroid_disease",
    when=reported("hypothyroidism") | reported("autoimmune_thyroid_disease"),
    says="Thyroid disease raises homocysteine and MCV, and autoimmune thyroid disease goes with autoimmune gastritis.",
    sources=("practical-neurology-n2o", "nice-ng239"),
)
recent_transfusion = finding(
    "recent_transfusion",
    when=reported("recent_transfusion"),
    says="After a transfusion the blood count is partly the donor's.",
    sources=("hematology-texts",),
)
high_b12_disease = finding(
    "high_b12_disease",
    when=reported("liver_disease") | reported("myeloproliferative_disease"),
    says="Liver and myeloproliferative disease raise total B12 and can hide a deficiency.",
    label="a disease that raises B12",
    sources=("aafp-2025",),
)
low_b12_disease = finding(
    "low_b12_disease",
    when=reported("myeloma") | reported("hiv"),
    says="Myeloma and HIV infection lower total B12 without deficiency.",
    label="a disease that lowers total B12",
    sources=("carmel-2003",),
)
volume_depletion = finding(
    "volume_depletion",
    when=reported("diarrhea") | reported("nausea"),
    says="Volume depletion, as with vomiting or diarrhea, can raise MMA.",
    label="possible volume depletion",
    sources=("carmel-2003",),
)

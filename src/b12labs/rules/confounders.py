"""The confounders, each as a finding with its effect on the markers."""

from b12labs.logic.language import Coefficient, certain, finding, limit, measured, reported, reported_any
from b12labs.rules.quantities import egfr

# A reported kidney disease is used if eGFR is unknown; a known eGFR decides.
_reduced = egfr < limit.egfr_reduced
_severely_reduced = egfr < limit.egfr_severely_reduced
reduced_kidney_function = finding(
    "reduced_kidney_function",
    when=_reduced | (reported_any("kidney_disease") & ~certain(~_reduced, "an eGFR that is not reduced")),
    says="Kidney function is reduced, which itself raises MMA and homocysteine.",
    sources=("b12labs-design",),
)
severely_reduced_kidney_function = finding(
    "severely_reduced_kidney_function",
    when=_severely_reduced
    | (reported_any("kidney_failure") & ~certain(~_severely_reduced, "an eGFR that is not severely reduced")),
    says="Kidney function is severely reduced: raised MMA and homocysteine cannot be taken at face value. Only an MMA "
    "above 2 µmol/L is evidence of deficiency by itself.",
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
    says="A recent treatment dose of B12 raises serum B12 and holoTC, whatever the level in tissue.",
    label="a recent treatment dose of B12",
    sources=("mayo-cascade",),
    printed="also",
)
intrinsic_factor_antibody = finding(
    "intrinsic_factor_antibody",
    when=measured.intrinsic_factor_antibody > limit.intrinsic_factor_antibody_positive,
    says="Intrinsic-factor antibody is present: it establishes autoimmune gastritis, and can make serum B12 falsely "
    "normal.",
    label="a positive intrinsic-factor antibody",
    sources=("nejm-2012-if", "mayo-cascade"),
    printed="also",
)
medicine_lowers_b12 = finding(
    "medicine_lowers_b12",
    when=reported_any("lowers_b12"),
    says="A medicine that lowers B12 over time is taken.",
    label="a medicine that lowers B12",
    sources=("mhra-2022", "aafp-2025"),
)
binding_protein_lowered = finding(
    "binding_protein_lowered",
    when=reported("pregnant") | reported_any("changes_binding_protein"),
    says="In pregnancy and on estrogens (the pill, HRT) total B12 falls without deficiency: holoTC decides if it is "
    "measured.",
    label="pregnancy or an estrogen",
    sources=("bsh-2014", "nice-ng239"),
    printed="also",
)
adult_limits_not_valid = finding(
    "adult_limits_not_valid",
    when=measured.age < limit.adult_age,
    says="Adult limits are not valid at this age: age-specific limits are used if they exist, and a specialist should "
    "interpret the rest.",
    label="an age below the guideline's range",
    sources=("denmark",),
    printed="also",
)
certainly_reduced = certain(reduced_kidney_function)
certainly_severely_reduced = certain(severely_reduced_kidney_function)

pregnancy = finding(
    "pregnancy",
    when=reported("pregnant"),
    says="In pregnancy hemoglobin limits are lower, total B12 falls, and MMA is less affected.",
    sources=("pregnancy-bc-2019", "who-2024"),
)
older_age = finding(
    "older_age",
    when=measured.age >= Coefficient("older.age"),
    says="At this age MMA is higher, and food-bound B12 is absorbed less well.",
    sources=("iom-1998", "nice-ng239"),
)
recent_transfusion = finding(
    "recent_transfusion",
    when=reported("recent_transfusion"),
    says="After a transfusion the blood count is partly the donor's.",
    sources=("hematology-texts",),
    printed="also",
)

"""Whether iron or folate is deficient too, and whether inflammation hides it."""

from b12labs.logic.language import certain, finding, limit, measured

raised_crp = finding(
    "raised_crp",
    when=measured.crp > limit.crp_raised,
    says="CRP is raised: inflammation raises ferritin.",
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
    says="Ferritin, read with CRP and transferrin saturation, shows iron deficiency.",
)
low_red_cell_folate = measured.rbc_folate < limit.rbc_folate_deficient
folate_deficiency = finding(
    "folate_deficiency",
    when=certain(low_red_cell_folate, "a low red cell folate")
    | ((measured.folate < limit.folate_deficient) & ~certain(~low_red_cell_folate, "a normal red cell folate")),
    says="Folate is low: folate deficiency causes the same anemia.",
)
certainly_adequate_folate = certain(~folate_deficiency, "an adequate folate")

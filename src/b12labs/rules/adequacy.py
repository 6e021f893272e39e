"""Whether B12 is certainly adequate or certainly low, before the status is decided."""

from b12labs.logic.language import certain, finding, limit, reported, reported_any
from b12labs.rules.confounders import binding_protein_lowered, intrinsic_factor_antibody, nitrous_oxide, recent_b12
from b12labs.rules.discordance import discordant_low_holotc, discordant_low_total_b12
from b12labs.rules.levels import (
    adequate_holotc,
    certainly_adequate_level,
    certainly_normal_holotc,
    low_holotc,
    low_total_b12,
)
from b12labs.rules.metabolites import functional_deficiency, normal_mma, raised_homocysteine, raised_mma
from b12labs.rules.quantities import b12

#: A raised metabolite that no other result contradicts.
raised_metabolite = certain(raised_mma) | (certain(raised_homocysteine) & ~normal_mma)

b12_certainly_adequate = finding(
    "b12_certainly_adequate",
    when=certainly_adequate_level
    & ~certain(low_total_b12)
    & ~certain(low_holotc)
    & ~nitrous_oxide
    & ~certain(intrinsic_factor_antibody)
    & ~reported("autoimmune_gastritis")
    & ~recent_b12
    & ~raised_metabolite,
    says="The B12 level is adequate, and nothing known makes it falsely normal.",
    label="a certainly adequate B12 level",
    sources=("b12labs-design",),
)

# In pregnancy, on estrogens, with HIV and with myeloma total B12 falls without deficiency: their own limit is lower.
total_b12_unreliable = binding_protein_lowered | reported_any("lowers_total_b12")
low_even_so = (reported("pregnant") & (b12 < limit.b12_pregnancy)) | (
    ~reported("pregnant") & (b12 < limit.b12_binding_protein)
)
b12_certainly_low = finding(
    "b12_certainly_low",
    when=(certain(low_holotc) & ~certain(discordant_low_holotc))
    | certain(functional_deficiency)
    | (
        certain(low_total_b12)
        & ~certain(adequate_holotc)
        & ~certain(discordant_low_total_b12)
        & (
            ~total_b12_unreliable
            | (certain(low_even_so, "a total B12 below the limit for these conditions") & ~certainly_normal_holotc)
        )
    ),
    says="B12 is certainly low, by its level or by the metabolites.",
    label="a certainly low B12",
    sources=("b12labs-design",),
)

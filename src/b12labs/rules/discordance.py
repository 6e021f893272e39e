"""Where one test of the level contradicts the other, and the metabolites side with it."""

from b12labs.logic.language import certain, finding, reported
from b12labs.rules.confounders import intrinsic_factor_antibody, nitrous_oxide, recent_b12
from b12labs.rules.levels import adequate_total_b12, low_holotc, low_total_b12
from b12labs.rules.metabolites import raised_homocysteine, raised_mma

discordant_low_total_b12 = finding(
    "discordant_low_total_b12",
    when=low_total_b12 & ~low_holotc & ~raised_mma & ~raised_homocysteine,
    says="Total B12 is low, yet holoTC, MMA and homocysteine are normal: not deficient. Haptocorrin deficiency, "
    "pregnancy and the pill do this.",
    label="holoTC, MMA and homocysteine all turning out normal",
    sources=("carmel-2003",),
    printed="also",
)
# What makes an adequate total B12 read falsely leaves nothing for it to contradict with.
discordant_low_holotc = finding(
    "discordant_low_holotc",
    when=low_holotc
    & adequate_total_b12
    & ~nitrous_oxide
    & ~recent_b12
    & ~certain(intrinsic_factor_antibody)
    & ~reported("autoimmune_gastritis")
    & ~raised_mma
    & ~raised_homocysteine,
    says="HoloTC is low, yet total B12 is adequate and MMA and homocysteine are normal: repeat holoTC before it is "
    "believed.",
    label="a low holoTC that total B12, MMA and homocysteine contradict",
    sources=("b12labs-design",),
    printed="also",
)

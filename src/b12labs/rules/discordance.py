"""Whether total B12 and holoTC contradict each other, and the metabolites agree with one of them."""

from b12labs.logic.language import certain, finding, reported
from b12labs.rules.confounders import intrinsic_factor_antibody, nitrous_oxide, recent_b12
from b12labs.rules.levels import adequate_total_b12, low_holotc, low_total_b12
from b12labs.rules.metabolites import raised_homocysteine, raised_mma

discordant_low_total_b12 = finding(
    "discordant_low_total_b12",
    when=low_total_b12 & ~low_holotc & ~raised_mma & ~raised_homocysteine,
    says="Total B12 is low, but holoTC, MMA and homocysteine are normal: this is not deficiency. Haptocorrin "
    "deficiency, pregnancy and the pill can cause it.",
    label="normal results of holoTC, MMA and homocysteine",
    sources=("carmel-2003",),
    printed="also",
)
# A total B12 that may be falsely normal does not contradict a low holoTC.
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
    says="HoloTC is low, but total B12 is adequate and MMA and homocysteine are normal: repeat holoTC before relying "
    "on it.",
    label="a low holoTC that total B12, MMA and homocysteine contradict",
    sources=("b12labs-design",),
    printed="also",
)

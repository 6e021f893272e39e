"""Whether the level of B12 in blood is low, adequate, or neither."""

from b12labs.logic.language import certain, finding, given_in_words, limit
from b12labs.rules.quantities import b12, holotc

low_total_b12 = finding(
    "low_total_b12", when=b12 < limit.b12_deficient, says="Total B12 is low.", label="a low total B12"
)
adequate_total_b12 = finding(
    "adequate_total_b12",
    when=b12 > limit.b12_adequate,
    says="Total B12 is above the level at which deficiency is likely.",
    label="an adequate total B12",
)
grey_total_b12 = finding(
    "grey_total_b12",
    when=~low_total_b12 & ~adequate_total_b12,
    says="Total B12 is in the grey zone, where it neither shows nor excludes deficiency.",
    label="a total B12 in the grey zone",
)
low_holotc = finding(
    "low_holotc", when=holotc < limit.holotc_deficient, says="HoloTC (active B12) is low.", label="a low holoTC"
)
adequate_holotc = finding(
    "adequate_holotc",
    when=holotc > limit.holotc_adequate,
    says="HoloTC is above the level at which deficiency is likely.",
    label="an adequate holoTC",
)
adequate = adequate_total_b12 | adequate_holotc
certainly_adequate_level = certain(adequate, "an adequate level")
certainly_normal_holotc = certain(~low_holotc, "a holoTC that is not low")
#: The level is unknown: neither total B12 nor holoTC was measured.
level_unknown = (
    ~certain(low_total_b12)
    & ~certain(~low_total_b12, "a total B12 that is not low")
    & ~certain(low_holotc)
    & ~certainly_normal_holotc
)
below_centile = finding(
    "below_centile",
    when=certain(b12 < limit.b12_centile, "a total B12 below the centile for age") & ~low_total_b12,
    says="Total B12 is below the reference interval for age. A centile is not a decision limit: measure MMA next.",
    label="a total B12 below the reference interval for age",
    sources=("ridefelt-2024", "b12labs-design"),
    printed="also",
)
level_in_words = finding(
    "level_in_words",
    when=given_in_words("b12") | given_in_words("holotc"),
    says="The laboratory reported the level as a word alone, which shows only whether it is low by that laboratory. "
    "Ask for the number, and measure MMA if it is not available.",
    label="a level given as a word",
    sources=("b12labs-design",),
    printed="also",
)

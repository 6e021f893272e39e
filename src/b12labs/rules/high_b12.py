"""Whether treatment, disease or B12 bound to antibodies explains a high total B12."""

from b12labs.logic.language import certain, finding, limit, reported_any
from b12labs.rules.levels import adequate_total_b12, low_holotc
from b12labs.rules.metabolites import functional_deficiency, mma_counts, normal_mma
from b12labs.rules.quantities import b12

high_b12 = finding(
    "high_b12",
    when=b12 > limit.b12_high,
    says="Total B12 is high: most often supplements or injections; otherwise liver, kidney or blood disease.",
    label="high B12",
    sources=("aafp-2025",),
)
unexplained_high_b12 = finding(
    "unexplained_high_b12",
    when=high_b12 & ~reported_any("takes_b12"),
    says="Total B12 is high and no B12 intake is reported. A high B12 does not exclude deficiency. Repeat it, and look "
    "for liver, kidney, myeloproliferative or solid-tumor disease.",
    label="high B12 without a reported intake",
    sources=("aafp-2025",),
    printed="also",
)
high_b12_explained = finding(
    "high_b12_explained",
    when=high_b12 & reported_any("takes_b12"),
    says="The B12 taken or injected explains the high total B12, which does not show the level in tissue.",
    label="a high B12 explained by treatment",
    sources=("aafp-2025",),
    printed="also",
)
macro_b12_possible = finding(
    "macro_b12_possible",
    when=unexplained_high_b12 | (adequate_total_b12 & mma_counts),
    says="B12 bound to antibodies (macro-B12) gives a high result and may hide a deficiency: MMA and holoTC decide, or "
    "serum B12 after PEG precipitation.",
    label="possible macro-B12",
    sources=("macro-b12-case", "fedosov-nexo-2024"),
    printed="also",
)
nerve_signs_with_high_b12 = finding(
    "nerve_signs_with_high_b12",
    when=unexplained_high_b12
    & reported_any("neurological")
    & ~certain(functional_deficiency)
    & ~certain(low_holotc)
    & ~normal_mma,
    says="Nerve signs are present: if MMA is raised or holoTC is low, inject B12, however high the total B12.",
    label="nerve signs with an unexplained high B12",
    sources=("macro-b12-case", "fedosov-nexo-2024", "b12labs-design"),
    printed="also",
)

"""Is B12 low, is tissue short of it, and what do the results say together: the status and its defeaters."""

from b12labs.logic.language import (
    Case,
    Otherwise,
    Verdict,
    at_least,
    certain,
    finding,
    limit,
    measured,
    reported,
    reported_any,
    unless,
)
from b12labs.rules.anemia import (
    anemia,
    folate_deficiency,
    low_white_cells,
    macrocytosis_otherwise_explained,
    megaloblastic_picture,
    thrombocytopenia,
)
from b12labs.rules.confounders import (
    binding_protein_lowered,
    certainly_reduced,
    certainly_severely_reduced,
    intrinsic_factor_antibody,
    nitrous_oxide,
    recent_b12,
)
from b12labs.rules.quantities import b12, holotc, homocysteine, infant, mma

# The level of B12 in blood.
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
below_centile = finding(
    "below_centile",
    when=certain(b12 < limit.b12_centile, "a total B12 below the age's centile") & ~low_total_b12,
    says="Total B12 is below the reference interval of the age. A centile is not a decision limit: MMA next.",
    label="a total B12 below the age's reference interval",
    sources=("ridefelt-2024", "b12labs-design"),
    printed="also",
)

# Functional deficiency: what tissue shows.
raised_mma = finding("raised_mma", when=mma > limit.mma_raised, says="MMA is raised.", label="a raised MMA")
raised_homocysteine = finding(
    "raised_homocysteine",
    when=homocysteine > limit.homocysteine_raised,
    says="Homocysteine is raised.",
    label="a raised homocysteine",
)
raised_urine_mma = finding(
    "raised_urine_mma",
    when=measured.urine_mma_ratio > limit.urine_mma_raised,
    says="Urine MMA/creatinine, which does not depend on kidney function, is raised.",
    label="a raised urine MMA/creatinine",
)
# A guideline may count an MMA that is not far above its limit only where something is felt.
_mma_counts_alone = (mma > limit.mma_without_symptoms) | reported_any("b12_symptom")
mma_counts = finding(
    "mma_counts",
    when=(
        raised_mma
        & _mma_counts_alone
        & (~certainly_reduced | ((mma > limit.mma_marked) & ~certainly_severely_reduced) | raised_urine_mma)
    )
    | certain(raised_urine_mma),
    says="MMA is raised beyond what kidney function explains.",
    label="a raised MMA that the kidney does not explain",
    sources=("carmel-2003", "b12labs-design"),
)
homocysteine_counts = finding(
    "homocysteine_counts",
    when=raised_homocysteine & ~certain(folate_deficiency) & ~certainly_reduced & ~certain(~raised_mma, "a normal MMA"),
    says="Homocysteine is raised, and neither folate nor the kidney is known to explain it.",
    label="a raised homocysteine without another explanation",
    sources=("carmel-2003", "b12labs-design"),
)
functional_deficiency = finding(
    "functional_deficiency",
    when=mma_counts | (homocysteine_counts & nitrous_oxide),
    says="Raised metabolites show that tissue is short of B12.",
    label="functional deficiency (a raised MMA)",
    sources=("carmel-2003",),
)
homocysteine_points_elsewhere = finding(
    "homocysteine_points_elsewhere",
    when=raised_homocysteine & ~raised_mma,
    says="Homocysteine is raised and MMA is not: folate, B6, kidney, thyroid or a medicine explains it better than "
    "B12.",
    label="a homocysteine raised for another reason",
    sources=("carmel-2003",),
    printed="also",
)
discordant_low_total_b12 = finding(
    "discordant_low_total_b12",
    when=low_total_b12 & ~low_holotc & ~raised_mma & ~raised_homocysteine,
    says="Total B12 is low, yet holoTC, MMA and homocysteine are normal: not deficient. Haptocorrin deficiency, "
    "pregnancy and the pill do this.",
    label="holoTC, MMA and homocysteine all turning out normal",
    sources=("carmel-2003",),
    printed="also",
)

# In pregnancy a low total B12 counts only with support.
_support_in_pregnancy = (
    low_holotc
    | raised_mma
    | raised_homocysteine
    | megaloblastic_picture
    | ((b12 < limit.b12_pregnancy) & ~certain(~low_holotc, "a holoTC that is not low"))
)
low_total_b12_counts = (
    low_total_b12
    & (~reported("pregnant") | _support_in_pregnancy)
    & ~(binding_protein_lowered & certain(~low_holotc, "a holoTC that is not low"))
)
low_b12_level = finding(
    "low_b12_level",
    when=unless(low_holotc | low_total_b12_counts, discordant_low_total_b12)
    & (functional_deficiency | ~certain(adequate_holotc)),
    says="The level of B12 in blood is low, and nothing measured contradicts it.",
    label="a low total B12 or holoTC",
    sources=("nice-ng239", "carmel-2003"),
)

_normal_mma_with_level_not_low = (~low_total_b12 | ~low_holotc) & ~raised_mma

# After bariatric surgery, or with too much zinc, copper deficiency looks the same.
copper_deficiency_suspected = finding(
    "copper_deficiency_suspected",
    when=reported_any("copper_risk")
    & (
        certain(anemia)
        | certain(low_white_cells, "low white cells")
        | certain(thrombocytopenia)
        | reported_any("neurological")
    )
    & (adequate | certain(_normal_mma_with_level_not_low, "a level that is not low with a normal MMA")),
    says="With this surgery or zinc, and B12 adequate, low cells or neuropathy may be copper deficiency: measure "
    "copper, ceruloplasmin and zinc.",
    label="suspected copper deficiency",
    sources=("ash-copper-case",),
    printed="also",
)

# What keeps an adequate level from making deficiency unlikely.
_unexplained_picture = certain(megaloblastic_picture) & ~certain(
    folate_deficiency | macrocytosis_otherwise_explained | copper_deficiency_suspected,
    "another cause of the blood picture",
)
adequate_level_voided = finding(
    "adequate_level_voided",
    when=nitrous_oxide
    | recent_b12
    | reported("autoimmune_gastritis")
    | certain(intrinsic_factor_antibody)
    | certain(raised_mma)
    | (certain(raised_homocysteine) & ~certain(~raised_mma, "a normal MMA"))
    | _unexplained_picture
    | (reported_any("myelopathy") & ~certain(copper_deficiency_suspected))
    | (certain(infant, "an infant's age") & (reported_any("b12_symptom") | reported_any("other_symptom"))),
    says="An adequate B12 level does not settle it here: something is present that deficiency with a normal level "
    "would explain.",
    label="something that voids an adequate level",
    sources=("solomon-2005", "nejm-2012-if", "practical-neurology-n2o", "b12labs-design"),
)
_adequate_stands = (
    adequate_total_b12 | (adequate_holotc & (~certain(low_total_b12) | ~raised_mma))
) & ~adequate_level_voided
_normal_mma_stands = _normal_mma_with_level_not_low & ~adequate_level_voided

# A level that is still unknown does not keep open what the other results settle; it stays listed as what could
# overturn.
_settled = functional_deficiency | _adequate_stands | _normal_mma_stands
_deficient = low_b12_level & ~(_settled & ~certain(low_b12_level))
_functional = functional_deficiency & ~(_adequate_stands & ~certain(functional_deficiency))

b12_deficiency = finding(
    "b12_deficiency",
    when=_deficient | _functional,
    says="B12 deficiency, of level or of function.",
    label="B12 deficiency",
    sources=("carmel-2011",),
)
#: Deficiency is shown, or nothing makes it unlikely: what is done "while deficiency is possible" is done then.
deficiency_possible = ~certain(~b12_deficiency, "B12 deficiency turning out unlikely")

status = Verdict(
    "status",
    (
        Case("deficient", _deficient, "The level of B12 in blood is low."),
        Case(
            "functional_deficiency",
            _functional,
            "Metabolites show that tissue is short of B12, although its level is not low.",
        ),
        Case(
            "deficiency_unlikely",
            _adequate_stands | discordant_low_total_b12 | _normal_mma_stands,
            "The results make B12 deficiency unlikely. No result excludes it.",
        ),
    ),
    Otherwise("indeterminate", "These results do not settle whether B12 is deficient."),
    sources=("carmel-2011", "solomon-2005"),
)

level_does_not_exclude = finding(
    "level_does_not_exclude",
    when=functional_deficiency & ~low_total_b12,
    says="A total B12 that is not low does not exclude deficiency here: the metabolites show it.",
    label="deficiency despite a level that is not low",
    sources=("stabler-2013", "solomon-2005"),
    printed="also",
)
deficiency_without_anemia = finding(
    "deficiency_without_anemia",
    when=b12_deficiency & ~anemia,
    says="There is no anemia: a normal count, or a normal homocysteine, does not exclude deficiency, and nerves "
    "suffer without anemia.",
    label="deficiency without anemia",
    sources=("stabler-2013", "nice-ng239"),
    printed="also",
)
two_markers_abnormal = finding(
    "two_markers_abnormal",
    when=at_least(2, low_total_b12, low_holotc, mma_counts, homocysteine_counts),
    says="Two markers or more are abnormal, which makes deficiency likely rather than possible.",
    label="two abnormal markers",
    sources=("carmel-2011",),
)

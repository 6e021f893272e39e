"""Inherited disease and infants: diagnoses to consider in the young, and the specialist who treats them."""

from b12labs.logic.language import Coefficient, certain, finding, limit, measured, reported, reported_any
from b12labs.rules.b12_status import b12_deficiency, deficiency_possible
from b12labs.rules.iron_and_folate import folate_deficiency
from b12labs.rules.levels import level_unknown, low_total_b12
from b12labs.rules.metabolites import metabolites_unknown, normal_mma, raised_homocysteine, raised_mma
from b12labs.rules.quantities import homocysteine, infant, mma

_young = measured.age < Coefficient("adult.age")
_felt = reported_any("b12_symptom") | reported_any("other_symptom")

infant_deficiency = finding(
    "infant_deficiency",
    when=b12_deficiency & infant,
    says="B12 deficiency in an infant: get urgent pediatric specialist advice, and measure the mother's B12.",
    label="B12 deficiency in an infant",
    sources=("b12labs-design", "carmel-2003"),
    printed="first",
)
infant_not_cleared = finding(
    "infant_not_cleared",
    when=certain(infant, "an infant's age")
    & deficiency_possible
    & (~level_unknown | ~metabolites_unknown | _felt | reported_any("infant_risk")),
    says="The results do not make deficiency unlikely in an infant.",
    label="an infant whose deficiency is not unlikely",
    sources=("b12labs-design", "carmel-2003"),
)
maternal_deficiency = finding(
    "maternal_deficiency",
    when=infant & (reported_any("infant_risk") | low_total_b12),
    says="An infant's B12 comes from its mother: measure hers too.",
    label="a mother who may be deficient",
    sources=("nice-ng239",),
)
ask_about_the_mother = finding(
    "ask_about_the_mother",
    when=certain(measured.age < Coefficient("toddler.age"), "an age below two years")
    & deficiency_possible
    & (~level_unknown | ~metabolites_unknown | _felt | reported_any("infant_risk") | reported_any("diet")),
    says="First measure the mother's B12, MMA and homocysteine, and ask how the child is fed.",
    label="the mother's B12 and the feeding",
    sources=("carmel-2003", "b12labs-design"),
    printed="first",
)
transcobalamin_defect_suspected = finding(
    "transcobalamin_defect_suspected",
    when=reported("transcobalamin_deficiency") | (infant & ~low_total_b12 & raised_mma & raised_homocysteine),
    says="In an infant whose total B12 is not low and both metabolites are raised, consider transcobalamin "
    "deficiency: metabolic referral.",
    label="suspected transcobalamin deficiency",
    sources=("carmel-2003", "huemer-2017"),
    printed="first",
)
inborn_error_suspected = finding(
    "inborn_error_suspected",
    when=_young & ~reported("nitrous_oxide") & (mma > limit.mma_marked) & (homocysteine > limit.homocysteine_very_high),
    says="Both metabolites are very high in a young person: an inborn error of cobalamin metabolism needs urgent "
    "metabolic referral.",
    label="suspected inborn error of cobalamin metabolism",
    sources=("huemer-2017",),
    printed="first",
)
# Remethylation defects do not raise MMA: a normal MMA does not explain such a homocysteine in the young.
remethylation_defect_suspected = finding(
    "remethylation_defect_suspected",
    when=_young
    & ~reported("nitrous_oxide")
    & certain(homocysteine > limit.homocysteine_very_high, "a very high homocysteine")
    & normal_mma
    & ~certain(folate_deficiency),
    says="Homocysteine is very high in a young person although MMA is normal: a defect of remethylation (cblE, cblG, "
    "MTHFR) or homocystinuria needs urgent metabolic referral.",
    label="a suspected defect of remethylation",
    sources=("huemer-2017",),
    printed="first",
)

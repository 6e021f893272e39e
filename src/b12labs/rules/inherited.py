"""Inherited disease and infants: what must be thought of in the young, and by whom it is treated."""

from b12labs.logic.language import Coefficient, finding, limit, measured, reported, reported_any
from b12labs.rules.b12_status import b12_deficiency, low_total_b12, raised_homocysteine, raised_mma
from b12labs.rules.quantities import homocysteine, infant, mma

_young = measured.age < Coefficient("adult.age")

infant_deficiency = finding(
    "infant_deficiency",
    when=b12_deficiency & infant,
    says="B12 deficiency in an infant: urgent pediatric specialist advice, and the mother's B12 should be measured.",
    label="B12 deficiency in an infant",
    sources=("b12labs-design", "carmel-2003"),
    printed="first",
)
maternal_deficiency = finding(
    "maternal_deficiency",
    when=infant & (reported_any("infant_risk") | low_total_b12),
    says="An infant's B12 comes from its mother: measure hers too.",
    label="a mother who may be deficient",
    sources=("nice-ng239",),
)
transcobalamin_defect_suspected = finding(
    "transcobalamin_defect_suspected",
    when=reported("transcobalamin_deficiency") | (infant & ~low_total_b12 & raised_mma & raised_homocysteine),
    says="An infant with a total B12 that is not low and both metabolites raised: think of transcobalamin "
    "deficiency; metabolic referral.",
    label="suspected transcobalamin deficiency",
    sources=("carmel-2003", "huemer-2017"),
    printed="first",
)
inborn_error_suspected = finding(
    "inborn_error_suspected",
    when=_young & (mma > limit.mma_marked) & (homocysteine > limit.homocysteine_very_high),
    says="Both metabolites are very high in a young person: an inborn error of cobalamin metabolism needs urgent "
    "metabolic referral.",
    label="suspected inborn error of cobalamin metabolism",
    sources=("huemer-2017",),
    printed="first",
)

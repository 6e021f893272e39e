"""Whether tissue is short of B12: MMA and homocysteine, and when they are evidence of deficiency."""

from b12labs.logic.language import Coefficient, certain, finding, limit, measured, reported_any
from b12labs.rules.confounders import (
    certainly_reduced,
    certainly_severely_reduced,
    nitrous_oxide,
)
from b12labs.rules.iron_and_folate import folate_deficiency
from b12labs.rules.levels import low_total_b12
from b12labs.rules.quantities import homocysteine, mma

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
    printed="also",
)
normal_mma = certain(~raised_mma, "a normal MMA")
normal_homocysteine = certain(~raised_homocysteine, "a normal homocysteine")
#: Neither metabolite is known to be raised or normal.
metabolites_unknown = ~certain(raised_mma) & ~normal_mma & ~certain(raised_homocysteine) & ~normal_homocysteine

# Under some guidelines an MMA that is raised, but not markedly, is evidence only if a symptom is reported.
_felt = (mma > limit.mma_without_symptoms) | reported_any("b12_symptom")
_beyond_the_kidney = ((mma > limit.mma_marked) & ~certainly_severely_reduced) | (mma > limit.mma_beyond_kidney)
_not_the_kidney = ~certainly_reduced | _beyond_the_kidney | raised_urine_mma
mma_counts = finding(
    "mma_counts",
    when=raised_mma & _felt & _not_the_kidney,
    says="MMA is higher than kidney function explains.",
    label="a raised MMA that the kidney does not explain",
    sources=("carmel-2003", "b12labs-design"),
)
# After nitrous oxide homocysteine rises first, and a normal MMA does not contradict it.
homocysteine_counts = finding(
    "homocysteine_counts",
    when=raised_homocysteine & ~certain(folate_deficiency) & ~certainly_reduced & (nitrous_oxide | ~normal_mma),
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

# Sentences for a raised metabolite that is not taken at face value.
mma_raised_by_kidney = finding(
    "mma_raised_by_kidney",
    when=raised_mma & certainly_reduced & ~_beyond_the_kidney & ~certain(raised_urine_mma),
    says="MMA is raised, but reduced kidney function may explain it: alone it is not evidence of deficiency. The "
    "response decides: a fall of 30 % or more, and of at least 0.2 µmol/L, one month after B12 supports deficiency; a "
    "smaller fall settles nothing.",
    label="a raised MMA that the kidney may explain",
    sources=("labor-rothen", "elian-hoffer-2024", "b12labs-design"),
    printed="also",
)
mma_beyond_reduced_kidney = finding(
    "mma_beyond_reduced_kidney",
    when=raised_mma & certainly_reduced & _beyond_the_kidney,
    says="Kidney function is reduced, but MMA is higher than this explains: it is evidence of deficiency.",
    label="a raised MMA that a reduced kidney function does not explain",
    sources=("carmel-2003", "b12labs-design"),
    printed="also",
)
mma_without_symptoms = finding(
    "mma_without_symptoms",
    when=raised_mma & ~_felt,
    says="MMA is raised, but not markedly, and no symptom is reported: by this guideline MMA alone is not evidence of "
    "deficiency.",
    label="a raised MMA without a symptom",
    sources=("laegenoter",),
    printed="also",
)
mma_within_age = finding(
    "mma_within_age",
    when=mma_counts & (measured.age >= Coefficient("mma_at_age.age")) & ~(mma > limit.mma_at_age),
    says="MMA is above the limit, but within the range found at this age: repeat it, or measure holoTC, before relying "
    "on it.",
    label="a raised MMA within the range found at this age",
    sources=("norway", "denmark"),
    printed="also",
)
homocysteine_points_elsewhere = finding(
    "homocysteine_points_elsewhere",
    when=raised_homocysteine & ~raised_mma & ~nitrous_oxide,
    says="Homocysteine is raised and MMA is not: folate, B6, kidney, thyroid or a medicine explains it better than "
    "B12.",
    label="a homocysteine raised for another reason",
    sources=("carmel-2003",),
    printed="also",
)
level_does_not_exclude = finding(
    "level_does_not_exclude",
    when=functional_deficiency & ~low_total_b12,
    says="A total B12 that is not low does not exclude deficiency here: the metabolites show it.",
    label="deficiency despite a level that is not low",
    sources=("stabler-2013", "solomon-2005"),
    printed="also",
)

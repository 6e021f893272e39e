"""Why B12 is deficient.

Each cause has the results that establish it, the evidence for and against it, and the test that would settle it.
"""

from b12labs.logic.language import (
    Cause,
    Coefficient,
    Truth,
    certain,
    finding,
    limit,
    measured,
    reported,
    reported_any,
)
from b12labs.rules.b12_status import b12_deficiency, deficiency_possible
from b12labs.rules.confounders import intrinsic_factor_antibody
from b12labs.rules.megaloblastic import megaloblastic_anemia

# Mass and amount of substance are not converted into each other. One of them is enough; with neither, it is open.
_mass = measured.gastrin > limit.gastrin_raised
_amount = measured.gastrin_amount > limit.gastrin_amount_raised
gastrin_raised = finding(
    "gastrin_raised",
    when=certain(_mass, "a raised gastrin") | certain(_amount, "a raised gastrin") | (_mass & _amount),
    says="Gastrin is raised, as in autoimmune gastritis.",
    label="a raised gastrin",
    sources=("mayo-cascade",),
)
# Acid blockers raise gastrin themselves.
_blocks_acid = reported_any("raises_gastrin")
_gastrin_speaks = certain(gastrin_raised) & ~_blocks_acid
gastrin_on_acid_blocker = finding(
    "gastrin_on_acid_blocker",
    when=certain(gastrin_raised) & _blocks_acid,
    says="Gastrin is raised, but the acid blocker also raises it: repeat gastrin a week after stopping the blocker, if "
    "that is safe.",
    label="a gastrin raised on an acid blocker",
    sources=("mayo-cascade",),
    printed="also",
)
parietal_cell_antibody = finding(
    "parietal_cell_antibody",
    when=measured.parietal_cell_antibody > limit.parietal_cell_antibody_positive,
    says="Parietal cell antibody is present: it supports autoimmune gastritis, but is also found without it.",
    label="a positive parietal cell antibody",
    sources=("mayo-cascade",),
)
_other_autoimmunity = (
    reported("autoimmune_thyroid_disease")
    | reported("type_1_diabetes")
    | reported("vitiligo")
    | reported("sjogren_syndrome")
    | reported("autoimmune_disease")
    | reported("family_history")
)
_normal_antibody = certain(~intrinsic_factor_antibody, "a negative intrinsic-factor antibody")
malabsorption_reported = reported_any("malabsorption")
_older = certain(measured.age >= Coefficient("older.age"), "older age")

cause_not_known = finding(
    "cause_not_known",
    when=b12_deficiency
    & ~malabsorption_reported
    & ~reported_any("diet")
    & ~reported_any("lowers_b12")
    & ~reported("nitrous_oxide")
    & ~reported("h_pylori")
    & ~certain(intrinsic_factor_antibody)
    & ~_gastrin_speaks
    & ~certain(parietal_cell_antibody),
    says="No cause is known: look for one, because it decides how long treatment lasts.",
    label="an unknown cause",
    sources=("nice-ng239", "sps"),
)
autoimmune_gastritis_suspected = finding(
    "autoimmune_gastritis_suspected",
    when=_gastrin_speaks | certain(parietal_cell_antibody),
    says="A raised gastrin or a parietal cell antibody suggests autoimmune gastritis. If suspected, it is treated like "
    "the confirmed disease.",
    label="suspected autoimmune gastritis",
    sources=("nice-ng239", "mayo-cascade"),
)
#: Evidence for a cause if none is known: a reason to look for it, not a cause by itself.
PRESUMED = "there is megaloblastic anemia, and no other cause is known"
_megaloblastic_without_cause = (
    certain(megaloblastic_anemia)
    & certain(cause_not_known)
    & ~certain(measured.age < Coefficient("antibody.age"), "a child's age")
)


def _reported_cause(code: str, label: str, *terms: str, settled_by: str, sources: tuple[str, ...]) -> Cause:
    """Return a cause that is known from the history alone."""
    any_term: Truth = reported(terms[0])
    for term in terms[1:]:
        any_term = any_term | reported(term)
    return Cause(code, label, None, ((any_term, f"{label} is reported"),), settled_by, sources)


CAUSES: tuple[Cause, ...] = (
    Cause(
        "autoimmune_gastritis",
        "autoimmune gastritis (pernicious anemia)",
        certain(intrinsic_factor_antibody) | reported("autoimmune_gastritis"),
        (
            (certain(intrinsic_factor_antibody), "intrinsic-factor antibody is present"),
            (reported("autoimmune_gastritis"), "the diagnosis is reported"),
            (certain(parietal_cell_antibody), "parietal cell antibody is present"),
            (_gastrin_speaks, "gastrin is raised"),
            (_other_autoimmunity, "autoimmune disease, in the patient or the family"),
            (reported("atrophic_gastritis"), "gastritis is reported"),
            (_megaloblastic_without_cause, PRESUMED),
        ),
        "intrinsic-factor antibody; if negative, parietal cell antibody and gastrin, and gastroscopy with biopsies "
        "of the body",
        ("nice-ng239", "mayo-cascade", "green-2017"),
        ((_normal_antibody, "intrinsic-factor antibody is negative, as in about half of those with the disease"),),
    ),
    _reported_cause(
        "diet",
        "a diet low in B12",
        "vegan_diet",
        "vegetarian_diet",
        "restricted_diet",
        settled_by="a diet history",
        sources=("nice-ng239",),
    ),
    _reported_cause(
        "gastrectomy",
        "gastrectomy",
        "total_gastrectomy",
        "partial_gastrectomy",
        "stomach_surgery",
        settled_by="the surgical history",
        sources=("nice-ng239",),
    ),
    _reported_cause(
        "ileal_disease",
        "ileal disease or resection",
        "ileal_disease",
        "ileal_resection",
        "small_bowel_resection",
        settled_by="calprotectin, and imaging or endoscopy of the terminal ileum",
        sources=("nice-ng239",),
    ),
    _reported_cause(
        "celiac_disease",
        "celiac disease",
        "celiac_disease",
        settled_by="tissue-transglutaminase antibody and biopsy",
        sources=("nice-ng239",),
    ),
    _reported_cause(
        "bariatric_surgery",
        "bariatric surgery",
        "bariatric_surgery",
        settled_by="the surgical history",
        sources=("nice-ng239", "aafp-2017"),
    ),
    _reported_cause(
        "pancreatic_insufficiency",
        "pancreatic insufficiency",
        "pancreatic_insufficiency",
        settled_by="fecal elastase",
        sources=("carmel-2003",),
    ),
    _reported_cause(
        "h_pylori",
        "H. pylori infection",
        "h_pylori",
        settled_by="a breath or stool test, and the response to its eradication",
        sources=("aafp-2025",),
    ),
    _reported_cause(
        "overgrowth_or_tapeworm",
        "bacterial overgrowth or fish tapeworm",
        "bacterial_overgrowth",
        "fish_tapeworm",
        settled_by="a breath test, or stool for ova",
        sources=("carmel-2003",),
    ),
    Cause(
        "medicine",
        "a medicine that lowers B12",
        None,
        ((reported_any("lowers_b12"), "a medicine that lowers B12 is taken (metformin, acid blockers and others)"),),
        "dose and duration, after other causes are excluded",
        ("mhra-2022", "aafp-2017"),
    ),
    _reported_cause(
        "nitrous_oxide",
        "nitrous oxide",
        "nitrous_oxide",
        settled_by="the history of use",
        sources=("practical-neurology-n2o",),
    ),
    Cause(
        "food_b12_malabsorption",
        "malabsorption of food-bound B12 with age",
        None,
        (
            (_older, "age of 65 years or over"),
            (reported("atrophic_gastritis"), "gastritis is reported"),
        ),
        "exclusion of the other causes, and the response to oral B12",
        ("iom-1998", "green-2017"),
        (
            (
                certain(megaloblastic_anemia),
                "malabsorption of food-bound B12 rarely causes megaloblastic anemia: look for autoimmune gastritis",
            ),
        ),
    ),
    Cause(
        "pregnancy_or_breastfeeding",
        "the needs of pregnancy and breastfeeding",
        None,
        ((reported("pregnant"), "pregnancy is reported"), (reported("breastfeeding"), "breastfeeding is reported")),
        "a diet history",
        ("iom-1998",),
    ),
    Cause(
        "maternal_deficiency",
        "deficiency of the mother",
        None,
        (
            (reported_any("infant_risk"), "the infant depends on its mother's B12"),
            (
                reported("breastfeeding") & certain(measured.age < Coefficient("toddler.age"), "a breastfed infant"),
                "a breastfed infant",
            ),
        ),
        "the mother's B12, MMA and homocysteine",
        ("carmel-2003",),
    ),
    Cause(
        "inherited",
        "an inherited disorder of B12",
        reported("transcobalamin_deficiency"),
        (
            (reported("transcobalamin_deficiency"), "the diagnosis is reported"),
            (certain(measured.age < Coefficient("infant.age"), "infancy"), "the patient is an infant"),
        ),
        "metabolic referral",
        ("huemer-2017",),
    ),
)

cause_ileal_disease = finding(
    "cause_ileal_disease",
    when=deficiency_possible & (reported("ileal_disease") | reported("ileal_resection")),
    says="Ileal disease or resection is a cause of B12 malabsorption: look for and treat it.",
    label="ileal disease as the cause",
    sources=("nice-ng239",),
)

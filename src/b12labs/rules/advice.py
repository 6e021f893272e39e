"""What goes with treatment.

Cautions, what else to give or look for, diet, recovery and review. Each is a finding for whom it concerns.
"""

from b12labs.logic.language import Coefficient, certain, finding, limit, measured, reported, reported_any
from b12labs.rules.anemia import (
    anemia,
    folate_deficiency,
    iron_deficiency,
    macrocytosis,
    megaloblastic_picture,
    raised_reticulocytes,
    severe_anemia,
)
from b12labs.rules.b12_status import adequate, b12_deficiency, deficiency_possible
from b12labs.rules.confounders import reduced_kidney_function
from b12labs.rules.megaloblastic import megaloblastic_anemia
from b12labs.rules.quantities import mcv
from b12labs.rules.safety import marrow_disease_possible
from b12labs.rules.treatment import neurological_involvement

b12_before_folic_acid = finding(
    "b12_before_folic_acid",
    when=b12_deficiency,
    says="Give B12 before or with any folic acid, never folic acid alone: it may start or worsen spinal cord disease.",
    label="B12 before folic acid",
    sources=("nhs-scotland-east",),
)
folate_before_b12 = finding(
    "folate_before_b12",
    when=folate_deficiency,
    says="Exclude B12 deficiency before folic acid alone is given: it may start or worsen spinal cord disease.",
    label="folate deficiency with B12 to be excluded",
    sources=("nhs-scotland-east",),
)
potassium_in_severe_anemia = finding(
    "potassium_in_severe_anemia",
    when=b12_deficiency & severe_anemia,
    says="Check potassium in the first 48 hours: it can fall when severe megaloblastic anemia is treated.",
    label="potassium in severe anemia",
    sources=("us-label",),
)
no_cyanocobalamin = finding(
    "no_cyanocobalamin",
    when=reported("leber_optic_neuropathy"),
    says="Leber's optic neuropathy: no cyanocobalamin.",
    label="Leber's optic neuropathy",
    sources=("nhs-scotland-east",),
)
cobalamin_allergy = finding(
    "cobalamin_allergy",
    when=reported("cobalamin_allergy"),
    says="Allergy to cobalt or cobalamin is reported: a specialist decides on the form and the place of the first "
    "dose.",
    label="allergy to cobalamin",
    sources=("bnf",),
)
b12_not_for_monitoring = finding(
    "b12_not_for_monitoring",
    when=reported_any("recent_b12"),
    says="Serum B12 does not monitor injections: judge by symptoms, blood count and metabolites.",
    label="serum B12 under treatment",
    sources=("nice-ng239",),
)
metformin_may_continue = finding(
    "metformin_may_continue",
    when=reported("metformin") & deficiency_possible & ~certain(reduced_kidney_function),
    says="Metformin need not stop because of B12.",
    label="metformin",
    sources=("mhra-2022",),
)
stop_nitrous_oxide = finding(
    "stop_nitrous_oxide",
    when=reported("nitrous_oxide"),
    says="Nitrous oxide must stop; while it goes on, treatment cannot work.",
    label="stopping nitrous oxide",
    sources=("practical-neurology-n2o", "nice-ng239"),
)
# What makes a low count another disease's, or its deficiency unlikely: then nobody starts B12 before the results.
_counts_point_elsewhere = (
    certain(adequate, "an adequate level")
    | certain(raised_reticulocytes)
    | (certain(iron_deficiency) & certain(mcv < limit.mcv_low, "small red cells"))
    | (certain(marrow_disease_possible) & ~certain(b12_deficiency))
)
do_not_wait = finding(
    "do_not_wait",
    when=deficiency_possible
    & (reported_any("myelopathy") | (certain(anemia) & certain(megaloblastic_picture) & ~_counts_point_elsewhere)),
    says="Take the blood, then start treatment without waiting for results: megaloblastic anemia or spinal cord "
    "disease is suspected.",
    label="treatment without waiting",
    sources=("nice-ng239", "bsh-2014"),
)
therapeutic_trial = finding(
    "therapeutic_trial",
    when=~certain(b12_deficiency)
    & deficiency_possible
    & (
        neurological_involvement
        | (certain(megaloblastic_picture) & ~(certain(adequate, "an adequate level") & ~certain(macrocytosis)))
    ),
    says="If results stay open and the picture is strong, a therapeutic trial is an option; measure MMA or "
    "homocysteine before it.",
    label="a therapeutic trial",
    sources=("bsh-2014", "solomon-2005"),
)

treat_folate_too = finding(
    "treat_folate_too",
    when=folate_deficiency & (measured.age >= Coefficient("specialist.age")),
    says="Folate is low: folic acid 5 mg a day for 4 months, with or after B12, and look for the cause.",
    label="folic acid",
    sources=("bsh-2014",),
)
treat_folate_in_a_child = finding(
    "treat_folate_in_a_child",
    when=folate_deficiency & (measured.age < Coefficient("specialist.age")),
    says="Folate is low: a pediatric specialist decides the dose of folic acid, with or after B12.",
    label="folic acid in a child",
    sources=("b12labs-design",),
)
pediatric_dose = finding(
    "pediatric_dose",
    when=deficiency_possible & (measured.age < Coefficient("specialist.age")),
    says="Under 16: no adult dose; a pediatric specialist decides on form and dose.",
    label="a child's dose",
    sources=("nice-ng239", "b12labs-design"),
)
treat_iron_too = finding(
    "treat_iron_too",
    when=iron_deficiency,
    says="Iron is short: replace it, and look for the cause.",
    label="iron",
    sources=("who-ferritin-2020",),
)

diet_sources = finding(
    "diet_sources",
    when=b12_deficiency | reported_any("diet"),
    says=(
        "B12 is in meat, liver, fish, shellfish, eggs and dairy; in fortified cereals, plant milks, meat substitutes "
        "and nutritional yeast; and in "
        "supplements. Adults need 2.4 micrograms a day, more in pregnancy (2.6) and breastfeeding (2.8)."
    ),
    label="sources of B12",
    sources=("iom-1998",),
)

blood_recovers = finding(
    "blood_recovers",
    when=megaloblastic_anemia & b12_deficiency,
    says="Reticulocytes rise within 3 to 4 days and peak at day 5 to 8; hemoglobin and MCV are normal by about 8 "
    "weeks.",
    label="recovery of the blood",
    sources=("iom-1998", "best-practice"),
)
metabolites_recover = finding(
    "metabolites_recover",
    when=b12_deficiency,
    says="MMA and homocysteine are normal by 8 weeks at the latest; if not, the diagnosis or the dose is wrong, or "
    "folate or iron is missing.",
    label="recovery of MMA and homocysteine",
    sources=("best-practice",),
)
nerves_recover = finding(
    "nerves_recover",
    when=b12_deficiency & neurological_involvement,
    says="Neurological symptoms change over weeks to months; when severe or long-standing, some may stay. Early "
    "treatment decides.",
    label="recovery of the nerves",
    sources=("nice-ng239",),
)

review_in_pregnancy = finding(
    "review_in_pregnancy",
    when=b12_deficiency & (reported("pregnant") | reported("breastfeeding")),
    says="Review after 1 month, because of pregnancy or breastfeeding.",
    label="a review after 1 month",
    sources=("nice-ng239",),
)

CAUTIONS = (
    b12_before_folic_acid,
    folate_before_b12,
    potassium_in_severe_anemia,
    no_cyanocobalamin,
    cobalamin_allergy,
    b12_not_for_monitoring,
    pediatric_dose,
    metformin_may_continue,
    stop_nitrous_oxide,
    do_not_wait,
    therapeutic_trial,
)
ALSO = (treat_folate_too, treat_folate_in_a_child, treat_iron_too)
DIET = (diet_sources,)
RECOVERY = (blood_recovers, metabolites_recover, nerves_recover)

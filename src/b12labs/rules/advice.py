"""Advice with treatment: cautions, other deficiencies to treat, diet, recovery and review."""

from b12labs.logic.language import Coefficient, certain, finding, measured, reported, reported_any
from b12labs.rules.anemia import very_low_hemoglobin
from b12labs.rules.antifolates import antifolate_for_the_prescriber, antifolate_toxicity_suspected
from b12labs.rules.b12_status import b12_deficiency, certain_deficiency, deficiency_possible, low_total_b12_alone
from b12labs.rules.cells import low_blood_in_pregnancy
from b12labs.rules.confounders import reduced_kidney_function
from b12labs.rules.do_now import do_not_wait, neurological_involvement
from b12labs.rules.iron_and_folate import folate_deficiency, iron_deficiency
from b12labs.rules.levels import certainly_adequate_level
from b12labs.rules.megaloblastic import megaloblastic_anemia
from b12labs.rules.metabolites import metabolites_unknown
from b12labs.rules.picture import certain_picture
from b12labs.rules.treatment import lifelong_treatment

b12_before_folic_acid = finding(
    "b12_before_folic_acid",
    when=b12_deficiency,
    says="Give B12 before or with any folic acid, never folic acid alone: it may start or worsen spinal cord disease.",
    label="B12 before folic acid",
    sources=("nhs-scotland-east",),
)
folate_before_b12 = finding(
    "folate_before_b12",
    when=folate_deficiency & deficiency_possible & ~certain_deficiency,
    says="Exclude B12 deficiency before giving folic acid alone: it may start or worsen spinal cord disease.",
    label="folate deficiency with B12 to be excluded",
    sources=("nhs-scotland-east",),
)
potassium_in_severe_anemia = finding(
    "potassium_in_severe_anemia",
    when=(b12_deficiency | do_not_wait) & very_low_hemoglobin,
    says="Check potassium in the first 48 hours: it can fall when severe megaloblastic anemia is treated.",
    label="potassium in severe anemia",
    sources=("us-label",),
)
no_cyanocobalamin = finding(
    "no_cyanocobalamin",
    when=reported("leber_optic_neuropathy"),
    says="Leber's optic neuropathy: do not give cyanocobalamin.",
    label="Leber's optic neuropathy",
    sources=("nhs-scotland-east",),
)
cobalamin_allergy = finding(
    "cobalamin_allergy",
    when=reported("cobalamin_allergy"),
    says="Allergy to cobalt or cobalamin is reported: a specialist decides on the form, and where to give the first "
    "dose.",
    label="allergy to cobalamin",
    sources=("bnf",),
)
b12_not_for_monitoring = finding(
    "b12_not_for_monitoring",
    when=reported_any("recent_b12"),
    says="Do not monitor injections by serum B12: judge by symptoms, blood count and metabolites.",
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
    says="Nitrous oxide must stop: treatment cannot work while its use continues.",
    label="stopping nitrous oxide",
    sources=("practical-neurology-n2o", "nice-ng239"),
)
trial_not_waited_for = finding(
    "trial_not_waited_for",
    when=low_total_b12_alone & neurological_involvement & ~do_not_wait,
    says="Nerve signs are present: start a trial of B12 once blood is taken, without waiting for the results.",
    label="a trial without waiting for results",
    sources=("bsh-2014", "b12labs-design"),
)
therapeutic_trial = finding(
    "therapeutic_trial",
    when=~certain_deficiency
    & deficiency_possible
    & ~do_not_wait
    & ~trial_not_waited_for
    & (neurological_involvement | (certain_picture & ~certainly_adequate_level)),
    says="If the results stay inconclusive and the clinical picture is strong, a therapeutic trial is an option.",
    label="a therapeutic trial",
    sources=("bsh-2014", "solomon-2005"),
)
metabolites_before_trial = finding(
    "metabolites_before_trial",
    when=(therapeutic_trial | trial_not_waited_for | do_not_wait) & metabolites_unknown & ~certain_deficiency,
    says="Take blood for MMA or homocysteine before the first dose.",
    label="MMA or homocysteine before the first dose",
    sources=("bsh-2014",),
)
trial_with_normal_mma = finding(
    "trial_with_normal_mma",
    when=certain(~b12_deficiency, "B12 deficiency turning out unlikely")
    & neurological_involvement
    & ~certainly_adequate_level
    & ~do_not_wait,
    says="Nerve signs are present, and the level is not adequate: a trial of B12 is possible. MMA was normal in 23 % "
    "of those who responded to B12.",
    label="a trial of B12 although MMA is normal",
    sources=("solomon-2005",),
)

# The prescriber decides whether the antifolate explains the blood count: no dose of folic acid is printed with it.
_antifolate_in_question = antifolate_toxicity_suspected | antifolate_for_the_prescriber
treat_folate_too = finding(
    "treat_folate_too",
    when=folate_deficiency & ~_antifolate_in_question & (measured.age >= Coefficient("specialist.age")),
    says="Folate is low: replace it, and look for the cause.",
    label="folic acid",
    sources=("bsh-2014",),
)
folate_beside_antifolate = finding(
    "folate_beside_antifolate",
    when=_antifolate_in_question & (folate_deficiency | reported("folic_acid")),
    says="Folic acid already taken continues with the antifolate; the prescriber decides on any other treatment.",
    label="folic acid with an antifolate",
    sources=("methotrexate-pancytopenia",),
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
    when=(deficiency_possible | certain(do_not_wait) | certain(lifelong_treatment))
    & (measured.age < Coefficient("specialist.age")),
    says="Under 16, do not use adult doses: a pediatric specialist decides on form and dose, and gives an injection "
    "now if one is indicated.",
    label="a child's dose",
    sources=("nice-ng239", "b12labs-design"),
)
treat_iron_too = finding(
    "treat_iron_too",
    when=iron_deficiency,
    says="Iron is low: replace it, and look for the cause.",
    label="iron",
    sources=("who-ferritin-2020",),
)

diet_sources = finding(
    "diet_sources",
    when=b12_deficiency | reported_any("diet"),
    says=(
        "Liver, clams and other shellfish contain the most B12. Meat (beef, poultry), fish (salmon, trout, tuna), "
        "eggs, milk, cheese and yogurt contain it. So do supplements, and breakfast cereals, nutritional yeast, plant "
        "milks and meat substitutes if their label says so."
    ),
    label="sources of B12",
    sources=("b12-neuropathy-texts",),
)
no_plant_source = finding(
    "no_plant_source",
    when=reported_any("diet"),
    says="Plants, seaweed and unfortified yeast are not a reliable source of B12.",
    label="a diet low in B12, which plants do not correct",
    sources=("common-knowledge",),
)
daily_need = finding(
    "daily_need",
    when=b12_deficiency | reported_any("diet"),
    says="Adults need 2.4 micrograms a day, more in pregnancy (2.6) and breastfeeding (2.8); EFSA: 4.0, 4.5 and 5.0.",
    label="the daily need of B12",
    sources=("iom-1998", "efsa"),
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
    "folate or iron is deficient.",
    label="recovery of MMA and homocysteine",
    sources=("best-practice",),
)
nerves_recover = finding(
    "nerves_recover",
    when=b12_deficiency & neurological_involvement,
    says="Neurological symptoms change over weeks to months. Recovery may be incomplete, and severe or long-standing "
    "damage may be permanent. Early treatment is decisive.",
    label="recovery of the nerves",
    sources=("nice-ng239",),
)

# The same term is reported for a breastfed infant.
_breastfeeds = reported("breastfeeding") & ~certain(measured.age < Coefficient("toddler.age"), "an age below two years")
examine_the_infant = finding(
    "examine_the_infant",
    when=b12_deficiency & _breastfeeds,
    says="She is breastfeeding: examine the infant, and test its B12, MMA and homocysteine.",
    label="the infant of a breastfeeding woman",
    sources=("nice-ng239", "b12labs-design"),
)
tell_obstetrics = finding(
    "tell_obstetrics",
    when=reported("pregnant") & (b12_deficiency | certain(do_not_wait) | trial_not_waited_for | low_blood_in_pregnancy),
    says="She is pregnant: inform obstetrics.",
    label="obstetrics",
    sources=("b12labs-design",),
)
review_in_pregnancy = finding(
    "review_in_pregnancy",
    when=b12_deficiency & (reported("pregnant") | _breastfeeds),
    says="Review after 1 month, because of pregnancy or breastfeeding.",
    label="a review after 1 month",
    sources=("nice-ng239",),
)

CAUTIONS = (
    do_not_wait,
    b12_before_folic_acid,
    folate_before_b12,
    potassium_in_severe_anemia,
    no_cyanocobalamin,
    cobalamin_allergy,
    b12_not_for_monitoring,
    pediatric_dose,
    metformin_may_continue,
    stop_nitrous_oxide,
    trial_not_waited_for,
    therapeutic_trial,
    metabolites_before_trial,
    trial_with_normal_mma,
)
ALSO = (
    treat_folate_too,
    folate_beside_antifolate,
    treat_folate_in_a_child,
    treat_iron_too,
    examine_the_infant,
    tell_obstetrics,
)
DIET = (diet_sources, no_plant_source, daily_need)
RECOVERY = (blood_recovers, metabolites_recover, nerves_recover)

"""Facts about symptoms and risk factors: nerve studies, bones and joints, oral forms, people to watch.

They explain, and decide nothing.
"""

from b12labs.logic.language import by_guideline, certain, finding, reported, reported_any
from b12labs.rules.anemia import severe_anemia
from b12labs.rules.b12_status import b12_deficiency, deficiency_possible
from b12labs.rules.confounders import intrinsic_factor_antibody
from b12labs.rules.levels import adequate
from b12labs.rules.metabolites import raised_mma

# Nerve conduction studies and EMG.
_nerve_signs = reported_any("neurological")
_severe_nerve_disease = (
    reported_any("myelopathy")
    | reported("limb_weakness")
    | reported("abnormal_reflexes")
    | reported("ataxia")
    | reported("falls")
)
nerve_studies_unexplained = finding(
    "nerve_studies_unexplained",
    when=_nerve_signs & adequate & ~raised_mma,
    says="Consider nerve conduction studies and EMG: nerve signs are present, and B12 and MMA are normal. They show "
    "length-dependent, mostly axonal damage, and may be normal in small-fiber or early disease.",
    label="nerve signs with a normal B12 and MMA",
    sources=("statpearls-nerve-studies", "fpnotebook"),
    printed="beside",
)
nerve_studies_extent = finding(
    "nerve_studies_extent",
    when=b12_deficiency & _severe_nerve_disease,
    says="Nerve conduction studies and EMG measure the extent of nerve damage at the start. Repeat them if nothing has "
    "improved after three months. Do not delay treatment for them.",
    label="severe nerve disease with B12 deficiency",
    sources=("b12-neuropathy-texts", "statpearls-nerve-studies", "b12labs-design"),
    printed="beside",
)
nerve_studies_do_not_diagnose = finding(
    "nerve_studies_do_not_diagnose",
    when=_nerve_signs & deficiency_possible,
    says="Nerve conduction studies and EMG do not diagnose B12 deficiency; blood tests do. Use them for "
    "weakness, and for symptoms that are one-sided, rapid or atypical of B12 deficiency, if these stay unexplained.",
    label="nerve signs while deficiency is possible",
    sources=("statpearls-nerve-studies",),
    printed="beside",
)
nerve_studies_miss_the_cord = finding(
    "nerve_studies_miss_the_cord",
    when=reported_any("myelopathy"),
    says="Nerve conduction studies miss the spinal cord: MRI of the spine and evoked potentials show it.",
    label="cord signs, which nerve studies miss",
    sources=("common-knowledge",),
    printed="beside",
)

# Bones, joints and legs.
bone_density = finding(
    "bone_density",
    when=reported("osteoporosis") | reported("bone_pain") | (reported("falls") & deficiency_possible),
    says="Long-standing low B12 is associated with lower bone density in some studies: in Framingham, below 148 "
    "pmol/L, at the hip in men and at the spine in women. Fracture risk changes little (relative risk 0.96 for each 50 "
    "pmol/L more, 0.92 to 1.00), and a review of 17 studies calls the link not established. Low B12 alone is not a "
    "reason for a density scan; fracture risk from age, falls and steroids is. Falls from lost position sense matter "
    "more.",
    label="bone pain, osteoporosis or falls",
    sources=("framingham-bone", "bone-meta-analysis-2013", "bone-review-2017"),
    printed="beside",
)
joint_pain_indirect = finding(
    "joint_pain_indirect",
    when=reported("joint_pain") | reported("joint_stiffness") | reported("joint_swelling"),
    says="The link between joint pain and low B12 is unproven, and no level is known at which joints hurt. Examine the "
    "joint: investigate a swollen, red or stiff joint in its own right. Test B12 if there is tingling, numbness, "
    "weakness or a risk factor.",
    label="joint pain",
    sources=("b12-neuropathy-texts",),
    printed="beside",
)
legs_before_anemia = finding(
    "legs_before_anemia",
    when=(reported("leg_pain") | reported("thigh_pain") | reported("joint_pain") | reported("muscle_cramps"))
    & deficiency_possible,
    says="Symptoms of B12 deficiency come gradually, are easily attributed to something else, and may begin in the "
    "legs, before anemia. Ask about all of them.",
    label="leg, thigh or joint pain or cramps while deficiency is possible",
    sources=("b12-neuropathy-texts",),
    printed="beside",
)

# Oral forms.
_injections_called_for = (
    _nerve_signs | certain(severe_anemia) | reported_any("lifelong_parenteral") | certain(intrinsic_factor_antibody)
)
sublingual_alike = finding(
    "sublingual_alike",
    when=b12_deficiency & ~_injections_called_for,
    says="Swallowed and sublingual tablets are used alike; a sublingual tablet is not an injection. In one "
    "retrospective pharmacy series (3,451 sublingual, 830 injected) serum B12 rose at least as much; symptoms were not "
    "measured.",
    label="tablets, swallowed or sublingual",
    sources=("sublingual-2018", "b12-neuropathy-texts"),
)
sublingual_no_substitute = finding(
    "sublingual_no_substitute",
    when=b12_deficiency & _injections_called_for,
    says="A sublingual tablet does not replace the injections that are indicated here.",
    label="injections that a sublingual tablet does not replace",
    sources=("sublingual-2018", "b12-neuropathy-texts"),
)
FORMS = (sublingual_alike, sublingual_no_substitute)

# People to watch: those at risk who are not known to be deficient.
_at_risk = (reported_any("test_risk") | reported_any("other_test_risk")) & ~certain(b12_deficiency)
watch_after_bypass = finding(
    "watch_after_bypass",
    when=_at_risk & reported("bariatric_surgery"),
    says="After a bypass, measure B12 every year.",
    label="bariatric surgery, with a yearly test",
    sources=("bomss",),
    printed="beside",
)
watch_on_metformin = finding(
    "watch_on_metformin",
    when=_at_risk & reported("metformin") & (by_guideline("nice-ng239") | by_guideline("bsh-2014")),
    says="On metformin, consider regular B12 tests if there is another risk factor.",
    label="metformin, by a UK guideline",
    sources=("mhra-2022",),
    printed="beside",
)
watch_by_nhg = finding(
    "watch_by_nhg",
    when=_at_risk
    & (reported("metformin") | reported_any("raises_gastrin"))
    & ~reported_any("b12_symptom")
    & by_guideline("nhg"),
    says="Metformin or an acid blocker alone is not a reason for a routine test of B12.",
    label="metformin or an acid blocker, by the Dutch guideline",
    sources=("nhg",),
    printed="beside",
)
watch_by_aafp_2017 = finding(
    "watch_by_aafp_2017",
    when=_at_risk & reported_any("aafp_2017_risk") & by_guideline("aafp-2017"),
    says="With this risk factor, test B12 even without symptoms.",
    label="a risk factor for which AAFP 2017 tests",
    sources=("aafp-2017",),
    printed="beside",
)
vegans_supplement = finding(
    "vegans_supplement",
    when=reported("vegan_diet"),
    says="Anyone who eats no animal food should take a B12 supplement; without symptoms, no test is needed first.",
    label="a vegan diet",
    sources=("british-columbia-2023", "b12-neuropathy-texts"),
    printed="beside",
)
watch_for_symptoms = finding(
    "watch_for_symptoms",
    when=_at_risk
    & ~reported("nitrous_oxide")
    & ~(watch_after_bypass | watch_on_metformin | watch_by_nhg | watch_by_aafp_2017 | vegans_supplement),
    says="With a risk factor, ask about symptoms every year, and test if there are any.",
    label="a risk factor to watch",
    sources=("b12labs-design",),
    printed="beside",
)
ask_since_when = finding(
    "ask_since_when",
    when=reported_any("diet") | reported_any("malabsorption"),
    says="Ask since when: stores of B12 last for years. A recent diet or operation does not exclude deficiency later; "
    "one from years ago supports it.",
    label="a diet or disease whose length matters",
    sources=("b12-neuropathy-texts", "bmj-2014-stores"),
    printed="beside",
)

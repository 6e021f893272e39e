"""The status by all results together, and the findings that could overturn it."""

from b12labs.logic.language import OPEN_QUESTION, Case, Otherwise, Verdict, at_least, certain, finding
from b12labs.rules.adequacy import low_even_so, total_b12_unreliable
from b12labs.rules.anemia import anemia
from b12labs.rules.discordance import discordant_low_holotc, discordant_low_total_b12
from b12labs.rules.levels import (
    adequate_holotc,
    adequate_total_b12,
    certainly_adequate_level,
    certainly_normal_holotc,
    low_holotc,
    low_total_b12,
)
from b12labs.rules.metabolites import (
    functional_deficiency,
    homocysteine_counts,
    mma_counts,
    normal_mma,
    raised_homocysteine,
    raised_mma,
    raised_urine_mma,
)
from b12labs.rules.picture import certain_picture
from b12labs.rules.voided import adequate_level_voided, unexplained_picture

# If something lowers total B12 without deficiency, a low total B12 needs support, and a measured holoTC decides.
_support = low_holotc | raised_mma | raised_homocysteine | certain_picture | low_even_so
low_total_b12_counts = finding(
    "low_total_b12_counts",
    when=low_total_b12 & (~total_b12_unreliable | (_support & ~certainly_normal_holotc)),
    says="Total B12 is low, and is taken as a sign of deficiency.",
    label="a low total B12 taken as a sign of deficiency",
    sources=("bsh-2014", "pregnancy-bc-2019", "b12labs-design"),
)
low_total_b12_alone = finding(
    "low_total_b12_alone",
    when=low_total_b12
    & total_b12_unreliable
    & ~certain(low_total_b12_counts)
    & ~certain(~low_total_b12_counts, "a result that supports or refutes a low total B12"),
    says="Total B12 is low, and a condition or medicine that lowers it without deficiency is reported: holoTC or MMA "
    "decides.",
    label="a low total B12 with another possible explanation",
    sources=("bsh-2014", "nice-ng239", "b12labs-design"),
    printed="also",
)
low_b12_level = finding(
    "low_b12_level",
    when=((low_holotc & ~certain(discordant_low_holotc)) | low_total_b12_counts)
    & ~certain(discordant_low_total_b12)
    & (functional_deficiency | ~certain(adequate_holotc)),
    says="The level of B12 in blood is low, and nothing measured contradicts it.",
    label="a low total B12 or holoTC",
    sources=("nice-ng239", "carmel-2003"),
)

_adequate_stands = (
    adequate_total_b12 | (adequate_holotc & (~certain(low_total_b12) | ~raised_mma))
) & ~adequate_level_voided
_normal_mma_stands = (~low_total_b12 | ~low_holotc) & ~raised_mma & ~adequate_level_voided

# A level that is still unknown does not keep open a status that the other results settle. It is listed among the
# results that could overturn it.
_settled = functional_deficiency | _adequate_stands | _normal_mma_stands
_deficient = low_b12_level & ~(_settled & ~certain(low_b12_level))
_functional = functional_deficiency & ~(_adequate_stands & ~certain(functional_deficiency))

# A deficiency that is neither shown nor made unlikely stays open: an indeterminate status is not a "no".
_unlikely = _adequate_stands | _normal_mma_stands
b12_deficiency = finding(
    "b12_deficiency",
    when=_deficient | _functional | (OPEN_QUESTION & ~_unlikely),
    says="There is B12 deficiency, by level or by function.",
    label="B12 deficiency",
    sources=("carmel-2011",),
)
certain_deficiency = certain(b12_deficiency)
#: Deficiency is shown, or nothing makes it unlikely.
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
            _unlikely,
            "The results make B12 deficiency unlikely. No result excludes it.",
        ),
    ),
    Otherwise("indeterminate", "These results do not settle whether B12 is deficient."),
    sources=("carmel-2011", "solomon-2005"),
)

deficiency_without_anemia = finding(
    "deficiency_without_anemia",
    when=b12_deficiency & ~anemia,
    says="There is no anemia. A normal count or a normal homocysteine does not exclude deficiency, and nerves can be "
    "damaged without anemia.",
    label="deficiency without anemia",
    sources=("stabler-2013", "nice-ng239"),
    printed="also",
)
two_markers_abnormal = finding(
    "two_markers_abnormal",
    when=at_least(2, low_total_b12, low_holotc, mma_counts, homocysteine_counts),
    says="At least two markers are abnormal, which makes deficiency likely rather than possible.",
    label="two abnormal markers",
    sources=("carmel-2011",),
)
adequate_and_voided = finding(
    "adequate_and_voided",
    when=certainly_adequate_level & adequate_level_voided & ~certain_deficiency,
    says="An adequate B12 level does not exclude deficiency here: deficiency with a normal level would explain "
    "another finding.",
    label="an adequate level that does not exclude deficiency",
    sources=("solomon-2005", "nejm-2012-if", "practical-neurology-n2o", "b12labs-design"),
    printed="also",
)
# The reason for an open status, if no other printed sentence names it.
picture_keeps_it_open = finding(
    "picture_keeps_it_open",
    when=adequate_and_voided & unexplained_picture & ~normal_mma,
    says="The unexplained anemia with a megaloblastic blood picture keeps the status open.",
    label="a blood picture that keeps the status open",
    sources=("hematology-texts", "b12labs-design"),
    printed="also",
)
urine_mma_keeps_it_open = finding(
    "urine_mma_keeps_it_open",
    when=adequate_and_voided & certain(raised_urine_mma),
    says="Urine MMA/creatinine is raised, which kidney function does not explain: it keeps the status open.",
    label="a urine MMA/creatinine that keeps the status open",
    sources=("b12labs-design",),
    printed="also",
)
homocysteine_keeps_it_open = finding(
    "homocysteine_keeps_it_open",
    when=adequate_and_voided & certain(raised_homocysteine) & ~normal_mma & ~certain(raised_mma),
    says="Homocysteine is raised and MMA is not known: it keeps the status open.",
    label="a homocysteine that keeps the status open",
    sources=("carmel-2003", "b12labs-design"),
    printed="also",
)

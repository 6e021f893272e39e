"""The tests to ask for next.

Each question names the open measurements that would answer it. The order of the questions is the order in which their
tests are asked for.
"""

from b12labs.logic.language import Coefficient, Question, certain, limit, measured, reported, reported_any
from b12labs.rules.anemia import anemia
from b12labs.rules.b12_status import certain_deficiency, deficiency_possible, status
from b12labs.rules.causes import gastrin_raised
from b12labs.rules.cells import (
    hypersegmented_neutrophils,
    low_white_cells,
    macrocytosis,
    marked_macrocytosis,
    thrombocytopenia,
)
from b12labs.rules.confounders import intrinsic_factor_antibody, recent_b12, reduced_kidney_function
from b12labs.rules.discordance import discordant_low_holotc
from b12labs.rules.do_now import lasting_cause, neurological_involvement
from b12labs.rules.hemolysis import hemolysis, many_reticulocytes, sign_of_hemolysis
from b12labs.rules.high_b12 import unexplained_high_b12
from b12labs.rules.iron_and_folate import folate_deficiency, iron_deficiency
from b12labs.rules.levels import certainly_adequate_level, level_unknown, low_holotc, low_total_b12
from b12labs.rules.marrow import film_today
from b12labs.rules.megaloblastic import megaloblastic_anemia
from b12labs.rules.metabolites import (
    functional_deficiency,
    mma_within_age,
    raised_homocysteine,
    raised_mma,
)
from b12labs.rules.picture import raised_tsh, reported_macrocytosis_cause
from b12labs.rules.quantities import mma
from b12labs.rules.unverified import VERIFY

_anemia = certain(anemia)
_blood_matters = certain_deficiency | _anemia | certain(macrocytosis)
_negative_antibody = certain(~intrinsic_factor_antibody, "a negative intrinsic-factor antibody")
# On treatment and without new signs, neither the level nor the metabolites are informative. If it is not known whether
# B12 is taken, tests are asked for.
_stable_under_treatment = certain(recent_b12) & ~neurological_involvement & ~_anemia & ~reported("new_or_progressive")
_open = deficiency_possible & ~_stable_under_treatment
_not_shown = ~certain(functional_deficiency)
# If the cause is known, the antibody changes nothing; in a child, autoimmune gastritis is seldom the cause.
_antibody_matters = (
    certain_deficiency
    & ~lasting_cause
    & ~reported("bariatric_surgery")
    & ~reported("nitrous_oxide")
    & ~reported("celiac_disease")
    & ~certain(measured.age < Coefficient("antibody.age"), "a child's age")
)
_homocysteine_alone = (
    certain(raised_homocysteine) & ~certain(raised_mma) & (~certain_deficiency | reported("nitrous_oxide"))
)
_large_cells_unexplained = (
    certain(marked_macrocytosis) | certain(hypersegmented_neutrophils)
) & ~reported_macrocytosis_cause

QUESTIONS = (
    *VERIFY,
    Question(
        "child",
        "Is a small child's tissue short of B12?",
        raised_mma | raised_homocysteine,
        certain(measured.age < Coefficient("toddler.age"), "an age below two years") & _open & _not_shown,
        ("carmel-2003",),
    ),
    Question(
        "nitrous_oxide",
        "Does nitrous oxide keep B12 from working, whatever its level?",
        raised_homocysteine | raised_mma,
        reported("nitrous_oxide") & _open & _not_shown,
        ("nice-ng239", "practical-neurology-n2o"),
    ),
    Question(
        "pregnancy",
        "Is active B12 low, since total B12 falls in pregnancy by itself?",
        low_holotc,
        reported("pregnant") & _open & ~certain_deficiency,
        ("nice-ng239",),
    ),
    Question(
        "repeat_holotc",
        "Is holoTC really low, although the other results contradict it (repeat)?",
        low_holotc,
        certain(discordant_low_holotc),
        ("b12labs-design",),
        again=("holotc",),
    ),
    Question(
        "mma_of_age",
        "Is MMA higher than age explains (repeat, or holoTC)?",
        low_holotc,
        certain(mma_within_age),
        ("norway", "denmark"),
        again=("mma",),
    ),
    Question(
        "level",
        "Is the level of B12 low?",
        low_total_b12 | low_holotc,
        level_unknown & _open,
        ("nice-ng239",),
    ),
    Question(
        "kidney",
        "Does the kidney explain the raised metabolites?",
        reduced_kidney_function,
        certain(raised_mma) & ~certain(mma > limit.mma_beyond_kidney, "an MMA that no kidney explains"),
        ("carmel-2003",),
    ),
    Question("status", "Is tissue short of B12?", status, ~_stable_under_treatment, ("carmel-2003", "solomon-2005")),
    Question(
        "homocysteine_by_folate",
        "Does a low folate explain the raised homocysteine?",
        folate_deficiency,
        _homocysteine_alone,
        ("carmel-2003",),
    ),
    Question(
        "homocysteine_by_kidney",
        "Does the kidney explain the raised homocysteine?",
        reduced_kidney_function,
        _homocysteine_alone & ~certain(folate_deficiency),
        ("carmel-2003",),
    ),
    Question(
        "in_spite_of_level",
        "Is tissue short of B12 although its level is adequate?",
        functional_deficiency,
        certainly_adequate_level
        & (neurological_involvement | reported_any("malabsorption") | _large_cells_unexplained)
        & ~_stable_under_treatment,
        ("solomon-2005", "stabler-2013"),
    ),
    Question(
        "high_b12",
        "Is B12 really high (repeat), and does it hide a deficiency?",
        functional_deficiency | low_holotc,
        certain(unexplained_high_b12),
        ("aafp-2025", "fedosov-nexo-2024"),
        again=("b12",),
    ),
    Question(
        "anemia",
        "Is there anemia?",
        anemia,
        certain(macrocytosis) | certain(thrombocytopenia) | certain(low_white_cells, "low white cells"),
        ("who-2024",),
    ),
    Question(
        "megaloblastic_anemia",
        "Is there megaloblastic anemia?",
        megaloblastic_anemia,
        _blood_matters,
        ("hematology-texts",),
    ),
    Question(
        "hemolysis",
        "Are red cells being destroyed?",
        hemolysis | many_reticulocytes,
        (certain(thrombocytopenia) | sign_of_hemolysis) & _anemia,
        ("ustma", "pseudo-tma-2013"),
    ),
    Question(
        "cause",
        "Is the cause autoimmune gastritis (injections for life)?",
        intrinsic_factor_antibody,
        _antibody_matters,
        ("nice-ng239",),
    ),
    Question(
        "cause_without_antibody",
        "Is the cause autoimmune gastritis although the antibody is negative?",
        gastrin_raised,
        _antibody_matters & _negative_antibody & ~reported_any("raises_gastrin"),
        ("mayo-cascade",),
    ),
    Question("folate", "Is folate deficient too?", folate_deficiency, _blood_matters, ("bsh-2014",)),
    Question("iron", "Is iron deficient too?", iron_deficiency, certain_deficiency & _anemia, ("who-ferritin-2020",)),
    Question(
        "thyroid",
        "Does the thyroid explain the large red cells?",
        raised_tsh,
        certain(macrocytosis)
        & ~certain_deficiency
        & ~reported("hypothyroidism")
        & ~film_today
        & ~certain(folate_deficiency),
        ("savage-2000",),
    ),
)

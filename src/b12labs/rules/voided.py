"""The findings that keep an adequate level, or a normal MMA, from making deficiency unlikely."""

from b12labs.logic.language import certain, finding, reported_any
from b12labs.rules.adequacy import raised_metabolite
from b12labs.rules.anemia import anemia
from b12labs.rules.confounders import intrinsic_factor_antibody, nitrous_oxide, recent_b12
from b12labs.rules.copper import copper_deficiency_suspected, copper_explains
from b12labs.rules.discordance import discordant_low_holotc
from b12labs.rules.hemolysis import raised_reticulocytes
from b12labs.rules.iron_and_folate import folate_deficiency
from b12labs.rules.marrow import film_today, low_cells_unexplained
from b12labs.rules.metabolites import (
    normal_homocysteine,
    normal_mma,
    raised_urine_mma,
)
from b12labs.rules.picture import certain_picture, reported_macrocytosis_cause
from b12labs.rules.quantities import infant

cord_signs = finding(
    "cord_signs",
    when=reported_any("myelopathy"),
    says="Signs of spinal cord disease are reported.",
    label="signs of spinal cord disease",
    sources=("nice-ng239", "practical-neurology-n2o"),
    printed="first",
)
unexplained_picture = finding(
    "unexplained_picture",
    when=certain(anemia)
    & certain_picture
    & ~certain(
        folate_deficiency
        | reported_macrocytosis_cause
        | copper_deficiency_suspected
        | raised_reticulocytes
        | film_today
        | low_cells_unexplained,
        "another cause of the blood picture",
    ),
    says="There is anemia with a megaloblastic blood picture, and nothing else is known to explain it.",
    label="an anemia with an unexplained megaloblastic picture",
    sources=("hematology-texts", "b12labs-design"),
)

# Normal metabolites overrule most of them: both after nitrous oxide and with cord signs, MMA for the others. Nothing
# overrules a recent dose of B12, and contradictory results are repeated.
_both_normal = normal_mma & normal_homocysteine
adequate_level_voided = finding(
    "adequate_level_voided",
    when=recent_b12
    | certain(discordant_low_holotc)
    | certain(raised_urine_mma)
    | raised_metabolite
    | (nitrous_oxide & ~_both_normal)
    | (cord_signs & ~copper_explains & ~_both_normal)
    | ((certain(intrinsic_factor_antibody) | unexplained_picture) & ~normal_mma)
    | (
        certain(infant, "an infant's age") & (reported_any("b12_symptom") | reported_any("other_symptom")) & ~normal_mma
    ),
    says="Deficiency with a normal level would explain another finding.",
    label="a finding that voids an adequate level",
    sources=("solomon-2005", "nejm-2012-if", "practical-neurology-n2o", "b12labs-design"),
)

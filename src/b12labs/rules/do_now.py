"""Whether treatment starts without waiting: megaloblastic anemia is suspected, or the cord is at risk."""

from b12labs.logic.language import certain, finding, reported, reported_any
from b12labs.rules.anemia import anemia, moderate_anemia
from b12labs.rules.b12_status import certain_deficiency, deficiency_possible
from b12labs.rules.cells import (
    certainly_small_cells,
    hypersegmented_neutrophils,
    low_platelets,
    low_white_cells,
    macrocytosis,
    marked_macrocytosis,
)
from b12labs.rules.confounders import intrinsic_factor_antibody, nitrous_oxide
from b12labs.rules.copper import copper_deficiency_suspected, copper_explains
from b12labs.rules.hemolysis import ineffective_erythropoiesis, raised_reticulocytes
from b12labs.rules.iron_and_folate import iron_deficiency
from b12labs.rules.levels import certainly_adequate_level
from b12labs.rules.marrow import film_today
from b12labs.rules.microangiopathy import possible_ttp
from b12labs.rules.picture import certain_picture, picture_of_low_cells, reported_macrocytosis_cause
from b12labs.rules.voided import cord_signs

neurological_involvement = finding(
    "neurological_involvement",
    when=reported_any("neurological"),
    says="Neurological symptoms or signs are reported.",
    sources=("nice-ng239", "bnf"),
    printed="also",
)
new_nerve_signs = neurological_involvement & reported("new_or_progressive")
lasting_cause = finding(
    "lasting_cause",
    when=reported_any("lifelong_parenteral") | certain(intrinsic_factor_antibody),
    says="The cause lasts for life (autoimmune gastritis, total gastrectomy or ileal resection), and so does "
    "treatment.",
    label="a lasting cause",
    sources=("nice-ng239", "sps"),
)

# Large cells, or low cells that fit, with more than a mild anemia; or a sign that is rare otherwise.
_second_low_line = certain(low_platelets, "low platelets") | certain(low_white_cells, "low white cells")
# Zinc impairs the absorption of copper, not of B12: if cells are low and not known to be large, copper comes first.
_zinc_may_explain = certain(copper_deficiency_suspected) & ~reported_any("malabsorption")
# Possible TTP explains low cells as well: they do not support B12 deficiency unless it is certain.
_ttp_may_explain = possible_ttp & ~certain_deficiency
_telling = (
    certain(marked_macrocytosis)
    | certain(hypersegmented_neutrophils)
    | certain(ineffective_erythropoiesis)
    | (
        ~reported_macrocytosis_cause
        & ~_ttp_may_explain
        & (
            (certain(macrocytosis) & (certain(moderate_anemia) | _second_low_line))
            | (certain(picture_of_low_cells, "low cells that fit") & certain(moderate_anemia) & ~_zinc_may_explain)
        )
    )
)
_speaks_against = (
    certainly_adequate_level
    | raised_reticulocytes
    | (certain(film_today) & ~certain_deficiency)
    | (certain(iron_deficiency) & certainly_small_cells)
)
suspected_megaloblastic_anemia = finding(
    "suspected_megaloblastic_anemia",
    when=certain(anemia) & _telling & ~_speaks_against & deficiency_possible,
    says="Megaloblastic anemia is suspected.",
    sources=("nice-ng239", "bsh-2014", "b12labs-design"),
)
cord_at_risk = finding(
    "cord_at_risk",
    when=(cord_signs & ~copper_explains) | (neurological_involvement & nitrous_oxide),
    says="The spinal cord is at risk: treat without waiting, once blood is taken.",
    label="a spinal cord at risk",
    sources=("nice-ng239", "practical-neurology-n2o"),
)
lasting_cause_with_signs = finding(
    "lasting_cause_with_signs",
    when=lasting_cause
    & (
        (neurological_involvement & (~reported("b12_injections_now") | reported("new_or_progressive")))
        | (certain(anemia) & certain_picture)
    ),
    says="There is a lasting cause with nerve signs or a fitting anemia: start injections now, whatever the results.",
    label="a lasting cause with nerve signs or a fitting anemia",
    sources=("nice-ng239", "b12labs-design"),
)
do_not_wait = finding(
    "do_not_wait",
    when=suspected_megaloblastic_anemia | cord_at_risk | lasting_cause_with_signs,
    says="Take the blood, then start treatment without waiting for results.",
    label="treatment without waiting",
    sources=("nice-ng239", "bsh-2014"),
)
cord_signs_with_normal_markers = finding(
    "cord_signs_with_normal_markers",
    when=cord_signs & ~deficiency_possible & ~copper_explains,
    says="Spinal cord signs are present although the B12 markers are normal: MRI of the spine, and copper. Give B12 "
    "until another cause is found.",
    label="spinal cord signs with normal markers",
    sources=("b12labs-design",),
    printed="first",
)
cord_signs_by_copper = finding(
    "cord_signs_by_copper",
    when=cord_signs & copper_explains,
    says="Copper deficiency may explain the spinal cord signs, and B12 is adequate: copper, ceruloplasmin and MRI of "
    "the spine now.",
    label="spinal cord signs that copper may explain",
    sources=("ash-copper-case", "b12labs-design"),
    printed="first",
)
mri_of_the_spine = finding(
    "mri_of_the_spine",
    when=cord_signs & deficiency_possible & ~certain_deficiency & ~copper_explains,
    says="Spinal cord signs: MRI of the spine, and copper, while B12 is investigated.",
    label="spinal cord signs to be investigated",
    sources=("b12labs-design",),
    printed="also",
)

"""Whether there is megaloblastic anemia, and whether more than one nutrient is deficient."""

from b12labs.logic.language import certain, finding, reported
from b12labs.rules.anemia import anemia
from b12labs.rules.antifolates import antifolate_toxicity_suspected
from b12labs.rules.b12_status import b12_deficiency
from b12labs.rules.cells import macrocytosis
from b12labs.rules.copper import copper_explains
from b12labs.rules.do_now import lasting_cause
from b12labs.rules.iron_and_folate import folate_deficiency, iron_deficiency
from b12labs.rules.levels import level_unknown
from b12labs.rules.metabolites import metabolites_unknown
from b12labs.rules.picture import megaloblastic_picture, possible_thalassemia
from b12labs.rules.voided import unexplained_picture

# With such a cause, such a blood count is enough even if no marker of B12 status was measured.
presumed_deficiency = finding(
    "presumed_deficiency",
    when=lasting_cause & unexplained_picture & level_unknown & metabolites_unknown,
    says="There is a lasting cause and a fitting anemia: B12 deficiency is presumed until B12 is measured.",
    label="a presumed B12 deficiency",
    sources=("b12labs-design",),
    printed="also",
)
# If copper explains the picture, an unmeasured folate does not leave megaloblastic anemia open.
_folate = folate_deficiency & ~(copper_explains & ~certain(folate_deficiency))
megaloblastic_anemia = finding(
    "megaloblastic_anemia",
    when=anemia & megaloblastic_picture & (b12_deficiency | presumed_deficiency | _folate),
    says="Anemia, a megaloblastic blood picture and a deficiency that causes it: megaloblastic anemia.",
    sources=("hematology-texts",),
)
combined_folate_deficiency = finding(
    "combined_folate_deficiency",
    when=b12_deficiency & folate_deficiency,
    says="Folate and B12 are both deficient: replace both, B12 first.",
    sources=("hematology-texts", "nhs-scotland-east"),
    printed="also",
)
combined_iron_deficiency = finding(
    "combined_iron_deficiency",
    when=b12_deficiency & iron_deficiency,
    says="Iron and B12 are both deficient: the blood count recovers only when both are replaced.",
    sources=("hematology-texts",),
    printed="also",
)
folate_explains_megaloblastic_anemia = finding(
    "folate_explains_megaloblastic_anemia",
    when=anemia & megaloblastic_picture & folate_deficiency & ~b12_deficiency & ~antifolate_toxicity_suspected,
    says="Folate deficiency explains the megaloblastic anemia.",
    label="a megaloblastic anemia explained by folate",
    sources=("hematology-texts",),
    printed="also",
)
possibly_masked_macrocytosis = finding(
    "possibly_masked_macrocytosis",
    when=b12_deficiency & ~macrocytosis & (iron_deficiency | possible_thalassemia | reported("recent_transfusion")),
    says="MCV is not raised although B12 is deficient: iron deficiency, thalassemia or transfusion may mask "
    "macrocytosis. A blood film shows it.",
    label="macrocytosis that may be masked",
    sources=("hematology-texts",),
    printed="also",
)

"""Whether there is megaloblastic anemia, and whether more than one thing is missing."""

from b12labs.logic.language import certain, finding, reported
from b12labs.rules.anemia import (
    anemia,
    folate_deficiency,
    iron_deficiency,
    macrocytosis,
    megaloblastic_picture,
    possible_thalassemia,
)
from b12labs.rules.b12_status import b12_deficiency, copper_deficiency_suspected

# Where copper explains the picture, folate that was not measured is no reason to leave megaloblastic anemia open.
_folate = folate_deficiency & ~(copper_deficiency_suspected & ~certain(folate_deficiency))
megaloblastic_anemia = finding(
    "megaloblastic_anemia",
    when=anemia & megaloblastic_picture & (b12_deficiency | _folate),
    says="Anemia, a megaloblastic blood picture and a deficiency that causes it: megaloblastic anemia.",
    sources=("hematology-texts",),
)
combined_folate_deficiency = finding(
    "combined_folate_deficiency",
    when=b12_deficiency & folate_deficiency,
    says="Folate is short together with B12: replace both, B12 first.",
    sources=("hematology-texts", "nhs-scotland-east"),
    printed="also",
)
combined_iron_deficiency = finding(
    "combined_iron_deficiency",
    when=b12_deficiency & iron_deficiency,
    says="Iron is short together with B12: the blood count recovers only when both are replaced.",
    sources=("hematology-texts",),
    printed="also",
)
folate_explains_megaloblastic_anemia = finding(
    "folate_explains_megaloblastic_anemia",
    when=anemia & megaloblastic_picture & folate_deficiency & ~b12_deficiency,
    says="Folate deficiency explains the megaloblastic anemia.",
    label="a megaloblastic anemia explained by folate",
    sources=("hematology-texts",),
    printed="also",
)
possibly_masked_macrocytosis = finding(
    "possibly_masked_macrocytosis",
    when=b12_deficiency & ~macrocytosis & (iron_deficiency | possible_thalassemia | reported("recent_transfusion")),
    says="MCV is not raised although B12 is deficient: iron deficiency, thalassemia or transfusion may mask "
    "macrocytosis.",
    label="macrocytosis that may be masked",
    sources=("hematology-texts",),
    printed="also",
)

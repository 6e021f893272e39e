"""Whether there is megaloblastic anemia, and whether more than one thing is missing."""

from b12labs.logic import finding
from b12labs.rules.anemia import anemia, folate_deficiency, iron_deficiency, megaloblastic_picture
from b12labs.rules.b12_status import b12_deficiency

megaloblastic_anemia = finding(
    "megaloblastic_anemia",
    when=anemia & megaloblastic_picture & (b12_deficiency | folate_deficiency),
    says="Anemia, a megaloblastic blood picture and a deficiency that causes it: megaloblastic anemia.",
    sources=("hematology-texts",),
)
combined_deficiency = finding(
    "combined_deficiency",
    when=b12_deficiency & (folate_deficiency | iron_deficiency),
    says="Folate or iron is short together with B12: replacing one alone leaves the blood count half mended.",
    label="a second deficiency",
    sources=("hematology-texts",),
)

FINDINGS = (megaloblastic_anemia, combined_deficiency)

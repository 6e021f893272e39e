"""Which regimen a route needs: loading at the start of treatment, maintenance alone for prevention."""

from b12labs.logic.language import certain, finding, reported
from b12labs.rules.anemia import anemia, moderate_anemia
from b12labs.rules.b12_status import b12_deficiency, certain_deficiency
from b12labs.rules.do_now import do_not_wait, neurological_involvement, new_nerve_signs
from b12labs.rules.levels import certainly_adequate_level
from b12labs.rules.treatment import lifelong_treatment

_on_injections = reported("b12_injections_now")
load_again = finding(
    "load_again",
    when=_on_injections & (certain_deficiency | new_nerve_signs | do_not_wait),
    says="Injections are already given, but there is deficiency, a new nerve sign or a fitting anemia: load again.",
    label="loading again",
    sources=("b12labs-design",),
)
maintenance_kept = finding(
    "maintenance_kept",
    when=_on_injections & ~certain(load_again),
    says="Injections are already given: keep the interval. If nerve signs are new or worse, load again.",
    label="injections that continue",
    sources=("b12labs-design",),
)
prophylaxis = finding(
    "prophylaxis",
    when=lifelong_treatment
    & ~_on_injections
    & (certainly_adequate_level | certain(~b12_deficiency, "B12 deficiency turning out unlikely"))
    & ~certain_deficiency
    & ~certain(anemia)
    & ~neurological_involvement,
    says="The cause lasts, and B12 is not deficient yet: the maintenance dose prevents deficiency, without loading. "
    "Ask which treatment is given now.",
    label="prevention of deficiency",
    sources=("nhs-scotland-east", "b12labs-design"),
)
low_dietary_dose = finding(
    "low_dietary_dose",
    when=~moderate_anemia,
    says="Anemia is absent or mild: a low dose by mouth is enough if diet is the cause.",
    label="an anemia that is absent or mild",
    sources=("b12labs-design",),
)

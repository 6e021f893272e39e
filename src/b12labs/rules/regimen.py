"""Which regimen goes with a route: loading for whoever starts now, maintenance for whom it prevents deficiency."""

from b12labs.logic.language import certain, finding, reported, reported_any
from b12labs.rules.anemia import anemia, moderate_anemia
from b12labs.rules.b12_status import adequate, b12_deficiency
from b12labs.rules.treatment import lasting_cause, neurological_involvement

__all__ = ["load_again", "low_dietary_dose", "maintenance_kept", "prophylaxis"]

_on_injections = reported("b12_injections_now")
load_again = finding(
    "load_again",
    when=_on_injections
    & (
        certain(b12_deficiency)
        | reported_any("myelopathy")
        | (neurological_involvement & reported("new_or_progressive"))
    ),
    says="B12 is injected already, and deficiency or new nerve signs are there: load again.",
    label="loading again",
    sources=("b12labs-design",),
)
maintenance_kept = finding(
    "maintenance_kept",
    when=_on_injections & ~certain(load_again),
    says="B12 is injected already: keep the interval. If nerve signs are new or worse, load again.",
    label="injections that go on",
    sources=("b12labs-design",),
)
prophylaxis = finding(
    "prophylaxis",
    when=lasting_cause
    & certain(adequate, "an adequate level")
    & ~certain(anemia)
    & ~neurological_involvement
    & ~certain(b12_deficiency)
    & ~_on_injections,
    says="The level is adequate, and neither anemia nor a nerve sign is there: the maintenance dose prevents "
    "deficiency. Ask what is given now.",
    label="prevention of deficiency",
    sources=("b12labs-design",),
)
low_dietary_dose = finding(
    "low_dietary_dose",
    when=~certain(moderate_anemia),
    says="Anemia is absent or mild: a low dose by mouth is enough where diet is the cause.",
    label="an anemia that is absent or mild",
    sources=("b12labs-design",),
)

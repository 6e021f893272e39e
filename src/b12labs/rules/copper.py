"""Whether copper deficiency is possible, which resembles B12 deficiency in blood and nerves."""

from b12labs.logic.language import certain, finding, limit, measured, reported_any
from b12labs.rules.adequacy import b12_certainly_adequate, b12_certainly_low
from b12labs.rules.anemia import anemia
from b12labs.rules.cells import leukopenia, neutropenia
from b12labs.rules.iron_and_folate import folate_deficiency, iron_deficiency

_low = measured.copper < limit.copper_low
_low_carrier = measured.ceruloplasmin < limit.ceruloplasmin_low
low_copper = finding(
    "low_copper",
    when=certain(_low, "a low copper") | certain(_low_carrier, "a low ceruloplasmin"),
    says="Copper or ceruloplasmin is low: copper deficiency causes anemia, low white cells and spinal cord disease "
    "like that of B12 deficiency.",
    label="a low copper or ceruloplasmin",
    sources=("ash-copper-case",),
    printed="first",
)
raised_zinc = finding(
    "raised_zinc",
    when=measured.zinc > limit.zinc_raised,
    says="Zinc is raised, which impairs the absorption of copper.",
    label="a raised zinc",
    sources=("ash-copper-case",),
    printed="also",
)
_anemia_of_its_own = certain(anemia) & ~certain(iron_deficiency) & ~certain(folate_deficiency) & ~b12_certainly_low
copper_deficiency_suspected = finding(
    "copper_deficiency_suspected",
    when=low_copper
    | (
        reported_any("copper_risk")
        & (certain(neutropenia) | certain(leukopenia) | _anemia_of_its_own | reported_any("myeloneuropathy"))
        & ~certain(~_low & ~_low_carrier, "a normal copper and ceruloplasmin")
    ),
    says="After such surgery, or with zinc, celiac disease or tube feeding, low cells or neuropathy may be copper "
    "deficiency, whatever B12 shows. Measure copper, ceruloplasmin and zinc, and judge them by the laboratory's "
    "interval.",
    label="suspected copper deficiency",
    sources=("ash-copper-case", "copper-after-bypass"),
    printed="first",
)
#: It explains blood and cord only if B12 does not.
copper_explains = certain(copper_deficiency_suspected) & b12_certainly_adequate

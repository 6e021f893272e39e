"""Whether a medicine that acts against folate explains low blood cells."""

from b12labs.logic.language import certain, finding, limit, measured, reported_any
from b12labs.rules.anemia import anemia, very_low_hemoglobin
from b12labs.rules.cells import macrocytosis, moderate_neutropenia, severe_thrombocytopenia, two_low_lines

_taken = reported_any("antifolate")
_low = (
    certain(measured.wbc < limit.wbc_antifolate, "white cells below 3.5")
    | certain(measured.neutrophils < limit.neutrophils_antifolate, "neutrophils below 1.6")
    | certain(measured.platelets < limit.platelets_antifolate, "platelets below 140")
    | certain(very_low_hemoglobin)
)
antifolate_toxicity_suspected = finding(
    "antifolate_toxicity_suspected",
    when=_taken & _low,
    says="An antifolate is taken (methotrexate, trimethoprim, co-trimoxazole, pyrimethamine or pemetrexed) and blood "
    "cells are low: hold the next dose and speak to the prescriber today. Folinic acid (leucovorin) "
    "is the specialist's decision. Check blood count, kidney and liver tests.",
    label="suspected toxicity of an antifolate",
    sources=("methotrexate-pancytopenia", "dmard-monitoring"),
    printed="first",
)
antifolate_toxicity_urgent = finding(
    "antifolate_toxicity_urgent",
    when=antifolate_toxicity_suspected
    & (
        certain(two_low_lines)
        | certain(moderate_neutropenia, "neutrophils below 1.0")
        | certain(severe_thrombocytopenia)
        | reported_any("antifolate_sign")
    ),
    says="On an antifolate, two cell lines are low, one is severely low, or there is fever or a sore mouth: act today.",
    label="severe toxicity of an antifolate",
    sources=("methotrexate-pancytopenia", "b12labs-design"),
)
antifolate_for_the_prescriber = finding(
    "antifolate_for_the_prescriber",
    when=_taken & ~antifolate_toxicity_suspected & (certain(anemia) | certain(macrocytosis)),
    says="An antifolate is taken, and may explain the anemia or the large red cells: inform the prescriber.",
    label="an antifolate that may explain the blood count",
    sources=("dmard-monitoring",),
    printed="also",
)

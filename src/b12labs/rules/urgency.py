"""How soon to act, and why."""

from b12labs.logic.language import Case, Otherwise, Verdict, certain, finding, reported, reported_any
from b12labs.rules.anemia import moderate_anemia, very_low_hemoglobin
from b12labs.rules.antifolates import antifolate_toxicity_suspected, antifolate_toxicity_urgent
from b12labs.rules.b12_status import certain_deficiency, deficiency_possible, low_b12_level
from b12labs.rules.cells import (
    blasts,
    low_blood_in_pregnancy,
    moderate_thrombocytopenia,
    pancytopenia,
    severe_neutropenia,
    severe_thrombocytopenia,
    two_low_lines,
)
from b12labs.rules.confounders import nitrous_oxide
from b12labs.rules.copper import copper_deficiency_suspected
from b12labs.rules.do_now import do_not_wait, neurological_involvement, new_nerve_signs
from b12labs.rules.hemolysis import hemolysis_to_explain
from b12labs.rules.inherited import inborn_error_suspected, infant_not_cleared, remethylation_defect_suspected
from b12labs.rules.metabolites import mma_within_age, raised_homocysteine
from b12labs.rules.microangiopathy import fits_b12_deficiency, fragments_with_low_platelets, possible_ttp
from b12labs.rules.unverified import unverified_result
from b12labs.rules.voided import cord_signs

_nerves_matter = deficiency_possible | certain(copper_deficiency_suspected)

severe_anemia_felt = finding(
    "severe_anemia_felt",
    when=certain(very_low_hemoglobin) & reported_any("anemia_emergency"),
    says="Severe anemia with breathlessness at rest, chest pain or fainting.",
    label="severe anemia with breathlessness at rest, chest pain or fainting",
    sources=("delphi-2024", "b12labs-design"),
)
urgent_nerve_signs = finding(
    "urgent_nerve_signs",
    when=_nerves_matter & (reported_any("urgent_nerve") | (nitrous_oxide & neurological_involvement) | new_nerve_signs),
    says="Nerve signs that cannot wait are reported, and B12 or copper deficiency is possible.",
    label="nerve signs that cannot wait",
    sources=("nice-ng239", "practical-neurology-n2o", "b12labs-design"),
)
nerve_symptoms = finding(
    "nerve_symptoms",
    when=_nerves_matter & (neurological_involvement | reported("low_mood")),
    says="Nerve symptoms or low mood are reported, and B12 or copper deficiency is possible.",
    label="nerve symptoms or low mood",
    sources=("nice-ng239", "b12labs-design"),
)
isolated_thrombocytopenia = finding(
    "isolated_thrombocytopenia",
    when=certain(moderate_thrombocytopenia, "platelets below 100")
    & ~certain(two_low_lines)
    & ~reported("liver_disease"),
    says="Platelets alone are below 100, without a known explanation: repeat the count with a blood film.",
    label="low platelets alone, without an explanation",
    sources=("b12labs-design",),
    printed="also",
)
hemolysis_with_anemia = finding(
    "hemolysis_with_anemia",
    when=hemolysis_to_explain & certain(moderate_anemia),
    says="Red cells are being destroyed, and anemia is moderate or severe.",
    label="hemolysis with anemia",
    sources=("b12labs-design",),
)
# An MMA that age explains, alone and without symptoms, is not a reason to hurry.
mma_of_age_alone = finding(
    "mma_of_age_alone",
    when=certain(mma_within_age)
    & ~certain(low_b12_level)
    & ~certain(raised_homocysteine)
    & ~reported_any("b12_symptom"),
    says="Only an MMA within the range found at this age suggests deficiency, and no symptom is reported.",
    label="an MMA of this age alone, without symptoms",
    sources=("b12labs-design",),
)
deficiency_to_treat = finding(
    "deficiency_to_treat",
    when=certain_deficiency & ~mma_of_age_alone,
    says="B12 deficiency should be treated soon.",
    label="B12 deficiency",
    sources=("delphi-2024",),
)

urgency = Verdict(
    "urgency",
    (
        Case("emergency", possible_ttp | severe_anemia_felt, "Act now."),
        Case(
            "urgent",
            cord_signs
            | urgent_nerve_signs
            | certain(very_low_hemoglobin)
            | certain(pancytopenia)
            | certain(severe_neutropenia)
            | certain(severe_thrombocytopenia)
            | blasts
            | antifolate_toxicity_urgent
            | fits_b12_deficiency
            | fragments_with_low_platelets
            | certain(infant_not_cleared)
            | certain(inborn_error_suspected)
            | certain(remethylation_defect_suspected)
            | low_blood_in_pregnancy,
            "Do not wait: nerve signs, severely low blood cells, an infant or a pregnancy need action now.",
        ),
        Case(
            "prompt",
            deficiency_to_treat
            | certain(do_not_wait)
            | hemolysis_with_anemia
            | nerve_symptoms
            | certain(two_low_lines)
            | antifolate_toxicity_suspected
            | isolated_thrombocytopenia
            | unverified_result,
            "Act within days.",
        ),
    ),
    Otherwise("routine", "Nothing in the assessment of B12 is urgent."),
    sources=("b12labs-design", "delphi-2024"),
)

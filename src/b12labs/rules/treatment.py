"""Is treatment indicated, by which route, and why. A suggestion with its reason, never an order."""

from b12labs.logic.language import (
    Case,
    Coefficient,
    Otherwise,
    Verdict,
    certain,
    finding,
    measured,
    reported,
    reported_any,
)
from b12labs.rules.anemia import moderate_anemia, pancytopenia, severe_anemia
from b12labs.rules.b12_status import b12_deficiency, deficiency_possible
from b12labs.rules.causes import gastrin_raised, parietal_cell_antibody
from b12labs.rules.confounders import intrinsic_factor_antibody, nitrous_oxide

neurological_involvement = finding(
    "neurological_involvement",
    when=reported_any("neurological"),
    says="Neurological symptoms or signs are reported.",
    sources=("nice-ng239", "bnf"),
    printed="also",
)
# With signs of cord disease, or nerves and nitrous oxide, treatment does not wait for the results to settle.
cord_at_risk = finding(
    "cord_at_risk",
    when=deficiency_possible & (reported_any("myelopathy") | (neurological_involvement & nitrous_oxide)),
    says="The spinal cord is at risk and deficiency is possible: treat without waiting, once blood is taken.",
    label="a spinal cord at risk",
    sources=("nice-ng239", "practical-neurology-n2o"),
)
lasting_cause = finding(
    "lasting_cause",
    when=reported_any("lifelong_parenteral") | certain(intrinsic_factor_antibody),
    says="The cause lasts for life (autoimmune gastritis, total gastrectomy or ileal resection), and so does "
    "treatment.",
    label="a lasting cause",
    sources=("nice-ng239", "sps"),
)
severe_blood_picture = finding(
    "severe_blood_picture",
    when=certain(severe_anemia) | certain(pancytopenia) | (certain(moderate_anemia) & reported_any("anemia_symptom")),
    says="Anemia is severe, or moderate and felt, or all cell lines are low.",
    label="severe or symptomatic anemia, or pancytopenia",
    sources=("aafp-2025", "delphi-2024"),
)
tablets_in_doubt = finding(
    "tablets_in_doubt",
    when=reported("adherence_doubt") | reported("frailty"),
    says="Whether tablets would be taken and absorbed is in doubt.",
    label="doubt about tablets",
    sources=("nice-ng239",),
)
lifelong_treatment = finding(
    "lifelong_treatment",
    when=reported_any("lifelong_parenteral") | (certain(intrinsic_factor_antibody) & deficiency_possible),
    says="B12 is needed for life, also when the level is normal or high: do not stop it because of a result.",
    sources=("nice-ng239", "sps"),
    printed="also",
)

autoimmune_gastritis_suspected = finding(
    "autoimmune_gastritis_suspected",
    when=certain(gastrin_raised) | certain(parietal_cell_antibody),
    says="A raised gastrin or a parietal cell antibody makes autoimmune gastritis suspected, which is treated like "
    "the disease.",
    label="suspected autoimmune gastritis",
    sources=("nice-ng239", "mayo-cascade"),
)
_reason_for_injections = (
    neurological_involvement
    | lasting_cause
    | autoimmune_gastritis_suspected
    | nitrous_oxide
    | severe_blood_picture
    | tablets_in_doubt
)

treatment_route = Verdict(
    "treatment_route",
    (
        Case(
            "specialist",
            b12_deficiency & reported("pregnant") & severe_blood_picture,
            "Severe disease in pregnancy: a specialist decides, without delay.",
        ),
        Case(
            "intramuscular",
            (b12_deficiency & _reason_for_injections)
            | certain(lifelong_treatment, "a lasting cause")
            | certain(cord_at_risk),
            "Injections.",
        ),
        Case(
            "specialist",
            b12_deficiency & (measured.age < Coefficient("specialist.age")),
            "Under 16: a pediatric specialist decides.",
        ),
        Case(
            "oral_or_intramuscular",
            b12_deficiency & reported_any("either_route"),
            "Tablets of at least 1 mg a day, or injections: with this cause either is used.",
        ),
        Case("oral", b12_deficiency, "Tablets are considered first, while the cause is looked for."),
    ),
    Otherwise("none", "These results do not call for B12 treatment."),
    sources=("nice-ng239", "aafp-2025"),
)

REASONS = (
    cord_at_risk,
    neurological_involvement,
    lasting_cause,
    severe_blood_picture,
    tablets_in_doubt,
    autoimmune_gastritis_suspected,
    lifelong_treatment,
    nitrous_oxide,
)

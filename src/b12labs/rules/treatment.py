"""Is treatment indicated, by which route, and why. A suggestion with its reason, never an order."""

from b12labs.logic import Case, Coefficient, Otherwise, Verdict, certain, finding, measured, reported, reported_any
from b12labs.rules.anemia import anemia, pancytopenia, severe_anemia
from b12labs.rules.b12_status import b12_deficiency
from b12labs.rules.confounders import intrinsic_factor_antibody, nitrous_oxide

neurological_involvement = finding(
    "neurological_involvement",
    when=reported_any("neurological"),
    says="Neurological symptoms or signs are reported.",
    sources=("nice-ng239", "bnf"),
)
lasting_cause = finding(
    "lasting_cause",
    when=reported_any("lifelong_parenteral") | certain(intrinsic_factor_antibody),
    says="The cause lasts for life (autoimmune gastritis, total gastrectomy or ileal resection), and so does treatment.",
    label="a lasting cause",
    sources=("nice-ng239", "sps"),
)
severe_blood_picture = finding(
    "severe_blood_picture",
    when=certain(severe_anemia) | certain(pancytopenia) | (certain(anemia) & reported_any("anemia_symptom")),
    says="Anemia is severe or felt, or all cell lines are low.",
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
    when=lasting_cause & (b12_deficiency | reported_any("recent_b12")),
    says="B12 is needed for life, also when the level is high under treatment.",
    sources=("nice-ng239", "sps"),
)

_reason_for_injections = neurological_involvement | lasting_cause | nitrous_oxide | severe_blood_picture | tablets_in_doubt

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
            (b12_deficiency & _reason_for_injections) | (lasting_cause & reported_any("recent_b12")),
            "Injections.",
        ),
        Case("specialist", b12_deficiency & (measured.age < Coefficient("specialist.age")), "Under 16: a pediatric specialist decides."),
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

REASONS = (neurological_involvement, lasting_cause, severe_blood_picture, tablets_in_doubt, nitrous_oxide)
FINDINGS = (neurological_involvement, lasting_cause, severe_blood_picture, tablets_in_doubt, lifelong_treatment)

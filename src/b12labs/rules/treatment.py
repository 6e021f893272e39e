"""Whether treatment is indicated, by which route, and why: a suggestion with its reason, never an order."""

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
from b12labs.rules.anemia import moderate_anemia, very_low_hemoglobin
from b12labs.rules.b12_status import b12_deficiency, deficiency_possible
from b12labs.rules.causes import autoimmune_gastritis_suspected, cause_not_known, malabsorption_reported
from b12labs.rules.cells import pancytopenia
from b12labs.rules.confounders import intrinsic_factor_antibody, nitrous_oxide
from b12labs.rules.do_now import (
    cord_at_risk,
    do_not_wait,
    lasting_cause,
    lasting_cause_with_signs,
    neurological_involvement,
    suspected_megaloblastic_anemia,
)
from b12labs.rules.megaloblastic import megaloblastic_anemia

severe_blood_picture = finding(
    "severe_blood_picture",
    when=certain(very_low_hemoglobin)
    | certain(pancytopenia)
    | (certain(moderate_anemia) & reported_any("felt_anemia")),
    says="Anemia is severe, or moderate with breathlessness, chest pain, fainting or palpitations, or all cell lines "
    "are low.",
    label="severe or symptomatic anemia, or pancytopenia",
    sources=("aafp-2025", "delphi-2024"),
)
tablets_in_doubt = finding(
    "tablets_in_doubt",
    when=reported("adherence_doubt") | reported("frailty"),
    says="It is doubtful whether tablets would be taken and absorbed.",
    label="doubt about tablets",
    sources=("nice-ng239",),
)
lifelong_treatment = finding(
    "lifelong_treatment",
    when=reported_any("lifelong_parenteral") | (certain(intrinsic_factor_antibody) & deficiency_possible),
    says="B12 is needed for life, even if the level is normal or high: do not stop it because of a result.",
    sources=("nice-ng239", "sps"),
    printed="also",
)
moderate_megaloblastic_anemia = finding(
    "moderate_megaloblastic_anemia",
    when=certain(megaloblastic_anemia) & certain(moderate_anemia) & (certain(cause_not_known) | malabsorption_reported),
    says="Megaloblastic anemia is moderate, and its cause is unknown or malabsorption.",
    label="a moderate megaloblastic anemia that malabsorption may explain",
    sources=("delphi-2024", "b12labs-design"),
)

# Deficiency is treated, and so is a suspicion that cannot wait for results.
_treated = b12_deficiency | certain(do_not_wait)
_reason_for_injections = (
    neurological_involvement
    | lasting_cause
    | autoimmune_gastritis_suspected
    | nitrous_oxide
    | severe_blood_picture
    | tablets_in_doubt
)

injections_first = Case(
    "oral_or_intramuscular",
    (b12_deficiency & moderate_megaloblastic_anemia) | certain(suspected_megaloblastic_anemia),
    "Injections first; tablets of at least 1 mg a day if injections are declined.",
)
treatment_route = Verdict(
    "treatment_route",
    (
        Case(
            "specialist",
            (_treated | certain(lifelong_treatment)) & reported("pregnant") & severe_blood_picture,
            "Severe disease in pregnancy: a specialist decides today; do not withhold the first injection.",
        ),
        Case(
            "specialist",
            (_treated | certain(lifelong_treatment)) & reported("cobalamin_allergy"),
            "Allergy to cobalt or cobalamin: a specialist decides on the form, and where to give the first dose.",
        ),
        Case(
            "intramuscular",
            (_treated & _reason_for_injections)
            | certain(lifelong_treatment)
            | certain(cord_at_risk)
            | certain(lasting_cause_with_signs),
            "Injections.",
        ),
        Case(
            "specialist",
            _treated & (measured.age < Coefficient("specialist.age")),
            "Under 16: a pediatric specialist decides.",
        ),
        injections_first,
        Case(
            "oral_or_intramuscular",
            b12_deficiency & reported_any("either_route"),
            "Tablets of at least 1 mg a day, or injections: both are used for this cause.",
        ),
        Case("oral", b12_deficiency, "Consider tablets first, while the cause is investigated."),
    ),
    Otherwise("none", "These results do not call for B12 treatment."),
    sources=("nice-ng239", "aafp-2025", "delphi-2024"),
)

REASONS = (
    cord_at_risk,
    lasting_cause_with_signs,
    suspected_megaloblastic_anemia,
    neurological_involvement,
    lasting_cause,
    severe_blood_picture,
    moderate_megaloblastic_anemia,
    tablets_in_doubt,
    autoimmune_gastritis_suspected,
    lifelong_treatment,
    nitrous_oxide,
)

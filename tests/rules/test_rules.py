"""Every rule with an example in the words of the field: results that make it so, and results that do not.

A new finding is one more line of `FINDING_EXAMPLES`: its code, what makes it TRUE, what does not.
"""

import pytest

from b12labs import interpret
from b12labs.inputs.panel import read_panel
from b12labs.limits.stratified import limits_of
from b12labs.logic.open import outcomes, single_outcome
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.compiled import VERDICT_RULES, program
from b12labs.rules import FINDINGS, QUESTIONS, VERDICTS

LOW = {"b12": "100 pg/mL"}
GREY = {"b12": "250 pg/mL"}
ADEQUATE = {"b12": "600 pg/mL"}
WOMAN = {"age": 45, "sex": "female"}
ANEMIC = {**WOMAN, "hemoglobin": "95 g/L"}
SEVERE = {**WOMAN, "hemoglobin": "65 g/L"}
LARGE, SMALL = {"mcv": "118 fL"}, {"mcv": "72 fL"}
FOLATE_LOW = {"folate": "4 nmol/L"}
IRON_LOW = {"ferritin": "6 ug/L"}
KIDNEY_FAILS = {"age": 70, "sex": "female", "egfr": "20 mL/min/1.73m2"}
HEMOLYSIS = {"ldh": "2500 U/L", "haptoglobin": "5 mg/dL"}
PLATELETS_LOW = {"age": 45, "platelets": "40 x10^9/L"}
WHITE_LOW = {"age": 45, "wbc": "2.0 x10^9/L"}
INFANT = {"age": 0.7}

FINDING_EXAMPLES = [
    # Which regimen goes with a route.
    (
        "load_again",
        {**LOW, "medicines": ["b12 injections"]},
        {"b12": "800 pg/mL", "medicines": ["b12 injections"]},
    ),
    ("maintenance_kept", {"b12": "800 pg/mL", "medicines": ["b12 injections"]}, LOW),
    ("prophylaxis", {"b12": "800 pg/mL", "risk_factors": ["total_gastrectomy"]}, {"b12": "800 pg/mL"}),
    (
        "low_dietary_dose",
        {"hemoglobin": "14 g/dL", "age": 45, "sex": "female"},
        {"hemoglobin": "90 g/L", "age": 45, "sex": "female"},
    ),
    ("marrow_disease_possible", {"neutrophils": "0.4 10*9/L"}, {"neutrophils": "1.1 10*9/L"}),
    # The level of B12, and what tissue shows.
    ("low_total_b12", LOW, GREY),
    ("adequate_total_b12", ADEQUATE, GREY),
    ("grey_total_b12", GREY, LOW),
    ("below_centile", {"age": 7, "b12": "220 pmol/L"}, {"age": 7, "b12": "300 pmol/L"}),
    ("low_holotc", {"holotc": "15 pmol/L"}, {"holotc": "90 pmol/L"}),
    ("adequate_holotc", {"holotc": "90 pmol/L"}, {"holotc": "40 pmol/L"}),
    ("raised_mma", {"age": 45, "mma": "0.9 umol/L"}, {"age": 45, "mma": "0.1 umol/L"}),
    ("raised_homocysteine", {"age": 45, "homocysteine": "40 umol/L"}, {"age": 45, "homocysteine": "7 umol/L"}),
    (
        "raised_urine_mma",
        {"age": 45, "urine_mma_ratio": "5 umol/mmol{creat}"},
        {"age": 45, "urine_mma_ratio": "0.5 umol/mmol{creat}"},
    ),
    ("mma_counts", {"age": 45, "mma": "0.9 umol/L"}, {**KIDNEY_FAILS, "mma": "0.9 umol/L"}),
    (
        "homocysteine_counts",
        {"age": 45, "homocysteine": "40 umol/L"},
        {"age": 45, "homocysteine": "40 umol/L", "mma": "0.1 umol/L"},
    ),
    (
        "functional_deficiency",
        {"age": 45, "mma": "0.9 umol/L"},
        {"age": 45, "mma": "0.1 umol/L", "homocysteine": "7 umol/L"},
    ),
    (
        "homocysteine_points_elsewhere",
        {"age": 45, "homocysteine": "40 umol/L", "mma": "0.1 umol/L"},
        {"age": 45, "homocysteine": "40 umol/L", "mma": "0.9 umol/L"},
    ),
    (
        "discordant_low_total_b12",
        {**LOW, "age": 45, "holotc": "90 pmol/L", "mma": "0.1 umol/L", "homocysteine": "7 umol/L"},
        {**LOW, "age": 45, "holotc": "15 pmol/L", "mma": "0.1 umol/L", "homocysteine": "7 umol/L"},
    ),
    (
        "copper_deficiency_suspected",
        {**ADEQUATE, **ANEMIC, "risk_factors": ["bariatric surgery"]},
        {**ADEQUATE, **ANEMIC},
    ),
    ("adequate_level_voided", {**ADEQUATE, "risk_factors": ["nitrous oxide"]}, ADEQUATE),
    ("low_b12_level", LOW, {**LOW, "age": 45, "holotc": "90 pmol/L", "mma": "0.1 umol/L"}),
    ("severe_neutropenia", {"neutrophils": "0.3 10*9/L"}, {"neutrophils": "1 10*9/L"}),
    ("severe_thrombocytopenia", {"platelets": "20 10*9/L"}, {"platelets": "90 10*9/L"}),
    ("cord_at_risk", {**GREY, "symptoms": ["lost position sense"]}, GREY),
    ("autoimmune_gastritis_suspected", {"gastrin": "900 pg/mL"}, {"gastrin": "50 pg/mL"}),
    ("treat_folate_in_a_child", {"age": 4, **FOLATE_LOW}, {"age": 40, **FOLATE_LOW}),
    ("pediatric_dose", {"age": 4, "b12": "40 pmol/L"}, {"age": 40, "b12": "40 pmol/L"}),
    ("b12_deficiency", LOW, ADEQUATE),
    ("level_does_not_exclude", {"age": 45, **ADEQUATE, "mma": "0.9 umol/L"}, {"age": 45, **LOW, "mma": "0.9 umol/L"}),
    ("deficiency_without_anemia", {**WOMAN, **LOW, "hemoglobin": "135 g/L"}, {**ANEMIC, **LOW}),
    (
        "two_markers_abnormal",
        {"age": 45, **LOW, "mma": "0.9 umol/L"},
        {"age": 45, **LOW, "mma": "0.1 umol/L", "holotc": "90 pmol/L"},
    ),
    # Megaloblastic anemia, and second shortages.
    ("megaloblastic_anemia", {**ANEMIC, **LARGE, **LOW}, {**WOMAN, **LARGE, **LOW, "hemoglobin": "135 g/L"}),
    ("combined_folate_deficiency", {**LOW, **FOLATE_LOW}, {**LOW, "folate": "30 nmol/L"}),
    ("combined_iron_deficiency", {"age": 45, **LOW, **IRON_LOW}, {"age": 45, **LOW, "ferritin": "150 ug/L"}),
    (
        "folate_explains_megaloblastic_anemia",
        {**ANEMIC, **LARGE, **FOLATE_LOW, **ADEQUATE},
        {**ANEMIC, **LARGE, **FOLATE_LOW, **LOW},
    ),
    (
        "possibly_masked_macrocytosis",
        {"age": 45, **LOW, "mcv": "88 fL", **IRON_LOW},
        {"age": 45, **LOW, **LARGE, **IRON_LOW},
    ),
    # The blood picture.
    ("anemia", ANEMIC, {**WOMAN, "hemoglobin": "135 g/L"}),
    ("moderate_anemia", ANEMIC, {**WOMAN, "hemoglobin": "115 g/L"}),
    ("severe_anemia", SEVERE, ANEMIC),
    ("macrocytosis", {"age": 45, "mcv": "104 fL"}, {"age": 45, "mcv": "90 fL"}),
    ("marked_macrocytosis", {"age": 45, **LARGE}, {"age": 45, "mcv": "104 fL"}),
    ("raised_rdw", {"age": 45, "rdw": "19 %"}, {"age": 45, "rdw": "13 %"}),
    ("hypersegmented_neutrophils", {"hypersegmented_neutrophils": "12 %"}, {"hypersegmented_neutrophils": "2 %"}),
    ("neutropenia", {"age": 45, "neutrophils": "0.8 x10^9/L"}, {"age": 45, "neutrophils": "4 x10^9/L"}),
    ("leukopenia", WHITE_LOW, {"age": 45, "wbc": "7 x10^9/L"}),
    ("thrombocytopenia", PLATELETS_LOW, {"age": 45, "platelets": "250 x10^9/L"}),
    (
        "pancytopenia",
        {**ANEMIC, **PLATELETS_LOW, **WHITE_LOW},
        {**ANEMIC, **PLATELETS_LOW, "wbc": "7 x10^9/L", "neutrophils": "4 x10^9/L"},
    ),
    ("raised_reticulocytes", {"reticulocytes": "250 x10^9/L"}, {"reticulocytes": "40 x10^9/L"}),
    ("hemolysis", HEMOLYSIS, {"ldh": "2500 U/L", "haptoglobin": "150 mg/dL", "bilirubin_indirect": "normal"}),
    (
        "ineffective_erythropoiesis",
        {**HEMOLYSIS, "reticulocytes": "40 x10^9/L"},
        {**HEMOLYSIS, "reticulocytes": "250 x10^9/L"},
    ),
    ("raised_crp", {"crp": "high"}, {"crp": "normal"}),
    ("iron_deficiency", {"age": 45, **IRON_LOW}, {"age": 45, "ferritin": "150 ug/L"}),
    ("folate_deficiency", FOLATE_LOW, {"folate": "30 nmol/L"}),
    ("possible_thalassemia", {"mcv": "62 fL", "rbc": "6.2 x10^12/L"}, {"mcv": "90 fL", "rbc": "4.5 x10^12/L"}),
    (
        "masked_macrocytosis",
        {"age": 45, "mcv": "88 fL", "rdw": "19 %", **IRON_LOW},
        {"age": 45, "mcv": "88 fL", "rdw": "13 %", **IRON_LOW},
    ),
    ("macrocytosis_otherwise_explained", {"age": 45, **LARGE, "medicines": ["methotrexate"]}, {"age": 45, **LARGE}),
    (
        "megaloblastic_picture",
        {"age": 45, **LARGE},
        {**ANEMIC, "mcv": "90 fL", "rdw": "13 %", "platelets": "250 x10^9/L", "wbc": "7 x10^9/L"},
    ),
    (
        "inconsistent_blood_count",
        {"hematocrit": "45 %", "mcv": "90 fL", "rbc": "2.5 x10^12/L"},
        {"hematocrit": "45 %", "mcv": "90 fL", "rbc": "5 x10^12/L"},
    ),
    # What else moves the numbers.
    ("reduced_kidney_function", {"egfr": "45 mL/min/1.73m2"}, {"egfr": "90 mL/min/1.73m2"}),
    ("severely_reduced_kidney_function", KIDNEY_FAILS, {"egfr": "45 mL/min/1.73m2"}),
    ("nitrous_oxide", {"risk_factors": ["nitrous oxide"]}, {}),
    ("recent_b12", {"medicines": ["B12 supplement"]}, {}),
    (
        "intrinsic_factor_antibody",
        {"intrinsic_factor_antibody": "positive"},
        {"intrinsic_factor_antibody": "negative"},
    ),
    ("medicine_lowers_b12", {"medicines": ["metformin"]}, {"medicines": ["insulin"]}),
    ("binding_protein_lowered", {"sex": "female", "pregnant": True}, {"sex": "male"}),
    ("adult_limits_not_valid", {"age": 9}, {"age": 45}),
    ("high_b12", {"b12": "1900 pg/mL"}, ADEQUATE),
    ("unexplained_high_b12", {"b12": "1900 pg/mL"}, {"b12": "1900 pg/mL", "medicines": ["B12 supplement"]}),
    ("high_b12_explained", {"b12": "1900 pg/mL", "medicines": ["B12 supplement"]}, {"b12": "1900 pg/mL"}),
    ("pregnancy", {"sex": "female", "pregnant": True}, {"sex": "male"}),
    ("older_age", {"age": 82}, {"age": 30}),
    ("homocysteine_raised_by_other_things", {"medicines": ["levodopa"]}, {}),
    ("homocysteine_sample", {"age": 45, "homocysteine": "40 umol/L"}, {"age": 45, "homocysteine": "7 umol/L"}),
    ("bacterial_overgrowth", {"diagnoses": ["small-bowel bacterial overgrowth"]}, {}),
    ("thyroid_disease", {"diagnoses": ["hypothyroidism"]}, {}),
    ("recent_transfusion", {"risk_factors": ["recent transfusion"]}, {}),
    ("high_b12_disease", {"diagnoses": ["liver disease"]}, {}),
    ("low_b12_disease", {"diagnoses": ["myeloma"]}, {}),
    ("volume_depletion", {"symptoms": ["diarrhea"]}, {}),
    # The young, and inherited disease.
    ("infant_deficiency", {**INFANT, **LOW}, {"age": 45, **LOW}),
    (
        "maternal_deficiency",
        {**INFANT, "risk_factors": ["vegan mother"]},
        {"age": 45, "risk_factors": ["vegan mother"]},
    ),
    (
        "transcobalamin_defect_suspected",
        {**INFANT, "diagnoses": ["transcobalamin deficiency"]},
        {"age": 45, **ADEQUATE},
    ),
    (
        "inborn_error_suspected",
        {"age": 15, "mma": "40 umol/L", "homocysteine": "180 umol/L"},
        {"age": 45, "mma": "40 umol/L", "homocysteine": "180 umol/L"},
    ),
    # Causes.
    ("gastrin_raised", {"gastrin": "900 pg/mL"}, {"gastrin": "50 pg/mL"}),
    ("parietal_cell_antibody", {"parietal_cell_antibody": "positive"}, {"parietal_cell_antibody": "negative"}),
    (
        "cause_ileal_disease",
        {**LOW, "diagnoses": ["ileal disease"]},
        {**ADEQUATE, "age": 45, "mma": "0.1 umol/L", "diagnoses": ["ileal disease"]},
    ),
    ("cause_not_known", LOW, {**LOW, "risk_factors": ["vegan diet"]}),
    # Treatment, and what goes with it.
    ("neurological_involvement", {"symptoms": ["tingling"]}, {"symptoms": ["fatigue"]}),
    ("lasting_cause", {"risk_factors": ["total gastrectomy"]}, {"risk_factors": ["vegan diet"]}),
    ("severe_blood_picture", SEVERE, ANEMIC),
    ("tablets_in_doubt", {"risk_factors": ["frailty"]}, {}),
    ("lifelong_treatment", {**LOW, "risk_factors": ["total gastrectomy"]}, {**LOW, "risk_factors": ["vegan diet"]}),
    ("b12_before_folic_acid", LOW, ADEQUATE),
    ("folate_before_b12", FOLATE_LOW, {"folate": "30 nmol/L"}),
    ("potassium_in_severe_anemia", {**SEVERE, **LOW}, {**ANEMIC, **LOW}),
    ("no_cyanocobalamin", {"diagnoses": ["Leber's hereditary optic neuropathy"]}, {}),
    ("cobalamin_allergy", {"diagnoses": ["cobalamin_allergy"]}, {}),
    ("b12_not_for_monitoring", {"risk_factors": ["recent B12 dose"]}, {}),
    ("metformin_may_continue", {**LOW, "medicines": ["metformin"]}, LOW),
    ("stop_nitrous_oxide", {"risk_factors": ["nitrous oxide"]}, {}),
    ("do_not_wait", {**LOW, "symptoms": ["lost position sense"]}, {**LOW, "symptoms": ["fatigue"]}),
    ("therapeutic_trial", {**GREY, "symptoms": ["tingling"]}, {**LOW, "symptoms": ["tingling"]}),
    ("treat_folate_too", FOLATE_LOW, {"folate": "30 nmol/L"}),
    ("treat_iron_too", {"age": 45, **IRON_LOW}, {"age": 45, "ferritin": "150 ug/L"}),
    ("diet_sources", {"risk_factors": ["vegan diet"]}, ADEQUATE),
    ("blood_recovers", {**ANEMIC, **LARGE, **LOW}, {**ANEMIC, **LARGE, **ADEQUATE, **FOLATE_LOW}),
    ("metabolites_recover", LOW, ADEQUATE),
    ("nerves_recover", {**LOW, "symptoms": ["tingling"]}, LOW),
    ("review_in_pregnancy", {**LOW, "sex": "female", "risk_factors": ["breastfeeding"]}, {**LOW, "sex": "male"}),
    (
        "thrombotic_microangiopathy_pattern",
        {**PLATELETS_LOW, **HEMOLYSIS},
        {"age": 45, "platelets": "250 x10^9/L", **HEMOLYSIS},
    ),
    ("combined_index_valid", {"age": 45, "sex": "male"}, {"age": 9}),
]

COMBINED = {
    "age": 45,
    "sex": "male",
    "b12": "100 pmol/L",
    "holotc": "10 pmol/L",
    "mma": "3 umol/L",
    "homocysteine": "60 umol/L",
}

VERDICT_EXAMPLES = [
    ("status", "deficient", LOW),
    ("status", "functional_deficiency", {"age": 45, **ADEQUATE, "mma": "0.9 umol/L"}),
    ("status", "deficiency_unlikely", ADEQUATE),
    (
        "status",
        "indeterminate",
        {**KIDNEY_FAILS, **GREY, "holotc": "50 pmol/L", "mma": "0.6 umol/L", "urine_mma_ratio": "0.5 umol/mmol{creat}"},
    ),
    ("anemia_grade", "severe", SEVERE),
    ("anemia_grade", "moderate", ANEMIC),
    ("anemia_grade", "mild", {**WOMAN, "hemoglobin": "115 g/L"}),
    ("anemia_grade", "none", {**WOMAN, "hemoglobin": "135 g/L"}),
    ("treatment_route", "intramuscular", {**LOW, "symptoms": ["tingling"]}),
    ("treatment_route", "specialist", {**LOW, "age": 9}),
    (
        "treatment_route",
        "oral_or_intramuscular",
        {**LOW, "age": 45, "medicines": ["metformin"], "hemoglobin": "135 g/L", "sex": "female"},
    ),
    ("treatment_route", "oral", {**LOW, "age": 45, "hemoglobin": "135 g/L", "sex": "female"}),
    ("treatment_route", "none", {**ADEQUATE, "age": 45}),
    ("urgency", "emergency", {**PLATELETS_LOW, **HEMOLYSIS}),
    ("urgency", "urgent", {**LOW, "symptoms": ["tingling"]}),
    ("urgency", "prompt", LOW),
    ("urgency", "routine", ADEQUATE),
    ("combined_index_class", "probable_deficiency", COMBINED),
    (
        "combined_index_class",
        "possible_deficiency",
        {**COMBINED, "b12": "150 pmol/L", "holotc": "20 pmol/L", "mma": "1.6 umol/L", "homocysteine": "16 umol/L"},
    ),
    (
        "combined_index_class",
        "low",
        {**COMBINED, "b12": "200 pmol/L", "holotc": "40 pmol/L", "mma": "0.4 umol/L", "homocysteine": "15 umol/L"},
    ),
    (
        "combined_index_class",
        "adequate",
        {**COMBINED, "b12": "350 pmol/L", "holotc": "80 pmol/L", "mma": "0.15 umol/L", "homocysteine": "9 umol/L"},
    ),
    (
        "combined_index_class",
        "elevated",
        {**COMBINED, "b12": "1000 pmol/L", "holotc": "300 pmol/L", "mma": "0.08 umol/L", "homocysteine": "5 umol/L"},
    ),
]

QUESTION_EXAMPLES = [
    ("status", GREY, LOW),
    ("in_spite_of_level", {**ADEQUATE, "symptoms": ["tingling"]}, ADEQUATE),
    ("megaloblastic_anemia", {**LOW, **ANEMIC}, GREY),
    ("hemolysis", {**ANEMIC, **PLATELETS_LOW, "sex": "female"}, LOW),
    ("cause", LOW, {**LOW, "risk_factors": ["total gastrectomy"]}),
    (
        "cause_without_antibody",
        {**LOW, "intrinsic_factor_antibody": "negative"},
        {**LOW, "risk_factors": ["total gastrectomy"]},
    ),
    ("kidney", {"age": 45, "mma": "0.9 umol/L"}, LOW),
    ("folate", LOW, GREY),
    ("iron", {**LOW, **ANEMIC}, GREY),
]


@pytest.mark.parametrize(("code", "holds", "does_not"), FINDING_EXAMPLES, ids=[code for code, _, _ in FINDING_EXAMPLES])
def test_a_finding_holds_where_the_results_say_so_and_not_elsewhere(code, holds, does_not):
    assert interpret(**holds).findings[code].state is True
    assert interpret(**does_not).findings[code].state is not True


@pytest.mark.parametrize(
    ("code", "outcome", "results"), VERDICT_EXAMPLES, ids=[f"{code}-{outcome}" for code, outcome, _ in VERDICT_EXAMPLES]
)
def test_a_verdict_comes_out_as_the_results_say(code, outcome, results):
    values = program().run(PatientInputs(read_panel(results), limits_of("nice-ng239")))
    verdict = VERDICT_RULES[code]
    assert single_outcome(verdict, outcomes(verdict, values)) == outcome


@pytest.mark.parametrize(
    ("code", "where", "not_where"), QUESTION_EXAMPLES, ids=[code for code, _, _ in QUESTION_EXAMPLES]
)
def test_a_question_is_asked_where_it_matters(code, where, not_where):
    asks = next(question.asks for question in QUESTIONS if question.code == code)
    assert any(asks in test.questions for test in interpret(**where).next_tests)
    assert not any(asks in test.questions for test in interpret(**not_where).next_tests)


def test_every_rule_and_every_outcome_has_its_example():
    assert {rule.code for rule in FINDINGS} == {code for code, _, _ in FINDING_EXAMPLES}
    assert {(rule.code, outcome) for rule in VERDICTS for outcome in rule.outcomes} == {
        (code, outcome) for code, outcome, _ in VERDICT_EXAMPLES
    }
    assert {question.code for question in QUESTIONS} == {code for code, _, _ in QUESTION_EXAMPLES}

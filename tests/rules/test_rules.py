"""Every rule with an example in the words of the field: results that make it so, and results that do not.

A new finding is one more line of `FINDING_EXAMPLES`: its code, what makes it TRUE, what does not.
"""

import pytest

from b12labs import interpret
from b12labs.inputs.panel import read_panel
from b12labs.limits.stratified import limits_of
from b12labs.logic.expressions import Choice
from b12labs.logic.open import outcomes, single_outcome
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.compiled import VERDICT_RULES, program
from b12labs.reasoning.next_tests import measured_in
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
NUMB = {"symptoms": ["numbness"]}
METFORMIN = {"medicines": ["metformin"]}
MMA_NORMAL = {"age": 45, "mma": "0.1 umol/L"}

FINDING_EXAMPLES = [
    ("unverified_result", {"platelets": "250 /uL"}, {"platelets": "250 10*9/L"}),
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
    ("homocysteine_raised_by_other_things", {"age": 45, "homocysteine": "20 umol/L", "medicines": ["levodopa"]}, {}),
    ("homocysteine_sample", {"age": 45, "homocysteine": "40 umol/L"}, {"age": 45, "homocysteine": "7 umol/L"}),
    ("bacterial_overgrowth", {"diagnoses": ["small-bowel bacterial overgrowth"]}, {}),
    ("thyroid_disease", {"age": 45, "mcv": "104 fL", "diagnoses": ["hypothyroidism"]}, {}),
    ("recent_transfusion", {"risk_factors": ["recent transfusion"]}, {}),
    ("high_b12_disease", {**ADEQUATE, "diagnoses": ["liver disease"]}, {**LOW, "diagnoses": ["liver disease"]}),
    ("low_b12_disease", {**LOW, "diagnoses": ["myeloma"]}, {**GREY, "diagnoses": ["myeloma"]}),
    ("volume_depletion", {"age": 45, "mma": "0.4 umol/L", "symptoms": ["diarrhea"]}, {"symptoms": ["diarrhea"]}),
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
    ("gastrin_raised", {"gastrin": "80 pmol/L (5-50)"}, {"gastrin": "40 pmol/L (5-50)"}),
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
    ("no_plant_source", {"risk_factors": ["vegan diet"]}, LOW),
    ("daily_need", LOW, ADEQUATE),
    # Nerve studies, bones and joints, forms by mouth, whom to watch.
    ("nerve_studies_unexplained", {**ADEQUATE, **NUMB, **MMA_NORMAL}, {**LOW, **NUMB, **MMA_NORMAL}),
    ("nerve_studies_extent", {**LOW, "symptoms": ["weak legs"]}, {**LOW, **NUMB}),
    ("nerve_studies_do_not_diagnose", {**GREY, **NUMB}, {**ADEQUATE, **NUMB}),
    ("nerve_studies_miss_the_cord", {**GREY, "symptoms": ["myelopathy"]}, {**GREY, **NUMB}),
    ("bone_density", {**ADEQUATE, "diagnoses": ["osteoporosis"]}, {**ADEQUATE, "symptoms": ["falls"]}),
    ("joint_pain_indirect", {**GREY, "symptoms": ["joint pain"]}, {**GREY, "symptoms": ["leg pain"]}),
    ("legs_before_anemia", {**GREY, "symptoms": ["thigh pain"]}, {**ADEQUATE, "symptoms": ["thigh pain"]}),
    ("sublingual_alike", LOW, {**LOW, **NUMB}),
    ("sublingual_no_substitute", {**LOW, **NUMB}, LOW),
    ("watch_after_bypass", {**ADEQUATE, "risk_factors": ["gastric bypass"]}, {**LOW, "risk_factors": ["rygb"]}),
    ("watch_on_metformin", {**GREY, **METFORMIN}, {**GREY, **METFORMIN, "guideline": "uptodate"}),
    ("watch_by_aafp_2017", {**GREY, **METFORMIN, "guideline": "aafp-2017"}, {**GREY, **METFORMIN}),
    (
        "watch_by_nhg",
        {**GREY, **METFORMIN, "guideline": "nhg"},
        {**GREY, **METFORMIN, "guideline": "nhg", "symptoms": ["tingling"]},
    ),
    ("vegans_supplement", {**ADEQUATE, "risk_factors": ["vegan"]}, {**ADEQUATE, "risk_factors": ["vegetarian"]}),
    ("watch_for_symptoms", {**ADEQUATE, "diagnoses": ["celiac disease"]}, {**ADEQUATE, **METFORMIN}),
    ("ask_since_when", {**ADEQUATE, "risk_factors": ["vegetarian"]}, {**ADEQUATE, **METFORMIN}),
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
    # The blood picture: low cells, hemolysis, what a film shows.
    (
        "very_low_hemoglobin",
        {"age": 30, "sex": "female", "trimester": 3, "hemoglobin": "76 g/L"},
        {**WOMAN, "hemoglobin": "85 g/L"},
    ),
    ("schistocytes", {"symptoms": ["red cell fragments"]}, {"schistocytes": "absent"}),
    ("blasts", {"blasts": "4 %"}, {"blasts": "not detected"}),
    (
        "gestational_thrombocytopenia",
        {"age": 30, "trimester": 2, "platelets": "118 10*9/L"},
        {"age": 30, "trimester": 2, "platelets": "90 10*9/L"},
    ),
    (
        "two_low_lines",
        {**ANEMIC, "wbc": "3.2 10*9/L"},
        {"age": 30, "trimester": 2, "hemoglobin": "100 g/L", "platelets": "118 10*9/L", "wbc": "7 10*9/L"},
    ),
    (
        "large_cells_alone",
        {**WOMAN, "mcv": "104 fL", "hemoglobin": "140 g/L"},
        {**ANEMIC, "mcv": "104 fL"},
    ),
    ("raised_ldh", {"age": 45, "ldh": "300 U/L"}, {"age": 45, "ldh": "190 U/L"}),
    ("low_haptoglobin", {"haptoglobin": "undetectable"}, {"haptoglobin": "1.2 g/L"}),
    (
        "raised_indirect_bilirubin",
        {"age": 45, "bilirubin_indirect": "3 mg/dL"},
        {"age": 45, "bilirubin_indirect": "normal"},
    ),
    # Other diseases of the blood.
    (
        "possible_ttp",
        {**PLATELETS_LOW, **HEMOLYSIS},
        {**SEVERE, **LOW, "platelets": "60 10*9/L", **HEMOLYSIS, "reticulocytes": "20 10*9/L"},
    ),
    (
        "fits_b12_deficiency",
        {**SEVERE, **LOW, "platelets": "60 10*9/L", **HEMOLYSIS, "reticulocytes": "20 10*9/L"},
        {**SEVERE, **GREY, "platelets": "60 10*9/L", **HEMOLYSIS, "reticulocytes": "20 10*9/L"},
    ),
    (
        "possible_hellp",
        {"age": 30, "trimester": 3, "platelets": "60 10*9/L", **HEMOLYSIS},
        {**PLATELETS_LOW, **HEMOLYSIS},
    ),
    (
        "fragments_with_low_platelets",
        {"age": 45, "platelets": "120 10*9/L", "symptoms": ["schistocytes"]},
        {"age": 45, "platelets": "120 10*9/L"},
    ),
    ("level_in_words", {"b12": "normal"}, {"b12": {"value": "250", "unit": "pg/mL", "flag": "normal"}}),
    (
        "film_of_low_cells",
        {**GREY, **ANEMIC, "platelets": "75 10*9/L"},
        {**GREY, **ANEMIC, "platelets": "20 10*9/L"},
    ),
    (
        "hemolysis_or_liver",
        {"haptoglobin": "5 mg/dL", "diagnoses": ["cirrhosis"]},
        {"haptoglobin": "150 mg/dL", "diagnoses": ["cirrhosis"]},
    ),
    ("hemolysis_to_explain", HEMOLYSIS, {**HEMOLYSIS, "reticulocytes": "40 x10^9/L"}),
    ("hemolysis_with_anemia", {**HEMOLYSIS, **ANEMIC}, {**HEMOLYSIS, **ANEMIC, "diagnoses": ["cirrhosis"]}),
    (
        "trial_not_waited_for",
        {"b12": "150 pg/mL", **WOMAN, "medicines": ["the pill"], "symptoms": ["tingling"]},
        {"b12": "150 pg/mL", **WOMAN, "medicines": ["the pill"]},
    ),
    (
        "cord_signs_by_copper",
        {**ADEQUATE, "medicines": ["zinc"], "symptoms": ["spasticity"]},
        {**GREY, "medicines": ["zinc"], "symptoms": ["spasticity"]},
    ),
    (
        "remethylation_defect_suspected",
        {"age": 8, "sex": "female", "mma": "0.15 umol/L", "homocysteine": "140 umol/L"},
        {"age": 38, "sex": "female", "mma": "0.15 umol/L", "homocysteine": "140 umol/L"},
    ),
    ("film_today", {"symptoms": ["blasts"]}, {"neutrophils": "0.9 10*9/L"}),
    (
        "unexplained_cytopenias",
        {**ADEQUATE, **ANEMIC, "platelets": "75 10*9/L", "folate": "25 nmol/L"},
        {**GREY, **ANEMIC, "platelets": "75 10*9/L", "folate": "25 nmol/L"},
    ),
    (
        "mild_cytopenias",
        {**ADEQUATE, **WOMAN, "hemoglobin": "112 g/L", "platelets": "135 10*9/L", "folate": "25 nmol/L"},
        {**ADEQUATE, **ANEMIC, "platelets": "75 10*9/L", "folate": "25 nmol/L"},
    ),
    (
        "antifolate_toxicity_suspected",
        {"medicines": ["trimethoprim"], "wbc": "3.1 10*9/L"},
        {"medicines": ["trimethoprim"], "wbc": "6 10*9/L"},
    ),
    (
        "antifolate_toxicity_urgent",
        {"medicines": ["methotrexate"], "wbc": "3.1 10*9/L", "symptoms": ["mouth ulcers"]},
        {"medicines": ["methotrexate"], "wbc": "3.1 10*9/L"},
    ),
    (
        "antifolate_for_the_prescriber",
        {"age": 45, "medicines": ["methotrexate"], "mcv": "104 fL"},
        {"medicines": ["methotrexate"], "wbc": "3.1 10*9/L"},
    ),
    ("low_copper", {"copper": "low"}, {"copper": "normal", "ceruloplasmin": "normal"}),
    ("raised_zinc", {"zinc": "high"}, {"zinc": "normal"}),
    ("raised_tsh", {"tsh": "high"}, {"tsh": "normal"}),
    # What counts, and what is only said.
    ("low_total_b12_counts", LOW, {**LOW, "holotc": "90 pmol/L", "medicines": ["HRT"]}),
    ("low_total_b12_alone", {"b12": "150 pg/mL", "age": 30, "medicines": ["the pill"]}, LOW),
    ("b12_certainly_adequate", ADEQUATE, {**ADEQUATE, "diagnoses": ["pernicious anemia"]}),
    ("b12_certainly_low", LOW, {"b12": "150 pg/mL", "age": 30, "medicines": ["the pill"]}),
    ("adequate_and_voided", {**ADEQUATE, "risk_factors": ["nitrous oxide"]}, ADEQUATE),
    ("picture_keeps_it_open", {**ADEQUATE, **ANEMIC, **LARGE}, {**ADEQUATE, **ANEMIC, **LARGE, "mma": "0.1 umol/L"}),
    (
        "urine_mma_keeps_it_open",
        {**WOMAN, **ADEQUATE, "urine_mma_ratio": "6 umol/mmol{creat}"},
        {**WOMAN, **ADEQUATE, "urine_mma_ratio": "0.6 umol/mmol{creat}"},
    ),
    (
        "homocysteine_keeps_it_open",
        {**WOMAN, **ADEQUATE, "homocysteine": "22 umol/L"},
        {**WOMAN, **ADEQUATE, "homocysteine": "22 umol/L", "mma": "0.1 umol/L"},
    ),
    ("mma_beyond_reduced_kidney", {**KIDNEY_FAILS, "mma": "4 umol/L"}, {**KIDNEY_FAILS, "mma": "0.9 umol/L"}),
    ("unexplained_picture", {**ANEMIC, **LARGE}, {**ANEMIC, **LARGE, "risk_factors": ["alcohol"]}),
    ("cord_signs", {"symptoms": ["spasticity"]}, {"symptoms": ["lost vibration sense"]}),
    ("mma_raised_by_kidney", {**KIDNEY_FAILS, "mma": "0.9 umol/L"}, {**KIDNEY_FAILS, "mma": "4 umol/L"}),
    (
        "mma_without_symptoms",
        {"age": 45, "mma": "0.5 umol/L", "guideline": "denmark"},
        {"age": 45, "mma": "0.5 umol/L", "guideline": "denmark", "symptoms": ["tingling"]},
    ),
    ("mma_within_age", {"age": 82, "mma": "0.4 umol/L"}, {"age": 82, "mma": "0.6 umol/L"}),
    (
        "discordant_low_holotc",
        {"age": 45, **ADEQUATE, "holotc": "15 pmol/L", "mma": "0.1 umol/L", "homocysteine": "7 umol/L"},
        {"age": 45, **GREY, "holotc": "15 pmol/L", "mma": "0.1 umol/L", "homocysteine": "7 umol/L"},
    ),
    ("macro_b12_possible", {"b12": "1900 pg/mL"}, {"b12": "1900 pg/mL", "medicines": ["multivitamin"]}),
    (
        "nerve_signs_with_high_b12",
        {"b12": ">2000 pg/mL", "symptoms": ["neuropathy"]},
        {"b12": ">2000 pg/mL", "symptoms": ["neuropathy"], "mma": "0.15 umol/L"},
    ),
    ("homocysteine_raised_by_kidney", {**KIDNEY_FAILS, "homocysteine": "40 umol/L"}, KIDNEY_FAILS),
    (
        "homocysteine_raised_by_folate",
        {"age": 45, "homocysteine": "40 umol/L", **FOLATE_LOW},
        {"age": 45, "homocysteine": "40 umol/L", "folate": "30 nmol/L"},
    ),
    ("infant_not_cleared", {**INFANT, **GREY}, {**INFANT, "hemoglobin": "120 g/L"}),
    ("ask_about_the_mother", {"age": 1.4, "b12": "60 pmol/L"}, {"age": 5, "b12": "60 pmol/L"}),
    # Treatment without waiting.
    ("suspected_megaloblastic_anemia", {**ANEMIC, **LARGE, **GREY}, {**ANEMIC, **LARGE, **ADEQUATE}),
    (
        "lasting_cause_with_signs",
        {**ADEQUATE, "diagnoses": ["pernicious anemia"], "symptoms": ["tingling"]},
        {**ADEQUATE, "diagnoses": ["pernicious anemia"], "symptoms": ["tingling"], "medicines": ["b12 injections"]},
    ),
    (
        "cord_signs_with_normal_markers",
        {**ADEQUATE, "age": 45, "mma": "0.1 umol/L", "homocysteine": "7 umol/L", "symptoms": ["spasticity"]},
        {**GREY, "symptoms": ["spasticity"]},
    ),
    ("mri_of_the_spine", {**GREY, "symptoms": ["spasticity"]}, {**LOW, "symptoms": ["spasticity"]}),
    ("presumed_deficiency", {**ANEMIC, **LARGE, "risk_factors": ["total gastrectomy"]}, {**ANEMIC, **LARGE}),
    (
        "moderate_megaloblastic_anemia",
        {**ANEMIC, **LARGE, **LOW},
        {**ANEMIC, **LARGE, **LOW, "risk_factors": ["vegan diet"]},
    ),
    (
        "gastrin_on_acid_blocker",
        {"gastrin": "400 pg/mL", "medicines": ["omeprazole"]},
        {"gastrin": "400 pg/mL"},
    ),
    (
        "metabolites_before_trial",
        {**GREY, "symptoms": ["tingling"]},
        {**GREY, "age": 45, "symptoms": ["tingling"], "homocysteine": "7 umol/L"},
    ),
    (
        "trial_with_normal_mma",
        {**GREY, "age": 45, "mma": "0.1 umol/L", "symptoms": ["tingling"]},
        {**GREY, "age": 45, "mma": "0.1 umol/L"},
    ),
    (
        "folate_beside_antifolate",
        {"medicines": ["methotrexate", "folic acid"], "wbc": "2 10*9/L"},
        {"medicines": ["folic acid"], "wbc": "2 10*9/L"},
    ),
    ("examine_the_infant", {**LOW, **WOMAN, "risk_factors": ["breastfeeding"]}, {**LOW, **WOMAN}),
    ("tell_obstetrics", {"age": 30, "trimester": 2, "holotc": "10 pmol/L"}, {**LOW, **WOMAN}),
    # How soon.
    ("severe_anemia_felt", {**SEVERE, "symptoms": ["syncope"]}, {**SEVERE, "symptoms": ["fatigue"]}),
    ("urgent_nerve_signs", {**GREY, "symptoms": ["falls"]}, {**GREY, "symptoms": ["tingling"]}),
    ("nerve_symptoms", {**GREY, "symptoms": ["low mood"]}, {**ADEQUATE, "symptoms": ["low mood"]}),
    (
        "low_blood_in_pregnancy",
        {"age": 30, "trimester": 2, "hemoglobin": "88 g/L"},
        {"age": 30, "trimester": 2, "hemoglobin": "100 g/L"},
    ),
    (
        "isolated_thrombocytopenia",
        {"platelets": "80 10*9/L"},
        {"platelets": "80 10*9/L", "diagnoses": ["liver disease"]},
    ),
    (
        "mma_of_age_alone",
        {"age": 82, "mma": "0.4 umol/L"},
        {"age": 82, "mma": "0.4 umol/L", "symptoms": ["fatigue"]},
    ),
    ("deficiency_to_treat", LOW, GREY),
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
    ("urgency", "urgent", {**LOW, "symptoms": ["falls"]}),
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
    # A number without a unit is verified; what was not measured is not.
    ("verify_b12", {"b12": 250, "errors": "report"}, {"b12": "pending", "errors": "report"}),
    ("verify_holotc", {"holotc": 250, "errors": "report"}, {"holotc": "pending", "errors": "report"}),
    ("verify_mma", {"mma": 250, "errors": "report"}, {"mma": "pending", "errors": "report"}),
    ("verify_homocysteine", {"homocysteine": 250, "errors": "report"}, {"homocysteine": "pending", "errors": "report"}),
    ("verify_hemoglobin", {"hemoglobin": 250, "errors": "report"}, {"hemoglobin": "pending", "errors": "report"}),
    ("verify_mcv", {"mcv": 250, "errors": "report"}, {"mcv": "pending", "errors": "report"}),
    ("verify_wbc", {"wbc": 250, "errors": "report"}, {"wbc": "pending", "errors": "report"}),
    ("verify_neutrophils", {"neutrophils": 250, "errors": "report"}, {"neutrophils": "pending", "errors": "report"}),
    ("verify_platelets", {"platelets": 250, "errors": "report"}, {"platelets": "pending", "errors": "report"}),
    ("verify_ldh", {"ldh": 250, "errors": "report"}, {"ldh": "pending", "errors": "report"}),
    ("verify_haptoglobin", {"haptoglobin": 250, "errors": "report"}, {"haptoglobin": "pending", "errors": "report"}),
    (
        "verify_reticulocytes",
        {"reticulocytes": 250, "errors": "report"},
        {"reticulocytes": "pending", "errors": "report"},
    ),
    ("child", {"age": 1.2, "b12": "190 pmol/L"}, {"age": 5, "b12": "190 pmol/L"}),
    ("nitrous_oxide", {**ADEQUATE, "risk_factors": ["nitrous oxide"]}, ADEQUATE),
    ("pregnancy", {"age": 30, "trimester": 1, "b12": "150 pg/mL"}, {"age": 30, "b12": "150 pg/mL"}),
    (
        "repeat_holotc",
        {"age": 45, **ADEQUATE, "holotc": "15 pmol/L", "mma": "0.1 umol/L", "homocysteine": "7 umol/L"},
        {"age": 45, **ADEQUATE, "holotc": "15 pmol/L"},
    ),
    ("mma_of_age", {"age": 82, "mma": "0.4 umol/L"}, {"age": 82, "mma": "0.9 umol/L"}),
    ("level", {"age": 45, "symptoms": ["tingling"]}, GREY),
    ("high_b12", {"b12": "1900 pg/mL"}, ADEQUATE),
    ("anemia", {"age": 45, **ADEQUATE, "mcv": "104 fL"}, ADEQUATE),
    ("thyroid", {**WOMAN, **ADEQUATE, "mcv": "104 fL"}, {**WOMAN, **LOW, "mcv": "104 fL"}),
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
    (
        "homocysteine_by_folate",
        {"age": 45, **GREY, "homocysteine": "24 umol/L"},
        {"age": 45, **GREY, "homocysteine": "24 umol/L", "mma": "0.9 umol/L"},
    ),
    (
        "homocysteine_by_kidney",
        {"age": 45, **GREY, "homocysteine": "24 umol/L"},
        {"age": 45, **GREY, "homocysteine": "24 umol/L", "folate": "3 nmol/L"},
    ),
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


def test_a_choice_between_two_quantities_hangs_on_the_patient_and_never_on_a_result():
    """What a repeated test may change is widened; a choice is not."""
    rules = [*FINDINGS, *VERDICTS]
    choices = {node for rule in rules for node in rule.walk() if isinstance(node, Choice)}
    assert choices
    assert all(measured_in(choice.children[0]) == () for choice in choices)


@pytest.mark.parametrize(
    ("results", "possible"),
    [
        ({"b12": "250 pg/mL"}, ("deficient", "functional_deficiency", "deficiency_unlikely", "indeterminate")),
        (
            {"b12": "250 pg/mL", "holotc": "40 pmol/L"},
            ("functional_deficiency", "deficiency_unlikely", "indeterminate"),
        ),
        ({"mma": "0.2 umol/L"}, ("deficient", "deficiency_unlikely", "indeterminate")),
    ],
)
def test_an_indeterminate_status_says_what_it_may_still_become(results, possible):
    assert interpret(age=40, sex="male", **results).possible["status"] == possible

"""Markers that contradict each other, and what an indeterminate status leaves open."""

import pytest

from b12labs import interpret

MAN = {"age": 50, "sex": "male"}
NORMAL_METABOLITES = {"mma": "0.15 umol/L", "homocysteine": "9 umol/L"}
LOW_TOTAL_ALONE = {**MAN, "b12": "140 pg/mL", "holotc": "50 pmol/L", **NORMAL_METABOLITES}
LOW_HOLOTC_ALONE = {**MAN, "b12": "600 pg/mL", "holotc": "15 pmol/L", **NORMAL_METABOLITES}
RAISED_MMA = {**MAN, "b12": "250 pg/mL", "mma": "0.5 umol/L"}


@pytest.mark.parametrize(
    ("kidney", "egfr", "reduced", "severely"),
    [
        ("chronic_kidney_disease", None, True, None),
        ("end_stage_kidney_disease", None, True, True),
        ("chronic_kidney_disease", "70", False, False),
        ("end_stage_kidney_disease", "45", True, False),
        ("chronic_kidney_disease", "20", True, True),
        ("chronic_kidney_disease", "<75", True, None),
    ],
)
def test_a_reported_kidney_disease_stands_for_an_egfr_that_is_not_known(kidney, egfr, reduced, severely):
    known = {"egfr": f"{egfr} mL/min/{{1.73_m2}}"} if egfr else {}
    findings = interpret(**MAN, **known, diagnoses=[kidney]).findings
    assert findings["reduced_kidney_function"].state is reduced
    assert findings["severely_reduced_kidney_function"].state is severely


def test_a_raised_mma_counts_in_kidney_disease_with_a_normal_egfr():
    told = {**RAISED_MMA, "diagnoses": ["chronic_kidney_disease"]}
    assert interpret(**told).status == "indeterminate"
    assert interpret(**told, egfr="70 mL/min/{1.73_m2}").status == "functional_deficiency"
    assert interpret(**told, creatinine="0.8 mg/dL").status == "functional_deficiency"


@pytest.mark.parametrize("dose", ["recent_b12_dose", "b12_injections_now"])
def test_after_a_dose_of_b12_normal_metabolites_do_not_clear_a_low_total_b12(dose):
    assert interpret(**LOW_TOTAL_ALONE).status == "deficiency_unlikely"
    after = interpret(**LOW_TOTAL_ALONE, risk_factors=[dose])
    assert after.status == "indeterminate"
    assert after.treatment.route == "undetermined"


def test_a_raised_urine_mma_keeps_a_low_total_b12_open():
    assert interpret(**LOW_TOTAL_ALONE, urine_mma_ratio="3 mmol/mol{creat}").status == "indeterminate"


def test_a_low_holotc_is_believed_where_total_b12_may_read_falsely_normal():
    assert interpret(**LOW_HOLOTC_ALONE).status == "indeterminate"
    assert interpret(**LOW_HOLOTC_ALONE, diagnoses=["autoimmune_gastritis"]).status == "deficient"
    assert interpret(**LOW_HOLOTC_ALONE, intrinsic_factor_antibody="positive").status == "deficient"
    assert interpret(**LOW_HOLOTC_ALONE, intrinsic_factor_antibody="negative").status == "indeterminate"


@pytest.mark.parametrize("contradicted", [LOW_TOTAL_ALONE, LOW_HOLOTC_ALONE])
def test_b12_is_not_low_for_certain_where_the_other_markers_contradict_it(contradicted):
    assert interpret(**contradicted).findings["b12_certainly_low"].state is False
    uncontradicted = {**contradicted, "mma": "1 umol/L"}
    assert interpret(**uncontradicted).findings["b12_certainly_low"].state is True


def test_what_the_status_leaves_open_is_not_answered_with_no():
    """Nitrous oxide voids the level, and MMA alone does not take that back: nothing says that B12 is enough."""
    told = {**MAN, "b12": "600 pg/mL", "holotc": "90 pmol/L", "mma": "0.15 umol/L", "risk_factors": ["nitrous_oxide"]}
    quiet = interpret(**told)
    assert quiet.status == "indeterminate"
    assert quiet.findings["b12_deficiency"].state is None
    assert quiet.treatment.route == "undetermined"
    assert interpret(**told, symptoms=["paresthesia"]).urgency == "urgent"
    cleared = interpret(**told, homocysteine="9 umol/L", symptoms=["paresthesia"])
    assert cleared.status == "deficiency_unlikely"
    assert cleared.findings["b12_deficiency"].state is False


def test_megaloblastic_anemia_stays_open_while_deficiency_does():
    told = {**MAN, "b12": "250 pg/mL", "holotc": "50 pmol/L", "mma": "0.15 umol/L", "folate": "20 nmol/L"}
    anemic = {**told, "hemoglobin": "100 g/L", "mcv": "112 fL"}
    assert interpret(**anemic, risk_factors=["recent_b12_dose"]).megaloblastic_anemia is None
    assert interpret(**told, hemoglobin="140 g/L", risk_factors=["recent_b12_dose"]).megaloblastic_anemia is False


@pytest.mark.parametrize("level", [{}, {"b12": "600 pg/mL"}, {"b12": "250 pg/mL"}, {"b12": "100 pg/mL"}])
@pytest.mark.parametrize("cause", [{"risk_factors": ["total_gastrectomy"]}, {"diagnoses": ["autoimmune_gastritis"]}])
def test_an_allergy_to_cobalamin_goes_before_injections_for_life(cause, level):
    assert interpret(**MAN, **cause, **level).treatment.route == "intramuscular"
    told = {**cause, "diagnoses": [*cause.get("diagnoses", []), "cobalamin_allergy"]}
    assert interpret(**MAN, **told, **level).treatment.route == "specialist"


def test_severe_disease_in_pregnancy_goes_before_injections_for_life():
    told = {
        "age": 30,
        "sex": "female",
        "trimester": "second",
        "b12": "600 pg/mL",
        "risk_factors": ["total_gastrectomy"],
    }
    assert interpret(**told, hemoglobin="110 g/L").treatment.route == "intramuscular"
    assert interpret(**told, hemoglobin="65 g/L").treatment.route == "specialist"

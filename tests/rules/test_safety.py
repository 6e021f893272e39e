"""What must not be missed and must not be said: one test for each way in which a result could have hurt somebody."""

import numpy as np
import pandas as pd
import pytest

from b12labs import PanelError, interpret, interpret_frame
from b12labs.inputs.panel import read_panel
from b12labs.inputs.vocabulary import find_terms

WOMAN = {"age": 40, "sex": "female"}


@pytest.mark.parametrize(
    "signs",
    [
        {"ldh": "1200 U/L", "haptoglobin": {"value": "<10", "unit": "mg/dL"}},
        {"ldh": "1900 U/L", "bilirubin_total": "3.5 mg/dL"},
        {"symptoms": ["schistocytes"]},
    ],
)
def test_low_platelets_with_any_sign_of_hemolysis_raise_the_alarm_of_ttp(signs):
    result = interpret(**WOMAN, hemoglobin="90 g/L", platelets="12 10*9/L", b12="250 pg/mL", **signs)
    assert result.findings["thrombotic_microangiopathy_pattern"].state is True
    assert result.urgency == "emergency"


@pytest.mark.parametrize(
    "count",
    [
        {"platelets": "8 10*9/L"},
        {"neutrophils": "0.2 10*9/L"},
        {"hemoglobin": "90 g/L", "platelets": "90 10*9/L", "wbc": "2 10*9/L"},
    ],
)
def test_severely_low_cells_are_urgent_whatever_b12_is(count):
    result = interpret(**WOMAN, b12="900 pg/mL", **count)
    assert result.urgency == "urgent"
    assert "do_not_wait" not in [caution.code for caution in result.treatment.cautions]


@pytest.mark.parametrize(
    "reason",
    [
        {"risk_factors": ["nitrous oxide"], "symptoms": ["extensor plantars"]},
        {"risk_factors": ["recent b12 injection"], "symptoms": ["ataxia"]},
        {"symptoms": ["lost position sense"]},
        {"urine_mma_ratio": "6 umol/mmol{creat}"},
    ],
)
def test_a_normal_mma_does_not_make_deficiency_unlikely_where_something_voids_it(reason):
    result = interpret(**WOMAN, b12="250 pg/mL", mma="0.2 umol/L", **reason)
    assert result.status == "indeterminate"
    assert result.treatment.route != "none"


@pytest.mark.parametrize("cause", ["pernicious anemia", "total gastrectomy", "ileal resection"])
@pytest.mark.parametrize("b12", ["450 pg/mL", "1450 pg/mL"])
def test_nobody_is_told_to_stop_injections_that_are_for_life(cause, b12):
    result = interpret(**WOMAN, b12=b12, mma="0.2 umol/L", diagnoses=[cause])
    assert result.treatment.route == "intramuscular"
    assert result.treatment.duration == "for life"
    assert result.treatment.regimen.loading == ""


@pytest.mark.parametrize("formulary", ["uk", "us"])
@pytest.mark.parametrize("more", [{}, {"symptoms": ["blurred vision"]}])
def test_no_regimen_is_what_its_own_caution_forbids(formulary, more):
    leber = interpret(**WOMAN, b12="100 pg/mL", diagnoses=["LHON"], formulary=formulary, **more).treatment.regimen
    assert leber is None or leber.drug != "cyanocobalamin"
    assert (
        interpret(**WOMAN, b12="100 pg/mL", diagnoses=["cobalt allergy"], formulary=formulary, **more).treatment.regimen
        is None
    )


def test_children_get_no_adult_dose():
    result = interpret(age=0.5, b12="60 pmol/L", symptoms=["hypotonia"], folate="3 nmol/L")
    assert result.treatment.regimen is None
    said = " ".join(statement.text for statement in (*result.treatment.cautions, *result.treatment.also))
    assert "specialist" in said
    assert "5 mg" not in said


@pytest.mark.parametrize(
    ("header", "cell", "years"),
    [
        ("age (months)", 5, 5 / 12),
        ("age_months", 5, 5 / 12),
        ("Age in days", 100, 100 / 365.25),
        ("age [weeks]", 10, 70 / 365.25),
        ("age", "5 mos", 5 / 12),
        ("age", "67 yo", 67),
        ("age (years)", 67, 67),
    ],
)
def test_an_age_is_read_in_the_unit_of_its_header(header, cell, years):
    frame = pd.DataFrame({header: [cell], "b12 [pmol/L]": ["90"]})
    out = interpret_frame(frame, findings=["infant_deficiency", "adult_limits_not_valid"])
    assert bool(out["infant_deficiency"].iloc[0]) is (years < 1)
    assert out["problems"].iloc[0] == ""


@pytest.mark.parametrize("cell", ["34M", "67W", "old", "-3"])
def test_an_age_that_cannot_be_read_is_not_taken_for_an_adults(cell):
    result = interpret(age=cell, b12="259 pmol/L", errors="report")
    assert [problem.code for problem in result.problems] == ["unreadable_age"]
    assert result.findings["adequate_total_b12"].state is None
    out = interpret_frame(pd.DataFrame({"age": [cell], "b12 [pmol/L]": ["259"]}), findings=["adequate_total_b12"])
    assert out["adequate_total_b12"].isna().iloc[0]


def test_an_elevation_in_feet_is_not_taken_for_meters():
    frame = pd.DataFrame({"elevation (ft)": [5280], "hemoglobin [g/L]": [145], "age": [40], "sex": ["male"]})
    assert bool(interpret_frame(frame)["anemia"].iloc[0]) is False


def test_a_reference_interval_that_cannot_be_read_costs_only_itself():
    frame = pd.DataFrame(
        {"mma [umol/L]": ["0.9"], "mma_reference_high": ["400 nmol/L"], "b12 [pg/mL]": ["300"], "age": [40]}
    )
    row = interpret_frame(frame).iloc[0]
    assert row["status"] == "functional_deficiency"
    assert "mma: unreadable_interval" in row["problems"]
    whole = pd.DataFrame({"mma [umol/L]": [0.3], "mma_reference_high": [1], "b12 [pg/mL]": [300], "age": [40]})
    assert interpret_frame(whole)["problems"].iloc[0] == ""


def test_one_odd_cell_does_not_cost_a_column_of_yes_and_no():
    frame = pd.DataFrame({"nitrous_oxide": ["yes", "no", "occasional"], "b12 [pg/mL]": ["450"] * 3, "age": [40] * 3})
    out = interpret_frame(frame)
    assert out["status"].tolist() == ["indeterminate", "deficiency_unlikely", "indeterminate"]
    assert out["problems"].tolist() == ["", "", "nitrous_oxide: unreadable_yes_no"]
    open_world = interpret_frame(frame, findings=["nitrous_oxide"], unreported_context="unknown")
    assert open_world["nitrous_oxide"].astype(object).where(open_world["nitrous_oxide"].notna(), None).tolist() == [
        True,
        False,
        None,
    ]


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_symptoms_may_come_as_lists(kind):
    frame = pd.DataFrame({"symptoms": [kind(["ataxia"]), kind([])], "b12 [pg/mL]": ["150", "150"], "age": [40, 40]})
    assert interpret_frame(frame)["treatment_route"].tolist() == ["intramuscular", "oral"]


def test_a_low_total_b12_beside_an_adequate_holotc_waits_for_mma():
    result = interpret(**WOMAN, b12="120 pg/mL", holotc="90 pmol/L")
    assert result.status == "indeterminate"
    assert result.next_tests[0].analyte == "mma"
    assert interpret(**WOMAN, holotc="90 pmol/L").status == "deficiency_unlikely"


@pytest.mark.parametrize(
    "more",
    [
        {"symptoms": ["ataxia", "lost position sense"], "b12": "360 pg/mL"},
        {"symptoms": ["falls"], "b12": "600 pg/mL", "risk_factors": ["gastric bypass"]},
    ],
)
def test_signs_of_the_cord_and_suspected_copper_deficiency_are_urgent(more):
    assert interpret(**WOMAN, **more).urgency == "urgent"


def test_copper_is_thought_of_where_mma_is_normal_too():
    result = interpret(
        **WOMAN, b12="300 pg/mL", mma="0.15 umol/L", neutrophils="0.6 10*9/L", risk_factors=["gastric bypass"]
    )
    assert result.findings["copper_deficiency_suspected"].state is True


@pytest.mark.parametrize(
    ("week", "b12", "status"),
    [("34", "40 pg/mL", "deficient"), ("20+3", "40 pg/mL", "deficient"), ("33", "150 pg/mL", "indeterminate")],
)
def test_pregnancy_has_a_limit_in_every_trimester(week, b12, status):
    assert interpret(age=30, sex="female", gestational_weeks=week, b12=b12).status == status


def test_a_gestation_that_cannot_be_read_is_a_pregnancy_all_the_same():
    values = {"age": 30, "sex": "female", "gestational_weeks": "late", "b12": "150 pg/mL"}
    result = interpret(**values, errors="report")
    assert result.status == "indeterminate"
    row = interpret_frame(pd.DataFrame([{**values, "b12": "150 pg/mL"}])).iloc[0]
    assert (row["status"], row["problems"]) == ("indeterminate", "gestational_weeks: unreadable_weeks")


@pytest.mark.parametrize(
    ("given", "field", "state"),
    [
        ({"pregnant": "no", "trimester": "2"}, "pregnant", None),
        ({"pregnant": "no", "gestational_weeks": "20+3"}, "pregnant", None),
        ({"pregnant": "yes", "trimester": "1", "gestational_weeks": "34"}, "trimester", 4),
        ({"trimester": "3", "gestational_weeks": "9"}, "trimester", 4),
        ({"sex": "male", "trimester": "3"}, "sex", None),
    ],
)
def test_statements_about_pregnancy_that_exclude_each_other_are_reported_and_not_decided(given, field, state):
    panel = read_panel({"b12": "150 pg/mL", **given}, report=True)
    assert [(problem.code, problem.field) for problem in panel.problems] == [("conflict", field)]
    assert panel.pregnancy == state
    assert (
        interpret_frame(pd.DataFrame([{"b12": "150 pg/mL", **given}] * 2))["problems"].tolist()
        == [f"{field}: conflict"] * 2
    )
    with pytest.raises(PanelError, match=r"exclude each other|another trimester"):
        interpret(b12="150 pg/mL", **given)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"pregnant": "no", "gestational_weeks": "0"}, 0),
        ({"pregnant": "no", "trimester": "n/a"}, 0),
        ({"pregnant": "yes", "trimester": "2", "gestational_weeks": "20"}, 2),
        ({"trimester": "2", "gestational_weeks": "late"}, 2),
        ({"trimester": "mid", "gestational_weeks": "34"}, 3),
        ({"pregnant": "no", "trimester": "mid"}, 0),
    ],
)
def test_what_is_said_of_pregnancy_is_combined(given, state):
    assert read_panel({"b12": "150 pg/mL", **given}, report=True).pregnancy == state


def test_thousands_of_odd_cells_about_pregnancy_are_reported_one_by_one():
    odd = [f"odd {number}" for number in range(3000)]
    frame = pd.DataFrame({"b12 [pg/mL]": ["150"] * 3000, "pregnant": odd, "trimester": odd, "gestational_weeks": odd})
    assert set(interpret_frame(frame)["problems"]) == {
        "pregnant: unreadable_yes_no; trimester: unreadable_trimester; gestational_weeks: unreadable_weeks"
    }


@pytest.mark.parametrize("cell", ["٢٠", "२०"])
@pytest.mark.parametrize("name", ["gestational_weeks", "elevation", "age"])
def test_digits_of_other_scripts_are_not_read(name, cell):
    assert [problem.field for problem in interpret(b12="150 pg/mL", **{name: cell}, errors="report").problems] == [name]


def test_an_index_without_a_unit_is_read_in_a_column_as_for_one_patient():
    frame = pd.DataFrame({"reticulocyte_index": [4.0, 1.0], "hemoglobin [g/L]": [80.0, 80.0]})
    rows = interpret_frame(frame, findings=True)
    for place, value in enumerate((4.0, 1.0)):
        one = interpret(reticulocyte_index=value, hemoglobin="80 g/L")
        assert [rows[code].iloc[place] is pd.NA for code in one.findings] == [
            item.state is None for item in one.findings.values()
        ]


def test_a_truth_is_no_count_where_it_equals_one():
    frame = pd.DataFrame({"platelets [10*9/L]": pd.Series([1, True, 1.0], dtype=object)})
    assert interpret_frame(frame)["problems"].tolist() == ["", "platelets: unreadable_value", ""]


def test_not_detected_haptoglobin_is_not_normal():
    result = interpret(**WOMAN, haptoglobin="not detected", platelets="12 10*9/L", errors="report")
    assert [problem.code for problem in result.problems] == ["unreadable_value"]
    assert (
        interpret(**WOMAN, haptoglobin="undetectable", platelets="12 10*9/L")
        .findings["thrombotic_microangiopathy_pattern"]
        .state
        is True
    )


def test_metformin_is_not_encouraged_where_kidneys_fail():
    said = [
        caution.code
        for caution in interpret(
            **WOMAN, b12="100 pg/mL", egfr="20 mL/min/1.73m2", medicines=["metformin"]
        ).treatment.cautions
    ]
    assert "metformin_may_continue" not in said


def test_a_diet_dose_is_for_diet_alone():
    for more in ({"diagnoses": ["celiac"]}, {"medicines": ["metformin"]}):
        assert (
            "1 to 2 mg" in interpret(**WOMAN, b12="100 pg/mL", risk_factors=["vegan"], **more).treatment.regimen.loading
        )


def test_an_infant_with_normal_b12_and_both_metabolites_raised_is_referred():
    result = interpret(age="3 months", b12="350 pmol/L", mma="8 umol/L", homocysteine="60 umol/L")
    assert result.findings["transcobalamin_defect_suspected"].state is True


def test_the_laboratorys_flag_decides_where_the_guideline_leaves_the_limit_to_it():
    normal = {"value": 0.38, "unit": "umol/L", "flag": "N"}
    assert interpret(**WOMAN, b12="300 pg/mL", mma=normal).findings["raised_mma"].state is False
    assert (
        interpret(**WOMAN, b12="300 pg/mL", mma={**normal, "value": 0.25, "flag": "H"}).findings["raised_mma"].state
        is True
    )
    assert (
        interpret(**WOMAN, b12="300 pg/mL", mma={**normal, "reference_high": 0.3}).findings["raised_mma"].state is True
    )


def test_single_precision_is_read_as_printed():
    frame = pd.DataFrame({"mma [umol/L]": np.array([0.28, 0.281], dtype=np.float32), "age": [40, 40]})
    assert interpret_frame(frame, findings=["raised_mma"])["raised_mma"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("normal vibration sense and proprioception", set()),
        ("Romberg negative", set()),
        ("no history of nitrous oxide use", set()),
        ("denies alcohol, nitrous oxide or metformin", set()),
        ("celiac disease excluded", set()),
        ("mother has pernicious anemia", set()),
        ("family history of pernicious anemia", {"family_history"}),
        ("history of low B12", set()),
        ("never took B12 supplements", set()),
        ("not vegan", set()),
        ("Lhermitte's sign", {"extensor_plantars"}),
        ("unable to walk, wide-based gait", {"limb_weakness", "ataxia"}),
    ],
)
def test_free_text_is_not_turned_into_its_opposite(text, keys):
    assert {term.key for term in find_terms(text)} == keys


@pytest.mark.parametrize("as_column", [False, True])
def test_a_laboratorys_word_on_a_result_goes_before_what_others_infer_of_it(as_column):
    # 12.87 % over 1.8 10*12/L would be an MCV of 72 fL, and the laboratory says that it is high.
    given = {"mcv": "high", "hematocrit": "12.87 %", "rbc": "1.8 10*12/L", "age": 50, "sex": "female"}
    if as_column:
        found = interpret_frame(
            pd.DataFrame({name: [value] for name, value in given.items()}), findings=["macrocytosis"]
        )
        assert found["macrocytosis"].tolist() == [True]
    else:
        assert interpret(**given).findings["macrocytosis"].state is True


FRAGMENTS = {"platelets": "60 10*9/L", "hemoglobin": "8.1 g/dL", "mcv": "93 fL", **WOMAN}


@pytest.mark.parametrize(
    "signs",
    [
        {"ldh": "1300 U/L", "haptoglobin": "<10 mg/dL"},
        {"haptoglobin": "<10 mg/dL", "reticulocytes": "310 10*9/L"},
        {"ldh": "900 U/L", "symptoms": ["schistocytes"]},
        {"bilirubin_indirect": "3 mg/dL", "reticulocytes": "310 10*9/L"},
    ],
)
def test_low_platelets_with_two_signs_of_hemolysis_are_an_emergency_whichever_two_they_are(signs):
    result = interpret(**FRAGMENTS, **signs)
    assert result.urgency == "emergency"
    assert "ADAMTS13" in result.to_text()


def test_one_sign_of_hemolysis_beside_moderately_low_platelets_is_no_such_emergency():
    assert interpret(**FRAGMENTS, ldh="1300 U/L").urgency != "emergency"


@pytest.mark.parametrize(
    "counts",
    [
        {"b12": "210 pg/mL", "hemoglobin": "8.1 g/dL", "platelets": "40 10*9/L", "reticulocytes": "310 10*9/L"},
        {"b12": "230 pg/mL", "hemoglobin": "7.5 g/dL", "platelets": "22 10*9/L", "neutrophils": "0.3 10*9/L"},
        {"b12": "640 pg/mL", "hemoglobin": "8.8 g/dL", "mcv": "108 fL", "platelets": "75 10*9/L"},
        {"b12": "260 pg/mL", "hemoglobin": "9.5 g/dL", "mcv": "71 fL", "ferritin": "5 ug/L", "wbc": "3.5 10*9/L"},
    ],
)
def test_counts_that_point_elsewhere_are_not_answered_with_b12_before_the_results(counts):
    result = interpret(**counts, **WOMAN)
    assert result.findings["do_not_wait"].state is not True
    assert "without waiting" not in result.to_text()


def test_severely_low_counts_ask_for_a_film_and_hematology_and_certain_deficiency_is_treated_all_the_same():
    low = {"hemoglobin": "7.5 g/dL", "platelets": "22 10*9/L", "neutrophils": "0.3 10*9/L", "mcv": "118 fL"}
    open_level, deficient = interpret(b12="230 pg/mL", **low, **WOMAN), interpret(b12="80 pg/mL", **low, **WOMAN)
    assert "Blood film and hematology today" in open_level.to_text()
    assert deficient.findings["do_not_wait"].state is True
    assert deficient.treatment.route == "intramuscular"


@pytest.mark.parametrize(
    ("patient", "loading"),
    [
        ({"b12": "250 pg/mL", "symptoms": ["subacute_combined_degeneration"]}, "alternate days"),
        ({"b12": "380 pg/mL", "symptoms": ["paresthesia"], "risk_factors": ["nitrous_oxide"]}, "alternate days"),
        ({"b12": "100 pg/mL", "symptoms": ["ataxia"]}, "alternate days"),
    ],
)
def test_whoever_starts_injections_is_given_the_loading_doses_also_while_the_status_is_open(patient, loading):
    result = interpret(**patient, age=60, sex="male")
    assert result.treatment.route == "intramuscular"
    assert loading in result.treatment.regimen.loading
    assert loading in " ".join(result.to_text().split())


def test_a_lasting_cause_with_an_adequate_level_gets_the_maintenance_dose():
    result = interpret(b12="800 pg/mL", risk_factors=["total_gastrectomy"], age=60, sex="male", hemoglobin="15 g/dL")
    assert result.treatment.regimen.loading == ""


def test_an_unexplained_high_b12_never_ends_the_search_where_nerves_suffer():
    numb = {**WOMAN, "b12": ">2000 pg/mL", "symptoms": ["numb feet"]}
    result = interpret(**numb)
    said = " ".join(str(result).split())
    assert "A high B12 does not exclude deficiency." in said
    assert "inject B12, however high the total B12" in said
    assert {"mma", "holotc"} <= {test.analyte for test in result.next_tests}
    for shown in ({"mma": "1.2 umol/L"}, {"holotc": "12 pmol/L"}):
        assert interpret(**numb, **shown).treatment.route == "intramuscular"


@pytest.mark.parametrize("platelets", ["96 10*9/L", "140 10*9/L"])
def test_fragmented_cells_with_low_platelets_make_one_think_of_ttp_without_a_second_sign(platelets):
    """Nothing else that tells of hemolysis was measured: it is asked for today, also where B12 is short."""
    result = interpret(**WOMAN, b12="60 pg/mL", hemoglobin="72 g/L", platelets=platelets, symptoms=["schistocytes"])
    assert "TTP" in str(result)
    assert {"ldh", "haptoglobin"} <= {test.analyte for test in result.next_tests}
    assert result.urgency == "urgent"
    assert result.treatment.route == "intramuscular"


def said(**given):
    return " ".join(str(interpret(**given)).split())


@pytest.mark.parametrize("level", [{"b12": "normal"}, {"b12": "low"}, {"holotc": "N"}, {"b12": {"flag": "normal"}}])
def test_where_the_level_is_a_word_the_number_is_asked_for(level):
    assert "Ask for the number" in said(**WOMAN, **level)
    assert "Ask for the number" not in said(**WOMAN, b12={"value": ">150", "unit": "pg/mL", "flag": "N"})


def test_a_column_of_words_asks_for_the_numbers_like_one_patient():
    cells = ["normal", "low", "250", None]
    out = interpret_frame(pd.DataFrame({"b12 (pg/mL)": cells, "age": 40}), findings=["level_in_words"])
    single = [
        interpret(age=40, **({"b12": cell if not cell.isdigit() else f"{cell} pg/mL"} if cell else {}))
        for cell in cells
    ]
    assert list(out["level_in_words"]) == [each.findings["level_in_words"].state for each in single]


@pytest.mark.parametrize(
    "given",
    [
        {"b12": "210 pg/mL", "mcv": "116 fL", "hemoglobin": "110 g/L"},
        {"b12": "normal", "mcv": "104 fL", "hemoglobin": "90 g/L"},
        {"hemoglobin": "101 g/L", "mcv": "106 fL", "diagnoses": ["pernicious anemia"]},
    ],
)
def test_what_is_treated_without_waiting_is_never_called_routine(given):
    result = interpret(**WOMAN, **given)
    assert "without waiting" in str(result)
    assert result.urgency != "routine"


@pytest.mark.parametrize("sign", [{"haptoglobin": "<10 mg/dL"}, {"ldh": "900 U/L"}, {"bilirubin_indirect": "3 mg/dL"}])
def test_one_sign_of_hemolysis_beside_anemia_asks_for_the_others_and_for_reticulocytes(sign):
    asked = [test.analyte for test in interpret(**WOMAN, b12="250 pg/mL", hemoglobin="95 g/L", **sign).next_tests]
    assert {"reticulocytes", "ldh", "haptoglobin", "bilirubin_indirect"} - set(sign) <= set(asked)


def test_hemolysis_with_anemia_is_looked_into_and_not_left_to_wait():
    hemolytic = {"hemoglobin": "84 g/L", "ldh": "700 U/L", "haptoglobin": "<10 mg/dL", "reticulocytes": "240 10*9/L"}
    assert "blood film, direct antiglobulin test, and hematology" in said(**WOMAN, b12="330 pg/mL", **hemolytic)
    assert interpret(**WOMAN, b12="600 pg/mL", **hemolytic).urgency == "prompt"
    liver = {"haptoglobin": "<10 mg/dL", "bilirubin_indirect": "2.1 mg/dL", "diagnoses": ["cirrhosis"]}
    assert "Liver disease lowers haptoglobin" in said(**WOMAN, b12="330 pg/mL", hemoglobin="99 g/L", **liver)
    assert "antiglobulin" not in said(**WOMAN, b12="330 pg/mL", hemoglobin="99 g/L", **liver)


def test_low_cells_without_another_word_on_them_ask_for_a_blood_film():
    iron = {
        "hemoglobin": "95 g/L",
        "mcv": "70 fL",
        "ferritin": "4 ug/L",
        "platelets": "110 10*9/L",
        "wbc": "3.4 10*9/L",
    }
    assert "blood film" in said(**WOMAN, b12="250 pg/mL", **iron)
    assert "repeat the count with a blood film" in said(**WOMAN, b12="420 pg/mL", platelets="72 10*9/L")


@pytest.mark.parametrize("medicine", ["the pill", "hrt"])
def test_a_nerve_sign_with_an_unreliable_low_b12_starts_a_trial_and_does_not_wait(medicine):
    told = said(**WOMAN, b12="160 pg/mL", medicines=[medicine], symptoms=["numb feet"])
    assert "start a trial of B12 once blood is taken, without waiting for the results" in told
    assert "Take blood for MMA or homocysteine before the first dose" in told
    assert "If the results stay inconclusive" not in told


def test_signs_of_the_cord_are_treated_until_another_cause_is_found_unless_copper_may_be_it():
    normal = {"b12": "600 pg/mL", "mma": "0.15 umol/L", "homocysteine": "8 umol/L", "symptoms": ["spasticity"]}
    assert interpret(**WOMAN, **normal).treatment.route == "intramuscular"
    assert "Give B12 until another cause is found" in said(**WOMAN, **normal)
    with_zinc = {**normal, "risk_factors": ["denture cream"]}
    assert interpret(**WOMAN, **with_zinc).treatment.route == "none"
    assert "Give B12 until" not in said(**WOMAN, **with_zinc)
    assert "copper, ceruloplasmin and MRI of the spine now" in said(**WOMAN, **with_zinc)


def test_low_cells_with_zinc_ask_for_copper_and_with_a_bypass_for_b12_as_well():
    low_cells = {"b12": "normal", "hemoglobin": "60 g/L", "wbc": "2.5 10*9/L", "neutrophils": "0.7 10*9/L"}
    zinc = interpret(**WOMAN, **low_cells, medicines=["zinc"])
    assert "copper, ceruloplasmin" in " ".join(str(zinc).split())
    assert "without waiting" not in str(zinc)
    assert zinc.treatment.route == "undetermined"
    for more in ({"mcv": "112 fL"}, {"risk_factors": ["gastric bypass"]}):
        told = said(**WOMAN, **low_cells, medicines=["zinc"], **more)
        assert "start treatment without waiting" in told
        assert "ceruloplasmin" in told


@pytest.mark.parametrize("known", [{"folate": "2 nmol/L"}, {"symptoms": ["blasts"]}])
def test_the_thyroid_is_not_asked_where_something_else_explains_large_cells(known):
    large = {"b12": "600 pg/mL", "hemoglobin": "90 g/L", "mcv": "112 fL"}
    assert "tsh" in {test.analyte for test in interpret(**WOMAN, **large).next_tests}
    assert "tsh" not in {test.analyte for test in interpret(**WOMAN, **large, **known).next_tests}


def test_a_raised_urine_mma_is_named_in_the_report():
    assert "Urine MMA/creatinine, which does not depend on kidney function, is raised" in said(
        **WOMAN, b12="280 pg/mL", urine_mma_ratio="6 umol/mmol{creat}"
    )


HEMOLYZING = {"ldh": "900 U/L", "haptoglobin": "<10 mg/dL"}


def test_low_cells_of_possible_ttp_do_not_start_b12_unless_b12_is_short():
    count = {**WOMAN, "hemoglobin": "92 g/L", "mcv": "95 fL", "platelets": "62 10*9/L", **HEMOLYZING}
    open_level = interpret(**count, b12="240 pg/mL")
    assert open_level.urgency == "emergency"
    assert "without waiting" not in open_level.to_text()
    assert open_level.treatment.route == "undetermined"
    assert interpret(**count, b12="90 pg/mL").treatment.route in ("oral", "oral_or_intramuscular", "intramuscular")
    # Very large red cells speak of the marrow even so.
    assert "without waiting" in interpret(**{**count, "mcv": "121 fL"}, b12="240 pg/mL").to_text()


@pytest.mark.parametrize("film", ["2 %", "2+", "few", {"value": 2, "unit": "%", "reference_high": 1}])
def test_fragments_that_a_film_counts_are_fragments(film):
    count = {**WOMAN, "hemoglobin": "98 g/L", "platelets": "135 10*9/L", "reticulocytes": "170 10*9/L"}
    assert interpret(**count, schistocytes=film).urgency == "emergency"


@pytest.mark.parametrize("film", ["0 %", "absent", {"value": 0.4, "unit": "%", "reference_high": 1}])
def test_a_film_without_fragments_gives_no_alarm_of_them(film):
    count = {**WOMAN, "hemoglobin": "98 g/L", "platelets": "135 10*9/L", "reticulocytes": "170 10*9/L"}
    assert interpret(**count, schistocytes=film).urgency == "prompt"


def test_a_very_high_homocysteine_in_a_child_is_referred_although_mma_is_normal():
    child = {"age": 0.3, "sex": "male", "b12": "480 pmol/L", "mma": "0.2 umol/L"}
    result = interpret(**child, homocysteine="160 umol/L", folate="25 nmol/L")
    assert result.urgency == "urgent"
    assert "metabolic referral" in " ".join(result.to_text().split())
    assert interpret(**child, homocysteine="20 umol/L", folate="25 nmol/L").urgency == "routine"


def test_low_cells_that_b12_does_not_explain_name_the_marrow():
    count = {"hemoglobin": "92 g/L", "mcv": "107 fL", "neutrophils": "0.9 10*9/L", "platelets": "70 10*9/L"}
    assert "marrow disease is possible" in " ".join(
        interpret(age=80, sex="male", b12="600 pg/mL", folate="25 nmol/L", **count).to_text().split()
    )


@pytest.mark.parametrize(
    "panel",
    [
        {"hemoglobin": "75 g/L", "mcv": "130 fL", "folate": "2 nmol/L", "b12": "500 pg/mL"},
        {"platelets": "80 10*9/L", "b12": "300 pg/mL"},
        {"b12": "130 pg/mL", "symptoms": ["tingling"]},
        {"risk_factors": ["nitrous oxide"], "symptoms": ["numbness"]},
    ],
)
def test_obstetrics_hear_of_low_blood_cells_and_of_b12_that_is_started(panel):
    said = interpret(**WOMAN, pregnant=True, **panel).to_text()
    assert "She is pregnant: inform obstetrics." in said
    assert "obstetrics" not in interpret(**WOMAN, **panel).to_text()


@pytest.mark.parametrize(
    "results", [{}, {"b12": "normal", "mma": "0.15 umol/L"}, {"b12": "600 pmol/L"}, {"b12": "60 pmol/L"}]
)
@pytest.mark.parametrize("told", [{"symptoms": ["seizures"]}, {"symptoms": ["spasticity"]}, {}])
def test_no_adult_regimen_is_printed_for_a_child_whatever_calls_for_injections(results, told):
    child = interpret(age=5, sex="female", risk_factors=["total gastrectomy"], **results, **told)
    assert child.treatment.regimen is None
    assert "pediatric specialist" in " ".join(child.to_text().split())


def next_analytes(**panel):
    return [test.analyte for test in interpret(**panel).next_tests]


def test_a_raised_homocysteine_asks_for_mma_and_folate_before_the_kidney():
    asked = next_analytes(**WOMAN, b12="320 pg/mL", homocysteine="24 umol/L")
    assert asked[0] == "mma"
    assert asked.index("folate") < asked.index("creatinine")
    # A low folate explains it: the kidney is no longer asked about.
    assert "creatinine" not in next_analytes(**WOMAN, b12="320 pg/mL", homocysteine="24 umol/L", folate="3 nmol/L")


def test_a_raised_mma_asks_for_the_kidney_first():
    assert next_analytes(**WOMAN, b12="320 pg/mL", mma="0.6 umol/L")[0] == "creatinine"

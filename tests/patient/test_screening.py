"""Whom to test: from symptoms and risk factors alone, before there is any result."""

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import B12LabsError, ColumnError, GuidelineError, screen, screen_frame
from b12labs.inputs.panel import read_panel
from b12labs.limits.stratified import limits_of
from b12labs.logic.open import outcomes
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.screening import GUIDELINE, screening_program
from b12labs.reference import context
from b12labs.rules.screening import TESTING, first_test
from tests.strategies import patients

NUMB = {"age": 67, "symptoms": ["numbness"]}


@pytest.mark.parametrize(
    ("patient", "advice"),
    [
        ({**NUMB, "medicines": ["metformin"]}, "offer"),
        ({**NUMB, "risk_factors": ["vegan"]}, "offer"),
        (NUMB, "judgment"),
        ({"age": 67, "symptoms": ["leg weakness"], "medicines": ["metformin"]}, "judgment"),
        ({"age": 67, "medicines": ["metformin"]}, "not_advised"),
        ({"age": 67}, "not_advised"),
        ({**NUMB, "age": 15, "medicines": ["metformin"]}, "not_covered"),
        ({**NUMB, "age": 16, "medicines": ["metformin"]}, "offer"),
        ({"age": 40, "diagnoses": ["subacute combined degeneration"]}, "test_and_treat"),
        (
            {
                "age": 30,
                "sex": "female",
                "pregnant": "yes",
                "symptoms": ["breathlessness"],
                "medicines": ["iron", "omeprazole"],
            },
            "offer",
        ),
        ({"age": 30, "sex": "female", "symptoms": ["breathlessness"], "medicines": ["iron", "omeprazole"]}, "judgment"),
        ({"age": 30, "symptoms": ["breathlessness"]}, "not_advised"),
    ],
)
def test_ng239_offers_a_test_for_a_common_symptom_with_a_common_risk_factor(patient, advice):
    assert screen(**patient).advice == advice


@pytest.mark.parametrize(
    ("patient", "tests"),
    [
        ({**NUMB, "medicines": ["metformin"]}, ("b12", "holotc")),
        ({**NUMB, "risk_factors": ["laughing gas"]}, ("homocysteine", "mma")),
        ({"age": 30, "pregnant": "yes", "symptoms": ["sore tongue"], "risk_factors": ["vegan"]}, ("holotc",)),
        ({"age": 67}, ()),
    ],
)
def test_the_first_test_is_the_one_that_tells_in_this_patient(patient, tests):
    assert screen(**patient).first_tests == tests


SEEDS = [
    "achy legs",
    "leg pain",
    "thigh pain",
    "joint pain",
    "night cramps",
    "weakness",
    "shortness of breath",
    "pale skin",
    "diarrhea",
    "constipation",
    "poor appetite",
    "restless legs",
    "bone pain",
    "lightheadedness",
    "fever",
]
OFF_THE_LIST = [
    {"diagnoses": "Crohn's disease"},
    {"diagnoses": "ulcerative colitis"},
    {"diagnoses": "IBD"},
    {"diagnoses": "SIBO"},
    {"diagnoses": "pancreatitis"},
    {"risk_factors": "H. pylori"},
    {"risk_factors": "alcoholism"},
    {"risk_factors": "breastfeeding"},
    {"medicines": "antacids"},
    {"age": 75},
    {"age": 80},
]


@pytest.mark.parametrize("symptom", SEEDS)
def test_a_symptom_with_a_risk_factor_is_never_sent_away(symptom):
    for risk in ({"risk_factors": "vegetarian"}, {"medicines": "metformin"}, *OFF_THE_LIST):
        assert screen(**{"age": 40, **risk}, symptoms=[symptom]).advice in ("offer", "judgment"), risk


@pytest.mark.parametrize("guideline", list(TESTING))
def test_every_symptom_of_the_vocabulary_with_every_risk_factor_is_never_sent_away(guideline):
    terms = context().terms
    symptoms = [key for key, term in terms.items() if {"b12_symptom", "other_symptom"} & set(term.groups)]
    risks = [
        key for key, term in terms.items() if {"test_risk", "other_test_risk", "aafp_2017_risk"} & set(term.groups)
    ]
    table = pd.DataFrame([{"age": 40, "symptoms": one, "risk_factors": other} for one in symptoms for other in risks])
    assert set(screen_frame(table, guideline=guideline)["testing"]) <= {"test_and_treat", "offer", "judgment"}


def test_off_the_list_it_says_why_a_test_is_reasonable():
    found = screen(age=40, symptoms=["achy legs"], risk_factors=["vegan"])
    assert [said.code for said in found.also] == ["unpaired_symptom_and_risk"]
    assert "a test is reasonable" in str(found)
    assert "b12labs-design" in found.sources


@pytest.mark.parametrize(
    ("guideline", "patient", "advice"),
    [
        ("aafp-2017", {"age": 40, "medicines": "metformin"}, "offer"),
        ("aafp-2017", {"age": 40, "medicines": "acid reducers"}, "offer"),
        ("aafp-2017", {"age": 40, "risk_factors": "vegan"}, "offer"),
        ("aafp-2017", {"age": 40, "risk_factors": "stomach surgery"}, "offer"),
        ("aafp-2017", {"age": 40, "diagnoses": "ulcerative colitis"}, "offer"),
        ("aafp-2017", {"age": 76}, "offer"),
        ("aafp-2017", {"age": 75}, "not_advised"),
        ("aafp-2017", {"age": 40, "risk_factors": "vegetarian"}, "not_advised"),
        ("aafp-2017", {"age": 40, "symptoms": "numbness"}, "judgment"),
        ("aafp-2017", {"age": 17, "medicines": "metformin"}, "not_covered"),
        ("aafp-2025", {"age": 40, "medicines": "metformin"}, "not_advised"),
        ("aafp-2025", {"age": 40, "medicines": "metformin", "symptoms": "numbness"}, "offer"),
        ("aafp-2025", {"age": 40, "diagnoses": "ulcerative colitis", "symptoms": "numbness"}, "offer"),
        ("nice-ng239", {"age": 40, "diagnoses": "ulcerative colitis", "symptoms": "numbness"}, "judgment"),
        ("nice-ng239", {"age": 80, "symptoms": "numbness"}, "judgment"),
        ("nice-ng239", {"age": 80}, "not_advised"),
    ],
)
def test_each_guideline_tests_whom_it_tests(guideline, patient, advice):
    found = screen(**patient, guideline=guideline)
    assert (found.advice, found.guideline) == (advice, guideline)
    assert guideline in found.sources


def test_what_a_guideline_leaves_open_is_said_to_be_assumed():
    assert "NG239" in screen(age=40, symptoms=["numbness"], guideline="aafp-2025").assumptions[0]
    assert "4 months" in str(screen(age=40, medicines=["metformin"], guideline="aafp-2017"))
    assert screen(age=40).assumptions == ()


def test_a_guideline_that_does_not_say_whom_to_test_is_refused():
    for call in (lambda: screen(age=40, guideline="aafp-2018"), lambda: screen_frame(pd.DataFrame(), guideline="bsh")):
        with pytest.raises(GuidelineError, match="aafp-2017"):
            call()


def test_where_the_age_decides_and_is_not_known_that_is_said():
    found = screen(symptoms=["achy legs"])
    assert (found.advice, found.possible) == ("depends", ("judgment", "not_advised"))
    assert "the age" in found.statement
    assert "no readable age" in found.assumptions[0]
    assert screen(symptoms=["achy legs"], age=40).advice == "not_advised"


def test_a_vegan_without_symptoms_supplements_without_a_test():
    found = screen(age=30, risk_factors=["vegan"])
    assert found.advice == "not_advised"
    assert [said.code for said in found.also] == ["vegan_supplement"]
    assert "supplement" in str(found)
    assert not screen(age=30, risk_factors=["vegan"], symptoms=["tiredness"]).also
    unread = screen(age=30, risk_factors=["vegan"], symptoms=["an odd feeling"], errors="report")
    assert "supplement" not in str(unread)


def test_no_test_advised_is_no_reason_to_watch_nobody_or_to_stop():
    bypass = screen(age=40, risk_factors=["gastric bypass"])
    assert [said.code for said in bypass.also] == ["yearly_after_bypass"]
    assert not screen(age=40, risk_factors=["gastric bypass"], symptoms=["numbness"]).also
    gastritis = screen(age=40, diagnoses=["pernicious anemia"])
    assert [said.code for said in gastritis.also] == ["treated_for_life"]


def test_it_says_what_counted_and_that_silence_is_no_all_clear():
    found = screen(**NUMB, medicines=["metformin"])
    assert (found.symptoms, found.risk_factors) == (("numbness",), ("metformin",))
    assert set(found.sources) == {"nice-ng239"}
    assert "does not say that B12 is sufficient" in str(screen(age=40))


def test_what_is_not_known_is_not_taken_as_absent_where_that_is_asked():
    found = screen(**NUMB, unreported_context="unknown")
    assert (found.advice, found.possible) == ("depends", ("test_and_treat", "offer", "judgment"))


def test_what_cannot_be_read_is_refused_or_reported():
    with pytest.raises(B12LabsError) as error:
        screen(symptoms=["numbnes"])
    assert error.value.field == "symptoms"
    assert [problem.field for problem in screen(symptoms=["numbnes"], errors="report").problems] == ["symptoms"]


@pytest.mark.parametrize("unread", [{"symptoms": "numbnes"}, {"medicines": "qwert"}, {"metformin": "perhaps"}])
def test_a_word_that_is_not_read_is_not_taken_as_nothing(unread):
    """It may be the symptom or the risk that the guideline asks for."""
    patient = {"age": 67, "medicines": "metformin", **unread}
    found = screen(**patient, errors="report")
    assert found.advice == "depends"
    assert found.problems[0].message in str(found)
    table = pd.DataFrame([patient, {**patient, **dict.fromkeys(unread)}])
    assert screen_frame(table)["testing"].tolist() == ["depends", "not_advised"]


def test_what_is_offered_stays_offered_beside_a_word_that_is_not_read():
    found = screen(**{**NUMB, "symptoms": ["numbness", "qwert"]}, medicines=["metformin"], errors="report")
    assert found.advice == "offer"
    assert screen(**{**NUMB, "symptoms": ["numbness", "qwert"]}, errors="report").possible == (
        "test_and_treat",
        "offer",
        "judgment",
    )
    table = pd.DataFrame({"age": 67, "symptoms": "numbness; qwert", "medicines": ["metformin", None]})
    assert screen_frame(table)["testing"].tolist() == ["offer", "depends"]


@given(patient=patients(), more=patients(), unknown=st.booleans(), guideline=st.sampled_from(list(TESTING)))
def test_more_reported_never_lowers_the_advice(patient, more, unknown, guideline):
    terms = [*patient.get("diagnoses", []), *more.get("diagnoses", [])]
    values = [
        screening_program().run(
            PatientInputs(read_panel(each, report=True), limits_of(guideline), unreported=int(unknown))
        )
        for each in (patient, {**patient, "diagnoses": terms})
    ]
    order = ("test_and_treat", "offer", "judgment", "not_advised")
    best = [
        next(
            place
            for place, name in enumerate(("not_covered", *order))
            if outcomes(TESTING[guideline], each) >> place & 1
        )
        for each in values
    ]
    assert best[1] <= best[0]
    for each in values:
        assert outcomes(first_test, each)


@given(
    rows=st.lists(patients(), min_size=1, max_size=6), unknown=st.booleans(), guideline=st.sampled_from(list(TESTING))
)
def test_a_table_is_screened_as_one_patient_is(rows, unknown, guideline):
    unreported = "unknown" if unknown else "absent"
    table = pd.DataFrame([{**row, "diagnoses": "; ".join(row.get("diagnoses", []))} for row in rows]).astype(object)
    found = screen_frame(table.where(table.notna(), None), unreported_context=unreported, guideline=guideline)
    for row, patient in enumerate(rows):
        one = screen(**patient, unreported_context=unreported, guideline=guideline, errors="report")
        assert found["testing"][row] == one.advice
        assert bool(found["problems"][row]) == bool(one.problems)


def test_the_same_kind_of_table_comes_out_and_results_are_passed_over():
    people = pl.DataFrame({"b12": ["145"], "metformin": ["yes"], "symptoms": ["falls"]})
    found = screen_frame(people)
    assert isinstance(found, pl.DataFrame)
    assert found.rows() == [("offer", "b12_or_holotc", "")]
    assert len(screen_frame(people.head(0))) == 0


def test_a_table_without_symptoms_or_risk_factors_is_refused():
    with pytest.raises(ColumnError, match="columns: expected symptoms or risk factors"):
        screen_frame(pd.DataFrame({"b12": ["145 pg/mL"], "age": [40]}))


def test_over_50_less_b12_is_taken_from_food_and_that_is_said_with_a_symptom():
    told = screen(age=51, symptoms=["leg pain"])
    assert [said.code for said in told.also] == ["acid_falls_with_age"]
    for patient in ({"age": 50}, {"age": 51, "risk_factors": ["vegan"]}, {}):
        assert "Over 50" not in str(screen(**patient, symptoms=["leg pain"]))
    assert "Over 50" not in str(screen(age=51))


def test_the_groups_of_the_rule_are_of_symptoms_and_of_risks():
    for key, term in context().terms.items():
        assert not {"test_symptom", "test_risk"} <= set(term.groups), key
        if "test_symptom" in term.groups:
            assert term.field == "symptoms", key


def test_the_findings_of_screening_hold_where_they_are_reported():
    values = screening_program().run(
        PatientInputs(read_panel({**NUMB, "medicines": ["metformin"]}), limits_of(GUIDELINE))
    )
    held = {rule.code: values.of(rule) == 2 for rule in screening_program().roots if hasattr(rule, "says")}
    assert {code for code, holds in held.items() if holds} == {
        "common_symptom",
        "any_symptom",
        "common_risk_factor",
        "any_risk_factor",
        "aafp_2017_risk_factor",
    }
    verdicts = {rule.code for rule in screening_program().roots if not hasattr(rule, "says")}
    assert verdicts == {"testing", "testing_aafp_2017", "testing_aafp_2025", "first_test"}

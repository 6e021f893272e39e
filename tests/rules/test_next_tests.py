"""Each question asks for every test that could answer it, and for no other."""

import pytest

from b12labs import interpret
from b12labs.rules import QUESTIONS

LOW = {"age": 40, "b12": "100 pg/mL"}
ANEMIC = {"age": 40, "hemoglobin": "90 g/L"}
CONTRADICTED = {"b12": "400 pg/mL", "holotc": "20 pmol/L", "mma": "0.2 umol/L", "homocysteine": "10 umol/L"}
#: A patient whom each question concerns, and the tests that answer it.
ASKED = {
    "child": ({"age": 1, "platelets": "200 10*9/L"}, {"mma", "homocysteine"}),
    "nitrous_oxide": ({"age": 40, "diagnoses": ["nitrous_oxide"]}, {"mma", "homocysteine"}),
    "pregnancy": ({"age": 30, "pregnant": "yes", "b12": "150 pg/mL"}, {"holotc"}),
    "repeat_holotc": ({"age": 40, **CONTRADICTED}, {"holotc"}),
    "mma_of_age": ({"age": 60, "mma": "0.3 umol/L"}, {"mma", "holotc"}),
    "level": ({"age": 40, "mcv": "90 fL"}, {"b12", "holotc"}),
    "kidney": ({"age": 40, "mma": "1 umol/L"}, {"creatinine"}),
    "status": ({"age": 40, "b12": "250 pg/mL"}, {"mma", "holotc"}),
    "homocysteine_by_folate": ({"age": 40, "homocysteine": "20 umol/L"}, {"folate"}),
    "homocysteine_by_kidney": ({"age": 40, "homocysteine": "20 umol/L"}, {"creatinine"}),
    "in_spite_of_level": ({"age": 40, "b12": "400 pg/mL", "diagnoses": ["numbness"]}, {"mma"}),
    "high_b12": ({"age": 40, "b12": "1500 pg/mL"}, {"b12", "mma", "holotc"}),
    "anemia": ({"age": 40, "mcv": "105 fL"}, {"hemoglobin"}),
    "megaloblastic_anemia": ({**LOW, **ANEMIC}, {"mcv", "rdw", "wbc", "platelets"}),
    "hemolysis": (
        {**ANEMIC, "platelets": "140 10*9/L"},
        {"reticulocytes", "ldh", "bilirubin_indirect", "haptoglobin"},
    ),
    "cause": (LOW, {"intrinsic_factor_antibody"}),
    "cause_without_antibody": ({**LOW, "intrinsic_factor_antibody": "negative"}, {"gastrin"}),
    "folate": (LOW, {"folate"}),
    "iron": ({**LOW, **ANEMIC}, {"ferritin"}),
    "thyroid": ({"age": 40, "mcv": "105 fL"}, {"tsh"}),
}


def test_every_question_has_a_patient():
    assert {question.code for question in QUESTIONS if not question.code.startswith("verify_")} == set(ASKED)


@pytest.mark.parametrize(
    "question", [question for question in QUESTIONS if question.code in ASKED], ids=lambda q: q.code
)
def test_a_question_asks_for_every_test_that_answers_it(question):
    patient, tests = ASKED[question.code]
    assert {test.analyte for test in interpret(**patient).next_tests if question.asks in test.questions} == tests

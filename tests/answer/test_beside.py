"""What a report says beside the assessment of B12: what else the symptoms could be, what cannot wait, whom to watch."""

import re

import pytest

from b12labs import Interpretation, interpret
from b12labs.answer.beside import beside

GREY = {"b12": "250 pg/mL", "age": 60, "sex": "male"}


def report(**given):
    return str(interpret(**{**GREY, **given}))


def folded(text):
    return " ".join(text.split())


def test_what_is_reported_is_answered_with_what_else_it_could_be_and_its_tests():
    said = folded(report(symptoms=["tingling"], diagnoses=["type 2 diabetes"]))
    assert "Other causes and findings Tingling or numbness could also be: diabetic neuropathy" in said
    assert "glucose and HbA1c, and B12 if on metformin; fits type 2 diabetes too" in said
    assert "a pinched nerve (nerve conduction; MRI for a root)" in said
    assert re.search(r"electrophoresis, copper; nerve conduction\). \(in part unconfirmed\) \[\d+\]", said)
    assert "unconfirmed: believed right, not confirmed" in said
    assert "Bedside tables: Bedside tables of symptoms and what else they could be" in said


@pytest.mark.parametrize(
    ("symptom", "says"),
    [
        ("achy legs", "sciatica (straight-leg raise, MRI)"),
        ("thigh pain", "meralgia paresthetica (pelvic compression test)"),
        ("joint pain", "rheumatoid arthritis"),
        ("weak legs", "muscle disease (CK, EMG)"),
        ("fatigue", "iron deficiency (ferritin, CRP)"),
        ("memory loss", "delirium"),
        ("falls", "inner ear"),
        ("night cramps", "electrolytes, calcium, TSH"),
    ],
)
def test_every_symptom_of_the_tables_is_answered(symptom, says):
    assert says in folded(report(symptoms=[symptom]))


def test_what_cannot_wait_is_said_once_and_only_beside_a_symptom():
    said = report(symptoms=["tingling", "fatigue", "falls"])
    assert said.count("Assess on the same day, whatever B12 shows") == 1
    assert "Other causes and findings" not in report()
    assert "Same day" not in report(risk_factors=["vegan"])


def test_low_b12_is_not_named_as_something_else():
    said = folded(report(symptoms=["fatigue"]))
    assert "low B12 (" not in said


def test_whom_to_watch_follows_the_guideline_chosen():
    on_metformin = {"medicines": ["metformin"]}
    assert "MHRA 2022" in report(**on_metformin)
    assert "test B12 even without symptoms" in folded(report(**on_metformin, guideline="aafp-2017"))
    assert "ask about symptoms every year" in folded(report(**on_metformin, guideline="uptodate"))
    dutch = folded(report(**on_metformin, guideline="nhg"))
    number = re.search(r"not a reason for a routine test of B12. \[(\d+)\]", dutch)[1]
    assert f" {number} NHG: " in dutch


def test_pain_that_stays_is_a_reason_for_the_patient_to_be_seen():
    told = interpret(**GREY, symptoms=["thigh pain"]).to_text(audience="patient")
    assert "legs, thighs or joints" in folded(told)
    assert "legs, thighs" not in interpret(**GREY, symptoms=["fatigue"]).to_text(audience="patient")


def test_malabsorption_is_usually_treated_for_life_and_a_medicine_while_it_is_taken():
    low = {**GREY, "b12": "100 pg/mL"}
    assert "usually for life" in interpret(**low, diagnoses=["celiac disease"]).treatment.duration
    assert "for life" not in interpret(**low, medicines=["metformin"]).treatment.duration


def test_a_statement_cites_its_own_source_and_not_the_limits_behind_it():
    said = {each.code: each for each in beside(interpret(**GREY, risk_factors=["gastric bypass"]))}
    assert said["watch_after_bypass"].sources == ("bomss",)


def test_foods_and_forms_by_mouth_are_in_the_clinicians_report():
    said = folded(str(interpret(b12="100 pg/mL", age=40, risk_factors=["vegan"])))
    assert "clams and other shellfish" in said
    assert "EFSA" in said
    assert "a sublingual tablet is not an injection" in said
    assert "does not replace the injections" in folded(report(b12="100 pg/mL", symptoms=["numbness"]))


def test_it_keeps_to_80_columns_and_is_in_the_notebook():
    result = interpret(**GREY, symptoms=["tingling", "fatigue", "joint pain", "falls", "memory loss", "cramps"])
    assert max(map(len, str(result).splitlines())) <= 80
    assert "<summary>Other causes and findings</summary>" in result._repr_html_()


def test_an_answer_of_an_earlier_version_is_still_printed():
    older = interpret(**GREY, symptoms=["tingling"]).model_dump(mode="json")
    del older["differential"]
    del older["findings"]["nerve_studies_do_not_diagnose"]
    assert "Other causes and findings" not in str(Interpretation.model_validate(older))

"""Context terms: by name, synonym and code; an unknown one is a problem, never ignored."""

import numpy as np
import pandas as pd
import pytest

from b12labs import ContextError, interpret
from b12labs.inputs.vocabulary import exact_term, find_term, find_terms, plain
from b12labs.reference import context


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("metformin", "metformin"),
        ("Glucophage", "metformin"),
        ("A10BA02", "metformin"),
        ("ATC A10BA02", "metformin"),
        ("D51.0", "autoimmune_gastritis"),
        ("N18.6", "end_stage_kidney_disease"),
        ("Pernicious anaemia", "autoimmune_gastritis"),
        ("roux_en_y_gastric_bypass", "bariatric_surgery"),
        ("Crohn's disease", "ileal_disease"),
        ("pins and needles", "paresthesia"),
        ("PPI", "proton_pump_inhibitor"),
    ],
)
def test_a_term_is_found_by_name_synonym_and_code(word, key):
    assert find_term(word, "medicines").key == key


def test_an_unknown_term_is_a_problem_with_the_nearest_and_is_never_ignored():
    with pytest.raises(ContextError, match="did you mean 'metformin'"):
        interpret(b12="145 pg/mL", medicines=["metformim"])
    result = interpret(b12="145 pg/mL", medicines=["metformim", "omeprazole"], errors="report")
    assert [(problem.field, problem.code) for problem in result.problems] == [("medicines", "unknown_term")]
    assert result.findings["medicine_lowers_b12"].state is True


@pytest.mark.parametrize(
    "word",
    [
        "?ataxia",
        "ataxia?",
        "Babinski -",
        "Babinski −",
        "-metformin",
        "≠ vegan",
        "ataxia (-)",
        "Babinski 陰性",
        "не vegan",
        "ataxia ❌",
    ],
)
def test_a_term_that_is_questioned_or_denied_is_not_taken_for_the_term(word):
    with pytest.raises(ContextError):
        find_term(word, "symptoms")
    assert exact_term(word) is None


@pytest.mark.parametrize("given", [5, True, b"ataxia", {"ataxia": 1}, object(), [["x"]]])
def test_context_of_any_kind_is_read_or_reported(given):
    assert {problem.code for problem in interpret(b12="145 pg/mL", symptoms=given, errors="report").problems} == {
        "unknown_term"
    }


@pytest.mark.parametrize("given", [None, float("nan"), pd.NA, [], "", " ; ", np.array([])])
def test_context_that_is_missing_says_nothing(given):
    assert not interpret(b12="145 pg/mL", symptoms=given).problems


def test_a_list_of_terms_may_hold_several_in_one_text():
    assert not interpret(b12="145 pg/mL", symptoms=["ataxia, numbness"]).problems


def test_no_name_leads_to_two_terms():
    owners = {}
    for term in context().terms.values():
        for name in {plain(name) for name in (term.key, term.label, *term.synonyms)}:
            assert owners.setdefault(name, term.key) == term.key, name


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("absent vibration sense at ankles", {"lost_vibration_sense"}),
        ("limb numbness, tingling", {"numbness", "paresthesia"}),
        ("metformin 1000 mg bid", {"metformin"}),
        ("no numbness", set()),
        ("denies falls", set()),
        ("positive Romberg", {"lost_position_sense"}),
        ("nothing of note", set()),
    ],
)
def test_terms_are_found_in_free_text_and_not_where_they_are_denied(text, keys):
    assert {term.key for term in find_terms(text)} == keys


def test_what_is_not_mentioned_is_absent_or_unknown_as_asked():
    absent = interpret(b12="500 pg/mL", age=40)
    unknown = interpret(b12="500 pg/mL", age=40, unreported_context="unknown")
    assert absent.findings["nitrous_oxide"].state is False
    assert unknown.findings["nitrous_oxide"].state is None
    assert absent.status == "deficiency_unlikely"
    assert unknown.status == "indeterminate"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("metformim", "metformin"),
        ("numbnes", "numbness"),
        ("pinsandneedles", "pins and needles"),
        ("anemia pernicious", "pernicious anemia"),
        ("loss of the reflexs", "loss of reflexes"),
        ("hypereflexia", "hyperreflexia"),
    ],
)
def test_a_misspelled_word_is_suggested_as_it_is_known(word, meant):
    with pytest.raises(ContextError, match=f"did you mean '{meant}'"):
        find_term(word, "symptoms")


@pytest.mark.parametrize(
    "word",
    [
        "normal reflexes",
        "no numbness",
        "loss of hearing",
        "hypertonia",
        "hypotension",
        "nephropathy",
        "myopathy",
        "arthritis",
        "weight gain",
        "height loss",
        "gestational diabetes",
        "type 3 diabetes",
        "microcytosis",
        "increased appetite",
        "not vegan",
        "mother vegetarian twin",
    ],
)
def test_no_suggestion_says_the_opposite_or_another_thing(word):
    with pytest.raises(ContextError) as error:
        find_term(word, "symptoms")
    assert "did you mean" not in str(error.value)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["achy legs", "legs ache", "pain in the legs"], "leg_pain"),
        (["thigh pain", "aching thighs"], "thigh_pain"),
        (["aches around joints", "joint aches"], "joint_pain"),
        (["night cramps", "leg spasms"], "muscle_cramps"),
        (["difficulty climbing stairs", "weak legs"], "limb_weakness"),
        (["staggering gait", "loss of coordination", "balance issues", "clumsiness"], "ataxia"),
        (["hot feet", "sharp pain", "burning sensations"], "neuropathic_pain"),
        (["difficulty concentrating"], "cognitive_difficulty"),
        (["mood changes"], "low_mood"),
        (["vision problems"], "optic_neuropathy"),
        (["loss of reflexes"], "abnormal_reflexes"),
        (["urge to move the legs"], "restless_legs"),
        (["pale skin"], "pallor"),
        (["bone pain"], "bone_pain"),
        (["low bone density"], "osteoporosis"),
        (["inflammatory bowel disease", "IBD"], "inflammatory_bowel_disease"),
        (["ulcerative colitis"], "ulcerative_colitis"),
        (["acid reducers"], "acid_reducer"),
        (["antacids"], "antacid"),
        (["stomach surgery"], "stomach_surgery"),
        (["autoimmune disease", "other autoimmune disease"], "autoimmune_disease"),
    ],
)
def test_the_words_that_patients_use_are_known(words, key):
    assert {find_term(word, "symptoms").key for word in words} == {key}


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["upgoing plantars", "positive Babinski", "clonus", "spastic gait"], "extensor_plantars"),
        (["Romberg positive", "lost joint position sense"], "lost_position_sense"),
        (["absent vibration", "loss of vibration"], "lost_vibration_sense"),
        (["glove and stocking numbness", "numb soles"], "numbness"),
        (["breathless on exertion"], "dyspnea"),
        (["short of breath when resting"], "dyspnea_at_rest"),
        (["helmet cells", "fragments on the film"], "schistocytes_seen"),
        (["blasts on film"], "blasts_seen"),
        (["rapidly worsening"], "new_or_progressive"),
        (["complete ileal resection"], "ileal_resection"),
        (["one-anastomosis gastric bypass"], "bariatric_surgery"),
        (["nitrous oxide anesthesia"], "nitrous_oxide"),
        (["weekly methotrexate"], "methotrexate"),
        (["Septra"], "co_trimoxazole"),
        (["oral contraceptive pill"], "combined_contraceptive"),
        (["zinc sulfate"], "zinc_excess"),
        (["thalassemia minor"], "thalassemia"),
    ],
)
def test_the_words_that_clinicians_write_are_known(words, key):
    assert {find_term(word, "symptoms").key for word in words} == {key}


def test_every_symptom_counts_as_one():
    """What the blood film shows and how symptoms go on are no symptoms; everything else that a patient reports is."""
    others = {"schistocytes_seen", "blasts_seen", "new_or_progressive"}
    for key, term in context().terms.items():
        if term.field == "symptoms" and key not in others:
            assert len({"b12_symptom", "other_symptom"} & set(term.groups)) == 1, key

"""What else a symptom could be: every row of the bedside tables is reached, and no word says its opposite."""

import doctest

import pytest

from b12labs import ContextError, Interpretation, differential, interpret
from b12labs.patient import differential as module
from b12labs.reference import context
from b12labs.reference.bedside import FEATURES, bedside

#: Of every symptom what else may cause it, in the order of the tables; and low B12 itself.
TABLES = {
    "leg pain": ("b12_neuropathy", "diabetic_neuropathy", "sciatica", "meralgia_paresthetica"),
    "joint pain": ("b12_joint", "osteoarthritis", "rheumatoid_arthritis"),
    "muscle weakness": (
        "overexertion",
        "other_deficiency",
        "muscle_disease",
        "neurological_disease",
        "thyroid_disease",
        "anemia",
        "b12_weakness",
    ),
    "tingling": ("b12_neuropathy", "diabetic_neuropathy", "pinched_nerve", "poor_circulation", "other_neuropathy"),
    "fatigue": (
        "iron_deficiency",
        "poor_sleep",
        "stress_or_low_mood",
        "infection",
        "systemic_disease",
        "b12_fatigue",
    ),
    "memory loss": ("stress_or_poor_sleep", "delirium", "dementia", "memory_other", "b12_memory"),
    "loss of balance": ("inner_ear", "poor_vision", "medicines", "brain_or_cord", "b12_balance"),
    "cramps": ("b12_neuropathy", "cramps_other"),
}
#: What rests, in whole or in part, on common clinical knowledge for which no page was read.
UNCONFIRMED = {
    "overexertion",
    "other_deficiency",
    "muscle_disease",
    "neurological_disease",
    "thyroid_disease",
    "pinched_nerve",
    "poor_circulation",
    "other_neuropathy",
    "poor_sleep",
    "systemic_disease",
    "delirium",
    "dementia",
    "memory_other",
    "inner_ear",
    "medicines",
    "brain_or_cord",
    "b12_balance",
    "cramps_other",
}
#: A word that patients or clinicians use, and the conditions that it speaks for; others may be among them.
WORDS = [
    ("place", "legs", {"b12_neuropathy", "diabetic_neuropathy"}),
    ("place", "lower limbs", {"b12_neuropathy", "diabetic_neuropathy"}),
    ("place", "shins", {"b12_neuropathy", "diabetic_neuropathy"}),
    ("place", "thigh", {"b12_neuropathy", "meralgia_paresthetica", "sciatica"}),
    ("place", "upper leg", {"b12_neuropathy", "meralgia_paresthetica", "sciatica"}),
    ("place", "buttock", {"sciatica"}),
    ("place", "lower back", {"sciatica"}),
    ("place", "around the joints", {"b12_joint", "osteoarthritis", "rheumatoid_arthritis"}),
    ("place", "weight-bearing joints", {"osteoarthritis"}),
    ("place", "hips", {"osteoarthritis"}),
    ("place", "wrists", {"b12_neuropathy", "diabetic_neuropathy", "b12_joint", "rheumatoid_arthritis"}),
    ("place", "toes", {"b12_neuropathy", "diabetic_neuropathy", "b12_joint"}),
    ("character", "dull ache", {"b12_neuropathy", "b12_joint", "osteoarthritis"}),
    ("character", "soreness", {"b12_neuropathy", "b12_joint", "osteoarthritis"}),
    ("character", "deep pain", {"b12_neuropathy"}),
    ("character", "boring", {"b12_neuropathy"}),
    ("character", "hot", {"b12_neuropathy", "diabetic_neuropathy", "meralgia_paresthetica", "b12_joint"}),
    ("character", "electric", {"b12_neuropathy", "diabetic_neuropathy"}),
    ("character", "stabbing", {"b12_neuropathy", "diabetic_neuropathy"}),
    ("character", "prickling", {"b12_neuropathy", "diabetic_neuropathy", "b12_joint"}),
    ("character", "loss of feeling", {"b12_neuropathy", "diabetic_neuropathy", "meralgia_paresthetica", "sciatica"}),
    ("character", "sensitive to light touch", {"meralgia_paresthetica"}),
    ("with_it", "weak legs", {"b12_neuropathy", "b12_joint"}),
    ("with_it", "stairs", {"b12_neuropathy", "b12_joint"}),
    ("with_it", "night cramps", {"b12_neuropathy"}),
    ("with_it", "spasms", {"b12_neuropathy"}),
    ("with_it", "loss of reflexes", {"b12_neuropathy", "diabetic_neuropathy"}),
    ("with_it", "absent reflexes", {"b12_neuropathy", "diabetic_neuropathy"}),
    ("with_it", "blurred vision", {"b12_neuropathy", "diabetic_neuropathy"}),
    ("with_it", "morning stiffness", {"rheumatoid_arthritis"}),
    ("with_it", "stiff after rest", {"rheumatoid_arthritis"}),
    ("with_it", "urge to move the legs", {"b12_neuropathy"}),
    ("with_it", "leg weakness", {"b12_neuropathy", "b12_joint"}),
    ("with_it", "poor concentration", {"b12_neuropathy", "b12_memory"}),
    ("onset", "insidious", {"b12_neuropathy", "diabetic_neuropathy"}),
    ("side", "one-sided", {"sciatica", "meralgia_paresthetica"}),
    ("character", "electric shocks", {"b12_neuropathy", "diabetic_neuropathy"}),
]


def fitting(**features):
    return {each.code: each for each in differential(**features)}


@pytest.mark.parametrize(("symptom", "codes"), TABLES.items())
def test_a_symptom_gives_its_whole_table(symptom, codes):
    assert set(fitting(symptom=symptom)) == set(codes)


def test_every_condition_says_its_cause_test_and_treatment_and_what_speaks_for_it():
    for symptom in TABLES:
        for each in differential(symptom=symptom):
            assert each.cause, each.code
            assert each.test, each.code
            assert each.treatment, each.code
            assert each.onset or each.place or each.goes_with, each.code
            assert each.test in str(each).replace("\n   ", "")


def test_what_no_page_was_read_for_is_marked():
    marked = {code for code, condition in bedside().conditions.items() if condition.checked == "unconfirmed"}
    assert marked == UNCONFIRMED
    assert all(bedside().conditions[code].unconfirmed for code in UNCONFIRMED)
    assert bedside().conditions["meralgia_paresthetica"].treatment_checked == "unconfirmed"
    assert bedside().red_flags.checked == "unconfirmed"


@pytest.mark.parametrize(("feature", "word", "codes"), WORDS)
def test_the_words_of_patients_speak_for_what_they_fit(feature, word, codes):
    assert codes <= set(fitting(**{feature: word}))


def test_every_word_is_understood_and_speaks_for_something():
    for feature, words in bedside().words.items():
        for key, word in words.items():
            for name in (key, *word.synonyms):
                assert differential(**{feature: name}), (feature, name)


@pytest.mark.parametrize(
    ("features", "listed", "not_listed"),
    [
        ({"place": "feet", "side": "both", "character": "burning"}, {"b12_neuropathy"}, {"rheumatoid_arthritis"}),
        ({"place": "joints", "side": "both"}, {"rheumatoid_arthritis"}, set()),
        ({"place": "feet", "with_it": "swollen joints"}, {"rheumatoid_arthritis"}, set()),
        ({"place": "legs", "side": "one"}, {"sciatica"}, set()),
        ({"place": "legs"}, {"b12_neuropathy"}, {"sciatica"}),
        ({"character": "shooting", "place": "lower back", "side": "one"}, {"sciatica"}, {"rheumatoid_arthritis"}),
        ({"place": "thigh", "side": "one"}, {"meralgia_paresthetica", "sciatica"}, {"b12_neuropathy"}),
        ({"symptom": "leg pain", "with_it": "snoring"}, {"sciatica"}, {"poor_sleep"}),
        ({"side": "both"}, {"b12_neuropathy", "diabetic_neuropathy"}, {"rheumatoid_arthritis"}),
    ],
)
def test_a_word_speaks_for_a_condition_only_where_it_does(features, listed, not_listed):
    codes = set(fitting(**features))
    assert listed <= codes
    assert not not_listed & codes


def test_meralgia_on_both_sides_is_said_to_be_the_rarer_case():
    meralgia = fitting(place="thigh", side="both")["meralgia_paresthetica"]
    assert meralgia.not_explained == ("side both (both in up to 20 %)",)
    assert "20 %" in meralgia.side


def test_a_feature_that_a_condition_does_not_explain_is_said():
    found = fitting(side="both", place=["feet", "hands"], onset="gradual", with_it="position sense")
    assert found["b12_neuropathy"].not_explained == ()
    assert "with it lost position sense" in found["diabetic_neuropathy"].not_explained
    assert "sciatica" not in found


def test_nothing_is_said_against_a_condition_of_which_the_tables_say_nothing():
    assert fitting(symptom="weakness", side="both")["muscle_disease"].not_explained == ()


def test_low_b12_in_joints_is_called_unproven():
    joint = fitting(symptom="joint pain")["b12_joint"]
    assert "unproven" in joint.label
    assert "No B12 level is known" in joint.note


@pytest.mark.parametrize(
    ("feature", "word", "meant"),
    [
        ("place", "feeet", "feet"),
        ("with_it", "mornin stiffness", "morning stiffness"),
        ("symptom", "fatige", "fatigue"),
    ],
)
def test_a_misspelled_word_is_suggested(feature, word, meant):
    with pytest.raises(ContextError, match=f"did you mean '{meant}'"):
        differential(**{feature: word})


@pytest.mark.parametrize(
    "word", ["loss of appetite", "normal gait", "increased reflexes", "brisk reflexes", "no cramps"]
)
def test_no_suggestion_says_the_opposite_or_another_thing(word):
    with pytest.raises(ContextError) as error:
        differential(with_it=word)
    assert "did you mean" not in str(error.value)
    assert "Known: " in str(error.value)


@pytest.mark.parametrize(
    ("symptoms", "codes"),
    [
        (["thigh pain"], TABLES["leg pain"]),
        (["achy legs"], TABLES["leg pain"]),
        (["joint pain"], TABLES["joint pain"]),
        (["weak legs"], TABLES["muscle weakness"]),
        (["numbness"], TABLES["tingling"]),
        (["tiredness"], TABLES["fatigue"]),
        (["confusion"], TABLES["memory loss"]),
        (["falls"], TABLES["loss of balance"]),
        (["leg cramps"], TABLES["cramps"]),
        (["pallor"], ()),
        ([], ()),
    ],
)
def test_what_is_reported_leads_to_what_else_it_could_be(symptoms, codes):
    result = interpret(b12="250 pg/mL", age=50, sex="female", symptoms=symptoms)
    assert {each.code for each in result.differential} == set(codes)


def test_what_else_is_reported_speaks_for_a_condition():
    result = interpret(b12="250 pg/mL", age=50, symptoms=["tingling", "fatigue"], diagnoses=["type 2 diabetes"])
    found = {each.code: each for each in result.differential}
    assert found["diabetic_neuropathy"].speaks_for == ("tingling (paresthesia)", "type 2 diabetes")
    assert found["diabetic_neuropathy"].not_explained == ("fatigue",)
    assert found["diabetic_neuropathy"].raised_by == ("tingling or numbness",)
    assert not any("diabetes" in text for each in result.differential for text in each.not_explained)


def test_it_is_in_the_json_and_older_json_is_still_read():
    result = interpret(b12="250 pg/mL", age=50, symptoms=["cramps"])
    again = Interpretation.model_validate_json(result.to_json())
    assert again == result
    older = result.model_dump(mode="json")
    del older["differential"]
    assert Interpretation.model_validate(older).differential == ()


def test_every_symptom_of_a_table_is_a_term_of_the_vocabulary():
    for word in bedside().words["symptom"].values():
        assert all(context().terms[term].field == "symptoms" for term in word.terms)
    assert tuple(bedside().words) == tuple(FEATURES)


def test_examples_run():
    assert doctest.testmod(module).failed == 0

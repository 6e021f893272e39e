"""Medicines as products are read by their ingredient, and what only names an ingredient is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.inputs.context.medicines import find_medicines, is_part_of_product
from b12labs.reference.medicines import medicine_words

PRODUCTS = {
    "cyanocobalamin 1 MG/ML Injectable Solution": {"b12_supplement"},
    "Vitamin B 12 5 MG/ML Injectable Solution": {"b12_supplement"},
    "Hydroxocobalamin 1mg/1ml solution for injection ampoules (Alliance Healthcare (Distribution) Ltd)": {
        "b12_supplement"
    },
    "metformin hydrochloride 500 MG Oral Tablet": {"metformin"},
    "24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet": {"metformin"},
    "METFORMIN AL 500": {"metformin"},
    "Metformin-ratiopharm 850 mg Filmtabletten": {"metformin"},
    "Metformina Kern Pharma 850 mg EFG": {"metformin"},
    "METFORMIN + CANAGLIFLOZIN": {"metformin"},
    "Folsäure 5 mg": {"folic_acid"},
    "folsyre": {"folic_acid"},
    "Folic acid 5mg/5ml oral solution sugar free": {"folic_acid"},
    "葉酸": {"folic_acid"},
    "メチコバール (メコバラミン) 500µg": {"b12_supplement"},
    "Entonox": {"nitrous_oxide"},
    "Nitrous oxide 50% / Oxygen 50%": {"nitrous_oxide"},
    "vitamin B12 and folic acid": {"b12_supplement", "folic_acid"},
    "omeprazole 20 mg gastro-resistant capsules": {"proton_pump_inhibitor"},
    "Methotrexat 15 mg": {"methotrexate"},
    "Product containing precisely colchicine 500 microgram/1 each conventional release oral tablet (clinical drug)": {
        "colchicine"
    },
}
NO_MEDICINES = (
    "folic acid deficiency", "metformin allergy", "no metformin", "metformin?", "- metformin",
    "stopped metformin 500 mg",
    "Metformin 500 mg: discontinued", "vitamin B12 200 pg/mL", "serum folate level", "B12 deficiency", "Folsäuremangel",
    "葉酸欠乏", "thiocolchicoside 4 mg", "cobalt (57Co) cyanocobalamine", "folinic acid 15 mg tablet",
    "nicotinamide 50 mg",
    "methotrexate toxicity", "family history of folic acid antagonists", "kein Metformin", "sans metformine",
    "consider vitamin B12 1 mg tablet", "insulin resistant diabetes", "omeprazole trial planned", "amlodipine 5 mg",
)  # fmt: skip


@pytest.mark.parametrize("text", PRODUCTS)
def test_a_product_is_its_ingredients(text):
    assert find_medicines(text) == PRODUCTS[text]


@pytest.mark.parametrize("text", NO_MEDICINES)
def test_what_is_about_something_else_is_no_medicine(text):
    assert not find_medicines(text)


@pytest.mark.parametrize("text", ["metformin allergy", "no metformin", "stopped metformin 500 mg", "葉酸欠乏"])
def test_an_ingredient_that_is_denied_is_told_from_a_text_that_names_none(text):
    assert find_medicines(text) is None
    assert find_medicines("amlodipine 5 mg") == frozenset()


@given(st.sampled_from(sorted(PRODUCTS)), st.sampled_from(sorted(medicine_words().denied)), st.booleans())
def test_a_word_that_denies_takes_every_product_back(text, word, before):
    assert not find_medicines(f"{word} {text}" if before else f"{text} {word}")


@given(st.text(max_size=60))
def test_any_text_is_read_or_not(text):
    assert (find_medicines(text) or frozenset()) <= medicine_words().ingredients.keys()


@pytest.mark.parametrize(
    ("text", "is_part"),
    [("500 mg tablet", True), ("tablet", True), ("tablet or so", False), ("aspirin", False), ("", False)],
)
def test_what_follows_a_comma_is_of_the_product_when_each_word_is(text, is_part):
    assert is_part_of_product(text) is is_part

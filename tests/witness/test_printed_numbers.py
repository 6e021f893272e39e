"""Doses, times and remarks that are printed as words: each typed a second time, and seen in an answer."""

import re

import pytest

from b12labs import differential, interpret
from b12labs.reference import directory, read_toml

NERVES = {"b12": "80 pg/mL", "age": 50, "symptoms": ["ataxia"]}
STOMACH = {"b12": "80 pg/mL", "age": 50, "diagnoses": ["total gastrectomy"]}
DIET = {"b12": "150 pg/mL", "age": 50, "risk_factors": ["vegan"], "hemoglobin": "140 g/L"}
ANEMIA = {"b12": "100 pg/mL", "age": 50, "sex": "male", "risk_factors": ["vegan"], "hemoglobin": "100 g/L"}
US = {"formulary": "us"}
FOLATE = {"b12": "600 pg/mL", "age": 50, "folate": "3 nmol/L"}

#: Text -> a patient whose answer prints it.
PRINTED = {
    "1 mg on alternate days until no further improvement": NERVES,
    "1 mg every 2 months": NERVES,
    "about 3 weeks, to see whether there is further improvement": NERVES,
    "1 mg three times a week for 2 weeks": STOMACH,
    "1 mg every 2 to 3 months": STOMACH,
    "3 months": STOMACH,
    "50 to 150 micrograms a day": DIET,
    "1 to 2 mg a day (unlicensed at this dose)": ANEMIA,
    "1 to 2 mg a day while the cause lasts": ANEMIA,
    "1,000 micrograms a day for 1 to 2 weeks, then weekly for a month": NERVES | US,
    "1,000 micrograms a month": NERVES | US,
    "8 weeks: MMA, homocysteine and MCV should be normal": NERVES | US,
    "1 to 2 mg a day": DIET | US,
    "5 mg a day for 4 months": FOLATE,
    "up to 1 mg a day": FOLATE | US,
    "laboratories' intervals begin at 2.0": {"neutrophils": "1.2 10*9/L", "age": 50},
    "30 ug/L in UK practice": {"ferritin": "10 ug/L", "age": 50},
    "the 2.5th centile of Danish adults is 200 pmol/L": {"b12": "90 pmol/L", "age": 50, "guideline": "denmark"},
    "the 97.5th centile is 0.40 umol/L, and 0.46 from 65 years": {"mma": "2 umol/L", "age": 50, "guideline": "denmark"},
    "a second Norwegian laboratory (Fuerst) divides at 100, 150 and 250 pmol/L": {
        "b12": "90 pmol/L",
        "age": 50,
        "guideline": "norway",
    },
    "a German laboratory (Gaertner) divides at 210 and 540 ng/L": {
        "b12": "90 pmol/L",
        "age": 50,
        "guideline": "obeid-traffic-light",
    },
}
#: What the bedside table of leg pain prints.
AT_THE_BEDSIDE = {
    "It may come before anemia and large red cells, or without them: of 192 US adults with B12 below 148 pmol/L, 164 "
    "had neither (NHANES 1999-2002).",
    "one; both in up to 20 %",
    "both in up to 20 %",
}
_SAID = {"loading", "maintenance", "review", "dose", "note", "side", "meralgia_paresthetica"}
#: Names that hold a digit and are no numbers.
_NAMES = re.compile(r"B12|BSH 2014|HbA1c|\bB6\b")


@pytest.mark.parametrize("text", PRINTED)
def test_an_answer_prints_the_number(text):
    printed = list(_texts(interpret(**PRINTED[text]).model_dump()))
    assert text in printed or any(f": {text} [" in each for each in printed)


def test_the_bedside_tables_print_the_numbers():
    told = differential(symptom="leg pain", side="both")
    printed = {text for each in told for text in _texts(each.model_dump())}
    remarked = {text for text in AT_THE_BEDSIDE if any(f"({text})" in each for each in printed)}
    assert printed | remarked >= AT_THE_BEDSIDE


def test_every_number_that_is_printed_as_words_is_typed_here():
    folder = directory()
    files = [
        "treatment.toml",
        "differential.toml",
        *(path.relative_to(folder) for path in folder.glob("guidelines/**/*.toml")),
    ]
    found = {
        text for file in files for text in _said(read_toml(folder / file)) if re.search(r"\d", _NAMES.sub("", text))
    }
    assert found == {*PRINTED, *AT_THE_BEDSIDE}


def _texts(entry):
    """Yield every text of an answer."""
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        for inner in entry.values():
            yield from _texts(inner)
    elif isinstance(entry, list | tuple):
        for inner in entry:
            yield from _texts(inner)


def _said(entry, name=""):
    if isinstance(entry, str):
        if name in _SAID:
            yield entry
    elif isinstance(entry, dict):
        for key, inner in entry.items():
            yield from _said(inner, key)
    elif isinstance(entry, list):
        for inner in entry:
            yield from _said(inner, name)

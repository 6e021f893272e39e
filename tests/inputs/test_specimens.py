"""A specimen is known by its code, or by words that are all understood; any other that is stated is unknown."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.inputs.specimens import Specimen, find_specimen, is_measured_in
from b12labs.reference.codes import specimen_codes
from b12labs.reference.names import specimen_words

SNOMED = "http://snomed.info/sct"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", ""), ("Serum", "serum"), ("SÉRUM", "serum"), ("EDTA-Vollblut", "blood"), ("EDTA (paars)", "blood"),
        ("Bloed", "blood"), ("血清", "serum"), ("全血（添加物入り）", "blood"), ("сироватка", "serum"),
        ("Urine", "urine"), ("尿", "urine"), ("моча", "urine"), ("髄液", "csf"), ("Liquor", "csf"), ("便", "other"),
        ("Cord blood", "other"), ("UR", "urine"), ("BLD", "blood"), ("Serum or plasma", "serum"),
        ("Venous blood specimen", "blood"), ("S-", "serum"), ("fP-", "plasma"), ("B-", "blood"), ("U-", "urine"),
        ("E-", "other"), ("Fingerstick", "blood"), ("Lithium heparin", "plasma"), ("Gold top", "serum"),
        ("Serumprobe", "serum"), ("Kapillarblut", "blood"), ("Synovial", "other"),
    ],
)  # fmt: skip
def test_words_for_specimens_are_understood_in_many_languages(text, meant):
    assert find_specimen(text) == meant


@pytest.mark.parametrize(
    "text", ["Blood gas syringe X7", "***", "?", "not serum", "serum?", "xyz", "EDTA", "Urine/serum"]
)
def test_a_specimen_whose_words_are_not_all_understood_is_unknown(text):
    assert find_specimen(text) == "unknown"


@pytest.mark.parametrize(
    ("codes", "text", "meant"),
    [
        ([(SNOMED, "119297000")], "Blod", "blood"),
        ([(SNOMED, "122575003")], "", "urine"),
        ([("http://terminology.hl7.org/CodeSystem/v2-0487", "UR")], "", "urine"),
        ([("SCT", "258450006")], "serum", "csf"),
        ([("", "BLDCO")], "", "other"),
        ([("http://local.example", "B17")], "", "unknown"),
        ([("http://local.example", "B17")], "Plasma", "plasma"),
        ([(SNOMED, "119297000"), ("HL70070", "UR")], "", "unknown"),
    ],
)
def test_a_code_decides_before_the_words_beside_it(codes, text, meant):
    assert find_specimen(text, codes) == meant


@given(st.sampled_from([word for word, means in specimen_words() if means != "filler"]), st.sampled_from("?Δ√模мж*!"))
def test_a_sign_that_is_not_understood_makes_no_other_specimen(word, sign):
    assert find_specimen(f"{word} {sign}") in ("unknown", find_specimen(word))


def test_every_listed_meaning_is_a_specimen():
    known = set(get_args(Specimen)) - {"", "unknown"}
    assert {means for codes in specimen_codes().values() for means in codes.values()} <= known
    assert {means for _, means in specimen_words()} <= known | {"filler"}


def test_creatinine_is_measured_in_blood_and_the_mma_ratio_in_urine():
    assert is_measured_in("creatinine", "plasma")
    assert not is_measured_in("creatinine", "urine")
    assert is_measured_in("urine_mma_ratio", "urine")
    assert not is_measured_in("urine_mma_ratio", "serum")

"""Codes of medicines and diagnoses: exact or by prefix as their table says; what proves no term gives none."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.inputs.context.codes import OTHER, context_system, find_context_code
from b12labs.reference.context_codes import context_codes, context_systems

ATC, RXNORM, SNOMED = "http://www.whocc.no/atc", "http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct"


@pytest.mark.parametrize(
    ("code", "system", "terms"),
    [
        ("A10BA02", ATC, {"metformin"}),
        ("A10BD07", "ATC", {"metformin"}),  # with sitagliptin
        ("A02BC05", ATC, {"proton_pump_inhibitor"}),
        ("B03BA03", ATC, {"b12_supplement"}),
        ("B03AE01", ATC, {"b12_supplement", "folic_acid"}),  # iron, B12 and folic acid
        ("N01AX13", ATC, {"nitrous_oxide"}),
        ("6809", RXNORM, {"metformin"}),
        ("2001499", RXNORM, {"b12_supplement"}),
        ("372567009", SNOMED, {"metformin"}),  # dm+d is part of SNOMED CT
        ("84027009", SNOMED, {"autoimmune_gastritis"}),
        ("D51.0", "http://hl7.org/fhir/sid/icd-10", {"autoimmune_gastritis"}),
        ("D510", "http://hl7.org/fhir/sid/icd-10-cm", {"autoimmune_gastritis"}),
        ("D51.0", "http://fhir.de/CodeSystem/bfarm/icd-10-gm", {"autoimmune_gastritis"}),
        ("D51.0 G", "icd-10-gm", {"autoimmune_gastritis"}),
        ("DD510", "urn:oid:1.2.208.176.2.4", {"autoimmune_gastritis"}),
        ("D51.3", "urn:oid:2.16.840.1.113883.6.3", {"known_b12_deficiency"}),
        ("K50.90", "ICD-10-CM", {"ileal_disease"}),
        ("Z98.84", "icd-10-cm", {"bariatric_surgery"}),
        ("E11.40", "icd-10-cm", {"type_2_diabetes"}),
        ("K90.0", "http://hl7.org/fhir/sid/icd-10-se", {"celiac_disease"}),
        ("i312.", "read v2", {"b12_supplement"}),
        ("XE2ro", "ctv3", {"autoimmune_gastritis"}),
    ],
)
def test_a_code_means_the_terms_of_its_list(code, system, terms):
    found = find_context_code(code, system)
    assert found is not None
    assert found.terms == terms


@pytest.mark.parametrize(
    ("code", "system", "perhaps"),
    [
        ("A11AA01", ATC, {"b12_supplement"}),  # multivitamins
        ("Z90.3", "icd-10", {"total_gastrectomy"}),  # part of the stomach
        ("K50.1", "icd-10", {"ileal_disease"}),  # Crohn's disease of the colon
        ("E53.8", "icd-10", {"known_b12_deficiency"}),
        ("D51.0V", "icd-10-gm", {"autoimmune_gastritis"}),  # suspected
        ("D51.0A", "icd-10-gm", set()),  # excluded
        ("N18", "icd-10", {"chronic_kidney_disease"}),
    ],
)
def test_a_code_that_proves_no_term_says_which_it_may_mean(code, system, perhaps):
    found = find_context_code(code, system)
    assert found is not None
    assert (found.terms, found.perhaps) == (set(), perhaps)
    assert found.why


@pytest.mark.parametrize("code", ["V09XX01", "M03BX05"])
def test_a_code_that_is_near_and_of_something_else_is_refused_with_the_reason(code):
    found = find_context_code(code, ATC)
    assert found is not None
    assert (found.terms, found.perhaps) == (set(), set())
    assert found.why


@pytest.mark.parametrize("code", ["11248", "5514", "4511", "2683", "5552", "4278", "9143", "2541", "7486", "6375"])
def test_a_number_that_nobody_has_looked_up_means_nothing(code):
    assert find_context_code(code, RXNORM) is None


def test_a_whole_code_of_a_classification_is_known_to_be_something_else_and_a_part_of_one_is_not():
    assert find_context_code("C09AA02", ATC) == OTHER
    assert find_context_code("S93.4", "icd-10") == OTHER
    assert find_context_code("A10B", ATC) is None  # above metformin
    assert find_context_code("E53", "icd-10-cm") is None  # above a deficiency of B12
    assert find_context_code("E53", "icd-10") is None
    assert find_context_code("44465007", SNOMED) is None  # no classification
    assert find_context_code("A10BA02", "urn:a-site-of-its-own") is None


@given(st.sampled_from(sorted(context_systems())), st.data())
def test_every_listed_code_is_read_as_its_row_says_and_in_no_other_way_when_a_sign_is_added(key, data):
    table = context_codes(key)
    if not table:
        return
    row = table[data.draw(st.sampled_from(sorted(table)))]
    found = find_context_code(row.code, key)
    assert found is not None
    assert found.terms | found.perhaps >= row.terms - {"pregnancy"} or row.refused
    assert not (found.terms and (row.wider or row.refused))
    longer = find_context_code(row.code + data.draw(st.sampled_from("09ZX")), key)
    if not row.prefix and longer is not None:
        assert not longer.terms or longer.terms <= {term for each in table.values() for term in each.terms}
        assert row.code + "0" in table or key not in ("rxnorm", "snomed_ct", "read_v2", "ctv3", "dm_d")


def test_a_file_that_is_left_out_costs_only_its_codes(monkeypatch, tmp_path):
    from b12labs.reference import context_codes as module

    real = module.directory()
    (tmp_path / "codes" / "context").mkdir(parents=True)
    for name in ("systems.toml", "atc.csv"):
        (tmp_path / "codes" / "context" / name).write_bytes((real / "codes" / "context" / name).read_bytes())
    monkeypatch.setattr(module, "directory", lambda: tmp_path)
    for cached in (context_codes, context_systems, find_context_code, context_system):
        cached.cache_clear()
    try:
        assert find_context_code("A10BA02", ATC).terms == {"metformin"}
        assert find_context_code("84027009", SNOMED) is None
    finally:
        for cached in (context_codes, context_systems, find_context_code, context_system):
            cached.cache_clear()


def test_no_table_of_codes_or_products_is_read_before_it_is_needed():
    code = (
        "import b12labs, sys\n"
        "b12labs.interpret(b12='145 pg/mL', medicines='metformin', symptoms='ataxia')\n"
        "from b12labs.reference import context_codes, medicines\n"
        "print(context_codes.context_codes.cache_info().currsize, medicines.medicine_words.cache_info().currsize)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["0", "0"]


@pytest.mark.parametrize("mark", ["A", "V", "Z"])
def test_the_mark_of_a_german_diagnosis_says_nothing_in_another_country_s_codes(mark):
    assert find_context_code(f"D51.0{mark}", "icd-10-cm").terms == {"autoimmune_gastritis"}
    assert find_context_code(f"D51.0{mark}", "icd-10-gm").terms == set()


def test_of_two_lists_the_longer_code_decides():
    """Restless legs have a code of their own in ICD-10-CM, below one of ICD-10 that is wider."""
    assert find_context_code("G25.81", "icd-10").terms == {"restless_legs"}
    assert find_context_code("G25.8", "icd-10").terms == set()


@pytest.mark.parametrize(("code", "terms"), [("D51.0", {"autoimmune_gastritis"}), ("A10BA02", {"metformin"})])
def test_a_code_without_a_system_is_known_by_its_form(code, terms):
    assert find_context_code(code).terms == terms
    assert find_context_code(f"ICD-10 {code}" if "." in code else f"ATC {code}").terms == terms


@pytest.mark.parametrize("code", ["D510", "K50", "N18", "372567009"])
def test_what_may_be_anything_is_no_code_without_its_system(code):
    assert find_context_code(code) is None


@pytest.mark.parametrize("code", ["XD510", "E510"])
def test_only_the_letter_that_a_country_puts_before_a_code_is_taken_off(code):
    found = find_context_code(code, "urn:oid:1.2.208.176.2.4")
    assert found is None or not found.terms

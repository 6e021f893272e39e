"""A code decides which test it is: exactly, by its system, and never as the near test that it is not."""

import csv

import pytest

from b12labs.inputs.codes import code_system, find_code, is_loinc, split_code
from b12labs.reference import analytes
from b12labs.reference.codes import code_systems, listed_codes
from tests.inputs.check_digits import verhoeff


@pytest.mark.parametrize(
    ("code", "system", "analyte"),
    [
        ("2132-9", "http://loinc.org", "b12"),
        ("NPU01700", "urn:oid:1.2.208.176.2.1", "b12"),
        ("NPU02319", "NPU", "hemoglobin"),
        ("1022431000000105", "http://snomed.info/sct", "hemoglobin"),
        ("3000593", "OMOP", "b12"),
        ("3G040000002302301", "JC10", "b12"),
        ("423..", "Read v2", "hemoglobin"),
    ],
)
def test_a_code_is_read_by_its_system(code, system, analyte):
    found = find_code(code, code_system(system))
    assert found is not None
    assert (found.analyte, found.refused) == (analyte, "")


@pytest.mark.parametrize("code", ["16695-9", "NPU27300", "2161-8"])
def test_the_code_of_a_near_test_is_refused_with_its_reason(code):
    found = find_code(code)
    assert found is None or found.refused


@pytest.mark.parametrize("code", ["2132-8", "1022431000000106", "NPU99999", "3G040123402302301", ""])
def test_a_code_without_its_check_digit_or_on_no_list_means_nothing(code):
    assert find_code(code) is None


def test_a_system_is_named_before_its_code():
    assert split_code("LOINC:2132-9") == ("loinc", "2132-9")
    assert split_code("2132-9") == ("", "2132-9")
    assert split_code("Ward: 12") == ("", "Ward: 12")


def test_a_system_that_is_not_known_gives_its_codes_no_meaning():
    assert code_system("http://local.example/tests") is None
    assert find_code("2132-9", "local") is None


def test_no_code_of_one_system_stands_for_two_analytes():
    for system in code_systems():
        for row in listed_codes(system).values():
            assert row.refused or row.analyte in analytes()


def test_every_listed_code_of_snomed_and_loinc_has_its_check_digit():
    assert [code for code in listed_codes("snomed_ct") if verhoeff(code) != 0] == []
    assert [code for code in listed_codes("loinc") if not is_loinc(code)] == []


@pytest.mark.parametrize("code", ["2132-8", "2132-", "2132", "21329", "a132-9", "123456-4"])
def test_a_loinc_code_without_its_form_or_check_digit_is_none(code):
    assert is_loinc(" 2132-9 ")
    assert not is_loinc(code)


def test_every_published_code_is_read_or_refused_as_its_table_says(shared_file):
    names = {"FI-Kuntaliitto": "fi_kuntaliitto", "Read v2": "read_v2", "SNOMED CT": "snomed_ct"}
    prefixed = ("SWE", "NLK", "DNK")
    for row in csv.DictReader(shared_file("codes/analyte_codes.csv").read_text("utf-8").splitlines()):
        system = "npu" if row["system"] in prefixed else names.get(row["system"], row["system"].lower())
        if system not in code_systems() or row["match"] == "prefix":
            continue
        found = find_code(row["code"], system)
        if row["refuse"] or row["analyte_key"] not in analytes():
            assert found is None or found.refused, row
        else:
            assert found is not None, row
            assert (found.analyte, found.refused) == (row["analyte_key"], ""), row


def test_a_folder_without_one_system_reads_the_others(tmp_path, monkeypatch):
    monkeypatch.setattr("b12labs.reference.codes.directory", lambda: tmp_path)
    listed_codes.cache_clear()
    assert listed_codes("snomed_ct") == {}
    listed_codes.cache_clear()


@pytest.mark.parametrize("specimen", ["001", "004", "042", "999"])
def test_the_beginning_of_a_code_names_the_analyte_only_in_a_specimen_of_blood(specimen):
    assert find_code("3C015000002327199", "jlac10").refused == ""
    found = find_code(f"3C0150000{specimen}27199", "jlac10")
    assert found is not None
    assert found.refused.startswith("specimen")

"""An audit of messages: every observation is used, or named with its reason; and nobody is named."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b12labs import audit
from b12labs.integrations import hl7v2

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


def patient(name):
    return {"resourceType": "Patient", "id": name, "gender": "female", "birthDate": "1957-03-21"}


def observation(name, code, value, unit, *, who="1", status="final", display="", **more):
    coding = {"system": LOINC, "code": code} if code[:1].isdigit() else {"system": "urn:site", "code": code}
    return {
        "resourceType": "Observation",
        "id": name,
        "status": status,
        "subject": {"reference": f"Patient/{who}"},
        "effectiveDateTime": "2024-03-01T08:30:00Z",
        "code": {"coding": [{**coding, **({"display": display} if display else {})}]},
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
        **more,
    }


def condition(name, code):
    return {
        "resourceType": "Condition",
        "id": name,
        "subject": {"reference": "Patient/1"},
        "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": code}]},
    }


def export():
    return [
        *(patient(str(number)) for number in range(4)),
        *(observation(f"a{n}", "2132-9", 145, "pg/mL", who=str(n)) for n in range(4)),
        *(observation(f"b{n}", "13964-2", 0.6, "umol per cup", who=str(n)) for n in range(4)),
        *(observation(f"c{n}", "HCY-X", 22, "umol/L", who=str(n), display="Homocystin") for n in range(4)),
        *(observation(f"d{n}", "2951-2", 140, "mmol/L", who=str(n), display="Sodium") for n in range(4)),
        *(observation(f"e{n}", "718-7", 10.4, "g/dL", who=str(n), status="cancelled") for n in range(4)),
    ]


EXPECTED = {"used": 4, "unknown_unit": 4, "unknown_test": 4, "not_an_analyte": 4, "withdrawn_result": 4}


def bundle(resources):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource} for resource in resources]}


def test_every_observation_of_a_bundle_is_counted_once_by_what_became_of_it():
    found = audit(bundle(export()))
    assert found.outcomes == EXPECTED
    unread = {(line.kind, line.text): line.near for line in found.lines if not line.is_understood}
    assert unread == {("unit", "umol per cup"): "", ("test", "HCY-X"): "homocysteine"}
    assert [line.also for line in found.lines if line.text == "HCY-X"] == ["Homocystin"]


def test_a_bulk_export_and_a_bundle_in_a_file_are_counted_like_the_resources(tmp_path):
    bulk, file = tmp_path / "bulk", tmp_path / "bundle.json"
    bulk.mkdir()
    lines = [json.dumps(resource) for resource in export()]
    (bulk / "all.ndjson").write_text("\n".join([*lines, "{"]), encoding="utf-8")
    file.write_text(json.dumps(bundle(export())), encoding="utf-8")
    assert audit(file).outcomes == audit(bulk).outcomes == EXPECTED
    assert audit(bulk).besides == {"not_json": 1}


def test_a_component_is_a_result_and_a_group_without_a_value_is_none():
    group = observation("g", "58410-2", 1, "1")
    del group["valueQuantity"]
    part = {"code": group["code"], "valueQuantity": {"value": 1}}
    hemoglobin = {
        "code": {"coding": [{"system": LOINC, "code": "718-7"}]},
        "valueQuantity": {"value": 10.4, "unit": "g/dL", "system": UCUM, "code": "g/dL"},
    }
    found = audit([patient("1"), {**group, "component": [hemoglobin, part]}])
    assert found.results == 2
    assert found.used == 1
    withdrawn = audit([patient("1"), {**group, "component": [hemoglobin, part], "status": "entered-in-error"}])
    assert withdrawn.results == 2
    assert withdrawn.used == 0


def test_a_resource_that_comes_twice_is_two_results_one_of_them_used():
    one = observation("a", "2132-9", 145, "pg/mL")
    assert audit([patient("1"), one, dict(one)]).outcomes == {"used": 1, "duplicate_result": 1}


def test_diagnoses_by_code_are_named_if_they_are_not_understood():
    codes = [condition(str(number), code) for number, code in enumerate(["E53.8"] * 3 + ["D51.0"] * 3)]
    found = audit([patient("1"), observation("a", "2132-9", 145, "pg/mL"), *codes])
    assert [(line.text, line.rows) for line in found.of_kind("diagnoses", understood=False)] == [("E53.8", 3)]
    assert not found.is_complete


MESSAGE = """MSH|^~\\&|LAB|HOSP|E|H|20240301||ORU^R01|{0}|P|2.5.1
PID|1||{0}^^^HOSP^MR||ZUCKERKANDL^ANNA||19570321|F
OBR|1|||panel|||20240301083000
OBX|1|NM|2132-9^Vitamin B12^LN||145|pg/mL|||||F
OBX|2|NM|13964-2^MMA^LN||0.6|umol per cup|||||F
OBX|3|NM|HCY-X^Homocystin^L||22|umol/L|||||F
OBX|4|NM|2951-2^Sodium^LN||140|mmol/L|||||F
OBX|5|NM|718-7^Hb^LN||10.4|g/dL|||||X
NTE|1||seen by Zuckerkandl"""


def test_messages_of_hl7_are_counted_by_segment_and_name_nobody(tmp_path):
    for number in range(4):
        (tmp_path / f"{number}.hl7").write_text(MESSAGE.format(number), encoding="utf-8")
    found = audit(tmp_path)
    assert found.outcomes == EXPECTED
    assert audit("\n".join(MESSAGE.format(number) for number in range(4))).outcomes == EXPECTED
    forms = str(found) + found._repr_html_() + found.to_mapping() + json.dumps(found.to_dict())
    assert "ZUCKERKANDL" not in forms.upper()
    assert "HCY-X" in forms


def test_specimens_and_statuses_of_hl7_are_named_as_they_were_sent():
    lines = MESSAGE.format(1).replace("|umol per cup|||||F", "|umol/L|||||Q").splitlines()
    lines.insert(3, "SPM|1|||ZZ9^Purple paint^L")
    found = audit("\n".join(lines), rare=True)
    unread = {(line.kind, line.text) for line in found.lines if not line.is_understood}
    assert ("specimen", "Purple paint") in unread
    assert found.used == 0


def test_a_broken_observation_is_a_result_that_was_not_used():
    broken = MESSAGE.format(1).replace("|umol per cup|", "|umol\nper cup|")
    found = audit(broken)
    assert found.results == 5
    assert found.outcomes["broken_segment"] == 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("2132-9", "13964-2", "HCY-X", "2951-2", "")),
            st.sampled_from(("145", "0.6", "", "text")),
            st.sampled_from(("pg/mL", "umol/L", "cups", "")),
            st.sampled_from(("F", "C", "X", "P", "Q", "D")),
        ),
        max_size=8,
    )
)
def test_of_any_messages_used_reported_and_missing_are_all_segments(lines):
    segments = [
        f"OBX|{n}|NM|{code}^name^LN||{value}|{unit}|||||{status}" for n, (code, value, unit, status) in enumerate(lines)
    ]
    message = "\n".join([*MESSAGE.format(1).splitlines()[:3], *segments])
    found = audit(message, rare=True)
    assert found.results == len(lines)
    assert found.used + sum(found.not_used.values()) + found.other_tests + found.missing == len(lines)
    assert found.used == sum(len(draw.sources) for draw in hl7v2.read(message).draws)


@pytest.mark.parametrize("twice", [1, 2])
def test_of_any_resources_used_reported_and_missing_are_all_observations(twice):
    found = audit([bundle(export())] * twice)
    assert found.results == 20 * twice
    assert found.used == 4

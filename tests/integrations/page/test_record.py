"""A patient's record, as the page gets it from a FHIR server."""

import json

import pytest

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.page.in_browser import answered
from b12labs.integrations.page.record import Record


def result(code, value, unit, time, name="1"):
    return {
        "resourceType": "Observation", "id": f"{code}-{time}", "status": "final",
        "subject": {"reference": f"Patient/{name}"}, "effectiveDateTime": time,
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": unit},
    }  # fmt: skip


def page(*resources, following=None):
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in resources]}
    if following:
        bundle["link"] = [{"relation": "next", "url": following}]
    return json.dumps(bundle)


WOMAN = {"resourceType": "Patient", "id": "1", "birthDate": "1957-03-21", "gender": "female"}


def test_the_newest_draw_with_a_marker_of_b12_is_shown_first():
    count = result("718-7", 10.4, "g/dL", "2025-01-01")
    record = Record([page(WOMAN, result("2132-9", 145, "pg/mL", "2024-03-01"), count)], "1")
    contents = record.contents()
    assert [draw["time"] for draw in contents["draws"]] == ["2024-03-01", "2025-01-01"]
    assert contents["first"] == 0
    assert record.interpretation(0).status == "deficient"
    assert record.interpretation(1).status == "not_assessed"


def test_a_record_without_results_has_no_draw_to_show():
    assert Record([page(WOMAN)], "1").contents()["first"] is None


def test_what_is_not_understood_is_listed_and_tests_that_are_not_of_b12labs_are_counted():
    sodium, odd = result("2951-2", 140, "mmol/L", "2024-03-01"), result("2132-9", 145, "furlong", "2024-03-01")
    contents = Record([page(WOMAN, sodium, odd)], "1").contents()
    assert contents["others"] == 1
    assert [(each["source"], each["code"]) for each in contents["problems"]] == [
        ("Observation/2132-9-2024-03-01", "unknown_unit")
    ]


def test_a_page_that_was_not_received_is_said_and_one_that_was_is_not_missing():
    first, last = page(WOMAN, following="https://ehr.example.org/2"), page(result("2132-9", 145, "pg/mL", "2024-03-01"))
    assert Record([first, last], "1", following=[0]).contents()["incomplete"] is False
    assert Record([first, last], "1").contents()["incomplete"] is True


def test_the_record_of_somebody_else_is_refused():
    with pytest.raises(Refusal):
        Record([page(WOMAN, result("2132-9", 145, "pg/mL", "2024-03-01", name="2"))], "1")
    told = json.loads(answered("record", json.dumps({"pages": ["<html>"], "patient": "1"})))
    assert told["resourceType"] == "OperationOutcome"


def test_numbers_keep_the_digits_that_were_sent():
    text = page(WOMAN, result("2132-9", 1.0, "pg/mL", "2024-03-01")).replace("1.0,", "145.00,")
    answered("record", json.dumps({"pages": [text], "patient": "1"}))
    told = json.loads(answered("draw", json.dumps({"place": 0, "guideline": "bsh-2014"})))
    assert told["results"]["b12"]["given"] == "145.00 pg/mL"
    assert told["guideline"] == "bsh-2014"

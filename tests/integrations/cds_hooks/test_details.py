"""What stands in a card's detail and when, and which draws and tests it speaks of."""

import pytest

from b12labs.integrations.cds_hooks.prefetch import names, templates
from b12labs.integrations.cds_hooks.services import respond
from b12labs.integrations.options import Options
from b12labs.integrations.outcomes import Refusal
from tests.integrations.cds_hooks.requests import (
    BETWEEN,
    CODES,
    LOW,
    NORMAL,
    bundle,
    medication,
    observation,
    ordering,
    patient_view,
    prefetch,
)
from tests.integrations.cds_hooks.test_cds_hooks import FOLIC, SIGN, VIEW, cards, refused


def coded(key, loinc, value, unit, day="2026-11-03"):
    made = observation("mcv", value, unit, day=day) | {"id": f"{key}-{day}"}
    return made | {"code": {"coding": [{"system": "http://loinc.org", "code": loinc}]}}


def test_an_urgent_card_says_so_first():
    (card,) = cards(VIEW, patient_view(*LOW[:2], observation("hemoglobin", 6.0, "g/dL")))
    assert card["summary"].startswith("Urgent: results fit vitamin B12 deficiency")
    assert card["detail"].startswith("Urgent")


def test_the_newest_draw_is_looked_at_though_it_has_no_marker():
    later = (
        coded("platelets", "777-3", 20, "10*3/uL", day="2026-11-20"),
        coded("haptoglobin", "4542-7", 0.05, "g/L", day="2026-11-20"),
        coded("ldh", "14804-9", 1500, "U/L", day="2026-11-20"),
    )
    found = cards(VIEW, patient_view(*LOW, *later))
    assert any(card["summary"].startswith("Emergency: low platelets with hemolysis") for card in found)
    assert any("B12 145 pg/mL" in card["summary"] for card in found)


def test_the_newest_is_the_newest_in_any_zone():
    def at(time, results):
        return [each | {"id": f"{each['id']} {time}", "effectiveDateTime": time} for each in results]

    early, late = "2026-11-05T12:00:00+14:00", "2026-11-05T11:00:00-12:00"
    assert cards(VIEW, patient_view(*at(early, LOW), *at(late, NORMAL))) == []
    assert cards(VIEW, patient_view(*at(late, LOW), *at(early, NORMAL)))


@pytest.mark.parametrize(("results", "possible"), [(LOW, False), (BETWEEN, True)])
def test_options_are_given_and_what_is_possible_where_the_status_is_open(results, possible):
    (card,) = cards(VIEW, patient_view(*results))
    assert "**Options for the clinician" in card["detail"]
    assert ("Still possible: " in card["detail"]) is possible
    assert "Assumed: " in card["detail"]


def test_a_test_that_is_being_ordered_is_not_proposed():
    mma = medication(None) | {"resourceType": "ServiceRequest", "id": "mma", "code": {"text": "Methylmalonic acid"}}

    def proposed(*orders):
        (card,) = cards(SIGN, ordering("order-sign", BETWEEN, *orders))
        return {suggestion["label"] for suggestion in card["suggestions"]}

    assert proposed(FOLIC) - proposed(FOLIC, mma) == {"Draft a request: MMA"}


def test_the_markers_are_asked_for_apart_from_the_blood_count():
    queries = templates(Options())
    for key, code in CODES.items():
        marker = key in ("b12", "holotc", "mma", "homocysteine")
        assert (code in queries["results"], code in queries["blood"]) == (marker, not marker)


def test_no_more_than_300_signs_of_a_name_are_read():
    assert list(names({"text": "x" * 301, "coding": [{"code": "y", "display": " "}]})) == ["y", "x" * 300]
    assert list(names("x")) == []


@pytest.mark.parametrize("sent", ["x", 5, [], {}, {"resourceType": 5}])
def test_what_is_no_resource_is_needed_all_the_same(sent):
    request = patient_view(prefetch={**prefetch(*LOW), "results": sent})
    assert refused(VIEW, request) == (412, "prefetch.results")


def test_a_query_failed_where_any_of_its_issues_is_an_error():
    def outcome(*severities):
        issues = [{"severity": severity} for severity in severities]
        return {"resourceType": "OperationOutcome", "issue": issues}

    for severities in (("warning", "error"), ("error", "warning"), ("fatal",), (None,)):
        request = patient_view(prefetch={**prefetch(*LOW), "results": bundle(*LOW, outcome(*severities))})
        assert refused(VIEW, request) == (412, "prefetch.results")
    request = patient_view(prefetch={**prefetch(*LOW), "results": bundle(*LOW, outcome("warning", "information"))})
    assert cards(VIEW, request)


def test_of_a_level_under_treatment_the_newest_results_alone_are_shown():
    level = medication(None) | {"resourceType": "ServiceRequest", "id": "b12", "code": {"text": "Vitamin B12"}}
    older = observation("homocysteine", 9, "umol/L", day="2026-10-01")
    request = ordering("order-sign", (*NORMAL, older), level)
    request["prefetch"]["medications"] = bundle(medication("cyanocobalamin", status="active", intent="order"))
    (card,) = cards(SIGN, request)
    assert card["detail"].count("| Result |") == 1


def test_a_name_among_other_words_of_an_order_counts_where_nothing_denies_it():
    for words, count in (
        ("Bundle of ward seven with folic acid therein", 1),
        ("Nitrous oxide via mask in room four", 1),
        ("no folic acid in this bundle of ward seven", 0),
        ("Bundle of ward seven", 0),
    ):
        assert len(cards(SIGN, ordering("order-sign", LOW, medication(words)))) == count, words
    both = {"text": "no folic acid in this bundle", "coding": [{"display": "Bundle of ward seven with folic acid"}]}
    assert cards(SIGN, ordering("order-sign", LOW, medication(None) | {"medicationCodeableConcept": both})) == []


def test_what_could_overturn_an_answer_is_said_where_anything_could():
    (low,) = cards(VIEW, patient_view(observation("b12", 145, "pg/mL")))
    assert "Could overturn this: " in low["detail"]
    (sure,) = cards(VIEW, patient_view(*LOW, observation("holotc", 10, "pmol/L")))
    assert "Could overturn this: " not in sure["detail"]


def test_a_request_of_two_patients_says_so_when_it_is_refused():
    with pytest.raises(Refusal, match=r"to another patient than context\.patientId"):
        respond(VIEW, patient_view(*LOW, observation("folate", 12, "ng/mL", patient="p2")), Options())


def test_a_result_that_decided_nothing_is_shown_once_as_such():
    (card,) = cards(VIEW, patient_view(*LOW, observation("folate", 12, "ng/mL")))
    rows = [line for line in card["detail"].splitlines() if line.startswith("| ")]
    assert [line.split(" | ")[0] for line in rows if "not decisive" in line] == ["| Folate"]
    assert sum(line.startswith("| B12 ") for line in rows) == 1

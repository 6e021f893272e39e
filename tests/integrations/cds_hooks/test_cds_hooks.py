"""CDS Hooks: what each service says to whom, on which data, and what it refuses."""

import copy
import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from b12labs.integrations import cds_hooks
from b12labs.integrations.cds_hooks.markdown import escape, one_line
from b12labs.integrations.outcomes import Refusal
from b12labs.reference import analytes
from tests.integrations.cds_hooks.requests import (
    BETWEEN,
    LOW,
    NORMAL,
    PATIENT,
    bundle,
    check_card,
    medication,
    observation,
    ordering,
    patient_view,
    prefetch,
)

VIEW, SIGN, SELECT = "b12-patient-view", "b12-order-sign", "b12-order-select"
OPTIONS = cds_hooks.Options()
FOLIC = medication("Folic acid 5 MG Oral Tablet")
B12_TEST = {
    "resourceType": "ServiceRequest",
    "id": "lab-1",
    "status": "draft",
    "intent": "order",
    "subject": {"reference": "Patient/p1"},
    "code": {"coding": [{"system": "http://loinc.org", "code": "2132-9"}]},
}


def cards(service, request, options=OPTIONS, **more):
    answered = cds_hooks.respond(service, request, options, **more)
    assert set(answered) == {"cards"}
    assert len(answered["cards"]) <= 5
    for card in answered["cards"]:
        check_card(card)
    return answered["cards"]


def refused(service, request, options=OPTIONS):
    with pytest.raises(Refusal) as raised:
        cds_hooks.respond(service, request, options)
    return raised.value.status, raised.value.where


# Discovery


def test_each_hook_has_a_service_of_its_own_because_clients_key_them_by_id():
    services = cds_hooks.discovery(OPTIONS)["services"]
    assert {service["hook"]: service["id"] for service in services} == {
        "patient-view": VIEW,
        "order-sign": SIGN,
        "order-select": SELECT,
    }
    for service in services:
        assert all(isinstance(service[name], str) and service[name] for name in ("hook", "description", "id", "title"))


@pytest.mark.parametrize("kind", ["codes", "category"])
def test_prefetch_templates_keep_to_what_servers_have_in_common(kind):
    templates = cds_hooks.discovery(cds_hooks.Options(prefetch=kind))["services"][0]["prefetch"]
    assert {"patient", "results", "conditions", "medications"} <= set(templates)
    for query in templates.values():
        assert re.findall(r"{{(.*?)}}", query) == ["context.patientId"]
        names = [pair.split("=")[0] for pair in query.partition("?")[2].split("&") if pair]
        assert len(names) == len(set(names)), "a client folds parameters that are repeated"
        assert set(names) <= {"patient", "code", "category", "_sort", "_count", "clinical-status", "status"}


def test_every_loinc_code_is_asked_for_once():
    templates = cds_hooks.discovery(OPTIONS)["services"][0]["prefetch"]
    asked = [code for query in templates.values() for code in re.findall(r"\d+-\d", query)]
    assert sorted(asked) == sorted(code for analyte in analytes().values() for code in analyte.loinc)


# patient-view


def test_a_low_panel_gives_one_card_that_carries_the_message_in_its_summary_alone():
    (card,) = cards(VIEW, patient_view(*LOW))
    assert card["summary"] == "Results fit vitamin B12 deficiency (2026-11-03): B12 145 pg/mL, MMA 0.62 umol/L"
    assert card["indicator"] == "warning"
    assert card["source"]["url"] == "https://www.nice.org.uk/guidance/ng239"
    assert "| B12 | 145 pg/mL | 2026-11-03 | below 180 ng/L | NG239" in card["detail"]
    assert "Decision support for clinicians, not a diagnosis" in card["detail"]


def test_an_indeterminate_panel_proposes_the_tests_that_would_settle_it_as_drafts():
    (card,) = cards(VIEW, patient_view(*BETWEEN))
    assert card["indicator"] == "info"
    assert "Draft a request: MMA" in [suggestion["label"] for suggestion in card["suggestions"]]


def test_a_panel_that_makes_deficiency_unlikely_gives_no_card():
    assert cards(VIEW, patient_view(*NORMAL)) == []


@pytest.mark.parametrize("user", ["Patient/p1", "RelatedPerson/2", "Device/3"])
@pytest.mark.parametrize("service", [VIEW, SIGN, SELECT])
def test_a_patient_or_a_relative_is_shown_nothing_that_is_for_clinicians(service, user):
    request = {
        VIEW: patient_view(*LOW),
        SIGN: ordering("order-sign", LOW, FOLIC),
        SELECT: ordering("order-select", LOW, FOLIC),
    }[service]
    assert cards(service, request)
    request["context"]["userId"] = user
    assert cards(service, request) == []


def test_a_later_test_alone_does_not_hide_an_earlier_low_level():
    later = observation("homocysteine", 9, "umol/L", day="2026-11-10")
    assert any("B12 145 pg/mL" in card["summary"] for card in cards(VIEW, patient_view(*LOW, later)))


def test_a_newer_result_of_the_same_markers_replaces_the_older():
    newer = (observation("b12", 620, "pg/mL", day="2026-11-20"), observation("mma", 0.15, "umol/L", day="2026-11-20"))
    assert cards(VIEW, patient_view(*LOW, *newer)) == []


def test_a_result_without_a_time_hides_none_that_has_one():
    undated = [each | {"id": f"undated {each['id']}", "effectiveDateTime": None} for each in NORMAL]
    (card,) = cards(VIEW, patient_view(*LOW, *undated))
    assert "B12 145 pg/mL" in card["summary"]


def test_a_test_that_another_draw_has_is_named_and_not_proposed():
    later = observation("mma", 0.15, "umol/L", day="2026-11-10")
    (card,) = [card for card in cards(VIEW, patient_view(*BETWEEN, later)) if "2026-11-03" in card["summary"]]
    assert "Draft a request: MMA" not in [suggestion["label"] for suggestion in card.get("suggestions", ())]
    assert "MMA, in the draw of 2026-11-10: " in card["detail"]


def test_draws_older_than_the_host_wants_give_no_card():
    options = cds_hooks.Options(days=30)
    assert cards(VIEW, patient_view(*LOW), options, today=date(2026, 12, 3))
    assert cards(VIEW, patient_view(*LOW), options, today=date(2026, 12, 4)) == []


def test_a_page_that_is_not_the_last_proposes_no_test_and_says_that_data_may_be_missing():
    request = patient_view()
    request["prefetch"]["results"] = bundle(
        *BETWEEN, link=[{"relation": "next", "url": "https://launch.example.org/fhir?page=2"}]
    )
    (card,) = cards(VIEW, request)
    assert "suggestions" not in card
    assert "not in the data received" in card["detail"]
    assert "one page of several" in card["detail"]


@pytest.mark.parametrize("beside", [(), NORMAL])
def test_a_marker_that_cannot_be_read_is_spoken_of_because_silence_would_pass_for_normal(beside):
    unread = observation("holotc", 20, "furlong")
    (card,) = cards(VIEW, patient_view(unread, *beside))
    assert card["summary"] == "A result of a marker of B12 status was sent and could not be used: HoloTC"
    assert "furlong" in card["detail"]
    (card,) = cards(VIEW, patient_view(unread, *LOW))
    assert "furlong" in card["detail"]
    (card,) = cards(SIGN, ordering("order-sign", (unread, *beside), FOLIC))
    assert card["summary"] == "Folic acid is being ordered, and no B12 result could be used" or beside


def with_code(result, **code):
    return {**result, "code": code}


UNREAD = observation("b12", 145, "furlong")
LOCAL = {"system": "https://lab.example.org", "code": "4711"}


@pytest.mark.parametrize(
    ("result", "marker"),
    [
        (with_code(observation("mma", 0.62, "umol/L"), text="Methylmalonc acid"), "MMA"),
        (with_code(observation("b12", 145, "pg/mL"), text="Vitamin B21"), "B12"),
        ({name: value for name, value in UNREAD.items() if name != "id"}, "B12"),
        (with_code({**UNREAD, "valueQuantity": None, "component": [UNREAD]}, text="Anemia panel"), "B12"),
        (
            {
                "resourceType": "DiagnosticReport",
                "status": "final",
                "subject": UNREAD["subject"],
                "contained": [UNREAD],
            },
            "B12",
        ),
        (with_code(UNREAD, coding=[LOCAL]), "B12"),
    ],
    ids=["misspelled", "digits changed places", "without an id", "in a component", "contained", "by the site's code"],
)
def test_a_marker_is_spoken_of_wherever_and_by_whatever_name_it_was_sent(result, marker, tmp_path):
    (tmp_path / "site.toml").write_text('[tests]\n"4711" = "b12"\n', encoding="utf-8")
    (card,) = cards(VIEW, patient_view(result), cds_hooks.Options(mapping=tmp_path / "site.toml"))
    assert card["summary"] == f"A result of a marker of B12 status was sent and could not be used: {marker}"
    assert f"\n- {marker}: " in card["detail"]
    assert card["indicator"] == "info"


def test_it_is_said_how_many_results_could_not_be_used():
    (card,) = cards(
        VIEW,
        patient_view(UNREAD, observation("b12", 90, "furlong", day="2026-10-03"), observation("mma", 0.6, "furlong")),
    )
    assert card["summary"] == "3 results of markers of B12 status were sent and could not be used: B12, MMA"


@pytest.mark.parametrize("name", ["Vitamin B6", "Vitamin B1", "Sodium", "Hemoglobn", "Vitamin D"])
def test_a_result_that_tells_nothing_about_b12_is_not_spoken_of(name):
    assert cards(VIEW, patient_view(with_code(observation("b12", 20, "furlong"), text=name))) == []


def test_a_marker_that_was_sent_and_could_not_be_used_is_not_said_to_be_missing_nor_proposed():
    (card,) = cards(VIEW, patient_view(*BETWEEN, observation("mma", 0.62, "furlong")))
    assert [suggestion["label"] for suggestion in card["suggestions"]] == ["Draft a request: HoloTC"]
    assert "MMA, sent and not used, for the reason below: " in card["detail"]
    assert "MMA 0.62 furlong was set aside and could not be used. Verify it" in card["detail"]
    assert card["detail"].count("furlong") == 2  # named once, and once more in the reason


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "registered"])
def test_a_marker_that_has_no_result_or_was_withdrawn_is_not_spoken_of(status):
    assert cards(VIEW, patient_view(observation("holotc", 20, "pmol/L", status=status), *NORMAL)) == []


def test_a_preliminary_result_is_marked_as_such():
    results = (observation("b12", 145, "pg/mL", status="preliminary"),)
    assert cards(VIEW, patient_view(*results), cds_hooks.Options()) != cards(
        VIEW, patient_view(*results), cds_hooks.Options(use_preliminary=True)
    )
    (card,) = cards(VIEW, patient_view(*results), cds_hooks.Options(use_preliminary=True))
    assert "| B12 | 145 pg/mL | 2026-11-03, preliminary |" in card["detail"]
    assert card["summary"].endswith("B12 145 pg/mL (preliminary)")
    assert "Could not be used" not in card["detail"]


def test_what_is_said_to_a_result_that_was_used_names_it_and_is_not_called_unused():
    (card,) = cards(VIEW, patient_view(observation("b12", 145, "pg/mL", interpretation=[{"text": "odd"}])))
    assert "- B12: 'odd' means neither low, normal nor high; the result is used without it" in card["detail"]
    assert "Could not be used" not in card["detail"]


def test_a_result_that_does_not_say_whose_it_is_is_not_used():
    whose = {name: value for name, value in LOW[0].items() if name != "subject"}
    (card,) = cards(VIEW, patient_view(whose))
    assert card["summary"].endswith("could not be used: B12")
    assert "145" not in card["summary"] + card["detail"]


def test_the_same_request_gets_the_same_bytes():
    request = patient_view(*LOW)
    assert json.dumps(cds_hooks.respond(VIEW, request, OPTIONS)) == json.dumps(
        cds_hooks.respond(VIEW, copy.deepcopy(request), OPTIONS)
    )


# What was sent, and what was not


@pytest.mark.parametrize("key", ["patient", "results"])
def test_what_is_needed_and_was_not_sent_is_asked_for_by_its_key(key):
    request = patient_view(*LOW)
    del request["prefetch"][key]
    assert refused(VIEW, request) == (412, f"prefetch.{key}")
    del request["prefetch"]
    assert refused(VIEW, request) == (412, "prefetch.patient")


@pytest.mark.parametrize("nothing", [None, bundle(), {"resourceType": "Bundle", "type": "searchset"}])
def test_a_client_that_looked_and_has_nothing_gets_no_card(nothing):
    request = patient_view(*LOW)
    request["prefetch"]["results"] = nothing
    assert cards(VIEW, request) == []


FAILED = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}


@pytest.mark.parametrize("failed", [FAILED, bundle(FAILED), bundle(*LOW, FAILED)])
def test_a_query_that_failed_at_the_client_is_not_taken_for_no_result(failed):
    request = patient_view(*LOW)
    request["prefetch"]["results"] = failed
    assert refused(VIEW, request) == (412, "prefetch.results")


def test_a_warning_of_the_server_among_results_is_no_failure():
    warning = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "not-supported"}]}
    assert len(cards(VIEW, patient_view(*LOW, warning))) == 1


def test_conditions_that_were_not_sent_are_said_to_be_missing():
    request = patient_view(*LOW)
    del request["prefetch"]["conditions"]
    request["prefetch"]["medications"] = FAILED
    (card,) = cards(VIEW, request)
    assert "Not received: conditions, medicines." in card["detail"]


@pytest.mark.parametrize("blood", ["not sent", FAILED])
def test_a_test_that_may_be_among_results_that_were_not_sent_is_not_proposed(blood):
    request = patient_view(observation("homocysteine", 40, "umol/L"))

    def proposed():
        (card,) = cards(VIEW, request)
        return {suggestion["label"].rpartition(": ")[2] for suggestion in card["suggestions"]}

    assert {"Creatinine", "MMA"} <= proposed()
    request["prefetch"].pop("blood")
    if blood == FAILED:
        request["prefetch"]["blood"] = FAILED
    assert proposed() == {"B12", "HoloTC", "MMA"}


@pytest.mark.parametrize("key", ["patient", "results", "conditions", "medications"])
def test_a_resource_of_another_patient_refuses_the_whole_request(key):
    other = observation("b12", 145, "pg/mL", patient="p2")
    wrong = {
        "patient": {**PATIENT, "id": "p2"},
        "results": bundle(*LOW, other),
        "conditions": bundle(
            {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p2"}, "code": {"text": "vegan"}}
        ),
        "medications": bundle(medication("metformin", status="active", subject={"reference": "Patient/p2"})),
    }
    request = patient_view(*LOW)
    request["prefetch"][key] = wrong[key]
    assert refused(VIEW, request) == (422, "prefetch")


def test_an_order_of_another_patient_refuses_the_request():
    other = medication("Folic acid", subject={"reference": "https://ehr.example.org/fhir/Patient/p2"})
    assert refused(SIGN, ordering("order-sign", LOW, other)) == (422, "context.draftOrders")


def test_more_resources_than_allowed_are_refused():
    assert refused(VIEW, patient_view(*LOW), cds_hooks.Options(entries=4)) == (413, "prefetch")
    assert cards(VIEW, patient_view(*LOW), cds_hooks.Options(entries=5))


def without(request, *path):
    *outer, name = path
    inside = request
    for step in outer:
        inside = inside[step]
    del inside[name]
    return request


@pytest.mark.parametrize(
    ("request_", "where"),
    [
        ([], ""),
        ("patient-view", ""),
        (without(patient_view(), "hook"), "hook"),
        (ordering("order-sign", LOW, FOLIC), "hook"),
        (without(patient_view(), "hookInstance"), "hookInstance"),
        ({**patient_view(), "hookInstance": ["x"]}, "hookInstance"),
        (without(patient_view(), "context"), "context"),
        (without(patient_view(), "context", "patientId"), "context.patientId"),
        ({**patient_view(), "context": {"patientId": "Patient/p1", "userId": "Practitioner/1"}}, "context.patientId"),
        (without(patient_view(), "context", "userId"), "context.userId"),
        ({**patient_view(), "prefetch": []}, "prefetch"),
    ],
)
def test_a_malformed_request_is_refused_by_the_member_that_is(request_, where):
    assert refused(VIEW, request_) == (400, where)


def test_a_service_that_does_not_exist_is_not_found():
    assert refused("patient-view", patient_view(*LOW))[0] == 404


def test_what_is_not_known_in_a_request_is_ignored():
    request = patient_view(
        *LOW, extension={"vendor": {"deep": [1]}}, fhirAuthorization={"access_token": "secret"}, unknown=1
    )
    assert cards(VIEW, request) == cards(VIEW, patient_view(*LOW))


# Orders


@pytest.mark.parametrize("hook", ["order-sign", "order-select"])
def test_folic_acid_with_a_possible_deficiency_is_answered_in_the_words_of_the_rules(hook):
    (card,) = cards(f"b12-{hook}", ordering(hook, LOW, FOLIC))
    assert card["indicator"] == "warning"
    assert card["summary"].startswith("Folic acid is being ordered; results fit B12 deficiency (2026-11-03)")
    assert "Exclude B12 deficiency before giving folic acid alone" in card["detail"]


@pytest.mark.parametrize("results", [(), (observation("hemoglobin", 10.4, "g/dL"),)])
def test_folic_acid_without_any_b12_result_proposes_to_measure_it(results):
    (card,) = cards(SIGN, ordering("order-sign", results, FOLIC))
    assert card["summary"] == "Folic acid is being ordered, and no B12 result is in the data received"
    assert [suggestion["label"] for suggestion in card["suggestions"]] == ["Draft a request: B12"]
    (card,) = cards(SIGN, ordering("order-sign", results, FOLIC, B12_TEST))
    assert "suggestions" not in card, "it is among the orders already"


def test_folic_acid_with_deficiency_unlikely_gives_no_card():
    assert cards(SIGN, ordering("order-sign", NORMAL, FOLIC)) == []


@pytest.mark.parametrize("kind", ["MedicationRequest", "ServiceRequest", "Procedure"])
def test_nitrous_oxide_with_a_possible_deficiency_gives_a_card(kind):
    concept = "medicationCodeableConcept" if kind == "MedicationRequest" else "code"
    order = {
        "resourceType": kind,
        "id": "n2o",
        "subject": {"reference": "Patient/p1"},
        concept: {"coding": [{"display": "Nitrous oxide inhalation"}]},
    }
    (card,) = cards(SIGN, ordering("order-sign", LOW, order))
    assert "Nitrous oxide inactivates B12" in card["detail"]


def test_a_b12_level_ordered_while_b12_is_taken_is_commented():
    request = ordering("order-sign", NORMAL, B12_TEST)
    assert cards(SIGN, request) == []
    request["prefetch"]["medications"] = bundle(medication("cyanocobalamin", status="active", intent="order"))
    (card,) = cards(SIGN, request)
    assert card["indicator"] == "info"
    assert "raises serum B12 and holoTC, whatever the level in tissue" in card["detail"]


def test_a_test_of_another_thing_is_not_commented_while_b12_is_taken():
    request = ordering("order-sign", NORMAL, FOLIC)
    request["prefetch"]["medications"] = bundle(medication("cyanocobalamin", status="active", intent="order"))
    assert [card["summary"].partition(" is")[0] for card in cards(SIGN, request)] == ["Folic acid"]


def test_of_what_an_order_contains_only_a_medicine_is_ordered():
    held = {"resourceType": "Medication", "id": "m", "code": {"text": "Folic acid"}}
    aspirin = medication("Aspirin", contained=[held])
    assert len(cards(SIGN, ordering("order-sign", LOW, aspirin))) == 1
    assert (
        cards(SIGN, ordering("order-sign", LOW, aspirin | {"contained": [held | {"resourceType": "Substance"}]})) == []
    )


@pytest.mark.parametrize(
    "ends", [{"doNotPerform": True}, {"status": "cancelled"}, {"status": "stopped"}, {"status": "entered-in-error"}]
)
def test_an_order_that_ends_or_forbids_something_orders_nothing(ends):
    assert cards(SIGN, ordering("order-sign", LOW, medication("Folic acid", **ends))) == []
    assert cards(SIGN, ordering("order-sign", LOW, medication("Folic acid", doNotPerform=False, status="active")))


def test_only_the_orders_selected_are_judged():
    assert (
        cards(
            SELECT,
            ordering("order-select", LOW, medication("Aspirin", 2), FOLIC, selections=["MedicationRequest/request-2"]),
        )
        == []
    )
    assert cards(
        SELECT,
        ordering("order-select", LOW, medication("Aspirin", 2), FOLIC, selections=["MedicationRequest/request-1"]),
    )


@pytest.mark.parametrize(
    "odd",
    [medication(None), {"resourceType": "MedicationRequest", "id": "x", "medicationCodeableConcept": "?"}, {"id": 5}],
)
def test_drafts_without_type_intent_or_medication_are_read_past(odd):
    assert len(cards(SIGN, ordering("order-sign", LOW, odd, FOLIC))) == 1
    assert cards(SIGN, ordering("order-sign", LOW, odd)) == []


def test_an_order_of_something_else_needs_no_prefetch():
    request = without(ordering("order-sign", LOW, medication("Aspirin")), "prefetch")
    assert cards(SIGN, request) == []


# Strings from outside

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example.org/a.png)",
    "a|b|c\n|---|",
    "**bold** __u__ `code` # head",
    "https://evil.example.org/?p=1",
    "www.evil.example.org",
    "a@evil.example.org",
    "\u202e145\u202c",
    "&lt;b&gt;",
    "line\r\n\r\n# head",
    "\x00\x1b[31m",
)


def rendered(text):
    """Return what a renderer of CommonMark shows, and the tags that it made."""
    html = MarkdownIt("gfm-like", {"html": True}).render(text)
    return html, set(re.findall(r"<([a-z0-9]+)", html))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown_and_is_neither_tag_nor_link_nor_markup(text):
    html, tags = rendered(f"- {escape(text)}\n\n| a |\n| --- |\n| {escape(text)} |")
    assert tags <= {"ul", "li", "p", "table", "thead", "tbody", "tr", "th", "td"}, html


@given(st.text(max_size=80))
def test_any_text_is_shown_and_is_neither_tag_nor_link_nor_markup(text):
    html, tags = rendered(f"x {escape(text)} y")
    assert tags == {"p"}, html
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", one_line(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_in_every_place_of_a_request_reaches_no_card_as_markup(text):
    low = observation("b12", 145, "pg/mL", note=[{"text": text}])
    low["code"]["text"] = text
    odd = observation("folate", 5, "pg/mL", day="2026-11-03")
    odd["valueQuantity"] = {"value": 5, "unit": text}
    odd["interpretation"] = [{"text": text}]
    odd["referenceRange"] = [{"text": text}]
    conditions = bundle(
        {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p1"}, "code": {"text": text}}
    )
    request = patient_view(low, odd, prefetch={**prefetch(low, odd), "conditions": conditions})
    for card in cards(VIEW, request):
        _, tags = rendered(card["detail"])
        assert tags <= {"ul", "li", "p", "table", "thead", "tbody", "tr", "th", "td", "strong"}, card["detail"]
        assert not re.search(r"[\x00-\x1f\u202a-\u202e\u2066-\u2069]", card["summary"])


# Any data

_VALUES = st.one_of(
    st.integers(0, 3000), st.floats(0, 500, allow_nan=False).map(lambda number: round(number, 3)), st.text(max_size=30)
)
_RESULTS = st.builds(
    lambda key, value, unit, day, text: {
        **observation(key, value, unit, day=f"2026-{day:02}-03"),
        **({"note": [{"text": text}]} if text else {}),
    },
    st.sampled_from(["b12", "mma", "homocysteine", "hemoglobin", "mcv", "folate", "holotc"]),
    _VALUES,
    st.sampled_from(["pg/mL", "pmol/L", "umol/L", "g/dL", "fL", "ng/mL", "parsec", ""]),
    st.integers(1, 12),
    st.sampled_from(HOSTILE) | st.just(""),
)


@given(
    st.lists(_RESULTS, max_size=12),
    st.sampled_from(["Folic acid", "Nitrous oxide", "B12", "Aspirin"]),
    st.sampled_from(sorted(cds_hooks.HOOKS)),
)
def test_every_card_on_any_data_is_a_card(results, order, service):
    hook = cds_hooks.HOOKS[service]
    service_request = {"resourceType": "ServiceRequest", "id": "s", "code": {"text": order}}
    request = (
        patient_view(*results)
        if hook == "patient-view"
        else ordering(hook, results, medication(order), service_request)
    )
    cards(service, request)

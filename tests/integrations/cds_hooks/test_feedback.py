"""What clinicians did with cards is kept by code, and nothing that they wrote."""

import uuid

import pytest

from b12labs.integrations.cds_hooks.cards import OVERRIDE_REASONS
from b12labs.integrations.cds_hooks.feedback import feedback
from b12labs.integrations.outcomes import Refusal

VIEW = "b12-patient-view"
CARD = str(uuid.UUID(int=7))


def one(**item):
    [made] = feedback(VIEW, {"feedback": [{"card": CARD, "outcome": "accepted", **item}]})
    return made


def test_a_card_that_was_accepted_says_how_many_suggestions_were():
    assert one() == {"service": VIEW, "card": CARD, "outcome": "accepted"}
    assert one(acceptedSuggestions=[{"id": "a"}, {"id": "b"}])["accepted"] == 2
    assert one(acceptedSuggestions=[])["accepted"] == 0
    assert "accepted" not in one(acceptedSuggestions="2")
    assert one(card=CARD.upper())["card"] == CARD


@pytest.mark.parametrize("code", [reason["code"] for reason in OVERRIDE_REASONS])
def test_a_reason_that_a_card_offers_is_kept_by_its_code(code):
    made = one(outcome="overridden", overrideReason={"reason": {"code": code}, "userComment": "Mrs Canaryname"})
    assert made == {"service": VIEW, "card": CARD, "outcome": "overridden", "reason": code}


@pytest.mark.parametrize(
    "given",
    [{}, {"reason": {"code": "own"}}, {"reason": {"code": 5}}, {"reason": "own"}, {"userComment": "Canaryname"}],
)
def test_any_other_reason_is_other(given):
    assert one(outcome="overridden", overrideReason=given)["reason"] == "other"


def test_without_a_reason_none_is_made_up():
    assert "reason" not in one(outcome="overridden")
    assert "reason" not in one(outcome="overridden", overrideReason="own")


@pytest.mark.parametrize(
    ("item", "where"),
    [
        (5, "feedback[1]"),
        ({"outcome": "accepted"}, "feedback[1].card"),
        ({"card": "7", "outcome": "accepted"}, "feedback[1].card"),
        ({"card": CARD + "0", "outcome": "accepted"}, "feedback[1].card"),
        ({"card": 7, "outcome": "accepted"}, "feedback[1].card"),
        ({"card": CARD, "outcome": "ignored"}, "feedback[1].outcome"),
        ({"card": CARD}, "feedback[1].outcome"),
    ],
)
def test_an_item_that_is_malformed_is_refused_by_its_member(item, where):
    with pytest.raises(Refusal) as raised:
        feedback(VIEW, {"feedback": [{"card": CARD, "outcome": "accepted"}, item]})
    assert (raised.value.status, raised.value.where) == (400, where)


@pytest.mark.parametrize("request_", [None, [], {}, {"feedback": {}}])
def test_what_is_no_feedback_is_refused(request_):
    with pytest.raises(Refusal) as raised:
        feedback(VIEW, request_)
    assert (raised.value.status, raised.value.where) == (400, "feedback")


def test_a_thousand_items_are_read_and_no_more():
    item = {"card": CARD, "outcome": "accepted"}
    assert len(feedback(VIEW, {"feedback": [item] * 1000})) == 1000
    with pytest.raises(Refusal) as raised:
        feedback(VIEW, {"feedback": [item] * 1001})
    assert raised.value.status == 413


def test_feedback_on_a_service_that_does_not_exist_is_not_found():
    with pytest.raises(Refusal, match="did you mean 'b12-patient-view'") as raised:
        feedback("b12-patient-vew", {"feedback": []})
    assert raised.value.status == 404
    assert feedback(VIEW, {"feedback": []}) == []

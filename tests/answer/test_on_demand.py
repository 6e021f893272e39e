"""An answer that makes its members when they are asked for is the answer that has them all, however it is looked at."""

import copy
import json
import pickle
from collections.abc import Mapping
from functools import partial

import pytest
from hypothesis import given

from b12labs import Interpretation, interpret
from tests.strategies import GUIDELINES, patients, results, st

MEMBERS = sorted(Interpretation.model_fields)
VALUES = {"b12": "145 pg/mL", "hemoglobin": "10.4 g/dL", "mcv": "112 fL", "age": 67, "sex": "female"}
OTHERS = {**VALUES, "b12": "700 pg/mL"}


def whole(result):
    """Return an answer that has every member and makes none."""
    return Interpretation.model_validate_json(result.to_json())


@given(
    results(),
    patients(),
    st.sampled_from(GUIDELINES),
    st.lists(st.sampled_from(MEMBERS), max_size=6),
    st.lists(st.integers(0, 500), max_size=6),
)
def test_what_was_looked_at_before_changes_nothing(measured, patient, guideline, members, places):
    make = partial(interpret, **measured, **patient, guideline=guideline)
    expected = make().to_json()
    looked_at = make()
    for name in members:
        getattr(looked_at, name)
    for place in places:
        codes = list(looked_at.findings)
        code = codes[place % len(codes)]
        assert looked_at.holds(code) == looked_at.findings[code].state == looked_at.states[code]
    assert looked_at.to_json() == expected
    assert looked_at == whole(make())
    assert looked_at.to_text() == make().to_text() == whole(make()).to_text()


#: Every way of looking at an answer as a whole.
WAYS = {
    "JSON": lambda result: result.model_dump_json(),
    "pydantic's own writer": lambda result: result.__pydantic_serializer__.to_json(result),
    "data": lambda result: result.model_dump(),
    "data for JSON": lambda result: result.model_dump(mode="json"),
    "a member alone": lambda result: result.model_dump(include={"findings", "overturned_by"}),
    "iteration": dict,
    "its dictionary": vars,
    "repr": repr,
    "pickle": lambda result: pickle.loads(pickle.dumps(result)),
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "a copy that is changed": lambda result: result.model_copy(update={"statement": "Changed."}),
    "which members were given": lambda result: result.model_fields_set,
    "the schema": lambda result: type(result).model_json_schema(),
    "HTML": lambda result: result._repr_html_(),
    "the report": str,
    "the compact answer": lambda result: result.to_json(detail="holds"),
    "certainty": lambda result: result.certainty,
    "what if": lambda result: result.what_if(b12="700 pg/mL"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_look_at_it_sees_all_of_it_and_leaves_it_as_it_is(way):
    look = WAYS[way]
    seen, result = (
        look(whole(interpret(**VALUES))) if way not in ("certainty", "what if") else None,
        interpret(**VALUES),
    )
    found = look(result)
    assert seen is None or found == seen
    assert result == interpret(**VALUES)
    assert result != interpret(**OTHERS)
    assert result.to_json() == interpret(**VALUES).to_json()
    if isinstance(found, Interpretation):
        assert found.findings == interpret(**VALUES).findings
        assert found.what_if(b12="700 pg/mL").moved == interpret(**VALUES).what_if(b12="700 pg/mL").moved


def test_findings_are_a_mapping_whether_they_are_made_or_read_back():
    made, read = interpret(**VALUES).findings, whole(interpret(**VALUES)).findings
    assert isinstance(made, Mapping)
    assert list(made) == list(read)
    assert (len(made), made, dict(made), repr(made)) == (len(read), read, read, repr(read))
    assert read == made
    assert list(made.items()) == list(read.items())
    assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == read
    assert "anemia" in made
    assert "no such finding" not in made
    assert made.get("no such finding") is None
    with pytest.raises(KeyError, match="no such finding"):
        made["no such finding"]


def test_a_member_that_it_does_not_have_is_not_there():
    result = interpret(**VALUES)
    with pytest.raises(AttributeError, match="no_such_member"):
        _ = result.no_such_member
    assert not hasattr(result, "_maker_of_something")


def test_it_is_not_hashed_before_or_after_it_was_looked_at():
    result = interpret(**VALUES)
    for _ in range(2):
        with pytest.raises(TypeError, match="unhashable"):
            hash(result)
        result.to_json()


def test_no_member_can_be_set():
    result = interpret(**VALUES)
    with pytest.raises(ValueError, match="frozen"):
        result.overturned_by = ()


def test_what_it_was_made_with_is_that_of_the_moment_it_was_made(monkeypatch):
    result = interpret(**VALUES)
    monkeypatch.setattr("b12labs.provenance.model.fingerprint", lambda: pytest.fail("asked later"))
    assert result.provenance.rules_version
    assert json.loads(result.to_json())["provenance"]["guideline"] == "nice-ng239"


def test_evidence_is_not_looked_for_where_nobody_asks_for_it(monkeypatch):
    monkeypatch.setattr("b12labs.patient.findings.explanation.evidence", lambda *_: pytest.fail("evidence"))
    result = interpret(**VALUES)
    assert (result.status, result.anemia, result.holds("low_total_b12"), result.urgency) == (
        "deficient",
        True,
        True,
        "prompt",
    )

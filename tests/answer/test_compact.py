"""The compact answer: everything of the whole one but the findings that do not hold."""

import json

import pytest
from hypothesis import given

from b12labs import Interpretation, interpret
from tests.documents.making import HERE
from tests.strategies import GUIDELINES, patients, results, st

KEPT = sorted(HERE.glob("*/interpretations/*.json"))


def whole_and_compact(result):
    return json.loads(result.to_json()), json.loads(result.to_json(detail="holds"))


def check(whole, compact):
    found = whole.pop("findings")
    assert compact.pop("findings") == {code: each for code, each in found.items() if each["state"] is True}
    assert compact.pop("open_findings") == [code for code, each in found.items() if each["state"] is None]
    assert compact == whole


@given(results(), patients(), st.sampled_from(GUIDELINES))
def test_it_has_each_finding_that_holds_each_open_code_and_everything_else(measured, patient, guideline):
    check(*whole_and_compact(interpret(**measured, **patient, guideline=guideline)))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_it_is_made_of_a_document_that_was_read_back_too(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    check(*whole_and_compact(Interpretation.model_validate({**document, "in_a_later_version": 1})))


def test_it_is_read_back_as_an_interpretation_that_keeps_what_is_open():
    result = interpret(b12="145 pg/mL", hemoglobin="10.4 g/dL", mcv="112 fL", age=67, sex="female")
    written = result.to_json(detail="holds")
    read = Interpretation.model_validate_json(written)
    assert read.to_json(detail="holds") == written
    assert read.to_text() == result.to_text()
    assert read.holds("low_total_b12") is True
    # A finding that is not in it is not said to be absent.
    assert read.holds("raised_mma") is None

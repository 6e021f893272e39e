"""The value, unit and flag of an Observation: what is read, and what is reported as none."""

from decimal import Decimal

import pytest

from b12labs.inputs.panel import Problem
from b12labs.integrations.fhir.values import flag_of, number_text, quantity_unit, value_of
from tests.integrations.fhir.resources import UCUM, V3, concept

V2 = "http://terminology.hl7.org/CodeSystem/v2-0078"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (145, "145"),
        (Decimal("145.00"), "145.00"),
        (1.5, "1.5"),
        (10**39, f"1{'0' * 39}"),
        (10**40, ""),
        (True, ""),
        ("145", ""),
        (None, ""),
        (float("nan"), ""),
        (float("inf"), ""),
        (Decimal("NaN"), ""),
        (Decimal("Infinity"), ""),
    ],
)
def test_a_number_is_read_with_its_digits_if_it_is_no_longer_than_a_result(value, written):
    assert number_text(value) == written


def code_of(part):
    found = value_of(part)
    return found.code if isinstance(found, Problem) else found


PG = {"unit": "pg/mL", "system": UCUM, "code": "pg/mL"}


def test_a_number_that_python_does_not_print_is_none():
    assert code_of({"valueQuantity": {"value": 10**5000, **PG}}) == "unreadable_value"
    assert code_of({"valueInteger": 10**5000}) == "unreadable_value"


@pytest.mark.parametrize(
    ("part", "read"),
    [
        ({"valueQuantity": {"value": 145, **PG}}, ("145", "pg/mL")),
        ({"valueQuantity": {"value": 145, "comparator": "<", **PG}}, ("<145", "pg/mL")),
        ({"valueQuantity": {"value": 145, "comparator": ">=", **PG}}, (">=145", "pg/mL")),
        ({"valueQuantity": {"value": 145, "comparator": "ad", **PG}}, "unknown_operator"),
        ({"valueQuantity": {"value": 145, "_comparator": {}, **PG}}, "unknown_operator"),
        ({"valueQuantity": {"value": "145", **PG}}, "unreadable_value"),
        ({"valueQuantity": PG}, "no_result"),
        ({"valueQuantity": {"value": 145, "unit": "pmol/L", "code": "pg/mL", "system": UCUM}}, "conflicting_units"),
        ({"valueString": " 145 pg/mL "}, ("145 pg/mL", "")),
        ({"valueString": "1" * 200}, ("1" * 200, "")),
        ({"valueString": "1" * 201}, "unreadable_value"),
        ({"valueString": 145}, "unreadable_value"),
        ({"valueInteger": 145}, ("145", "")),
        ({"valueInteger": True}, "unreadable_value"),
        ({"valueBoolean": True}, "unreadable_value"),
        ({"valueRange": {"low": {"value": 145, **PG}}}, (">=145", "pg/mL")),
        ({"valueRange": {"high": {"value": 145, **PG}}}, ("<=145", "pg/mL")),
        ({"valueRange": {"low": {"value": 1, **PG}, "high": {"value": 2, **PG}}}, "unreadable_value"),
        ({"valueRange": {"low": {"value": 1, "comparator": "<", **PG}}}, "unreadable_value"),
        ({"valueRange": {}}, "unreadable_value"),
        ({}, "no_result"),
        ({"dataAbsentReason": concept("not-performed")}, "no_result"),
        ({"dataAbsentReason": concept("unknown"), "valueInteger": 145}, "conflicting_values"),
        ({"valueInteger": 145, "valueString": "145"}, "conflicting_values"),
    ],
)
def test_a_value_is_read_or_says_why_it_is_none(part, read):
    assert code_of(part) == read


def test_a_reason_why_there_is_no_value_is_named_where_it_is_a_code():
    assert value_of({"dataAbsentReason": concept("not-performed")}).message.endswith("(not-performed)")
    assert value_of({"dataAbsentReason": concept("<b>")}).message.endswith("a reason is given")


def word(text=None, *codes, system=V3):
    codings = [{"system": system, "code": code} for code in codes]
    return {"valueCodeableConcept": {**({"text": text} if text else {}), "coding": codings}}


@pytest.mark.parametrize(
    ("part", "read"),
    [
        (word("Positive"), ("Positive", "")),
        (word(None, "POS"), ("POS", "")),
        (word(None, "POS", system=V2), ("POS", "")),
        (word("Positive 1:80", "POS"), ("POS", "")),
        (word("Positive", "NEG"), "conflicting_flags"),
        (word("Equivocal", "POS"), "conflicting_flags"),
        (word("Positive", "IND"), "conflicting_flags"),
        (word(None, "POS", system="http://example.org"), "unreadable_value"),
        (word("seen"), ("seen", "")),
        (word("x" * 200), ("x" * 200, "")),
        (word("x" * 201), "unreadable_value"),
    ],
)
def test_a_coded_result_is_the_word_that_text_and_codes_agree_on(part, read):
    assert code_of(part) == read


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [
        ({"unit": "pg/mL"}, "pg/mL"),
        ({"code": "pg/mL", "system": UCUM}, "pg/mL"),
        ({"unit": "ng/L", "code": "pg/mL", "system": UCUM}, "pg/mL"),
        ({"unit": "ng/L", "code": "X7", "system": "http://example.org"}, "ng/L"),
        ({"code": "X7", "system": "http://example.org"}, "X7"),
        ({"unit": "ng/L", "code": "pg/mL"}, "ng/L"),
        ({"unit": "words", "code": "pg/mL", "system": UCUM}, "pg/mL"),
        ({}, ""),
    ],
)
def test_a_unit_is_its_code_where_that_is_of_ucum(quantity, unit):
    assert quantity_unit(quantity) == unit


@pytest.mark.parametrize(
    ("concepts", "flag"),
    [
        (None, ""),
        ([], ""),
        ([concept("H", V3)], "H"),
        (concept("L", V3), "L"),
        ([concept("H", "")], "H"),
        ([concept("H", "http://example.org")], "unreadable"),
        ([concept("LU", V3)], "L"),
        ([concept("H", V3), concept("U", V3)], "H"),
        ([concept("A", V3), concept("H", V3)], "H"),
        ([concept("H", V3), concept("L", V3)], "H / L"),
        ([concept("<", V3), concept("L", V3)], "<"),
        ([concept("<", V3), concept(">", V3)], "< / >"),
        ([{"text": "High"}], "High"),
        ([{"text": "see below"}], "see below"),
        ([{}], "unreadable"),
        (["H"], "H"),
    ],
)
def test_a_flag_is_the_one_that_has_a_direction_and_all_of_them_where_two_have(concepts, flag):
    assert flag_of(concepts) == flag

"""A panel from named values: what is read, what is set aside, and what nobody said."""

import pytest

from b12labs import PanelError, interpret, read_panel
from b12labs.inputs.context.reported import Unread
from b12labs.inputs.panel import Panel, add_context, as_given


def test_a_panel_of_which_nothing_is_said_is_one_of_an_adult_without_results():
    assert read_panel({}) == Panel()
    assert not read_panel({}).age_unreadable
    assert interpret(Panel()).assumptions == interpret().assumptions


@pytest.mark.parametrize("blank", ["", None, "  "])
def test_a_blank_result_is_missing_and_not_set_aside_also_beside_one_that_cannot_be_read(blank):
    panel = read_panel({"holotc": "12,5,7 pmol/L", "mma": blank, "b12": blank}, report=True)
    assert list(panel.set_aside) == ["holotc"]
    assert [problem.field for problem in panel.problems] == ["holotc"]


def test_a_result_that_was_not_done_is_missing_and_one_that_cannot_be_read_is_set_aside():
    panel = read_panel({"b12": "pending", "mma": "high?", "folate": "12 nmol/L"}, report=True)
    assert panel.set_aside == {"mma": "high?"}
    assert [panel.is_unverified(key) for key in ("b12", "mma", "folate")] == [False, True, False]


def test_a_result_in_a_doubtful_unit_is_unverified_and_the_problem_is_told():
    panel = read_panel({"hemoglobin": "13.2 g/L"}, report=True)
    assert panel.is_unverified("hemoglobin")
    assert [problem.code for problem in panel.problems] == ["doubtful_unit"]
    sure = read_panel({"hemoglobin": "13.2 g/L", "hematocrit": "4 %"}, report=True)
    assert not sure.is_unverified("hemoglobin")
    assert sure.problems == ()


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("145", "pg/mL", "145 pg/mL"),
        (145, None, "145"),
        ((145, "pg/mL"), "pmol/L", "145 pg/mL"),
        ({"value": 145, "unit": "pg/mL"}, "pmol/L", "145 pg/mL"),
        ({"value": 145}, "pmol/L", "145 pmol/L"),
        ({"value": 145, "unit": ""}, "pmol/L", "145 pmol/L"),
        ([145, 150], "pg/mL", "145 pg/mL or 150 pg/mL"),
    ],
)
def test_a_result_is_repeated_as_it_was_given_with_its_own_unit_first(value, unit, text):
    assert as_given(value, unit) == text


@pytest.mark.parametrize(
    ("given", "age", "sex", "pregnancy"),
    [
        ({}, None, None, 0),
        ({"age": 30, "sex": "f"}, 30, "female", 0),
        ({"pregnant": "yes"}, None, "female", 4),
        ({"pregnant": "no"}, None, None, 0),
        ({"pregnant": "unknown"}, None, None, None),
        ({"pregnant": "yes", "trimester": 2}, None, "female", 2),
        ({"trimester": 3, "sex": "female"}, None, "female", 3),
        ({"pregnant": "no", "sex": "male"}, None, "male", 0),
    ],
)
def test_who_the_patient_is(given, age, sex, pregnancy):
    panel = read_panel(given)
    assert (panel.age, panel.sex, panel.pregnancy) == (age, sex, pregnancy)


def test_a_pregnant_man_is_refused_and_in_a_report_neither_is_known():
    with pytest.raises(PanelError, match="pregnan"):
        read_panel({"sex": "male", "pregnant": "yes"})
    panel = read_panel({"sex": "male", "pregnant": "yes"}, report=True)
    assert (panel.sex, panel.pregnancy) == (None, None)
    assert len(panel.problems) == 1


def test_an_age_that_cannot_be_read_may_be_a_childs_and_one_that_is_not_given_is_an_adults():
    assert read_panel({"age": "abc", "b12": "what?"}, report=True).age_unreadable
    assert not read_panel({"age": 40, "b12": "what?"}, report=True).age_unreadable
    assert not read_panel({"b12": "what?"}, report=True).age_unreadable


def test_the_unit_of_what_is_no_analyte_and_an_unknown_field_are_refused_by_name():
    with pytest.raises(PanelError, match="'b21' is not an analyte"):
        read_panel({"b12": 145}, units={"b12": "pg/mL", "b21": "pg/mL"})
    with pytest.raises(PanelError, match="did you mean 'homocysteine'"):
        read_panel({"homocystein": "12 umol/L"})


def test_two_panels_that_say_the_same_hash_alike_and_others_do_not():
    values = {"b12": "145 pg/mL", "age": 40, "symptoms": "numbness"}
    assert hash(read_panel(values)) == hash(read_panel(dict(reversed(values.items()))))
    assert hash(read_panel(values)) != hash(read_panel({**values, "age": 41}))


PERHAPS_PREGNANT = Unread((("diagnoses", 1),), frozenset({"pregnant"}))


@pytest.mark.parametrize(
    ("given", "pregnancy"),
    [
        ({}, None),
        ({"sex": "female"}, None),
        ({"sex": "male"}, 0),
        ({"pregnant": "no"}, 0),
        ({"pregnant": "unknown"}, None),
        ({"trimester": 2}, 2),
    ],
)
def test_a_code_that_may_mean_pregnancy_leaves_it_open_where_nothing_else_says(given, pregnancy):
    assert add_context(read_panel(given), [], PERHAPS_PREGNANT).pregnancy == pregnancy


def test_what_was_not_understood_is_told_once_with_its_field_where_it_is_of_one():
    medicines, diagnoses = Unread((("medicines", 2),)), Unread((("diagnoses", 1),))
    panel = add_context(read_panel({}), ["metformin"], medicines)
    assert panel.terms == {"metformin"}
    assert [(problem.code, problem.field) for problem in panel.problems] == [("not_understood", "medicines")]
    [problem] = add_context(panel, [], diagnoses).problems
    assert (problem.code, problem.field) == ("not_understood", "context")
    assert "2 medicines and 1 diagnosis were not understood" in problem.message
    assert add_context(read_panel({}), [], Unread()).problems == ()

"""A table of draws says of each patient what `follow_up` says of the patient's own draws."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b12labs import follow_up, follow_up_frame
from b12labs.reference import guideline_keys
from tests.over_time.test_follow_up import BEFORE, SERIES, START
from tests.strategies import patients, results

DAYS = st.integers(0, 500).map(lambda days: date(2026, 1, 1) + timedelta(days=days))


@st.composite
def courses(draw):
    """One patient's draws: who the patient is stays, the rest changes."""
    who = draw(patients())
    stays = {name: value for name, value in who.items() if name != "diagnoses"}
    some = draw(st.lists(st.tuples(DAYS, results(min_size=1), patients()), min_size=1, max_size=4))
    return [
        {"date": str(day), **stays, **values, "diagnoses": other.get("diagnoses", [])} for day, values, other in some
    ]


def as_row(values):
    return {**values, "diagnoses": "; ".join(values["diagnoses"])}


@settings(max_examples=60)
@given(
    people=st.lists(courses(), min_size=1, max_size=4),
    guideline=st.sampled_from(sorted(guideline_keys())),
    unreported=st.sampled_from(["absent", "unknown"]),
    route=st.sampled_from([None, "oral", "intramuscular"]),
    started=st.none() | DAYS,
)
def test_a_table_says_of_each_patient_what_follow_up_says(people, guideline, unreported, route, started):
    options = {"guideline": guideline, "unreported_context": unreported, "route": route}
    rows = [{"patient": who, **as_row(values)} for who, draws in enumerate(people) for values in draws]
    table = pd.DataFrame(rows).assign(start=str(started) if started else None).astype(object)
    found = follow_up_frame(table, treatment_started="start" if started else None, **options)
    assert len(found) == len(people)
    for line, draws in zip(found.to_dict("records"), people, strict=True):
        said = [{**values, "diagnoses": values["diagnoses"] or None} for values in draws]
        assert_same(line, follow_up(said, treatment_started=started, errors="report", **options))


def assert_same(line, one):
    """Assert that a line of a table says what the follow-up of one patient says."""
    assert (line["response"], line["days"], line["status"]) == (one.response, one.days, one.status)
    assert parts(line["real_changes"]) == [f"{each.analyte} {each.direction}" for each in one.changes if each.real]
    assert parts(line["consider"]) == [said.code.removeprefix("consider_") for said in one.consider]
    review = line["next_review"] if isinstance(line["next_review"], str) else None
    assert review == (None if one.next_review is None else one.next_review.isoformat())
    assert set(parts(line["problems"])) == {f"{problem.field}: {problem.code}" for problem in one.problems}


def parts(text):
    return text.split("; ") if text else []


CAUSES = {
    "an antibody": {"intrinsic_factor_antibody": "positive"},
    "a diet": {"risk_factors": "vegan"},
    "no cause": {},
    "a pregnancy": {"pregnant": "yes", "trimester": 2},
    "nerves": {"symptoms": "numbness"},
    "a transfusion": {"diagnoses": "recent_transfusion"},
}


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize(("response", "later", "options"), SERIES)
def test_a_table_judges_every_course_as_follow_up_does(cause, response, later, options):
    draws = [{**BEFORE, **CAUSES[cause]}, *({**each, **CAUSES[cause]} for each in later)]
    rows = [{**draw, "patient": "a", "date": str(draw["date"])} for draw in draws]
    rows = [{name: "; ".join(cell) if isinstance(cell, list) else cell for name, cell in row.items()} for row in rows]
    table = pd.DataFrame(rows).assign(start=str(START)).astype(object)
    line = follow_up_frame(table, treatment_started="start", **options).iloc[0].to_dict()
    assert_same(line, follow_up(draws, treatment_started=START, **options))

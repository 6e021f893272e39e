"""Many patients by several guidelines: each as one patient is compared."""

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b12labs import B12LabsError, compare_guidelines, compare_guidelines_frame, interpret_frame
from b12labs.reference import guideline_keys
from tests.strategies import patients, results

LABS = pd.DataFrame({"B12 [pg/mL]": [195, 150, None], "Hb [g/L]": [130, 90, None], "age": [67, 40, 3]}, index=[7, 8, 9])


@settings(max_examples=25)
@given(panel=results(min_size=1), who=patients(), unreported=st.sampled_from(["absent", "unknown"]))
def test_a_row_is_compared_as_one_patient_is(panel, who, unreported):
    given_context = {**who, "diagnoses": who.get("diagnoses") or None}
    one = compare_guidelines(**panel, **given_context, errors="report", unreported_context=unreported)
    row = {**panel, **who, "diagnoses": "; ".join(who.get("diagnoses", []))}
    found = compare_guidelines_frame(pd.DataFrame([row]), unreported_context=unreported).iloc[0]
    first = one.rows[0]
    concluded = (first.status, first.functional_deficiency, first.treatment_route)
    for each in one.rows:
        functional = found[f"{each.key}.functional_deficiency"]
        assert found[f"{each.key}.status"] == each.status
        assert (None if pd.isna(functional) else functional) == each.functional_deficiency
        assert found[f"{each.key}.treatment_route"] == each.treatment_route
    differ = {
        each.key for each in one.rows if (each.status, each.functional_deficiency, each.treatment_route) != concluded
    }
    assert set(filter(None, found["differ"].split("; "))) == differ


@pytest.mark.parametrize("guideline", guideline_keys())
def test_a_guideline_says_what_it_says_alone(guideline):
    alone = interpret_frame(LABS, guideline=guideline)
    found = compare_guidelines_frame(LABS, guidelines=["nice-ng239", *({guideline} - {"nice-ng239"})])
    assert found.index.tolist() == LABS.index.tolist()
    for code in ("status", "functional_deficiency", "treatment_route"):
        pd.testing.assert_series_equal(found[f"{guideline}.{code}"], alone[code], check_names=False)
    assert found["problems"].tolist() == alone["problems"].tolist()


def test_a_problem_of_the_table_is_said_once():
    table = pd.DataFrame({"B12 [pg/mL]": ["hemolyzed", "150"], "Hb [g/L]": [90, 90], "MCV [fL]": [150, 90]})
    found = compare_guidelines_frame(table)
    assert found["problems"].tolist() == interpret_frame(table)["problems"].tolist()


def test_the_type_of_table_stays():
    found = compare_guidelines_frame(pl.from_pandas(LABS), guidelines=("uptodate", "norway"))
    assert isinstance(found, pl.DataFrame)
    assert found.columns[:2] == ["differ", "uptodate.status"]
    assert compare_guidelines_frame(LABS.head(0))["differ"].tolist() == []


@pytest.mark.parametrize("guidelines", [[], "nice-ng239", ["norway", "norway"], 5, {"norway": 1}])
def test_guidelines_that_are_no_list_are_refused(guidelines):
    with pytest.raises(B12LabsError, match="guidelines: expected a list of guidelines"):
        compare_guidelines_frame(LABS, guidelines=guidelines)


def test_a_guideline_that_is_not_known_is_named_with_the_nearest():
    with pytest.raises(B12LabsError, match="did you mean 'norway'"):
        compare_guidelines_frame(LABS, guidelines=["norwy"])

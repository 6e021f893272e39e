"""Over time: what changed by more than it varies, whether treatment works, and what to think of where it does not."""

import doctest
import json
from datetime import date, timedelta

import pandas as pd
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from b12labs import ColumnError, PanelError, follow_up, follow_up_frame, read_panel, reference_change, variations
from b12labs.integrations import hl7v2
from b12labs.over_time import follow_up as over_time
from b12labs.reference import sources
from b12labs.rules import FOLLOW_UP
from tests.strategies import TYPICAL, text
from validation import published_cases

WOMAN = {"age": 40, "sex": "female"}
START = date(2026, 1, 6)
BEFORE = {
    "date": "2026-01-05",
    "hemoglobin": "88 g/L",
    "mcv": "118 fL",
    "mma": "1.9 umol/L",
    "homocysteine": "60 umol/L",
    "b12": "90 pg/mL",
    **WOMAN,
}


def after(days, **values):
    return {"date": START + timedelta(days=days), **WOMAN, **values}


def seen(*draws, **options):
    return follow_up([BEFORE, *draws], treatment_started=START, **options)


NORMAL = {"hemoglobin": "128 g/L", "mcv": "94 fL", "mma": "0.20 umol/L"}
SERIES = [
    # What the draw after the start says, when, and what is concluded.
    ("responding", [after(70, **NORMAL)], {}),
    ("responding", [after(6, hemoglobin="90 g/L", reticulocytes="300 10*9/L")], {}),
    ("responding", [after(20, hemoglobin="104 g/L")], {}),
    ("too_early", [after(2, hemoglobin="87 g/L")], {}),
    ("too_early", [after(20, mma="1.8 umol/L")], {}),
    ("partial", [after(70, **{**NORMAL, "hemoglobin": "108 g/L"})], {}),
    ("none", [after(70, hemoglobin="90 g/L", mcv="117 fL", mma="1.8 umol/L")], {}),
    ("none", [after(12, hemoglobin="89 g/L")], {}),
    ("relapse", [after(70, **NORMAL), after(300, hemoglobin="104 g/L", mcv="109 fL", mma="0.9 umol/L")], {}),
    ("over_treated", [after(100, **NORMAL, b12="1800 pg/mL")], {"route": "oral"}),
    ("responding", [after(100, **NORMAL, b12="1800 pg/mL")], {"route": "intramuscular"}),
    ("responding", [after(100, **NORMAL, b12="1800 pg/mL", risk_factors=["vegan"])], {"route": "oral"}),
    ("undetermined", [after(100, b12="1800 pg/mL")], {}),
]


ONLY_B12 = {"date": "2026-01-05", "b12": "90 pg/mL", **WOMAN}
NOT_RESPONDING = [
    (
        "undetermined",
        [ONLY_B12, after(90, hemoglobin="130 g/L", mcv="90 fL")],
        "a blood count that was never seen abnormal",
    ),
    ("too_early", [BEFORE, after(5, hemoglobin="104 g/L", risk_factors=["transfusion"])], "a transfusion"),
    ("partial", [BEFORE, after(90, mma="0.2 umol/L", hemoglobin="80 g/L")], "one marker of two"),
    (
        "undetermined",
        [BEFORE, after(90, homocysteine="60 umol/L", folate="3 nmol/L")],
        "a homocysteine as high as before, with folate low",
    ),
    (
        "undetermined",
        [BEFORE, after(90, mma="1.9 umol/L", creatinine="8 mg/dL")],
        "an MMA as high as before, with the kidney failing",
    ),
]


@pytest.mark.parametrize(("response", "draws", "what"), NOT_RESPONDING)
def test_what_is_no_answer_to_treatment_is_not_called_one(response, draws, what):
    assert follow_up(draws, treatment_started=START).response == response, what


def test_a_new_anemia_of_another_kind_is_no_relapse():
    """Cells that are small, or a normal MMA, say that it is not the deficiency that comes back:

    iron is what to think of.
    """
    for count in ({"mcv": "72 fL"}, {"mcv": "109 fL", "mma": "0.2 umol/L"}):
        found = seen(after(70, **NORMAL), after(200, hemoglobin="85 g/L", **count))
        assert found.response in ("none", "partial")
        assert "consider_iron" in [said.code for said in found.consider]
    never_anemic = {**BEFORE, "hemoglobin": "130 g/L"}
    found = follow_up(
        [never_anemic, after(70, **NORMAL), after(200, hemoglobin="85 g/L", mcv="94 fL", mma="0.2 umol/L")],
        treatment_started=START,
    )
    assert found.response != "relapse"


def test_an_anemia_beside_a_raised_mma_is_not_put_down_to_something_else():
    """Iron deficiency keeps red cells from being large, and hides what B12 does."""
    small = {
        "hemoglobin": "105 g/L",
        "mcv": "90 fL",
        "folate": "30 nmol/L",
        "rdw": "13 %",
        "wbc": "7 10*9/L",
        "platelets": "250 10*9/L",
    }
    assert "other_anemia" in [said.code for said in seen(after(70, **small)).because]
    assert "other_anemia" not in [said.code for said in seen(after(70, **small, mma="1.8 umol/L")).because]


@pytest.mark.parametrize(
    ("draws", "options"),
    [
        ([after(30, risk_factors=["vegan"]), after(100, **NORMAL, b12="1800 pg/mL")], {}),
        ([after(100, **NORMAL, b12="1800 pg/mL", symptoms=["ataxia"])], {}),
        ([after(100, **NORMAL, b12="1800 pg/mL")], {"unreported_context": "unknown"}),
    ],
)
def test_less_is_not_suggested_where_a_cause_or_nerves_may_need_it(draws, options):
    assert seen(*draws, route="oral", **options).response != "over_treated"


@pytest.mark.parametrize(
    ("found", "response"),
    [
        ({}, "over_treated"),
        ({"mma": "0.6 umol/L", "egfr": "45 mL/min/1.73m2"}, "responding"),
        ({"hemoglobin": "115 g/L"}, "partial"),
        ({"mcv": "<110 fL"}, "responding"),
    ],
)
def test_less_is_suggested_only_where_every_marker_that_was_measured_is_normal(found, response):
    kidney = {"egfr": "45 mL/min/1.73m2"}
    assert seen(after(100, **{**NORMAL, **kidney, **found}, b12="1800 pg/mL"), route="oral").response == response


def test_treatment_of_an_unknown_cause_is_not_called_off():
    """SPS: where the cause is not known, tablets go on; they may stop where it is gone."""
    said = next(
        said
        for said in seen(after(100, **NORMAL, b12="1800 pg/mL"), route="oral").because
        if said.code == "more_than_needed"
    )
    assert "Stop only if the cause is known and gone" in said.text


def test_what_improved_and_is_not_normal_has_not_met_what_is_expected():
    met = {each.marker: each.met for each in seen(after(20, hemoglobin="104 g/L")).expectations}
    assert met["hemoglobin"] is None
    assert {each.marker: each.met for each in seen(after(70, **NORMAL)).expectations}["hemoglobin"] is True


@pytest.mark.parametrize(("response", "draws", "options"), SERIES)
def test_a_response_is_read_against_what_is_expected_by_then(response, draws, options):
    assert seen(*draws, **options).response == response


def test_every_rule_of_follow_up_holds_in_some_series():
    held = set()
    more = [
        [
            after(
                70,
                homocysteine="55 umol/L",
                mma="1.8 umol/L",
                risk_factors=["bariatric surgery", "nitrous oxide"],
            )
        ],
        [after(70, homocysteine="9 umol/L", mma="0.2 umol/L")],
        [after(70, homocysteine="55 umol/L", folate="30 nmol/L")],
        [after(70, hemoglobin="108 g/L", mcv="94 fL", rdw="13 %", wbc="7 10*9/L", platelets="250 10*9/L")],
        [
            after(
                70,
                hemoglobin="105 g/L",
                mcv="90 fL",
                folate="3 nmol/L",
                ferritin="8 ug/L",
                crp="40 mg/L",
                medicines=["b12 injections"],
            )
        ],
    ]
    for draws, options in [
        *((draws, options) for _, draws, options in SERIES),
        *((draws, {}) for draws in more),
        (more[1], {"route": "oral"}),
    ]:
        found = seen(*draws, **options)
        held |= {said.code for said in (*found.because, *found.consider)}
    found = seen(after(70, hemoglobin="90 g/L"), route="oral")
    held |= {said.code for said in found.consider}
    for draws in (
        [after(-1, symptoms=["numbness"]), after(100, **NORMAL, symptoms=["numbness", "ataxia"])],
        [after(-1, mma="1.0 umol/L", egfr="40 mL/min/1.73m2"), after(60, mma="0.6 umol/L")],
        [after(14, hemoglobin="95 g/L"), after(84, mma="0.18 umol/L")],
    ):
        held |= {said.code for said in seen(*draws).because}
    expected = {
        "reticulocytes_answered",
        "hemoglobin_answered",
        "mcv_answered",
        "mma_answered",
        "mma_fell",
        "homocysteine_answered",
        "hemoglobin_left",
        "other_anemia",
        "mcv_left",
        "mma_left",
        "homocysteine_left",
        "hemoglobin_not_rising",
        "measured_again",
        "relapsed",
        "nerves_new",
        "nerves_left",
        "more_than_needed",
        "consider_iron",
        "consider_folate",
        "consider_inflammation",
        "consider_copper",
        "consider_kidney",
        "consider_nitrous_oxide",
        "consider_tablets",
        "consider_injections",
        "consider_adherence",
        "consider_another_diagnosis",
    }
    assert {rule.code for rule in FOLLOW_UP} == expected | {"response"}
    assert held == expected


@pytest.mark.parametrize("rule", FOLLOW_UP, ids=[rule.code for rule in FOLLOW_UP])
def test_every_sentence_of_a_follow_up_has_its_source(rule):
    assert rule.sources
    assert set(rule.sources) <= set(sources())


def test_what_to_think_of_where_treatment_does_not_work():
    found = seen(after(70, hemoglobin="90 g/L", mcv="117 fL", ferritin="90 ug/L", crp="1 mg/L"), route="oral")
    codes = [said.code for said in found.consider]
    assert "consider_iron" not in codes
    assert {"consider_folate", "consider_tablets", "consider_another_diagnosis"} <= set(codes)
    assert not seen(after(70, **NORMAL)).consider


def test_the_published_patient_three_months_on_injections_responds(shared_file):
    cases = json.loads(shared_file("cases/published_cases.json").read_text())
    case = next(
        case for case in (cases if isinstance(cases, list) else cases["cases"]) if case["id"] == "carmel-followup-3mo"
    )
    values, _ = published_cases.read_case(case)
    found = follow_up([("2026-04-01", read_panel(values, report=True))], treatment_started="2026-01-01")
    assert found.response == "responding"
    assert {"lifelong_treatment", "high_b12_explained", "b12_not_for_monitoring"} <= {
        said.code for said in found.remember
    }
    assert any("before treatment" in said for said in found.assumptions)


# Each marker by its own latest value.

EARLIER = [
    [after(70, **NORMAL)],
    [after(70, **{**NORMAL, "hemoglobin": "108 g/L"})],
    [after(70, hemoglobin="90 g/L", mcv="117 fL", mma="1.8 umol/L")],
    [after(20, mma="1.2 umol/L")],
    [after(70, **NORMAL), after(300, hemoglobin="104 g/L", mcv="109 fL", mma="0.9 umol/L")],
    [after(6, hemoglobin="90 g/L", reticulocytes="300 10*9/L")],
]


@given(
    earlier=st.sampled_from(EARLIER),
    beside=st.sampled_from(
        [{"ferritin": "40 ug/L"}, {"b12": "800 pg/mL"}, {"crp": "2 mg/L"}, {"creatinine": "0.9 mg/dL"}, {}]
    ),
    days=st.integers(301, 500),
)
def test_a_draw_that_holds_no_marker_changes_nothing(earlier, beside, days):
    with_it, without = seen(*earlier, after(days, **beside)), seen(*earlier)
    for part in ("response", "days", "expectations", "status"):
        assert getattr(with_it, part) == getattr(without, part), part


def test_an_abnormal_marker_stays_abnormal_until_a_later_normal_value_of_its_own():
    still = after(70, **{**NORMAL, "mma": "1.2 umol/L"})
    assert seen(still, after(80, hemoglobin="130 g/L", mcv="92 fL")).response == "partial"
    assert seen(still, after(80, mma="<2 umol/L")).response == "partial", "a value that leaves it open is not normal"
    assert seen(still, after(80, mma="0.19 umol/L")).response == "responding"


def test_a_value_is_judged_by_what_is_expected_on_its_own_day():
    """MMA of the third week may still be raised, whatever is drawn later."""
    found = seen(after(20, mma="1.8 umol/L"), after(90, mcv="93 fL", hemoglobin="131 g/L"))
    assert found.response == "responding"
    assert "mma_left" not in {said.code for said in found.because}


def test_markers_of_two_days_are_read_together():
    found = seen(after(70, mma="0.19 umol/L"), after(71, hemoglobin="92 g/L"))
    assert found.response == "partial"
    assert {said.code for said in found.because} >= {"mma_answered", "hemoglobin_left"}
    assert {change.analyte: change.after_date for change in found.changes} == {
        "mma": START + timedelta(days=70),
        "hemoglobin": START + timedelta(days=71),
    }


def test_of_several_draws_before_treatment_each_marker_has_its_own_latest():
    count, only_b12 = {**BEFORE, "date": "2025-11-20"}, {"date": "2026-01-05", "b12": "80 pg/mL", **WOMAN}
    found = follow_up([count, only_b12, after(70, **NORMAL)], treatment_started=START)
    assert found.response == "responding"
    assert {change.analyte: change.before_date.isoformat() for change in found.changes} == dict.fromkeys(
        ("hemoglobin", "mcv", "mma"), "2025-11-20"
    )
    assert found.assumptions == ()


KIDNEY = [
    # MMA before, MMA at day 60, and what is concluded with an eGFR of 40.
    ("1.00 umol/L", "0.60 umol/L", "responding", "a fall by 40 % and 0.4 umol/L"),
    ("1.00 umol/L", "0.80 umol/L", "undetermined", "a fall by 20 %"),
    ("0.45 umol/L", "0.30 umol/L", "undetermined", "a fall by a third, and less than 0.2 umol/L"),
    ("6.0 umol/L", "3.0 umol/L", "responding", "a fall by half, of an MMA that the kidney does not explain"),
]


@pytest.mark.parametrize(("before", "now", "response", "what"), KIDNEY)
@pytest.mark.parametrize("measured_at", ["before", "now"])
def test_where_the_kidney_is_reduced_mma_is_judged_by_its_fall(before, now, response, what, measured_at):
    egfr = {"egfr": "40 mL/min/1.73m2"}
    first = {"date": "2026-01-05", "mma": before, **WOMAN, **(egfr if measured_at == "before" else {})}
    last = after(60, mma=now, **(egfr if measured_at == "now" else {}))
    found = follow_up([first, last], treatment_started=START)
    assert found.response == response, what
    assert "mma_left" not in {said.code for said in found.because}


def test_a_fall_of_mma_in_kidney_disease_is_not_judged_before_a_month():
    draws = [
        {"date": "2026-01-05", "mma": "1.0 umol/L", "egfr": "40 mL/min/1.73m2", **WOMAN},
        after(14, mma="0.6 umol/L"),
    ]
    assert "mma_fell" not in {said.code for said in follow_up(draws, treatment_started=START).because}


def test_no_response_names_what_hides_it():
    """Iron, folate, inflammation, copper, another diagnosis, and whether B12 was taken at all."""
    found = seen(after(70, hemoglobin="90 g/L", mcv="117 fL", mma="1.8 umol/L"))
    assert {f"consider_{what}" for what in ("iron", "folate", "inflammation", "copper", "another_diagnosis")} <= {
        said.code for said in found.consider
    }
    assert "consider_adherence" in {said.code for said in found.consider}
    for route, instead in (("oral", "consider_tablets"), ("intramuscular", "consider_injections")):
        codes = {said.code for said in seen(after(70, hemoglobin="90 g/L"), route=route).consider}
        assert instead in codes
        assert "consider_adherence" not in codes


# Symptoms over time.


def test_symptoms_are_followed_over_the_draws_that_speak_of_them():
    draws = [
        {**BEFORE, "symptoms": ["numbness", "fatigue"]},
        after(30, ferritin="40 ug/L"),
        after(100, **NORMAL, symptoms=["numbness", "falls"]),
    ]
    found = follow_up(draws, treatment_started=START)
    assert {each.term: each.course for each in found.symptoms} == {
        "fatigue": "gone",
        "numbness": "still",
        "falls": "new",
    }
    assert "Numbness: reported since 2026-01-05, still on 2026-04-16" in str(found)
    assert {"nerves_new", "nerves_left"} <= {said.code for said in found.because}
    assert "consider_another_diagnosis" in {said.code for said in found.consider}


def test_a_draw_that_says_nothing_of_symptoms_does_not_say_that_they_are_gone():
    silent = seen(after(100, **NORMAL))
    spoken = follow_up([{**BEFORE, "symptoms": ["numbness"]}, after(100, **NORMAL)], treatment_started=START)
    none_left = follow_up(
        [{**BEFORE, "symptoms": ["numbness"]}, after(100, **NORMAL, symptoms=[])], treatment_started=START
    )
    assert silent.symptoms == ()
    assert [each.course for each in spoken.symptoms] == ["only"]
    assert [each.course for each in none_left.symptoms] == ["gone"]
    assert not {"nerves_new", "nerves_left"} & {said.code for said in (*spoken.because, *none_left.because)}


def test_what_was_reported_once_need_not_be_said_at_every_draw():
    """An antibody of the first draw means treatment for life, also when the last draw is a blood count alone."""
    positive = {**BEFORE, "intrinsic_factor_antibody": "positive", "symptoms": ["numbness"]}
    found = follow_up([positive, after(100, **NORMAL, b12="1800 pg/mL")], treatment_started=START, route="oral")
    assert found.response == "responding", "nerves were affected, and the cause lasts: not more than is needed"
    assert "lifelong_treatment" in {said.code for said in found.remember}


def test_a_table_of_draws_judges_each_marker_by_its_own_latest_value():
    draws = [BEFORE, after(70, mma="0.19 umol/L"), after(71, hemoglobin="92 g/L"), after(90, ferritin="60 ug/L")]
    table = pd.DataFrame([{**draw, "date": str(draw["date"]), "patient": "a"} for draw in draws])
    found = follow_up_frame(table)
    one = follow_up(draws)
    assert found[["response", "days", "status"]].iloc[0].tolist() == [one.response, one.days, one.status]
    assert found["real_changes"][0] == "mma fall"


def test_a_marker_that_was_last_abnormal_early_is_asked_for_again():
    before = {"date": "2026-01-05", "mma": "1.4 umol/L", "hemoglobin": "82 g/L", "mcv": "118 fL"}
    early = {"date": "2026-01-20", "hemoglobin": "95 g/L", "mcv": "110 fL"}
    late = {"date": "2026-04-01", "mma": "0.18 umol/L"}
    found = follow_up([before, early, late], treatment_started="2026-01-06")
    assert (found.response, "measured_again" in [said.code for said in found.because]) == ("responding", True)
    normal = {**late, "hemoglobin": "132 g/L", "mcv": "90 fL"}
    found = follow_up([before, early, normal], treatment_started="2026-01-06")
    assert "measured_again" not in [said.code for said in found.because]


# Changes.


@given(
    key=st.sampled_from(["b12", "mma", "homocysteine", "hemoglobin", "mcv", "ferritin", "creatinine", "folate"]),
    place=st.integers(0, 3),
    share=st.floats(0.4, 2.5),
)
def test_a_change_is_real_exactly_beyond_the_reference_change_value(key, place, share):
    first = TYPICAL[key][place % len(TYPICAL[key])]
    unit = {
        "b12": "pg/mL",
        "ferritin": "ug/L",
        "creatinine": "mg/dL",
        "hemoglobin": "g/L",
        "mcv": "fL",
        "folate": "nmol/L",
    }.get(key, "umol/L")
    one, other = (
        {"date": "2026-01-01", key: f"{first} {unit}"},
        {"date": "2026-02-01", key: f"{text(first * share)} {unit}"},
    )
    # A number that may be in another unit is two numbers, and no change can be told.
    assume(not any(read_panel({key: draw[key]}, report=True).is_unverified(key) for draw in (one, other)))
    fall, rise = reference_change(variations()[key])
    for draws, ratio in (
        ((one, other), float(text(first * share)) / first),
        ((other, one), first / float(text(first * share))),
    ):
        dated = [{**draw, "date": day} for draw, day in zip(draws, ("2026-01-01", "2026-02-01"), strict=True)]
        found = follow_up(dated, errors="report").changes
        for change in found:
            assert change.change == pytest.approx(ratio - 1)
            assert change.real == (not 1 + fall <= ratio <= 1 + rise)
            assert change.direction == ("rise" if ratio > 1 else "fall" if ratio < 1 else "none")


@pytest.mark.parametrize(
    ("first", "second", "real", "direction"),
    [
        ("<150 pg/mL", "400 pg/mL", True, "rise"),
        ("<150 pg/mL", "155 pg/mL", None, "rise"),
        ("145 pg/mL", ">2000 pg/mL", True, "rise"),
        ("400 pg/mL", "<150 pg/mL", True, "fall"),
        ("<150 pg/mL", "<150 pg/mL", None, "unknown"),
        ("107 pmol/L", "145 pg/mL", False, "none"),
    ],
)
def test_a_censored_result_changes_as_far_as_its_interval_tells(first, second, real, direction):
    change = follow_up([{"date": "2026-01-01", "b12": first}, {"date": "2026-02-01", "b12": second}]).changes[0]
    assert change.real is real
    assert real is None or real is False or change.direction == direction


def test_another_laboratory_leaves_a_change_open():
    found = follow_up(
        [{**BEFORE, "laboratory": "north"}, after(70, **NORMAL, laboratory="south")], treatment_started=START
    )
    assert {change.real for change in found.changes} == {None}
    assert "laboratory changed" in found.changes[0].why
    assert any("different laboratories" in said for said in found.assumptions)
    assert found.response == "responding", "what is normal now is normal by its own laboratory"


def test_what_has_no_known_variation_is_not_called_real():
    change = follow_up(
        [{"date": "2026-01-01", "holotc": "20 pmol/L"}, {"date": "2026-03-01", "holotc": "90 pmol/L"}]
    ).changes[0]
    assert (change.real, change.why) == (None, "no variation of this analyte is known")
    own = follow_up(
        [{"date": "2026-01-01", "holotc": "20 pmol/L"}, {"date": "2026-03-01", "holotc": "90 pmol/L"}],
        variation={"holotc": 12},
    )
    assert own.changes[0].real is True


@given(
    b12=st.sampled_from([None, "90 pg/mL", "400 pg/mL", ">2000 pg/mL"]),
    days=st.integers(0, 400),
    place=st.integers(0, 9),
)
def test_serum_b12_never_tells_whether_injections_work(b12, days, place):
    values = {"hemoglobin": f"{TYPICAL['hemoglobin'][place]} g/L", "mcv": "96 fL", "medicines": ["b12 injections"]}
    assert seen(after(days, **values, b12=b12)).response == seen(after(days, **values)).response


@given(order=st.permutations(range(3)))
def test_the_order_in_which_draws_are_given_does_not_matter(order):
    draws = [BEFORE, after(30, hemoglobin="110 g/L", mcv="104 fL"), after(80, **NORMAL)]
    assert follow_up([draws[place] for place in order], treatment_started=START) == follow_up(
        draws, treatment_started=START
    )


def test_two_draws_of_a_day_are_told_apart_by_their_times():
    draws = [
        BEFORE,
        {**after(70, hemoglobin="90 g/L"), "date": "2026-03-17T08:00:00+01:00"},
        {**after(70, **NORMAL), "date": "2026-03-17T15:00"},
    ]
    assert [follow_up(given, treatment_started=START).response for given in (draws, draws[::-1])] == ["responding"] * 2


def test_a_laboratory_that_is_not_named_is_not_another():
    found = follow_up([BEFORE, after(70, **NORMAL, laboratory="south")], treatment_started=START)
    assert found.changes[0].real
    assert found.assumptions == ()


# When to look again.


def test_the_next_checks_are_those_that_the_sources_give_a_time_for():
    found = seen(after(2, hemoglobin="87 g/L"))
    assert [(check.when - START).days for check in found.next_checks][:3] == [5, 7, 56]
    assert found.next_review == START + timedelta(days=5)
    assert seen(after(400, **NORMAL)).next_review is None


def test_an_anemia_on_the_day_before_treatment_is_looked_at_when_reticulocytes_peak():
    assert follow_up([BEFORE], treatment_started=START).next_review == START + timedelta(days=5)


def test_pregnancy_brings_the_review_forward():
    pregnant = {**BEFORE, "pregnant": "yes", "trimester": 2}
    found = follow_up(
        [pregnant, {**after(9, hemoglobin="90 g/L", b12="90 pg/mL"), "pregnant": "yes", "trimester": 2}],
        treatment_started=START,
    )
    assert any(check.when == START + timedelta(days=30) for check in found.next_checks)


# What cannot be read.


@pytest.mark.parametrize(
    ("draws", "options", "code"),
    [
        ([], {}, "no_draws"),
        ([{"b12": "145 pg/mL"}], {}, "unreadable_date"),
        ([{**BEFORE, "date": "soon"}], {}, "unreadable_date"),
        ([BEFORE], {"treatment_started": "31/12/2025"}, "unreadable_date"),
        ([17], {}, "unreadable_draw"),
        ([{**BEFORE, "date": pd.NaT}], {}, "unreadable_date"),
        ([BEFORE], {"route": "IM"}, "unknown_route"),
        ([{"date": "2026-01-05", "panel": {"b12": "90 pg/mL"}}], {}, "unreadable_draw"),
        ([("2026-01-05", {"panel": read_panel({"b12": "90 pg/mL"}), "mma": "2 umol/L"})], {}, "unreadable_draw"),
        ([BEFORE], {"variation": {"b21": 1}}, "unknown_field"),
    ],
)
def test_what_is_no_series_is_refused(draws, options, code):
    with pytest.raises(PanelError) as error:
        follow_up(draws, **options)
    assert error.value.code == code


def test_draws_of_messages_are_followed_up():
    message = "MSH|^~\\&|L|H|E|H|20240301||ORU^R01|1|P|2.5.1\nPID|1||1^^^H||T^P||19840301|F\n" + "\n".join(
        f"OBR|{place}|||panel|||{day}\nOBX|1|NM|13964-2^MMA^LN||{mma}|umol/L|||||F"
        for place, (day, mma) in enumerate([("20240101", 1.9), ("20240401", 0.2)], start=1)
    )
    found = follow_up(hl7v2.read(message).draws)
    assert (found.response, found.days, found.changes[0].real) == ("responding", 91, True)


# Tables.


def test_a_table_of_draws_is_one_row_a_patient():
    table = pd.DataFrame(
        {
            "patient": ["a", "b", "a", "c"],
            "date": ["2026-01-05", "2026-01-05", "2026-04-01", "soon"],
            "MMA [umol/L]": [1.9, 0.5, 0.2, 0.3],
            "Hb [g/L]": [88, 130, 128, 140],
            "sex": ["F", "F", "F", "M"],
        }
    )
    found = follow_up_frame(table)
    assert found["patient"].tolist() == ["a", "b", "c"]
    assert found["response"].iloc[:2].tolist() == ["responding", "too_early"]
    assert found["response"].isna().tolist() == [False, False, True]
    assert found["problems"].tolist() == ["", "", "date: unreadable_date"]
    one = follow_up(
        [
            {"date": "2026-01-05", "mma": "1.9 umol/L", "hemoglobin": "88 g/L", "sex": "F"},
            {"date": "2026-04-01", "mma": "0.2 umol/L", "hemoglobin": "128 g/L", "sex": "F"},
        ]
    )
    assert found["real_changes"][0] == "; ".join(
        f"{change.analyte} {change.direction}" for change in one.changes if change.real
    )
    assert isinstance(follow_up_frame(pl.from_pandas(table)), pl.DataFrame)


FEW = {"patient": ["a", "a", "b"], "date": ["2026-01-05", "2026-04-05", "2026-01-05"], "MMA [umol/L]": [1.9, 0.2, 0.5]}


@pytest.mark.parametrize("nobody", [None, float("nan"), " "])
def test_rows_of_nobody_are_not_read_as_one_patient(nobody):
    found = follow_up_frame(pd.DataFrame({**FEW, "patient": ["a", nobody, nobody]}))
    assert found["response"].isna().tolist() == [False, True]
    assert found["draws"].tolist() == [1, 2]
    assert found["problems"].tolist() == ["", "patient: missing_patient"]


def test_identifiers_come_out_as_they_went_in():
    for ids in (
        pd.array([12345678901234567, 12345678901234567, None], dtype="Int64"),
        pd.Categorical(["a", "a", "b"]),
        [1, 1, 2],
        ["é", "é", "β"],
    ):
        table = pd.DataFrame({**FEW, "patient": ids})
        found = follow_up_frame(table)
        assert found["patient"].dtype == table["patient"].dtype
        assert found["patient"][0] == table["patient"][0]
    assert follow_up_frame(pl.DataFrame({**FEW, "patient": [7, 7, None]}))["patient"].to_list() == [7, None]
    for empty in (pd.DataFrame(FEW).head(0), pl.DataFrame(FEW).head(0)):
        assert len(follow_up_frame(empty)) == 0


def test_a_day_that_is_missing_costs_one_patient_and_no_other():
    days = pd.to_datetime(pd.Series(["2026-01-05", "2026-04-05", None]))
    found = follow_up_frame(pd.DataFrame({**FEW, "date": days}))
    assert found["problems"].tolist() == ["", "date: unreadable_date"]
    started = follow_up_frame(pd.DataFrame({**FEW, "start": ["2026-01-06", None, None]}), treatment_started="start")
    assert started["problems"].tolist() == ["", "start: missing_start"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"variation": {"b12": -1}}, "unreadable_variation"),
        ({"variation": 5}, "unreadable_variation"),
        ({"route": "IM"}, "unknown_route"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_and_is_no_problem_of_the_patients(options, code):
    with pytest.raises(PanelError) as error:
        follow_up_frame(pd.DataFrame(FEW).head(0), **options)
    assert error.value.code == code


def test_a_column_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(ColumnError, match="did you mean 'patients'"):
        follow_up_frame(pd.DataFrame({"patients": ["a"], "date": ["2026-01-05"], "b12": ["145 pg/mL"]}))


def test_the_report_fits_a_terminal_and_says_the_answer_first():
    said = str(seen(after(70, hemoglobin="90 g/L", mcv="117 fL", mma="1.8 umol/L"), route="oral"))
    assert said.startswith("NONE after 70 days")
    assert max(map(len, said.splitlines())) <= 80


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(over_time).failed == 0


# What is not known stays so.


def test_a_metabolite_that_was_not_measured_again_has_not_answered():
    found = seen(after(70, **NORMAL))
    assert {expectation.marker: expectation.met for expectation in found.expectations}["homocysteine"] is None
    assert "homocysteine_answered" not in {said.code for said in found.because}


def test_a_normal_draw_after_the_start_does_not_say_that_it_was_normal_before():
    draws = [after(30, mcv="95 fL", mma="0.2 umol/L"), after(100, mcv="94 fL", mma="0.2 umol/L")]
    found = follow_up(draws, treatment_started=START)
    assert found.response == "responding"
    assert any("before treatment" in said for said in found.assumptions)


def test_a_marker_that_relapsed_is_not_said_to_have_answered():
    found = seen(after(70, **NORMAL), after(300, hemoglobin="104 g/L", mcv="109 fL", mma="0.9 umol/L"))
    assert "relapsed" in {said.code for said in found.because}
    assert not [said.code for said in found.because if said.code.endswith("_answered")]


@pytest.mark.parametrize(("marker", "name"), [("mcv", "MCV"), ("mma", "MMA"), ("homocysteine", "Homocysteine")])
def test_a_marker_is_named_in_full_where_it_answers_and_where_it_is_left(marker, name):
    says = {rule.code: rule.says for rule in FOLLOW_UP if rule.code.startswith(marker)}
    assert says[f"{marker}_answered"] == f"{name} has responded to treatment."
    assert says[f"{marker}_left"] == f"{name} is still abnormal after 8 weeks."

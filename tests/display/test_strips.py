"""A strip shows a result to scale, against the limits that applied to this patient and no others."""

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b12labs import interpret, read_panel
from b12labs.display.scale import Scale, ends, scale_of, stretches
from b12labs.display.strip import MARGIN, WIDTH, strip
from b12labs.limits.stratified import limits_of
from b12labs.logic.language import Compare, Limit
from b12labs.patient.applied_limits import comparisons
from b12labs.patient.inputs import PatientInputs
from b12labs.reference.unit_labels import with_labels
from b12labs.rules import FINDINGS
from tests.display.patients import PATIENTS, interpreted
from tests.display.reading import Reader, dangers
from tests.integrations.server.test_page import OWN_GUIDELINE
from tests.strategies import GUIDELINES, patients, results


def drawn(result):
    return Reader(strip(result))


def first_x(path):
    return float(re.match(r"M(-?[\d.]+)", path["d"])[1])


def ticks(result):
    return [first_x(path) for path in drawn(result).with_class("b12-tick")]


def texts(measured):
    return [limit.text for limit in measured.limits]


def test_every_limit_of_the_rules_is_compared_from_one_side_only():
    sides = {}
    for rule in FINDINGS:
        for node in rule.when.walk():
            if isinstance(node, Compare) and isinstance(node.right, Limit):
                sides.setdefault(node.right.name, set()).add(node.operator)
    assert {name for name, operators in sides.items() if len(operators) > 1} == set()
    assert set(comparisons()) >= {name for name in sides if name != "adult_age"}


@given(results(min_size=1), patients(), st.sampled_from(GUIDELINES))
def test_a_strip_holds_the_limits_that_the_rules_compared_with_and_their_answer(values, patient, guideline):
    found = interpret(**values, **patient, guideline=guideline, errors="report")
    inputs = PatientInputs(read_panel({**values, **patient}, report=True), limits_of(guideline))
    for key, measured in found.results.items():
        low, high = ends(measured)
        for limit in measured.limits:
            upper = math.inf if limit.high is None else limit.high
            assert (limit.low, upper) == inputs.limit(limit.name)
            if limit.side == "below":
                says = True if high < limit.low else False if low > upper else None
            else:
                says = True if low > upper else False if high < limit.low else None
            if says is not None:  # on the limit, and at open ends, the rules know more
                assert limit.holds is says, (key, limit)


@given(results(min_size=1), patients(), st.sampled_from(GUIDELINES))
def test_a_strip_is_to_scale(values, patient, guideline):
    for measured in interpret(**values, **patient, guideline=guideline, errors="report").results.values():
        scale = scale_of(measured)
        points = {scale.low, scale.high, *(end for end in ends(measured) if 0 < end < math.inf)}
        points.update(end for limit in measured.limits for end in (limit.low, limit.high) if end)
        for nearer, farther in pairwise(sorted(points)):
            assert scale.position(nearer) <= scale.position(farther)
            if farther > nearer * 1.0001:
                assert scale.position(nearer) < scale.position(farther)
        for end in points - {scale.low, scale.high}:
            assert 0 < scale.position(end) < 1, (measured.label, end)
        if not strip(measured):
            continue
        for at, x in zip(
            sorted({end for limit in measured.limits for end in (limit.low, limit.high) if end}),
            ticks(measured),
            strict=True,
        ):
            assert x == pytest.approx(MARGIN + scale.position(at) * (WIDTH - 2 * MARGIN), abs=0.06)
        low, high = ends(measured)
        if low == high:
            mark = first_x(drawn(measured).with_class("b12-value")[0])
            for limit in measured.limits:
                beyond = [end for end in (limit.low, limit.high) if end]
                places = [MARGIN + scale.position(end) * (WIDTH - 2 * MARGIN) for end in beyond]
                if limit.holds and places:
                    assert mark <= min(places) + 0.1 if limit.side == "below" else mark >= max(places) - 0.1
                if limit.holds is False and places:
                    assert mark >= max(places) - 0.1 if limit.side == "below" else mark <= min(places) + 0.1


@given(
    st.floats(0.001, 1e5), st.floats(1.01, 1e6), st.lists(st.floats(1e-4, 1e12), min_size=2, max_size=8), st.booleans()
)
def test_positions_rise_with_values(low, span, values, logarithmic):
    scale = Scale(low, low * span, logarithmic)
    positions = [scale.position(value) for value in sorted(values)]
    assert positions == sorted(positions)
    assert scale.position(low) == 0
    assert scale.position(low * span) == 1


@given(results(min_size=1), patients(), st.sampled_from(GUIDELINES))
@settings(max_examples=30)
def test_the_stretches_of_a_strip_cover_its_scale_and_say_what_a_value_there_would_be(values, patient, guideline):
    found = interpret(**values, **patient, guideline=guideline, errors="report")
    for measured in found.results.values():
        scale = scale_of(measured)
        parts = stretches(measured, scale)
        assert bool(parts) == bool(measured.limits)
        for before, after in pairwise(parts):
            assert before.high == after.low
            assert (before.meaning, before.words) != (after.meaning, after.words)
        if parts:
            assert (parts[0].low, parts[-1].high) == (scale.low, scale.high)


def test_hemoglobin_is_held_against_the_limits_of_this_patient():
    of = {
        "woman": {"sex": "female"},
        "man": {"sex": "male"},
        "unknown": {},
        "pregnant": {"sex": "female", "trimester": 2},
        "child": {"age": 3},
    }
    shown = {
        who: texts(interpret(hemoglobin="118 g/L", **{"age": 40, **patient}).results["hemoglobin"])[0]
        for who, patient in of.items()
    }
    assert shown == {
        "woman": "120 g/L",
        "man": "130 g/L",
        "unknown": "120 g/L or 130 g/L",
        "pregnant": "105 g/L",
        "child": "110 g/L",
    }


def test_a_limit_that_is_an_interval_is_a_hatched_span():
    measured = interpret(hemoglobin="125 g/L", age=40).results["hemoglobin"]
    scale = scale_of(measured)
    opened = [part for part in stretches(measured, scale) if part.meaning == "open"]
    assert [(part.low, part.high) for part in opened] == [(120, 130)]
    assert len(drawn(measured).with_class("b12-hatch")) == 1
    assert not drawn(interpret(hemoglobin="125 g/L", age=40, sex="male").results["hemoglobin"]).with_class("b12-hatch")


def test_the_laboratorys_own_interval_is_shown_and_decides_where_the_guideline_says_so():
    own = {"value": 0.3, "unit": "umol/L", "reference_low": 0.1, "reference_high": 0.4}
    measured = interpret(
        mma=own, b12={"value": 240, "unit": "pg/mL", "reference_low": 197, "reference_high": 771}, age=40
    ).results
    assert texts(measured["mma"]) == ["0.4 umol/L"]
    assert texts(measured["b12"])[:2] == ["180 ng/L", "350 ng/L"]
    assert "laboratory 197 to 771 ng/L" in drawn(measured["b12"]).text
    assert texts(interpret(mma="0.3 umol/L", age=40).results["mma"]) == ["0.28 umol/L"]


def test_what_spans_orders_of_magnitude_is_drawn_by_ratios_and_the_rest_by_differences():
    b12, hemoglobin = (
        scale_of(interpret(**{key: value}, age=40).results[key])
        for key, value in (("b12", "300 pg/mL"), ("hemoglobin", "100 g/L"))
    )
    assert b12.position(360) - b12.position(180) == pytest.approx(b12.position(720) - b12.position(360))
    assert hemoglobin.position(90) - hemoglobin.position(80) == pytest.approx(
        hemoglobin.position(110) - hemoglobin.position(100)
    )


def test_a_guideline_of_the_users_own_is_drawn_like_any_other(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        OWN_GUIDELINE + '[[limits.b12_deficient]]\nvalues = [{ value = 211, unit = "pg/mL" }]\n', encoding="utf-8"
    )
    measured = interpret(b12="205 pg/mL", age=40, guideline=own).results["b12"]
    assert (measured.limits[0].text, measured.limits[0].holds) == ("211 pg/mL", True)
    assert "211" in drawn(measured).text.split()


def test_a_limit_that_counts_under_a_condition_is_shown_only_where_it_decided():
    assert texts(interpret(ferritin="40 ug/L", age=40).results["ferritin"]) == ["15 ug/L"]
    inflamed = interpret(ferritin="40 ug/L", crp={"value": 30, "unit": "mg/L", "reference_high": 5}, age=40)
    assert texts(inflamed.results["ferritin"]) == ["15 ug/L", "70 ug/L"]
    assert texts(interpret(mma="0.9 umol/L", age=40).results["mma"])[:1] == ["0.28 umol/L"]
    assert "b12_pregnancy" not in [
        limit.name for limit in interpret(b12="145 pg/mL", age=40, sex="female").results["b12"].limits
    ]


def test_a_word_of_the_laboratory_takes_the_place_of_a_number_that_its_interval_decides():
    assert texts(interpret(mma={"value": 0.3, "unit": "umol/L", "flag": "normal"}, age=40).results["mma"]) == []
    assert interpret(mma="high", age=40).results["mma"].limits == ()
    assert strip(interpret(mma="high", age=40).results["mma"]) == ""


def test_a_censored_result_is_an_arrow_over_its_whole_interval():
    below = interpret(b12="<150 pg/mL").results["b12"]
    arrow = drawn(below).with_class("b12-value")[0]["d"]
    end = MARGIN + scale_of(below).position(150) * (WIDTH - 2 * MARGIN)
    assert arrow.startswith(f"M{float(MARGIN)} ")
    assert float(re.search(r"H([\d.]+)v", arrow)[1]) == pytest.approx(end, abs=0.06)
    assert end < ticks(below)[0]
    assert f"M{MARGIN} " in arrow[5:]  # the tip
    above = interpret(b12=">200 pg/mL").results["b12"]
    arrow = drawn(above).with_class("b12-value")[0]["d"]
    assert ticks(above)[0] < first_x({"d": arrow}) < ticks(above)[1]
    assert f"H{float(WIDTH - MARGIN)}v" in arrow


def test_hemoglobin_is_drawn_where_it_is_compared_and_where_it_was_measured():
    high_up = interpret(hemoglobin="125 g/L", age=40, sex="female", elevation=2500).results["hemoglobin"]
    assert high_up.compared[0] < 120
    assert high_up.limits[0].holds is True
    seen = drawn(high_up)
    tick = ticks(high_up)[-1]
    assert first_x(seen.with_class("b12-value")[0]) < tick < float(seen.with_class("b12-given")[0]["cx"])
    assert interpret(hemoglobin="125 g/L", age=40, sex="female").results["hemoglobin"].compared is None


def test_nothing_is_drawn_where_no_limit_applied():
    crp = interpret(crp="4 mg/L", age=40).results["crp"]
    assert crp.limits == ()
    assert strip(crp) == ""


def test_limits_are_labeled_in_the_unit_in_which_they_are_printed():
    reader = drawn(interpret(b12="100 pmol/L", age=40).results["b12"])
    assert {"133", "258", "pmol/L"} <= set(reader.text.split())
    assert "10.4 g/dL (104 g/L)" in drawn(interpret(hemoglobin="10.4 g/dL", age=40).results["hemoglobin"]).text


@pytest.mark.parametrize("name", PATIENTS)
def test_a_strip_says_to_a_screen_reader_what_it_shows(name):
    for measured in interpreted(name).results.values():
        svg = strip(measured)
        if not svg:
            continue
        reader = Reader(svg)
        assert reader.faults == []
        assert dangers(reader) == []
        label = reader.named("svg")[0]
        assert label["role"] == "img"
        assert len(reader.named("title")) == len(reader.named("desc")) == 1
        for word in (
            measured.label,
            with_labels(measured.given),
            *map(str, measured.limits),
            *(limit.source_name for limit in measured.limits),
        ):
            assert word in label["aria-label"]

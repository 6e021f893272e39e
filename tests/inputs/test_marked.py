"""A result with what a laboratory prints around it is read if every mark is understood, and refused otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import MeasurementError, measure
from b12labs.inputs.flags import read_flag
from b12labs.logic.expressions import INF
from b12labs.reference.names import result_words


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("145 L", "low"),
        ("145L", "low"),
        ("145 LL", "low"),
        ("L 145", "low"),
        ("* L 145 (180-914) pg/mL *", "low"),
        ("145 pg/mL * L", "low"),
        ("L: 145", "low"),
        ("145 (L)", "low"),
        ("145 [L]", "low"),
        ("145↓", "low"),
        ("↓ 145", "low"),
        ("145 pg/mL L", "low"),
        ("145 pg/mL below range", "low"),
        ("145 zu niedrig", "low"),
        ("145 低", "low"),
        ("145 H", "high"),
        ("145 Normal", "normal"),
        ("145*", None),
        ("*145", None),
        ("145 pg/mL *", None),
        ("145 (180-900) L", "low"),
    ],
)
def test_the_number_and_its_mark_are_read(text, flag):
    read = measure("b12", text, unit="pg/mL")
    assert (read.low, read.high, read.flag) == (145, 145, flag)
    assert read.given.startswith(text)


@pytest.mark.parametrize("text", ["low *", "* low", "low**"])
def test_a_word_with_a_footnote_is_not_the_word(text):
    with pytest.raises(MeasurementError):
        measure("b12", text)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("<148*", 0, 148), ("＜150", 0, 150), ("GT 2000", 2000, INF), ("H >2000", 2000, INF), ("le 150 L", 0, 150),
     ("≦150", 0, 150)],
)  # fmt: skip
def test_a_bound_and_its_mark_are_read(text, low, high):
    read = measure("b12", text, unit="pg/mL")
    assert (read.low, read.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    "text",
    ["H 145 L", "145 A", "145 pg/mLL", "145-150", "145²", "145 L?", "145 pending", "X 145", "145 (900-180)", "145↓↑",
     "145 (180-900) (200-900)", "L 145 pmol/L", "145 L 146"],
)  # fmt: skip
def test_a_mark_that_is_not_understood_spoils_the_result(text):
    with pytest.raises(MeasurementError):
        measure("b12", text, unit="pg/mL")


def test_the_interval_behind_a_result_is_the_laboratorys():
    read = measure("hemoglobin", "10.4 g/dL (12-16) L")
    assert (read.low, read.flag, read.reference_low, read.reference_high) == (104, "low", 120, 160)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("5.2 x 10^9", "/L"), ("5.2x10⁹", "/L"), ("5.2 ×10^3", "/µL"), ("5.2 x 10^9", "10^9/L"), ("5.2 x 10^9/L", "/L")],
)
def test_a_power_in_the_value_and_the_volume_in_its_column_are_one_unit(text, unit):
    assert measure("wbc", text, unit=unit).low == pytest.approx(5.2)
    with pytest.raises(MeasurementError):
        measure("wbc", text, unit="10^12/L")


@pytest.mark.parametrize(
    ("word", "flag"),
    [("positiv", "high"), ("陽性", "high"), ("négatif", "normal"), ("não detectado", "normal"), ("検出せず", "normal"),
     ("Negative.", "normal")],
)  # fmt: skip
def test_found_or_not_in_other_languages(word, flag):
    assert measure("intrinsic_factor_antibody", word).flag == flag
    with pytest.raises(MeasurementError):
        measure("b12", word)


def test_no_word_of_a_result_has_two_meanings():
    meant = {}
    for word, means in result_words():
        assert meant.setdefault(word.casefold(), means) == means, word
        assert read_flag(word) == {"found": "high", "not_found": "normal"}.get(means, means), word


@given(st.sampled_from([word for word, _ in result_words()]), st.sampled_from("?!~∅Δ取"))
def test_a_sign_that_is_not_understood_leaves_a_word_unread(word, sign):
    assert read_flag(word + sign) is None


@pytest.mark.parametrize("text", ["p–ositive", "nega-tive", "neg/pos", "positive*", "(positive", "pos,itive"])
def test_a_word_with_a_sign_in_it_is_not_the_word(text):
    assert read_flag(text) is None


@pytest.mark.parametrize(
    ("text", "low", "flag"),
    [
        ("145* pg/mL", 145, None), ("145 L pg/mL", 145, "low"), ("145L pg/mL", 145, "low"), ("145↓ pg/mL", 145, "low"),
        ("145 (L) pg/mL", 145, "low"), ("33 Normal pg/mL", 33, "normal"), ("<150* pg/mL", 0, None),
        ("１４５ pg/mL", 145, None), ("１，４５０ pg/mL", 1450, None),
    ],
)  # fmt: skip
def test_a_mark_may_stand_before_the_unit_and_digits_may_be_wide(text, low, flag):
    found = measure("b12", text)
    assert (found.low, found.flag) == (low, flag)


@pytest.mark.parametrize(
    "text", ["145 H L pg/mL", "145 C pg/mL", "145 hemolyzed pg/mL", "145\u0336 pg/mL", "145² pg/mL"]
)
def test_a_mark_before_the_unit_that_is_not_understood_spoils_the_value(text):
    with pytest.raises(MeasurementError):
        measure("b12", text)


def test_a_letter_apart_before_a_unit_is_its_prefix():
    assert measure("mma", "300 n mol/L").low == pytest.approx(0.3)

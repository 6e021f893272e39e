"""What is added to a text and is not understood makes it unread: never another analyte, specimen, status or unit.

A sign is unknown if it is in no listed word, and is neither white space, a separator nor an accent, which are folded. A
word is unknown if it is no listed word, and not made of such.
"""

import unicodedata
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from b12labs.errors import MeasurementError
from b12labs.inputs.flags import FLAGS, read_flag
from b12labs.inputs.marked import marked
from b12labs.inputs.operators import COMPARATORS, find_operator
from b12labs.inputs.specimens import find_specimen
from b12labs.inputs.statuses import STATUSES, find_status
from b12labs.inputs.tests import recognize_test
from b12labs.inputs.units import find_unit
from b12labs.inputs.words.folding import folded, words
from b12labs.reference import analytes, units
from b12labs.reference.names import name_words, result_words, specimen_words

LISTED = [word for listed in (name_words(), specimen_words(), result_words()) for word, _ in listed]


def analyte_of(text):
    return recognize_test(text).analyte


def status_of(text):
    found = find_status(text)
    return None if found == "unknown" else found


def specimen_of(text):
    found = find_specimen(text)
    return None if found == "unknown" else found


def b12_unit_of(text):
    try:
        found = find_unit(analytes()["b12"], text)
    except MeasurementError:
        return None
    return found.kind, found.si


def count_unit_of(text):
    try:
        return find_unit(analytes()["platelets"], text).si
    except MeasurementError:
        return None


TEXTS = {
    analyte_of: [word for word, _ in name_words()]
    + [name for analyte in analytes().values() for name in (analyte.label, *analyte.synonyms)]
    + ["Serum vitamin B12 level", "Cobalamin (Vitamin B12) [Mass/volume] in Serum or Plasma", "NPU01700", "2132-9"],
    status_of: [word for listed in STATUSES.values() for word in listed],
    specimen_of: [word for word, _ in specimen_words()] + ["UR", "BLD", "S-", "fP-"],
    b12_unit_of: [unit.ucum for unit in units().units if unit.kind.endswith("_concentration")]
    + ["picogram/mL", "ｐｇ／ｍＬ"],
    count_unit_of: [
        "10*9/L",
        "×10⁹/L",
        "10^9·L⁻¹",
        "K/uL",
        "Tsd./µl",
        "{cells}/uL",
        "千/μL",
        "thousand per microliter",
        "/mm3",
    ],
    find_operator: [*filter(None, COMPARATORS), "LT", "ge", "≤", "＜", "less than"],
    read_flag: [*FLAGS, *(word for word, _ in result_words())],
}


@cache
def known_signs():
    # Signs of units in other scripts, and of values.
    signs = "0123456789・･·⋅×µμ℃°゜㎡㎎㎖㎗㎍百千万億モル単位分個Еедтыслнкошм⩽⩾≦≧↓↑⬇⬆▼▲*"
    return set("".join(map(folded, (signs, *LISTED, *FLAGS, *(text for texts in TEXTS.values() for text in texts)))))


def is_unknown(sign):
    """Tell whether no listed word has a sign, and no fold takes it away."""
    if words(sign) is not None and not sign.isalnum():
        return False
    plain = folded(sign)
    return bool(plain.strip()) and not unicodedata.combining(sign) and not set(plain) & known_signs()


UNKNOWN_SIGNS = st.one_of(
    st.characters(exclude_categories=("Cs", "Cc")).filter(is_unknown), st.sampled_from("?!~√Δ≈±¿§моджшб陰非")
).filter(is_unknown)
UNKNOWN_WORDS = st.text("qxjz", min_size=4, max_size=8).filter(lambda word: not any(word in each for each in LISTED))
ADDED = st.one_of(UNKNOWN_SIGNS, UNKNOWN_WORDS.map(lambda word: f" {word} "), st.sampled_from(["\u0336", "\u20e0"]))


@pytest.mark.parametrize("read", TEXTS, ids=lambda read: read.__name__)
@given(data=st.data(), added=ADDED)
def test_a_text_is_unread_when_what_nobody_knows_is_added(read, data, added):
    text = data.draw(st.sampled_from(TEXTS[read]))
    # What stands between braces in a unit is an annotation, and says nothing of its size.
    place = data.draw(st.integers(1 if read is find_operator else 0, len(text)))
    assume("{" not in text[:place] or "}" in text[:place])
    assert read(text[:place] + added + text[place:]) is None


@pytest.mark.parametrize("read", [status_of, b12_unit_of, count_unit_of, find_operator, read_flag])
@given(data=st.data())
def test_two_texts_together_are_never_a_third_thing(read, data):
    one, other = data.draw(st.sampled_from(TEXTS[read])), data.draw(st.sampled_from(TEXTS[read]))
    assert read(f"{one} {other}") in (None, read(one), read(other))


@given(st.data(), ADDED)
def test_an_unread_text_stays_unread(data, added):
    text = data.draw(st.text(max_size=8))
    for read in (analyte_of, specimen_of, b12_unit_of, count_unit_of):
        if read(text) is None:
            place = data.draw(st.integers(0, len(text)))
            assert read(text[:place] + added + text[place:]) is None


@given(data=st.data(), added=UNKNOWN_SIGNS)
def test_a_mark_that_nobody_knows_spoils_a_value(data, added):
    text = data.draw(st.sampled_from(["145 L", "H 2000", "<148*", "10.4 g/dL (12-16) L", "145↓"]))
    place = data.draw(st.integers(0, len(text)))
    found = marked(analytes()["b12"], text[:place] + added + text[place:], ".")
    assert found is None or added in found.result


@pytest.mark.parametrize(
    ("read", "text"),
    [
        # Struck out or crossed, footnotes of B1 and hemoglobin A, letters and dashes that deny.
        (analyte_of, "B\u03361\u03362\u0336"), (analyte_of, "Vitamin B1²"), (analyte_of, "Vitamin B1 (2)"),
        (analyte_of, "Vitamin B1.2"), (analyte_of, "B1/2"), (analyte_of, "Hemoglobin A"), (analyte_of, "Hb A"),
        (status_of, "FINAL\u0336"), (status_of, "f\u20e0inal"), (status_of, "-F"), (status_of, "+F"),
        (status_of, "F*"), (specimen_of, "serum***"), (specimen_of, "-serum"), (specimen_of, "S"),
        (specimen_of, "S\u0336erum"), (find_operator, "≮"), (find_operator, "<?"), (find_operator, "<>"),
    ],
)  # fmt: skip
def test_what_denies_or_divides_a_text_is_not_folded_away(read, text):
    assert read(text) is None

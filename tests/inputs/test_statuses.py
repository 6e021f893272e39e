"""A result is used if its status is known to be final; a word in a script that nobody listed is not final."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.inputs.statuses import STATUSES, find_status


@pytest.mark.parametrize(("status", "word"), [(status, word) for status, listed in STATUSES.items() for word in listed])
def test_listed_words_are_known_in_any_case(status, word):
    assert find_status(word.upper()) == status
    assert find_status(f" {word} ") == status


@pytest.mark.parametrize(
    "text", ["取消", "отменён", "***", "?", "final?", "fin", "not final", "final 取消", "-F", "F*", "no longer final"]
)
def test_a_word_on_no_list_is_unknown_and_so_not_final(text):
    assert find_status(text) == "unknown"


def test_a_blank_status_is_final_since_most_tables_state_none():
    assert find_status("") == find_status("  ") == "final"


@given(st.sampled_from(["final", "corrected", "verified"]), st.text(min_size=1, max_size=5).filter(str.strip))
def test_an_addition_makes_no_other_status(word, added):
    assert find_status(f"{word} {added}") in ("unknown", find_status(word))

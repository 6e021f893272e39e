"""What a host may choose, and what it may not."""

import pytest
from pydantic import ValidationError

from b12labs.errors import B12LabsError
from b12labs.integrations.cds_hooks import Options


@pytest.mark.parametrize("name", ["window_hours", "days", "entries"])
def test_a_length_and_a_number_are_more_than_nothing(name):
    for wrong in (0, -1):
        with pytest.raises(ValidationError, match="greater than 0"):
            Options(**{name: wrong})
    assert getattr(Options(**{name: 1}), name) == 1


def test_without_a_choice_a_draw_is_a_day_long_and_only_final_results_of_any_age_are_used():
    options = Options()
    assert (options.window_hours, options.days, options.entries) == (24, None, 5000)
    assert not options.use_preliminary
    assert options.formulary is None


@pytest.mark.parametrize("name", ["formulary", "unreported_context", "prefetch"])
def test_a_word_is_one_of_its_list(name):
    with pytest.raises((ValidationError, B12LabsError), match="expected"):
        Options(**{name: "b12"})

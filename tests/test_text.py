"""Words that every summary and page shares: a share is never rounded to none or all, and words of a file are words."""

import math

import pytest

from b12labs.display.markup import element, joined
from b12labs.text import against, count_of, interval, percent, printable, shortened

ODD = "a\x00\x1b[2J\x7f\x9b\u202eb\u2066\ud800\udcff\ufffe"


@pytest.mark.parametrize(
    ("count", "whole", "said"),
    [
        (0, 0, "0.0 %"),
        (0, 9, "0.0 %"),
        (1, 1_000_000, "< 0.1 %"),
        (1, 3, "33.3 %"),
        (999_999, 1_000_000, "> 99.9 %"),
        (9, 9, "100.0 %"),
    ],
)
def test_a_share_is_never_none_of_what_is_there_and_never_all_of_what_is_not(count, whole, said):
    assert percent(count, whole) == said


def test_one_row_and_a_thousand_rows():
    assert (count_of(1, "row"), count_of(0, "row"), count_of(1000, "row")) == ("1 row", "0 rows", "1,000 rows")


@pytest.mark.parametrize(
    ("low", "high", "said", "beside"),
    [
        (180, 180, "180", "below 180"),
        (0, 0, "0", "below 0"),
        (200, 250, "200 to 250", "below 200 to 250"),
        (70, math.inf, "at least 70", "below a limit of at least 70"),
        (0, 70, "at most 70", "below a limit of at most 70"),
    ],
)
def test_an_interval_that_is_open_at_an_end_is_said_by_the_other(low, high, said, beside):
    assert interval(low, high) == said
    assert against("below", said) == beside


def test_words_of_a_file_hold_nothing_that_is_more_than_text():
    for said in (printable(ODD), joined(ODD), element("p", ODD, data_label=ODD)):
        assert not set(ODD) - set("a[2Jb") & set(said)
        said.encode("utf-8")
    assert printable("5\u00b5g\n\tЖ\u05d0") == "5\u00b5g\n\tЖ\u05d0"


def test_of_a_long_message_the_end_is_kept_where_it_says_what_is_accepted():
    said = shortened(f"b12: unit {'x' * 10_000!r} is not known. Accepted: pg/mL")
    assert len(said) < 410
    assert said.startswith("b12: unit 'xxx")
    assert said.endswith("Accepted: pg/mL")
    assert shortened("short") == "short"

"""How much a card says: one line, a few tests and problems, and texts from outside that are not endless."""

import pytest

from b12labs.answer.parts import Statement
from b12labs.inputs.panel import Problem
from b12labs.integrations import cds_hooks
from b12labs.integrations.cds_hooks import detail
from b12labs.integrations.cds_hooks.cards import MOST_CARDS, MOST_SUGGESTIONS, SUMMARY
from b12labs.integrations.cds_hooks.markdown import escape, fits, one_line, table
from b12labs.integrations.cds_hooks.services import EXAMPLE
from tests.integrations.cds_hooks.requests import BETWEEN, LOW, medication, observation, ordering, patient_view
from tests.integrations.cds_hooks.test_cds_hooks import FOLIC, OPTIONS, SIGN, VIEW, cards, refused


def test_a_text_is_cut_behind_300_signs():
    assert one_line("a" * 300) == "a" * 300
    assert one_line("a" * 301) == "a" * 297 + "..."
    assert one_line("a" * 12, 10) == "a" * 7 + "..."
    assert escape("a" * 1000, 1000) == "a" * 1000


def test_signs_are_counted_as_javascript_counts_them():
    assert fits("a" * 139, 139)
    assert not fits("a" * 140, 139)
    assert fits("\N{DNA DOUBLE HELIX}" * 2, 4)
    assert not fits("\N{DNA DOUBLE HELIX}" * 2, 3)


def test_a_table_has_a_dash_where_there_is_nothing():
    assert table(("a", "b"), [("1", "")]).splitlines() == ["| a | b |", "| --- | --- |", "| 1 | - |"]


@pytest.mark.parametrize(("count", "lines"), [(0, 0), (1, 1), (8, 8), (9, 9), (12, 9)])
def test_eight_problems_are_shown_and_the_others_counted(count, lines):
    said = detail.problems(f"problem {number}" for number in range(count))
    listed = [line for line in said.splitlines() if line.startswith("- ")]
    assert len(listed) == lines
    if count > 8:
        assert listed[-1] == f"- and {count - 8} more"
    assert detail.problems(["twice", "twice"]).count("twice") == 1


def test_a_sentence_is_cut_behind_1000_signs_and_its_sources_stand_in_parentheses():
    source = ("nice-ng239",)
    assert detail.said(Statement(code="x", text="Low.", sources=source)) == "Low. (NG239)"
    cited = len(" (NG239)")
    assert detail.said(Statement(code="x", text="a" * (1000 - cited), sources=source)).endswith("a (NG239)")
    assert detail.said(Statement(code="x", text="a" * (1001 - cited), sources=source)).endswith("...")


def test_a_summary_has_as_many_values_as_there_is_room_for():
    assert (SUMMARY, MOST_CARDS, MOST_SUGGESTIONS) == (139, 5, 5)
    results = (
        observation("b12", 145, "pg/mL"),
        observation("holotc", 20, "pmol/L"),
        observation("mma", 0.62, "umol/L"),
        observation("homocysteine", 31, "umol/L"),
    )
    (card,) = cards(VIEW, patient_view(*results))
    assert card["summary"].startswith(
        "Results fit vitamin B12 deficiency (2026-11-03): B12 145 pg/mL, HoloTC 20 pmol/L"
    )
    assert not card["summary"].endswith((",", ":", " "))


def test_a_warning_comes_first_and_no_more_than_five_cards_are_shown():
    draws = [observation("b12", 145, "pg/mL", day=f"2026-0{month}-03") for month in range(1, 9)]
    keys = ("mma", "homocysteine", "holotc")
    draws += [observation(key, 50, "umol/L", day=f"2025-0{place + 1}-03") for place, key in enumerate(keys)]
    found = cards(VIEW, patient_view(*draws))
    assert [card["indicator"] for card in found] == sorted((card["indicator"] for card in found), reverse=True)


def test_no_more_than_five_tests_are_proposed():
    (card,) = cards(VIEW, patient_view(observation("b12", 145, "pg/mL"), observation("mcv", 112, "fL")))
    assert 1 < len(card["suggestions"]) <= 5


def test_five_hundred_orders_are_read_and_no_more():
    drafts = [medication("Aspirin", number) for number in range(499)]
    assert len(cards(SIGN, ordering("order-sign", LOW, *drafts, FOLIC))) == 1
    assert refused(SIGN, ordering("order-sign", LOW, *drafts, FOLIC, FOLIC)) == (413, "context.draftOrders")


def test_as_many_resources_are_read_as_the_host_allows():
    request = patient_view(*LOW)
    assert cards(VIEW, request, cds_hooks.Options(entries=5))
    assert refused(VIEW, request, cds_hooks.Options(entries=4)) == (413, "prefetch")


def test_a_hook_instance_has_up_to_100_signs():
    assert cards(VIEW, patient_view(*LOW, hookInstance="x" * 100))
    for wrong in ("x" * 101, "", None, 7):
        assert refused(VIEW, patient_view(*LOW, hookInstance=wrong)) == (400, "hookInstance")


def test_the_example_is_answered():
    assert cds_hooks.respond(VIEW, EXAMPLE, OPTIONS)["cards"]


def test_an_interpretation_is_urgent_in_its_summary_where_it_is():
    (card,) = cards(VIEW, patient_view(*LOW, observation("folate", 12, "ng/mL")))
    assert card["indicator"] == "warning"
    (card,) = cards(VIEW, patient_view(*BETWEEN))
    assert card["indicator"] == "info"
    assert card["summary"].startswith("Results leave vitamin B12 deficiency open (2026-11-03): B12 250 pg/mL")


def test_what_could_not_be_used_is_said_of_its_marker():
    said = detail.of_markers(detail.Data((), False, {}, (("mma", Problem("x", "mma", "mma: no unit")),), {}))
    assert said == ["MMA: no unit"]

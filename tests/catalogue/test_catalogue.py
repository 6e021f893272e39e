"""The rule catalogue: complete, true to the rules, and the page docs/rules.md up to date."""

import json
import re

import pytest

from b12labs.catalogue.entries import catalogue, listed_rules
from b12labs.catalogue.places import asserting_tests
from b12labs.catalogue.wording import in_words, laid_out
from b12labs.cli.main import main
from b12labs.logic.language import at_least, certain, finding, limit, measured, reported, reported_any
from b12labs.reference import guideline_keys, sources
from b12labs.rules import FINDINGS, QUESTIONS, VERDICTS
from tests.conftest import ROOT

PAGE = ROOT / "docs/rules.md"
ENTRIES = catalogue()
NAMES = [f"{entry.kind}-{entry.code}" for entry in ENTRIES]
LOW = finding("low", when=measured.b12 < limit.b12_deficient, says="Low.")
HIGH = finding("high", when=measured.mcv > limit.mcv_high, says="High.")


def test_every_rule_is_in_the_catalogue_once():
    assert len(set(NAMES)) == len(NAMES)
    assert {id(rule) for rule in (*FINDINGS, *VERDICTS, *QUESTIONS)} <= {id(rule) for rule in listed_rules()}


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_every_rule_has_a_code_a_sentence_a_source_and_a_test(entry):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", entry.code)
    for sentence in (entry.meaning, *(case.says for case in entry.cases)):
        assert sentence[0].isupper(), sentence
        assert sentence.rstrip()[-1] in ".?", sentence
    assert entry.sources or any(each.laboratory_decides for each in entry.limits)
    assert all(source.key in sources() for source in entry.sources)
    assert entry.tests, f"no test names {entry.code}: add an example to tests/rules/test_rules.py"


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_every_limit_of_a_rule_is_given_for_every_guideline(entry):
    names = {each.name for each in entry.limits}
    assert {(each.name, each.guideline) for each in entry.limits} == {
        (name, key) for name in names for key in guideline_keys()
    }
    for each in entry.limits:
        assert bool(each.values) == bool(each.source) == bool(each.checked)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (measured.mcv > limit.mcv_high, "MCV > mcv_high"),
        (~(measured.mcv > limit.mcv_high), "MCV <= mcv_high"),
        (LOW & (HIGH | ~reported("vegan_diet")), "low and (high or not reported(vegan_diet))"),
        (at_least(2, LOW, HIGH, reported("pregnant")), "at least 2 of: low; high; pregnant"),
        (LOW & ~certain(HIGH), "low, unless certain: high"),
        (~certain(LOW) & ~certain(HIGH), "not certain(low) and not certain(high)"),
        (reported_any("diet") & certain(LOW), "reported any(diet) and certain(low)"),
        (measured.mcv / measured.rbc < (measured.b12 + 1) * 2, "MCV / Red cells < (B12 + 1) * 2"),
    ],
)
def test_an_expression_is_put_in_words(rule, words):
    assert in_words(rule) == words


def test_a_long_expression_is_laid_out_as_a_list():
    many = [reported(f"{word}_of_the_clinical_context") for word in ("first_term", "second_term", "third_term")]
    rule = many[0] & (many[1] | many[2]) & ~certain(HIGH)
    assert laid_out(rule).splitlines() == [
        "all of:",
        "  reported(first_term_of_the_clinical_context)",
        "  reported(second_term_of_the_clinical_context) or reported(third_term_of_the_clinical_context)",
        "  unless certain: high",
    ]


def test_a_limit_is_the_one_that_the_guideline_prints_for_a_woman():
    low, anemia = (
        next(entry for entry in catalogue(["nice-ng239"]) if entry.code == code) for code in ("low_total_b12", "anemia")
    )
    assert [(each.values, each.source, each.checked) for each in low.limits] == [
        (("180 ng/L", "133 pmol/L"), "nice-ng239", "secondary")
    ]
    assert anemia.limits[0].values == ("120 g/L",)
    assert anemia.patient == ("age", "sex", "pregnancy", "elevation")


def test_a_test_of_a_rule_asserts_it(tmp_path):
    lines = [
        'TABLE = [("low_total_b12", {"medicines": ["folic_acid_high"]}, {})]',
        "@pytest.mark.parametrize('code', TABLE)",
        "def test_a(code):",
        "    assert code",
        "def test_b(result):",
        "    assert result.anemia",
        "    assert result.results['folate'] and interpret(risk_factors='macrocytosis')",
        "def test_c(result):",
        "    assert result.next_tests == ('folate',)",
        "    print('leukopenia')",
        "def helper():",
        '    assert "anemia"',
    ]
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "test_one.py").write_text("\n".join(lines), encoding="utf-8")
    found = asserting_tests(tmp_path)
    assert found["low_total_b12"] == ("test_one.py::test_a",)
    assert found["anemia"] == ("test_one.py::test_b",)
    assert found["folate"] == ("test_one.py::test_c",)
    assert not {"folic_acid_high", "macrocytosis", "leukopenia"} & found.keys()


def test_the_command_line_lists_the_rules_and_shows_one(capsys):
    assert main(["rules"]) == 0
    listed = capsys.readouterr().out
    assert all(entry.code in listed for entry in ENTRIES)
    assert main(["rules", "low_total_b12"]) == 0
    shown = capsys.readouterr().out
    assert "B12 < b12_deficient" in shown
    assert "180 ng/L, 133 pmol/L" in shown
    assert main(["rules", "low_totl_b12"]) == 2
    assert "did you mean 'low_total_b12'" in capsys.readouterr().err


def test_the_command_line_gives_the_rules_as_json(capsys):
    assert main(["rules", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(ENTRIES)
    assert main(["rules", "status", "--json"]) == 0
    assert {entry["kind"] for entry in json.loads(capsys.readouterr().out)} == {"verdict", "question"}

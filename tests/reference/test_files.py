"""The reference data: complete, sourced, and malformed files are named."""

import re

import pytest

from b12labs import reference
from b12labs.errors import GuidelineError, ReferenceDataError
from b12labs.limits.stratified import limits_of
from b12labs.reference import (
    analytes,
    context,
    formulas,
    guideline,
    guideline_keys,
    load_profile,
    profile_keys,
    read_guideline,
    sources,
)


def loinc_check_digit(code):
    digits, check = code.split("-")
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return (10 - sum(number // 10 + number % 10 for number in doubled) % 10) % 10 == int(check)


def test_every_loinc_code_passes_its_check_digit():
    codes = [code for analyte in analytes().values() for code in analyte.loinc]
    assert len(codes) > 50
    assert len(codes) == len(set(codes))
    assert [code for code in codes if not loinc_check_digit(code)] == []


def test_every_source_that_is_cited_is_in_the_bibliography():
    cited = {row.source for key in profile_keys() for rows in load_profile(key).limits.values() for row in rows}
    cited |= {analyte.plausible.source for analyte in analytes().values()}
    cited |= {analyte.molar_mass.source for analyte in analytes().values() if analyte.molar_mass}
    cited |= {formula.source for formula in formulas().values()}
    assert cited <= set(sources())


def test_every_source_of_the_bibliography_is_cited_somewhere():
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in reference.directory().rglob("*.toml")
        if path.name != "sources.toml"
    )
    rules = (reference.directory().parent / "src/b12labs/rules").glob("*.py")
    text += "\n".join(path.read_text(encoding="utf-8") for path in rules)
    text += (reference.directory().parent / "docs/guidelines.md").read_text(encoding="utf-8")
    assert [key for key in sources() if f'"{key}"' not in text and key != "user-file"] == []


@pytest.mark.parametrize("key", guideline_keys())
def test_every_guideline_binds_and_its_uses_are_complete(key):
    limits = limits_of(key)
    adult = limits.strata.number(limits.strata.band(40, 40), 0, 1)
    for name in (
        "b12_deficient",
        "b12_adequate",
        "mma_raised",
        "homocysteine_raised",
        "mcv_high",
        "hemoglobin_low",
        "egfr_reduced",
    ):
        low, high = limits[name].at(adult, substance=False)
        assert 0 < low <= high < float("inf"), (key, name)


def test_no_two_rows_of_a_limit_speak_for_the_same_patient():
    for key in profile_keys():
        for name, rows in load_profile(key).limits.items():
            for place, row in enumerate(rows):
                for other in rows[place + 1 :]:
                    ages = row.age[0] < other.age[1] and other.age[0] < row.age[1]
                    sexes = row.sex is None or other.sex is None or row.sex == other.sex
                    states = (
                        row.pregnancy is None or other.pregnancy is None or set(row.pregnancy) & set(other.pregnancy)
                    )
                    assert not (ages and sexes and states), (key, name, row, other)


def test_context_names_lead_to_one_term_and_groups_are_used():
    groups = {group for term in context().terms.values() for group in term.groups}
    assert groups == set(context().groups)


@pytest.mark.parametrize(
    ("broken", "key", "expected"),
    [
        ('[guideline]\nkey = "x"', "limits|title|guideline", ""),
        ("not toml at all [", "file", "TOML"),
        ("[[limits.b12_low]]\nvalues = []", "guideline|title", ""),
    ],
)
def test_a_malformed_guideline_is_named_with_its_key(tmp_path, broken, key, expected):
    path = tmp_path / "mine.toml"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(ReferenceDataError) as caught:
        read_guideline(path)
    assert caught.value.file == "mine.toml"
    assert re.search(key, caught.value.key)
    assert expected in caught.value.expected


def test_the_key_of_a_guideline_is_the_name_of_its_file(tmp_path, monkeypatch):
    text = (reference.directory() / "guidelines" / "nice-ng239.toml").read_text(encoding="utf-8")
    (tmp_path / "guidelines").mkdir()
    (tmp_path / "guidelines" / "other-name.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(reference.files, "directory", lambda: tmp_path)
    with pytest.raises(ReferenceDataError, match="expected the name of the file, 'other-name', got 'nice-ng239'"):
        reference.files.load_profile.__wrapped__("other-name")


@pytest.fixture
def a_guideline(tmp_path):
    text = (reference.directory() / "guidelines" / "nice-ng239.toml").read_text(encoding="utf-8")

    def write(change):
        path = tmp_path / "mine.toml"
        path.write_text(change(text), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ('unit = "ng/L"', 'unit = "ng"', "b12_deficient", "expected"),
        ("b12_deficient", "b12_deficent", "b12_deficent", "did you mean 'b12_deficient'"),
        ('source = "nice-ng239"', 'source = "nice"', "source", "sources.toml"),
        ('checked = "secondary"', 'checked = "sure"', "checked", "source"),
        ("value = 180", 'value = "180"', "b12_deficient", "number"),
        ("value = 180, ", "", "b12_deficient", "value"),
        ("bsh-2014", "bsh-2041", "uses", "bsh-2041"),
        ("min_age = 16", "min_age = -1", "min_age", "greater"),
    ],
)
def test_a_fault_says_where_it_is_and_what_was_expected(a_guideline, old, new, key, expected):
    with pytest.raises(ReferenceDataError) as caught:
        read_guideline(a_guideline(lambda text: text.replace(old, new)))
    assert key in caught.value.key
    assert expected in caught.value.expected


def test_an_unknown_guideline_is_refused_with_the_nearest():
    with pytest.raises(GuidelineError, match="did you mean 'nice-ng239'"):
        guideline("nice-ng293")

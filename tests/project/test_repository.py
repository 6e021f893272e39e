"""What a public repository has: an intended use, reviews, a citation, and a package's page whose links work."""

import re
import tomllib
from datetime import date

import pytest

import hatch_build
from b12labs import __version__
from b12labs.reference import guideline_keys
from site_pages import model_card
from tests.conftest import ROOT
from validation import reviews

FILE = "src/b12labs/rules/b12_status.py"


def review(**more):
    return {
        "file": FILE, "sha256": reviews.digest(ROOT / FILE), "reviewer": "A. Clinician, hematologist",
        "date": date(2026, 12, 1), "read_against": ["nice-ng239"], "verdict": "agrees", **more,
    }  # fmt: skip


def test_every_link_of_the_package_s_page_leads_to_the_repository():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    made = hatch_build.absolute(page, "https://example.org/b12labs")
    targets = [link.partition(")")[0] for link in made.split("](")[1:]]
    assert targets
    assert all(target.startswith(("https://", "http://", "#")) for target in targets)
    assert "(https://example.org/b12labs/blob/main/docs/index.md)" in made
    pictures = re.findall(r'\bsrc(?:set)?="([^"]*)"', made)
    assert pictures
    assert all(picture.startswith("https://example.org/b12labs/raw/main/docs/images/") for picture in pictures)


def test_the_address_of_the_repository_stands_once():
    address = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["b12labs"]["repository"]
    named = [
        path
        for path in (ROOT / "pyproject.toml", *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "CITATION.cff")
        if address in path.read_text(encoding="utf-8")
    ]
    assert named == [ROOT / "pyproject.toml"]


def test_a_citation_names_this_version():
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_the_model_card_has_every_guideline_and_says_that_nobody_has_reviewed_the_rules():
    card = model_card.page("2026.1.0")
    assert "2026.1.0" in card
    assert all(f"(`{key}`)" in card for key in guideline_keys())
    assert "There is no review yet" in card


def test_a_review_stands_until_its_file_changes(monkeypatch):
    monkeypatch.setattr(model_card, "reviews", lambda: [reviews.Review(**review())])
    assert "| A. Clinician, hematologist | 2026-12-01 | agrees | unchanged |" in model_card.page("2026.1.0")
    monkeypatch.setattr(model_card, "reviews", lambda: [reviews.Review(**review(sha256="0" * 64))])
    assert "**changed since**" in model_card.page("2026.1.0")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"file": "README.md"}, "file: expected a file under"), ({"verdict": "fine"}, "verdict: expected one of")],
)
def test_a_review_of_something_else_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        reviews.Review(**review(**wrong))


def test_the_list_of_reviews_is_read():
    assert reviews.reviews() == []


def test_an_entry_to_fill_in_is_printed_with_the_file_s_hash(capsys):
    assert reviews.main([FILE]) == 0
    entry = tomllib.loads(capsys.readouterr().out)["review"][0]
    assert entry["file"] == FILE
    assert entry["sha256"] == reviews.digest(ROOT / FILE)
    assert reviews.main(["nothing.py"]) == 2

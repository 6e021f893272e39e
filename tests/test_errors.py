"""The ends of messages: the nearest name, and none where nothing is near."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from b12labs import B12LabsError, differential, interpret, read_mapping
from b12labs.errors import did_you_mean

SOURCE = Path(__file__).parents[1] / "src" / "b12labs"


def test_the_nearest_name_is_suggested_whatever_its_case_and_none_when_nothing_is_like_it() -> None:
    assert did_you_mean("HOLOTCC", ("b12", "holotc")) == "; did you mean 'holotc'?"
    assert did_you_mean(12, ("b12", "holotc")) == "; did you mean 'b12'?"
    assert did_you_mean("zebra", ("b12", "holotc")) == ""


def test_the_hint_is_written_in_one_place() -> None:
    writing = [path.name for path in SOURCE.rglob("*.py") if "did you mean" in path.read_text(encoding="utf-8").lower()]
    assert writing == ["errors.py"]


def _mapping(folder: Path, text: str) -> None:
    (folder / "site.toml").write_text(text, encoding="utf-8")
    read_mapping(folder / "site.toml")


@pytest.mark.parametrize(
    ("refused", "listed"),
    [
        (lambda _: interpret(b12="150 pg/mL", guideline="zebra"), "not a guideline. Known: "),
        (lambda _: interpret(b12="150 pg/mL", guideline="norwey"), "did you mean 'norway'? Known: "),
        (lambda _: differential(side="zebra"), "got 'zebra'. Known: "),
        (lambda _: differential(side="bilaterale"), "did you mean 'bilateral'? Known: "),
        (lambda folder: _mapping(folder, 'decimal = "zebra"'), "'zebra' was given. Accepted: "),
    ],
)
def test_a_list_of_what_is_known_begins_a_sentence_of_its_own(
    refused: Callable[[Path], object], listed: str, tmp_path: Path
) -> None:
    with pytest.raises(B12LabsError) as error:
        refused(tmp_path)
    assert listed in str(error.value)


@pytest.mark.parametrize(
    ("given", "meant"), [("formulry", "formulary"), ("guidline", "guideline"), ("decimals", "decimal")]
)
def test_a_misspelled_option_of_one_patient_is_refused_with_the_nearest(given: str, meant: str) -> None:
    with pytest.raises(B12LabsError, match=f"'{given}' is neither .*; did you mean '{meant}'"):
        interpret(b12="150 pg/mL", **{given: "uk"})

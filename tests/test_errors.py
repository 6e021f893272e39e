"""The ends of messages: the nearest name, and none where nothing is near."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from b12labs import B12LabsError, differential, follow_up, interpret, interpret_frame, read_mapping, read_panel, screen
from b12labs.errors import did_you_mean
from b12labs.files import interpret_file, read_row

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
        (lambda _: interpret(b12="150 pg/mL", guideline="zebra"), "got 'zebra'. Known: "),
        (lambda _: interpret(b12="150 pg/mL", guideline="norwey"), "did you mean 'norway'? Known: "),
        (lambda _: differential(side="zebra"), "got 'zebra'. Known: "),
        (lambda _: differential(side="bilaterale"), "did you mean 'bilateral'? Known: "),
        (lambda folder: _mapping(folder, 'decimal = "zebra"'), "got 'zebra'. Accepted: "),
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


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda _: interpret([{"b12": "145 pg/mL"}]), "panel"),
        (lambda _: interpret("145 pg/mL"), "panel"),
        (lambda _: interpret(b12=145, units="pg/mL"), "units"),
        (lambda _: interpret(b12=145, units={"b12": 1}), "units"),
        (lambda _: interpret_frame(pd.DataFrame({"b12": ["145 pg/mL"]}), units="pg/mL"), "units"),
        (lambda _: interpret_frame(pd.DataFrame({"b12": ["145 pg/mL"]}), columns=["b12"]), "columns"),
        (lambda path: interpret_file(path, part_rows=0), "part_rows"),
        (lambda path: interpret_file(path, part_rows=-1), "part_rows"),
        (lambda path: interpret_file(path, part_rows="x"), "part_rows"),
        (lambda path: interpret_file(path, window_hours=-1), "window_hours"),
        (lambda path: interpret_file(path, window_hours="x"), "window_hours"),
        (lambda path: interpret_file(path, strict="x"), "strict"),
        (lambda path: interpret_file(path, raw_text="x"), "raw_text"),
        (lambda path: interpret_file(path, use_preliminary="x"), "use_preliminary"),
        (lambda path: interpret_file(path, columns=["b12"]), "columns"),
        (lambda _: interpret_file([]), "input"),
        (lambda _: interpret_file(None), "input"),
        (lambda path: read_row(path, "x"), "number"),
        (lambda _: follow_up(None), "draws"),
        (lambda _: follow_up([("2024-01-01", "145 pg/mL")]), "draws"),
        (lambda _: screen(b12="100 pg/mL"), "b12"),
        (lambda _: read_panel(None), "values"),
    ],
)
def test_a_public_function_refuses_an_argument_of_another_kind_and_names_it(call, field, tmp_path):
    path = tmp_path / "labs.csv"
    path.write_text("B12 [pg/mL]\n145\n", encoding="utf-8")
    with pytest.raises(B12LabsError, match=rf"^{field}: ") as caught:
        call(path)
    assert caught.value.field == field


def test_paths_may_be_texts(tmp_path):
    path = tmp_path / "labs.csv"
    path.write_text("B12 [pg/mL]\n145\n", encoding="utf-8")
    interpret_file(str(path), output=str(tmp_path / "out.csv"), problems=str(tmp_path / "problems.csv"))
    assert "deficient" in (tmp_path / "out.csv").read_text(encoding="utf-8")

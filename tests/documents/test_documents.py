"""Documents live longer than releases: what any release wrote is read by every later one."""

import copy
import json
from pathlib import Path

import jsonschema_rs
import pandas as pd
import pytest

from b12labs import Certainty, FollowUp, Interpretation, Screening, interpret, schemas, summarize
from b12labs.cohort_report import CohortReport
from b12labs.errors import PanelError
from b12labs.integrations import fhir
from b12labs.verification import verify
from b12labs.version import __version__
from tests.documents.making import HERE, write_documents

RELEASES = sorted(path for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__")
INTERPRETATIONS = sorted(HERE.glob("*/interpretations/*.json"))
SCHEMA = schemas.interpretation_schema()
#: The members of an interpretation, and of other answers, that are maps: their keys are codes, not names of members.
MAPS = ("findings", "results", "possible", "sources")
OTHER_MAPS = (
    *("verdicts", "probabilities"),
    *("units", "status", "truths", "urgency", "treatment_route", "anemia_grade", "next_tests"),
)
LATER = {"in_a_later_version": {"some": ["thing"]}}


def named(path):
    return "-".join(path.relative_to(HERE).with_suffix("").parts)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def holds_all_of(made, given):
    """Tell whether everything that was given is in what was made of it."""
    if isinstance(given, dict):
        return isinstance(made, dict) and all(name in made and holds_all_of(made[name], given[name]) for name in given)
    if isinstance(given, list):
        return len(made) == len(given) and all(map(holds_all_of, made, given))
    return made == given


def with_later_members(part, maps=MAPS, *, is_map=False):
    """Return a document with a member more in each of its objects."""
    if isinstance(part, list):
        return [with_later_members(each, maps) for each in part]
    if not isinstance(part, dict):
        return part
    grown = {name: with_later_members(value, maps, is_map=name in maps) for name, value in part.items()}
    return grown if is_map else {**grown, **LATER}


def shown(result):
    return result.to_text(), result.to_text(audience="patient"), result._repr_html_()


def test_there_are_documents_of_the_first_release_and_of_this_one():
    assert HERE / __version__ in RELEASES
    assert HERE / "0.1.0" in RELEASES
    assert len(INTERPRETATIONS) >= 12


@pytest.mark.parametrize("path", INTERPRETATIONS, ids=named)
def test_an_interpretation_of_any_release_is_read_shown_and_written_with_all_it_says(path):
    document = read(path)
    jsonschema_rs.validator_for(SCHEMA).validate(document)
    result = Interpretation.model_validate(document)
    written = json.loads(result.to_json())
    assert holds_all_of(written, document)
    assert Interpretation.model_validate(written) == result
    assert all(shown(result))


@pytest.mark.parametrize("path", INTERPRETATIONS, ids=named)
def test_what_a_later_release_adds_to_any_part_is_kept(path):
    document = with_later_members(read(path))
    jsonschema_rs.validator_for(SCHEMA).validate(document)
    result = Interpretation.model_validate(document)
    assert holds_all_of(json.loads(result.to_json()), document)
    assert holds_all_of(result.model_dump(mode="json"), document)
    assert shown(result) == shown(Interpretation.model_validate(read(path)))


@pytest.mark.parametrize("path", INTERPRETATIONS[:4], ids=named)
def test_what_the_schema_does_not_require_may_be_absent(path):
    whole = read(path)
    for absent in SCHEMA["properties"].keys() - set(SCHEMA["required"]):
        document = {name: value for name, value in copy.deepcopy(whole).items() if name != absent}
        jsonschema_rs.validator_for(SCHEMA).validate(document)
        assert all(shown(Interpretation.model_validate(document)))


def test_an_answer_that_does_not_say_what_could_overturn_it_is_not_read_as_if_nothing_could():
    document = read(HERE / "0.1.0/interpretations/deficient.json")
    for member in ("status", "urgency", "treatment", "overturned_by", "possible", "problems", "version", "guideline"):
        with pytest.raises(ValueError, match=member):
            Interpretation.model_validate({name: value for name, value in document.items() if name != member})


def test_an_interpretation_that_was_just_made_has_only_members_of_the_schema():
    for values in read(HERE / "patients.json").values():
        written = json.loads(interpret(**values).to_json())
        jsonschema_rs.validator_for(closed(SCHEMA)).validate(written)
        assert set(written) == set(SCHEMA["properties"])


def closed(schema):
    """Return a schema that allows no member but its own."""
    parts = {name: {**part, "additionalProperties": False} for name, part in schema["$defs"].items()}
    return {**schema, "additionalProperties": False, "$defs": parts}


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("follow_up.json", FollowUp),
        ("screening.json", Screening),
        ("certainty/deficient.json", Certainty),
        ("certainty/indeterminate.json", Certainty),
    ],
)
def test_other_answers_of_any_release_are_read_and_keep_what_is_added(release, name, model):
    document = with_later_members(read(release / name), OTHER_MAPS)
    assert holds_all_of(model.model_validate(document).model_dump(mode="json"), document)


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_cohort_report_of_any_release_is_read_and_shown(release):
    document = {
        "made": "2026-11-29",
        "input": "rows.csv",
        **with_later_members(read(release / "report.json"), OTHER_MAPS),
    }
    report = CohortReport.model_validate(document)
    assert holds_all_of(report.model_dump(mode="json"), document)
    assert "rows.csv" in report.to_html()


@pytest.mark.parametrize("path", sorted(HERE.glob("*/fhir/*.json")), ids=named)
def test_what_any_release_wrote_in_fhir_is_known_as_ours_and_not_interpreted_again(path):
    assert not fhir.read(fhir.read_json(path.read_bytes())).draws


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
@pytest.mark.parametrize("table", ["rows", "long_rows"])
def test_tables_of_any_release_are_summed_up(release, table):
    written = pd.read_csv(release / f"{table}.csv")
    parquet = pd.read_parquet(release / f"{table}.parquet")
    assert list(parquet.columns) == list(written.columns)
    for frame in (written, parquet):
        assert summarize(frame).rows == len(written) > 1


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_of_every_document_of_any_release_it_is_told_whether_it_would_be_given_again(release):
    said = [
        each
        for kind in ("interpretations", "fhir", "decisions")
        for path in sorted((release / kind).glob("*.json"))
        for each in verify(path)
    ]
    said += [each for name in ("rows.csv", "rows.parquet", "long_rows.csv") for each in verify(release / name)]
    assert {each.kind for each in said} >= {"interpretation", "FHIR Provenance", "decision record", "table"}
    # 0.1.0 did not say with what it was made.
    assert {each.made is None for each in said} == {release.name == "0.1.0"}


def test_a_panel_still_refuses_a_field_that_nobody_knows():
    with pytest.raises(PanelError, match="in_a_later_version"):
        interpret(b12="145 pg/mL", in_a_later_version="1 mg")


def test_documents_of_this_state_are_as_those_that_are_kept(tmp_path):
    """Every kind of document that is kept of 0.1.0 can still be made, and is made the same twice."""
    for folder in ("one", "two"):
        write_documents(tmp_path / folder)
    made = {path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*")}
    assert made >= {path.relative_to(HERE / "0.1.0") for path in (HERE / "0.1.0").rglob("*.*")}
    for name in made:
        assert Path(tmp_path / "one" / name).read_bytes() == Path(tmp_path / "two" / name).read_bytes()

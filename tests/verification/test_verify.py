"""`b12labs verify` says whether this installation would give the answers of a file again."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from b12labs import B12LabsError, interpret
from b12labs.cli.main import main
from b12labs.cohort_report import report_file
from b12labs.files import interpret_file
from b12labs.files.made_with import beside
from b12labs.integrations import fhir
from b12labs.integrations.decisions import Recorder
from b12labs.verification import verify
from b12labs.verification.rerun import Rerun
from tests.conftest import ROOT
from tests.documents.making import HERE
from tests.integrations.fhir.test_output import CLASSIC, ISSUED, draw_of

LABS = ROOT / "examples/labs.csv"
LONG = HERE / "long_rows.csv"
NG239 = ROOT / "reference_ranges/guidelines/nice-ng239.toml"
MADE_BY_OTHER_LIMITS = """
from b12labs.files import interpret_file
interpret_file("mix.csv", output="out.csv")
"""


def table(folder, name="out.csv", given=LABS, **options):
    interpret_file(given, output=folder / name, **options)
    return folder / name


def altered(path, **changes):
    side = beside(path)
    side.write_text(json.dumps({**json.loads(side.read_text(encoding="utf-8")), **changes}), encoding="utf-8")
    return path


def written(path, document):
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def documents(folder):
    """One of every kind that this installation makes."""
    draw = draw_of(CLASSIC)
    result = interpret(draw.panel, guideline="bsh-2014")
    records = []
    Recorder(records.append, "abc").record(result, service="interpret")
    resources = fhir.as_resources(draw, result, issued=ISSUED, report=True)
    bundle = f'{{"resourceType": "Bundle", "entry": [{{"resource": {fhir.to_json(resources[0])}}}]}}'
    source = {"extension": {"b12labs-provenance": result.provenance.model_dump(mode="json")}}
    return [
        written(folder / "answer.json", result.to_json()),
        written(folder / "bundle.json", bundle),
        written(folder / "resources.json", fhir.to_json(resources)),
        written(folder / "record.json", records[0]),
        written(folder / "records.ndjson", "\n".join(map(json.dumps, records * 3))),
        written(folder / "cards.json", {"cards": [{"summary": "x", "source": source}]}),
        written(folder / "report.json", report_file(LABS).model_dump_json()),
        table(folder),
        table(folder, "out.tsv.gz", certainty=True, findings=True),
        table(folder, "out.parquet", guideline="norway"),
        beside(folder / "out.csv"),
    ]


def test_every_document_of_this_installation_is_given_again(tmp_path, capsys):
    paths = documents(tmp_path)
    for path in paths:
        assert all(each.again for each in verify(path)), path
    assert main(["verify", *map(str, paths)]) == 0
    said = capsys.readouterr().out
    assert "3 decision records: b12labs" in said
    assert said.count("Yes: this installation gives the same answers.") == len(paths) + 1


@pytest.mark.parametrize(
    "name",
    ["interpretations/deficient.json", "fhir/deficient.json", "decisions/deficient.json", "rows.csv", "rows.parquet"],
)
def test_a_document_of_0_1_0_does_not_say_and_is_no_yes(name, capsys):
    assert main(["verify", str(HERE / "0.1.0" / name)]) == 2
    assert "No: it has no record of the rules that it was made with" in capsys.readouterr().out


@pytest.mark.parametrize("changed", ["version", "rules_hash", "guideline_hash"])
def test_another_version_other_rules_or_another_guideline_is_a_no(tmp_path, changed):
    (found,) = verify(altered(table(tmp_path), **{changed: "0" * 64}))
    assert not found.again
    assert [each.same for each in found.compared if each.bears].count(False) == 1
    assert "No: this installation may give other answers." in str(found)


def test_other_sentences_alone_are_said_and_change_no_answer(tmp_path):
    (found,) = verify(altered(table(tmp_path), sentences_hash="0" * 64))
    assert found.again
    assert "(only the printed text)" in str(found)


def test_two_tables_of_different_limits_are_told_apart(tmp_path, capsys):
    for part in ("src", "reference_ranges"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    limits = tmp_path / "reference_ranges/guidelines/nice-ng239.toml"
    text = limits.read_text(encoding="utf-8")
    limits.write_text(text.replace('value = 180, unit = "ng/L"', 'value = 250, unit = "ng/L"'), encoding="utf-8")
    written(tmp_path / "mix.csv", "B12 [pg/mL],age,sex\n200,50,F\n120,50,F\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}
    subprocess.run([sys.executable, "-c", MADE_BY_OTHER_LIMITS], env=environment, cwd=tmp_path, check=True)
    other = tmp_path / "out.csv"
    here = table(tmp_path, "here.csv", tmp_path / "mix.csv")
    assert main(["verify", str(here)]) == 0
    assert main(["verify", str(other)]) == 2
    assert "+edited" in capsys.readouterr().out
    (found,) = verify(other, rerun=True)
    assert (found.rerun.rows, found.rerun.different) == (2, 1)
    assert found.rerun.first[0][0] == 1
    assert "status" in found.rerun.first[0][1]
    assert "this installation gives other answers" in str(found)


@pytest.mark.parametrize("name", ["out.csv", "out.tsv.gz", "out.parquet"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"findings": True, "certainty": True, "unreported_context": "unknown", "guideline": "aafp-2025"},
        {"findings": ["anemia", "macrocytosis"], "certainty": {"b12": (3, 9.5)}, "raw_text": True},
    ],
)
def test_a_table_is_interpreted_again_with_its_own_options(tmp_path, name, options):
    (found,) = verify(table(tmp_path, name, **options), rerun=True)
    assert found.again
    assert found.rerun.rows == LABS.read_text(encoding="utf-8").count("\n") - 1
    assert found.rerun.different == 0


def test_units_columns_and_a_decimal_comma_are_given_again(tmp_path):
    written(tmp_path / "in.csv", "Kobalamin;age;sex\n145,5;67;F\n420,5;40;M\n")
    path = table(
        tmp_path, given=tmp_path / "in.csv", columns={"Kobalamin": "b12"}, units={"b12": "pmol/L"}, decimal=","
    )
    (found,) = verify(path, rerun=True)
    assert str(found.rerun) == "Interpreted again: 2 rows, all the same."


def test_rows_decide_whatever_the_versions_and_an_edited_answer_is_found_with_its_place(tmp_path):
    path = altered(table(tmp_path), version="0.0.9")
    assert not verify(path)[0].again
    assert verify(path, rerun=True)[0].again
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if ",deficient," in line)
    lines[place] = lines[place].replace(",deficient,", ",deficiency_unlikely,")
    path.write_text("".join(lines), encoding="utf-8")
    (found,) = verify(path, rerun=True)
    assert not found.again
    assert found.rerun.first == ((place, ("status",)),)
    assert f"row {place} (status)" in str(found)


def test_a_guideline_file_of_ones_own_is_asked_for_and_compared_by_what_it_decides(tmp_path, capsys):
    packaged = NG239.read_text(encoding="utf-8").replace('key = "nice-ng239"', 'key = "ours"')
    own = written(tmp_path / "ours.toml", packaged)
    path = table(tmp_path, guideline=str(own))
    assert main(["verify", str(path), "--rerun"]) == 2
    said = capsys.readouterr().out
    assert "not known; give its file as --guideline" in said
    assert "made with a guideline file, ours.toml" in said
    assert main(["verify", str(path), "--rerun", "--guideline", str(own)]) == 0
    written(own, "# a comment\n" + packaged)
    assert main(["verify", str(path), "--guideline", str(own)]) == 0
    written(tmp_path / "changed.toml", packaged.replace("180", "190"))
    assert main(["verify", str(path), "--guideline", str(tmp_path / "changed.toml")]) == 2


def test_the_mapping_by_which_a_table_was_read_is_asked_for(tmp_path):
    site = written(tmp_path / "site.toml", '[tests]\n"Kobalamin" = "b12"\n[units]\nb12 = "pmol/L"\n')
    other = written(tmp_path / "other.toml", '[tests]\n"Kobalamin" = "b12"\n[units]\nb12 = "pg/mL"\n')
    written(tmp_path / "in.csv", "Kobalamin,age,sex\n145,67,F\n")
    path = table(tmp_path, given=tmp_path / "in.csv", mapping=site)
    (found,) = verify(path, rerun=True)
    assert "give its file as --mapping" in found.rerun.why_not
    assert verify(path, rerun=True, mapping=site)[0].rerun.rows == 1
    with pytest.raises(B12LabsError, match="another"):
        verify(path, rerun=True, mapping=other)


def observed(number, code, value, unit):
    return {
        "resourceType": "Observation",
        "id": number,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": "Patient/7"},
        "effectiveDateTime": "2026-11-20T08:30:00+01:00",
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }


def test_fhir_beside_the_results_that_it_was_made_of_is_interpreted_again(tmp_path):
    results = [
        {"resourceType": "Patient", "id": "7", "gender": "female", "birthDate": "1960-01-01"},
        observed("1", "2132-9", 145, "pg/mL"),
        observed("2", "718-7", 10.4, "g/dL"),
    ]
    (draw,) = fhir.read(results).draws
    result = interpret(draw.panel, guideline="bsh-2014", unreported_context="unknown", formulary="us")
    ours = json.loads(fhir.to_json(fhir.as_resources(draw, result, issued=ISSUED, report=True)))

    def verified(*resources):
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}
        found = verify(written(tmp_path / "bundle.json", bundle), rerun=True)
        return next(each for each in found if each.kind == "FHIR Observation")

    assert str(verified(*results, *ours).rerun) == "Interpreted again: 1 Observation, all the same."
    assert "not in the file" in verified(*ours).rerun.why_not
    higher = [results[0], observed("1", "2132-9", 900, "pg/mL"), results[2]]
    found = verified(*higher, *ours)
    assert not found.again
    ((number, codes),) = found.rerun.first
    assert number == 1
    assert {"b12", "low_total_b12"} <= set(codes)


def test_what_does_not_hold_its_inputs_says_so(tmp_path):
    (answer,) = verify(written(tmp_path / "answer.json", interpret(b12="145 pg/mL").to_json()), rerun=True)
    assert "does not hold all of its input" in answer.rerun.why_not
    assert answer.again
    (draws,) = verify(table(tmp_path, given=LONG), rerun=True)
    assert "long table" in draws.rerun.why_not
    assert draws.made.rows_are == "draw"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.csv", None, "there is no such file"),
        ("other.json", '{"a": 1}', "got none of them"),
        ("other.json", "no JSON", "expected a table, or JSON"),
        ("answer.json", '{"version": "1", "guideline": "x", "provenance": {"version": "1"}}', "rules_version"),
        ("patient.json", '{"resourceType": "Patient"}', "got none of them"),
        ("out.parquet", "no Parquet", "not readable as Parquet"),
    ],
)
def test_what_cannot_be_verified_is_an_error_that_says_why(tmp_path, capsys, name, content, said):
    if content is not None:
        written(tmp_path / name, content)
    assert main(["verify", str(tmp_path / name)]) == 2
    assert said in capsys.readouterr().err


def test_everything_is_there_as_json(tmp_path, capsys):
    path = table(tmp_path)
    assert main(["verify", str(path), "--rerun", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)[str(path)]
    assert found["again"] is True
    assert found["rerun"]["different"] == 0
    assert {each["what"] for each in found["compared"]} == {"b12labs", "rules and numbers", "guideline", "sentences"}


def test_many_differences_are_counted_and_the_first_are_named():
    rerun = Rerun(rows=40, different=12, first=tuple((row, ("status",)) for row in range(1, 11)))
    assert str(rerun).endswith("row 10 (status); and 2 more.")
    assert str(replace(rerun, different=0, first=())) == "Interpreted again: 40 rows, all the same."

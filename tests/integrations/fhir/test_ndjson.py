"""A bulk export in NDJSON: one reading a patient, whatever lies in which file and in which order."""

import gzip
import json
import random
import tempfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b12labs import interpret
from b12labs.errors import PanelError
from b12labs.integrations import fhir
from b12labs.integrations.fhir import ndjson
from tests.integrations.fhir.resources import observation, patient, request

MEDICATION = {"resourceType": "Medication", "id": "met", "code": {"text": "metformin"}}


def resources_of(number):
    """Return the resources of one patient, whose B12 is the patient's number."""
    who = {"reference": f"Patient/{number}"}
    yield patient(id=str(number))
    yield observation(id=f"b12-{number}", value=number, subject=who)
    yield observation("mcv", 112, "fL", id=f"mcv-{number}", subject=who)
    yield request(
        id=f"r-{number}",
        subject=who,
        medicationCodeableConcept=None,
        medicationReference={"reference": "Medication/met"},
    )


def written(folder, resources, name="export.ndjson"):
    lines = "".join(
        json.dumps(resource, default=str).replace('"value": "', '"value": ').replace('", "unit"', ', "unit"') + "\n"
        for resource in resources
    )
    path = folder / name
    path.write_bytes(gzip.compress(lines.encode()) if name.endswith(".gz") else lines.encode())
    return path


def found(readings):
    return {draw.patient: draw for reading in readings for draw in reading.draws}


@pytest.fixture
def export(tmp_path):
    """Return a folder with a file a kind, as servers write them, in no order within."""
    resources = [MEDICATION, *(resource for number in range(150, 170) for resource in resources_of(number))]
    random.Random(1).shuffle(resources)
    for kind in ("Patient", "Observation", "MedicationRequest", "Medication"):
        written(
            tmp_path,
            [one for one in resources if one["resourceType"] == kind],
            f"{kind}.ndjson" + (".gz" if kind == "Patient" else ""),
        )
    (tmp_path / "manifest.json").write_text("{}")
    return tmp_path


@pytest.mark.parametrize("part_bytes", [ndjson.PART_BYTES, 2000])
def test_every_patient_is_read_once_with_everything_of_the_patient(export, monkeypatch, part_bytes):
    monkeypatch.setattr(ndjson, "PART_BYTES", part_bytes)
    readings = list(fhir.read_ndjson(export))
    assert len(readings) == 20
    assert [reading.problems for reading in readings if reading.problems] == []
    for number in range(150, 170):
        draw = found(readings)[f"Patient/{number}"]
        assert draw.panel.results["b12"].low == number
        assert (draw.panel.age, draw.panel.terms) == (67, {"metformin"})
        assert set(draw.sources) == {"b12", "mcv"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(order=st.randoms(), parts=st.sampled_from([500, 10_000_000]))
def test_the_order_of_lines_does_not_matter(tmp_path_factory, order, parts):
    resources = [MEDICATION, *(resource for number in range(150, 155) for resource in resources_of(number))]
    folder = tmp_path_factory.mktemp("export")
    expected = found(fhir.read_ndjson(written(folder, resources)))
    order.shuffle(resources)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ndjson, "PART_BYTES", parts)
        assert found(fhir.read_ndjson(written(folder, resources, "shuffled.ndjson"))) == expected


def test_a_line_gives_what_a_bundle_gives(tmp_path):
    resources = [*resources_of(150), MEDICATION]
    [reading] = fhir.read_ndjson(written(tmp_path, resources))
    assert interpret(reading.draws[0].panel) == interpret(fhir.read(resources).draws[0].panel)


def test_a_line_that_cannot_be_read_is_reported_with_its_place(tmp_path):
    path = written(tmp_path, resources_of(150))
    with path.open("ab") as file:
        file.write(
            b'\n{"resourceType": "Observation", "resourceType": 1}\n{"no": "resource"}\n[]\n"'
            + b"a" * 3_000_000
            + b'"\n'
        )
    *_, last = fhir.read_ndjson(path)
    assert [(source, problem.code) for source, problem in last.problems] == [
        ("export.ndjson, line 6", "duplicate_member"),
        ("export.ndjson, line 7", "not_a_resource"),
        ("export.ndjson, line 8", "not_a_resource"),
        ("export.ndjson, line 9", "too_large"),
    ]


def test_a_line_of_a_kind_that_is_not_read_is_reported(tmp_path):
    given = [
        {"resourceType": []},
        {"resourceType": "Bundle", "entry": []},
        {"resourceType": "MedicationAdministration"},
        {"resourceType": "Basic"},
    ]
    problems = [
        problem.code for reading in fhir.read_ndjson(written(tmp_path, given)) for _, problem in reading.problems
    ]
    assert sorted(problems) == ["not_a_resource", "not_read", "not_read"]


def test_a_compressed_file_that_is_cut_off_or_damaged_is_an_error(tmp_path):
    path = written(tmp_path, resources_of(150), "export.ndjson.gz")
    whole = path.read_bytes()
    for damaged in (whole[:-9], b"no", whole[:20] + bytes(40) + whole[60:]):
        path.write_bytes(damaged)
        with pytest.raises(PanelError) as caught:
            list(fhir.read_ndjson(path))
        assert caught.value.code == "unreadable_file"


def test_a_result_of_nobody_is_reported(tmp_path):
    [reading] = fhir.read_ndjson(written(tmp_path, [observation(subject=None)]))
    assert [problem.code for _, problem in reading.problems] == ["missing_patient"]


@pytest.mark.parametrize("name", ["", "missing.ndjson"])
def test_a_folder_without_files_is_an_error(tmp_path, name):
    with pytest.raises(PanelError) as caught:
        list(fhir.read_ndjson(tmp_path / name))
    assert caught.value.code == "no_files"


def parts_of(monkeypatch, path):
    """Return how many parts lie on disk while the file is read."""
    opened = []
    real = tempfile.TemporaryFile
    monkeypatch.setattr(ndjson.tempfile, "TemporaryFile", lambda: opened.append(real()) or opened[-1])
    list(fhir.read_ndjson(path))
    return len(opened)


def test_what_fits_in_memory_is_not_written_to_disk_and_never_more_than_256_parts_are(tmp_path, monkeypatch):
    path = written(tmp_path, resources_of(150))
    size = path.stat().st_size
    for part_bytes, parts in ((size + 1, 0), (size, 2), (size // 255, 256), (1, 256)):
        monkeypatch.setattr(ndjson, "PART_BYTES", part_bytes)
        assert parts_of(monkeypatch, path) == parts


def test_a_compressed_file_counts_as_eight_times_as_large(tmp_path, monkeypatch):
    path = written(tmp_path, resources_of(150), "export.ndjson.gz")
    for share, parts in ((8, 2), (9, 0), (1, 9)):
        monkeypatch.setattr(ndjson, "PART_BYTES", path.stat().st_size * share)
        assert parts_of(monkeypatch, path) == parts

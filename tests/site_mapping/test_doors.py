"""One mapping of a site is understood at every door: tables, files, FHIR, HL7 v2, CDS Hooks and the service.

The mapping is the one of docs/tables.md.
"""

import json
import re
from pathlib import Path

import pandas as pd
import polars
import pytest
from fastapi.testclient import TestClient

from b12labs import (
    SiteMapping,
    audit,
    compare_guidelines,
    follow_up,
    follow_up_frame,
    interpret,
    interpret_frame,
    interpret_long,
    read_mapping,
    read_panel,
    screen,
    screen_frame,
    to_draws,
)
from b12labs.cli.main import main
from b12labs.errors import ReferenceDataError
from b12labs.files import read_row
from b12labs.integrations import fhir, hl7v2
from b12labs.integrations.cds_hooks.services import respond
from b12labs.integrations.options import Options
from b12labs.integrations.polars import interpret as interpret_lazy
from b12labs.integrations.server.app import create_app
from b12labs.integrations.server.settings import Settings

PAGE = Path(__file__).parents[2] / "docs/tables.md"


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "hospital.toml"
    page = PAGE.read_text(encoding="utf-8")
    path.write_text(re.search(r"## One mapping.*?```toml\n(.*?)```", page, re.DOTALL)[1], encoding="utf-8")
    return path


EXPECTED = interpret(b12="145 pg/mL", hemoglobin="10.4 g/dL", sex="female", medicines="metformin")
WIDE = pd.DataFrame({
    "VB12-X": ["145"], "b12_unit": ["pg pro ml"], "b12_flag": ["--"], "Hb-X": ["10.4"], "sex": ["2"],
    "medicines": ["Glukomin 500; Kamillentee"],
})  # fmt: skip
LONG = pd.DataFrame(
    [
        ("A", "2024-03-01", "VB12-X", "145", "pg pro ml", "Edited Result - FINAL", "Rohr 7", "--", "2", "Glukomin 500"),
        ("A", "2024-03-01", "Hb-X", "10.4", "", "final", "", "", "2", "Glukomin 500"),
        ("A", "2024-03-01", "MMA", "0.1", "umol/L", "Storno", "", "", "2", "Kamillentee"),
    ],
    columns=["patient", "date", "test", "value", "unit", "status", "specimen", "flag", "sex", "medicines"],
)


def test_a_wide_table_of_any_library_and_a_file_of_it(site, tmp_path, capsys):
    mapping = read_mapping(site)
    for frame in (WIDE, polars.from_pandas(WIDE), polars.from_pandas(WIDE).to_arrow()):
        out = polars.DataFrame(interpret_frame(frame, mapping=site))
        assert (out["status"][0], out["anemia_grade"][0], out["problems"][0]) == ("deficient", "moderate", "")
    lazy = interpret_lazy(polars.from_pandas(WIDE).lazy(), mapping=mapping, keep=False).collect()
    assert (lazy["status"][0], lazy["problems"][0]) == ("deficient", "")
    WIDE.to_csv(tmp_path / "wide.csv", index=False)
    row = read_row(tmp_path / "wide.csv", 1, mapping=site)
    result = interpret(**row.values)
    assert (result.status, result.problems) == (EXPECTED.status, ())
    assert main(["interpret", str(tmp_path / "wide.csv"), "--mapping", str(site), "--strict"]) == 0
    capsys.readouterr()


def test_a_long_table(site):
    out = interpret_long(LONG, mapping=site)
    assert out[["status", "anemia_grade", "problems"]].to_numpy().tolist() == [["deficient", "moderate", ""]]
    assert to_draws(LONG, mapping=site).wide.loc[0, "medicines"] == "metformin"


def test_screening_and_follow_up_read_it_too(site):
    people = pd.DataFrame({"sex": ["2"], "symptoms": ["numbness"], "medicines": ["Glukomin 500"]})
    assert screen_frame(people, mapping=site)[["testing", "problems"]].to_numpy().tolist() == [["offer", ""]]
    draws = WIDE.assign(patient="A", date="2024-03-01")
    assert follow_up_frame(draws, mapping=site)[["status", "problems"]].to_numpy().tolist() == [["deficient", ""]]


def test_one_patient_by_keywords(site):
    given = {"VB12-X": {"value": "145", "unit": "pg pro ml", "flag": "--"}, "Hb-X": "10.4", "sex": "2"}
    result = interpret(**given, medicines="Glukomin 500; Kamillentee", mapping=site)
    assert (result.status, result.anemia_grade, result.problems) == (EXPECTED.status, EXPECTED.anemia_grade, ())
    with pytest.raises(ValueError, match="b12: expected one value, got 'VB12-X' and another name"):
        interpret(**{"VB12-X": "145 pg/mL", "b12": "300 pg/mL"}, mapping=site)


def local(code, value, unit, **more):
    return {
        "resourceType": "Observation",
        "id": code,
        "status": "final",
        "subject": {"reference": "Patient/7"},
        "effectiveDateTime": "2024-03-01",
        "code": {"coding": [{"system": "urn:hospital", "code": code}]},
        "valueQuantity": {"value": value, **({"unit": unit} if unit else {})},
        "specimen": {"reference": "Specimen/1"},
        **more,
    }


def taken(name, text):
    return {
        "resourceType": "MedicationStatement",
        "id": name,
        "status": "active",
        "subject": {"reference": "Patient/7"},
        "medicationCodeableConcept": {"text": text},
    }


RESOURCES = [
    {"resourceType": "Patient", "id": "7", "gender": "female"},
    {"resourceType": "Specimen", "id": "1", "subject": {"reference": "Patient/7"}, "type": {"text": "Rohr 7"}},
    local("VB12-X", 145, "pg pro ml", interpretation=[{"text": "--"}]),
    local("Hb-X", 10.4, ""),
    taken("m1", "Glukomin 500"),
    taken("m2", "Kamillentee"),
]


def test_fhir(site):
    reading = fhir.read(RESOURCES, mapping=site)
    [draw] = reading.draws
    assert reading.problems == reading.notes == ()
    result = interpret(draw.panel)
    assert (result.status, result.anemia_grade) == (EXPECTED.status, EXPECTED.anemia_grade)
    assert draw.panel.terms == {"metformin"}
    assert not fhir.read(RESOURCES).draws


def test_a_bulk_export(site, tmp_path):
    (tmp_path / "all.ndjson").write_text("\n".join(map(json.dumps, RESOURCES)), encoding="utf-8")
    [reading] = fhir.read_ndjson(tmp_path / "all.ndjson", mapping=str(site))
    assert interpret(reading.draws[0].panel).status == "deficient"


MESSAGE = """MSH|^~\\&|LAB|HOSP|E|H|20240301||ORU^R01|1|P|2.5.1
PID|1||7||||19570301|2
RXE||G5^Glukomin 500^L
OBR|1|||panel|||20240301
SPM|1|||R7^Rohr 7^L
OBX|1|NM|VB12-X^^L||145|pg pro ml||--|||F
OBX|2|NM|Hb-X^^L||10.4||||||Edited Result - FINAL
OBX|3|NM|13964-2^MMA^LN||0.1|umol/L|||||Storno"""


def test_hl7_v2(site):
    reading = hl7v2.read(MESSAGE, mapping=site)
    [draw] = reading.draws
    assert draw.panel.sex == "female"
    assert draw.panel.terms == {"metformin"}
    assert [problem.code for _, problem in reading.problems] == ["withdrawn_result"]
    assert interpret(draw.panel).anemia_grade == "moderate"


def test_cds_hooks_and_the_service(site):
    bundle = {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in RESOURCES[1:]]}
    request = {
        "hook": "patient-view",
        "hookInstance": "1",
        "context": {"patientId": "7", "userId": "Practitioner/1"},
        "prefetch": {
            "patient": RESOURCES[0],
            "results": bundle,
            "blood": None,
            "conditions": None,
            "medications": None,
        },
    }
    options = Options(mapping=site)
    [card] = respond("b12-patient-view", request, options)["cards"]
    assert card["summary"].startswith("Results fit vitamin B12 deficiency")
    body = {"VB12-X": "145 pg/mL", "Hb-X": "10.4", "sex": "2", "medicines": ["Glukomin 500"]}
    with TestClient(create_app(Settings(demo=True, mapping=site))) as client:
        answer = client.post("/interpret", json=body).json()
        twice = client.post("/interpret", json={**body, "b12": "300 pg/mL"})
    assert twice.status_code == 422
    assert (answer["status"], answer["anemia_grade"], answer["problems"]) == ("deficient", "moderate", [])


def test_an_order_by_the_sites_own_name(site, tmp_path):
    site.write_text(site.read_text(encoding="utf-8") + '"Purpurin 5" = "folic_acid"\n', encoding="utf-8")
    low = local("VB12-X", 145, "pg/mL")
    order = {
        "resourceType": "MedicationRequest",
        "id": "1",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/7"},
        "medicationCodeableConcept": {"text": "Purpurin 5"},
    }
    bundle = {"resourceType": "Bundle", "entry": [{"resource": low}, {"resource": RESOURCES[1]}]}
    request = {
        "hook": "order-sign",
        "hookInstance": "1",
        "context": {
            "patientId": "7",
            "userId": "Practitioner/1",
            "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": order}]},
        },
        "prefetch": {
            "patient": RESOURCES[0],
            "results": bundle,
            "conditions": None,
            "medications": None,
            "blood": None,
        },
    }
    cards = respond("b12-order-sign", request, Options(mapping=site))["cards"]
    assert any("folic acid" in card["summary"].casefold() for card in cards)
    site.with_name("other.toml").write_text("", encoding="utf-8")
    assert not respond("b12-order-sign", request, Options(mapping=site.with_name("other.toml")))["cards"]


def test_an_audit_of_each_finds_nothing_left_to_say(site):
    for export in (WIDE, LONG, RESOURCES, MESSAGE):
        assert audit(export, mapping=site).is_complete
        assert not audit(export).is_complete


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[codes.status]\nx = ""', "codes.status.x: status: expected final"),
        ('[codes.status]\nx = "done-ish"', "got 'done-ish'"),
        ('[codes.specimen]\nx = "tube"', "codes.specimen.x: specimen: expected blood"),
        ('[codes.unit]\nx = "cups"', "codes.unit.x: unit: expected a unit"),
        ('[codes.flag]\nx = "odd"', "codes.flag.x: flag: expected low"),
        ('[codes.medicines]\nx = "metforminn"', "did you mean 'metformin'"),
        ('time_format = ["today"]', "time_format: expected a format such as"),
    ],
)
def test_a_word_of_the_mapping_that_means_nothing_is_refused(tmp_path, text, says):
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=re.escape(says)):
        read_mapping(path)


def test_date_and_time_in_two_columns_and_in_two_forms():
    site = SiteMapping(
        columns={"time": ("day",), "time_of_day": ("clock",)}, time_format=("%d.%m.%Y %H:%M", "%d.%m.%Y")
    )
    table = pd.DataFrame(
        [
            ("A", "01.03.2024", "08:30", "B12", "100", "pg/mL"),
            ("A", "01.03.2024", "22:30", "B12", "900", "pg/mL"),
            ("B", "02.03.2024", "", "B12", "300", "pg/mL"),
            ("C", "2024-03-02", "08:30", "B12", "300", "pg/mL"),
        ],
        columns=["patient", "day", "clock", "test", "value", "unit"],
    )
    wide = to_draws(table, mapping=site).wide
    assert wide["b12"].tolist() == ["900", "300", "300"]
    assert wide["time"].tolist() == ["01.03.2024 08:30", "02.03.2024", "2024-03-02 08:30"]


def test_every_function_for_one_patient_takes_the_mapping(site):
    told = {"VB12-X": {"value": "145", "unit": "pg pro ml", "flag": "--"}, "Hb-X": "10.4", "sex": "2"}
    medicines = "Glukomin 500; Kamillentee"
    panel = read_panel({**told, "medicines": medicines}, mapping=site)
    assert (panel.sex, panel.terms, panel.results["hemoglobin"].unit) == ("female", {"metformin"}, "g/dL")
    assert compare_guidelines(**told, medicines=medicines, mapping=site).rows[0].status == EXPECTED.status
    draw = {"date": "2024-03-01", **told, "medicines": medicines}
    assert follow_up([draw], mapping=site).status == EXPECTED.status
    assert screen(age=67, symptoms=["numbness"], sex="2", medicines=medicines, mapping=site).advice == "offer"

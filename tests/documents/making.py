"""Writes the documents of this version of b12labs into a folder: `python tests/documents/making.py FOLDER`.

They are kept, and every later version reads them. It uses nothing that 0.1.0 did not have.
"""

import json
import sys
from pathlib import Path

from b12labs import follow_up, interpret, screen
from b12labs.cohort_report import report_file
from b12labs.files import interpret_file
from b12labs.integrations.decisions import Recorder
from b12labs.integrations.fhir import as_resources, to_json
from b12labs.integrations.lab_results import Draw

HERE = Path(__file__).parent
ISSUED = "2026-11-29T10:00:00Z"


def write_documents(folder):
    """Write every kind of document that b12labs makes, of synthetic patients only."""
    for name, values in json.loads((HERE / "patients.json").read_text(encoding="utf-8")).items():
        result = interpret(**values)
        put(folder / "interpretations" / f"{name}.json", result.to_json())
        panel = result._origin.panel
        draw = Draw(
            panel, "Patient/1", "2026-11-20T08:30:00+01:00", {key: f"Observation/{key}" for key in panel.results}
        )
        resources = as_resources(draw, result, issued=ISSUED, report=True)
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}
        put(folder / "fhir" / f"{name}.json", to_json(bundle))
        made = []
        kept = name == "deficient"
        recorder = Recorder(made.append, "configuration", values=kept, references=kept)
        recorder.record(result, service="b12-results", sources=draw.sources)
        put(folder / "decisions" / f"{name}.json", json.dumps(made[0]))
        put(folder / "certainty" / f"{name}.json", result.certainty.model_dump_json())
    draws = [
        {
            "date": "2026-01-05",
            "b12": "120 pg/mL",
            "mma": "1.2 umol/L",
            "hemoglobin": "9.1 g/dL",
            "age": 63,
            "sex": "female",
        },
        {
            "date": "2026-03-05",
            "b12": "600 pg/mL",
            "mma": "0.2 umol/L",
            "hemoglobin": "12.6 g/dL",
            "age": 63,
            "sex": "female",
        },
    ]
    put(folder / "follow_up.json", follow_up(draws, treatment_started="2026-01-06").model_dump_json())
    put(folder / "screening.json", screen(age=82, medicines=["metformin"], symptoms=["glossitis"]).model_dump_json())
    put(folder / "report.json", report_file(HERE / "rows.csv").model_dump_json(exclude={"made", "input"}))
    for table in ("rows", "long_rows"):
        for form in ("csv", "parquet"):
            interpret_file(HERE / f"{table}.csv", output=folder / f"{table}.{form}", findings=table == "rows")


def put(path, text):
    """Write a text with line ends that are the same everywhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() + b"\n")


if __name__ == "__main__":
    write_documents(Path(sys.argv[1]))

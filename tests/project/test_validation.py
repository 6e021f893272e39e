"""What is real: NHANES's figures and published cases, where the data is present."""

import importlib.util
import json
import subprocess
import sys

import pandas as pd
import pytest

from b12labs import interpret, interpret_frame
from tests.conftest import ROOT


def run(script, *arguments):
    done = subprocess.run(
        [sys.executable, ROOT / "validation" / script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nhanes_figures_are_reproduced_exactly(shared_file):
    expected = json.loads(shared_file("data/nhanes_expected.json").read_text())["figures"]
    found = json.loads(run("nhanes.py", shared_file("data/nhanes_1999_2002.csv.gz"), "--json"))["figures"]
    assert found == expected


def test_another_cycles_names_and_units_work(tmp_path):
    table = pd.DataFrame(
        {
            "SEQN": [1, 2],
            "RIAGENDR": [2, 1],
            "RIDAGEYR": [67, 40],
            "WTMEC2YR": [1.0, 3.0],
            "LBDB12": [145, 500],
            "LBDB12SI": [107.0, 369.0],
            "LBXMMASI": [620, 120],
            "LBXHGB": [10.4, 15],
        }
    )
    path = tmp_path / "nhanes.csv"
    table.to_csv(path, index=False)
    done = json.loads(run("nhanes.py", path, "--json"))
    found, counts = done["figures"], done["status_by_guideline"]
    assert {key: count["deficient"] for key, count in counts.items()}.items() >= {
        "nice-ng239": 1,
        "mayo-cascade": 1,
        "uptodate": 1,
    }.items()
    assert all(count["treated"] == 1 and sum(count.values()) == 3 for count in counts.values())
    assert found["b12_below_180_pg_per_mL"] == {
        "n": 2,
        "cases": 1,
        "unweighted_percent": 50.0,
        "weighted_percent": 25.0,
    }
    assert found["mma_above_0.271_umol_per_L"]["cases"] == 1


@pytest.mark.parametrize(("ending", "guideline"), [("parquet", "nice-ng239"), ("csv", "bsh-2014")])
def test_nhanes_is_interpreted_on_the_command_line_as_in_python(tmp_path, shared_file, ending, guideline):
    given, out = shared_file("data/nhanes_1999_2002.csv.gz"), tmp_path / f"out.{ending}"
    command = [
        "interpret",
        given,
        "-o",
        out,
        "--mapping",
        ROOT / "examples/nhanes.toml",
        "--guideline",
        guideline,
        "--json",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "b12labs", *map(str, command)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    nhanes = _script("nhanes")
    table = nhanes.read(given)
    panels, units = nhanes.to_panels(table)
    expected = interpret_frame(panels.assign(age=table["RIDAGEYR"]), units=units, guideline=guideline)
    found = pd.read_parquet(out) if ending == "parquet" else pd.read_csv(out, dtype=str, keep_default_na=False)
    assert found.columns.tolist() == [*table.columns, *expected.columns]
    for name in expected:
        column = expected[name].astype(object).where(expected[name].notna(), None)
        own = found[name].astype(object).where(found[name].notna(), None)
        assert own.tolist() == (
            column.tolist() if ending == "parquet" else ["" if cell is None else str(cell) for cell in column]
        ), name
    summary = json.loads(done.stdout)
    assert summary["status"] == expected["status"].value_counts().loc[lambda counts: counts > 0].to_dict()
    assert {"LBDB12SI", "WTMEC2YR"} <= set(summary["unused_columns"])
    # The adults are those of the validation, whose ages under 2 years are in months.
    counts = nhanes.status_by_guideline(table)[guideline]
    adults = found["status"][(table["RIDAGEYR"] >= 20).to_numpy()].value_counts()
    assert {status: int(adults.get(status, 0)) for status in nhanes.STATUSES} == {
        status: counts[status] for status in nhanes.STATUSES
    }


def _script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f"validation/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_published_cases_land_in_what_their_authors_accept(shared_file):
    done = json.loads(run("published_cases.py", shared_file("cases/published_cases.json"), "--json"))
    refused = [(case["id"], case["status"]) for case in done["cases"] if not case["accepted"]]
    assert refused == []
    assert [case["id"] for case in done["cases"] if case["route_right"] is False] == []


def test_published_blood_counts_are_read_as_their_authors_read_them_and_no_flag_is_missing(shared_file):
    done = json.loads(run("published_cases.py", shared_file("cases/published_cases.json"), "--json"))
    assert [case["id"] for case in done["cases"] if case["megaloblastic_anemia_right"] is False] == []
    assert [(case["id"], case["flags_missing"]) for case in done["cases"] if case["flags_missing"]] == []


def test_a_misprinted_unit_is_refused_before_it_is_read_again(shared_file):
    done = json.loads(run("published_cases.py", shared_file("cases/published_cases.json"), "--json"))
    case = next(case for case in done["cases"] if case["id"] == "n2o-shm-34m")
    assert any("homocysteine" in problem for problem in case["problems"])
    assert case["reread"]


def test_cases_of_several_files_are_compared_together(tmp_path, shared_file):
    cases = json.loads(shared_file("cases/published_cases.json").read_text())
    halves = [tmp_path / name for name in ("one.json", "other.json")]
    for path, half in zip(halves, (cases[:2], cases[2:5]), strict=True):
        path.write_text(json.dumps(half))
    done = json.loads(run("published_cases.py", *halves, "--json"))
    assert [case["id"] for case in done["cases"]] == [case["id"] for case in cases[:5]]


# Made-up patients: what must, and must not, be said

FEW = [
    {
        "id": "low",
        "inputs": {"b12": "60 pg/mL", "age": 50, "sex": "male"},
        "expect": {
            "status": ["deficient"],
            "route": ["oral", "intramuscular"],
            "functional_deficiency": [None],
            "must_say": [["VITAMIN B12", "never said"]],
            "must_not_say": ["never said"],
        },
    },
    {
        "id": "wrong throughout",
        "inputs": {"b12": "60 pg/mL", "age": 50, "sex": "male"},
        "expect": {
            "status": ["deficiency_unlikely"],
            "functional_deficiency": [True],
            "next_first": ["mcv"],
            "must_say": [["never said", "nor this"], ["B12"]],
            "must_not_say": ["vitamin B12"],
        },
    },
    {"id": "unreadable", "inputs": {"b12": "much", "age": 50}, "expect": {"status": ["indeterminate"]}},
    {
        "id": "asked",
        "call": "screen",
        "inputs": {"age": 67, "symptoms": ["numbness"], "medicines": ["metformin"]},
        "expect": {"advice": ["not_advised"]},
    },
    {
        "id": "explained",
        "call": "differential",
        "inputs": {"place": "feet"},
        "expect": {"speaks_for": ["b12_neuropathy", "meralgia"]},
    },
]


def test_what_a_made_up_patient_is_not_told_is_named(tmp_path):
    path = tmp_path / "few.json"
    path.write_text(json.dumps(FEW))
    done = json.loads(run("vignettes.py", path, "--json"))
    found = {line["id"]: line["missing"] for line in done["patients"]}
    assert found["low"] == []
    assert found["wrong throughout"] == [
        "status is deficient, not deficiency_unlikely",
        "functional_deficiency is None, not True",
        f"suggests {interpret(**FEW[1]['inputs']).next_tests[0].analyte} first, not mcv",
        "says none of never said or nor this",
        "says 'vitamin B12'",
    ]
    assert found["unreadable"][0].startswith("not answered: b12")
    assert found["asked"] == ["advice is offer, not not_advised"]
    assert found["explained"] == ["no feature supports meralgia"]
    assert done["totals"] == {"patients": 5, "hold": 1}
    assert run("vignettes.py", path).splitlines()[-1] == "1 of 5 hold"


@pytest.mark.parametrize("script", ["nhanes.py", "published_cases.py", "vignettes.py"])
def test_a_script_explains_itself(script):
    assert "file" in run(script, "--help")

"""The benchmarks: what they measure is what they say, and all of them still run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from b12labs import interpret_frame, measure
from b12labs.site_mapping.headers import recognize
from benchmarks import data, kill, timing
from benchmarks.by_hand import WANTED, read_row
from benchmarks.results import Ratio
from tests.conftest import ROOT

CENSORED = r"^<"


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )


@pytest.mark.parametrize("style", ["numbers", "censored", "units"])
def test_every_made_up_column_is_used_and_every_cell_is_read(style):
    table = data.table(5_000, style)
    found = recognize(table.column_names)
    assert len(found.analytes) == 16
    assert set(found.terms) == set(data.CONTEXT)
    assert found.unused == ()
    problems = interpret_frame(table.to_pandas())["problems"]
    # Results are drawn one by one, so the parts of a blood count may contradict each other.
    assert set(problems) <= {"", "blood_count: inconsistent_blood_count"}


def test_three_in_ten_results_are_missing_and_one_in_a_hundred_is_censored():
    cells = data.table(20_000, "censored").to_pandas().iloc[:, :16]
    assert cells.isna().to_numpy().mean() == pytest.approx(0.3, abs=0.01)
    censored = cells.apply(lambda column: column.str.match(CENSORED).sum()).sum() / cells.notna().to_numpy().sum()
    assert censored == pytest.approx(0.01, abs=0.002)


def test_a_larger_table_begins_with_the_rows_of_a_smaller_one():
    assert data.table(data.BLOCK + 10, "numbers").slice(0, 1_000).equals(data.table(1_000, "numbers"))


def test_the_loop_that_b12labs_is_compared_with_converts_to_the_same_values():
    row = data.patients(1)[0]
    read = read_row(row)
    for name in ("b12", "mma", "folate", "creatinine", "hemoglobin"):
        ours = measure(name, row[name]).quantity
        chemistry = {"mw": ours._REGISTRY.Quantity(WANTED[name][1], "g/mol")} if WANTED[name][1] else {}
        theirs = ours.to(WANTED[name][0], "chemistry", **chemistry) if chemistry else ours.to(WANTED[name][0])
        assert getattr(read, name) == pytest.approx(theirs.magnitude), name
    missing = read_row(pd.Series({**row, "b12": None, "mma": "<0.1 umol/L"}))
    assert missing.b12 is None
    assert missing.censored == ["mma"]


def test_jobs_take_turns_and_the_first_turn_is_not_counted():
    order = []
    found = timing.interleaved(
        {"a": lambda: order.append("a") or len(order), "b": lambda: order.append("b") or len(order)}, 2
    )
    assert "".join(order) == "ababab"
    assert found == {"a": [3, 5], "b": [4, 6]}


def test_a_target_is_met_at_its_limit_and_on_its_own_side():
    assert Ratio("", 1.5, 1.5).met
    assert not Ratio("", 1.5, 1.6).met
    assert Ratio("", 0.6, 0.7, at_least=True).met
    assert not Ratio("", 0.6, 0.5, at_least=True).met


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="peak memory is read from /proc")
def test_peak_memory_counts_the_processes_that_a_command_starts():
    child = "import time; held = bytearray(200 << 20); time.sleep(0.5)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert 200 << 20 < timing.peak_memory([sys.executable, "-c", code]) < 300 << 20


@pytest.mark.long
def test_an_output_that_is_not_the_uninterrupted_one_is_found(tmp_path):
    labs = data.write_csv(tmp_path / "labs.csv", 200, "censored")
    trial = kill.uninterrupted(labs, tmp_path / "out.csv")
    trial.finish()
    assert trial.fault() == ""
    trial.out.write_bytes(trial.out.read_bytes()[:-1])
    assert trial.fault()


@pytest.mark.long
def test_a_run_that_is_killed_is_compared_with_an_uninterrupted_one():
    done = run("benchmarks.kill", "--rows", "500", "--kills", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("the same bytes") == 2


@pytest.mark.long
@pytest.mark.parametrize(
    ("group", "targets"),
    [
        ("one_patient", 4),
        ("fhir_bundle", 1),
        ("imports", 3),
        ("frame", 7),
        ("files", 4 if len(timing.cores()) > 1 else 3),
        ("memory", 2),
    ],
)
def test_every_benchmark_runs(group, targets, tmp_path):
    page = tmp_path / "results.md"
    done = run("benchmarks", "--quick", "--only", group, "-o", str(page))
    assert done.returncode == 0, page.read_text(encoding="utf-8")
    said = page.read_text(encoding="utf-8")
    assert said.count(" | met |") + said.count(" | **missed** |") == targets
    assert "Not measured" not in said


@pytest.mark.long
def test_the_benchmark_of_spark_runs_or_says_what_is_missing(tmp_path):
    page = tmp_path / "results.md"
    done = run("benchmarks", "--quick", "--only", "spark", "-o", str(page))
    said = page.read_text(encoding="utf-8")
    assert done.returncode == 0, said
    has_java = shutil.which("java") is not None or "JAVA_HOME" in os.environ
    assert ("Spark with the interpretation" in said) if has_java else ("needs Java 17" in said)

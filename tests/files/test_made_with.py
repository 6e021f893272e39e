"""A table says with what it was made, and no table is made with two sets of limits."""

import json
import os
import shutil
import subprocess
import sys

import pyarrow.parquet
import pytest

from b12labs.files import interpret_file
from b12labs.files.made_with import PARQUET_KEY, TableProvenance, beside
from b12labs.limits.stratified import limits_of
from b12labs.provenance.fingerprint import fingerprint, guideline_hash, mapping_hash
from b12labs.site_mapping.mapping import SiteMapping
from tests.conftest import ROOT

LABS = ROOT / "examples/labs.csv"
STOPPED = """
import pathlib
from b12labs.files import interpret_file
def stop(rows, share):
    if rows >= 30:
        raise KeyboardInterrupt
try:
    interpret_file("mix.csv", output=pathlib.Path("out.csv"), part_rows=10, progress=stop)
except KeyboardInterrupt:
    print("stopped")
"""
AGAIN = """
import pathlib
from b12labs.files import interpret_file
interpret_file("mix.csv", output=pathlib.Path("out.csv"), part_rows=10, note=print)
"""


def said_of(output):
    if output.suffix == ".parquet":
        return json.loads(pyarrow.parquet.read_metadata(output).metadata[PARQUET_KEY.encode()])
    return json.loads(beside(output).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["out.csv", "out.tsv.gz", "out.parquet"])
def test_a_table_says_the_rules_the_guideline_and_the_options_it_was_made_with(tmp_path, name):
    mapping = SiteMapping(codes={"sex": {"W": "female"}})
    interpret_file(
        LABS,
        output=tmp_path / name,
        guideline="bsh-2014",
        unreported_context="unknown",
        certainty=True,
        mapping=mapping,
    )
    said, made = said_of(tmp_path / name), fingerprint()
    assert said["version"]
    assert (said["rules_version"], said["rules_hash"], said["sentences_hash"]) == (
        made.rules_version,
        made.rules,
        made.sentences,
    )
    assert (said["guideline"], said["guideline_hash"]) == ("bsh-2014", guideline_hash(limits_of("bsh-2014")))
    assert said["options"]["unreported_context"] == "unknown"
    assert said["options"]["certainty"] is True
    assert said["options"]["mapping"] == mapping_hash(mapping)
    assert TableProvenance.model_validate(said).rows_are == "row"


def test_options_that_bear_on_the_answers_tell_tables_apart_and_others_do_not(tmp_path):
    def said(**options):
        interpret_file(LABS, output=tmp_path / "out.csv", **options)
        return said_of(tmp_path / "out.csv")

    plain = said()
    assert said(part_rows=3, problems=tmp_path / "problems.csv") == plain
    different = [
        said(guideline="norway"),
        said(findings=True),
        said(units={"ferritin": "ug/L"}),
        said(certainty={"b12": 9}),
    ]
    assert all(each != plain for each in different)


def test_a_run_that_was_stopped_writes_the_same_beside_its_table(tmp_path):
    def stop(rows, share):
        if rows >= 6:
            raise KeyboardInterrupt

    interpret_file(LABS, output=tmp_path / "whole.csv", part_rows=3)
    with pytest.raises(KeyboardInterrupt):
        interpret_file(LABS, output=tmp_path / "out.csv", part_rows=3, progress=stop)
    assert not beside(tmp_path / "out.csv").exists()
    interpret_file(LABS, output=tmp_path / "out.csv", part_rows=3)
    assert beside(tmp_path / "out.csv").read_bytes() == beside(tmp_path / "whole.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("reference_ranges/guidelines/nice-ng239.toml", 'value = 180, unit = "ng/L"', 'value = 250, unit = "ng/L"'),
        ("src/b12labs/rules/levels.py", "b12 < limit.b12_deficient", "b12 < limit.b12_adequate"),
    ],
)
def test_a_stopped_run_starts_anew_when_limits_or_rules_were_edited(tmp_path, name, old, new):
    for part in ("src", "reference_ranges"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    rows = "200,50,F\n" * 60
    (tmp_path / "mix.csv").write_text(f"B12 [pg/mL],age,sex\n{rows}", encoding="utf-8")

    def run(code):
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "stopped" in run(STOPPED)
    path = tmp_path / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert "starting again" in run(AGAIN)
    statuses = {line.split(",")[3] for line in (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1:]}
    assert len(statuses) == 1
    assert said_of(tmp_path / "out.csv")["rules_version"].endswith("+edited")

"""The reference data that are ready are what the files hold; a file that was edited is read."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from b12labs.reference import ready
from b12labs.reference.every_file import contents
from b12labs.reference.loaded import directory, file_names
from tests.conftest import ROOT

SAY = """
import json, sys
import b12labs
result = b12labs.interpret(b12="190 ng/L", age=40, sex="female")
from b12labs.limits.stratified import limits_of
from b12labs.reference import analytes
row = limits_of("nice-ng239").guideline.limits["b12_deficient"][0]
print(json.dumps({
    "limit": row.values[0].value, "status": result.status, "rules": result.provenance.rules_version,
    "label": analytes()["b12"].label, "read": sorted({"pydantic", "tomllib"} & set(sys.modules)),
}))
"""
LIMIT = 'value = 180, unit = "ng/L"'


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    for name in ("src", "reference_ranges"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def start(tree, tmp_path):
    """Start a process that keeps what it makes ready in a folder of the test."""

    def started(**environment):
        usual = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        usual |= {"PYTHONPATH": str(tree / "src"), "PYTHONPYCACHEPREFIX": str(tmp_path / "kept")}
        done = subprocess.run(
            [sys.executable, "-c", SAY],
            env={**usual, **environment},
            cwd=tree,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    started.kept = lambda: list((tmp_path / "kept").rglob(ready.FILE))
    return started


@pytest.fixture
def edit(tree):
    """Edit a file of the copy in place, and put it back."""
    before = {}

    def edited(name, old, new):
        path = tree / name
        before.setdefault(path, path.read_bytes())
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    yield edited
    for path, content in before.items():
        path.write_bytes(content)


def test_what_is_ready_is_what_the_files_hold():
    read = dict(contents())
    lines = ready.as_lines(read.items()).split(b"\n")
    assert len(lines) == len(read) + 1
    for line in lines[1:]:
        name, _, content = line.split(b"\t")
        assert ready._parsed(content) == read[name.decode()], name
    files = {name for name in file_names(directory()) if name.endswith(".csv") or name.startswith("codes/")}
    assert files <= read.keys()


def test_a_second_start_reads_no_file_again(start):
    first, second = start(), start()
    assert first["read"] == ["pydantic", "tomllib"]
    assert second["read"] == []
    assert {**first, "read": []} == second


def test_a_limit_that_was_edited_in_place_counts_at_the_next_start(start, edit):
    assert start()["limit"] == 180
    edit("reference_ranges/guidelines/nice-ng239.toml", LIMIT, 'value = 195, unit = "ng/L"')
    for _ in range(2):
        found = start()
        assert (found["limit"], found["status"]) == (195, "deficient")
        assert found["rules"].endswith("+edited")
    assert found["read"] == []


def test_so_does_the_code_that_reads_them(start, edit):
    start()
    read = '"key": key, **_table(value, "analytes.toml", key)'
    edit("src/b12labs/reference/files.py", read, f'{read}, "label": "Changed"')
    assert start()["label"] == "Changed"


HARM = {
    "a changed number": lambda content: content.replace(b'"value":180.0', b'"value":450.0'),
    "no end": lambda content: content[:-900],
    "nothing": lambda content: content[:0],
}


@pytest.mark.parametrize("harm", HARM)
def test_a_file_that_is_not_as_it_was_written_does_not_count(start, harm):
    first = start()
    (kept,) = start.kept()
    content = kept.read_bytes()
    assert HARM[harm](content) != content
    kept.write_bytes(HARM[harm](content))
    assert {**start(), "read": []} == {**first, "read": []}


def test_nothing_is_written_where_python_keeps_nothing(start):
    assert start(PYTHONDONTWRITEBYTECODE="1")["status"] == "indeterminate"
    assert start.kept() == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that this user cannot write")
def test_it_goes_on_where_nothing_can_be_written(start, tmp_path):
    (tmp_path / "kept").mkdir(mode=0o500)
    assert start()["status"] == "indeterminate"


def test_it_goes_on_where_a_file_is_in_the_way(start, tmp_path):
    (tmp_path / "kept").write_text("a file, and no folder")
    assert start()["status"] == "indeterminate"

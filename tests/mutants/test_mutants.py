"""The tool that asks whether the tests would notice: what it changes, and what it leaves alone."""

import ast
import os
import subprocess
import sys
import time
import tomllib
from functools import partial

import pytest

from mutants import code, equivalent, numbers
from mutants.forking import NO_END, forked
from mutants.mutant import ROOT
from mutants.packages import PACKAGES


def changes(monkeypatch, tmp_path, text, find=code.code_mutants, name="module.py"):
    monkeypatch.setattr(code, "ROOT", tmp_path)
    monkeypatch.setattr(numbers, "ROOT", tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    return [(mutant.place, mutant.before, mutant.after) for mutant in find(name)]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a < b", {"a <= b"}),
        ("a == b", {"a != b"}),
        ("a in b", {"a not in b"}),
        ("a and b", {"a or b"}),
        ("a & ~b", {"a | ~b", "b"}),
        ("a * b", {"a / b"}),
        ("x[0], x[2]", {"1"}),
        ("f(1)", {"2", "0"}),
        ("f(True)", {"False"}),
        ("certain(x, 'a name')", {"x"}),
        ("max(a, b)", {"min(a, b)"}),
        ("a if b else c", {"not b"}),
        ("[a for a in b if c]", {"not c"}),
    ],
)
def test_each_place_is_changed_into_a_likely_mistake(monkeypatch, tmp_path, text, after):
    assert {found for _, _, found in changes(monkeypatch, tmp_path, text)} == after


@pytest.mark.parametrize(
    "text",
    [
        "def f(x: int | None) -> int | None: ...",
        "@dataclass(frozen=True)\nclass A: ...",
        "x = field(repr=False)",
        "raise ValueError(f'row {row + 1}')",
        "assert x is not None",
        "if TYPE_CHECKING: import a",
        "'a text' + b",
        "Cell = str | None",
        "Truth = Literal[0, 1, 2]",
    ],
)
def test_what_is_no_answer_is_left_alone(monkeypatch, tmp_path, text):
    assert changes(monkeypatch, tmp_path, text) == []


def test_a_mutant_is_known_by_its_rule_or_function(monkeypatch, tmp_path):
    text = "low = finding(when=a < b)\nclass A:\n    def f(self):\n        def g():\n            return a < b\n"
    assert [place for place, _, _ in changes(monkeypatch, tmp_path, text)] == ["low", "A.f()"]


def test_a_number_is_one_more_and_one_less_in_its_last_place(monkeypatch, tmp_path):
    text = '# 5 rows\n[b12]\nvalue = 7.50 # not 8\nage = [0, 18]\nsource = "who-2024"\nread = 2024-11-02\n[b12.2]\n'
    found = changes(monkeypatch, tmp_path, text, numbers.number_mutants, "numbers.toml")
    assert [after for _, _, after in found] == [
        "value = 7.51 # not 8",
        "value = 7.49 # not 8",
        "age = [1, 18]",
        "age = [0, 19]",
        "age = [0, 17]",
    ]
    assert {place for place, _, _ in found} == {"b12"}


MUTATED = """
from mutants.child import put_in_place
from mutants.numbers import number_mutants

file = "reference_ranges/guidelines/blood-count.toml"
of_ferritin = [each for each in number_mutants(file) if each.place == "limits.ferritin_low"]
put_in_place(next(each for each in of_ferritin if "= 16," in each.after))
import b12labs
print(b12labs.interpret(ferritin="15.5 ug/L", age=40, sex="female", folate="20 nmol/L").results["ferritin"].limits)
"""


def test_a_mutated_number_counts_although_the_data_were_made_ready_before():
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    makes_ready, mutated = (
        [sys.executable, "-c", code] for code in ("import b12labs; b12labs.interpret(b12='90 pg/mL')", MUTATED)
    )
    subprocess.run(makes_ready, env=environment, check=True)
    shown = subprocess.run(mutated, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "16 ug/L" in shown


def test_every_mutant_of_the_numbers_is_still_toml_and_of_the_code_still_python():
    for package in ("numbers", "reasoning"):
        for mutant in PACKAGES[package].mutants():
            made = mutant.made()
            assert tomllib.loads(made) if isinstance(made, str) else made.co_filename.endswith(mutant.file)


def test_every_equivalent_mutant_is_still_there_and_says_why():
    listed = equivalent.equivalents()
    assert equivalent.gone(listed, (mutant for package in PACKAGES.values() for mutant in package.mutants())) == []


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_names_files_and_tests_that_are_there(name):
    package = PACKAGES[name]
    assert all((ROOT / source).exists() for source in package.sources)
    assert package.test_files()
    for file in package.test_files():
        ast.parse((ROOT / file).read_text(encoding="utf-8"))


def test_a_child_that_waits_for_what_does_not_come_is_ended():
    began = time.monotonic()
    jobs = [("waits", partial(time.sleep, 60), 60.0), ("answers", partial(int, "7"), 60.0)]
    assert dict(forked(jobs, 1, still=0.3)) == {"waits": NO_END, "answers": 7}
    assert time.monotonic() - began < 30

"""A text of any length is refused or read in time that grows with its length, and nothing of it is kept."""

import ast
import gc
import importlib
import itertools
import json
import pkgutil
import re
import time
from pathlib import Path

import pandas as pd
import pytest

import b12labs
from b12labs.errors import B12LabsError
from b12labs.inputs.ages import read_age
from b12labs.integrations.interpreting import EXAMPLE, respond
from b12labs.integrations.server import Settings

ROOT = Path(b12labs.__file__).parent
METHODS = ("match", "fullmatch", "search", "sub", "split", "findall", "finditer")
MEGABYTE = 1_000_000


# Regular expressions


def modules():
    for found in pkgutil.walk_packages([str(ROOT)], "b12labs."):
        if found.name.endswith(("__main__", ".spark", ".dask", ".polars", ".duckdb")):
            continue
        yield importlib.import_module(found.name)


def held(value):
    """Return the patterns that a module's variable holds."""
    if isinstance(value, re.Pattern):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    return [found for part in parts for found in (held(part) if isinstance(part, tuple | list | re.Pattern) else ())]


def patterns():
    """Return every pattern of the package, with the methods by which it is called."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in held(value):
                called = set(re.findall(rf"\b{name}(?:\[\w+\])?\.({'|'.join(METHODS)})\(", source))
                found.setdefault(pattern, set()).update(called or {"search", "fullmatch"})
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
                if of_re and node.args and isinstance(node.args[0], ast.Constant):
                    found.setdefault(re.compile(node.args[0].value), set()).add(node.func.attr)
    return found


BEGINNINGS = ("", "67", "a", "(", "1 - ", "-", "B12 ", "MSH|", "<", "x10")
PUMPED = (
    " ",
    "1",
    "a",
    "A",
    "-",
    "(",
    "[",
    "{",
    ".",
    ",",
    ";",
    "*",
    "\n",
    "|",
    "'",
    '"',
    "+",
    "_",
    "/",
    "()",
    "a ",
    "1 ",
)
PUMPED += ("1,", "1.", "- ", "{}", "a1", "1-", "\u2191", "a(", "\\u", "X0D", "[**", ", ", "aA", "µ")
ENDS = ("", "x")


def seconds(pattern, method, text):
    call = getattr(pattern, method)
    text = text.encode() if isinstance(pattern.pattern, bytes) else text
    began = time.perf_counter()
    made = call(text[:0], text) if method == "sub" else call(text)
    if method == "finditer":
        for _ in made:
            pass
    return time.perf_counter() - began


def slow(pattern, methods):
    """Return the text and method in which a pattern takes longer than the length of the text explains."""
    tried = []
    for beginning, pumped, end, method in itertools.product(BEGINNINGS, PUMPED, ENDS, sorted(methods)):
        text = beginning + pumped * (2000 // len(pumped)) + end
        took = seconds(pattern, method, text)
        if took > 0.01:
            took = min(took, *(seconds(pattern, method, text) for _ in range(3)))
        if took > 0.01:  # 2,000 squared; what is linear takes a hundredth of it
            return beginning, pumped, end, method
        tried.append((took, beginning, pumped, end, method))
    for _, beginning, pumped, end, method in sorted(tried)[-3:]:
        text = beginning + pumped * (100_000 // len(pumped)) + end
        if min(seconds(pattern, method, text) for _ in range(2)) > 1:
            return beginning, pumped, end, method
    return None


@pytest.mark.long
def test_every_regular_expression_takes_time_in_proportion_to_its_text():
    found = patterns()
    assert len(found) > 100
    assert {pattern.pattern: where for pattern, called in found.items() if (where := slow(pattern, called))} == {}


def test_a_quadratic_expression_would_be_found():
    assert slow(re.compile(r"(\d+)\s*(years)?\s*(old)?"), {"fullmatch"}) is not None


# Readers


def resident():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


LONG = {
    "age": {"age": "67" + " " * MEGABYTE + "x"},
    "age of digits": {"age": "1" * MEGABYTE},
    "sex": {"sex": "f" * MEGABYTE},
    "elevation": {"elevation": "1" * MEGABYTE + "m"},
    "weeks": {"gestational_weeks": "2" + " " * MEGABYTE + "x"},
    "value": {"folate": "200 p" + " " * MEGABYTE + "g/mL"},
    "unit": {"folate": {"value": 200, "unit": "p" + " " * MEGABYTE + "g/mL"}},
    "unit apart": {"folate": 200, "units": {"folate": "p" + " " * MEGABYTE + "g/mL"}},
    "flag": {"folate": {"flag": "l" * MEGABYTE}},
    "end of an interval": {"folate": {"value": 9, "unit": "nmol/L", "reference_low": "1" * MEGABYTE}},
    "symptom": {"symptoms": ["a" * MEGABYTE]},
    "medicine": {"medicines": ["met" + "-" * MEGABYTE + "x"]},
    "diagnosis": {"diagnoses": "ATC " + "A" * MEGABYTE},
    "name": {"b" * MEGABYTE: 1},
}


@pytest.mark.parametrize("kind", LONG)
def test_a_megabyte_in_a_panel_is_told_at_once_and_not_repeated(kind):
    sent = json.dumps({"b12": "145 pg/mL", **LONG[kind]}).encode()
    respond(EXAMPLE, Settings())  # compiles the rules
    began = time.perf_counter()
    answered = respond(sent, Settings())
    assert time.perf_counter() - began < 2
    assert max(map(len, re.findall(rb'"[^"]*"', answered))) < 1000
    said = json.loads(answered)
    assert said["problems"], "a text that is too long is a problem, and never taken as nothing"
    assert said["status"] in ("deficient", "indeterminate")


@pytest.mark.parametrize("shape", ["unit", "value"])
def test_a_hundred_different_megabytes_leave_no_memory_behind(shape):
    def send(number):
        unit = "p" + " " * (MEGABYTE + number) + "g/mL"
        value = {"value": 200, "unit": unit} if shape == "unit" else f"200 {unit}"
        respond(json.dumps({"b12": value}).encode(), Settings())

    send(0)
    before = resident()
    for number in range(1, 100):
        send(number)
    assert resident() - before < 10


def test_what_a_site_may_write_is_read_up_to_a_thousand_signs():
    assert read_age("67" + " " * 900 + "years") == 67
    with pytest.raises(B12LabsError, match="expected years"):
        read_age("67" + " " * 1000 + "years")


@pytest.mark.parametrize("unit", ["pg/mL" + " " * 100 + "x", "q" * 500])
def test_an_answer_repeats_of_a_text_at_most_what_a_message_shows(unit):
    sent = json.dumps({"b12": "145 pg/mL", "folate": {"value": 9, "unit": unit}})
    said = respond(sent.encode(), Settings()).decode()
    assert unit not in said
    assert unit[:40] in said


def test_one_long_cell_of_a_table_keeps_nobody_waiting():
    began = time.perf_counter()
    table = pd.DataFrame({"b12 (pg/mL)": [145], "age": ["67" + " " * MEGABYTE + "x"], "a" + " " * MEGABYTE + "b": [1]})
    out = b12labs.interpret_frame(table)
    assert time.perf_counter() - began < 5
    assert "age" in out["problems"][0]

"""The stand-in for numpy in a browser does what numpy does, and a record is read with it as with numpy."""

import json
import os
import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from static_page.arrays import numpy as own
from tests.conftest import ROOT

NUMBERS = st.lists(st.integers(-5, 5), max_size=8)
TRUTHS = st.lists(st.booleans(), max_size=8)


def same(found, expected):
    found, expected = ([each] if np.isscalar(each) else each.tolist() for each in (found, expected))
    assert found == expected
    assert list(map(type, found)) == list(map(type, expected))


def both(cells, kind=np.int64):
    return own.array(cells, kind if kind in (bool, object) else int), np.array(cells, dtype=kind)


@given(NUMBERS, NUMBERS)
def test_what_sorts_counts_and_finds(cells, others):
    one, two = both(cells)
    more, more_of_numpy = both(others)
    for name in ("cumsum", "flatnonzero", "unique"):
        same(getattr(own, name)(one), getattr(np, name)(two))
    for found, expected in zip(
        own.unique(one, return_index=True, return_inverse=True, return_counts=True),
        np.unique(two, return_index=True, return_inverse=True, return_counts=True),
        strict=True,
    ):
        same(found, expected)
    same(own.argsort(one, kind="stable"), np.argsort(two, kind="stable"))
    same(own.setdiff1d(one, more), np.setdiff1d(two, more_of_numpy))
    same(own.union1d(one, more), np.union1d(two, more_of_numpy))
    same(own.isin(one, others), np.isin(two, others))
    same(own.append(one, 3), np.append(two, 3))
    same(own.append(0, one), np.append(0, two))
    same(own.concatenate([one, more]), np.concatenate([two, more_of_numpy]))
    for side in ("left", "right"):
        ordered, ordered_of_numpy = both(sorted(cells))
        same(own.searchsorted(ordered, more, side=side), np.searchsorted(ordered_of_numpy, more_of_numpy, side=side))
    same(own.bincount(abs(one), minlength=3), np.bincount(abs(two), minlength=3))


@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans(), st.integers(-3, 3)), min_size=1, max_size=8))
def test_what_several_keys_and_rows_give(rows):
    first, truth, last = map(list, zip(*rows, strict=True))
    ones, numpys = zip(both(first), both(truth, bool), both(last), strict=True)
    same(own.lexsort(ones), np.lexsort(numpys))
    same(own.where(ones[1], ones[0], ones[2]), np.where(numpys[1], numpys[0], numpys[2]))
    same(own.where(ones[1], ones[0], 0.5), np.where(numpys[1], numpys[0], 0.5))
    same(own.minimum(ones[0], ones[2]), np.minimum(numpys[0], numpys[2]))
    same(own.maximum(0, ones[2]), np.maximum(0, numpys[2]))
    same(
        own.unique(own.stack([ones[0], ones[2]]), axis=1, return_inverse=True)[1],
        np.unique(np.stack([numpys[0], numpys[2]]), axis=1, return_inverse=True)[1].reshape(-1),
    )
    least, least_of_numpy = own.full(7, own.inf), np.full(7, np.inf)
    own.minimum.at(least, abs(ones[0]), ones[2])
    np.minimum.at(least_of_numpy, abs(numpys[0]), numpys[2])
    same(least, least_of_numpy)


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(1, 3), st.booleans()), min_size=1, max_size=8), st.integers(1, 4)
)
def test_what_operators_and_indexes_give(rows, number):
    first, last, truth = map(list, zip(*rows, strict=True))
    one, two, so = own.array(first), own.array(last), own.array(truth)
    a, b, mask = np.array(first), np.array(last), np.array(truth)
    pairs = [
        (one == two, a == b), (one != two, a != b), (one < two, a < b), (one >= number, a >= number),
        (one + two, a + b), (number - one, number - a), (one * 0.5, a * 0.5), (one // two, a // b),
        (one % two, a % b), (-one, -a), (so & ~(one > 0), mask & ~(a > 0)), (so | (one == 0), mask | (a == 0)),
        (one[so], a[mask]), (one[:-1], a[:-1]), (one[own.flatnonzero(so)], a[np.flatnonzero(mask)]),
        (one.astype(float), a.astype(float)), (so * 1.0 + (1 - so) * 2, mask * 1.0 + (1 - mask) * 2),
    ]  # fmt: skip
    for found, expected in pairs:
        same(found, expected)
    one[so], a[mask] = number, number
    same(one, a)
    one[own.arange(len(one))], a[np.arange(len(a))] = two, b
    same(one, a)
    assert (one.any(), one.min(), one.max()) == (a.any(), a.min(), a.max())


def test_arrays_of_different_lengths_do_not_go_together():
    with pytest.raises(ValueError, match="different lengths"):
        own.arange(2) + own.arange(3)
    with pytest.raises(IndexError):
        own.arange(2)[own.array([True])]


def observation(chance, place):
    code = chance.choice(["2132-9", "2132-9", "718-7", "787-2", "13964-2", "2947-0", "2571-8", "99999-9"])
    unit = {"2132-9": ["pg/mL", "pmol/L", "ng/L"], "718-7": ["g/dL", "g/L"], "787-2": ["fL"], "13964-2": ["umol/L"]}
    hour = f"T{chance.randrange(24):02}:30:00{chance.choice(['Z', '+01:00', '.5Z', '.123456789Z'])}"
    resource = {
        "resourceType": "Observation",
        "id": str(place),
        "status": chance.choice(["final"] * 6 + ["preliminary", "corrected", "entered-in-error"]),
        "subject": {"reference": "Patient/1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": f"2024-03-{chance.choice([1, 2, 9]):02}{chance.choice(['', hour, hour, hour])}",
        "valueQuantity": {
            "value": chance.choice([145, 107, 10.4, 104, 0.62, 300.0]),
            "system": "http://unitsofmeasure.org",
            "code": chance.choice(unit.get(code, ["mg/dL"])),
        },
    }
    if chance.random() < 0.1:
        resource["effectiveDateTime"] = chance.choice(["2024", "2024-03", "yesterday"])
    return resource


def records(number):
    chance = random.Random(19)
    for _ in range(number):
        results = [observation(chance, place) for place in range(chance.randrange(1, 14))]
        patient = {"resourceType": "Patient", "id": "1", "birthDate": "1957-03-21", "gender": "female"}
        entries = [{"resource": each} for each in [patient, *results]]
        page = json.dumps({"resourceType": "Bundle", "type": "searchset", "entry": entries})
        yield {"pages": [page], "patient": "Patient/1"}


WITHOUT = """
import importlib.util, sys
sys.path.insert(0, {arrays!r})
for name in ("pandas", "pyarrow", "narwhals", "pint"):
    sys.modules[name] = None
there = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if sys.modules.get(name, 0) is None else there(name, package)
import numpy
assert "static_page" in numpy.__file__
"""
READ = """
import json, sys
from b12labs.integrations.page.record import Record
for line in sys.stdin:
    print(repr(Record(**json.loads(line)).reading))
"""


def readings(program):
    """Return what is read of many records; sets are printed in one order."""
    lines = "\n".join(map(json.dumps, records(300)))
    ordered = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", program], input=lines, capture_output=True, text=True, check=False, env=ordered
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def test_a_record_is_read_in_the_browser_as_elsewhere():
    in_browser = readings(WITHOUT.format(arrays=str(ROOT / "static_page/arrays")) + READ)
    assert len(in_browser) == 300
    assert in_browser == readings(READ)

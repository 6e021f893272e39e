"""Where a file stands is said by its folder: nothing lies flat, no room is crowded, no module is too long to read."""

import re
from pathlib import Path

import pytest

import b12labs

HOUSE = Path(b12labs.__file__).parent
MODULES = sorted(path for path in HOUSE.rglob("*.py") if "reference_ranges" not in path.parts)
FLAT = {"__init__", "__main__", "errors", "version", "record", "text", "spreadsheet", "schemas"}
#: A file a command, and a file a question.
EXEMPT = {"cli", "rules"}


def test_nothing_lies_flat_but_what_every_room_uses():
    assert {path.stem for path in HOUSE.glob("*.py")} == FLAT


@pytest.mark.parametrize("room", sorted({path.parent for path in MODULES} - {HOUSE}), ids=lambda room: room.name)
def test_no_room_has_more_than_twenty_modules(room):
    assert room.name in EXEMPT or len([path for path in room.glob("*.py") if path.stem != "__init__"]) <= 20


def test_no_module_has_more_than_four_hundred_lines():
    lengths = {str(path.relative_to(HOUSE)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_the_truth_of_a_rule_is_compared_by_its_name():
    bare = re.compile(r"(?:values\.of\(.*\)|\btruth(?:\[[^]]*\])?) (?:==|!=|>|<) [012]\b")
    found = {path.name: bare.findall(path.read_text(encoding="utf-8")) for path in MODULES}
    assert {name: lines for name, lines in found.items() if lines} == {}

"""The fingerprint changes with what decides or is said, and with nothing else; and a change has a new version."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date

import pytest

from b12labs import interpret
from b12labs.limits.stratified import limits_of
from b12labs.provenance.fingerprint import (
    EDITED,
    Record,
    fingerprint,
    guideline_hash,
    mapping_hash,
    recorded,
    taken_anew,
)
from b12labs.site_mapping.mapping import SiteMapping
from tests.conftest import ROOT
from tests.rules_version import next_version, with_version

MEANT = (
    "The rules, numbers or sentences are not those of rules_version {version}. If the change is meant, run\n"
    "    make generated\nwhich gives them the next version in src/b12labs/rules_version.toml, and say in CHANGELOG.md "
    "which answers changed."
)
GUIDELINE = "reference_ranges/guidelines/nice-ng239.toml"
SAY = """
import json
from b12labs import interpret
from b12labs.provenance.fingerprint import fingerprint, taken_anew
made, anew = fingerprint(), taken_anew()
assert (made.rules, made.sentences) == (anew.rules, anew.sentences)
print(json.dumps({"version": made.rules_version, "rules": made.rules, "sentences": made.sentences,
    "guideline": interpret(b12="200 pg/mL").provenance.guideline_hash, "files": anew.files}))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the package and the reference files, to be edited."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("src", "reference_ranges"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def edited(tree):
    """Edit files of the copy, say what a new process takes of them, and put them back."""
    before = {}

    def edit(*edits, hash_seed="0"):
        for name, change in edits:
            path = tree / name
            before.setdefault(path, path.read_bytes())
            content = change(path.read_text(encoding="utf-8"))
            assert content.encode() != before[path]
            path.write_bytes(content.encode())
        environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONHASHSEED": hash_seed}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        done = subprocess.run(
            [sys.executable, "-c", SAY], env=environment, cwd=tree, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    yield edit
    for path, content in before.items():
        path.write_bytes(content)


def replaced(old, new):
    def change(text):
        assert old in text
        return text.replace(old, new)

    return change


def test_the_committed_version_is_of_these_rules_numbers_and_sentences():
    taken, known = taken_anew(), recorded()
    if taken != known:
        pytest.fail(MEANT.format(version=known.rules_version), pytrace=False)
    assert fingerprint().rules_version == known.rules_version
    assert EDITED not in fingerprint().rules_version


def test_a_changed_fingerprint_has_another_version_and_the_same_one_keeps_it():
    known = Record("2026.11.3", "rules", "sentences")
    today = date(2026, 11, 30)
    assert with_version(Record(rules="rules", sentences="sentences"), known, today).rules_version == "2026.11.3"
    assert with_version(Record(rules="others", sentences="sentences"), known, today).rules_version == "2026.11.4"
    assert with_version(Record(rules="rules", sentences="others"), known, today).rules_version == "2026.11.4"
    assert next_version("2026.11.4", date(2026, 12, 1)) == "2026.12.0"
    assert next_version("2026.12.0", date(2026, 11, 30)) == "2026.12.1"


def test_neither_the_hash_seed_nor_line_ends_comments_spaces_and_the_order_of_rows_change_it(edited):
    def untidy(text):
        head, *rows = re.split(r"(?=^\[\[limits)", text, flags=re.MULTILINE)
        assert len(rows) > 1
        return "# a comment\n" + (head + "\n" + "\n\n".join(reversed(rows))).replace(" = ", "  =  ").replace(
            "\n", "\r\n"
        )

    def reversed_rows(text):
        head, *rows = text.splitlines(keepends=True)
        return head + "".join(reversed(rows))

    found = edited(
        (GUIDELINE, untidy),
        ("reference_ranges/guidelines/anemia/who-2024.toml", untidy),
        ("reference_ranges/analytes.toml", replaced("\n", "\r\n")),
        ("reference_ranges/codes/loinc.csv", reversed_rows),
        ("src/b12labs/rules/b12_status.py", replaced("\n", "\r\n")),
        hash_seed="4242",
    )
    known = recorded()
    assert (found["rules"], found["sentences"]) == (known.rules, known.sentences)
    assert found["version"] == known.rules_version
    assert found["guideline"] == guideline_hash(limits_of("nice-ng239"))


def test_a_limit_that_is_edited_in_place_is_noticed(edited):
    found = edited((GUIDELINE, replaced('value = 180, unit = "ng/L"', 'value = 250, unit = "ng/L"')))
    known = recorded()
    assert found["version"] == known.rules_version + EDITED
    assert found["rules"] != known.rules
    assert found["sentences"] == known.sentences
    assert found["guideline"] != guideline_hash(limits_of("nice-ng239"))


def test_a_number_of_every_file_is_in_the_fingerprint(edited):
    def another_number(text):
        for found in re.finditer(r"(?<== )\d+(?:\.\d+)?\b", text):
            line = text[: found.start()].rpartition("\n")[2]
            if float(found[0]) and "year" not in line and "#" not in line:
                return f"{text[: found.start()]}{float(found[0]) * 1.0625:g}{text[found.end() :]}"
        raise AssertionError(text[:200])

    folder = ROOT / "reference_ranges"
    top = [folder / f"{name}.toml" for name in ("analytes", "units", "formulas", "variation")]
    limited = [
        path for path in (folder / "guidelines").rglob("*.toml") if "value = " in path.read_text(encoding="utf-8")
    ]
    names = [path.relative_to(ROOT).as_posix() for path in (*top, *limited)]
    found, known = edited(*((name, another_number) for name in names)), recorded()
    changed = {name for name, parts in known.files.items() if found["files"][name][1] != parts[1]}
    assert changed == {name.removeprefix("reference_ranges/") for name in names}


def test_a_rule_that_decides_otherwise_is_noticed_and_one_that_reads_otherwise_only_as_a_sentence(edited):
    known = recorded()
    source = (ROOT / "src/b12labs/rules/cells.py").read_text(encoding="utf-8")
    sentence = re.search(r'says="([^"]+)"', source)[1]
    said = edited(("src/b12labs/rules/cells.py", replaced(f'says="{sentence}"', f'says="Indeed, {sentence}"')))
    assert said["rules"] == known.rules
    assert said["sentences"] != known.sentences
    assert said["version"] == known.rules_version + EDITED


def test_a_comparison_the_other_way_round_is_noticed(edited):
    known = recorded()
    source = (ROOT / "src/b12labs/rules/cells.py").read_text(encoding="utf-8")
    compared = re.search(r"\w+ > limit\.\w+", source)[0]
    found = edited(("src/b12labs/rules/cells.py", replaced(compared, compared.replace(">", "<"))))
    assert found["rules"] != known.rules
    assert found["sentences"] == known.sentences


def test_an_interpretation_says_what_it_was_made_with():
    made = interpret(b12="200 pg/mL", age=50, unreported_context="unknown").provenance
    known = recorded()
    assert (made.rules_version, made.rules_hash, made.sentences_hash) == (
        known.rules_version,
        known.rules,
        known.sentences,
    )
    assert made.guideline == "nice-ng239"
    assert made.options == {"unreported_context": "unknown", "formulary": "uk"}
    result = interpret(b12=200, units={"b12": "pmol/L"}, decimal=",", mapping=SiteMapping(tests={"Kobalamin": "b12"}))
    assert result.provenance.options["units"] == {"b12": "pmol/L"}
    assert result.provenance.options["decimal"] == ","
    assert result.provenance.options["mapping"] == mapping_hash(SiteMapping(tests={"Kobalamin": "b12"}))
    assert f"rules {known.rules_version}" in " ".join(result.to_text().split())  # it may stand at the end of a line
    assert f"rules {known.rules_version}" in result._repr_html_()


def test_a_guideline_file_of_ones_own_has_a_hash_of_its_own(tmp_path):
    packaged = (ROOT / GUIDELINE).read_text(encoding="utf-8").replace('key = "nice-ng239"', 'key = "ours"')
    own = tmp_path / "ours.toml"
    hashes = []
    for content in (packaged, packaged.replace("180", "190"), "# ours\n" + packaged):
        own.write_text(content, encoding="utf-8")
        hashes.append(interpret(b12="200 pg/mL", guideline=str(own)).provenance.guideline_hash)
    assert hashes[0] == hashes[2] != hashes[1]
    assert hashes[0] != guideline_hash(limits_of("nice-ng239"))

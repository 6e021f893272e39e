"""Writes `rules_version.toml`: the version of rules, numbers and sentences, and their fingerprint.

`make generated` gives a new version where the fingerprint changed: year, month, and a count within the month.
"""

from dataclasses import replace
from datetime import date

from b12labs.provenance.fingerprint import Record, recorded, taken_anew

NAME = "src/b12labs/rules_version.toml"
HEAD = """\
# The version of the rules, numbers and sentences, and their fingerprint. Written by `make generated`, which gives a new
# version if the fingerprint changed. Each file has fingerprints of its data, its rules and its sentences.
"""


def rules_version(today=None):
    """Return the text of the file: with the committed version if nothing changed, else with the next one."""
    return written(with_version(taken_anew(), recorded(), today or date.today()))  # noqa: DTZ011  # the author's own day


def with_version(taken, before, today):
    """Give what was taken now its version."""
    same = (taken.rules, taken.sentences) == (before.rules, before.sentences)
    return replace(taken, rules_version=before.rules_version if same else next_version(before.rules_version, today))


def next_version(before, today):
    """Return the version after another: the month of today, and the count within it. It never goes back."""
    year, month, count = (int(part) for part in before.split(".")) if before.count(".") == 2 else (0, 0, 0)
    if (today.year, today.month) > (year, month):
        return f"{today.year}.{today.month:02d}.0"
    return f"{year}.{month:02d}.{count + 1}"


def written(record: Record):
    """Return a record as the text of its file."""
    files = [f'"{name}" = [{", ".join(f"{each!r}" for each in parts)}]' for name, parts in record.files.items()]
    head = [f'{name} = "{getattr(record, name)}"' for name in ("rules_version", "rules", "sentences")]
    return HEAD + "\n".join([*head, "", "[files]", *files]).replace("'", '"') + "\n"

"""Change one number at a time by one in its last place, up and down, and see that a table notices.

    python -m tests.witness.mutate [FILE ...]

Each mutant runs in a process of its own, forked before any reference file is read: the number is changed where the file
is parsed, and the table of the file and the worked examples are asked. The bookkeeping is not: it would notice every
change. Prints the mutants that nothing notices, and how many were caught, by file.
"""

from __future__ import annotations

import os
import sys
import tomllib
import traceback
from decimal import Decimal

import b12labs.reference.files as reading
from b12labs.errors import ReferenceDataError
from tests.witness.asking import asked_as_table, asked_one_by_one
from tests.witness.reference_numbers import numbers_of, reference_files
from tests.witness.tables import rows, tables

#: Mutants that change no answer, each with its reason.
EQUIVALENT = {
    ("guidelines/b12labs", "mma_at_age; 50 to 65 years", "from", "-1"): "the rule asks from the same age on, "
    "which stands in formulas.toml",
    ("guidelines/norway", "mma_raised; 18 to 50 years", "from", "-1"): "under 18 the guideline does not apply at all",
}


def as_printed(path):
    """Return a file's content with numbers as they are printed, so that the last place is known."""
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def stepped(number, direction):
    """Return a printed number one step up or down in its last place."""
    if isinstance(number, int):
        return number + direction
    if not number.is_finite():
        return None
    return float(number + direction * Decimal(1).scaleb(number.as_tuple().exponent))


def notices(file, key="", path=(), changed=None):
    """Tell whether a table notices that the number at a path of a file is another; without a path none is."""
    child = os.fork()
    if child == 0:
        os._exit(_outcome(file, key, path, changed))
    outcome = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert outcome in (0, 1), f"{file}: {path}: asking the table failed"
    return outcome == 1


def _outcome(file, key, path, changed):
    try:
        if path:
            _change(file, path, changed)
        return int(_caught(file, key))
    except ReferenceDataError:  # a file that is refused is noticed
        return 1
    except BaseException:  # whatever else goes wrong is a fault of the table
        traceback.print_exc()
        return 2


def _change(file, path, changed):
    read, target = reading.read_toml, reading.directory() / f"{file}.toml"

    def with_another(asked):
        content = read(asked)
        if asked == target:
            *steps, last = path
            inner = content
            for step in steps:
                inner = inner[step]
            inner[last] = changed if isinstance(inner[last], int) and isinstance(changed, int) else float(changed)
        return content

    reading.read_toml = with_another
    from b12labs.inputs import variation

    variation.read_toml = with_another


def _caught(file, key):
    """Tell whether an answer is another: first of the number's own rows, then of all."""
    all_rows = rows(file)
    own = [row for row in all_rows if row.key == key]
    return any(asked_as_table(some) or asked_one_by_one(some) for some in (own, all_rows))


def main(files):
    """Mutate every number of the files, and print what survives."""
    total = survived = 0
    for file in files or [file for file in reference_files() if file in tables()]:
        content = as_printed(reading.directory() / f"{file}.toml")
        count = kept = equivalent = 0
        assert not notices(file), f"{file}: its table is to hold before anything is changed"
        for identity, (path, _) in numbers_of(file).items():
            number = content
            for step in path:
                number = number[step]
            for direction in (1, -1):
                changed = stepped(number, direction)
                if (file, *identity[:2], f"{direction:+d}") in EQUIVALENT:
                    equivalent += 1
                    continue
                count += 1
                if not notices(file, identity[0], path, changed):
                    kept += 1
                    print(f"  survives: {file}: {' '.join(identity)}: {number} -> {changed}", flush=True)
        total, survived = total + count, survived + kept
        print(f"{file}: {count - kept} of {count} caught; {equivalent} equivalent", flush=True)
    print(f"all: {total - survived} of {total} caught")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

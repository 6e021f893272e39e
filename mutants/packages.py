"""The packages that are changed, and the tests that must notice.

The tests of a package state the properties of its answers. Left out are tests that compare generated pages and
schemas, or lists of numbers, with one another: they notice a change, not a wrong answer. Left out are also long tests
(browsers, Spark, services, properties of thousands of random patients).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutants.code import code_mutants
from mutants.mutant import ROOT, Mutant
from mutants.numbers import number_mutants

RULES = (
    "tests/witness/test_numbers.py",
    "tests/rules/test_rules.py",
    "tests/rules/test_safety.py",
    "tests/rules/test_witness.py",
    "tests/reasoning",
    "tests/logic",
    "tests/patient/test_bedside_tables.py",
    "tests/patient/test_differential.py",
    "tests/patient/test_screening.py",
    "tests/over_time",
)
#: These compare the parts of rules with the rows that witness them: they notice a change, not a wrong answer.
BOOKKEEPING = (
    "test_every_part_of_every_rule_turns_a_row",
    "test_what_is_listed_as_equivalent_is_noticed",
    "test_every_row_tries_a_part",
    "test_every_comparison_has_rows",
    "test_a_row_names_a_part",
)
INPUTS = ("tests/inputs", "tests/limits", "tests/reference")
#: Tests that take minutes: other programs as referees, and the words of a report for every guideline.
LONG = {
    "tests/integrations/fhir/test_examples.py",
    "tests/integrations/fhir/test_validators.py",
    "tests/limits/test_words_of_limits.py",
}
READERS = (
    "tests/integrations/test_lab_results.py",
    "tests/integrations/test_context.py",
    "tests/integrations/test_made_with.py",
    "tests/draws/test_times.py",
)


@dataclass(frozen=True)
class Package:
    """The files that are changed, and the files or folders of tests."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]

    def mutants(self) -> Iterator[Mutant]:
        """Yield every mutant of the package, in the order of files and lines."""
        for source in self.sources:
            path = ROOT / source
            for file in sorted(path.rglob("*.*")) if path.is_dir() else [path]:
                name = file.relative_to(ROOT).as_posix()
                if file.suffix == ".py":
                    yield from code_mutants(name)
                elif file.suffix == ".toml":
                    yield from number_mutants(name)

    def test_files(self) -> list[str]:
        """Return the files of its tests."""
        found: list[Path] = []
        for test in self.tests:
            path = ROOT / test
            found += sorted(path.rglob("test_*.py")) if path.is_dir() else [path] if path.exists() else []
        return [name for name in (file.relative_to(ROOT).as_posix() for file in found) if name not in LONG]


def _reader(*sources: str) -> Package:
    folders = [f"src/b12labs/integrations/{name}" for name in sources]
    tests = [f"tests/integrations/{name}" for name in sources if "." not in name]
    return Package(tuple(folders), (*tests, *READERS))


PACKAGES = {
    # Files with only codes, names and years of publication are left out: these are not numbers that decide.
    "numbers": Package(
        (
            "reference_ranges/guidelines",
            *(f"reference_ranges/{name}.toml" for name in ("analytes", "formulas", "treatment", "units", "variation")),
        ),
        (*RULES, *INPUTS),
    ),
    "rules": Package(("src/b12labs/rules",), RULES),
    "logic": Package(("src/b12labs/logic",), (*RULES, *INPUTS)),
    "reasoning": Package(("src/b12labs/reasoning",), (*RULES, *INPUTS)),
    "limits": Package(("src/b12labs/limits",), (*INPUTS, *RULES)),
    "inputs": Package(
        ("src/b12labs/inputs",), (*INPUTS, *READERS, "tests/tables/test_texts.py", "tests/tables/test_given.py")
    ),
    "lab_results": _reader("lab_results.py"),
    "fhir": _reader("fhir"),
    "hl7v2": _reader("hl7v2"),
    "cds_hooks": _reader("cds_hooks"),
}
#: Every mutant of these is tried by default, and a sample of the others.
WHOLE = ("numbers", "rules")
#: A survivor of these packages fails CI, unless it is listed. Other survivors are only printed.
HELD = ("numbers", "rules", "reasoning", "limits")

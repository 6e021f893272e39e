"""Rows of a second witness of the rules: one patient in words, a rule, and the answer that is right by the documents.

A file a file of rules, one row a line:

    rule | part of the rule that the row tries | inputs, as keywords | answer

Answers are `yes`, `no`, `open`, or the word of a verdict. A row that nobody has reviewed ends in `| unreviewed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
UNREVIEWED = "unreviewed"
NOTHING = "nothing"
OPTIONS = ("guideline", "unreported_context")


@dataclass(frozen=True)
class Row:
    """One row: which rule answers what of which patient."""

    rule: str
    part: str
    inputs: tuple[tuple[str, str], ...]
    answer: str
    reviewed: bool = True
    place: str = ""

    @property
    def guideline(self) -> str:
        return dict(self.inputs).get("guideline", "nice-ng239")

    @property
    def unreported(self) -> str:
        """Whether what is not mentioned is taken as absent, or as unknown."""
        return dict(self.inputs).get("unreported_context", "absent")

    @property
    def cells(self) -> dict[str, str]:
        """The patient as the cells of a table, the context in one of them."""
        return {"diagnoses" if key == "reported" else key: value for key, value in self.inputs if key not in OPTIONS}

    @property
    def keywords(self) -> dict[str, str | list[str]]:
        """The patient as the keywords of `interpret()`."""
        return {key: value.split("; ") if key == "diagnoses" else value for key, value in self.cells.items()}

    def __str__(self) -> str:
        said = ", ".join(f"{key}={value}" for key, value in self.inputs) or NOTHING
        return " | ".join([self.rule, self.part, said, self.answer, *([] if self.reviewed else [UNREVIEWED])])


def read_row(line: str, place: str = "") -> Row:
    """Read one row of a file."""
    rule, part, said, answer, *more = (cell.strip() for cell in line.split("|"))
    assert more in ([], [UNREVIEWED]), f"{place}: expected rule | part | inputs | answer, got {line!r}"
    pairs = [pair.split("=", 1) for pair in said.split(", ")] if said != NOTHING else []
    return Row(rule, part, tuple((key, value) for key, value in pairs), answer, not more, place)


def read_rows(name: str) -> list[Row]:
    """Read the rows of one file of rules."""
    path = HERE / f"{name}.txt"
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        read_row(line, f"{path.name}:{number}")
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    ]


def files() -> list[str]:
    """Return the files of rows, by the file of rules that they witness."""
    return sorted(path.stem for path in HERE.glob("*.txt"))


def read_equivalents() -> dict[str, str]:
    """Read the alterations that no patient can notice, each with the reason."""
    lines = (HERE / "equivalent" / "parts.txt").read_text(encoding="utf-8").splitlines()
    told = (line.partition(" | ") for line in lines if line.strip() and not line.startswith("#"))
    return {said.strip(): reason.strip() for said, _, reason in told}

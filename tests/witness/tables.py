"""The tables of `numbers/`: every clinical number typed a second time, with values around it and their answers.

A table is named as the file of `reference_ranges/` it witnesses. A line that begins at the margin names what a number
belongs to; an indented line is a row:

    hemoglobin_low; 0.5 to 2 years
      105 g/L   | hemoglobin 104.5, 105, 105.5 g/L | anemia yes, no, no    | age 1
      from 0.5  | age 0.45, 0.5                    | anemia open, yes      | hemoglobin 104 g/L

that is: the number, with its name where it has one; what is varied around it; what is asked, with the answer at each
value; and what else is given. Another row about the same number repeats it. A row whose number begins with `?` holds a
number that stands in none of the publications that were read. `with guideline KEY` applies to the rows that follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

NUMBERS = Path(__file__).parent / "numbers"
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?(?:e-?\d+)?|inf)")


@dataclass(frozen=True)
class Row:
    """One number with what must be answered around it."""

    file: str
    key: str
    name: str
    number: float
    unit: str
    unread: bool
    varied: str
    values: tuple[str, ...]
    question: str
    answers: tuple[str, ...]
    given: tuple[tuple[str, str], ...]
    guideline: str

    @property
    def identity(self):
        return self.file, self.key, self.name, self.unit

    def patients(self):
        """Yield what is given at each value, with the answer."""
        for value, answer in zip(self.values, self.answers, strict=True):
            yield dict(self.given) | {self.varied: value}, answer


def tables():
    """Return the names of all tables, as those of the reference files."""
    return sorted(path.relative_to(NUMBERS).with_suffix("").as_posix() for path in NUMBERS.rglob("*.txt"))


def rows(file):
    """Return the rows of a table."""
    found, key, guideline = [], "", file.removeprefix("guidelines/") if file.startswith("guidelines/") else ""
    for line in (NUMBERS / f"{file}.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.startswith("with guideline "):
            guideline = line.removeprefix("with guideline ").strip()
        elif not line.startswith(" "):
            key = line.strip()
        else:
            found.append(_row(file, key, guideline, line))
    return found


def _row(file, key, guideline, line):
    cells = [cell.strip() for cell in line.split("|")]
    assert len(cells) in (3, 4), f"{file}: {line}"
    unread, number = cells[0].startswith("?"), cells[0].removeprefix("?").split()
    place = next(place for place, word in enumerate(number) if _NUMBER.fullmatch(word))
    varied, values = _listed(cells[1])
    last, _, unit = values[-1].partition(" ")
    values = tuple(f"{value} {unit}".strip() for value in (*values[:-1], last))
    question, answers = _listed(cells[2])
    assert len(values) == len(answers), f"{file}: an answer for every value is expected: {line}"
    given = tuple(_pair(part) for part in cells[3].split(",") if part.strip()) if len(cells) == 4 else ()
    return Row(
        file=file,
        key=key,
        name=" ".join(number[:place]),
        number=float(number[place]),
        unit=" ".join(number[place + 1 :]),
        unread=unread,
        varied=varied,
        values=values,
        question=question,
        answers=tuple(answers),
        given=given,
        guideline=guideline,
    )


def _listed(cell):
    name, _, rest = cell.partition(" ")
    return name, [part.strip() for part in rest.split(",")]


def _pair(part):
    name, _, value = part.strip().partition(" ")
    return name, value.strip()

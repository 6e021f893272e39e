"""The totals of a file, counted part by part: statuses and findings, the most urgent rows, and problems."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable

from b12labs.answer.answers import COUNTED
from b12labs.answer.words import STATUS_LABELS
from b12labs.record import each
from b12labs.reference import analytes
from b12labs.reference.frozen import Kept
from b12labs.tables.rows import CohortOutcome
from b12labs.text import WIDTH, Paint, as_words, count_of, percent, plain, printable, shortened

__all__ = ["Counted", "ProblemKind", "Totals", "as_lines", "parts_of", "status_line", "truth_line", "truth_words"]

URGENCIES = ("emergency", "urgent")

SHOWN = 12


#: The most characters of the name of a column.
LONGEST = 60

PROBLEM_ROWS_SHOWN = 5


class Counted(Kept):
    """A number of rows, and the numbers of the first of them; row 1 is the first under the header."""

    rows: int = 0
    first: list[int] = each(default_factory=list)

    def add(self, rows: int, first: list[int], shown: int) -> None:
        """Add the rows of a later part."""
        self.first = [*self.first, *first][:shown]
        self.rows += rows


class ProblemKind(Counted):
    """One kind of problem of one field, with the message of the first."""

    field: str
    code: str
    example: str


class Totals(Kept):
    """The counts of all rows so far, in memory that does not grow with the rows."""

    rows: int = 0
    status: dict[str, int] = each(default_factory=dict)
    #: The numbers of no, cannot tell, and yes.
    truths: dict[str, list[int]] = each(default_factory=lambda: {code: [0, 0, 0] for code in COUNTED})
    urgency: dict[str, Counted] = each(default_factory=lambda: {urgency: Counted() for urgency in URGENCIES})
    problem_rows: int = 0
    #: The analytes with a usable result in at least one row.
    usable: list[str] = each(default_factory=list)
    problems: list[ProblemKind] = each(default_factory=list)

    @classmethod
    def of(cls, outcome: CohortOutcome, rows: int, first: int) -> Totals:
        """Return the totals of one part; `first` is the number of rows before it."""
        totals = cls(rows=rows, status={str(word): count for word, count in outcome.words("status").counts().items()})
        totals.usable = outcome.usable
        for code in COUNTED:
            truths = outcome.truths(code)
            yes, unknown = int(truths.holds.sum()), int(truths.unknown.sum())
            totals.truths[code] = [rows - yes - unknown, unknown, yes]
        for urgency, counted in totals.urgency.items():
            found = outcome.words("urgency").rows_with(urgency)
            counted.add(len(found), [first + row + 1 for row in found[:SHOWN].tolist()], SHOWN)
        where: dict[tuple[str, str], set[int]] = {}  # a row is counted once, even if several of its words are unknown
        for problem, problem_rows in outcome.problems.found:
            key = problem.field, problem.code
            if key not in where:
                totals.problems.append(ProblemKind(field=problem.field, code=problem.code, example=problem.message))
            where.setdefault(key, set()).update(problem_rows.tolist())
        totals.problem_rows = len(set().union(*where.values()))
        for kind, numbers in zip(totals.problems, where.values(), strict=True):
            kind.add(
                len(numbers), [first + row + 1 for row in sorted(numbers)[:PROBLEM_ROWS_SHOWN]], PROBLEM_ROWS_SHOWN
            )
        return totals

    def add(self, part: Totals) -> None:
        """Add the counts of the part that follows."""
        self.rows += part.rows
        self.problem_rows += part.problem_rows
        self.usable = [key for key in analytes() if key in self.usable or key in part.usable]
        for word, count in part.status.items():
            self.status[word] = self.status.get(word, 0) + count
        for code, counts in part.truths.items():
            self.truths[code] = [mine + theirs for mine, theirs in zip(self.truths[code], counts, strict=True)]
        for urgency, counted in part.urgency.items():
            self.urgency[urgency].add(counted.rows, counted.first, SHOWN)
        known = {(kind.field, kind.code): kind for kind in self.problems}
        for kind in part.problems:
            if (kind.field, kind.code) in known:
                known[kind.field, kind.code].add(kind.rows, kind.first, PROBLEM_ROWS_SHOWN)
            else:
                self.problems.append(kind.model_copy(deep=True))


def as_lines(
    totals: Totals, name: str, guideline: str, unused: tuple[str, ...], *, what: str = "row", paint: Paint = plain
) -> list[str]:
    """Return the summary of a file in lines of at most 80 columns; `what` is the unit counted, `row` or `draw`."""
    lines = [*_wrapped(f"{printable(name)}: {count_of(totals.rows, what)}, interpreted by {guideline}"), ""]
    lines += [
        status_line(status, totals.status[status], totals.rows, paint)
        for status in STATUS_LABELS
        if status in totals.status
    ]
    lines.append("")
    for code in COUNTED:
        no, open_, yes = totals.truths[code]
        lines.append(truth_line(code, yes, no, open_))
    lines += _first_lines(totals, what, paint)
    lines += _problem_lines(totals, what, paint)
    if unused:
        said = ", ".join(shortened(printable(header), LONGEST) for header in unused)
        first = f"Column{'s' * (len(unused) != 1)}"
        lines += ["", *_led(first, "heading", f"{'passed through and ' * (what == 'row')}not used: {said}", paint)]
    return lines


def status_line(status: str, count: int, rows: int, paint: Paint = plain) -> str:
    """Return the line of every text summary for the number of rows with a status."""
    label = STATUS_LABELS[status]
    shown = paint(label, f"status {status}") + " " * (24 - len(label))
    return f"  {shown}{count:>9,}  {percent(count, rows):>8}"


def truth_line(code: str, yes: int, no: int, cannot_tell: int) -> str:
    """Return the line of every text summary for the answers to one of the truths."""
    return f"  {COUNTED[code].summed:<23} {truth_words(yes, no, cannot_tell)}"


def truth_words(yes: int, no: int, cannot_tell: int) -> str:
    """Return the numbers of yes, no and cannot tell in words."""
    return f"{yes:,} yes, {no:,} no, {cannot_tell:,} cannot tell"


def parts_of(counts: Iterable[tuple[str | None, int]]) -> Counter[str]:
    """Return the number of rows with each part of a text separated by `; `, such as the next tests."""
    parts: Counter[str] = Counter()
    for text, count in sorted((text or "", count) for text, count in counts):
        parts.update(dict.fromkeys(text.split("; ") if text else (), count))
    return parts


def _wrapped(text: str, first: str = "", then: str = "  ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)


def _led(first: str, role: str, text: str, paint: Paint) -> list[str]:
    """Return a text in lines, with its first words painted."""
    begun, *rest = _wrapped(f"{first} {text}")
    return [paint(first, role) + begun.removeprefix(first), *rest]


def _first_lines(totals: Totals, what: str, paint: Paint) -> list[str]:
    lines: list[str] = []
    for urgency, counted in totals.urgency.items():
        if counted.rows:
            more = f" and {counted.rows - SHOWN} more" if counted.rows > SHOWN else ""
            name = what if counted.rows == 1 else f"{what}s"
            label = f"{'Then' if lines else 'Look first'} at ({urgency}):"
            lines += _led(label, urgency, f"{name} {', '.join(map(str, counted.first))}{more}", paint)
    return ["", *lines] if lines else []


def _problem_lines(totals: Totals, what: str, paint: Paint) -> list[str]:
    if not totals.problems:
        return ["", f"No problems: every {'cell' if what == 'row' else 'result of every draw'} was read."]
    said = (
        f"in {count_of(totals.problem_rows, what)}; the values concerned were left out, the rest of each "
        f"{what} was interpreted:"
    )
    lines = ["", *_led("Problems", "problem", said, paint)]
    for kind in sorted(totals.problems, key=lambda kind: -kind.rows):
        numbers = ", ".join(map(str, kind.first)) + (", ..." if kind.rows > PROBLEM_ROWS_SHOWN else "")
        said = f"{kind.field}: {as_words(kind.code)}, {count_of(kind.rows, what)} ({numbers})"
        lines += _wrapped(printable(said), "  ", "      ") + _wrapped(
            shortened(printable(kind.example)), "      ", "      "
        )
    return lines

"""The answers of an interpretation in one table, from which every column, total, component and comparison is made.

A new answer is a new row. A truth is a finding, by its code. A verdict is a member of `Answer` under its code or under
`place`.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

from b12labs.answer.parts import Answer

__all__ = ["ANSWERS", "COUNTED", "TRUTHS", "VERDICTS", "AnswerRow"]


@dataclass(frozen=True)
class AnswerRow:
    """One answer: its code, which names its column; its label; and whether it is a truth, a verdict's word or a list.

    `undecided` is the word of a verdict that is not decided. `unassessed` is its word if no marker of B12 was measured,
    or empty if that does not matter to it. A verdict with `at_least` reports the last of several possible outcomes.
    `place` is the path in `Answer` to a verdict that is part of another member. `counted` is the position of a truth in
    a summary, and `counted_as` is its name there if a status has its label.
    """

    code: str
    label: str
    kind: Literal["truth", "verdict", "list"]
    undecided: str = ""
    unassessed: str = ""
    at_least: bool = False
    place: str = ""
    counted: int = 99
    counted_as: str = ""

    @property
    def summed(self) -> str:
        """The name under which a summary counts a truth, capitalized; no status has the same name."""
        name = self.counted_as or self.label
        return f"{name[0].upper()}{name[1:]}"

    def of(self, answer: Answer) -> Any:
        """Return the answer of an interpretation: yes, no, None if it is open, or a word."""
        return answer.holds(self.code) if self.kind == "truth" else attrgetter(self.place or self.code)(answer)

    def word(self, decided: str | None, *, assessed: bool = True) -> str:
        """Return the word of a verdict, given its decided outcome, if any."""
        return self.unassessed if self.unassessed and not assessed else decided or self.undecided


#: In the order of the output columns.
ANSWERS = (
    AnswerRow("status", "status", "verdict", undecided="indeterminate", unassessed="not_assessed"),
    AnswerRow("functional_deficiency", "functional deficiency", "truth", counted=2, counted_as="tissue short of B12"),
    AnswerRow("megaloblastic_anemia", "megaloblastic anemia", "truth", counted=1),
    AnswerRow("anemia", "anemia", "truth", counted=3),
    AnswerRow("anemia_grade", "anemia grade", "verdict"),
    AnswerRow(
        "treatment_route",
        "treatment route",
        "verdict",
        undecided="undetermined",
        place="treatment.route",
    ),
    AnswerRow("urgency", "urgency", "verdict", at_least=True),
    AnswerRow("next_tests", "next tests", "list"),
    AnswerRow("problems", "problems", "list"),
)


TRUTHS = {row.code: row for row in ANSWERS if row.kind == "truth"}


VERDICTS = {row.code: row for row in ANSWERS if row.kind == "verdict"}


#: The truths in the order in which summaries count them.
COUNTED = dict(sorted(TRUTHS.items(), key=lambda item: item[1].counted))

"""The answers of an interpretation in one table: what every column, total, component and comparison is made from.

An answer more is a row more. A truth is a finding by its code; a verdict stands in `Answer` under its code, or where
`place` says.
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

    `undecided` is the word of a verdict that is not decided, and `unassessed` its word where no marker of B12 was
    measured, if that matters to it; empty for no word. Of a verdict with `at_least`, the last of several outcomes that
    are possible is said. `place` is where in `Answer` a verdict stands that is part of
    something, and `counted` the truth's place in a summary, `counted_as` its name there where a status has its label.
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
        """The name under which a summary counts a truth, with a capital; no status has the same."""
        name = self.counted_as or self.label
        return f"{name[0].upper()}{name[1:]}"

    def of(self, answer: Answer) -> Any:
        """Return what an interpretation answers: yes, no, None where it cannot tell, or a word."""
        return answer.holds(self.code) if self.kind == "truth" else attrgetter(self.place or self.code)(answer)

    def word(self, decided: str | None, *, assessed: bool = True) -> str:
        """Return the word of a verdict, by the outcome that is decided, if one is."""
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

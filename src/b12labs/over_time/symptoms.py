"""Symptoms over time: new, still reported, or no longer reported."""

from __future__ import annotations

from datetime import date
from typing import Literal

from b12labs.over_time.series import SeriesDraw
from b12labs.reference import context
from b12labs.reference.frozen import Answered

__all__ = ["SymptomOverTime", "symptoms_over_time"]

_SAID = {
    "only": "reported on {last}",
    "new": "new on {first}, last reported on {last}",
    "still": "reported since {first}, still on {last}",
    "gone": "last reported on {last}, no longer on {asked}",
}


class SymptomOverTime(Answered):
    """One symptom as the draws report it.

    `course` is `gone` if the last draw that mentions symptoms does not report it, `new` if an earlier draw did not, and
    otherwise `still`; it is `only` if a single draw mentions symptoms. `first` and `last` are the days on which it is
    first and last reported, and `asked` is the last day on which any symptom is mentioned.
    """

    term: str
    label: str
    course: Literal["only", "new", "still", "gone"]
    first: date
    last: date
    asked: date

    def __str__(self) -> str:
        said = _SAID[self.course].format(first=self.first, last=self.last, asked=self.asked)
        return f"{self.label[0].upper()}{self.label[1:]}: {said}"


def symptoms_over_time(draws: list[SeriesDraw]) -> tuple[SymptomOverTime, ...]:
    """Return every symptom that a draw reports, in the order in which they came up."""
    spoken = [(draw.when, draw.symptoms) for draw in draws if draw.symptoms is not None]
    terms = dict.fromkeys(term for _, symptoms in spoken for term in sorted(symptoms))
    found = []
    for term in terms:
        days = [when for when, symptoms in spoken if term in symptoms]
        gone, new = days[-1] != spoken[-1][0], days[0] != spoken[0][0]
        found.append(
            SymptomOverTime(
                term=term,
                label=context().terms[term].label,
                course="only" if len(spoken) == 1 else "gone" if gone else "new" if new else "still",
                first=days[0],
                last=days[-1],
                asked=spoken[-1][0],
            )
        )
    return tuple(found)

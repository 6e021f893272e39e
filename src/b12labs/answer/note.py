"""An interpretation as at most eight plain lines, to be copied into a patient's note."""

from __future__ import annotations

from collections.abc import Iterable

from b12labs.answer.parts import Answer
from b12labs.answer.sentences import has_plan, shown_evidence, standing, summary
from b12labs.answer.words import HEADLINES, NOTE
from b12labs.text import as_words, printable, shortened

__all__ = ["as_note"]

#: The most items that a line lists; it gives the number of those left out.
MOST = 8
#: The most sentences of a line on the treatment, or on other findings.
SENTENCES = 3
#: The most characters of each problem in the note.
LONGEST = 160


def as_note(result: Answer) -> str:
    """Return one line each for the answer, the deciding results, the treatment, open questions and problems."""
    said = [each.text for each in summary(result)]
    lines = [
        _verdict(result),
        " ".join(said[:SENTENCES]),
        _list("Also", said[SENTENCES:], SENTENCES, " "),
        _list("Results", (f"{each.label} {each.printed}, {each.against}" for each in shown_evidence(result)), MOST),
        _treatment(result),
        _open(result),
        _list("Problems", (shortened(printable(problem.message), LONGEST) for problem in result.problems), SENTENCES),
        _closing(result),
    ]
    return "\n".join(" ".join(line.split()) for line in lines if line)


def _verdict(result: Answer) -> str:
    headline = HEADLINES[result.status]
    if not result.urgency_because:
        return f"{headline}."
    return f"{headline}. {result.urgency.capitalize()}: {'; '.join(each.text for each in result.urgency_because)}."


def _treatment(result: Answer) -> str:
    if not has_plan(result):
        return ""
    treatment = result.treatment
    said = [f"Suggested treatment route: {as_words(treatment.route)}."]
    if treatment.regimen is not None:
        regimen = treatment.regimen
        doses = "; then ".join(filter(None, (regimen.loading, regimen.maintenance)))
        said.append(f"{regimen.drug.capitalize()} ({regimen.formulary.upper()}): {doses}.")
    elif treatment.route in ("undetermined", "specialist"):
        said.append(treatment.statement)
    heed = [each.text for each in treatment.cautions]
    return " ".join(filter(None, (*said, _shown(heed, SENTENCES, " "))))


def _open(result: Answer) -> str:
    tests = _list("Next tests", dict.fromkeys(test.label for test in result.next_tests), MOST)
    possible = standing(result) if result.overturned_by or result.status == "indeterminate" else []
    return " ".join(filter(None, (tests, *possible)))


def _closing(result: Answer) -> str:
    assumed = f"Assumed: {'; '.join(result.assumptions)}. " if result.assumptions else ""
    return f"{assumed}By {result.guideline_title or result.guideline}, {result.made_by}. {NOTE}"


def _list(title: str, texts: Iterable[str], most: int, between: str = "; ") -> str:
    """Return a line of a title and its texts; empty if there are none."""
    shown = _shown(list(texts), most, between)
    return f"{title}: {shown}{'' if shown.endswith(('.', '?')) else '.'}" if shown else ""


def _shown(texts: list[str], most: int, between: str) -> str:
    """Return joined texts, with the number of those left out."""
    more = [f"and {len(texts) - most} more in the report"] if len(texts) > most else []
    return between.join([*texts[:most], *more])

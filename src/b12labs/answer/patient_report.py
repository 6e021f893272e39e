"""An interpretation in plain words for the patient."""

from __future__ import annotations

import textwrap

from b12labs.answer.parts import Answer, Statement
from b12labs.reference import plain_words
from b12labs.text import WIDTH

__all__ = ["as_patient_text", "patient_statements"]

PATIENT_NOTE = (
    "This explains results; it is not a diagnosis. Talk to your clinician, and do not start or stop "
    "anything on your own."
)


def patient_statements(result: Answer) -> list[Statement]:
    """Return the statements of the patient's report: the same facts and codes, in plain words."""
    words = plain_words()
    said = [Statement(code=result.status, text=words.status[result.status], sources=result.status_sources)]
    for code, text in words.findings.items():
        if result.holds(code) and not (code == "anemia" and result.megaloblastic_anemia):
            said.append(Statement(code=code, text=text, sources=result.findings[code].sources))
    said.append(Statement(code=result.urgency, text=words.urgency[result.urgency], sources=("b12labs-design",)))
    return said


def as_patient_text(result: Answer) -> str:
    """Return the patient's report: plain words, no limits, no treatment instruction."""
    lines = [line for said in patient_statements(result) for line in textwrap.wrap(said.text, WIDTH)]
    if result.next_tests:
        lines += [
            "",
            "Your clinician may want to measure: " + ", ".join(test.label for test in result.next_tests[:5]) + ".",
        ]
    return "\n".join(line for text in [*lines, "", PATIENT_NOTE] for line in (textwrap.wrap(text, WIDTH) or [""]))

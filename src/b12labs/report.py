"""An interpretation as text for a terminal (80 columns) and as plain HTML for a notebook."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable

from b12labs.interpretation import Evidence, Interpretation

__all__ = ["as_html", "as_text"]

WIDTH = 80
_HEADLINES = {
    "deficient": "DEFICIENT in vitamin B12",
    "functional_deficiency": "FUNCTIONAL DEFICIENCY of vitamin B12",
    "deficiency_unlikely": "B12 deficiency UNLIKELY",
    "indeterminate": "INDETERMINATE: B12 deficiency is not settled",
    "not_assessed": "B12 NOT ASSESSED",
}
_NOTE = "Decision support for clinicians, not a diagnosis."


def summary_sentences(result: Interpretation) -> list[str]:
    """Return the sentences under the headline: what the results say, the blood, the nerves."""
    says = [result.statement]
    found = result.findings
    if result.status == "deficient" and found["functional_deficiency"].state:
        says.append(found["functional_deficiency"].statement)
    if result.megaloblastic_anemia:
        says.append("Megaloblastic anemia" + (f", {result.anemia_grade}." if result.anemia_grade else "."))
    elif result.anemia:
        says.append("Anemia" + (f", {result.anemia_grade}." if result.anemia_grade else "."))
    return says + [found[code].statement for code in _WORTH_SAYING if found[code].state]


_WORTH_SAYING = (
    "thrombotic_microangiopathy_pattern", "pancytopenia", "neurological_involvement", "adult_limits_not_valid", "severely_reduced_kidney_function",
    "nitrous_oxide", "recent_b12", "intrinsic_factor_antibody", "binding_protein_lowered", "discordant_low_total_b12", "masked_macrocytosis",
    "ineffective_erythropoiesis", "combined_deficiency", "homocysteine_points_elsewhere", "macrocytosis_otherwise_explained", "unexplained_high_b12",
)  # fmt: skip


def as_text(result: Interpretation) -> str:
    """Return the report: the answer, what decided it, what to do, what is open."""
    short = result.guideline
    right = short if result.urgency == "routine" else f"{result.urgency} · {short}"
    headline = _HEADLINES[result.status]
    room = WIDTH - len(headline)
    lines = [headline + right.rjust(room)] if len(right) + 2 <= room else [headline, right.rjust(WIDTH)]
    lines += _paragraphs(summary_sentences(result))
    if result.evidence:
        lines += ["", "Decided by"]
        lines += _table([(e.label, e.value, f"{e.relation} {e.limit}".strip(), _cite(e)) for e in result.evidence])
        lines += _paragraphs(_without_number(result), indent=2)
    treatment = result.treatment
    if result.status != "not_assessed":
        lines += ["", f"Treatment route: {treatment.route.replace('_', ' ')}"]
        lines += _paragraphs([treatment.statement, *(f"Because: {reason}" for reason in treatment.because)], indent=2)
        lines += _paragraphs(treatment.cautions, indent=2)
    if result.next_tests:
        lines += ["", "Next"]
        width = max(len(test.label) for test in result.next_tests) + 2
        for test in result.next_tests:
            lines += textwrap.wrap(
                " ".join(test.questions), WIDTH, initial_indent=f"  {test.label.ljust(width)}", subsequent_indent=" " * (width + 2)
            )
    lines += [""]
    if result.status in ("deficient", "functional_deficiency", "deficiency_unlikely"):
        lines += _paragraphs([f"Could overturn this: {'; '.join(result.overturned_by) or 'nothing that is still open'}."])
    elif "status" in result.possible and result.status != "not_assessed":
        lines += _paragraphs([f"Still possible: {', '.join(outcome.replace('_', ' ') for outcome in result.possible['status'])}."])
    for problem in result.problems:
        lines += _paragraphs([f"Problem ({problem.code}): {problem.message}"])
    lines += _paragraphs([f"Assumed: {'; '.join(result.assumptions)}."])
    lines += [f"{_NOTE} b12labs {result.version}"]
    return "\n".join(lines)


def _cite(entry: Evidence) -> str:
    return f"{entry.source_name} [{entry.checked}]"


def _without_number(result: Interpretation) -> list[str]:
    """Say for which results the guideline gives no number, and another profile's limit stands in."""
    lacking: dict[str, list[str]] = {}
    for entry in result.evidence:
        if entry.note.endswith("gives no number"):
            lacking.setdefault(entry.note, []).append(entry.label)
    return [f"({note} for {' and '.join(labels)}.)" for note, labels in lacking.items()]


def _paragraphs(sentences: Iterable[str], indent: int = 0) -> list[str]:
    space = " " * indent
    return [
        line for sentence in sentences for line in textwrap.wrap(sentence, WIDTH, initial_indent=space, subsequent_indent=space + "  " * (not indent))
    ]


def _table(rows: list[tuple[str, str, str, str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) + 2 for place in range(3)]
    lines: list[str] = []
    for row in rows:
        head = "  " + "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        if len(head) + len(row[3]) <= WIDTH:
            lines.append(head + row[3])
        else:
            lines += (
                textwrap.wrap(head.strip(), WIDTH, initial_indent="  ", subsequent_indent=" " * 6) if len(head.rstrip()) > WIDTH else [head.rstrip()]
            )
            lines += textwrap.wrap(row[3], WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return lines


def as_html(result: Interpretation) -> str:
    """Return the report as HTML without scripts; every string is escaped."""
    escape = html.escape
    rows = "".join(
        f"<tr><td>{escape(e.label)}</td><td>{escape(e.value)}</td><td>{escape(f'{e.relation} {e.limit}')}</td><td>{escape(_cite(e))}</td></tr>"
        for e in result.evidence
    )
    tests = "".join(f"<li><b>{escape(test.label)}</b>: {escape(' '.join(test.questions))}</li>" for test in result.next_tests)
    problems = "".join(f"<li>{escape(problem.message)}</li>" for problem in result.problems)
    overturned = "; ".join(result.overturned_by) or "nothing that is still open"
    return (
        f'<section aria-label="B12 interpretation"><h3>{escape(_HEADLINES[result.status])}</h3>'
        f"<p>{escape(' '.join(summary_sentences(result)))}</p>"
        + (
            f"<table><thead><tr><th>Result</th><th>Value</th><th>Against</th><th>Source</th></tr></thead><tbody>{rows}</tbody></table>"
            if rows
            else ""
        )
        + f"<p><b>Treatment route:</b> {escape(result.treatment.route.replace('_', ' '))}. {escape(result.treatment.statement)}</p>"
        + (f"<p><b>Next</b></p><ul>{tests}</ul>" if tests else "")
        + f"<p>Could overturn this: {escape(overturned)}.</p>"
        + (f"<p><b>Problems</b></p><ul>{problems}</ul>" if problems else "")
        + f"<p><small>{escape('; '.join(result.assumptions))}. {_NOTE}</small></p></section>"
    )

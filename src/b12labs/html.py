"""An interpretation as plain HTML for a notebook: no scripts, every string escaped."""

from __future__ import annotations

from html import escape

from b12labs.interpretation import Interpretation
from b12labs.report import HEADLINES, NOTE, cite, summary

__all__ = ["as_html"]


def as_html(result: Interpretation) -> str:
    """Return the report as one HTML section."""
    rows = "".join(
        f"<tr><td>{escape(e.label)}</td><td>{escape(e.value)}</td><td>{escape(f'{e.relation} {e.limit}')}</td>"
        f"<td>{escape(f'{e.source_name} [{e.checked}]')}</td></tr>"
        for e in result.evidence
    )
    sentences = "".join(f"<p>{escape(said.text)} <small>{escape(cite(said.sources))}</small></p>" for said in summary(result))
    tests = "".join(f"<li><b>{escape(test.label)}</b>: {escape(' '.join(test.questions))}</li>" for test in result.next_tests)
    problems = "".join(f"<li>{escape(problem.message)}</li>" for problem in result.problems)
    overturned = "; ".join(result.overturned_by) or "nothing that is still open"
    return (
        f'<section aria-label="B12 interpretation"><h3>{escape(HEADLINES[result.status])}</h3>{sentences}'
        + (
            f"<table><thead><tr><th>Result</th><th>Value</th><th>Against</th><th>Source</th></tr></thead><tbody>{rows}</tbody></table>"
            if rows
            else ""
        )
        + f"<p><b>Treatment route:</b> {escape(result.treatment.route.replace('_', ' '))}. {escape(result.treatment.statement)}</p>"
        + (f"<p><b>Next</b></p><ul>{tests}</ul>" if tests else "")
        + f"<p>Could overturn this: {escape(overturned)}.</p>"
        + (f"<p><b>Problems</b></p><ul>{problems}</ul>" if problems else "")
        + f"<p><small>{escape('; '.join(result.assumptions))}. {NOTE}</small></p></section>"
    )

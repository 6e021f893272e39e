"""A card's detail, in Markdown: the basis that a clinician can check, then options with their sources. Fixed templates; all else is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from b12labs import __version__
from b12labs.integrations.cds_hooks.markdown import escape, table
from b12labs.interpretation import Interpretation, Statement
from b12labs.limits import bound
from b12labs.report import NOTE, cite, regimen_text, summary

if TYPE_CHECKING:
    from b12labs.integrations.lab_results import Draw

__all__ = ["basis", "closing", "guideline_source", "of_results", "said", "urgent"]

#: How many problems are shown; the others are counted.
MOST_PROBLEMS = 8
_HEAD = ("Result", "Value", "Drawn", "Against", "Source")


def of_results(result: Interpretation, draw: Draw, missing: Sequence[str], *, incomplete: bool, elsewhere: dict[str, str], opening: str = "") -> str:
    """Return the detail of an interpretation."""
    parts = [opening, *(said(sentence) for sentence in summary(result)), basis(result, draw)]
    parts.append(_options(result))
    parts.append(_open(result, incomplete=incomplete, elsewhere=elsewhere))
    parts.append(_standing(result))
    if incomplete:
        parts.append("The client sent one page of several: what is not above may be on the others.")
    parts += [_problems(result), closing(missing, result.guideline_title)]
    return "\n\n".join(part for part in parts if part)


def closing(missing: Sequence[str], guideline_title: str = "") -> str:
    """Return what a detail ends with: what was not received, what this is, and which version of it."""
    lacking = f"Not received: {', '.join(missing)}.\n\n" if missing else ""
    return f"{lacking}{escape(NOTE)} b12labs {escape(__version__)}{', ' if guideline_title else ''}{escape(guideline_title)}."


def said(sentence: Statement) -> str:
    """Return a sentence of the rules with its sources."""
    return escape(_cited(sentence.text, sentence.sources), 1000)


def _cited(text: str, keys: Iterable[str]) -> str:
    """Return a sentence with its sources in parentheses: brackets would be markup."""
    return f"{text} ({cite(keys)[1:-1]})"


def basis(result: Interpretation, draw: Draw) -> str:
    """Return the table of what decided, then of what else was measured."""
    drawn = draw.time[:10]
    rows = [(e.label, e.value, drawn, f"{e.relation} {e.limit}".strip(), f"{e.source_name} ({e.checked})") for e in result.evidence]
    decided = {entry.analyte for entry in result.evidence}
    rows += [(given.label, given.given, drawn, "not decisive", "") for key, given in result.results.items() if key not in decided]
    return table(_HEAD, rows) if rows else ""


def _options(result: Interpretation) -> str:
    treatment = result.treatment
    if result.status == "not_assessed" or treatment.route == "none":
        return ""
    lines = [_cited(f"Route: {treatment.route.replace('_', ' ')}. {treatment.statement}", treatment.sources)]
    lines += [_cited(reason.text, reason.sources) for reason in treatment.because]
    lines += [regimen_text(treatment.regimen).replace("[", "(").replace("]", ")")] if treatment.regimen is not None else []
    lines += [_cited(caution.text, caution.sources) for caution in treatment.cautions]
    return "**Options for the clinician, as the sources put them**\n\n" + _list(lines)


def _open(result: Interpretation, *, incomplete: bool, elsewhere: dict[str, str]) -> str:
    if not result.next_tests:
        return ""
    lines = []
    for test in result.next_tests:
        where = f"in the draw of {elsewhere[test.analyte][:10] or 'no date'}" if test.analyte in elsewhere else "not in the data received"
        lines.append(_cited(f"{test.label}, {where}: {' '.join(test.questions)}", test.sources))
    head = "**Not in the page received, and would settle what is open**" if incomplete else "**Tests that would settle what is open**"
    return f"{head}\n\n{_list(lines)}"


def _standing(result: Interpretation) -> str:
    lines = []
    if result.overturned_by:
        lines.append(f"Could overturn this: {'; '.join(result.overturned_by)}.")
    if "status" in result.possible and result.status == "indeterminate":
        lines.append(f"Still possible: {', '.join(outcome.replace('_', ' ') for outcome in result.possible['status'])}.")
    lines.append(f"Taken as given: {'; '.join(result.assumptions)}.")
    return "\n\n".join(escape(line, 1000) for line in lines)


def _problems(result: Interpretation) -> str:
    if not result.problems:
        return ""
    lines = [problem.message for problem in result.problems[:MOST_PROBLEMS]]
    if len(result.problems) > MOST_PROBLEMS:
        lines.append(f"and {len(result.problems) - MOST_PROBLEMS} more")
    return "**Could not be used**\n\n" + _list(lines)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {escape(line, 1000)}" for line in lines)


def urgent(result: Interpretation) -> str:
    """Return the word that goes before the summary where it should not wait."""
    return {"emergency": "Emergency: ", "urgent": "Urgent: "}.get(result.urgency, "")


def guideline_source(result: Interpretation) -> str:
    """Return the source of the guideline that was applied."""
    return result.status_sources[0] if result.status_sources else bound(result.guideline).guideline.source

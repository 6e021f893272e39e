"""A card's detail, in Markdown.

The basis that a clinician can check, then options with their sources. The templates are fixed; all other text is
escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from b12labs.answer.citing import cite
from b12labs.answer.parts import Statement
from b12labs.answer.sentences import has_plan, in_both_units, regimen_text, summary, urgency_sentence
from b12labs.answer.words import NOTE
from b12labs.draws.lost_markers import LOST_MARKER
from b12labs.inputs.panel import Problem
from b12labs.integrations.cds_hooks.markdown import escape, table
from b12labs.patient.interpretation import Interpretation
from b12labs.reference import analytes
from b12labs.text import as_words
from b12labs.version import __version__

if TYPE_CHECKING:
    from b12labs.integrations.lab_results import Draw

__all__ = ["Data", "closing", "is_preliminary", "joined", "of_markers", "of_results", "problems", "said", "table_of"]

#: How many problems are shown; the others are counted.
MOST_PROBLEMS = 8
LONGEST_SENTENCE = 1000
_HEAD = ("Result", "Value", "Drawn", "Against", "Source")


@dataclass(frozen=True, slots=True)
class Data:
    """Facts about the data that a request sent.

    `missing` names the data that was asked for and not received; `incomplete` is True if a page of several is missing.
    `elsewhere` has the time of each analyte's last draw. `unused` are the results of B12 markers that could not be
    used, by marker. `notes` are keyed by the source of a result that was used.
    """

    missing: tuple[str, ...]
    incomplete: bool
    elsewhere: Mapping[str, str]
    unused: tuple[tuple[str, Problem], ...]
    notes: Mapping[str, tuple[Problem, ...]]


def of_results(result: Interpretation, draw: Draw, data: Data, opening: str = "") -> str:
    """Return the detail of an interpretation."""
    page = "The client sent one page of several: the others may have more results." if data.incomplete else ""
    # Notes on results that were used, and problems of the markers below, are not repeated.
    told = {problem.message for _, problem in data.unused} | {
        note.message for notes in data.notes.values() for note in notes
    }
    own = (problem for problem in result.problems if problem.code != LOST_MARKER)
    could_not = [*(problem.message for problem in own if problem.message not in told), *of_markers(data)]
    return joined(
        opening,
        *(escape(why.replace("[", "(").replace("]", ")"), LONGEST_SENTENCE) for why in urgency_sentence(result)),
        *(said(sentence) for sentence in summary(result)),
        table_of(result, draw, data),
        _notes(draw, data),
        _options(result),
        _open(result, data),
        _standing(result),
        page,
        problems(could_not),
        closing(data, result.guideline_title),
    )


def joined(*parts: str) -> str:
    """Return the parts that are not blank as paragraphs."""
    return "\n\n".join(part for part in parts if part)


def said(sentence: Statement) -> str:
    """Return a sentence of the rules with its sources."""
    return escape(_cited(sentence.text, sentence.sources), LONGEST_SENTENCE)


def _cited(text: str, keys: Iterable[str]) -> str:
    """Return a sentence with its sources in parentheses: brackets would be markup."""
    return f"{text} ({cited[1:-1]})" if (cited := cite(keys)) else text


def table_of(result: Interpretation, draw: Draw, data: Data) -> str:
    """Return the table of the deciding results, then of all other results."""

    def drawn(analyte: str) -> str:
        return f"{draw.time[:10]}{', preliminary' if is_preliminary(analyte, draw, data) else ''}"

    rows = [
        (e.label, in_both_units(e, result).printed, drawn(e.analyte), e.against, f"{e.source_name} ({e.checked})")
        for e in result.evidence
    ]
    decided = {entry.analyte for entry in result.evidence}
    rows += [
        (given.label, given.given, drawn(key), "not decisive", "")
        for key, given in result.results.items()
        if key not in decided
    ]
    return table(_HEAD, rows) if rows else ""


def is_preliminary(analyte: str, draw: Draw, data: Data) -> bool:
    """Return whether the result that was used for an analyte is preliminary."""
    return any(note.code == "preliminary_result" for note in data.notes.get(draw.sources.get(analyte, ""), ()))


def _notes(draw: Draw, data: Data) -> str:
    notes = [
        (key, note)
        for key, source in draw.sources.items()
        for note in data.notes.get(source, ())
        if note.code != "preliminary_result"
    ]
    return _list("Notes on these results", (_of(key, note) for key, note in notes))


def _of(analyte: str, problem: Problem) -> str:
    """Return the analyte and the message of a problem."""
    return f"{analytes()[analyte].label}: {problem.message.removeprefix(f'{analyte}: ')}"


def _options(result: Interpretation) -> str:
    treatment = result.treatment
    if not has_plan(result) or treatment.route == "none":
        return ""
    lines = [_cited(f"Route: {as_words(treatment.route)}. {treatment.statement}", treatment.sources)]
    lines += [_cited(reason.text, reason.sources) for reason in treatment.because]
    lines += (
        [regimen_text(treatment.regimen).replace("[", "(").replace("]", ")")] if treatment.regimen is not None else []
    )
    lines += [_cited(caution.text, caution.sources) for caution in treatment.cautions]
    return _list("Options for the clinician, from the sources", lines)


def _open(result: Interpretation, data: Data) -> str:
    lines = []
    unused = {key for key, _ in data.unused}
    for test in result.next_tests:
        where = "sent and not used, for the reason below" if test.analyte in unused else "not in the data received"
        if test.analyte in data.elsewhere:
            where = f"in the draw of {data.elsewhere[test.analyte][:10] or 'no date'}"
        lines.append(_cited(f"{test.label}, {where}: {' '.join(test.questions)}", test.sources))
    return _list("Tests that would settle open questions", lines)


def _standing(result: Interpretation) -> str:
    lines = []
    if result.overturned_by:
        lines.append(f"Could overturn this: {'; '.join(result.overturned_by)}.")
    if "status" in result.possible and result.status == "indeterminate":
        lines.append(f"Still possible: {', '.join(as_words(outcome) for outcome in result.possible['status'])}.")
    lines.append(f"Assumed: {'; '.join(result.assumptions)}.")
    return joined(*(escape(line, LONGEST_SENTENCE) for line in lines))


def of_markers(data: Data) -> list[str]:
    """Return each B12 marker with a result that could not be used, and the reason."""
    return [_of(key, problem) for key, problem in data.unused]


def problems(messages: Iterable[str]) -> str:
    """Return the list of results that could not be used, with the reasons."""
    every = list(dict.fromkeys(messages))
    more = [f"and {len(every) - MOST_PROBLEMS} more"] if len(every) > MOST_PROBLEMS else []
    return _list("Could not be used", [*every[:MOST_PROBLEMS], *more])


def closing(data: Data, guideline_title: str) -> str:
    """Return the end of a detail: the data that was not received, the notice, and the version."""
    lacking = f"Not received: {', '.join(data.missing)}." if data.missing else ""
    return joined(lacking, escape(f"{NOTE} b12labs {__version__}, {guideline_title}."))


def _list(title: str, lines: Iterable[str]) -> str:
    listed = "\n".join(f"- {escape(line, LONGEST_SENTENCE)}" for line in lines)
    return f"**{title}**\n\n{listed}" if listed else ""

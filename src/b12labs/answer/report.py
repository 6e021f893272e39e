"""An interpretation as text for a clinician at a terminal, in 80 columns: every sentence with its sources."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from b12labs.answer.beside import beside
from b12labs.answer.citing import Numbered
from b12labs.answer.parts import Answer, Evidence, Statement
from b12labs.answer.sentences import (
    asked_tests,
    cause_sentences,
    has_plan,
    index_sentence,
    problem_sentences,
    shown_evidence,
    standing,
    summary,
    treatment_sentences,
    urgency_sentence,
    without_number,
)
from b12labs.answer.words import HEADLINES, NOTE
from b12labs.text import WIDTH, Paint, as_words, plain

__all__ = ["as_text", "beside_value", "citations_of"]

#: The longest list of tests that shares a line with its questions.
TESTS_WIDTH = 28

#: The least width of a table's last column, and the latest starts of its other columns.
LAST_COLUMN = 19
FURTHEST = (30, 44, WIDTH - LAST_COLUMN)


def as_text(result: Answer, paint: Paint = plain) -> str:
    """Return the clinician's report.

    The answer, its evidence, the treatment and open questions; then the sources, numbered as they are cited.
    """
    cited = Numbered()
    lines = [*_answer(result, cited, paint), *_open(result, cited, paint)]
    listed = cited.listed()
    width = len(str(len(listed))) + 2
    lines += ["", paint("Sources", "heading")] if listed else []
    for number, source in listed:
        lines += textwrap.wrap(
            source, WIDTH, initial_indent=f"{number:>{width}}  ", subsequent_indent=" " * (width + 2)
        )
    lines += _wrapped(cited.legend(), indent=2)
    return "\n".join([*lines, "", *_wrapped([f"{NOTE} {result.made_by}"])])


def citations_of(result: Answer) -> Numbered:
    """Return the sources numbered as the report numbers them."""
    cited = Numbered()
    _answer(result, cited, plain)
    _open(result, cited, plain)
    return cited


def _answer(result: Answer, cited: Numbered, paint: Paint) -> list[str]:
    """Return the answer, its evidence and the treatment."""
    lines = [*_headline(result, paint), *_wrapped(urgency_sentence(result, cited)), *_sentences(summary(result), cited)]
    if result.evidence:
        lines += ["", paint("Decided by", "heading"), *_table(shown_evidence(result), cited)]
        lines += _wrapped(without_number(result), indent=2)
    lines += _wrapped(index_sentence(result, cited), indent=2)
    if has_plan(result):
        route = f"{paint('Treatment route:', 'heading')} {as_words(result.treatment.route)}"
        lines += ["", route, *_wrapped(treatment_sentences(result, cited), indent=2)]
    if result.causes:
        lines += ["", paint("Cause", "heading"), *_wrapped(cause_sentences(result, cited), indent=2)]
    return lines


def _open(result: Answer, cited: Numbered, paint: Paint) -> list[str]:
    """Return the next tests, other causes, findings that could overturn the answer, and problems."""
    lines = ["", paint("Next", "heading"), *_next(result, cited)] if result.next_tests else []
    said = beside(result, cited)
    lines += ["", paint("Other causes and findings", "heading"), *_sentences(said, cited, indent=2)] if said else []
    lines += ["", *_wrapped(standing(result))]
    for problem in problem_sentences(result):
        first, *rest = _wrapped([problem])
        mark, colon, message = first.partition(":")
        lines += [paint(mark + colon, "problem") + message, *rest]
    return lines + _wrapped([f"Assumed: {'; '.join(result.assumptions)}."] if result.assumptions else [])


def _headline(result: Answer, paint: Paint) -> list[str]:
    urgency = "" if result.urgency == "routine" else result.urgency
    right = " · ".join(filter(None, (urgency, result.guideline)))
    headline = HEADLINES[result.status]
    room = WIDTH - len(headline)
    painted = right.replace(urgency, paint(urgency, urgency), 1) if urgency else right
    shown = paint(headline, f"headline {result.status}")
    if len(right) + 2 <= room:
        return [f"{shown}{' ' * (room - len(right))}{painted}"]
    return [shown, f"{' ' * (WIDTH - len(right))}{painted}"]


def _next(result: Answer, cited: Numbered) -> list[str]:
    """Return the open questions, each after its tests; a long list of tests has lines of its own."""
    rows = [(each.labels, f"{each.asks} {cited.cite(each.sources)}") for each in asked_tests(result)]
    width = max((len(tests) for tests, _ in rows if len(tests) <= TESTS_WIDTH), default=0) + 2
    lines: list[str] = []
    for tests, asked in rows:
        short = len(tests) + 2 <= width
        first, rest = (f"  {tests:{width}}", " " * (width + 2)) if short else (" " * 6, " " * 6)
        lines += [] if short else _wrapped([tests], indent=2)
        lines += textwrap.wrap(asked, WIDTH, initial_indent=first, subsequent_indent=rest)
    return lines


def beside_value(entry: Evidence) -> str:
    """Return how a value compares with a limit in the same row; a unit that both share is printed once."""
    number, _, unit = entry.printed.rpartition(" ")
    return entry.against.removesuffix(f" {unit}") if number else entry.against


def _table(entries: list[Evidence], cited: Numbered) -> list[str]:
    """Return the evidence in columns; the last is wrapped, and a cell too wide for its column takes two lines."""
    rows = [
        (entry.label, entry.printed, beside_value(entry), f"{entry.source_name} {_checked(entry, cited)}".strip())
        for entry in entries
    ]
    usual = sorted(rows, key=lambda row: sum(map(len, row[:3])))
    while len(usual) > 1 and sum(_widths(usual)) > WIDTH - LAST_COLUMN:
        usual.pop()
    starts = [2]
    for width, furthest in zip(_widths(usual), FURTHEST, strict=True):
        starts.append(min(starts[-1] + width, furthest))
    return [line for row in rows for line in _laid_out(row, starts)]


def _laid_out(row: tuple[str, ...], starts: list[int]) -> list[str]:
    """Return the cells of a row where their columns start; one whose column is taken starts on the next line."""
    lines = [""]
    for cell, start in zip(row, starts, strict=True):
        if lines[-1] and len(lines[-1]) + 2 > start:
            lines.append("")
        first, *rest = textwrap.wrap(cell, WIDTH - start) or [""]
        lines[-1] = f"{lines[-1]:{start}}{first}".rstrip()
        lines += [" " * start + line for line in rest]
    return lines


def _checked(entry: Evidence, cited: Numbered) -> str:
    return f"{cited.mark(entry.checked)} {cited.cite([entry.source])}".strip()


def _widths(rows: list[tuple[str, str, str, str]]) -> list[int]:
    """Return the width of each column but the last, with two spaces to the next."""
    return [max(len(row[place]) for row in rows) + 2 for place in range(3)]


def _sentences(said: Iterable[Statement], cited: Numbered, indent: int = 0) -> list[str]:
    return [line for each in said for line in _wrapped([f"{each.text} {cited.cite(each.sources)}"], indent)]


def _wrapped(texts: Iterable[str], indent: int = 0) -> list[str]:
    space = " " * indent
    return [
        line
        for text in texts
        for line in textwrap.wrap(
            text, WIDTH, initial_indent=space, subsequent_indent=space + "  ", break_long_words=True
        )
    ]

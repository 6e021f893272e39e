"""An interpretation as a notebook shows it.

The verdict, each result on its scale, tests for open questions, then all details.

It is plain HTML and SVG without scripts, addresses or ids, so one page can hold any number of them. Every string is
escaped.
"""

from __future__ import annotations

from collections.abc import Iterable

from b12labs.answer.beside import beside
from b12labs.answer.citing import Numbered
from b12labs.answer.note import as_note
from b12labs.answer.parts import Answer, AppliedLimit, NextTest, Result
from b12labs.answer.report import beside_value, citations_of
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
from b12labs.answer.values import shown_value
from b12labs.answer.words import HEADLINES, NOTE
from b12labs.display.markup import Markup, element, joined
from b12labs.display.palette import STATUS_COLORS
from b12labs.display.scale import reassures
from b12labs.display.strip import compared_words, strip
from b12labs.display.style import style
from b12labs.reasoning.compiled import B12_MARKERS
from b12labs.reference import analytes
from b12labs.text import as_words, count_of

__all__ = ["as_html", "verdict_mark"]

_MARKS = {
    "deficient": "M20 10v13M20 29v2",
    "functional_deficiency": "M20 10v13M20 29v2",
    "indeterminate": "M14 16a6 6 0 1 1 9 5c-2 1-3 2-3 4M20 30v1",
    "deficiency_unlikely": "M12 21l6 6l11-13",
    "not_assessed": "M12 20h16",
}
_PLACES = {"low": "▼", "high": "▲", "adequate": "●", "within": "●", "grey": "◆", "open": "?", "none": "–"}
_HATCHED = "Hatched: the limit is somewhere here (age, sex or pregnancy unknown, or a range in its source)."


def as_html(result: Answer) -> str:
    """Return the interpretation as one HTML section with its own style sheet."""
    cited, sentences = citations_of(result), summary(result)
    cite = cited.cite
    parts: list[str] = [style(), _verdict(result)]
    parts += [element("p", said) for said in urgency_sentence(result, cited)]
    parts.append(element("p", sentences[0].text, " ", element("small", cite(sentences[0].sources)), class_="b12-lead"))
    parts += [element("p", said.text, " ", element("small", cite(said.sources))) for said in sentences[1:]]
    parts += _problems(result)
    parts += _results(result)
    parts += _treatment(result, cited)
    parts += _next(result, cited)
    parts += [element("p", said) for said in standing(result)]
    if result.evidence:
        lacking = (element("p", said) for said in without_number(result))
        parts.append(_details("Decided by", _evidence(result, cited), *lacking))
    parts += [element("p", said) for said in index_sentence(result, cited)]
    if result.causes:
        parts.append(_details("Cause", _list(cause_sentences(result, cited))))
    said = beside(result, cited)
    if said:
        parts.append(_details("Other causes and findings", _list(f"{each.text} {cite(each.sources)}" for each in said)))
    if result.assumptions:
        parts.append(_details("Assumed", element("p", f"Assumed: {'; '.join(result.assumptions)}.")))
    parts += _sources(cited)
    parts.append(_details("Copy for the note", element("pre", as_note(result))))
    parts.append(element("p", element("small", f"Guideline {result.guideline}. {NOTE} {result.made_by}")))
    return element("section", *parts, class_="b12labs", aria_label="B12 interpretation")


def verdict_mark(status: str, size: int = 44) -> Markup:
    """Return the sign of a status, recognizable by its shape; the words beside it say the same."""
    shape = {
        "deficient": "M20 2L38 37H2z",
        "functional_deficiency": "M2 3H38L20 38z",
        "indeterminate": "M20 1L39 20L20 39L1 20z",
    }.get(status)
    color = STATUS_COLORS[status]
    outline = f'<path d="{shape}" fill="{color}"/>' if shape else f'<circle cx="20" cy="20" r="19" fill="{color}"/>'
    ink = "#ffffff" if status == "deficiency_unlikely" else "#000000"
    moved = (
        ' transform="translate(0 -4)"'
        if status == "functional_deficiency"
        else ' transform="translate(0 3)"'
        if status == "deficient"
        else ""
    )
    sign = (
        f'<path d="{_MARKS[status]}"{moved} fill="none" stroke="{ink}" stroke-width="3.4" stroke-linecap="round" '
        f'stroke-linejoin="round"/>'
    )
    return Markup(f'<svg viewBox="0 0 40 40" width="{size}" height="{size}" aria-hidden="true">{outline}{sign}</svg>')


def _verdict(result: Answer) -> Markup:
    by = [element("span", result.urgency, class_="b12-urgency"), " · "] if result.urgency != "routine" else []
    said = element("p", *by, element("span", result.guideline_title, class_="b12-muted"))
    return element(
        "div",
        verdict_mark(result.status),
        element("div", element("h3", HEADLINES[result.status]), said),
        class_="b12-verdict",
    )


def _problems(result: Answer) -> list[Markup]:
    if not result.problems:
        return []
    return [element("div", *(element("p", said) for said in problem_sentences(result)), class_="b12-problems")]


def _results(result: Answer) -> list[Markup]:
    """Return every result on its scale.

    Markers of B12, and results that are or may be beyond a limit, come first; the others are folded.
    """
    if not result.results:
        return [element("p", "No result could be used." if result.problems else "No result was given.")]
    decided = {entry.analyte for entry in result.evidence}
    decided |= {key for key, each in result.results.items() if place(each)[0] in ("low", "high", "open")}
    first = [key for key in B12_MARKERS if key in result.results] + [
        key for key in result.results if key in decided and key not in B12_MARKERS
    ]
    others = [key for key in result.results if key not in first]
    shown = [element("h4", "Results on their scales"), *(_result(result, result.results[key]) for key in first)]
    if not others:
        return shown
    if not first:
        return shown + [_result(result, result.results[key]) for key in others]
    count = f"{count_of(len(others), 'more result')}, none beyond a limit"
    return [*shown, _details(count, *(_result(result, result.results[key]) for key in others))]


def _result(result: Answer, measured: Result) -> Markup:
    meaning, words = place(measured)
    spelled = _spelled(measured.analyte)
    name = element(
        "figcaption",
        element("span", measured.label, class_="b12-name"),
        " ",
        element("span", shown_value(measured), class_="b12-given-text"),
        *([" ", element("small", spelled)] if spelled else []),
    )
    chip = element("span", f"{_PLACES[meaning]} {words}", class_=f"b12-place b12-is-{meaning}")
    said = [element("p", line, class_="b12-muted") for line in against(result, measured)]
    drawing = element("div", Markup(strip(measured)), class_="b12-drawing")
    return element("figure", name, drawing, element("div", chip, *said, class_="b12-against"), class_="b12-result")


def place(measured: Result) -> tuple[str, str]:
    """Return the position of a result among the limits that applied, by the rules, and its words."""
    adequate = [limit for limit in measured.limits if reassures(measured.analyte, limit)]
    others = [limit for limit in measured.limits if limit not in adequate]
    for limit in others:
        if limit.holds:
            return ("low", "low") if limit.side == "below" else ("high", "high")
    if not measured.limits:
        if measured.flag is None:
            return "none", "no limit applied"
        in_words = measured.low == 0 and measured.high is None
        meaning = measured.flag if measured.flag != "normal" else "within"
        return meaning, f"{measured.given if in_words else measured.flag} by the laboratory"
    unsettled = any(limit.holds is None for limit in others)
    if any(limit.holds for limit in adequate):
        return "adequate", "adequate or high" if unsettled else "adequate"
    if unsettled or any(limit.holds is None for limit in adequate):
        return "open", "cannot tell"
    if adequate:
        return "grey", "grey zone"
    sides = {limit.side for limit in others}
    return "within", "within limits" if len(sides) == 2 else "not low" if sides == {"below"} else "not high"


def decisive(measured: Result) -> list[AppliedLimit]:
    """Return the limits that decide a result's position: one that it is beyond, else those that it lies between."""
    open_ = [limit for limit in measured.limits if limit.holds is None]
    beyond = [limit for limit in measured.limits if limit.holds and not reassures(measured.analyte, limit)]
    adequate = [limit for limit in measured.limits if limit.holds and reassures(measured.analyte, limit)]
    if beyond:
        return [beyond[0], *(limit for limit in open_ if limit.side == beyond[0].side)]
    if adequate or open_:
        return [*adequate[:1], *open_]
    below = [limit for limit in measured.limits if limit.side == "below"]
    above = [limit for limit in measured.limits if limit.side == "above"]
    nearest = (
        max(below, key=lambda limit: limit.low, default=None),
        min(above, key=lambda each: each.low, default=None),
    )
    return [limit for limit in nearest if limit is not None]


def against(result: Answer, measured: Result) -> list[str]:
    """Return the limits that decide a result's position, by source, with notes on them."""
    by_source: dict[str, list[str]] = {}
    for limit in decisive(measured):
        by_source.setdefault(limit.source_name, []).append(str(limit))
    lines = ["; ".join(f"{', '.join(limits)} ({source})" for source, limits in by_source.items())] if by_source else []
    lines += compared_words(measured)
    if any(limit.low != limit.high for limit in measured.limits):
        lines.append(_HATCHED)
    if measured.flag:
        lines.append(
            "Judged by the laboratory's own interval."
            if not measured.limits
            else f"Flagged {measured.flag} by the laboratory."
        )
    elif not measured.limits:
        entries = [entry for item in result.holding() for entry in item.evidence if entry.analyte == measured.analyte]
        lines += list(dict.fromkeys(map(str, entries)))
        lines += [] if lines else ["No limit for this analyte applied to this patient."]
    return lines


def _treatment(result: Answer, cited: Numbered) -> list[Markup]:
    """Return the route with its sentence and regimen; reasons, cautions and reviews are folded."""
    if not has_plan(result):
        return []
    first, *rest = treatment_sentences(result, cited)
    regimen = [] if result.treatment.regimen is None else [rest[len(result.treatment.because)]]
    folded = [said for said in rest if said not in regimen]
    route = element("h4", f"Treatment route: {as_words(result.treatment.route)}")
    shown = [element("p", said) for said in (first, *regimen)]
    return [route, *shown, *([_details("Reasons, cautions and review", _list(folded))] if folded else [])]


def _next(result: Answer, cited: Numbered) -> list[Markup]:
    if not result.next_tests:
        return []
    told: set[str] = set()
    tests = []
    for each in asked_tests(result):
        small = f"{_spelled_out(each.tests, told)} {cited.cite(each.sources)}".strip()
        tests.append(element("li", element("b", each.labels), ": ", each.asks, " ", element("small", small)))
    return [element("h4", "Next: tests that would settle open questions"), element("ul", *tests)]


def _spelled_out(tests: Iterable[NextTest], told: set[str]) -> str:
    """Return the long names of the tests' abbreviations, each only once."""
    new = [test.analyte for test in tests if test.analyte not in told]
    told.update(new)
    return "; ".join(filter(None, map(_spelled, new)))


def _spelled(key: str) -> str:
    """Return the long name of an analyte if its label is an abbreviation, else an empty text."""
    return analytes()[key].spelled_out if key in analytes() else ""


def _sources(cited: Numbered) -> list[Markup]:
    """Return the sources by number, and the legend on how numbers were checked."""
    listed = cited.listed()
    if not listed:
        return []
    lines = [element("li", element("b", str(number)), " ", said) for number, said in listed]
    return [
        _details("Sources", element("ul", *lines, class_="b12-sources"), *(element("p", _) for _ in cited.legend()))
    ]


def _evidence(result: Answer, cited: Numbered) -> Markup:
    names = ("Result", "Value", "Against", "Source")
    cells = [
        (e.label, e.printed, beside_value(e), f"{e.source_name} {cited.mark(e.checked)} {cited.cite([e.source])}")
        for e in shown_evidence(result)
    ]
    rows = [
        element("tr", *(element("td", cell, data_label=name) for name, cell in zip(names, row, strict=True)))
        for row in cells
    ]
    head = element("tr", *(element("th", name, scope="col") for name in names))
    return element("table", element("thead", head), element("tbody", *rows), class_="b12-wide")


def _details(title: str, *parts: str) -> Markup:
    return element("details", element("summary", title), joined(*parts))


def _list(lines: Iterable[str]) -> Markup:
    return element("ul", *(element("li", line) for line in lines))

"""An interpretation as text for a terminal (80 columns).

For a clinician with every sentence's source, for a patient in plain words.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from b12labs.answer.beside import beside
from b12labs.answer.parts import Answer, NextTest, Regimen, Statement
from b12labs.answer.words import HEADLINES, NOTE
from b12labs.reasoning.compiled import PRINTED
from b12labs.reference import plain_words, sources
from b12labs.text import WIDTH, as_words, printable, shortened

__all__ = [
    "as_patient_text",
    "as_text",
    "cause_sentences",
    "cite",
    "grouped_tests",
    "has_plan",
    "index_sentence",
    "patient_statements",
    "problem_sentences",
    "regimen_text",
    "standing",
    "summary",
    "treatment_sentences",
    "urgency_sentence",
    "without_number",
]

#: Names of tests that are longer stand on a line of their own.
TESTS_WIDTH = 28

PATIENT_NOTE = (
    "This explains results; it is not a diagnosis. Talk to your clinician, and do not start or stop "
    "anything on your own."
)


def summary(result: Answer) -> list[Statement]:
    """Return the sentences under the headline: what the results say, the blood, the nerves, what else."""
    found = result.findings
    said = [Statement(code=result.status, text=result.statement, sources=result.status_sources)]
    if result.status == "deficient" and result.holds("functional_deficiency"):
        said.append(_statement(result, "functional_deficiency"))
    code = "megaloblastic_anemia" if result.megaloblastic_anemia else "anemia"
    if result.anemia and code in found:
        grade = f", {result.anemia_grade}" if result.anemia_grade else ""
        said.append(Statement(code=code, text=f"{found[code].label.capitalize()}{grade}.", sources=found[code].sources))
    said += [
        Statement(code="unverified_result", text=each.statement, sources=each.sources) for each in result.unverified
    ]
    told = {"unverified_result"} if result.unverified else set()
    return said + [_statement(result, code) for code in PRINTED if result.holds(code) and code not in told]


def _statement(result: Answer, code: str) -> Statement:
    found = result.findings[code]
    terms = dict.fromkeys(each.label for each in found.evidence if each.relation == "reported")
    unsaid = [term for term in terms if term.casefold() not in found.statement.casefold()]
    reported = f" Reported: {', '.join(unsaid)}." if unsaid else ""
    return Statement(code=code, text=found.statement + reported, sources=found.sources)


def cite(keys: Iterable[str]) -> str:
    """Return the short names of sources in brackets; `laboratory` is the laboratory's own report."""
    known = sources()
    names = "; ".join(known[key].short if key in known else key for key in keys)
    return f"[{names}]" if names else ""


def as_text(result: Answer) -> str:
    """Return the clinician's report.

    The answer, what decided it, what to do, what is open; every sentence with its source.
    """
    right = result.guideline if result.urgency == "routine" else f"{result.urgency} · {result.guideline}"
    headline = HEADLINES[result.status]
    room = WIDTH - len(headline)
    lines = [headline + right.rjust(room)] if len(right) + 2 <= room else [headline, right.rjust(WIDTH)]
    lines += _wrapped(urgency_sentence(result))
    lines += _sentences(summary(result))
    if result.evidence:
        lines += ["", "Decided by"]
        lines += _table([(e.label, e.value, e.against, f"{e.source_name} [{e.checked}]") for e in result.evidence])
        lines += _wrapped(without_number(result), indent=2)
    lines += _wrapped(index_sentence(result), indent=2)
    if has_plan(result):
        lines += [
            "",
            f"Treatment route: {as_words(result.treatment.route)}",
            *_wrapped(treatment_sentences(result), indent=2),
        ]
    lines += ["", "Cause", *_wrapped(cause_sentences(result), indent=2)] if result.causes else []
    lines += ["", "Next", *_next(result)] if result.next_tests else []
    said = beside(result)
    lines += ["", "Beside B12", *_sentences(said, indent=2)] if said else []
    lines += ["", *_wrapped(standing(result))]
    lines += _wrapped(problem_sentences(result))
    lines += _wrapped([f"Assumed: {'; '.join(result.assumptions)}."])
    return "\n".join([*lines, *_wrapped([f"{NOTE} {result.made_by}"])])


def grouped_tests(result: Answer) -> list[tuple[NextTest, ...]]:
    """Return the tests that are suggested, those together that answer the same questions, in order of the first."""
    groups: dict[tuple[str, ...], list[NextTest]] = {}
    for test in result.next_tests:
        groups.setdefault(test.questions, []).append(test)
    return [tuple(group) for group in groups.values()]


def _next(result: Answer) -> list[str]:
    """Return the tests with the questions that they answer; a long list of tests stands on lines of its own."""
    rows = [
        (", ".join(test.label for test in group), f"{' '.join(group[0].questions)} {cite(_sources_of(group))}")
        for group in grouped_tests(result)
    ]
    width = max((len(tests) for tests, _ in rows if len(tests) <= TESTS_WIDTH), default=0) + 2
    lines: list[str] = []
    for tests, asked in rows:
        beside = len(tests) + 2 <= width
        first, rest = (f"  {tests:{width}}", " " * (width + 2)) if beside else (" " * 6, " " * 6)
        lines += [] if beside else _wrapped([tests], indent=2)
        lines += textwrap.wrap(asked, WIDTH, initial_indent=first, subsequent_indent=rest)
    return lines


def _sources_of(group: Iterable[NextTest]) -> Iterable[str]:
    return dict.fromkeys(source for test in group for source in test.sources)


def urgency_sentence(result: Answer) -> list[str]:
    """Return why it is as urgent as it is; nothing where it is routine."""
    said = "; ".join(reason.text for reason in result.urgency_because)
    cited = dict.fromkeys(source for reason in result.urgency_because for source in reason.sources)
    return [f"{result.urgency.capitalize()}: {said}. {cite(cited)}"] if said else []


def has_plan(result: Answer) -> bool:
    """Tell whether there is anything to say of treatment: also where nothing that tells about B12 was measured."""
    treatment = result.treatment
    return result.status != "not_assessed" or treatment.route != "undetermined" or bool(treatment.cautions)


def treatment_sentences(result: Answer) -> list[str]:
    """Return what goes with the treatment route: why, which regimen, how long, what to heed, each with its sources."""
    treatment = result.treatment
    said = [f"{treatment.statement} {cite(treatment.sources)}"]
    said += [f"Because: {reason.text} {cite(reason.sources)}" for reason in treatment.because]
    said += [regimen_text(treatment.regimen)] if treatment.regimen is not None else []
    said += [f"Duration: {treatment.duration} {cite(treatment.sources)}."] if treatment.duration else []
    every = (*treatment.cautions, *treatment.also, *treatment.review, *treatment.recovery, *treatment.diet)
    return said + [f"{each.text} {cite(each.sources)}" for each in every]


def standing(result: Answer) -> list[str]:
    """Return what could still overturn a decided status, or which outcomes are still possible."""
    if result.status in ("deficient", "functional_deficiency", "deficiency_unlikely"):
        return [f"Could overturn this: {'; '.join(result.overturned_by) or 'nothing that is still open'}."]
    if "status" in result.possible and result.status != "not_assessed":
        return [f"Still possible: {', '.join(as_words(outcome) for outcome in result.possible['status'])}."]
    return []


def problem_sentences(result: Answer) -> list[str]:
    """Return what could not be used, and why."""
    return [f"Problem ({problem.code}): {shortened(printable(problem.message))}" for problem in result.problems]


def regimen_text(regimen: Regimen) -> str:
    """Return a regimen in one sentence, with its sources."""
    loading = f"{regimen.loading} {cite([regimen.source])}; then " if regimen.loading else ""
    form = {"intramuscular": "by injection", "oral": "by mouth"}[regimen.route]
    text = f"{regimen.drug.capitalize()} {form} ({regimen.formulary.upper()}): {loading}{regimen.maintenance}"
    if regimen.maintenance_source != regimen.source:
        text += f" {cite([regimen.maintenance_source])} [{regimen.maintenance_checked}]"
    return f"{text}."


def cause_sentences(result: Answer) -> list[str]:
    """Return each cause with what speaks for it and against it, and what would settle it."""
    said = []
    for cause in result.causes:
        established = "established" if cause.established else "suggested"
        against = f"; against it: {', '.join(cause.speaks_against)}" if cause.speaks_against else ""
        settle = "" if cause.established else f"; settled by {cause.settled_by}"
        said.append(
            f"{cause.label} ({established}): {', '.join(cause.speaks_for)}{against}{settle} {cite(cause.sources)}"
        )
    return said


def index_sentence(result: Answer) -> list[str]:
    """Return the combined index in words; nothing where it could not be bounded."""
    index = result.combined_index
    if index is None:
        return []
    ends = [f"{end:.2f}" for end in dict.fromkeys((index.low, index.high)) if end is not None]
    value = f"below {ends[0]}" if index.low is None else f"above {ends[0]}" if index.high is None else " to ".join(ends)
    said = as_words(index.index_class or "class open")
    return [f"Combined index 4cB12 {value}: {said} {cite(index.sources)} [unconfirmed]"]


def without_number(result: Answer) -> list[str]:
    """Return for which results the guideline gives no number, and another profile's limit stands in."""
    lacking: dict[str, list[str]] = {}
    for entry in result.evidence:
        if entry.note.endswith("gives no number"):
            lacking.setdefault(entry.note.rpartition("; ")[2], []).append(entry.label)
    return [f"({note} for {' and '.join(dict.fromkeys(labels))}.)" for note, labels in lacking.items()]


def _sentences(said: Iterable[Statement], indent: int = 0) -> list[str]:
    return [line for each in said for line in _wrapped([f"{each.text} {cite(each.sources)}"], indent)]


def _wrapped(texts: Iterable[str], indent: int = 0) -> list[str]:
    space = " " * indent
    return [
        line
        for text in texts
        for line in textwrap.wrap(
            text, WIDTH, initial_indent=space, subsequent_indent=space + "  ", break_long_words=True
        )
    ]


def _table(rows: list[tuple[str, str, str, str]]) -> list[str]:
    """Lay rows out in columns; a row that makes them too wide for a line is wrapped instead."""
    usual = sorted(rows, key=lambda row: sum(map(len, row)))
    while sum(_widths(usual)) > WIDTH:
        usual.pop()
    widths = _widths(usual)[1:]
    lines: list[str] = []
    for row in rows:
        if row in usual:
            lines.append("  " + "".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
        else:
            lines += textwrap.wrap("  ".join(row), WIDTH, initial_indent="  ", subsequent_indent=" " * 6)
    return lines


def _widths(rows: list[tuple[str, str, str, str]]) -> list[int]:
    """Return the width of the margin and of each column; all but the last keep two spaces to the next."""
    wide = [max((len(row[place]) for row in rows), default=0) for place in range(4)]
    return [2, *(each + 2 for each in wide[:3]), wide[3]]


def patient_statements(result: Answer) -> list[Statement]:
    """Return what the patient's report says: the same facts and codes, in plain words."""
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

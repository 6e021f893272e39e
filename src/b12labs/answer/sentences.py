"""The sentences of a report, the same on a terminal, in a notebook and on a card; each cites its sources."""

from __future__ import annotations

from dataclasses import dataclass

from b12labs.answer.citing import NAMED, Citing
from b12labs.answer.parts import Answer, Evidence, NextTest, Regimen, Statement
from b12labs.answer.values import shown_value
from b12labs.reasoning.compiled import PRINTED
from b12labs.rules import QUESTIONS
from b12labs.text import as_words, printable, shortened

__all__ = [
    "Asked",
    "asked_tests",
    "cause_sentences",
    "has_plan",
    "in_both_units",
    "index_sentence",
    "problem_sentences",
    "regimen_text",
    "shown_evidence",
    "standing",
    "summary",
    "treatment_sentences",
    "urgency_sentence",
    "without_number",
]

_DECIDED = ("deficient", "functional_deficiency", "deficiency_unlikely")


def summary(result: Answer) -> list[Statement]:
    """Return the sentences under the headline: the status, the blood, unverified results, and other findings."""
    found = result.findings
    # No guideline is a source for "not measured".
    cited = () if result.status == "not_assessed" else result.status_sources
    said = [Statement(code=result.status, text=result.statement, sources=cited)]
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


def shown_evidence(result: Answer) -> list[Evidence]:
    """Return the evidence grouped by analyte, without the entries that another of the same analyte implies.

    A value in another unit than its limit is shown in both units.
    """
    by_analyte: dict[str, list[Evidence]] = {}
    for entry in result.evidence:
        by_analyte.setdefault(entry.analyte, []).append(in_both_units(entry, result))
    shown = []
    for entries in by_analyte.values():
        beyond = [entry for entry in entries if not entry.relation.startswith("not ")]
        shown += beyond or entries
    return shown


def in_both_units(entry: Evidence, result: Answer) -> Evidence:
    """Return a comparison whose value is shown in the unit of its limit too, if that makes it another number."""
    read = result.results.get(entry.analyte)
    if read is None or entry.value != read.given or not read.limits:
        return entry
    return entry.model_copy(update={"value": shown_value(read)})


@dataclass(frozen=True)
class Asked:
    """Open questions that the same tests would answer, each once, with their sources."""

    questions: tuple[str, ...]
    tests: tuple[NextTest, ...]
    sources: tuple[str, ...]

    @property
    def asks(self) -> str:
        """The questions in one line."""
        return " ".join(self.questions)

    @property
    def labels(self) -> str:
        """The tests in one line."""
        return ", ".join(test.label for test in self.tests)


def asked_tests(result: Answer) -> list[Asked]:
    """Return the open questions, grouped by the tests that would answer them, in the order in which they are asked."""
    tests: dict[str, list[NextTest]] = {}
    for test in result.next_tests:
        for question in test.questions:
            tests.setdefault(question, []).append(test)
    asked: dict[tuple[str, ...], list[str]] = {}
    for question, answering in tests.items():
        asked.setdefault(tuple(test.analyte for test in answering), []).append(question)
    return [
        Asked(tuple(questions), tuple(tests[questions[0]]), _sources_of(questions, tests[questions[0]]))
        for questions in asked.values()
    ]


def _sources_of(questions: list[str], tests: list[NextTest]) -> tuple[str, ...]:
    """Return the sources of questions; for a question that these rules do not ask, the sources that its tests share."""
    known = {question.asks: question.sources for question in QUESTIONS}
    common = [source for source in tests[0].sources if all(source in test.sources for test in tests)]
    return tuple(dict.fromkeys(source for question in questions for source in known.get(question, common)))


def urgency_sentence(result: Answer, citing: Citing = NAMED) -> list[str]:
    """Return one sentence with the reasons for the urgency; empty if it is routine."""
    said = "; ".join(reason.text for reason in result.urgency_because)
    cited = dict.fromkeys(source for reason in result.urgency_because for source in reason.sources)
    return [f"{result.urgency.capitalize()}: {said}. {citing.cite(cited)}"] if said else []


def has_plan(result: Answer) -> bool:
    """Return whether the answer has advice on treatment; it may even if no marker of B12 status was measured."""
    treatment = result.treatment
    return result.status != "not_assessed" or treatment.route != "undetermined" or bool(treatment.cautions)


def treatment_sentences(result: Answer, citing: Citing = NAMED) -> list[str]:
    """Return the sentences on treatment: reasons, regimen, duration and advice, each with its sources."""
    treatment, cite = result.treatment, citing.cite
    said = [f"{treatment.statement} {cite(treatment.sources)}"]
    said += [f"Because: {reason.text} {cite(reason.sources)}" for reason in treatment.because]
    said += [regimen_text(treatment.regimen, citing)] if treatment.regimen is not None else []
    said += [f"Duration: {treatment.duration} {cite(treatment.sources)}."] if treatment.duration else []
    every = (*treatment.cautions, *treatment.also, *treatment.review, *treatment.recovery, *treatment.diet)
    return said + [f"{each.text} {cite(each.sources)}" for each in every]


def standing(result: Answer) -> list[str]:
    """Return one sentence on findings that could overturn a decided status, or on the outcomes still possible."""
    if result.status in _DECIDED:
        return [f"Could overturn this: {'; '.join(result.overturned_by) or 'no open question'}."]
    possible = [outcome for outcome in result.possible.get("status", ()) if outcome in _DECIDED]
    if result.status == "not_assessed" or len(possible) in (0, len(_DECIDED)):
        return []
    return [f"Still possible: {', '.join(map(as_words, possible))}."]


def problem_sentences(result: Answer) -> list[str]:
    """Return one sentence per problem."""
    return [f"Problem ({problem.code}): {shortened(printable(problem.message))}" for problem in result.problems]


def regimen_text(regimen: Regimen, citing: Citing = NAMED) -> str:
    """Return a regimen in one sentence, with its sources."""
    cite = citing.cite
    loading = f"{regimen.loading} {cite([regimen.source])}; then " if regimen.loading else ""
    form = {"intramuscular": "by injection", "oral": "by mouth"}[regimen.route]
    text = f"{regimen.drug.capitalize()} {form} ({regimen.formulary.upper()}): {loading}{regimen.maintenance}"
    if regimen.maintenance_source != regimen.source:
        text += f" {citing.mark(regimen.maintenance_checked)} {cite([regimen.maintenance_source])}"
    return f"{text}."


def cause_sentences(result: Answer, citing: Citing = NAMED) -> list[str]:
    """Return one sentence per cause: the reasons for and against it, and the test that would settle it."""
    said = []
    for cause in result.causes:
        established = "established" if cause.established else "suggested"
        against = f"; against it: {', '.join(cause.speaks_against)}" if cause.speaks_against else ""
        settle = "" if cause.established else f"; settled by {cause.settled_by}"
        reasons = f"{', '.join(cause.speaks_for)}{against}{settle}"
        said.append(f"{cause.label} ({established}): {reasons} {citing.cite(cause.sources)}")
    return said


def index_sentence(result: Answer, citing: Citing = NAMED) -> list[str]:
    """Return the combined index in words; empty if it has no bound."""
    index = result.combined_index
    if index is None:
        return []
    ends = [f"{end:.2f}" for end in dict.fromkeys((index.low, index.high)) if end is not None]
    value = f"below {ends[0]}" if index.low is None else f"above {ends[0]}" if index.high is None else " to ".join(ends)
    said = as_words(index.index_class or "class open")
    return [f"Combined index 4cB12 {value}: {said} {citing.mark('unconfirmed')} {citing.cite(index.sources)}"]


def without_number(result: Answer) -> list[str]:
    """Return sentences on results that are compared with another profile's limit, as the guideline gives no number."""
    lacking: dict[str, list[str]] = {}
    for entry in result.evidence:
        if entry.note.endswith("gives no number"):
            lacking.setdefault(entry.note.rpartition("; ")[2], []).append(entry.label)
    return [f"({note} for {' and '.join(dict.fromkeys(labels))}.)" for note, labels in lacking.items()]

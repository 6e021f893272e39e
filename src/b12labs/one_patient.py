"""interpret(): the rules meet one patient, and what they say is put together with evidence and sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from operator import attrgetter
from typing import Any, Literal

from b12labs import explanation, interpretation, logic
from b12labs.applied_limits import applied_limits, compared
from b12labs.evaluation import Program, Values, open_comparisons, open_defeaters, outcomes, single_outcome
from b12labs.interpretation import Interpretation, Origin
from b12labs.limits import BoundGuideline, bound
from b12labs.measurement import Decimal, Measurement
from b12labs.panel import Panel, Problem, read_panel
from b12labs.patient import PatientInputs
from b12labs.plan import Formulary, causes, index, treatment_plan
from b12labs.reference import analytes, context, sources
from b12labs.rules import CAUSES, FINDINGS, QUESTIONS, VERDICTS
from b12labs.rules.b12_status import status as status_verdict
from b12labs.vocabulary import unreported_truth

__all__ = ["DEFAULT_GUIDELINE", "interpret", "interpret_panel"]

DEFAULT_GUIDELINE = "nice-ng239"
#: A panel with none of these says nothing about B12.
B12_MARKERS = ("b12", "holotc", "mma", "homocysteine", "urine_mma_ratio")
#: Findings that say the data contradict themselves: a problem of the row as well.
PROBLEM_FINDINGS = ("inconsistent_blood_count",)
_SOURCE = attrgetter("source")
VERDICT_RULES = {verdict.code: verdict for verdict in VERDICTS}
FINDING_RULES = {rule.code: rule for rule in FINDINGS}


@cache
def program() -> Program:
    """Return all rules compiled; one program serves every guideline. Columns compile only what they put out (`rows.columns_program`)."""
    truths = [truth for cause in CAUSES for truth, _ in (*cause.speaks_for, *cause.speaks_against)]
    truths += [cause.established for cause in CAUSES if cause.established is not None]
    return Program([*FINDINGS, *VERDICTS, *truths, *asked_about()])


def asked_about() -> list[logic.Truth | logic.Verdict]:
    """Return the rules that the questions for next tests need."""
    about: list[logic.Truth | logic.Verdict] = [question.about for question in QUESTIONS]
    return about + [question.asked for question in QUESTIONS if question.asked is not None]


def interpret(
    panel: Panel | None = None,
    *,
    guideline: str = DEFAULT_GUIDELINE,
    units: dict[str, str] | None = None,
    decimal: Decimal = ".",
    errors: Literal["raise", "report"] = "raise",
    unreported_context: Literal["absent", "unknown"] = "absent",
    formulary: Formulary | None = None,
    **values: Any,
) -> Interpretation:
    """Interpret one patient's results.

    Parameters
    ----------
    panel
        A `Panel` already read; otherwise the values are given by name.
    guideline
        The key of a guideline, such as `nice-ng239` (see `b12labs.guidelines()`).
    units
        The unit of an analyte whose value does not say one.
    decimal
        `","` where values are written with a decimal comma.
    errors
        `raise` a `B12LabsError` on a value that cannot be read, or `report` it under `problems` and go on without that value.
    unreported_context
        Whether a symptom, medicine or diagnosis that is not mentioned is taken as absent, or as unknown.
    formulary
        Whose regimens are suggested, `uk` or `us`; the guideline's own where it is not given.
    values
        Analytes (`b12="145 pg/mL"`), `age`, `sex`, `pregnant`, `trimester`, `gestational_weeks`, `elevation`, `symptoms`,
        `risk_factors`, `medicines`, `diagnoses`.

    Raises `B12LabsError` (a `ValueError`) that names the field.

    >>> from b12labs import interpret
    >>> interpret(b12="145 pg/mL", mma="0.62 umol/L", age=67, sex="female").status
    'deficient'

    """
    limits = bound(guideline)
    if panel is None:
        panel = read_panel(values, units=units, decimal=decimal, report=errors == "report")
    elif values:
        raise TypeError("give a panel, or values by name, not both")
    return interpret_panel(panel, limits, unreported_context=unreported_context, formulary=formulary)


def interpret_panel(
    panel: Panel, limits: BoundGuideline, *, unreported_context: str = "absent", formulary: Formulary | None = None
) -> Interpretation:
    """Interpret a panel that was read, with limits already bound."""
    inputs = PatientInputs(panel, limits, unreported_context=unreported_truth(unreported_context))
    values = program().run(inputs)
    possible = {code: outcomes(verdict, values) for code, verdict in VERDICT_RULES.items()}
    decided = {code: single_outcome(VERDICT_RULES[code], bits) for code, bits in possible.items()}
    findings = {code: _finding(rule, values) for code, rule in FINDING_RULES.items()}
    assessed = is_assessed(panel)
    status = (decided["status"] or "indeterminate") if assessed else "not_assessed"
    result = Interpretation(
        status=status,  # type: ignore[arg-type]  # an outcome of the verdict, which pydantic checks
        statement=status_statement(status),
        status_sources=tuple(dict.fromkeys((limits.guideline.source, *status_verdict.sources))),
        functional_deficiency=findings["functional_deficiency"].state,
        megaloblastic_anemia=findings["megaloblastic_anemia"].state,
        anemia=findings["anemia"].state,
        anemia_grade=decided["anemia_grade"],  # type: ignore[arg-type]  # likewise
        treatment=treatment_plan(decided["treatment_route"] if assessed else None, values, formulary or limits.guideline.formulary),
        urgency=decided["urgency"] or "routine",  # type: ignore[arg-type]  # likewise
        next_tests=_next_tests(values, limits) if panel.results else (),
        causes=causes(values) if findings["b12_deficiency"].state is not False or findings["lifelong_treatment"].state else (),
        combined_index=index(values),
        overturned_by=overturned_by(values) if assessed and decided["status"] else (),
        possible={code: named(VERDICT_RULES[code], bits) for code, bits in possible.items() if decided[code] is None},
        evidence=_evidence(values, decided["status"], findings),
        findings=findings,
        problems=_problems(panel, findings),
        assumptions=_assumptions(panel, limits, unreported_context),
        results=_results(panel, values, findings),
        guideline=limits.guideline.key,
        guideline_title=limits.guideline.title,
        sources={key: sources()[key].title for key in _cited(findings)},
        version=_version(),
    )
    result._origin = Origin(panel, limits, "unknown" if unreported_context == "unknown" else "absent", formulary)
    return result


def is_assessed(panel: Panel) -> bool:
    """Tell whether anything was measured that tells about B12."""
    return any(key in panel.results for key in B12_MARKERS)


def _problems(panel: Panel, findings: dict[str, interpretation.Finding]) -> tuple[Problem, ...]:
    said = (Problem(code, "blood_count", findings[code].statement) for code in PROBLEM_FINDINGS if findings[code].state)
    return (*panel.problems, *said)


def named(verdict: logic.Verdict, bits: int) -> tuple[str, ...]:
    """Return the outcomes of a set of bits, in the verdict's order."""
    return tuple(outcome for place, outcome in enumerate(verdict.outcomes) if bits >> place & 1)


def _version() -> str:
    from b12labs import __version__

    return __version__


def status_statement(status: str) -> str:
    """Return the sentence of a status."""
    if status == "not_assessed":
        return "Nothing that tells about B12 was measured."
    return status_verdict.sentences[status]


def _finding(rule: logic.Finding, values: Values) -> interpretation.Finding:
    truth = values.of(rule)
    found = explanation.evidence(rule.when, values) if truth != 1 else ()
    return _worded(rule, truth, found) if found else _without_evidence(rule, truth)


@cache
def _without_evidence(rule: logic.Finding, truth: int) -> interpretation.Finding:
    """Return a finding that no result decided: it is the same for every patient."""
    return _worded(rule, truth, ())


def _worded(rule: logic.Finding, truth: int, found: tuple[interpretation.Evidence, ...]) -> interpretation.Finding:
    state = {2: True, 1: None, 0: False}[truth]
    statement = rule.says if truth == 2 else f"Not found: {rule.label}." if truth == 0 else f"Cannot tell: {rule.label}."
    cited = dict.fromkeys((*rule.sources, *map(_SOURCE, found)))
    for uncited in ("", "laboratory"):
        cited.pop(uncited, None)
    return interpretation.Finding(code=rule.code, label=rule.label, state=state, statement=statement, evidence=found, sources=tuple(cited))


def _evidence(values: Values, status: str | None, findings: dict[str, interpretation.Finding]) -> tuple[interpretation.Evidence, ...]:
    """Return what decided the status among the B12 markers, then what was found beyond a limit; one entry an analyte and side."""
    entries: list[interpretation.Evidence] = []
    for case in status_verdict.cases:
        if case.outcome == status:
            entries.extend(entry for entry in explanation.evidence(case.when, values) if entry.analyte in B12_MARKERS)
    for item in findings.values():
        if item.state:
            entries.extend(entry for entry in item.evidence if not entry.relation.startswith("not "))
    found: dict[tuple[str, str], interpretation.Evidence] = {}
    for entry in entries:
        if entry.analyte:
            found.setdefault((entry.analyte, entry.relation.removeprefix("not ")), entry)
    return tuple(found.values())


def overturned_by(values: Values) -> tuple[str, ...]:
    """Name what could still overturn a decided status."""
    return tuple(dict.fromkeys(defeater.named for defeater in open_defeaters(status_verdict, values)))


def asked_tests(values: Values, where: Any = True) -> Iterator[tuple[logic.Question, str, Any]]:
    """Yield each question with a test that would answer it, and whether (for columns: in which of the rows `where`) to ask for it."""
    for question in QUESTIONS:
        asked = where if question.asked is None else where & (values.of(question.asked) == 2)
        for leaf, here in open_comparisons(question.about, values, asked):
            key = test_to_ask(leaf) if isinstance(leaf, logic.Compare) else None
            if key is not None:
                yield question, key, here & values.inputs.is_unsettled(key)


def next_test_keys(asked: Iterable[tuple[logic.Question, str]], limits: BoundGuideline) -> dict[str, tuple[logic.Question, ...]]:
    """Return the next tests in order, by question and then in the guideline's own order, each with the questions it answers."""
    second = limits.guideline.second_tests
    listed = _listed()

    def rank(pair: tuple[logic.Question, str]) -> tuple[int, int, int]:
        question, key = pair
        return QUESTIONS.index(question), second.index(key) if key in second else len(second), listed[key]

    answers: dict[str, list[logic.Question]] = {}
    for question, key in sorted(asked, key=rank):
        answers.setdefault(key, []).append(question)
    return {key: tuple(dict.fromkeys(questions)) for key, questions in answers.items()}


@cache
def _listed() -> dict[str, int]:
    return {key: place for place, key in enumerate(analytes())}


def _next_tests(values: Values, limits: BoundGuideline) -> tuple[interpretation.NextTest, ...]:
    asked = [(question, key) for question, key, where in asked_tests(values) if where]
    tests = []
    for key, questions in next_test_keys(asked, limits).items():
        cited = dict.fromkeys(source for question in questions for source in question.sources)
        asks = tuple(question.asks for question in questions)
        tests.append(interpretation.NextTest(analyte=key, label=analytes()[key].label, questions=asks, sources=tuple(cited)))
    return tuple(tests)


@cache
def test_to_ask(leaf: logic.Compare) -> str | None:
    """Return the test that would close an open comparison: the measured analyte, or the one that stands for it."""
    for node in leaf.left.walk():
        if isinstance(node, logic.Inferred):
            return node.ask
    keys = explanation.measured_in(leaf.left)
    return keys[0] if keys else None


def _assumptions(panel: Panel, limits: BoundGuideline, unreported_context: str) -> tuple[str, ...]:
    assumed: list[str] = []
    if panel.age is None:
        assumed.append("an adult" if limits.youngest else "any age")
    if panel.sex is None:
        assumed.append("either sex: limits that differ between the sexes are taken as the interval of both")
    if panel.pregnancy == 0 and "pregnant" not in panel.stated and panel.sex != "male":
        assumed.append("not pregnant")
    if "elevation" not in panel.stated:
        assumed.append("at low elevation")
    if unreported_context == "absent":
        absent = [f"no {context().terms[key].label}" for key in _ASKED_CONTEXT if key not in panel.terms]
        assumed.append(f"{', '.join(absent)}{', ' if absent else ''}nothing else that was not mentioned")
    return tuple(assumed)


_ASKED_CONTEXT = ("nitrous_oxide", "recent_b12_dose", "b12_supplement")


def _results(panel: Panel, values: Values, findings: dict[str, interpretation.Finding]) -> dict[str, interpretation.Result]:
    decided = {(entry.analyte, entry.limit) for item in findings.values() if item.state for entry in item.evidence}
    return {key: _result(result, values, decided) for key, result in panel.results.items()}


def _result(result: Measurement, values: Values, decided: Collection[tuple[str, str]]) -> interpretation.Result:
    pair = compared(result.analyte, values)
    return interpretation.Result(
        analyte=result.analyte,
        label=analytes()[result.analyte].label,
        given=result.given,
        low=result.low,
        high=_end(result.high),
        unit=analytes()[result.analyte].unit,
        flag=result.flag,
        reference_low=result.reference_low,
        reference_high=result.reference_high,
        compared=None if pair is None else (pair[0], _end(pair[1])),
        limits=applied_limits(result.analyte, values, decided),
    )


def _end(high: float) -> float | None:
    return None if high == float("inf") else high


def _cited(findings: dict[str, interpretation.Finding]) -> list[str]:
    keys = {key for item in findings.values() if item.state for key in item.sources}
    for verdict in VERDICTS:
        keys.update(verdict.sources)
    return sorted(key for key in keys if key in sources())

"""The rules meet one patient, and what they say is put together with evidence and sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

from b12labs.answer import parts
from b12labs.answer.answers import TRUTHS, VERDICTS
from b12labs.inputs.measurement import Measurement
from b12labs.inputs.panel import Panel, Problem
from b12labs.limits.stratified import Limits
from b12labs.logic import language as logic
from b12labs.logic.language import FALSE, TRUE, UNKNOWN, TruthValue
from b12labs.logic.open import open_defeaters, outcomes, single_outcome
from b12labs.logic.program import Values
from b12labs.patient import explanation
from b12labs.patient.applied_limits import STATES, applied_limits, compared
from b12labs.patient.differential import raised_by_terms
from b12labs.patient.inputs import PatientInputs
from b12labs.patient.plan import causes, index, treatment_plan
from b12labs.patient.unverified import unverified_results, with_unverified
from b12labs.patient.urgency import urgency_because
from b12labs.provenance.model import provenance_of
from b12labs.reasoning.compiled import (
    B12_MARKERS,
    FINDING_RULES,
    PROBLEM_FINDINGS,
    VERDICT_RULES,
    is_assessed,
    named,
    program,
)
from b12labs.reasoning.next_tests import asked_tests, next_test_keys
from b12labs.reference import Formulary, analytes, context, sources
from b12labs.rules.b12_status import status as status_verdict
from b12labs.version import __version__

_SOURCE = attrgetter("source")


def _problems(panel: Panel, findings: dict[str, parts.Finding]) -> tuple[Problem, ...]:
    said = (Problem(code, "blood_count", findings[code].statement) for code in PROBLEM_FINDINGS if findings[code].state)
    return (*panel.problems, *said)


def _finding(rule: logic.Finding, values: Values) -> parts.Finding:
    truth = values.of(rule)
    found = explanation.evidence(rule.when, values) if truth != UNKNOWN else ()
    return _worded(rule, truth, found) if found else _without_evidence(rule, truth)


@cache
def _without_evidence(rule: logic.Finding, truth: int) -> parts.Finding:
    """Return a finding that no result decided: it is the same for every patient."""
    return _worded(rule, truth, ())


def _worded(rule: logic.Finding, truth: int, found: tuple[parts.Evidence, ...]) -> parts.Finding:
    statement = (
        rule.says if truth == TRUE else f"Not found: {rule.label}." if truth == FALSE else f"Cannot tell: {rule.label}."
    )
    cited = dict.fromkeys((*rule.sources, *map(_SOURCE, found)))
    for uncited in ("", "laboratory"):
        cited.pop(uncited, None)
    return parts.Finding(
        code=rule.code, label=rule.label, state=STATES[truth], statement=statement, evidence=found, sources=tuple(cited)
    )


def _evidence(values: Values, status: str | None, findings: dict[str, parts.Finding]) -> tuple[parts.Evidence, ...]:
    """Return what decided the status among the B12 markers, then what was found beyond a limit.

    One entry an analyte and side.
    """
    entries: list[parts.Evidence] = []
    for case in status_verdict.cases:
        if case.outcome == status:
            entries.extend(entry for entry in explanation.evidence(case.when, values) if entry.analyte in B12_MARKERS)
    for item in findings.values():
        if item.state:
            entries.extend(entry for entry in item.evidence if not entry.relation.startswith("not "))
    found: dict[tuple[str, str], parts.Evidence] = {}
    for entry in entries:
        if entry.analyte:
            found.setdefault((entry.analyte, entry.relation.removeprefix("not ")), entry)
    return tuple(found.values())


def overturned_by(values: Values) -> tuple[str, ...]:
    """Name what could still overturn a decided status."""
    return tuple(dict.fromkeys(defeater.named for defeater in open_defeaters(status_verdict, values)))


def _next_tests(values: Values, limits: Limits) -> tuple[parts.NextTest, ...]:
    asked = [(question, key) for question, key, where in asked_tests(values) if where]
    tests = []
    for key, questions in next_test_keys(asked, limits).items():
        cited = dict.fromkeys(source for question in questions for source in question.sources)
        asks = tuple(question.asks for question in questions)
        tests.append(parts.NextTest(analyte=key, label=analytes()[key].label, questions=asks, sources=tuple(cited)))
    return tuple(tests)


def _assumptions(panel: Panel, limits: Limits, unreported: TruthValue) -> tuple[str, ...]:
    assumed: list[str] = []
    if panel.age is None:
        assumed.append("an adult" if limits.youngest else "any age")
    if panel.sex is None:
        assumed.append("either sex: limits that differ between the sexes are taken as the interval of both")
    if panel.pregnancy == 0 and "pregnant" not in panel.stated and panel.sex != "male":
        assumed.append("not pregnant")
    if "elevation" not in panel.stated:
        assumed.append("at low elevation")
    if unreported == FALSE:
        known = panel.terms | panel.unread.perhaps
        absent = [f"no {context().terms[key].label}" for key in _ASKED_CONTEXT if key not in known]
        assumed.append(f"{', '.join(absent)}{', ' if absent else ''}nothing else that was not mentioned")
    if panel.unread:
        assumed.append(f"{panel.unread.sentence()}, taken as neither absent nor present")
    return tuple(assumed)


_ASKED_CONTEXT = ("nitrous_oxide", "recent_b12_dose", "b12_supplement")


def _results(panel: Panel, values: Values, findings: dict[str, parts.Finding]) -> dict[str, parts.Result]:
    decided = {(entry.analyte, entry.limit) for item in findings.values() if item.state for entry in item.evidence}
    return {key: _result(result, values, decided) for key, result in panel.results.items()}


def _result(result: Measurement, values: Values, decided: Collection[tuple[str, str]]) -> parts.Result:
    pair = compared(result.analyte, values)
    return parts.Result(
        analyte=result.analyte,
        label=analytes()[result.analyte].label,
        given=result.given,
        low=result.low,
        high=parts.bounded(result.high),
        unit=analytes()[result.analyte].unit,
        flag=result.flag,
        reference_low=result.reference_low,
        reference_high=result.reference_high,
        compared=None if pair is None else (pair[0], parts.bounded(pair[1])),
        limits=applied_limits(result.analyte, values, decided),
    )


def _cited(findings: dict[str, parts.Finding]) -> list[str]:
    keys = {key for item in findings.values() if item.state for key in item.sources}
    for verdict in VERDICT_RULES.values():
        keys.update(verdict.sources)
    return sorted(key for key in keys if key in sources())


def answer_fields(
    panel: Panel,
    limits: Limits,
    *,
    unreported: TruthValue = FALSE,
    formulary: Formulary | None = None,
    reading: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the rules say of a panel, by the fields of an `Answer`; `reading` says how the panel was read."""
    inputs = PatientInputs(panel, limits, unreported=unreported)
    values = program().run(inputs)
    possible = {code: outcomes(verdict, values) for code, verdict in VERDICT_RULES.items()}
    decided = {
        code: single_outcome(VERDICT_RULES[code], bits, at_least=code in VERDICTS and VERDICTS[code].at_least)
        for code, bits in possible.items()
    }
    findings = {code: _finding(rule, values) for code, rule in FINDING_RULES.items()}
    assessed = is_assessed(panel)
    urgency = VERDICTS["urgency"].word(decided["urgency"])
    unverified = unverified_results(panel, limits, unreported)
    status = VERDICTS["status"].word(decided["status"], assessed=assessed)
    return {
        "status": status,
        "statement": with_unverified(status, unverified),
        "unverified": unverified,
        "status_sources": tuple(dict.fromkeys((limits.guideline.source, *status_verdict.sources))),
        **{code: findings[code].state for code in TRUTHS if code in parts.Answer.model_fields},
        "anemia_grade": decided["anemia_grade"],
        "treatment": treatment_plan(decided["treatment_route"], values, formulary or limits.guideline.formulary),
        "urgency": urgency,
        "urgency_because": urgency_because(urgency, values),
        "next_tests": _next_tests(values, limits) if panel.results or panel.set_aside or panel.terms else (),
        "causes": causes(values)
        if findings["b12_deficiency"].state is not False or findings["lifelong_treatment"].state
        else (),
        "combined_index": index(values),
        "overturned_by": overturned_by(values) if assessed and decided["status"] else (),
        "possible": {
            code: named(VERDICT_RULES[code], bits) for code, bits in possible.items() if decided[code] is None
        },
        "evidence": _evidence(values, decided["status"], findings),
        "findings": findings,
        "problems": _problems(panel, findings),
        "assumptions": _assumptions(panel, limits, unreported),
        "results": _results(panel, values, findings),
        "differential": raised_by_terms(panel.terms),
        "guideline": limits.guideline.key,
        "guideline_title": limits.guideline.title,
        "sources": {key: sources()[key].title for key in _cited(findings)},
        "version": __version__,
        "provenance": provenance_of(
            limits,
            {
                "unreported_context": "unknown" if unreported else "absent",
                "formulary": formulary or limits.guideline.formulary,
                **(reading or {}),
            },
        ),
    }

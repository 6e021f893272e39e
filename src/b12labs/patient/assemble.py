"""Run the rules on one patient, and put the answers together with evidence and sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from b12labs.answer import parts
from b12labs.answer.answers import TRUTHS, VERDICTS
from b12labs.answer.by_name import ByName
from b12labs.answer.findings import Findings
from b12labs.inputs.measurement import Measurement
from b12labs.inputs.panel import Panel, Problem
from b12labs.limits.stratified import Limits
from b12labs.logic.language import FALSE, TruthValue
from b12labs.logic.open import open_defeaters, outcomes, single_outcome
from b12labs.logic.program import Values
from b12labs.patient import explanation
from b12labs.patient.applied_limits import applied_limits, compared
from b12labs.patient.differential import raised_by_terms
from b12labs.patient.findings import findings_of
from b12labs.patient.inputs import PatientInputs
from b12labs.patient.plan import are_causes_named, causes, index, treatment_plan
from b12labs.patient.unverified import unverified_results, with_unverified
from b12labs.patient.urgency import urgency_because
from b12labs.provenance.model import provenance_of
from b12labs.reasoning.compiled import (
    B12_MARKERS,
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


def _problems(panel: Panel, findings: Findings) -> tuple[Problem, ...]:
    said = (
        Problem(code, "blood_count", findings[code].statement) for code in PROBLEM_FINDINGS if findings.states[code]
    )
    return (*panel.problems, *said)


def _evidence(values: Values, status: str | None, findings: Findings) -> tuple[parts.Evidence, ...]:
    """Return the evidence of the status among the B12 markers, then the results beyond a limit.

    There is one entry per analyte and side.
    """
    entries: list[parts.Evidence] = []
    for case in status_verdict.cases:
        if case.outcome == status:
            entries.extend(entry for entry in explanation.evidence(case.when, values) if entry.analyte in B12_MARKERS)
    for item in findings.holding():
        entries.extend(entry for entry in item.evidence if not entry.relation.startswith("not "))
    found: dict[tuple[str, str], parts.Evidence] = {}
    for entry in entries:
        if entry.analyte:
            found.setdefault((entry.analyte, entry.relation.removeprefix("not ")), entry)
    return tuple(found.values())


def overturned_by(values: Values) -> tuple[str, ...]:
    """Return the names of open findings that could overturn a decided status."""
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
        assumed += [", ".join(absent)] if absent else []
        assumed.append("anything else that is not mentioned is absent")
    if panel.unread:
        assumed.append(f"{panel.unread.sentence()}, taken as neither absent nor present")
    return tuple(assumed)


_ASKED_CONTEXT = ("nitrous_oxide", "recent_b12_dose", "b12_supplement")


def _results(panel: Panel, values: Values, findings: Findings) -> dict[str, parts.Result]:
    decided = {(entry.analyte, entry.limit) for item in findings.holding() for entry in item.evidence}
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


def _cited(findings: Findings) -> list[str]:
    keys = {key for item in findings.holding() for key in item.sources}
    return sorted(key for key in keys | _OF_VERDICTS if key in sources())


_OF_VERDICTS = frozenset(key for verdict in VERDICT_RULES.values() for key in verdict.sources)


class Answering:
    """The answers of the rules to a panel: each member of an `Answer` under its name, made when it is read.

    `reading` holds the options by which the panel was read.
    """

    def __init__(
        self,
        panel: Panel,
        limits: Limits,
        *,
        unreported: TruthValue = FALSE,
        formulary: Formulary | None = None,
        reading: Mapping[str, Any] | None = None,
    ) -> None:
        self._panel, self._limits, self._unreported = panel, limits, unreported
        self._formulary = formulary or limits.guideline.formulary
        self._values = values = program().run(PatientInputs(panel, limits, unreported=unreported))
        self._outcomes = {code: outcomes(verdict, values) for code, verdict in VERDICT_RULES.items()}
        self._decided = {
            code: single_outcome(VERDICT_RULES[code], bits, at_least=code in VERDICTS and VERDICTS[code].at_least)
            for code, bits in self._outcomes.items()
        }
        self._assessed = is_assessed(panel)
        self.status = VERDICTS["status"].word(self._decided["status"], assessed=self._assessed)
        self.urgency = VERDICTS["urgency"].word(self._decided["urgency"])
        self.anemia_grade = self._decided["anemia_grade"]
        self.findings = findings_of(values)
        self.guideline, self.guideline_title = limits.guideline.key, limits.guideline.title
        self.version = __version__
        # Made now, not when it is read: it records the options of this run.
        self.provenance = provenance_of(
            limits,
            {
                "unreported_context": "unknown" if unreported else "absent",
                "formulary": self._formulary,
                **(reading or {}),
            },
        )

    def __getattr__(self, name: str) -> bool | None:
        """Return whether a finding that is an answer by itself holds."""
        if name in TRUTHS:
            return self.findings.states[name]
        raise AttributeError(name)

    @property
    def statement(self) -> str:
        return with_unverified(self.status, self.unverified)

    @property
    def unverified(self) -> tuple[parts.Unverified, ...]:
        return unverified_results(self._panel, self._limits, self._unreported)

    @property
    def status_sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self._limits.guideline.source, *status_verdict.sources)))

    @property
    def treatment(self) -> parts.Treatment:
        return treatment_plan(self._decided["treatment_route"], self._values, self._formulary)

    @property
    def urgency_because(self) -> tuple[parts.Statement, ...]:
        return urgency_because(self.urgency, self._values)

    @property
    def next_tests(self) -> tuple[parts.NextTest, ...]:
        panel = self._panel
        return _next_tests(self._values, self._limits) if panel.results or panel.set_aside or panel.terms else ()

    @property
    def causes(self) -> tuple[parts.Cause, ...]:
        return causes(self._values) if are_causes_named(self._values) else ()

    @property
    def combined_index(self) -> parts.CombinedIndex | None:
        return index(self._values)

    @property
    def overturned_by(self) -> tuple[str, ...]:
        return overturned_by(self._values) if self._assessed and self._decided["status"] else ()

    @property
    def possible(self) -> dict[str, tuple[str, ...]]:
        return ByName(
            {
                code: named(VERDICT_RULES[code], bits)
                for code, bits in self._outcomes.items()
                if self._decided[code] is None
            }
        )

    @property
    def evidence(self) -> tuple[parts.Evidence, ...]:
        return _evidence(self._values, self._decided["status"], self.findings)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return _problems(self._panel, self.findings)

    @property
    def assumptions(self) -> tuple[str, ...]:
        return _assumptions(self._panel, self._limits, self._unreported)

    @property
    def results(self) -> dict[str, parts.Result]:
        return ByName(_results(self._panel, self._values, self.findings))

    @property
    def differential(self) -> tuple[parts.Alternative, ...]:
        return raised_by_terms(self._panel.terms)

    @property
    def sources(self) -> dict[str, str]:
        return ByName({key: sources()[key].title for key in _cited(self.findings)})

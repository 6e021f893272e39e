"""A panel with a changed value, interpreted again, and the answers and findings that moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from b12labs.answer.answers import ANSWERS, TRUTHS
from b12labs.answer.parts import Answer, Evidence
from b12labs.inputs.fields import PregnancyState, pregnant_man
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.panel import PATIENT_FIELDS, Panel, read_panel, settled
from b12labs.inputs.several import checked_units
from b12labs.reference import CONTEXT_FIELDS, analytes, context
from b12labs.text import as_words

__all__ = ["Moved", "changed_panel", "moved"]

#: Pregnant, in an unknown trimester.
ANY_TRIMESTER: PregnancyState = 4

_PREGNANCY = ("pregnant", "trimester", "gestational_weeks")


@dataclass(frozen=True)
class Moved:
    """One answer or finding that moved, with its evidence after the change."""

    code: str
    label: str
    before: str | bool | None
    after: str | bool | None
    because: tuple[Evidence, ...] = ()

    def __str__(self) -> str:
        because = f" ({'; '.join(map(str, self.because))})" if self.because else ""
        return f"{self.label}: {_said(self.before)} -> {_said(self.after)}{because}"


def changed_panel(
    panel: Panel, changes: Mapping[str, Any], *, units: dict[str, str] | None = None, decimal: Decimal = "."
) -> Panel:
    """Return a panel with some of its values replaced.

    Names are those of `interpret()`. None removes a result, and a context field replaces all its terms. Removing a
    trimester keeps the pregnancy. A new value without an interval keeps the laboratory's interval of the old one.
    Raises `B12LabsError`, which names the field.
    """
    checked_units(units)
    read = read_panel(dict(changes), units=units, decimal=decimal)
    results, terms = dict(panel.results), set(panel.terms)
    for name in changes:
        if name in analytes():
            before = results.pop(name, None)
            after = read.results.get(name)
            if after is not None:
                lacks = after.reference_low is None and after.reference_high is None
                if before is not None and lacks:
                    after = replace(after, reference_low=before.reference_low, reference_high=before.reference_high)
                results[name] = after
        elif name in CONTEXT_FIELDS:
            terms = {key for key in terms if context().terms[key].field != name}
        elif name in context().terms:
            terms.discard(name)
    fields: dict[str, Any] = {name: getattr(read, name) for name in ("age", "sex", "elevation") if name in changes}
    if any(name in changes for name in _PREGNANCY):
        fields["pregnancy"] = _pregnancy(panel, read, said="pregnant" in changes)
    after_all = replace(
        panel,
        **fields,
        results={key: settled(result, results) for key, result in results.items()},
        set_aside={key: given for key, given in panel.set_aside.items() if key not in changes},
        terms=frozenset(terms | read.terms),
        problems=tuple(problem for problem in panel.problems if problem.field not in changes),
        stated=(panel.stated - {name for name in changes if name in PATIENT_FIELDS}) | read.stated,
        age_unreadable=panel.age_unreadable and "age" not in changes,
        unread=panel.unread.without(changes),
    )
    if after_all.pregnancy:
        if after_all.sex == "male":
            raise pregnant_man()
        return replace(after_all, sex="female")
    return after_all


def _pregnancy(panel: Panel, read: Panel, *, said: bool) -> PregnancyState | None:
    """Return the pregnancy after a change: it stays without a removed trimester, and keeps one if stated again."""
    if said:
        return panel.pregnancy if read.pregnancy == ANY_TRIMESTER and panel.pregnancy else read.pregnancy
    return read.pregnancy or (ANY_TRIMESTER if panel.pregnancy else panel.pregnancy)


def moved(before: Answer, after: Answer) -> tuple[Moved, ...]:
    """Return the differences between two interpretations, with the evidence of the second."""
    found = []
    # Answers that are part of another, such as of the treatment, come last.
    for row in sorted((row for row in ANSWERS if row.kind != "list"), key=lambda row: bool(row.place)):
        one, other = row.of(before), row.of(after)
        if one != other:
            because = after.findings[row.code].evidence if row.kind == "truth" else ()
            found.append(Moved(row.code, row.label, one, other, after.evidence if row.code == "status" else because))
    were = before.states
    for code, state in after.states.items():
        if code not in TRUTHS and were[code] != state:
            finding = after.findings[code]
            found.append(Moved(code, finding.label, were[code], state, finding.evidence))
    return tuple(found)


def _said(state: str | bool | None) -> str:
    return (
        {True: "yes", False: "no", None: "cannot tell"}[state]
        if state is None or isinstance(state, bool)
        else as_words(state)
    )

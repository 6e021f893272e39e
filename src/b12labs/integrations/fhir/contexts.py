"""Who the patient is and what is reported besides results.

Patient, Condition, MedicationStatement and MedicationRequest.

A term is taken by a code that `context.toml` has, or by a text that is exactly a name of the vocabulary; never guessed.
A term holds from when it began until it ended, as far as these are known: it is not applied to a draw before or after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from b12labs.inputs.panel import Problem
from b12labs.inputs.vocabulary import exact_term
from b12labs.integrations.fhir.bundles import Collected, Entry
from b12labs.integrations.fhir.shapes import (
    ATC,
    ICD_10,
    RXNORM,
    SNOMED_CT,
    Json,
    code_of,
    codes_in,
    items,
    names_of,
    node,
    text,
)
from b12labs.reference import context

__all__ = ["CONTEXT_KINDS", "TermHeld", "context_of", "who_is"]

CONTEXT_KINDS = frozenset({"Condition", "MedicationStatement", "MedicationRequest"})
_SYSTEMS = {SNOMED_CT: "SNOMED CT", **dict.fromkeys(ICD_10, "ICD-10"), ATC: "ATC", RXNORM: "RxNorm"}
_CLINICAL = ("http://terminology.hl7.org/CodeSystem/condition-clinical", "http://hl7.org/fhir/condition-clinical")
_VERIFICATION = (
    "http://terminology.hl7.org/CodeSystem/condition-ver-status",
    "http://hl7.org/fhir/condition-ver-status",
)
_CURRENT, _OVER = frozenset({"active", "recurrence", "relapse"}), frozenset({"inactive", "remission", "resolved"})
_ORDERS = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})
_TAKEN, _TAKEN_ONCE = "active", ("completed", "stopped")
_GENDERS = frozenset({"male", "female", "other", "unknown"})


@dataclass(frozen=True, slots=True)
class TermHeld:
    """A context term with when it began and ended, blank where that is not known, and where it was said."""

    key: str
    field: str
    source: str
    start: str = ""
    end: str = ""

    def holds(self, time: str) -> bool:
        """Tell whether it held on the day of a draw, as precisely as the dates say."""
        return not (self.start and self.start[:10] > time[: len(self.start[:10])]) and not (
            self.end and self.end[:10] < time[: len(self.end[:10])]
        )


def who_is(entry: Entry) -> tuple[str, str, list[Problem]]:
    """Return the birth date and the sex of a Patient, blank where they are not known, and what could not be read."""
    patient = entry.resource
    if entry.barred:
        return (
            "",
            "",
            [
                Problem(
                    "unknown_rules",
                    "patient",
                    f"{entry.barred} of the Patient is not known; age and sex are taken as unknown",
                )
            ],
        )
    problems: list[Problem] = []
    gender, born = code_of(patient.get("gender")), patient.get("birthDate")
    if patient.get("gender") is not None and gender not in _GENDERS:
        problems.append(
            Problem("unreadable_sex", "sex", "the gender is none of male, female, other and unknown; taken as unknown")
        )
    if patient.get("active") is False:
        problems.append(
            Problem("inactive_patient", "patient", "the Patient is marked as not active; age and sex are used")
        )
    return (born if isinstance(born, str) else ""), (gender if gender in ("male", "female") else ""), problems


def context_of(found: Collected, entry: Entry) -> tuple[TermHeld | None, Problem | None]:
    """Return the term that a Condition or a medication gives, or why it gives none."""
    field = "diagnoses" if entry.kind == "Condition" else "medicines"
    if entry.barred:
        return None, Problem("unknown_rules", field, f"{entry.barred} may change what it means; not used")
    held = _condition(entry.resource) if entry.kind == "Condition" else _medication(entry.resource)
    if isinstance(held, str):
        return None, Problem("context_not_used", field, f"{held}; not used")
    concept = entry.resource.get("code") if entry.kind == "Condition" else _drug(found, entry)
    key = _term(concept)
    if key is None:
        return None, Problem("unknown_term", field, "no code or name of it is a term of the vocabulary; not used")
    return TermHeld(key, field, entry.source, *held), None


def _condition(condition: Json) -> tuple[str, str] | str:
    """Return when a condition began and ended, or why it does not count."""
    verified = codes_in(condition.get("verificationStatus"), *_VERIFICATION)
    if (condition.get("verificationStatus") and not verified) or set(verified) - {"confirmed"}:
        return "the condition is not confirmed"
    clinical = codes_in(condition.get("clinicalStatus"), *_CLINICAL)
    if (condition.get("clinicalStatus") and not clinical) or set(clinical) - _CURRENT - _OVER:
        return "the clinical status is not known"
    start, end = _first(condition, "onset"), _first(condition, "abatement")
    if (set(clinical) & _OVER or _has(condition, "abatement")) and not end:
        return "the condition is over, and since when is not said"
    return start, end


def _first(resource: Json, name: str) -> str:
    """Return the date of an element of several types that says one.

    A dateTime, or a period's start (its end for `abatement`).
    """
    period = node(resource.get(f"{name}Period"))
    return _date(resource.get(f"{name}DateTime")) or _date(period.get("end" if name == "abatement" else "start"))


def _has(resource: Json, name: str) -> bool:
    return any(key.startswith(name) for key in resource)


def _date(value: Any) -> str:
    said = text(value)
    return said if said[:4].isascii() and said[:4].isdigit() else ""


def _medication(medication: Json) -> tuple[str, str] | str:
    """Return when a medicine was begun and ended, or why it does not count as taken."""
    status = code_of(medication.get("status"))
    request = medication.get("resourceType") == "MedicationRequest"
    if request and (medication.get("doNotPerform") or code_of(medication.get("intent")) not in _ORDERS):
        return "the request is not an order to take the medicine"
    period = node(medication.get("effectivePeriod"))
    start = (
        _date(medication.get("authoredOn"))
        if request
        else _date(medication.get("effectiveDateTime")) or _date(period.get("start"))
    )
    end = "" if request else _date(period.get("end"))
    if status not in (_TAKEN, *_TAKEN_ONCE):
        return "its status does not say that the medicine is taken"
    if status in _TAKEN_ONCE and not end:
        return "the medicine is no longer taken, and since when is not said"
    return start, end


def _drug(found: Collected, entry: Entry) -> Any:
    """Return the medicine's concept: its own, that of the Medication it refers to, or the reference's display."""
    medication = entry.resource
    concept = medication.get("medicationCodeableConcept")
    reference = node(medication.get("medicationReference"))
    if concept is not None or not reference:
        return concept
    target = found.find(text(reference.get("reference")), entry) if text(reference.get("reference")) else None
    if target is not None and target.kind == "Medication" and not target.barred:
        return target.resource.get("code")
    return {"text": reference.get("display")}


def _term(concept: Any) -> str | None:
    """Return the one term that the codes name, or else the texts; None where they name none, or two."""
    coded = {
        _by_code()[named]
        for coding in items(node(concept).get("coding"))
        if isinstance(system := coding.get("system"), str)
        and (named := f"{_SYSTEMS.get(system)} {text(coding.get('code'))}") in _by_code()
    }
    keys = coded or {
        term.key for name in names_of(concept) if len(name) <= _LONGEST and (term := exact_term(name)) is not None
    }
    return keys.pop() if len(keys) == 1 else None


_LONGEST = 100


@cache
def _by_code() -> Mapping[str, str]:
    return {code: term.key for term in context().terms.values() for code in term.codes}

"""The patient's age and sex, and the context besides results.

Patient, Condition, MedicationStatement and MedicationRequest.

A term is recognized by its code, a name of the vocabulary, or the ingredient of a product; it is never guessed. It
holds from its beginning to its end, if these are known: it is not applied to a draw before or after. Context that is
not understood is unread, and is neither absent nor present.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from b12labs.inputs.context.reported import NOTHING_UNREAD, Told, Unread, unread
from b12labs.inputs.panel import Problem
from b12labs.inputs.vocabulary import term_groups
from b12labs.integrations.fhir.bundles import Collected, Entry
from b12labs.integrations.fhir.shapes import Json, code_of, codes_in, codings, items, names_of, node, text
from b12labs.reference import context
from b12labs.site_mapping.concepts import read_sent
from b12labs.site_mapping.mapping import SiteMapping

__all__ = [
    "CONTEXT_KINDS",
    "UNREAD_MEDICINES",
    "NotUsed",
    "TermHeld",
    "context_of",
    "first_date",
    "has_element",
    "in_doubt",
    "may_mean_more",
    "told_by",
    "unread_medicine",
    "who_is",
]

CONTEXT_KINDS = frozenset({"Condition", "MedicationStatement", "MedicationRequest"})
#: Doses given and handed out, and the orders and statements of STU3, DSTU2 and R5; none is read.
UNREAD_MEDICINES = frozenset({"MedicationAdministration", "MedicationDispense", "MedicationOrder", "MedicationUsage"})
_CLINICAL = ("http://terminology.hl7.org/CodeSystem/condition-clinical", "http://hl7.org/fhir/condition-clinical")
_VERIFICATION = (
    "http://terminology.hl7.org/CodeSystem/condition-ver-status",
    "http://hl7.org/fhir/condition-ver-status",
)
_CURRENT, _OVER = frozenset({"active", "recurrence", "relapse"}), frozenset({"inactive", "remission", "resolved"})
_ORDERS = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})
_NEVER_TAKEN = frozenset({"not-done", "entered-in-error", "cancelled", "declined", "draft"})
_TAKEN, _TAKEN_ONCE = "active", ("completed", "stopped")
_GENDERS = frozenset({"male", "female", "other", "unknown"})


@dataclass(frozen=True, slots=True)
class TermHeld:
    """Context terms with their beginning and end (blank if unknown) and their source.

    `unread` is the part of the source that was not understood.
    """

    keys: frozenset[str]
    field: str
    source: str
    start: str = ""
    end: str = ""
    unread: Unread = NOTHING_UNREAD

    def holds(self, time: str) -> bool:
        """Return whether the terms held on the day of a draw, as precisely as the dates allow."""
        return not (self.start and _day(self.start, time) > _day(time, self.start)) and not (
            self.end and _day(self.end, time) < _day(time, self.end)
        )


def _day(time: str, other: str) -> str:
    """Return the day of a time, or its month or year if the other time is less precise."""
    return time[: min(10, len(other))]


def who_is(entry: Entry) -> tuple[str, str, list[Problem]]:
    """Return the birth date and the sex of a Patient (blank if unknown), and the problems of reading them."""
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
            Problem("unreadable_sex", "sex", "expected the gender male, female, other or unknown; taken as unknown")
        )
    if patient.get("active") is False:
        problems.append(
            Problem("inactive_patient", "patient", "the Patient is marked as inactive; age and sex are used")
        )
    return (born if isinstance(born, str) else ""), (gender if gender in ("male", "female") else ""), problems


def unread_medicine(found: Collected, entry: Entry, site: SiteMapping) -> TermHeld | None:
    """Return the medicines that an unread resource leaves unknown: a dose given, or an order of DSTU2."""
    if entry.barred or code_of(entry.resource.get("status")) in _NEVER_TAKEN:
        return None
    told = told_by(_drug(found, entry), "medicines", site)
    left = unread("medicines", told.terms) if told.terms else told.unread
    names = ("effectiveDateTime", "occurrenceDateTime", "whenHandedOver", "dateWritten", "authoredOn")
    start = next(filter(None, (_date(entry.resource.get(name)) for name in names)), "")
    return TermHeld(frozenset(), "medicines", entry.source, start, unread=left) if left else None


@dataclass(frozen=True, slots=True)
class NotUsed:
    """Why a resource is not used.

    `foreign` is True if it is written in another version of FHIR, `perhaps` if it may apply, but whether or when is not
    known.
    """

    why: str
    foreign: bool = False
    perhaps: bool = False


def context_of(found: Collected, entry: Entry, site: SiteMapping) -> tuple[TermHeld | None, Problem | None]:
    """Return the terms that a Condition or a medication gives, or its unread part, and the problem of reading it."""
    field = "diagnoses" if entry.kind == "Condition" else "medicines"
    if entry.barred:
        why = f"{entry.barred} may change its meaning; not used"
        barred = unread(field) if may_mean_more(entry) else NOTHING_UNREAD
        return in_doubt(field, entry, barred), Problem("unknown_rules", field, why)
    concept = entry.resource.get("code") if entry.kind == "Condition" else _drug(found, entry)
    told = told_by(concept, field, site)
    held = _condition(entry.resource) if entry.kind == "Condition" else _medication(entry.resource)
    if isinstance(held, NotUsed):
        if held.foreign:
            left = unread(field, told.terms or None)
        else:
            lasting = told.terms & _lasting() if held.perhaps else frozenset()
            left = Unread(perhaps=term_groups(lasting))
        return in_doubt(field, entry, left), Problem("context_not_used", field, f"{held.why}; not used")
    term = TermHeld(told.terms, field, entry.source, *held, told.unread)
    return term, Problem("unknown_term", field, f"{told.why}; not used") if told.why else None


def may_mean_more(entry: Entry) -> bool:
    """Return whether a resource is barred because an element may change its meaning."""
    return entry.barred in ("implicitRules", "modifierExtension")


def in_doubt(field: str, entry: Entry, told: Unread) -> TermHeld | None:
    """Return the context that a resource leaves unknown, or None if there is none."""
    return TermHeld(frozenset(), field, entry.source, unread=told) if told.perhaps or told.counts else None


@cache
def _lasting() -> frozenset[str]:
    """Return the medicines that continue to change results after the last dose."""
    return frozenset({"nitrous_oxide", *(key for key, term in context().terms.items() if "recent_b12" in term.groups)})


def told_by(concept: Any, field: str, site: SiteMapping) -> Told:
    """Return the meaning of a concept, read from its codes with their systems, its displays and its text."""
    coded = [(text(coding.get("code")), text(coding.get("system"))) for coding in codings(concept)]
    unproven = next(filter(None, map(_certainty, codings(concept))), "")
    if unproven:
        coded = [(f"{code.rstrip('GVAZ')} {unproven}", system) for code, system in coded]
    return read_sent(site, coded, names_of(concept), field)


def _certainty(coding: Json) -> str:
    """Return the mark of a German diagnosis that is not confirmed (V, A or Z), blank if there is none."""
    for extension in items(coding.get("extension")):
        if text(extension.get("url")).endswith("diagnosesicherheit"):
            code = text(node(extension.get("valueCoding")).get("code"))
            return code if code in ("V", "A", "Z") else ""
    return ""


def _condition(condition: Json) -> tuple[str, str] | NotUsed:
    """Return the beginning and end of a condition, or why it is not used."""
    if isinstance(condition.get("verificationStatus"), str) or isinstance(condition.get("clinicalStatus"), str):
        return NotUsed("expected R4, got a resource written as in STU3 or DSTU2", foreign=True)
    verified = codes_in(condition.get("verificationStatus"), *_VERIFICATION)
    if (condition.get("verificationStatus") and not verified) or set(verified) - {"confirmed"}:
        return NotUsed("the condition is not confirmed")
    clinical = codes_in(condition.get("clinicalStatus"), *_CLINICAL)
    if (condition.get("clinicalStatus") and not clinical) or set(clinical) - _CURRENT - _OVER:
        return NotUsed("the clinical status is not known")
    start, end = first_date(condition, "onset"), first_date(condition, "abatement", "end")
    if (set(clinical) & _OVER or has_element(condition, "abatement")) and not end:
        return NotUsed("the condition is over, and its end date is not given")
    return start, end


def first_date(resource: Json, name: str, edge: str = "start") -> str:
    """Return the date of an element of several types: a dateTime, or an edge of a period; blank if it has none."""
    period = node(resource.get(f"{name}Period"))
    return _date(resource.get(f"{name}DateTime")) or _date(period.get(edge))


def has_element(resource: Json, name: str) -> bool:
    """Return whether an element of several types is there with any of them."""
    return any(key.startswith(name) for key in resource)


def _date(value: Any) -> str:
    """Return a date as it is written, blank if there is none."""
    said = text(value)
    return said if said[:4].isascii() and said[:4].isdigit() else ""


def _medication(medication: Json) -> tuple[str, str] | NotUsed:
    """Return the beginning and end of a medicine, or why it is not used."""
    if "medication" in medication:
        return NotUsed("expected R4, got a resource written as in R5", foreign=True)
    if medication.get("taken") not in (None, "y"):
        return NotUsed("its element taken (STU3) does not say that the medicine is taken")
    status = code_of(medication.get("status"))
    request = medication.get("resourceType") == "MedicationRequest"
    if request and (medication.get("doNotPerform") or code_of(medication.get("intent")) not in _ORDERS):
        return NotUsed("the request is not an order to take the medicine")
    period = node(medication.get("effectivePeriod"))
    start = (
        _date(medication.get("authoredOn"))
        if request
        else _date(medication.get("effectiveDateTime")) or _date(period.get("start"))
    )
    end = "" if request else _date(period.get("end"))
    if status not in (_TAKEN, *_TAKEN_ONCE):
        unsure = status in ("on-hold", "unknown")
        return NotUsed("its status does not say that the medicine is taken", perhaps=unsure)
    if status in _TAKEN_ONCE and not end:
        return NotUsed("the medicine is no longer taken, and its end date is not given", perhaps=True)
    return start, end


def _drug(found: Collected, entry: Entry) -> Any:
    """Return the medicine's concept: its own, that of the Medication that it refers to, or the reference's display."""
    medication = entry.resource
    concept = medication.get("medicationCodeableConcept") or node(medication.get("medication")).get("concept")
    reference = node(medication.get("medicationReference"))
    if concept is not None or not reference:
        return concept
    target = found.find(text(reference.get("reference")), entry) if text(reference.get("reference")) else None
    if target is not None and target.kind == "Medication" and not target.barred:
        return target.resource.get("code")
    return {"text": reference.get("display")}

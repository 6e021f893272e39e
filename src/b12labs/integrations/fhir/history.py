"""Procedures of the patient, an allergy to B12, and illnesses of relatives.

Procedure, AllergyIntolerance and FamilyMemberHistory. Each is read for the terms that it can mean. Other allergies, and
illnesses that do not run in families, are ignored.
"""

from __future__ import annotations

import re

from b12labs.inputs.context.reported import NOTHING_UNREAD, Told, Unread
from b12labs.inputs.panel import Problem
from b12labs.inputs.vocabulary import exact_term, term_groups
from b12labs.integrations.fhir.bundles import Entry
from b12labs.integrations.fhir.contexts import (
    NotUsed,
    TermHeld,
    first_date,
    has_element,
    in_doubt,
    may_mean_more,
    told_by,
)
from b12labs.integrations.fhir.shapes import Json, code_of, codings, items, names_of, text
from b12labs.reference import context
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["HISTORY_KINDS", "history_of"]

HISTORY_KINDS = frozenset({"Procedure", "AllergyIntolerance", "FamilyMemberHistory"})
_FIELDS = {"Procedure": "risk_factors", "AllergyIntolerance": "diagnoses", "FamilyMemberHistory": "risk_factors"}
#: R5 renamed `performed` to `occurrence`.
_DONE_AT = ("performed", "occurrence")
_DONE, _NOT_DONE = frozenset({"completed", "in-progress"}), frozenset({"not-done", "preparation", "entered-in-error"})
_NO_ALLERGY = frozenset({"refuted", "entered-in-error"})
#: HL7's role codes of relatives by marriage, adoption or choice; longer codes begin or end with these.
_NOT_BY_BLOOD = re.compile(
    r"^(STP|ADOPT|FOSTER|INLAW|HUSB|WIFE|SPS|DOMPART|SIGOTHR|FRND|NBOR|ROOM|ONESELF)|INLAW$"
    r"|\b(husband|wife|spouse|partner|step\w*|adopt\w*|foster|in[ -]law|self)\b",
    re.IGNORECASE,
)
_ALLERGY_OVER = frozenset({"inactive", "resolved"})


def history_of(entry: Entry, site: SiteMapping) -> tuple[TermHeld | None, Problem | None]:
    """Return the terms that a resource gives, or those that it may give and the problem that prevents their use."""
    field = _FIELDS[entry.kind]
    told = _MEANT[entry.kind](entry.resource, site)
    if not told.terms:
        left = told.unread if told.unread.perhaps else NOTHING_UNREAD
        problem = Problem("unknown_term", field, f"{told.why}; not used") if told.why else None
        return in_doubt(field, entry, left), problem
    held = _held(entry, told.terms)
    if isinstance(held, NotUsed):
        left = Unread(perhaps=term_groups(told.terms)) if held.perhaps else NOTHING_UNREAD
        code = "unknown_rules" if entry.barred else "context_not_used"
        return in_doubt(field, entry, left), Problem(code, field, f"{held.why}; not used")
    return TermHeld(told.terms, field, entry.source, *held), None


def _operation(procedure: Json, site: SiteMapping) -> Told:
    return told_by(procedure.get("code"), "risk_factors", site)


def _allergy(allergy: Json, site: SiteMapping) -> Told:
    """Return the allergy to cobalt or cobalamin if the substance is named, a medicine with B12 among them."""
    reactions = [part for part in items(allergy.get("reaction")) if not part.get("modifierExtension")]
    for concept in (allergy.get("code"), *(part.get("substance") for part in reactions)):
        names = [text(name) for name in names_of(concept)]
        named = [term.key for name in names for said in (name, f"{name} allergy") if (term := exact_term(said))]
        if "cobalamin_allergy" in named or "b12_supplement" in told_by(concept, "medicines", site).terms:
            return Told(frozenset({"cobalamin_allergy"}))
    return Told()


def _family(member: Json, site: SiteMapping) -> Told:
    """Return the term of a family history if the relative has an illness that runs in families."""
    relationship = member.get("relationship")
    called = map(text, (*names_of(relationship), *_codes(relationship)))
    if any(_NOT_BY_BLOOD.search(name) for name in called):
        return Told()
    for condition in items(member.get("condition")):
        if condition.get("modifierExtension"):
            continue
        terms = told_by(condition.get("code"), "diagnoses", site).terms
        if "family_history" in terms or "group:runs_in_families" in term_groups(terms):
            return Told(frozenset({"family_history"}))
    return Told()


_MEANT = {"Procedure": _operation, "AllergyIntolerance": _allergy, "FamilyMemberHistory": _family}


def _held(entry: Entry, terms: frozenset[str]) -> tuple[str, str] | NotUsed:
    """Return the beginning and end of terms, or why they are not used."""
    if entry.barred:
        return NotUsed(f"{entry.barred} may change its meaning", perhaps=may_mean_more(entry))
    if entry.kind == "AllergyIntolerance":
        return _allergic(entry.resource)
    status = code_of(entry.resource.get("status"))
    if status in _NOT_DONE or entry.resource.get("notDone") is True:
        return NotUsed("its status says that it was not done or was entered in error")
    if entry.kind == "FamilyMemberHistory":
        unknown = NotUsed("the relative's health is not known", perhaps=True)
        return unknown if status == "health-unknown" else ("", "")
    if status not in _DONE:
        return NotUsed("its status does not say that it was done", perhaps=True)
    return _done(entry.resource, terms)


def _allergic(allergy: Json) -> tuple[str, str] | NotUsed:
    verified, clinical = (_codes(allergy.get(f"{name}Status")) for name in ("verification", "clinical"))
    if (verified | _codes(allergy.get("status"))) & _NO_ALLERGY or clinical & _ALLERGY_OVER:
        return NotUsed("the allergy is refuted or over")
    confirmed = not allergy.get("verificationStatus") or verified == {"confirmed"}
    return ("", "") if confirmed else NotUsed("the allergy is not confirmed", perhaps=True)


def _codes(concept: object) -> frozenset[str]:
    """Return the codes of a status: a concept, or in STU3 a code."""
    codes = (code_of(concept), *(text(coding.get("code")) for coding in codings(concept)))
    return frozenset(filter(None, codes))


def _done(procedure: Json, terms: frozenset[str]) -> tuple[str, str] | NotUsed:
    """Return when a procedure applies: an operation from its day on, and a treatment while it is given."""
    start = next(filter(None, (first_date(procedure, name) for name in _DONE_AT)), "")
    dated = any(has_element(procedure, name) for name in _DONE_AT)
    if all("operation" in context().terms[key].groups for key in terms) and (start or not dated):
        return start, ""
    if not start:
        return NotUsed("its date is not given", perhaps=True)
    return start, next(filter(None, (first_date(procedure, name, "end") for name in _DONE_AT)), start)

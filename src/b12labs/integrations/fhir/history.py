"""What was done to the patient, an allergy to B12, and illnesses of relatives.

Procedure, AllergyIntolerance and FamilyMemberHistory. Each counts for the terms that it can mean. An allergy to
something else and an illness that does not run in families are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from b12labs.inputs.context.reported import NOTHING_UNREAD, Told, Unread
from b12labs.inputs.panel import Problem
from b12labs.inputs.vocabulary import exact_term, term_groups
from b12labs.integrations.fhir.bundles import Entry
from b12labs.integrations.fhir.contexts import TermHeld, date_of, told_by
from b12labs.integrations.fhir.shapes import Json, code_of, codings, items, names_of, node, text
from b12labs.reference import context
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["HISTORY_KINDS", "history_of"]

HISTORY_KINDS = frozenset({"Procedure", "AllergyIntolerance", "FamilyMemberHistory"})
_FIELDS = {"Procedure": "risk_factors", "AllergyIntolerance": "diagnoses", "FamilyMemberHistory": "risk_factors"}
#: R5 renamed `performed` to `occurrence`.
_DONE_AT = ("performed", "occurrence")
_DONE, _NOT_DONE = frozenset({"completed", "in-progress"}), frozenset({"not-done", "preparation", "entered-in-error"})
_NO_ALLERGY = frozenset({"refuted", "entered-in-error"})
#: Relatives by marriage, adoption or choice, of HL7's codes of roles; the codes of others begin or end as these do.
_NOT_BY_BLOOD = re.compile(
    r"(STP|ADOPT|FOSTER|INLAW|HUSB|WIFE|SPS|DOMPART|SIGOTHR|FRND|NBOR|ROOM|ONESELF).*|.*INLAW"
    r"|.*\b(husband|wife|spouse|partner|step\w*|adopt\w*|foster|in[ -]law|self)\b.*",
    re.IGNORECASE,
)
_ALLERGY_OVER = frozenset({"inactive", "resolved"})


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Why a resource does not count; `perhaps` if it may."""

    why: str
    perhaps: bool = False


def history_of(entry: Entry, site: SiteMapping) -> tuple[TermHeld | None, Problem | None]:
    """Return the terms that a resource gives, or the terms that it may give, and why they are not used."""
    field, resource = _FIELDS[entry.kind], entry.resource
    told = _MEANT[entry.kind](resource, site)
    if not told.terms:
        left = told.unread if told.unread.perhaps else NOTHING_UNREAD
        held = TermHeld(frozenset(), field, entry.source, unread=left) if left else None
        return held, Problem("unknown_term", field, f"{told.why}; not used") if told.why else None
    doubt = _doubt(entry)
    when = _when(resource, told.terms) if entry.kind == "Procedure" and doubt is None else ("", "")
    if isinstance(when, _Doubt):
        doubt, when = when, ("", "")
    if doubt is None:
        return TermHeld(told.terms, field, entry.source, *when), None
    in_doubt = Unread(perhaps=term_groups(told.terms))
    perhaps = TermHeld(frozenset(), field, entry.source, unread=in_doubt) if doubt.perhaps else None
    return perhaps, Problem("unknown_rules" if entry.barred else "context_not_used", field, f"{doubt.why}; not used")


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
    """Return the family history if the relative has an illness that counts as one."""
    relationship = member.get("relationship")
    called = [*names_of(relationship), *(text(coding.get("code")) for coding in codings(relationship))]
    if any(_NOT_BY_BLOOD.fullmatch(text(name)) for name in called):
        return Told()
    for condition in items(member.get("condition")):
        if condition.get("modifierExtension"):
            continue
        terms = told_by(condition.get("code"), "diagnoses", site).terms
        if "family_history" in terms or "group:runs_in_families" in term_groups(terms):
            return Told(frozenset({"family_history"}))
    return Told()


_MEANT = {"Procedure": _operation, "AllergyIntolerance": _allergy, "FamilyMemberHistory": _family}


def _doubt(entry: Entry) -> _Doubt | None:
    """Return why a resource does not count, by what bars it and by its status."""
    resource, status = entry.resource, code_of(entry.resource.get("status"))
    if entry.barred:
        in_doubt = entry.barred in ("implicitRules", "modifierExtension")
        return _Doubt(f"{entry.barred} may change what it means", perhaps=in_doubt)
    if entry.kind == "AllergyIntolerance":
        verified, clinical = (_codes(resource.get(f"{name}Status")) for name in ("verification", "clinical"))
        if status in _NO_ALLERGY or verified & _NO_ALLERGY or clinical & _ALLERGY_OVER:
            return _Doubt("the allergy is refuted or over")
        confirmed = not resource.get("verificationStatus") or verified - {""} == {"confirmed"}
        return None if confirmed else _Doubt("the allergy is not confirmed", perhaps=True)
    if status in _NOT_DONE or resource.get("notDone") is True:
        return _Doubt("its status says that it was not done or was entered in error")
    if status == "health-unknown":
        return _Doubt("the relative's health is not known", perhaps=True)
    if entry.kind == "Procedure" and status not in _DONE:
        return _Doubt("its status does not say that it was done", perhaps=True)
    return None


def _codes(concept: object) -> frozenset[str]:
    """Return the codes of a status: a concept, or in STU3 a code."""
    return frozenset({code_of(concept), *(text(coding.get("code")) for coding in codings(concept))})


def _when(procedure: Json, terms: frozenset[str]) -> tuple[str, str] | _Doubt:
    """Return when it began to count and ended; an operation lasts, and a treatment counts while it is given."""
    periods = [node(procedure.get(f"{name}Period")) for name in _DONE_AT]
    days = [date_of(procedure.get(f"{name}DateTime")) for name in _DONE_AT]
    start = next(filter(None, (*days, *(date_of(period.get("start")) for period in periods))), "")
    dated = any(name.startswith(_DONE_AT) for name in procedure)
    if all("operation" in context().terms[key].groups for key in terms) and (start or not dated):
        return start, ""
    if not start:
        return _Doubt("when it was done is not said", perhaps=True)
    return start, next(filter(None, (date_of(period.get("end")) for period in periods)), start)

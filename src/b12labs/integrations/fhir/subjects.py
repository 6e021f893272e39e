"""The patient of each resource: makes references comparable, and refuses a patient other than the one asked for."""

from __future__ import annotations

import re

from b12labs.errors import PanelError
from b12labs.integrations.fhir.bundles import Collected, Entry
from b12labs.integrations.fhir.shapes import items, node, text

__all__ = ["Subjects"]

_PATIENT = re.compile(r"(?:(?P<base>[a-z]+:.*)/)?(?P<name>Patient/[A-Za-z0-9.-]{1,64})(?:/_history/.*)?")
#: A server's address and `Patient/id`; a reference to no server has no address.
Key = tuple[str, str]
#: A subject that is not a patient.
_OTHER = ("", "")


class Subjects:
    """Finds the patient of every entry.

    Patients are named `Patient/id`. If the data has resources of more than one server, the server's address comes
    first: equal ids on two servers are two patients.
    """

    def __init__(self, found: Collected) -> None:
        self._found = found
        self._keys: dict[tuple[str, str], Key] = {}
        self._by_identifier: dict[tuple[str, str], Key | None] | None = None
        of = [self._key(entry) for entry in found.entries]
        #: The patients that another one has replaced, by their records.
        self.replaced = self._replacements()
        self._of = [self._now(key) if key is not None else None for key in of]
        self._several = len({key[0] for key in self._of if key and key[0]}) > 1

    def of_entries(self) -> list[str]:
        """Return the name of the patient of every entry, blank if there is none."""
        return [self._name(key) if key else "" for key in self._of]

    def require(self, patient: str) -> None:
        """Raise `PanelError` if any resource is of another patient.

        Resources without a patient are accepted.
        """
        match = _PATIENT.fullmatch(patient) or _PATIENT.fullmatch(f"Patient/{patient}")
        asked: Key = (match["base"] or "", match["name"]) if match else ("", patient)
        there = {key for key in self._of if key is not None}
        same = all(name == asked[1] and base in ("", asked[0] or base) for base, name in there)
        if not same or len({base for base, _ in there if base}) > 1:
            message = "patient: expected resources of this patient only, got one of another patient; nothing was read"
            raise PanelError(message, code="wrong_patient", field="patient")

    def _name(self, key: Key) -> str:
        return f"{key[0]}/{key[1]}" if key[0] and self._several else key[1]

    def _key(self, entry: Entry) -> Key | None:
        """Return the key of a resource's patient, or None if the resource names none."""
        resource = entry.resource
        if entry.kind == "Patient":
            return self._own(entry)
        subject = resource.get("subject") or resource.get("patient")
        if not isinstance(subject, dict):
            return self._key(entry.within) if entry.within is not None else None
        reference = subject.get("reference")
        if not isinstance(reference, str):
            return self._identified(subject)
        if reference.startswith("#"):
            target = self._found.find(reference, entry)
            return self._own(target) if target is not None and target.kind == "Patient" else _OTHER
        known = self._keys.get((entry.base, reference))
        if known is None:
            known = self._keys[entry.base, reference] = self._referred(reference, entry)
        return known

    def _referred(self, reference: str, entry: Entry) -> Key:
        target = self._found.find(reference, entry)
        if target is not None:
            return self._own(target) if target.kind == "Patient" else _OTHER
        match = _PATIENT.fullmatch(reference)
        if match:
            return match["base"] or entry.base, match["name"]
        return ("", reference) if reference.startswith("urn:") else _OTHER

    def _own(self, patient: Entry) -> Key:
        """Return the key of a Patient; a contained one is known by an identifier, as its id is only local."""
        identifiers = items(patient.resource.get("identifier")) if patient.within is not None else []
        known = (self._identified({"identifier": identifier}) for identifier in identifiers)
        return next((key for key in known if key is not None), (patient.base, patient.source))

    def _replacements(self) -> dict[Key, Key]:
        """Return, by Patient, the one that replaced it."""
        replaced: dict[Key, Key] = {}
        for entry in self._found.entries:
            for link in items(entry.resource.get("link")) if entry.kind == "Patient" and not entry.barred else ():
                reference = node(link.get("other")).get("reference")
                if isinstance(reference, str) and link.get("type") in ("replaced-by", "replaces"):
                    one, other = self._own(entry), self._referred(reference, entry)
                    replaced.update({one: other} if link["type"] == "replaced-by" else {other: one})
        return replaced

    def _now(self, key: Key) -> Key:
        """Return the patient that replaced a patient in the end; patients that replace each other in a circle stay."""
        seen = [key]
        while (other := self.replaced.get(seen[-1])) is not None:
            if other in seen:
                return key
            seen.append(other)
        return seen[-1]

    def is_replaced(self, entry: Entry) -> bool:
        """Return whether another Patient has replaced this one."""
        return entry.kind == "Patient" and self._now(self._own(entry)) != self._own(entry)

    def _identified(self, subject: object) -> Key | None:
        """Return the patient that only an identifier names: the Patient in the data with it, or the identifier."""
        identifier = node(node(subject).get("identifier"))
        named = (text(identifier.get("system")), text(identifier.get("value")))
        if not named[1]:
            return None
        if text(node(subject).get("type")) not in ("", "Patient"):
            return _OTHER
        if self._by_identifier is None:
            self._by_identifier = self._identifiers()
        return self._by_identifier.get(named) or ("", "|".join(named))

    def _identifiers(self) -> dict[tuple[str, str], Key | None]:
        """Return the patient of each identifier, or None if several patients share it."""
        whose: dict[tuple[str, str], Key | None] = {}
        for entry in self._found.entries:
            if entry.kind == "Patient" and entry.within is None:
                own = self._own(entry)
                for one in items(entry.resource.get("identifier")):
                    named = text(one.get("system")), text(one.get("value"))
                    whose[named] = own if whose.get(named, own) == own else None
        return whose

"""Cards: the findings, their basis, and the options. No card orders anything, and none is `critical`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from b12labs.integrations.cds_hooks import detail
from b12labs.integrations.cds_hooks.detail import Data
from b12labs.integrations.cds_hooks.markdown import fits, one_line
from b12labs.integrations.cds_hooks.prefetch import BLOOD
from b12labs.patient.interpretation import Interpretation
from b12labs.provenance.model import Provenance
from b12labs.reasoning.compiled import B12_MARKERS
from b12labs.reference import Guideline, analytes, sources

if TYPE_CHECKING:
    from b12labs.integrations.lab_results import Draw

__all__ = ["MOST_CARDS", "OVERRIDE_REASONS", "Assessed", "Maker", "result_card", "summary", "unused_card"]

#: The specification says "under 140 characters".
SUMMARY = 139
MOST_CARDS = 5
MOST_SUGGESTIONS = 5
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, "b12labs card")
TOPIC = {"system": "urn:b12labs:topic", "code": "vitamin-b12", "display": "Vitamin B12"}
HEADLINES = {
    "deficient": "Results fit vitamin B12 deficiency",
    "functional_deficiency": "Results fit a functional vitamin B12 deficiency",
    "indeterminate": "Results leave vitamin B12 deficiency open",
    "deficiency_unlikely": "Results make vitamin B12 deficiency unlikely",
    "not_assessed": "Vitamin B12 is not assessed",
}
_URGENCIES = {"emergency": "Emergency: ", "urgent": "Urgent: "}
#: Reasons for which clinicians override a recommendation: codes of HL7 (CDS Hooks 3.0) with their displays.
_REASONS = {
    "action-completed": "Recommended action was already completed",
    "indication-order-exists": "Patient has indication/order for intended action",
    "patient-ineligible": "Patient does not meet eligibility for recommended action",
    "recipient-disagrees-evidence": "Recipient disagrees with recommendation because of issues with the evidence",
    "cds-suboptimal-context": "PC CDS delivered in suboptimal context",
}
OVERRIDE_REASONS = [
    {"system": "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes", "code": code, "display": display}
    for code, display in _REASONS.items()
]


@dataclass(frozen=True, slots=True)
class Assessed:
    """One draw and its interpretation."""

    draw: Draw
    result: Interpretation


@dataclass(frozen=True, slots=True)
class Maker:
    """The parts that all cards of one request share."""

    hook_instance: str
    service: str
    patient: str
    guideline: Guideline
    made_with: Provenance
    data: Data

    def card(self, about: str, line: str, indicator: str, text: str, tests: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return a card; `about` names it within the request, so that a repeated request gives the same identifiers."""
        source = sources()[self.guideline.source]
        card: dict[str, Any] = {
            "uuid": self._id(about),
            "summary": line,
            "detail": text,
            "indicator": indicator,
            "source": {
                "label": f"{self.made_with}, by {source.short}",
                "topic": TOPIC,
                "extension": {"b12labs-provenance": self.made_with.model_dump(mode="json")},
                **({"url": source.url} if source.url else {}),
            },
            "overrideReasons": OVERRIDE_REASONS,
        }
        suggestions = [self._suggestion(about, key) for key in self._to_suggest(tests)]
        if suggestions:
            card["suggestions"] = suggestions
            card["selectionBehavior"] = "any"
        return card

    def _to_suggest(self, tests: tuple[str, ...]) -> list[str]:
        """Return the tests to propose.

        A test is not proposed if its result may be in data that was not received, if a result was sent (used or
        not), or if it has no code.
        """
        if self.data.incomplete:
            return []
        if BLOOD in self.data.missing:
            tests = tuple(key for key in tests if key in B12_MARKERS)
        sent = {*self.data.elsewhere, *(key for key, _ in self.data.unused)}
        return [key for key in tests if key not in sent and analytes()[key].loinc][:MOST_SUGGESTIONS]

    def _id(self, *about: str) -> str:
        return str(uuid.uuid5(_NAMESPACE, "|".join((self.hook_instance, self.service, self.patient, *about))))

    def _suggestion(self, about: str, key: str) -> dict[str, Any]:
        analyte = analytes()[key]
        request = {
            "resourceType": "ServiceRequest",
            "status": "draft",
            "intent": "proposal",
            "code": {"coding": [{"system": "http://loinc.org", "code": analyte.loinc[0]}], "text": analyte.name},
            "subject": {"reference": f"Patient/{self.patient}"},
        }
        return {
            "label": f"Draft a request: {analyte.label}",
            "uuid": self._id(about, key),
            "actions": [
                {
                    "type": "create",
                    "description": f"Draft a request for {analyte.name}, for a clinician to decide",
                    "resource": request,
                }
            ],
        }


def result_card(assessed: Assessed, maker: Maker) -> dict[str, Any] | None:
    """Return the card of a draw, or None if nothing in it needs attention."""
    result, draw = assessed.result, assessed.draw
    microangiopathy = result.findings["thrombotic_microangiopathy_pattern"]
    if not microangiopathy.state and result.status in ("deficiency_unlikely", "not_assessed"):
        return None
    head = microangiopathy.statement.partition(".")[0] if microangiopathy.state else HEADLINES[result.status]
    urgency = _URGENCIES.get(result.urgency, "")
    line = summary(f"{urgency}{head[0].lower()}{head[1:]}" if urgency else head, assessed, maker.data)
    about = f"results|{draw.time}|{'|'.join(sorted(draw.sources.values()))}"
    indicator = "info" if result.urgency == "routine" else "warning"
    return maker.card(
        about,
        line,
        indicator,
        detail.of_results(result, draw, maker.data),
        tuple(test.analyte for test in result.next_tests),
    )


def unused_card(maker: Maker) -> dict[str, Any] | None:
    """Return the card of B12 results that were sent and could not be used, or None if there are none.

    Silence would pass for a normal result.
    """
    unused = maker.data.unused
    if not unused:
        return None
    labels = ", ".join(analytes()[key].label for key in dict.fromkeys(key for key, _ in unused))
    were = (
        "A result of a marker of B12 status was"
        if len(unused) == 1
        else f"{len(unused)} results of markers of B12 status were"
    )
    text = detail.joined(
        detail.problems(detail.of_markers(maker.data)), detail.closing(maker.data, maker.guideline.title)
    )
    return maker.card("unused", f"{were} sent and could not be used: {labels}", "info", text)


def summary(head: str, assessed: Assessed, data: Data) -> str:
    """Return a card's summary: one line with as many markers' values as fit; no value is cut off."""
    day = one_line(assessed.draw.time[:10])
    line = f"{head} ({day})" if day else head
    join = ": "
    for key in B12_MARKERS:
        given = assessed.result.results.get(key)
        if given is None:
            continue
        preliminary = " (preliminary)" if detail.is_preliminary(key, assessed.draw, data) else ""
        longer = f"{line}{join}{given.label} {one_line(given.given)}{preliminary}"
        if fits(longer, SUMMARY):
            line, join = longer, ", "
    return line

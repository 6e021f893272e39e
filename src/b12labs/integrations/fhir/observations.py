"""An Observation read into results as the laboratory printed them: its own value, and one for each component."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from b12labs.inputs.panel import Problem
from b12labs.inputs.specimens import find_specimen, specimen_text
from b12labs.integrations.fhir.bundles import Collected, Entry
from b12labs.integrations.fhir.ranges import reference_ends
from b12labs.integrations.fhir.shapes import Json, codings, items, names_of, node, text, unknown_rules
from b12labs.integrations.fhir.values import NO_VALUE, flag_of, value_of
from b12labs.integrations.lab_results import LabResult, OtherTests, which_test
from b12labs.integrations.lost_markers import Sent
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["STATUSES", "ObservationReader", "effective"]

STATUSES = ("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown")
#: Statuses under which a value is not reliable, if there is one.
_NO_VALUE_YET = frozenset({"registered", "unknown"})
#: Distinguishes a specimen from a number on its tube.
_SPECIMEN = re.compile(
    r"blood|serum|plasma|urin|csf|fluid|saliva|stool|feces|faeces|sweat|marrow|tissue|semen|milk|swab|biopsy",
    re.IGNORECASE,
)
#: The unit within a value in text: `<150 pg/mL`.
_STATED = re.compile(r"\D*[\d.,]+\s*(.*)", re.ASCII)

Who = Callable[[str, str], tuple[str, float | None]]


class ObservationReader:
    """Reads Observations into `results`, with `problems` of those that are not read and `notes` on the others.

    `who` returns a patient's sex and age (in years) at a time.
    """

    def __init__(self, found: Collected, mapping: SiteMapping, who: Who) -> None:
        self._found, self._mapping, self._who = found, mapping, who
        self._others = OtherTests(mapping)
        self._by_code: dict[tuple[Any, ...], tuple[str, ...]] = {}
        self.results: list[LabResult] = []
        #: By source, every result that was sent, read or not.
        self.sent: dict[str, Sent] = {}
        self.problems: list[tuple[str, Problem]] = []
        self.notes: list[tuple[str, Problem]] = []

    def read(self, entry: Entry, patient: str, reported: str = "") -> None:
        """Read an Observation of a patient.

        `reported` is the time of its report, used if the Observation has none.
        """
        observation, source = entry.resource, entry.source
        tests = self._tests(observation.get("code"))
        self.sent[source] = Sent(patient, effective(observation) or reported, tests)
        grouped = bool(observation.get("component") or observation.get("hasMember"))
        if not grouped and (other := self._others.problem(tests)) is not None:
            self.problems.append((source, other))
            return
        status, fault = self._status(entry)
        if fault is not None:
            self.problems.append((source, fault))
            return
        time, specimen = self._time(entry) or reported, self._specimen(entry)
        value = value_of(observation)
        of = (patient, time, status, specimen)
        components = self._with_parents_flag(observation, tests) if value is NO_VALUE else None
        if components is None:
            if value is not NO_VALUE or flag_of(observation.get("interpretation")) or not grouped:
                self._result(observation, tests, source, value, of)
            components = observation.get("component")
        if "component" in observation:
            self._components(components, source, of)

    def _with_parents_flag(self, observation: Json, tests: tuple[str, ...]) -> list[Json] | None:
        """Return the components if one of them holds the Observation's value, and give that one its flag and range.

        By the rules of FHIR (obs-7), only one of the two may hold a value under the Observation's own code.
        """
        components = items(observation.get("component"))
        same = [
            part for part in components if self._tests(part.get("code")) == tests and value_of(part) is not NO_VALUE
        ]
        if len(same) != 1 or len(components) != len(observation["component"]):
            return None
        said = {name: observation[name] for name in ("interpretation", "referenceRange") if observation.get(name)}
        return [{**said, **part} if part is same[0] else part for part in components]

    def _components(self, components: Any, source: str, of: tuple[str, str, str, str]) -> None:
        if not isinstance(components, list):
            self.problems.append((source, Problem("unreadable_value", "component", "expected a list of components")))
            return
        for number, component in enumerate(components):
            place = f"{source}.component[{number}]"
            self.sent[place] = Sent(of[0], of[1], self._tests(node(component).get("code")))
            if unknown_rules(node(component)):
                self.problems.append((place, _barred(unknown_rules(component))))
            else:
                self._result(
                    node(component), self._tests(node(component).get("code")), place, value_of(node(component)), of
                )

    def _status(self, entry: Entry) -> tuple[str, Problem | None]:
        """Return an Observation's status, or the problem that prevents its use."""
        observation = entry.resource
        status = observation.get("status")
        if entry.barred:
            return "", _barred(entry.barred)
        if not isinstance(status, str) or status not in STATUSES:
            return "", Problem("unknown_status", "status", f"expected one of {', '.join(STATUSES)}; not used")
        if status in _NO_VALUE_YET:
            return "", Problem("no_result", "status", f"the status is {status}: there is no usable result")
        if observation.get("focus"):
            return "", Problem(
                "other_focus", "focus", "the result is about someone or something other than the patient; not used"
            )
        return status, None

    def _result(
        self,
        part: Json,
        tests: tuple[str, ...],
        source: str,
        value: tuple[str, str] | Problem,
        of: tuple[str, str, str, str],
    ) -> None:
        """Add the result of an Observation or component."""
        patient, time, status, specimen = of
        flag = flag_of(part.get("interpretation"))
        if isinstance(value, Problem):
            if value is not NO_VALUE or not flag:
                self.problems.append((source, value))
                return
            value = ("", "")
        said, unit = value
        ranges = part.get("referenceRange")
        low = high = ""
        if ranges:
            own = unit or ((stated := _STATED.fullmatch(said)) and stated[1]) or ""
            low, high, fault = reference_ends(ranges, own, *self._who(patient, time))
            if fault is not None:
                self.notes.append((source, fault))
        self.results.append(LabResult(patient, time, tests, said, unit, flag, low, high, status, specimen, source))

    def _tests(self, code: Any) -> tuple[str, ...]:
        """Return the codes and names of the test, cached: a laboratory repeats the same few tests."""
        try:
            key = (
                code.get("text"),
                *[(coding.get("system"), coding.get("code"), coding.get("display")) for coding in code["coding"]],
            )
            known = self._by_code.get(key)
        except (AttributeError, KeyError, TypeError):  # not a concept whose codings are texts
            return self._test(code)
        if known is None:
            known = self._by_code[key] = self._test(code)
        return known

    def _test(self, code: Any) -> tuple[str, ...]:
        coded = [(text(coding.get("code")), text(coding.get("system"))) for coding in codings(code)]
        return which_test(coded=coded, names=names_of(code), mapping=self._mapping)

    def _time(self, entry: Entry) -> str:
        """Return the time at which the specimen was taken, blank if it is not known.

        It comes from the Observation, its specimen, or the resource that contains it. It is never the time of release.
        """
        time = effective(entry.resource)
        if time:
            return time
        specimen = self._specimen_entry(entry)
        if specimen is not None:
            collection = node(specimen.resource.get("collection"))
            time = text(collection.get("collectedDateTime")) or _start(collection.get("collectedPeriod"))
        return time or (effective(entry.within.resource) if entry.within is not None else "")

    def _specimen_entry(self, entry: Entry) -> Entry | None:
        reference = node(entry.resource.get("specimen")).get("reference")
        return self._found.find(reference, entry) if isinstance(reference, str) else None

    def _specimen(self, entry: Entry) -> str:
        given = entry.resource.get("specimen")
        said = self._stated_specimen(entry, given) if given else ""
        if said or not (site := entry.resource.get("bodySite")):
            return said
        # A site may be urine or spinal fluid; an arm or a vein does not identify the specimen.
        told = self._material(site)
        return told if find_specimen(told) != "unknown" else ""

    def _material(self, concept: Any) -> str:
        """Return the specimen that a concept names: by the site's mapping, by its codes, or by its words."""
        coded = [(text(coding.get("system")), text(coding.get("code"))) for coding in codings(concept)]
        told = self._mapping.said_of("specimen", [*(code for _, code in coded), *names_of(concept)])
        return told if told is not None else specimen_text(next(iter(names_of(concept)), ""), coded)

    def _stated_specimen(self, entry: Entry, given: Any) -> str:
        specimen = self._specimen_entry(entry)
        if specimen is not None and (kind := specimen.resource.get("type")):
            return self._material(kind)
        display = text(node(given).get("display"))
        if (told := self._mapping.said_of("specimen", [display])) is not None:
            return told
        return specimen_text(display) if _SPECIMEN.search(display) or find_specimen(display) != "unknown" else ""


def _barred(why: str) -> Problem:
    if why in ("implicitRules", "modifierExtension"):
        return Problem("unknown_rules", why, f"{why} is not known, and may change the meaning; not used")
    return Problem("withdrawn_result", "status", f"{why}; never used")


def effective(resource: Json) -> str:
    """Return the time that an Observation or a report is about; for a period, its start."""
    return (
        text(resource.get("effectiveDateTime"))
        or text(resource.get("effectiveInstant"))
        or _start(resource.get("effectivePeriod"))
        or _only_event(resource.get("effectiveTiming"))
    )


def _only_event(timing: Any) -> str:
    """Return the time of a timing with one event, blank if it has several."""
    events = node(timing).get("event")
    return text(events[0]) if isinstance(events, list) and len(events) == 1 else ""


def _start(period: Any) -> str:
    return text(node(period).get("start")) or text(node(period).get("end"))

"""Reading of FHIR R4 resources into draws, each with a panel to interpret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

from b12labs.errors import B12LabsError
from b12labs.inputs.ages import read_age
from b12labs.inputs.context.reported import NOTHING_UNREAD
from b12labs.inputs.panel import Problem, add_context
from b12labs.integrations.fhir.bundles import Collected, Entry, collect
from b12labs.integrations.fhir.contexts import (
    CONTEXT_KINDS,
    UNREAD_MEDICINES,
    TermHeld,
    context_of,
    unread_medicine,
    who_is,
)
from b12labs.integrations.fhir.history import HISTORY_KINDS, history_of
from b12labs.integrations.fhir.observations import ObservationReader, effective
from b12labs.integrations.fhir.shapes import Json, code_of, items, node, references
from b12labs.integrations.fhir.subjects import Subjects
from b12labs.integrations.fhir.versions import current
from b12labs.integrations.lab_results import Draw, PatientContext, Reading, age_at, draws_of
from b12labs.integrations.lost_markers import with_lost_markers
from b12labs.reference import context
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["read"]

_WITHDRAWN = frozenset({"entered-in-error", "cancelled"})
#: The resources that group results, and the elements that name them.
_GROUPS = {"DiagnosticReport": "result", "Observation": "hasMember"}
_READ = frozenset({"Observation", "Patient", "DiagnosticReport", *CONTEXT_KINDS, *HISTORY_KINDS})
_UNREAD = frozenset({*UNREAD_MEDICINES, "Parameters"})


def read(
    resources: Json | Iterable[Json],
    *,
    patient: str | None = None,
    window_hours: float | None = None,
    mapping: SiteMapping | str | Path | None = None,
    use_preliminary: bool = False,
) -> Reading:
    """Read FHIR R4 resources into draws; docs/ehr.md lists the elements that are read.

    Parameters
    ----------
    resources
        A resource or several, as dicts: Bundles of any type, Observation, DiagnosticReport, Patient, Condition,
        MedicationStatement, MedicationRequest, Medication, Procedure, AllergyIntolerance, FamilyMemberHistory,
        Specimen. Others are ignored. `read_json` keeps the digits of their numbers.
    patient
        The patient to whom all data must belong, as `Patient/123` or `123`.
    window_hours, mapping, use_preliminary
        As in `draws_of`.

    Every result is in a draw, or in `problems` with its source. Nothing is fetched. The reading is `incomplete` if a
    page is missing, if a result that is referred to is missing, or if the server reported an error.

    Raises `PanelError`: `wrong_patient` if a resource is of another patient than `patient`, `not_a_resource` if
    `resources` are not resources.

    >>> from b12labs import interpret
    >>> reading = read({
    ...     "resourceType": "Observation", "id": "1", "status": "final", "subject": {"reference": "Patient/7"},
    ...     "effectiveDateTime": "2024-03-01", "code": {"coding": [{"system": "http://loinc.org", "code": "2132-9"}]},
    ...     "valueQuantity": {"value": 145, "system": "http://unitsofmeasure.org", "code": "pg/mL"},
    ... })
    >>> interpret(reading.draws[0].panel).status
    'deficient'
    >>> reading.draws[0].sources
    {'b12': 'Observation/1'}

    """
    found, site = collect(resources), as_mapping(mapping)
    subjects = Subjects(found)
    if patient is not None:
        subjects.require(patient)
    names = {id(entry): name for entry, name in zip(found.entries, subjects.of_entries(), strict=True)}
    entries, replaced = current(found, (entry for entry in found.entries if entry.kind in _READ))
    problems = [*found.problems, *replaced]
    problems += [
        (entry.source, Problem("not_read", entry.kind, f"{entry.kind} is not read"))
        for entry in found.entries
        if entry.kind in _UNREAD
    ]
    _withdraw_groups(found, entries, problems)
    _inherit_patients(found, entries, names)
    _bar_specimens_of_others(found, entries, names)
    _bar_results_of_others(found, entries, names)
    former = [entry for entry in entries if subjects.is_replaced(entry)]
    people = _people([entry for entry in entries if not subjects.is_replaced(entry)], names, problems)
    terms = _terms(found, entries, names, problems, site)
    times, missing = _members(found, entries, names)
    reader = ObservationReader(found, site, lambda name, time: _sex_and_age(people.get(name), time))
    for entry in entries:
        if entry.kind == "Observation":
            reader.read(entry, names[id(entry)], times.get(id(entry), ""))
    # Entries come in any order; the order must not decide anything.
    results = sorted(reader.results, key=_place)
    read = draws_of(results, context=people, window_hours=window_hours, mapping=site, use_preliminary=use_preliminary)
    reading = Reading(
        tuple(_with_terms(draw, terms.get(draw.patient, ())) for draw in read.draws),
        (*problems, *reader.problems, *missing, *read.problems),
        (*reader.notes, *read.notes, *(_replaced_note(entry, names) for entry in former)),
        found.incomplete or bool(missing),
    )
    return with_lost_markers(reading, reader.sent, site)


_place = attrgetter("patient", "time", "source", "value", "unit")


def _withdraw_groups(found: Collected, entries: list[Entry], problems: list[tuple[str, Problem]]) -> None:
    """Bar results that only withdrawn reports or groups name, and report the content of reports that is not read."""
    standing: list[Entry] = []
    withdrawn: list[Entry] = []
    for entry in entries:
        if _is_withdrawn(entry) and entry.kind in _GROUPS:
            withdrawn += [*_targets(found, entry), *(entry.contained or {}).values()]
        elif entry.kind == "DiagnosticReport":
            standing += _targets(found, entry)
        if entry.barred and entry.kind == "DiagnosticReport":
            problems.append(
                (
                    entry.source,
                    Problem("unknown_rules", entry.barred, "content of the report besides its results is not read"),
                )
            )
    if not withdrawn:
        return
    kept = _with_members(found, standing)
    for key, target in _with_members(found, withdrawn).items():
        if key not in kept:
            target.barred = target.barred or "its report or group was entered in error or canceled"


def _bar_specimens_of_others(found: Collected, entries: list[Entry], names: dict[int, str]) -> None:
    for entry in entries:
        reference = node(entry.resource.get("specimen")).get("reference") if entry.kind == "Observation" else None
        specimen = found.find(reference, entry) if isinstance(reference, str) else None
        if specimen is not None and names[id(specimen)] not in ("", names[id(entry)]):
            entry.barred = entry.barred or "its specimen belongs to another patient"


def _replaced_note(entry: Entry, names: dict[int, str]) -> tuple[str, Problem]:
    why = f"{entry.source} was replaced by {names[id(entry)]}; its results belong to that patient"
    return entry.source, Problem("replaced_patient", "patient", why)


def _inherit_patients(found: Collected, entries: list[Entry], names: dict[int, str]) -> None:
    """Give results without a patient the patient of the reports that list them, if these agree."""
    of_reports: dict[int, set[str]] = {}
    for entry in entries:
        if entry.kind == "DiagnosticReport" and names[id(entry)] and not _is_withdrawn(entry):
            for target in _targets(found, entry):
                if not names[id(target)]:
                    of_reports.setdefault(id(target), set()).add(names[id(entry)])
    names.update({target: patients.pop() for target, patients in of_reports.items() if len(patients) == 1})


def _bar_results_of_others(found: Collected, entries: list[Entry], names: dict[int, str]) -> None:
    """Bar a result that a report of another patient lists: one of the two is wrong, and it is not known which."""
    for entry in entries:
        if entry.kind == "DiagnosticReport" and names[id(entry)] and not _is_withdrawn(entry):
            for target in _targets(found, entry):
                if names[id(target)] not in ("", names[id(entry)]):
                    target.barred = target.barred or "a report of another patient lists it"


def _is_withdrawn(entry: Entry) -> bool:
    return code_of(entry.resource.get("status")) in _WITHDRAWN


def _targets(found: Collected, entry: Entry) -> list[Entry]:
    """Return the results that a report or a group names."""
    named = entry.resource.get(_GROUPS.get(entry.kind, ""))
    return [target for reference in references(named) if (target := found.find(reference, entry)) is not None]


def _with_members(found: Collected, waiting: list[Entry]) -> dict[int, Entry]:
    """Return results and, at any depth, the members of groups that were not withdrawn."""
    reached: dict[int, Entry] = {}
    while waiting:
        entry = waiting.pop()
        if id(entry) not in reached:
            reached[id(entry)] = entry
            waiting += [] if _is_withdrawn(entry) else _targets(found, entry)
    return reached


def _members(
    found: Collected, entries: list[Entry], names: dict[int, str]
) -> tuple[dict[int, str], list[tuple[str, Problem]]]:
    """Return the times that reports and groups agree on for their results, and the references that the data lack."""
    times: dict[int, str] = {}
    missing: list[tuple[str, Problem]] = []
    for entry in entries:
        name = _GROUPS.get(entry.kind, "")
        if not name or not entry.resource.get(name) or _is_withdrawn(entry):
            continue
        time = effective(entry.resource)
        named = list(references(entry.resource[name]))
        if len(named) < len(items(entry.resource[name])):
            missing.append(
                (
                    entry.source,
                    Problem("not_in_data", name, "it names a result without a reference; the result is not found"),
                )
            )
        for reference in named:
            target = found.find(reference, entry)
            if target is None:
                why = f"{entry.source} refers to this result, which is not in the data"
                missing.append((reference, Problem("not_in_data", name, why)))
            elif time and names[id(entry)] in ("", names[id(target)]):
                times[id(target)] = time if times.get(id(target), time) == time else ""
    return times, missing


def _people(
    entries: list[Entry], names: dict[int, str], problems: list[tuple[str, Problem]]
) -> dict[str, PatientContext]:
    """Return the patients by name; a birth date or sex on which several Patients differ is unknown."""
    people: dict[str, PatientContext] = {}
    for entry in entries:
        if entry.kind == "Patient":
            born, sex, faults = who_is(entry)
            problems += [(entry.source, fault) for fault in faults]
            name = names[id(entry)]
            before = people.get(name)
            if before is not None and (before.birth_date, before.sex) != (born, sex):
                faults.append(
                    Problem(
                        "conflicting_patients",
                        "patient",
                        "several Patients differ in birth date or sex; the one that differs is taken as unknown",
                    )
                )
                problems.append((entry.source, faults[-1]))
                born, sex = (
                    "" if one != other else one for one, other in ((born, before.birth_date), (sex, before.sex))
                )
            people[name] = PatientContext(
                birth_date=born, sex=sex, problems=(*(before.problems if before else ()), *faults)
            )
    return people


def _sex_and_age(who: PatientContext | None, time: str) -> tuple[str, float | None]:
    if who is None:
        return "", None
    age, _ = age_at(who, time)
    try:
        return who.sex, read_age(age)
    except B12LabsError:
        return who.sex, None


def _terms(
    found: Collected,
    entries: list[Entry],
    names: dict[int, str],
    problems: list[tuple[str, Problem]],
    site: SiteMapping,
) -> dict[str, list[TermHeld]]:
    terms: dict[str, list[TermHeld]] = {}
    for entry in entries:
        if entry.kind in HISTORY_KINDS:
            held, fault = history_of(entry, site)
        elif entry.kind in CONTEXT_KINDS:
            held, fault = context_of(found, entry, site)
        else:
            continue
        if held is not None:
            terms.setdefault(names[id(entry)], []).append(held)
        if fault is not None:
            problems.append((entry.source, fault))
    for entry in found.entries:
        if entry.kind in UNREAD_MEDICINES and (left := unread_medicine(found, entry, site)) is not None:
            terms.setdefault(names[id(entry)], []).append(left)
    return terms


def _with_terms(draw: Draw, terms: Iterable[TermHeld]) -> Draw:
    """Return a draw with the context terms that held at its time; the other terms become its problems."""
    at_its_time = [term for term in terms if term.holds(draw.time)]
    held = {key for term in at_its_time for key in term.keys}
    other = {key: term for term in terms for key in term.keys if key not in held}
    unread = sum((term.unread for term in at_its_time), NOTHING_UNREAD)
    if not held and not other and unread == NOTHING_UNREAD:
        return draw
    panel = add_context(draw.panel, held, unread)
    faults = tuple(
        Problem(
            "context_of_another_time",
            term.field,
            f"{term.field}: {key} began after the draw or ended before it; not applied",
        )
        for key, term in sorted(other.items())
    )
    doubts = tuple(
        Problem("context_not_used", term.field, f"{term.field}: {key} may apply; whether or when is not given")
        for term in at_its_time
        if not term.unread.counts
        for key in sorted(term.unread.perhaps & context().terms.keys())
    )
    problems = (*panel.problems, *faults, *dict.fromkeys(doubts))
    return replace(draw, panel=replace(panel, problems=problems), problems=problems)

"""The same result more than once: copies, older versions, deletions, and corrections with their own id.

Copies with the same id and version are one result. If there are several versions of a resource, the newest is used.
Resources with the same business identifier and code are one result and its corrections. The rules of draws choose
between the results of one analyte that remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from b12labs.inputs.panel import Problem
from b12labs.integrations.fhir.bundles import Collected, Entry
from b12labs.integrations.fhir.shapes import Json, code_of, codings, in_error, items, node, text

__all__ = ["current"]

_CORRECTED = frozenset({"amended", "corrected"})
_TWICE = Problem("duplicate_result", "id", "the same resource was sent more than once; used once")
_OLDER = Problem("superseded_result", "meta", "a newer version replaces it")
_REPLACED = Problem("superseded_result", "identifier", "a correction replaces it")
_WITHDRAWN = Problem("withdrawn_result", "identifier", "it was entered in error, or deleted; never used")
_UNDECIDED = Problem(
    "results_in_conflict", "meta", "its versions differ, and it is not known which is the newest; none is used"
)
_LONG_AGO, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def current(found: Collected, entries: Iterable[Entry]) -> tuple[list[Entry], list[tuple[str, Problem]]]:
    """Return the entries that are used, in their order, and the problems of the others.

    Patients and Conditions have versions, too.
    """
    entries = list(entries)
    problems: dict[int, Problem] = {}
    for places in _repeated(((entry.base, entry.source), place) for place, entry in enumerate(entries) if entry.named):
        _newest(entries, places, problems)
    for url, when in found.deleted.items():
        for place, entry in enumerate(entries):
            if url in (entry.source, entry.url) and _updated(entry) <= (_time(when) or _NEVER):
                problems[place] = _WITHDRAWN
    if problems:
        gone = {id(entries[place]): problem for place, problem in problems.items()}
        problems.update(
            {place: gone[id(entry.within)] for place, entry in enumerate(entries) if id(entry.within) in gone}
        )
    for places in _repeated(_identifiers(entries, problems)):
        # An accession number is that of a whole panel: only results of one test are corrections of each other.
        by_code: dict[tuple[str, str], list[int]] = {}
        for place in places:
            for code in _codes(entries[place]):
                by_code.setdefault(code, []).append(place)
        for same in by_code.values():
            _corrections(entries, same, problems)
    kept = [entry for place, entry in enumerate(entries) if place not in problems]
    if problems:
        for entry in kept:
            if entry.within is None:
                found.refer_to(entry)
    return kept, [
        (entries[place].source, problem) for place, problem in sorted(problems.items(), key=lambda one: one[0])
    ]


def _repeated(keys: Iterable[tuple[tuple[str, str], int]]) -> Iterable[list[int]]:
    """Return the places that share a key, for every key with several places; nearly all keys have one place."""
    first: dict[tuple[str, str], int] = {}
    shared: dict[tuple[str, str], list[int]] = {}
    for key, place in keys:
        other = first.setdefault(key, place)
        if other != place:
            shared.setdefault(key, [other]).append(place)
    return shared.values()


def _identifiers(entries: list[Entry], problems: dict[int, Problem]) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield the business identifiers of the remaining Observations, with their places."""
    for place, entry in enumerate(entries):
        if entry.kind == "Observation" and place not in problems:
            for identifier in items(entry.resource.get("identifier")):
                system, value = identifier.get("system"), identifier.get("value")
                if isinstance(system, str) and isinstance(value, str) and value:
                    yield (system, value), place


def _newest(entries: list[Entry], places: list[int], problems: dict[int, Problem]) -> None:
    """Keep the newest version of a resource, by `meta`; keep none if versions differ and `meta` does not decide."""
    resources = [entries[place].resource for place in places]
    if all(_equal(resource, resources[0]) for resource in resources):
        problems.update(dict.fromkeys(places[1:], _TWICE))
        return
    ranks = [_rank(entries[place]) for place in places]
    top = [place for place, rank in zip(places, ranks, strict=True) if rank == max(ranks)]
    if not all(_equal(entries[place].resource, entries[top[0]].resource) for place in top):
        problems.update(dict.fromkeys(places, _UNDECIDED))
        return
    problems.update({place: _TWICE if place in top else _OLDER for place in places if place != top[0]})


def _equal(one: Json, other: Json) -> bool:
    try:
        return one == other
    except RecursionError:  # nested too deep to compare, and to be a resource
        return False


def _rank(entry: Entry) -> tuple[datetime, int]:
    entry = entry.within or entry
    version = text(node(entry.resource.get("meta")).get("versionId"))
    return _updated(entry), int(version) if version.isascii() and version.isdigit() and len(version) < 19 else -1


def _corrections(entries: list[Entry], places: list[int], problems: dict[int, Problem]) -> None:
    """Leave out the results that one with the same identifier and code withdraws or corrects."""
    gone = [_released(entries[place]) for place in places if in_error(entries[place].resource)]
    if _LONG_AGO in gone:  # withdrawn at an unknown time, which may be after any other
        gone = [_NEVER]
    if gone:
        withdrawn = {
            place
            for place in places
            if _released(entries[place]) <= max(gone) and not in_error(entries[place].resource)
        }
        problems.update(dict.fromkeys(withdrawn, _WITHDRAWN))
    corrected = [
        place
        for place in places
        if code_of(entries[place].resource.get("status")) in _CORRECTED and place not in problems
    ]
    if corrected:
        last = max(_released(entries[place]) for place in corrected)
        final = {place for place in corrected if _released(entries[place]) == last}
        others = (
            place
            for place in places
            if place not in final and place not in problems and not in_error(entries[place].resource)
        )
        problems.update(dict.fromkeys(others, _REPLACED))


def _codes(entry: Entry) -> set[tuple[str, str]]:
    code = entry.resource.get("code")
    return {(text(coding.get("system")), text(coding.get("code"))) for coding in codings(code)} or {
        ("", text(node(code).get("text")))
    }


def _updated(entry: Entry) -> datetime:
    return _time(text(node(entry.resource.get("meta")).get("lastUpdated"))) or _LONG_AGO


def _released(entry: Entry) -> datetime:
    return _time(text(entry.resource.get("issued"))) or _updated(entry)


def _time(written: str) -> datetime | None:
    """Return the time of an instant with a zone, or None if the text is not one."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None

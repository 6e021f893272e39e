"""Results of B12 markers that were sent and not used. Silence about them would pass for a normal result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from b12labs.draws.lost_markers import LOST_MARKER, NO_LOSS, lost_marker
from b12labs.inputs.panel import Problem
from b12labs.inputs.tests import near_test, recognize_test
from b12labs.integrations.results import Draw, Reading
from b12labs.reasoning.compiled import B12_MARKERS
from b12labs.site_mapping.mapping import SiteMapping

__all__ = ["Sent", "lost_results", "marker_of", "with_lost_markers"]


@dataclass(frozen=True, slots=True)
class Sent:
    """The patient and time of a result, and the codes and names of its test."""

    patient: str
    time: str
    tests: tuple[str, ...]


def marker_of(texts: Iterable[str], mapping: SiteMapping) -> str | None:
    """Return the B12 marker that the codes and names of a test mean or nearly spell, or None."""
    local = mapping.analytes_by_name()
    keys = (local.get(text.strip().casefold()) or recognize_test(text).analyte or near_test(text) for text in texts)
    return next((key for key in keys if key in B12_MARKERS), None)


def lost_results(reading: Reading) -> list[tuple[str, Problem]]:
    """Return the source and problem of each unused result whose information is lost."""
    used = {source for draw in reading.draws for source in draw.sources.values()}
    return [
        (source, problem) for source, problem in reading.problems if source not in used and problem.code not in NO_LOSS
    ]


def with_lost_markers(reading: Reading, sent: Mapping[str, Sent], mapping: SiteMapping) -> Reading:
    """Return a reading in which every unused marker is a problem of draws of its patient.

    These are the draws of its day, or else the patient's newest draw. Draws already have the problems that a long table
    reports.
    """
    told: dict[int, list[Problem]] = {}
    of_patients: dict[str, list[int]] = {}
    for place, draw in enumerate(reading.draws):
        of_patients.setdefault(draw.patient, []).append(place)
    markers: dict[tuple[str, ...], str | None] = {}
    for source, problem in lost_results(reading):
        result = sent.get(source)
        if result is None:
            continue
        if result.tests not in markers:
            markers[result.tests] = marker_of(result.tests, mapping)
        key = markers[result.tests]
        if key is None:
            continue
        for place in _draws_for(reading.draws, of_patients.get(result.patient, []), result):
            draw = reading.draws[place]
            spoken = any((one.code, one.field) == (LOST_MARKER, key) for one in draw.problems)
            if key not in draw.panel.set_aside and not spoken:
                told.setdefault(place, []).append(lost_marker(key, problem))
    if not told:
        return reading
    draws = (_told(draw, told.get(place, ())) for place, draw in enumerate(reading.draws))
    return replace(reading, draws=tuple(draws))


def _draws_for(draws: tuple[Draw, ...], own: list[int], result: Sent) -> list[int]:
    """Return the places of the patient's draws on the result's day, or else of the newest."""
    same_day = [place for place in own if draws[place].time[:10] == result.time[:10]]
    return same_day or own[-1:]


def _told(draw: Draw, more: Iterable[Problem]) -> Draw:
    added = tuple(dict.fromkeys(more))
    if not added:
        return draw
    panel = replace(draw.panel, problems=(*draw.panel.problems, *added))
    return replace(draw, panel=panel, problems=(*draw.problems, *added))

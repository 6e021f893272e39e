"""Results of B12 markers that were sent and could not be used: silence about them would pass for a normal result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from b12labs.inputs.panel import Problem
from b12labs.inputs.tests import near_test, recognize_test
from b12labs.integrations.cds_hooks.prefetch import names
from b12labs.reasoning.compiled import B12_MARKERS
from b12labs.site_mapping.mapping import SiteMapping

if TYPE_CHECKING:
    from b12labs.integrations.lab_results import Reading

__all__ = ["unused_markers"]

#: What became of a result of which nothing is lost: there was none, it was withdrawn, or another took its place.
_NO_LOSS = frozenset({"no_result", "withdrawn_result", "superseded_result", "duplicate_result", "own_output"})


def unused_markers(
    resources: Iterable[dict[str, Any]], reading: Reading, mapping: SiteMapping
) -> tuple[tuple[str, Problem], ...]:
    """Return marker and problem of each unused result that names a B12 marker, or nearly (`unknown_test`)."""
    used = {source for draw in reading.draws for source in draw.sources.values()}
    lost = [
        (source, problem) for source, problem in reading.problems if source not in used and problem.code not in _NO_LOSS
    ]
    if not lost:
        return ()
    local = mapping.analytes_by_name()
    called: dict[str, list[str]] = {}
    for source, texts in _called(resources):
        called.setdefault(source, []).extend(texts)
    found = []
    for source, problem in lost:
        keys = (
            local.get(text.strip().casefold()) or recognize_test(text).analyte or near_test(text)
            for text in called.get(source, ())
        )
        found += [(key, problem) for key in list(dict.fromkeys(key for key in keys if key in B12_MARKERS))[:1] if key]
    return tuple(found)


def _called(resources: Iterable[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Yield the source of every Observation and component, as a Reading names it, and what its code says."""
    from b12labs.integrations.fhir.bundles import collect

    for entry in collect(resources).entries:
        if entry.kind == "Observation":
            yield entry.source, list(names(entry.resource.get("code")))
            components = entry.resource.get("component")
            for number, component in enumerate(components if isinstance(components, list) else ()):
                if isinstance(component, dict):
                    yield f"{entry.source}.component[{number}]", list(names(component.get("code")))

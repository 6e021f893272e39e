"""Results of B12 markers that were sent and could not be used. Silence about them would pass for a normal result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from b12labs.inputs.panel import Problem
from b12labs.integrations.cds_hooks.prefetch import names
from b12labs.integrations.lost_markers import lost_results, marker_of
from b12labs.site_mapping.mapping import SiteMapping

if TYPE_CHECKING:
    from b12labs.integrations.lab_results import Reading

__all__ = ["unused_markers"]


def unused_markers(
    resources: Iterable[dict[str, Any]], reading: Reading, mapping: SiteMapping
) -> tuple[tuple[str, Problem], ...]:
    """Return the marker and problem of each unused result with the name of a B12 marker, or one close to it."""
    lost = lost_results(reading)
    if not lost:
        return ()
    called: dict[str, list[str]] = {}
    for source, texts in _called(resources):
        called.setdefault(source, []).extend(texts)
    found = ((marker_of(called.get(source, ()), mapping), problem) for source, problem in lost)
    return tuple((key, problem) for key, problem in found if key is not None)


def _called(resources: Iterable[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Yield the source of every Observation and component, as a Reading names it, and the texts of its code."""
    from b12labs.integrations.fhir.bundles import collect

    for entry in collect(resources).entries:
        if entry.kind == "Observation":
            yield entry.source, list(names(entry.resource.get("code")))
            components = entry.resource.get("component")
            for number, component in enumerate(components if isinstance(components, list) else ()):
                if isinstance(component, dict):
                    yield f"{entry.source}.component[{number}]", list(names(component.get("code")))

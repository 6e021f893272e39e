"""Interpret FHIR resources again, if the results that they were made from are in the same file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from b12labs.inputs.options import UnreportedContext, unreported_truth
from b12labs.integrations import fhir
from b12labs.integrations.fhir.made_with import provenance_in
from b12labs.integrations.fhir.shapes import Json, code_of, codings, is_own, items, node, references
from b12labs.integrations.json_input import read_json
from b12labs.integrations.lab_results import Draw
from b12labs.limits.stratified import limits_of
from b12labs.patient.interpretation import interpret_panel
from b12labs.provenance.model import Provenance
from b12labs.reference import Formulary
from b12labs.text import StrPath
from b12labs.verification.rerun import SHOWN, Rerun

__all__ = ["rerun_fhir"]

_READING = ("window_hours", "use_preliminary")


def rerun_fhir(path: Path, made: Provenance, *, guideline: StrPath | None, mapping: Path | None) -> Rerun:
    """Interpret again the draws that the Observations of a file derive from."""
    content = path.read_bytes()
    resources = list(_resources(read_json(content, max_bytes=len(content))))
    options: dict[str, Any] = {name: made.options[name] for name in _READING if name in made.options}
    draws = fhir.read([each for each in resources if not is_own(each)], mapping=mapping, **options).draws
    by_sources = {
        frozenset(source.partition(".component")[0] for source in draw.sources.values()): draw for draw in draws
    }
    ours = [each for each in resources if is_own(each) and each.get("resourceType") == "Observation"]
    ours = [each for each in ours if provenance_in(each) == made]
    first: list[tuple[int, tuple[str, ...]]] = []
    for number, observation in enumerate(ours, 1):
        draw = by_sources.get(frozenset(references(observation.get("derivedFrom"))))
        if draw is None:
            return Rerun(why_not="the results that it was made from are not in the file.")
        differing = _differing(observation, _again(draw, made, guideline))
        if differing:
            first.append((number, differing))
    return Rerun(len(ours), len(first), tuple(first[:SHOWN]), of="Observation")


def _resources(document: Any) -> Any:
    for part in document if isinstance(document, list) else [document]:
        if node(part).get("resourceType") == "Bundle":
            for entry in items(part.get("entry")):
                yield from _resources(entry.get("resource"))
        elif isinstance(part, dict):
            yield part


def _again(draw: Draw, made: Provenance, guideline: StrPath | None) -> Json:
    unreported = cast("UnreportedContext", made.options.get("unreported_context", "absent"))
    result = interpret_panel(
        draw.panel,
        limits_of(str(guideline or made.guideline)),
        unreported=unreported_truth(unreported),
        formulary=cast("Formulary | None", made.options.get("formulary")),
    )
    observation = fhir.as_resources(draw, result)[0]
    return cast("Json", read_json(fhir.to_json(observation)))


def _differing(one: Json, other: Json) -> tuple[str, ...]:
    """Return the codes of the components that differ, and `status` if the status of B12 differs."""
    before, after = _by_code(one), _by_code(other)
    codes = [code for code in dict.fromkeys((*before, *after)) if before.get(code) != after.get(code)]
    status = ["status"] if one.get("valueCodeableConcept") != other.get("valueCodeableConcept") else []
    return (*status, *codes)


def _by_code(observation: Json) -> dict[str, Json]:
    return {
        next((code_of(coding.get("code")) for coding in codings(part.get("code"))), ""): part
        for part in items(observation.get("component"))
    }

"""The codes of the FHIR output, and the codes that are read, as FHIR R4 resources for a terminology server.

There is a CodeSystem for every system of b12labs, under its name in the output (`urn:b12labs:analyte`). ValueSets,
ConceptMaps and StructureDefinitions are under a base that the caller may choose. Labels are b12labs's own; codes of
other systems are identifiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from b12labs.answer.answers import VERDICTS
from b12labs.answer.words import HEADLINES
from b12labs.errors import PanelError
from b12labs.integrations.fhir.output import TAG, TITLE
from b12labs.integrations.fhir.output_components import ANALYTE, FINDING, VERDICT, Resource, without_blanks
from b12labs.integrations.fhir.profiles import profiles
from b12labs.provenance.fingerprint import fingerprint
from b12labs.reasoning.compiled import FINDING_RULES, VERDICT_RULES
from b12labs.reference import analytes, context, guideline_keys
from b12labs.reference.codes import code_systems, listed_codes
from b12labs.reference.context_codes import context_codes, context_systems
from b12labs.reference.files import guideline, read_toml
from b12labs.reference.loaded import directory
from b12labs.rules.combined_index import combined_index_class
from b12labs.text import as_words

__all__ = ["BASE", "terminology"]

#: The default: a name and not an address, because nothing is published there.
BASE = "urn:b12labs:fhir"
TERM = "urn:b12labs:term"


def terminology(base: str = BASE) -> Resource:
    """Return every CodeSystem, ValueSet, ConceptMap and StructureDefinition as a Bundle.

    `base` is the beginning of their canonical URLs, such as `https://fhir.example.org`. Raises `PanelError` if it is
    not an address.
    """
    if not base.startswith(("https://", "http://", "urn:")) or base.endswith("/") or any(map(str.isspace, base)):
        why = "expected the beginning of an address, such as https://fhir.example.org, without a final slash"
        raise PanelError(f"base: {why}", code="unreadable_base", field="base")
    systems = list(_code_systems())
    held = [
        *(_code_system(name, system, codes) for name, system, codes in systems),
        *(_value_set(base, name, [{"system": system}]) for name, system, _ in systems),
        _value_set(base, "ReadTests", _read(_tests())),
        _value_set(base, "ReadContext", _read(_context())),
        _concept_map(base, "TestsRead", ANALYTE, _tests()),
        _concept_map(base, "ContextRead", TERM, _context()),
        *(_identified("StructureDefinition", profile) for profile in profiles(base)),
    ]
    entries = [{"fullUrl": _full_url(base, resource), "resource": resource} for resource in held]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _full_url(base: str, resource: Resource) -> str:
    if base.startswith("urn:"):
        return f"{base}:{resource['resourceType']}:{resource['id']}"
    return f"{base}/{resource['resourceType']}/{resource['id']}"


def _code_systems() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield every system of b12labs: its name, its URI in the output, and its codes with their labels."""
    yield "Observation", "urn:b12labs:observation", {"b12-interpretation": TITLE}
    yield "Output", TAG["system"], {TAG["code"]: "Written by b12labs, and not read back"}
    yield "Analyte", ANALYTE, {key: analyte.label for key, analyte in analytes().items()}
    yield "Finding", FINDING, {code: as_words(code) for code in FINDING_RULES}
    yield "Term", TERM, {key: term.label for key, term in context().terms.items()} | {"pregnancy": "Pregnancy"}
    yield "Guideline", "urn:b12labs:guideline", {key: guideline(key).title for key in guideline_keys()}
    verdicts = {code: VERDICT_RULES[code].outcomes for code in VERDICTS}
    verdicts["combined_index_class"] = combined_index_class.outcomes
    yield "Verdict", VERDICT, {code: as_words(code) for code in verdicts if code != "status"}
    for verdict, outcomes in verdicts.items():
        labels = HEADLINES if verdict == "status" else {}
        name = "".join(word.capitalize() for word in verdict.split("_"))
        yield name, f"urn:b12labs:{verdict}", {code: labels.get(code, as_words(code)) for code in outcomes}


def _shared(kind: str, name: str, url: str, title: str) -> Resource:
    return {
        "resourceType": kind,
        "id": f"b12labs-{name.lower()}",
        "url": url,
        "version": fingerprint().rules_version,
        "name": f"B12labs{name}",
        "title": title,
        "status": "active",
        "publisher": "b12labs",
    }


def _identified(kind: str, content: Mapping[str, Any]) -> Resource:
    return {"resourceType": kind, "version": fingerprint().rules_version, **content}


def _code_system(name: str, system: str, codes: Mapping[str, str]) -> Resource:
    shared = _shared("CodeSystem", name, system, f"b12labs: {system.rpartition(':')[2].replace('_', ' ')}")
    concepts = [{"code": code, "display": label} for code, label in codes.items()]
    return {**shared, "caseSensitive": True, "content": "complete", "count": len(concepts), "concept": concepts}


def _value_set(base: str, name: str, include: list[Resource]) -> Resource:
    url = f"{base}/ValueSet/b12labs-{name.lower()}" if not base.startswith("urn:") else f"{base}:ValueSet:{name}"
    return {**_shared("ValueSet", name, url, f"b12labs: {name}"), "compose": {"include": include}}


#: By system, the meaning of each code: the code, the codes of b12labs, why it is refused, and whether it is a prefix.
Meanings = Mapping[str, list[tuple[str, tuple[str, ...], str, bool]]]


def _tests() -> Meanings:
    """Return the meanings of test codes, by the address of their system."""
    raw = read_toml(directory() / "codes" / "systems.toml")
    addressed = {key: _address(raw[key]["names"]) for key in code_systems()}
    return {
        address: [
            (row.code, (row.analyte,) if row.analyte and not row.refused else (), row.refused, row.prefix)
            for row in listed_codes(key).values()
        ]
        for key, address in addressed.items()
        if address and listed_codes(key)
    }


def _context() -> Meanings:
    """Return the meanings of medicine and diagnosis codes likewise, without codes that only may mean a term."""
    raw = read_toml(directory() / "codes" / "context" / "systems.toml")
    addressed = {key: _address(raw[key]["names"]) for key in context_systems()}
    return {
        address: [
            (row.code, () if row.refused or row.wider else tuple(sorted(row.terms)), row.refused, row.prefix)
            for row in context_codes(key).values()
            if not row.wider
        ]
        for key, address in addressed.items()
        if address and context_codes(key)
    }


def _address(names: Iterable[str]) -> str:
    """Return the address of a code system, blank if messages know it only by a word."""
    listed = list(names)
    found = (name for start in ("http://", "https://", "urn:oid:") for name in listed if name.startswith(start))
    return next(found, "")


def _read(meanings: Meanings) -> list[Resource]:
    """Return the content of a ValueSet of the codes that are read, without prefixes: their codes are not enumerated."""
    found = {
        system: [code for code, means, _, prefix in rows if means and not prefix] for system, rows in meanings.items()
    }
    return [
        {"system": system, "concept": [{"code": code} for code in codes]} for system, codes in found.items() if codes
    ]


def _concept_map(base: str, name: str, target: str, meanings: Meanings) -> Resource:
    url = f"{base}/ConceptMap/b12labs-{name.lower()}" if not base.startswith("urn:") else f"{base}:ConceptMap:{name}"
    groups = [
        {"source": system, "target": target, "element": [_element(row, exact=target == ANALYTE) for row in rows]}
        for system, rows in meanings.items()
    ]
    return {**_shared("ConceptMap", name, url, f"b12labs: {name}"), "group": groups}


def _element(row: tuple[str, tuple[str, ...], str, bool], *, exact: bool) -> Resource:
    code, means, refused, prefix = row
    if not means:
        return {"code": code, "target": [{"equivalence": "unmatched", "comment": refused or "another test"}]}
    comment = "every code that begins with this" if prefix else ""
    equivalence = "equivalent" if exact and not prefix else "relatedto"
    return {
        "code": code,
        "target": [without_blanks({"code": each, "equivalence": equivalence, "comment": comment}) for each in means],
    }

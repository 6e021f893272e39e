"""Resources as they are sent: unpacks Bundles of any type, takes out contained resources, and resolves references.

Every resource is an `Entry` with the place that it came from. Nothing is fetched: a missing page, or a reference to a
result that was not sent, makes the reading incomplete.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from b12labs.errors import PanelError
from b12labs.inputs.panel import Problem
from b12labs.integrations.fhir.shapes import Json, in_error, is_own, items, node, text, unknown_rules

__all__ = ["Collected", "Entry", "collect"]

_VERSION = re.compile(r"/_history/[^/]*$")
_NEXT, _PAGES = "next", frozenset({"next", "previous", "prev"})


@dataclass(slots=True)
class Entry:
    """A resource and where it came from.

    `source` is the reference to it (`Observation/123`, `DiagnosticReport/7#r1`), `base` the server's address if it is
    known, `within` the resource that contains it. `barred` is the reason why nothing of it may be used, blank if it
    may. `named` is True if it has an identity; two resources without one are never the same.
    """

    resource: Json
    kind: str
    source: str
    url: str = ""
    base: str = ""
    within: Entry | None = None
    barred: str = ""
    named: bool = True
    contained: dict[str, Entry] | None = None


@dataclass(slots=True)
class Collected:
    """All entries in their order, the problems found, and the deleted resources with the times of their deletion."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    deleted: dict[str, str] = field(default_factory=dict)
    incomplete: bool = False
    _by_url: dict[str, Entry] = field(default_factory=dict)
    _several: set[str] = field(default_factory=set)

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.refer_to(entry)

    def refer_to(self, entry: Entry) -> None:
        """Make references to a resource resolve to this entry."""
        by_url, source = self._by_url, entry.source
        if entry.url:
            by_url[entry.url] = entry
        other = by_url.get(source)
        if other is None or not entry.base or other.base == entry.base:
            by_url[source] = entry
        elif other.base:
            self._several.add(source)

    def find(self, reference: str, near: Entry) -> Entry | None:
        """Return the entry that a resource refers to, or None if it is not in the data."""
        if reference.startswith("#"):
            return ((near.within or near).contained or {}).get(reference[1:])
        reference = _VERSION.sub("", reference)
        own = self._by_url.get(f"{near.base}/{reference}") if near.base else None
        if own is not None:
            return own
        other = self._by_url.get(reference) or self._by_url.get("/".join(reference.rsplit("/", 2)[-2:]))
        # A resource without a server may be of any server; a resource of one server is never of another.
        if other is None or not other.base or other.url == reference:
            return other
        return None if near.base or other.source != reference or reference in self._several else other


def collect(resources: Any) -> Collected:
    """Return the entries of a resource or of several, Bundles unpacked.

    Raises `PanelError` if `resources` is neither a resource nor several.
    """
    found = Collected()
    pages: list[Json] = []
    # A stack, because Bundles may be nested, and deep nesting must not end the process.
    waiting: list[tuple[Any, str, str, str]] = [(resource, "", "", "") for resource in _given(resources)]
    waiting.reverse()
    number = 0
    while waiting:
        resource, url, place, barred = waiting.pop()
        number += 1
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(kind, str):
            where = place or f"resource {number}"
            found.problems.append(
                (
                    where,
                    Problem(
                        "not_a_resource",
                        "resourceType",
                        "expected a FHIR resource: an object with a resourceType",
                    ),
                )
            )
        elif kind == "Bundle":
            pages.append(resource)
            waiting.extend(reversed(_unpacked(found, resource, barred or unknown_rules(resource))))
        else:
            _add(found, resource, kind, url, place or f"resource {number}", barred)
    _pages(found, pages)
    return found


def _given(resources: Any) -> list[Any]:
    if isinstance(resources, dict):
        return [resources]
    one = isinstance(resources, str | bytes) or getattr(resources, "ndim", 1) == 0
    if one or not isinstance(resources, Iterable):
        given = type(resources).__name__
        message = f"resources: expected a FHIR resource as a dict, or several, got {given}; read_json reads JSON"
        raise PanelError(message, code="not_a_resource", field="resources")
    return list(resources)


def _unpacked(found: Collected, bundle: Json, barred: str) -> list[tuple[Any, str, str, str]]:
    """Return the contents of a Bundle's entries, in their order."""
    entries = bundle.get("entry")
    if entries is not None and not isinstance(entries, list):
        found.problems.append(("Bundle", Problem("not_a_resource", "entry", "expected a list of entries")))
    first = node(entries[0]).get("resource") if isinstance(entries, list) and entries else None
    if (
        bundle.get("type") == "document"
        and isinstance(first, dict)
        and first.get("resourceType") == "Composition"
        and in_error(first)
    ):
        barred = barred or "the document was entered in error"
    inside: list[tuple[Any, str, str, str]] = []
    for number, entry in enumerate(entries if isinstance(entries, list) else (), 1):
        place = f"Bundle.entry {number}"
        if not isinstance(entry, dict):
            inside.append((None, "", place, ""))
            continue
        response = node(entry.get("response"))
        deleted = "request" in entry and node(entry["request"]).get("method") == "DELETE"
        if deleted and (gone := text(entry["request"].get("url"))):
            found.deleted[_VERSION.sub("", gone)] = text(response.get("lastModified"))
        if "resource" in entry:
            why = barred or unknown_rules(entry) or ("it was deleted" if deleted else "")
            inside.append((entry["resource"], text(entry.get("fullUrl")), place, why))
        elif response.get("outcome") is not None:
            inside.append((response["outcome"], "", place, barred))
        elif text(response.get("status"))[:1] in ("4", "5"):
            _note_outcome(found, {"issue": [{"severity": "error"}]}, place)
    return inside


def _add(found: Collected, resource: Json, kind: str, url: str, place: str, barred: str) -> None:
    """Add a resource and its contained resources."""
    name = resource.get("id")
    url = _VERSION.sub("", url)
    server, *where = url.rsplit("/", 2)
    own = isinstance(name, str) and bool(name)
    source = f"{kind}/{name}" if own else url or f"{kind} ({place})"
    if is_own(resource):
        found.problems.append((source, Problem("own_output", kind, "b12labs wrote it; it is not a result")))
        return
    if kind == "OperationOutcome":
        _note_outcome(found, resource, source)
        return
    entry = Entry(
        resource, kind, source, url, server if where[:1] == [kind] else "", None, barred or unknown_rules(resource)
    )
    entry.named = bool(url) or own
    found.add(entry)
    if resource.get("contained"):
        entry.contained = {}
        for number, inner in enumerate(items(resource["contained"])):
            key, of = text(inner.get("id")) or f"contained[{number}]", text(inner.get("resourceType"))
            held = Entry(
                inner, of, f"{source}#{key}", "", entry.base, entry, entry.barred or unknown_rules(inner), entry.named
            )
            entry.contained[key] = held
            found.entries.append(held)


def _note_outcome(found: Collected, resource: Json, source: str) -> None:
    """Report a server's message by its code; an error means that data is missing."""
    issues = items(resource.get("issue"))
    failed = any(issue.get("severity") in ("error", "fatal") for issue in issues)
    codes = sorted({code for issue in issues if re.fullmatch("[a-z-]{1,40}", code := text(issue.get("code")))})
    what = "an error; the data asked for is missing" if failed else "a message"
    found.problems.append(
        (
            source,
            Problem("server_message", "OperationOutcome", f"the server sent {what}: {', '.join(codes) or 'no code'}"),
        )
    )
    found.incomplete |= failed


def _pages(found: Collected, bundles: list[Json]) -> None:
    """Report each page of a search that is missing.

    A page is missing if the next one is not among the Bundles, or if the total is larger than the number of matches.
    """
    here = {
        url
        for bundle in bundles
        for link in items(bundle.get("link"))
        if link.get("relation") == "self" and (url := text(link.get("url")))
    }
    for bundle in bundles:
        links = {text(link.get("relation")): text(link.get("url")) for link in items(bundle.get("link"))}
        missing = _NEXT in links and links[_NEXT] not in here
        total, entries = bundle.get("total"), bundle.get("entry")
        if bundle.get("type") == "searchset" and isinstance(total, int) and not _PAGES & links.keys():
            modes = [
                node(node(entry).get("search")).get("mode", "match")
                for entry in (entries if isinstance(entries, list) else ())
            ]
            missing |= total > modes.count("match")
        if missing:
            found.incomplete = True
            message = "the search found more than was sent; the missing pages may hold other results"
            found.problems.append(("Bundle", Problem("page_not_read", "link", message)))

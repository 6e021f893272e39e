"""An audit as text in 80 columns, and as HTML for a notebook: shares, columns, reasons, and unknown texts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from b12labs.display.markup import Markup, element
from b12labs.display.style import style
from b12labs.export_audit.tally import BLAMES
from b12labs.text import WIDTH, as_words, count_of, percent, printable, shortened

if TYPE_CHECKING:
    from b12labs.export_audit.model import Audit, AuditLine

__all__ = ["as_html", "as_text"]

#: The most lines of a kind that are shown; JSON and the site mapping have all.
SHOWN = 12
_LONGEST = 120
#: The width of the longest name of an analyte, with a gap after it.
_NAMES = 28


def as_text(audit: Audit) -> str:
    """Return the audit for a terminal."""
    lines = [_title(audit), ""]
    lines += [f"  {said:<{_NAMES}}{count:>9,}  {share:>8}" for said, count, share in _shares(audit)]
    if audit.columns or audit.unused_columns:
        lines += ["", "Columns"]
        for what, headers in _columns(audit):
            lines += _wrapped(f"  {what:<{_NAMES}}", headers)
    for title, rows in _tables(audit):
        lines += ["", title]
        for count, said in rows:
            lines += _wrapped(f"  {count:>9,}  ", said)
    for said in _notes(audit):
        lines += ["", *textwrap.wrap(said, WIDTH)]
    return printable("\n".join(lines))


def as_html(audit: Audit) -> str:
    """Return the audit as one HTML section with its own style sheet."""
    shares = [_row(said, f"{count:,}", share) for said, count, share in _shares(audit)]
    parts: list[str] = [style(), element("h3", _title(audit)), element("table", element("tbody", *shares))]
    if audit.columns or audit.unused_columns:
        parts.append(_folded("Columns", [_row(what, headers) for what, headers in _columns(audit)]))
    parts += [_folded(title, [_row(f"{count:,}", said) for count, said in rows]) for title, rows in _tables(audit)]
    parts += [element("p", said) for said in _notes(audit)]
    return element("section", *parts, class_="b12labs", aria_label="Audit of an export")


def _title(audit: Audit) -> str:
    return f"{', '.join(audit.inputs)}: {count_of(audit.results, 'result')}"


def _shares(audit: Audit) -> list[tuple[str, int, str]]:
    counts = {
        "used": audit.used,
        "not used": sum(audit.not_used.values()),
        "of other tests": audit.other_tests,
        "without a result": audit.missing,
    }
    return [(said, count, percent(count, audit.results)) for said, count in counts.items()]


def _columns(audit: Audit) -> list[tuple[str, str]]:
    used = [(as_words(what), ", ".join(headers)) for what, headers in audit.columns.items() if headers]
    unused = [f"{header} ({near}?)" if near else header for header, near in audit.unused_columns.items()]
    return [*used, *([("not used", ", ".join(unused))] if unused else [])]


def _tables(audit: Audit) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return tables of counts with their titles."""
    understood = audit.of_kind("test", understood=True)
    read = [(line.rows, f"{_named(line)}: {line.analyte}, {line.used:,} used") for line in understood if line.analyte]
    others = [line for line in understood if "not_an_analyte" in line.reasons]
    tables = [
        ("Not used, by reason", [(count, as_words(code)) for code, count in audit.not_used.items()]),
        *((f"Not understood: {_plural(kind)}", _said(audit.of_kind(kind, understood=False))) for kind in BLAMES),
        ("Tests that are read", read),
        ("Other tests", _said(others)),
        ("Besides", [(count, as_words(code)) for code, count in audit.besides.items()]),
    ]
    return [(title, _few(rows)) for title, rows in tables if rows]


def _notes(audit: Audit) -> list[str]:
    hidden = [
        count_of(texts, "header")
        if kind == "columns"
        else f"{count_of(texts, 'text')} of {_plural(kind)} (in {count_of(rows, 'row')})"
        for kind, (texts, rows) in audit.rare.items()
    ]
    rare = [f"Not shown, because they may identify a patient: {', '.join(hidden)}."] if hidden else []
    left = [] if audit.is_complete else ["Explain the texts that are not understood in a site mapping (docs/audit.md)."]
    return [*rare, *left]


def _plural(kind: str) -> str:
    return {"status": "statuses", "sex": "words for sex"}.get(kind, kind if kind.endswith("s") else f"{kind}s")


def _named(line: AuditLine) -> str:
    name = repr(line.text) if line.text else "none is stated"
    return shortened(f"{name} ({line.also})" if line.also else name, _LONGEST)


def _said(lines: Iterable[AuditLine]) -> list[tuple[int, str]]:
    found = []
    for line in lines:
        of = f" of {line.analyte}" if line.kind == "unit" and line.analyte else ""
        found.append((line.blamed, f"{_named(line)}{of}{f'; {line.near}?' if line.near else ''}"))
    return found


def _few(rows: list[tuple[int, str]]) -> list[tuple[int, str]]:
    rest = rows[SHOWN:]
    return [*rows[:SHOWN], *([(sum(count for count, _ in rest), f"in {len(rest)} more")] if rest else [])]


def _wrapped(start: str, said: str) -> list[str]:
    return textwrap.wrap(said, WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False)


def _row(*cells: str) -> Markup:
    return element("tr", *(element("td", cell) for cell in cells))


def _folded(title: str, rows: list[Markup]) -> Markup:
    return element("details", element("summary", title), element("table", element("tbody", *rows), class_="b12-few"))

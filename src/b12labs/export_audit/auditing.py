"""`audit()`: the results of an export of any kind, counted by outcome."""

from __future__ import annotations

from collections import Counter
from os import PathLike
from typing import Any

from b12labs.draws.columns import completed, recognize_long
from b12labs.errors import checked_option
from b12labs.export_audit.exports import count_files
from b12labs.export_audit.guesses import near_text
from b12labs.export_audit.messages import count_fhir, count_hl7v2
from b12labs.export_audit.model import Audit, AuditLine
from b12labs.export_audit.tables import count_long, count_wide, name_columns
from b12labs.export_audit.tally import BLAMES, USED, Kind, Tally
from b12labs.files.options import FileReading
from b12labs.files.sources import paths_of
from b12labs.inputs.numbers import Decimal
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.stratified import limits_of
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.headers import recognize
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.tables.frames import cells_of
from b12labs.tables.given import headers_of
from b12labs.text import StrPath

__all__ = ["audit"]

#: The fewest rows with a text for it to be shown, so that it identifies nobody.
FREQUENT = 3
_OF_PATIENTS = ("sex", "medicines", "diagnoses")
_CODE_LENGTH = 24


def audit(
    export: Any,
    *,
    units: dict[str, str] | None = None,
    columns: dict[str, str] | None = None,
    mapping: SiteMapping | StrPath | None = None,
    decimal: Decimal | None = None,
    window_hours: float | None = None,
    use_preliminary: bool = False,
    encoding: str | None = None,
    skip_lines: int = 0,
    sheet: str | None = None,
    rare: bool = False,
) -> Audit:
    """Count the results of an export that are read, and the others by reason, test, unit, specimen, status and code.

    Parameters
    ----------
    export
        A table (pandas, polars, pyarrow), wide or long; FHIR resources as dicts; a text of HL7 v2 messages; or paths:
        files of tables, of FHIR (`.json`, `.ndjson`) or of HL7 v2, and folders of them.
    units, columns, decimal, window_hours, use_preliminary, encoding, skip_lines, sheet
        As in `interpret_file`.
    mapping
        A site's own names, columns, units and codes, or the path of its file.
    rare
        Whether to show texts that only one or two rows have, too. They may identify a patient.

    The readers that interpret results read the export. Printed, or shown in a notebook, the audit lists the used
    columns, the share of used results, and the texts that were not understood; `to_mapping()` is the site mapping to
    fill in. It holds no value, date or name of a patient: only texts of tests, units, specimens, statuses and codes.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"B12 [pg/mL]": ["145", None, "9x"], "Vitamin B21": ["1", "2", "3"]})
    >>> found = audit(table)
    >>> found.results, found.used, found.missing, found.not_used
    (6, 1, 1, {'unknown_test': 3, 'unknown_unit': 1})
    >>> found.unused_columns
    {'Vitamin B21': 'b12'}

    """
    site = as_mapping(mapping)
    reading = FileReading(
        units=units, columns=columns, decimal=decimal, mapping=site, window_hours=window_hours,
        use_preliminary=use_preliminary, encoding=encoding, skip_lines=skip_lines, sheet=sheet,
    )  # fmt: skip
    checked_option("rare", rare, "True or False", holds=isinstance(rare, bool))
    tally = Tally()
    if isinstance(export, str | bytes) and _is_message(export):
        tally.inputs.append("HL7 v2")
        count_hl7v2(tally, [export], site, window_hours=window_hours, use_preliminary=use_preliminary)
    elif isinstance(export, str | PathLike) or _are(export, (str, PathLike)):
        count_files(tally, paths_of(export), reading)
    elif "resourceType" in export if isinstance(export, dict) else _are(export, (dict,)):
        tally.inputs.append("FHIR")
        count_fhir(tally, export, site, window_hours=window_hours, use_preliminary=use_preliminary)
    else:
        _count_frame(tally, export, reading)
    return _audit_of(tally, rare=rare)


def _is_message(text: str | bytes) -> bool:
    start = (text[:200].decode("latin-1") if isinstance(text, bytes) else text[:200]).lstrip("\ufeff\x0b \t\r\n")
    return start.startswith(("MSH", "FHS", "BHS")) and any(sign in start[:80] for sign in "|\r\n")


def _are(export: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(export, list | tuple) and bool(export) and all(isinstance(each, kinds) for each in export)


def _count_frame(tally: Tally, frame: Any, reading: FileReading) -> None:
    limits = limits_of(DEFAULT_GUIDELINE)
    mapping = completed(reading.site, reading.columns)
    headers = headers_of(frame)
    long = recognize_long(headers, mapping)
    if long is not None:
        tally.inputs.append("a long table")
        count_long(
            tally,
            frame,
            long,
            mapping.with_units(reading.units or {}),
            limits,
            window_hours=reading.window_hours,
            decimal=reading.decimal,
            use_preliminary=reading.use_preliminary,
        )
        return
    tally.inputs.append("a wide table")
    found = recognize(headers, mapping=reading.columns, units=reading.units, results=False, site=reading.site)
    table, cells = cells_of(frame)
    name_columns(tally, found)
    count_wide(tally, cells, len(table), found, limits, decimal=reading.decimal_sign)


def _audit_of(tally: Tally, *, rare: bool) -> Audit:
    """Return the audit, with only the texts that may be shown."""
    merged: dict[tuple[Kind, tuple[str, ...], str], Counter[str]] = {}
    analyte_of: dict[tuple[Kind, tuple[str, ...], str], str] = {}
    for (kind, words, analyte), counts in tally.texts.items():
        key = (kind, words, analyte if kind == "unit" else "")
        merged.setdefault(key, Counter()).update(counts)
        analyte_of[key] = analyte or analyte_of.get(key, "")
    lines: list[AuditLine] = []
    hidden: dict[str, tuple[int, int]] = {}
    unread = 0
    unused = {header: near for header, near in tally.unused_columns.items() if rare or near or _is_name(header, tally)}
    if len(unused) < len(tally.unused_columns):
        count = len(tally.unused_columns) - len(unused)
        hidden["columns"] = count, count
    for key, counts in merged.items():
        kind, words, _ = key
        line = _line(kind, words, analyte_of[key], counts)
        if kind in _OF_PATIENTS:
            unread += line.blamed
        if rare or (line.rows >= FREQUENT and (kind not in _OF_PATIENTS or _is_code(words[0]))) or not words:
            lines.append(line)
        else:
            texts, rows = hidden.get(kind, (0, 0))
            hidden[kind] = texts + 1, rows + line.rows
    return Audit(
        tuple(tally.inputs),
        dict(tally.outcomes.most_common()),
        tuple(sorted(lines, key=lambda line: (list(BLAMES).index(line.kind), -line.rows, line.text))),
        hidden,
        {what: tuple(headers) for what, headers in tally.columns.items()},
        unused,
        dict(tally.besides.most_common()),
        unread,
    )


def _line(kind: Kind, words: tuple[str, ...], analyte: str, counts: Counter[str]) -> AuditLine:
    reasons = {code: count for code, count in counts.most_common() if code != USED}
    near = near_text(kind, words, analyte) if any(code in BLAMES[kind] for code in reasons) else ""
    text, also = (*words, "", "")[:2]
    return AuditLine(kind, text, counts.total(), counts[USED], reasons, also, analyte, near)


def _is_name(header: str, tally: Tally) -> bool:
    """Return whether a header is a name: in a file without headers, it is a value of a patient."""
    return bool(tally.columns) and any(map(str.isalpha, header))


def _is_code(word: str) -> bool:
    """Return whether a patient's word is from a column of codes: free text may identify the patient."""
    return len(word) <= _CODE_LENGTH and not any(map(str.isspace, word))

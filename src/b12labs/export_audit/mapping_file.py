"""The site mapping to fill in: texts that were not understood, with counts and guesses for a person to confirm.

Every line of it is a comment, so no guess takes effect until a person removes the sign.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from b12labs.export_audit.tally import Kind
from b12labs.reference import analytes
from b12labs.text import count_of, printable

if TYPE_CHECKING:
    from b12labs.export_audit.model import Audit, AuditLine

__all__ = ["mapping_to_fill_in"]

_HEAD = """\
# The names that this site uses, to be filled in: see docs/tables.md.
# Every line is a comment. Write the meaning between the quotes, and remove the # before the line.
# A word that is already there is a guess by its spelling. Check it.
"""
#: Each part of the mapping, the kind of text that it explains, and its accepted values.
_PARTS: tuple[tuple[str, Kind, str], ...] = (
    ("tests", "test", "an analyte: see 'b12labs units'"),
    ("units", "unit", "the unit of results that state none"),
    ("codes.unit", "unit", "a unit that b12labs knows: see 'b12labs units ANALYTE'"),
    ("codes.specimen", "specimen", "blood, serum, plasma, urine, csf or other"),
    ("codes.status", "status", "final, corrected, preliminary, entered in error, canceled or not done"),
    ("codes.flag", "flag", "low, normal, high, negative, positive, or nothing"),
    ("operators", "operator", "<, <=, >, >= or nothing for exact"),
    ("codes.sex", "sex", "female, male or unknown"),
    ("codes.medicines", "medicines", "a context term, or nothing for a medicine that does not matter"),
    ("codes.diagnoses", "diagnoses", "a context term, or nothing for a diagnosis that does not matter"),
)


def mapping_to_fill_in(audit: Audit) -> str:
    """Return the text of a TOML file."""
    parts = [_HEAD]
    if columns := _columns(audit):
        parts.append(columns)
    for name, kind, accepted in _PARTS:
        lines = audit.of_kind(kind, understood=False)
        if kind == "unit":
            lines = [line for line in lines if bool(line.text) == (name == "codes.unit")]
        if name == "tests":
            near = {header: _quoted(key) for header, key in audit.unused_columns.items() if key}
            headers = [f"# {_quoted(header)} = {key}" for header, key in near.items()]
            written = [*headers, *(_line(line.text, line) for line in lines if line.text not in near)]
        else:
            written = [_line(line.text or line.analyte, line) for line in lines]
        if written:
            parts.append("\n".join([f"[{name}]  # {accepted}", *dict.fromkeys(written)]) + "\n")
    others = [line for line in audit.of_kind("test", understood=True) if "not_an_analyte" in line.reasons]
    if others:
        said = [_line(line.text, line) for line in others]
        parts.append("\n".join(["# Other tests. If one is an analyte, move it to [tests].", *said]) + "\n")
    return printable("\n".join(parts))


def _columns(audit: Audit) -> str:
    lines = [
        f"# {what} = {json.dumps(headers[0] if len(headers) == 1 else list(headers), ensure_ascii=False)}"
        for what, headers in audit.columns.items()
        if headers and what not in analytes()
    ]
    return "\n".join(["[columns]  # as they were recognized", *lines]) + "\n" if lines else ""


def _line(text: str, line: AuditLine) -> str:
    also = f" {json.dumps(line.also, ensure_ascii=False)}," if line.also else ""
    return f"# {_quoted(text)} = {_quoted(line.near)}  #{also} {count_of(line.rows, 'row')}"


def _quoted(text: str) -> str:
    """Return a basic string of TOML, on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

"""The tools that an assistant can call, with the schemas of their arguments and answers.

An answer is a report as text and the same as JSON. Tools read and write no files.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from b12labs.catalogue.entries import CatalogueEntry, rule_entries
from b12labs.catalogue.page import as_text
from b12labs.errors import B12LabsError, PanelError, expected_word
from b12labs.patient.comparison import compare_guidelines
from b12labs.patient.interpretation import interpret
from b12labs.patient.screening import Screening, screen
from b12labs.reference import guideline_keys
from b12labs.schemas import compact_interpretation_schema, panel_schema
from b12labs.text import count_of

__all__ = ["TOOLS", "Tool", "called"]

#: The longest table that is audited, in characters.
LONGEST_TABLE = 2_000_000
_LIKE_INTERPRET = "Takes the arguments of `interpret`."
_OBJECT: dict[str, Any] = {"type": "object"}
#: Keywords that would read a file of this machine, or change how problems are raised.
_KEPT_BACK = ("panel", "mapping", "errors")


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: `call` takes the arguments and returns the text and the JSON of the answer."""

    name: str
    title: str
    description: str
    takes: Callable[[], dict[str, Any]]
    answers: Callable[[], dict[str, Any]]
    call: Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]


def called(name: str, given: Mapping[str, Any] | None) -> tuple[str, dict[str, Any]]:
    """Return the text and the JSON of an answer. Raises `B12LabsError` if there is none."""
    if name not in TOOLS:
        raise B12LabsError(f"tool: {expected_word(name, list(TOOLS))}", code="unknown_tool", field="tool")
    return TOOLS[name].call(dict(given or {}))


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments that are not None. Raises `PanelError` for one that could read a file.

    A guideline must be one of the list, not a path.
    """
    for name in _KEPT_BACK:
        if name in given:
            raise PanelError(f"{name}: an assistant cannot use this argument", code="unknown_field", field=name)
    chosen = given.get("guideline")
    if chosen is not None and chosen not in guideline_keys():
        raise PanelError(
            f"guideline: {expected_word(chosen, guideline_keys())}", code="unknown_guideline", field="guideline"
        )
    return {name: value for name, value in given.items() if value is not None}


def _interpret(given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    result = interpret(**_checked(given), errors="report")
    return str(result), json.loads(result.to_json(detail="holds"))


def _compare(given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    found = compare_guidelines(**_checked(given))  # it cannot report problems: the first is raised
    return str(found), {"guidelines": found.to_dicts()}


def _screen(given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    found = screen(**_checked(given), errors="report")
    return str(found), found.model_dump(mode="json")


def _audit(given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    import pandas as pd

    from b12labs.export_audit import audit

    table = given.get("table")
    if not isinstance(table, str) or not table.strip() or len(table) > LONGEST_TABLE:
        why = f"table: expected a table as CSV text, of at most {count_of(LONGEST_TABLE, 'character')}"
        raise PanelError(why, code="not_a_table", field="table")
    try:
        dialect = csv.Sniffer().sniff(table[:10_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows = pd.read_csv(io.StringIO(table), dtype=str, keep_default_na=False, sep=dialect.delimiter)
    found = audit(rows)
    return str(found), found.to_dict()


def _explain(given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    entries = rule_entries(str(given.get("code")))
    return "\n\n".join(map(as_text, entries)), min(entries, key=lambda entry: entry.kind == "question").model_dump(
        mode="json"
    )


def _one(name: str, description: str) -> dict[str, Any]:
    """Return the schema of arguments with one text."""
    member = {"type": "string", "description": description}
    return {"type": "object", "properties": {name: member}, "required": [name], "additionalProperties": False}


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "interpret",
            "Interpret one patient's results",
            "Reads vitamin B12, holoTC, MMA, homocysteine, folate and the blood count of one patient together, with "
            "their units, and returns status, causes, next tests, treatment route and urgency with evidence and "
            "sources. Give each value as printed, with its unit: b12='145 pg/mL'. Never guess a unit. A result that "
            "is not given is unknown, not normal. The answer is for a health professional; it is not a diagnosis.",
            panel_schema,
            compact_interpretation_schema,
            _interpret,
        ),
        Tool(
            "compare_guidelines",
            "Compare the conclusions of guidelines",
            f"Returns each guideline's conclusion about one patient, and the limit that differs. {_LIKE_INTERPRET}",
            lambda: {**_OBJECT, "description": _LIKE_INTERPRET},
            lambda: {**_OBJECT, "properties": {"guidelines": {"type": "array", "items": _OBJECT}}},
            _compare,
        ),
        Tool(
            "screen",
            "Say whether to test for B12 deficiency",
            "Returns whether a guideline advises a test, by age, sex, pregnancy, symptoms, risk_factors, medicines and "
            "diagnoses, before anything is measured.",
            lambda: {**_OBJECT, "description": f"{_LIKE_INTERPRET} Results are not used."},
            Screening.model_json_schema,
            _screen,
        ),
        Tool(
            "audit",
            "Say how much of a table is read",
            "Returns the share of a table of results that is read, the reasons why the rest is not, and the recognized "
            "columns. The answer shows no value of a patient.",
            lambda: _one("table", "The table as CSV text with its header."),
            lambda: _OBJECT,
            _audit,
        ),
        Tool(
            "explain_rule",
            "Explain one rule",
            "Returns a rule: its condition in words, its limits by guideline, sources and tests. `code` is a finding "
            "such as macrocytosis.",
            lambda: _one("code", "The code of a finding or verdict."),
            CatalogueEntry.model_json_schema,
            _explain,
        ),
    )
}

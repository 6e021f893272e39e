"""The keywords of `interpret()` as JSON in, the Interpretation as JSON out: the answer of the service and the page.

Values that cannot be read are listed in `problems`; the others are interpreted. Only a body that is not a panel is
refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, get_args

from b12labs.answer.compact import Detail
from b12labs.errors import PanelError, did_you_mean
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.options import UnreportedContext, unreported_truth
from b12labs.inputs.panel import read_panel
from b12labs.inputs.vocabulary import words_of
from b12labs.integrations.decisions import Recording
from b12labs.integrations.json_input import JsonInputError, read_json
from b12labs.integrations.options import PANEL_LIMITS, Options, PanelLimits, mapping_of
from b12labs.integrations.outcomes import Refusal
from b12labs.limits.stratified import limits_of
from b12labs.patient.interpretation import interpret_panel
from b12labs.reference import CONTEXT_FIELDS, Formulary, guideline_keys

__all__ = ["EXAMPLE", "detail_of", "read", "respond"]

EXAMPLE = b'{"b12": "145 pg/mL"}'

_OPTIONS: dict[str, tuple[str, ...]] = {
    "formulary": get_args(Formulary),
    "unreported_context": get_args(UnreportedContext),
    "decimal": get_args(Decimal),
    "answer": ("interpretation", "note"),
}


def read(body: bytes, limits: PanelLimits = PANEL_LIMITS) -> Any:
    """Return the content of a body; raises `Refusal` (400) if it is not valid JSON."""
    try:
        return read_json(body, max_bytes=limits.body_bytes)
    except JsonInputError as error:
        raise Refusal(400, error.message, where=error.field or "") from None


def detail_of(asked: Sequence[str]) -> Detail:
    """Return the level of detail from the `detail` of a query; raises `Refusal` (422) unless it is one known word."""
    words = get_args(Detail)
    if len(asked) > 1:
        raise Refusal(422, "expected detail once", where="detail")
    return _word({"detail": asked[0]}, "detail", words) if asked else "holds"


def respond(
    body: bytes,
    options: Options,
    recorder: Recording | None = None,
    *,
    detail: Detail = "full",
    limits: PanelLimits = PANEL_LIMITS,
) -> bytes:
    """Return the interpretation of the panel in a body, as JSON; raises `Refusal` (400, 422) if there is no panel.

    If the body has `"answer": "note"`, return an object with `note`, the lines for the patient's note.
    """
    given = read(body, limits)
    if not isinstance(given, dict):
        raise Refusal(422, 'expected an object, such as {"b12": "145 pg/mL", "age": 67}')
    # Only a guideline's key is accepted: a path would read a file of this machine.
    words = {name: _word(given, name, known) for name, known in (("guideline", guideline_keys()), *_OPTIONS.items())}
    units = given.pop("units", None) or {}
    if not isinstance(units, dict) or not all(isinstance(unit, str) for unit in units.values()):
        raise Refusal(422, "expected an object of analytes and their units", where="units")
    _refuse_flood(given, units, limits.members)
    site = mapping_of(options.mapping)
    try:
        told, known = site.read_for_panel(given, units)
    except PanelError as error:  # two names of one analyte
        raise Refusal(422, error.message, where=error.field or "") from None
    panel = read_panel(told, units=known, decimal=words["decimal"] or site.decimal or ".", report=True)
    result = interpret_panel(
        panel,
        limits_of(words["guideline"] or options.guideline),
        unreported=unreported_truth(words["unreported_context"] or options.unreported_context),
        formulary=words["formulary"] or options.formulary,
    )
    if recorder is not None:
        recorder.record(result, service="interpret")
    if words["answer"] == "note":
        return json.dumps({"note": result.to_text("note")}, ensure_ascii=False).encode()
    return result.to_json(detail=detail).encode()


def _word(given: dict[str, Any], name: str, words: tuple[str, ...]) -> Any:
    """Take an option out of a body; raises `Refusal` (422) unless it is None or one of its words."""
    value = given.pop(name, None)
    if value is not None and value not in words:
        raise Refusal(422, f"expected one of {', '.join(words)}{did_you_mean(value, words)}", where=name)
    return value


def _refuse_flood(given: dict[str, Any], units: dict[str, str], allowed: int) -> None:
    """Refuse more names or words than a panel has: each unknown one is compared with all known ones."""
    words = sum(len(words_of(given[name])) for name in CONTEXT_FIELDS if name in given)
    if len(given) + len(units) + words > allowed:
        raise Refusal(422, f"expected at most {allowed} names and words of context")
